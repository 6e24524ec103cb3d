// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking into a device: ethtool's self-test and its dump of registers.
 *
 * There is no loopback test: parts and emulators differ in which loopback they
 * have, and a frame lost in one says little about the device.
 */
#include <linux/delay.h>
#include <linux/ethtool.h>
#include <linux/interrupt.h>
#include <linux/mii.h>

#include "e1000_nbl.h"

enum enbl_test {
	ENBL_TEST_LINK,
	ENBL_TEST_EEPROM,
	ENBL_TEST_REGISTERS,
	ENBL_TEST_INTERRUPT,
	ENBL_NR_TESTS,
};

static const char enbl_test_names[ENBL_NR_TESTS][ETH_GSTRING_LEN] = {
	[ENBL_TEST_LINK]	= "link up (online)",
	[ENBL_TEST_EEPROM]	= "EEPROM checksum (online)",
	[ENBL_TEST_REGISTERS]	= "registers (offline)",
	[ENBL_TEST_INTERRUPT]	= "interrupt (offline)",
};

int enbl_self_test_count(void)
{
	return ENBL_NR_TESTS;
}

void enbl_self_test_strings(u8 *data)
{
	memcpy(data, enbl_test_names, sizeof(enbl_test_names));
}

static bool enbl_test_link(struct enbl_adapter *adapter)
{
	u32 status = enbl_read(adapter, ENBL_STATUS);

	return status != U32_MAX && status & STATUS_LU;
}

static bool enbl_test_eeprom(struct enbl_adapter *adapter)
{
	u16 words[ENBL_EEPROM_WORDS];

	return !enbl_eeprom_read_all(adapter, words);
}

static bool enbl_test_register(struct enbl_adapter *adapter, u32 reg, u32 mask)
{
	static const u32 patterns[] = { 0x5a5a5a5a, 0xa5a5a5a5, 0, U32_MAX };
	u32 val;
	int i;

	for (i = 0; i < ARRAY_SIZE(patterns); i++) {
		enbl_write(adapter, reg, patterns[i] & mask);
		val = enbl_read(adapter, reg);
		if ((val & mask) != (patterns[i] & mask)) {
			netdev_err(adapter->netdev, "register %#06x: wrote %#010x, read %#010x\n",
				   reg, patterns[i] & mask, val & mask);
			return false;
		}
	}
	return true;
}

/* Those that an up programs anyway, and that mean nothing while it is down */
static bool enbl_test_registers(struct enbl_adapter *adapter)
{
	static const struct {
		u16 reg;
		u16 count;
		u16 stride;
		u32 mask;
	} tests[] = {
		{ ENBL_VET, 1, 0, 0xffff },
		{ ENBL_RDBAL, 1, 0, ~0xfU },
		{ ENBL_RDBAH, 1, 0, U32_MAX },
		{ ENBL_TDBAL, 1, 0, ~0xfU },
		{ ENBL_TDBAH, 1, 0, U32_MAX },
		{ ENBL_MTA(0), ENBL_MTA_SIZE, 4, U32_MAX },
		{ ENBL_VFTA(0), ENBL_VFTA_SIZE, 4, U32_MAX },
		{ ENBL_RAL(1), ENBL_RAR_SIZE - 1, 8, U32_MAX },
		{ ENBL_RAH(1), ENBL_RAR_SIZE - 1, 8, 0xffff },
	};
	int i, j;

	for (i = 0; i < ARRAY_SIZE(tests); i++)
		for (j = 0; j < tests[i].count; j++)
			if (!enbl_test_register(adapter, tests[i].reg +
						j * tests[i].stride,
						tests[i].mask))
				return false;
	return true;
}

static irqreturn_t enbl_test_handler(int irq, void *data)
{
	struct enbl_adapter *adapter = data;

	return enbl_read(adapter, ENBL_ICR) ? IRQ_HANDLED : IRQ_NONE;
}

/*
 * Reading ICR clears it, and that is the first thing that the interrupt handler
 * does. So a cause that is masked stays, and one that is not goes away. It is a
 * transmit cause, as NAPI is disabled and makes nothing of it.
 */
static bool enbl_test_cause(struct enbl_adapter *adapter, bool masked)
{
	bool left;

	enbl_write(adapter, ENBL_IMC, U32_MAX);
	enbl_read(adapter, ENBL_ICR);
	if (!masked)
		enbl_write(adapter, ENBL_IMS, INT_TXDW);
	enbl_write(adapter, ENBL_ICS, INT_TXDW);
	enbl_flush(adapter);
	msleep(50);

	enbl_write(adapter, ENBL_IMC, U32_MAX);
	left = enbl_read(adapter, ENBL_ICR) & INT_TXDW;
	return left == masked;
}

static bool enbl_test_interrupt(struct enbl_adapter *adapter)
{
	bool running = netif_running(adapter->netdev);
	int irq = adapter->pdev->irq;
	bool ok;

	/* An interface that is up has its handler; a closed one borrows ours */
	if (!running && request_irq(irq, enbl_test_handler, IRQF_SHARED,
				    KBUILD_MODNAME "-test", adapter))
		return false;
	ok = enbl_test_cause(adapter, true) && enbl_test_cause(adapter, false);
	if (!running)
		free_irq(irq, adapter);
	return ok;
}

/**
 * enbl_self_test() - ethtool's self-test
 * @netdev: our device
 * @test: offline or online; whether it failed
 * @failed: a flag for each of enbl_test_names
 *
 * Offline takes the interface down and up again, below the stack: addresses and
 * routes stay.
 *
 * Context: process, rtnl.
 */
void enbl_self_test(struct net_device *netdev, struct ethtool_test *test,
		    u64 *failed)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	bool running = netif_running(netdev);
	int i;

	memset(failed, 0, ENBL_NR_TESTS * sizeof(*failed));
	failed[ENBL_TEST_LINK] = !enbl_test_link(adapter);
	failed[ENBL_TEST_EEPROM] = !enbl_test_eeprom(adapter);

	if (test->flags & ETH_TEST_FL_OFFLINE) {
		if (running)
			enbl_down(adapter);
		failed[ENBL_TEST_REGISTERS] = !enbl_test_registers(adapter);
		failed[ENBL_TEST_INTERRUPT] = !enbl_test_interrupt(adapter);
		if (running)
			enbl_up(adapter);
	}

	for (i = 0; i < ENBL_NR_TESTS; i++)
		if (failed[i])
			test->flags |= ETH_TEST_FL_FAILED;
}

/*
 * The dump, version 1: these registers, then those of the PHY, each in 32 bits.
 * None of them changes by being read. New ones go to the end of their list and
 * raise the version.
 */
static const u16 enbl_dump[] = {
	ENBL_CTRL, ENBL_STATUS, ENBL_EECD, ENBL_CTRL_EXT,
	ENBL_FCAL, ENBL_FCAH, ENBL_FCT, ENBL_VET, ENBL_ITR, ENBL_IMS,
	ENBL_RCTL, ENBL_FCTTV, ENBL_TCTL, ENBL_TIPG, ENBL_LEDCTL, ENBL_PBA,
	ENBL_FCRTL, ENBL_FCRTH,
	ENBL_RDBAL, ENBL_RDBAH, ENBL_RDLEN, ENBL_RDH, ENBL_RDT,
	ENBL_RDTR, ENBL_RXDCTL, ENBL_RADV,
	ENBL_TDBAL, ENBL_TDBAH, ENBL_TDLEN, ENBL_TDH, ENBL_TDT,
	ENBL_TIDV, ENBL_TXDCTL, ENBL_TADV,
	ENBL_RXCSUM, ENBL_RAL(0), ENBL_RAH(0),
	ENBL_WUC, ENBL_WUFC, ENBL_WUS, ENBL_MANC,
};

static const u8 enbl_dump_phy[] = {
	MII_BMCR, MII_BMSR, MII_PHYSID1, MII_PHYSID2, MII_ADVERTISE, MII_LPA,
	MII_CTRL1000, MII_STAT1000, MII_ESTATUS, 16, 17,
};

int enbl_get_regs_len(struct net_device *netdev)
{
	return (ARRAY_SIZE(enbl_dump) + ARRAY_SIZE(enbl_dump_phy)) *
	       sizeof(u32);
}

void enbl_get_regs(struct net_device *netdev, struct ethtool_regs *regs,
		   void *data)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u32 *out = data;
	u16 val;
	int i;

	regs->version = 1;
	for (i = 0; i < ARRAY_SIZE(enbl_dump); i++)
		*out++ = enbl_read(adapter, enbl_dump[i]);

	mutex_lock(&adapter->link_lock);
	for (i = 0; i < ARRAY_SIZE(enbl_dump_phy); i++) {
		/* What the PHY does not have, it reads as 0 */
		enbl_phy_read(adapter, enbl_dump_phy[i], &val);
		*out++ = val;
	}
	mutex_unlock(&adapter->link_lock);
}
