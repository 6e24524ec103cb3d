// SPDX-License-Identifier: GPL-2.0-only
/*
 * What differs between the parts, and what is done once: reset, EEPROM, MAC
 * address, wake-up.
 *
 *   enbl_hw_reset()   quiet, reset, shadows as the part has them
 *   enbl_hw_init()    EEPROM, address, PHY
 *   enbl_wol_arm()    leave it asleep with one eye open
 *
 * QEMU's model has no software reset and takes EEPROM reads at once. A wait is
 * for real parts, and each has an end.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>

#include "e1000_nbl.h"

#define EEPROM_SUM		0xbaba	/* all words together */
#define EEPROM_READ		(6U << 6)	/* start bit, opcode; 6 bits of address */
#define EERD_TRIES		100

/* A memory write that resets the part cannot be acknowledged: by I/O, then */
static void enbl_reset_write(struct enbl_adapter *adapter)
{
	struct pci_dev *pdev = adapter->pdev;
	u32 ctrl = enbl_read(adapter, ENBL_CTRL) | CTRL_RST;
	void __iomem *io;
	int bar;

	for (bar = 1; bar < PCI_STD_NUM_BARS; bar++) {
		if (!(pci_resource_flags(pdev, bar) & IORESOURCE_IO) ||
		    !pci_resource_start(pdev, bar))
			continue;
		io = pci_iomap(pdev, bar, 0);
		if (!io)
			break;
		iowrite32(ENBL_CTRL, io + ENBL_IOADDR);
		iowrite32(ctrl, io + ENBL_IODATA);
		pci_iounmap(pdev, io);
		return;
	}
	enbl_write(adapter, ENBL_CTRL, ctrl);
}

static void enbl_reset_82540(struct enbl_adapter *adapter)
{
	u32 manc;

	enbl_reset_write(adapter);
	/* Reads the EEPROM by itself, which takes up to 5 ms */
	usleep_range(5000, 10000);

	/* The part would answer ARP requests beside the stack */
	manc = enbl_read(adapter, ENBL_MANC);
	if (manc & MANC_ARP_EN)
		enbl_write(adapter, ENBL_MANC, manc & ~MANC_ARP_EN);
}

static void enbl_reset_82544(struct enbl_adapter *adapter)
{
	u32 ext;

	enbl_reset_write(adapter);
	usleep_range(10, 20);
	/* Reads the EEPROM when it is told to */
	ext = enbl_read(adapter, ENBL_CTRL_EXT);
	enbl_write(adapter, ENBL_CTRL_EXT, ext | CTRL_EXT_EE_RST);
	enbl_flush(adapter);
	usleep_range(2000, 4000);
}

/**
 * enbl_hw_reset() - a device that does nothing, and shadows that say so
 * @adapter: adapter, down
 *
 * The packet buffer is split before the reset because a new split counts after
 * one only (manual, 13.4.48).
 *
 * Context: process.
 */
void enbl_hw_reset(struct enbl_adapter *adapter)
{
	enbl_write(adapter, ENBL_IMC, U32_MAX);
	if ((enbl_read(adapter, ENBL_RCTL) & RCTL_EN) |
	    (enbl_read(adapter, ENBL_TCTL) & TCTL_EN)) {
		/* From before us: kexec, or a driver that died */
		enbl_write(adapter, ENBL_RCTL, 0);
		enbl_write(adapter, ENBL_TCTL, 0);
		enbl_flush(adapter);
		usleep_range(10000, 20000);	/* what is on the bus ends */
	}

	enbl_write(adapter, ENBL_PBA, enbl_rx_buffer(adapter) / SZ_1K);
	enbl_flush(adapter);
	adapter->info->ops->reset(adapter);

	enbl_write(adapter, ENBL_IMC, U32_MAX);
	enbl_read(adapter, ENBL_ICR);
	adapter->ctrl = enbl_read(adapter, ENBL_CTRL) &
			~(CTRL_RST | CTRL_PHY_RST);
}

/* A clock cycle of the microwire bus: out on the rising edge, in before it */
static bool enbl_microwire_bit(struct enbl_adapter *adapter, u32 *eecd, bool out)
{
	bool in;

	*eecd = (*eecd & ~(EECD_DI | EECD_SK)) | (out ? EECD_DI : 0);
	enbl_write(adapter, ENBL_EECD, *eecd);
	enbl_flush(adapter);
	udelay(2);
	enbl_write(adapter, ENBL_EECD, *eecd | EECD_SK);
	enbl_flush(adapter);
	udelay(2);
	in = enbl_read(adapter, ENBL_EECD) & EECD_DO;
	enbl_write(adapter, ENBL_EECD, *eecd);
	enbl_flush(adapter);
	udelay(2);
	return in;
}

/* All there is to do on an 82544: nothing shares its EEPROM */
static int enbl_microwire_read(struct enbl_adapter *adapter, u16 offset,
			       u16 *word)
{
	u32 eecd = enbl_read(adapter, ENBL_EECD);
	/* A larger one has two address bits more */
	int i, bits = eecd & EECD_SIZE ? 11 : 9;
	u32 command = eecd & EECD_SIZE ? EEPROM_READ << 2 : EEPROM_READ;

	if (eecd == U32_MAX)
		return -ENODEV;

	command |= offset;
	eecd &= ~(EECD_SK | EECD_DI);
	enbl_write(adapter, ENBL_EECD, eecd & ~EECD_CS);
	enbl_flush(adapter);
	udelay(2);
	eecd |= EECD_CS;
	enbl_write(adapter, ENBL_EECD, eecd);

	for (i = bits - 1; i >= 0; i--)
		enbl_microwire_bit(adapter, &eecd, command & BIT(i));
	for (*word = 0, i = 0; i < 16; i++)
		*word = *word << 1 | enbl_microwire_bit(adapter, &eecd, false);

	eecd &= ~EECD_CS;
	enbl_write(adapter, ENBL_EECD, eecd);
	enbl_flush(adapter);
	udelay(2);
	return 0;
}

static int enbl_microwire_read_granted(struct enbl_adapter *adapter, u16 offset,
				       u16 *word)
{
	u32 eecd = enbl_read(adapter, ENBL_EECD);
	int i, err = -EBUSY;

	enbl_write(adapter, ENBL_EECD, eecd | EECD_REQ);
	for (i = 0; i < 200 && err == -EBUSY; i++) {
		if (enbl_read(adapter, ENBL_EECD) & EECD_GNT)
			err = enbl_microwire_read(adapter, offset, word);
		else
			usleep_range(50, 100);
	}
	enbl_write(adapter, ENBL_EECD, eecd & ~EECD_REQ);
	return err;
}

/* Two accesses a word in a virtual machine, where each costs an exit */
static int enbl_eeprom_read_82540(struct enbl_adapter *adapter, u16 offset,
				  u16 *word)
{
	int tries;
	u32 eerd;

	enbl_write(adapter, ENBL_EERD, EERD_START |
		   FIELD_PREP(EERD_ADDR, offset));
	for (tries = 0; tries < EERD_TRIES; tries++) {
		eerd = enbl_read(adapter, ENBL_EERD);
		if (eerd == U32_MAX)
			return -ENODEV;
		if (eerd & EERD_DONE) {
			*word = FIELD_GET(EERD_DATA, eerd);
			return 0;
		}
		usleep_range(20, 50);
	}
	/* Drivers of this part used to go bit by bit; an emulator may know
	 * nothing else
	 */
	return enbl_microwire_read_granted(adapter, offset, word);
}

/**
 * enbl_eeprom_read_all() - read the EEPROM and verify its checksum
 * @adapter: adapter
 * @words: %ENBL_EEPROM_WORDS words
 *
 * Context: process, rtnl or probe.
 * Return: 0, -EILSEQ for a wrong sum, or why it could not be read.
 */
int enbl_eeprom_read_all(struct enbl_adapter *adapter, u16 *words)
{
	u16 i, sum = 0;
	int err;

	for (i = 0; i < ENBL_EEPROM_WORDS; i++) {
		err = adapter->info->ops->eeprom_read(adapter, i, &words[i]);
		if (err)
			return err;
		sum += words[i];
	}
	return sum == EEPROM_SUM ? 0 : -EILSEQ;
}

/* A NIC with a strange address is of more use than no NIC */
static void enbl_init_address(struct enbl_adapter *adapter, int err)
{
	struct device *dev = &adapter->pdev->dev;
	u8 addr[ETH_ALEN];
	int i;

	for (i = 0; i < ETH_ALEN; i++)
		addr[i] = adapter->eeprom[i / 2] >> (i % 2 * 8);

	if (!err && is_valid_ether_addr(addr)) {
		eth_hw_addr_set(adapter->netdev, addr);
		return;
	}

	eth_hw_addr_random(adapter->netdev);
	if (err == -EILSEQ)
		dev_warn(dev, "the EEPROM's checksum is wrong; using the random address %pM instead of its %pM\n",
			 adapter->netdev->dev_addr, addr);
	else if (err)
		dev_warn(dev, "cannot read the EEPROM (%pe); using the random address %pM\n",
			 ERR_PTR(err), adapter->netdev->dev_addr);
	else
		dev_warn(dev, "the EEPROM's address %pM is not valid; using the random address %pM\n",
			 addr, adapter->netdev->dev_addr);
}

/* On if firmware has it on: a machine that woke up before still does */
static void enbl_init_wol(struct enbl_adapter *adapter)
{
	const struct enbl_hw_info *info = adapter->info;

	if (adapter->eeprom[info->apm_word] & info->apm_bit)
		adapter->wol = info->wol & WAKE_MAGIC;
	device_set_wakeup_enable(&adapter->pdev->dev, adapter->wol);
}

/**
 * enbl_hw_init() - find out what the device is
 * @adapter: adapter, after enbl_hw_reset()
 *
 * Context: process, probe.
 * Return: 0, or -ENODEV if there is no device, or none with a PHY.
 */
int enbl_hw_init(struct enbl_adapter *adapter)
{
	int err;

	err = enbl_eeprom_read_all(adapter, adapter->eeprom);
	if (err == -ENODEV)
		return err;
	enbl_init_address(adapter, err);
	enbl_hw_stats_clear(adapter);
	if (!err)
		enbl_init_wol(adapter);
	return enbl_link_init(adapter);
}

/**
 * enbl_wol_arm() - wake up by what the user asked for, or by nothing
 * @adapter: adapter, down
 *
 * Reception is on for the filters to see frames; the ring is empty, so that
 * nothing is written to memory.
 *
 * Context: process, rtnl; before suspend and shutdown.
 */
void enbl_wol_arm(struct enbl_adapter *adapter)
{
	u32 wufc = (adapter->wol & WAKE_MAGIC ? WUFC_MAG : 0) |
		   (adapter->wol & WAKE_UCAST ? WUFC_EX : 0) |
		   (adapter->wol & WAKE_MCAST ? WUFC_MC : 0) |
		   (adapter->wol & WAKE_BCAST ? WUFC_BC : 0);

	if (wufc) {
		enbl_write(adapter, ENBL_RDT, 0);
		enbl_write(adapter, ENBL_RDH, 0);
		enbl_filter_restore(adapter, RCTL_BAM);
		enbl_set_rctl(adapter, 0, RCTL_EN |
			      (wufc & WUFC_MC ? RCTL_MPE : 0));
		enbl_set_ctrl(adapter, 0, CTRL_SLU | CTRL_ADVD3WUC |
			      CTRL_PHY_PWR);
	}
	enbl_write(adapter, ENBL_WUS, U32_MAX);
	enbl_write(adapter, ENBL_WUC, wufc ? WUC_PME_EN : 0);
	enbl_write(adapter, ENBL_WUFC, wufc);
	enbl_flush(adapter);
}

static const struct enbl_hw_ops enbl_82540_ops = {
	.reset		= enbl_reset_82540,
	.eeprom_read	= enbl_eeprom_read_82540,
};

static const struct enbl_hw_ops enbl_82544_ops = {
	.reset		= enbl_reset_82544,
	.eeprom_read	= enbl_microwire_read,
};

const struct enbl_hw_info enbl_82540_info = {
	.name		= "82540EM",
	.ops		= &enbl_82540_ops,
	.nr_queues	= 1,
	.ledctl		= true,
	.wol		= WAKE_MAGIC | WAKE_UCAST | WAKE_MCAST | WAKE_BCAST,
	.apm_word	= 0x14,
	.apm_bit	= BIT(10),
};

const struct enbl_hw_info enbl_82544_info = {
	.name		= "82544GC",
	.ops		= &enbl_82544_ops,
	.nr_queues	= 1,
	.pcix		= true,
	.wol		= WAKE_MAGIC | WAKE_UCAST | WAKE_MCAST | WAKE_BCAST,
	.apm_word	= 0x0f,
	.apm_bit	= BIT(2),
};

/* Cannot wake up: what it has of it does not work */
const struct enbl_hw_info enbl_82545_info = {
	.name		= "82545EM",
	.ops		= &enbl_82540_ops,
	.nr_queues	= 1,
	.pcix		= true,
	.ledctl		= true,
};
