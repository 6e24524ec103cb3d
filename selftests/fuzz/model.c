// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that works, as far as the driver looks: registers keep what is
 * written, the EEPROM has an address and the right sum, the PHY is the one that
 * the driver knows, the link is up. What a fuzzer makes of it is the fuzzer's.
 */
#include <linux/bitfield.h>
#include <linux/mii.h>

#include "fuzz.h"

struct fuzz_model model;
struct pci_dev fuzz_pdev;
static u64 dma_mask;

static void eeprom_start(bool odd)
{
	static const u16 address[] = { 0x0002, 0xc000, 0x0302 };
	u16 sum = 0;
	int i;

	memcpy(model.eeprom, address, sizeof(address));
	model.eeprom[5] = odd ? 0x1234 : 0;
	/* Firmware wants to be woken up; an address that is none */
	model.eeprom[0x0f] = odd ? BIT(2) : 0;
	model.eeprom[0x14] = odd ? BIT(10) : 0;
	if (odd)
		model.eeprom[0] = U16_MAX;
	for (i = 0; i < ENBL_EEPROM_WORDS - 1; i++)
		sum += model.eeprom[i];
	model.eeprom[ENBL_EEPROM_WORDS - 1] = 0xbaba - sum;
}

/* Microwire: a start bit, two of opcode, the address, then the word comes out */
static u32 microwire(u32 val)
{
	static u32 shifted;
	static unsigned int clocks;
	u32 last = model.regs[ENBL_EECD / 4], word;

	if (!(val & EECD_CS)) {
		clocks = 0;
		shifted = 0;
	} else if (val & EECD_SK && !(last & EECD_SK)) {
		clocks++;
		if (clocks <= 9)
			shifted = shifted << 1 | !!(val & EECD_DI);
	}
	word = model.eeprom[shifted % ENBL_EEPROM_WORDS];
	val &= ~(EECD_DO | EECD_GNT | EECD_SIZE);
	if (clocks > 9 && word & BIT(15 - (clocks - 10) % 16))
		val |= EECD_DO;
	return val & EECD_REQ ? val | EECD_GNT : val;
}

static u32 mdic(u32 val)
{
	u16 *reg = &model.phy[FIELD_GET(MDIC_REG, val)];

	if (val & MDIC_WRITE) {
		*reg = FIELD_GET(MDIC_DATA, val);
		model.phy[MII_BMCR] &= ~(BMCR_RESET | BMCR_ANRESTART);
	}
	return (val & ~MDIC_DATA) | FIELD_PREP(MDIC_DATA, *reg) | MDIC_READY;
}

static u32 register_of(const volatile void __iomem *addr)
{
	return (unsigned long)addr - SZ_1G;
}

u32 fuzz_readl(const volatile void __iomem *addr)
{
	u32 reg = register_of(addr), val;

	fuzz_check(reg < FUZZ_REGS && reg % 4 == 0, "register %#x is read", reg);
	val = model.regs[reg / 4];
	if (reg == ENBL_STATUS)
		val = model.status;
	else if (reg == ENBL_ICR)
		val = model.icr;
	else if (reg >= ENBL_CRCERRS && reg <= ENBL_TSCTFC)
		val = 0;
	if (reg == ENBL_ICR)
		model.icr = 0;
	model.reads++;
	fuzz_now += model.read_ns;
	return model.read ? model.read(reg, val) : val;
}

void fuzz_writel(u32 val, volatile void __iomem *addr)
{
	u32 reg = register_of(addr);

	fuzz_check(reg < FUZZ_REGS && reg % 4 == 0, "register %#x is written", reg);
	model.writes++;
	if (model.written)
		model.written(reg, val);
	switch (reg) {
	case ENBL_IMS:
		model.ims |= val;
		break;
	case ENBL_IMC:
		model.ims &= ~val;
		break;
	case ENBL_ICS:
		model.icr |= val;
		if (model.icr & model.ims && fuzz_irq)
			fuzz_irq(fuzz_pdev.irq, fuzz_irq_data);
		break;
	case ENBL_CTRL:
		val &= ~(CTRL_RST | CTRL_PHY_RST);
		break;
	case ENBL_EECD:
		val = microwire(val);
		break;
	case ENBL_EERD:
		val = FIELD_PREP(EERD_DATA, model.eeprom[FIELD_GET(EERD_ADDR, val) %
							 ENBL_EEPROM_WORDS]) |
		      EERD_DONE;
		break;
	case ENBL_MDIC:
		val = mdic(val);
		break;
	}
	model.regs[reg / 4] = val;
}

void model_start(u8 kind)
{
	static const u16 devices[] = { 0x100e, 0x100f, 0x1008, 0x100c };
	static const u16 vendors[] = { PCI_VENDOR_ID_REDHAT_QUMRANET,
				       PCI_VENDOR_ID_INTEL };

	memset(&model, 0, sizeof(model));
	model.status = STATUS_FD | STATUS_LU | FIELD_PREP(STATUS_SPEED, 2);
	if (kind & BIT(3))
		model.status |= STATUS_PCIX;
	model.read_ns = 1000;
	eeprom_start(kind & BIT(7));
	model.phy[MII_PHYSID1] = 0x0141;
	model.phy[MII_PHYSID2] = 0x0c20;
	model.phy[MII_BMSR] = BMSR_LSTATUS | BMSR_ANEGCOMPLETE;
	model.phy[MII_LPA] = LPA_PAUSE_CAP | LPA_100FULL;

	memset(&fuzz_pdev, 0, sizeof(fuzz_pdev));
	fuzz_pdev.vendor = PCI_VENDOR_ID_INTEL;
	fuzz_pdev.device = devices[kind % 4];
	fuzz_pdev.subsystem_vendor = vendors[kind / 4 % 2];
	fuzz_pdev.irq = 11;
	fuzz_pdev.dev.dma_mask = &dma_mask;
	fuzz_pdev.dev.init_name = "0000:00:03.0";
	fuzz_pdev.resource[1].start = 0xc000;
	fuzz_pdev.resource[1].flags = kind & BIT(4) ? IORESOURCE_IO : 0;
}

/* Registers and the PHY's settings are gone */
void model_power_cycle(void)
{
	memset(model.regs, 0, sizeof(model.regs));
	model.phy[MII_BMCR] = BMCR_PDOWN;
	model.phy[MII_ADVERTISE] = 0;
	model.phy[16] = 0;
}

/* --- the driver, loaded once, and bound ----------------------------------- */

int fuzz_probe(void)
{
	const struct pci_device_id *id;

	if (!fuzz_driver)
		init_module();
	for (id = fuzz_driver->id_table; id->device; id++)
		if (id->device == fuzz_pdev.device)
			return fuzz_driver->probe(&fuzz_pdev, id);
	fuzz_bug("the driver does not know %#06x", fuzz_pdev.device);
}

void fuzz_remove(void)
{
	fuzz_driver->remove(&fuzz_pdev);
}

int fuzz_open(struct net_device *netdev)
{
	int err;

	rtnl_lock();
	set_bit(__LINK_STATE_START, &netdev->state);
	err = netdev->netdev_ops->ndo_open(netdev);
	if (err)
		clear_bit(__LINK_STATE_START, &netdev->state);
	rtnl_unlock();
	return err;
}

void fuzz_close(struct net_device *netdev)
{
	rtnl_lock();
	if (test_and_clear_bit(__LINK_STATE_START, &netdev->state))
		netdev->netdev_ops->ndo_stop(netdev);
	rtnl_unlock();
}
