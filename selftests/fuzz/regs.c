// SPDX-License-Identifier: GPL-2.0-only
/*
 * The register fuzzer: what the driver reads from the device is what the input
 * says, in probe and in everything that comes after it. An input is
 *
 *   part | an allocation that fails | number of calls | the calls, two bytes each |
 *   a script for the reads: for the next n, as a working device, all ones, ...
 *
 * What the last line of the script says goes on for ever. So a loop that waits
 * for a register has to end by itself: each call has a bound of reads and of
 * time, which is the model's (only sleeping and reading take any).
 */
#include <linux/ethtool.h>
#include <linux/mii.h>

#include "fuzz.h"

#define MAX_CALLS	32
#define ENDLESS		(50 * 1000 * 1000)	/* reads: more than all calls may */

static struct fuzz_input script;
static struct fuzz_input calls;
static struct net_device *netdev;
static u64 runs;
unsigned int fuzz_armed;

void fuzz_look(const volatile void *p)
{
}

/* --- reads ---------------------------------------------------------------- */

enum line {
	LINE_WORKS,
	LINE_ONES,
	LINE_ZERO,
	LINE_RANDOM,
	LINE_VALUE,
	LINE_XOR,
	LINE_FLIP,	/* one bit at a time */
	LINE_GONE,	/* all ones, and for ever */
	LINE_SLOW,	/* what is waited for comes late, or never */
	NR_LINES,
};

static enum line line;
static unsigned int lasts;
static u32 value;
static unsigned int late;
static u64 state;
static u64 nr_reads;

static void next_line(void)
{
	if (!script.left)
		return;
	line = fuzz_u8(&script) % NR_LINES;
	lasts = fuzz_u8(&script);
	lasts = lasts & 0x80 ? (lasts & 0x7f) * 16 : lasts;
	if (line == LINE_VALUE || line == LINE_XOR)
		value = fuzz_u32(&script);
	if (line == LINE_SLOW) {
		late = fuzz_u16(&script) % 1024;
		value = fuzz_u8(&script) << 8;	/* 0x80: BMCR_RESET */
	}
	if (line == LINE_RANDOM || line == LINE_FLIP)
		state = fuzz_u8(&script) | 1ULL << 40;
}

/* The same register is read again, as one who waits does */
static u32 slow_read(u32 reg, u32 val)
{
	static u32 last;
	static unsigned int times;

	times = reg == last ? times + 1 : 0;
	last = reg;
	if (times < late)
		return 0;
	last = 0;
	return val | value;
}

static u32 hostile_read(u32 reg, u32 val)
{
	nr_reads++;
	fuzz_check(model.reads < ENDLESS, "a loop on register %#x does not end", reg);
	if (line != LINE_GONE && !lasts--) {
		lasts = 0;
		next_line();
	}
	switch (line) {
	case LINE_ONES:
	case LINE_GONE:
		return U32_MAX;
	case LINE_ZERO:
		return 0;
	case LINE_RANDOM:
		return fuzz_random(&state);
	case LINE_VALUE:
		return value;
	case LINE_XOR:
		return val ^ value;
	case LINE_FLIP:
		return val ^ BIT(fuzz_random(&state) % 32);
	case LINE_SLOW:
		return slow_read(reg, val);
	default:
		return val;
	}
}

/* --- calls ---------------------------------------------------------------- */

static const struct ethtool_ops *ops(void)
{
	return netdev->ethtool_ops;
}

static void call_open(u8 arg)
{
	if (!netif_running(netdev) && netif_device_present(netdev))
		fuzz_open(netdev);
}

static void call_close(u8 arg)
{
	fuzz_close(netdev);
}

static void call_work(u8 arg)
{
	fuzz_run_work();
}

static void call_interrupt(u8 arg)
{
	model.icr = arg;
	if (fuzz_irq)
		fuzz_irq(11, fuzz_irq_data);
}

static void call_poll(u8 arg)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	if (adapter->up)
		fuzz_napi_poll(&adapter->queue[0].napi, arg % 65);
}

static void call_timeout(u8 arg)
{
	if (netif_running(netdev))
		netdev->netdev_ops->ndo_tx_timeout(netdev, 0);
}

static void call_statistics(u8 arg)
{
	struct rtnl_link_stats64 link = { };
	struct ethtool_pause_stats pause = { };
	struct ethtool_eth_mac_stats mac = { };
	struct ethtool_eth_phy_stats phy = { };
	struct ethtool_eth_ctrl_stats ctrl = { };
	struct ethtool_rmon_stats rmon = { };
	const struct ethtool_rmon_hist_range *ranges;

	switch (arg % 6) {
	case 0:
		netdev->netdev_ops->ndo_get_stats64(netdev, &link);
		break;
	case 1:
		ops()->get_pause_stats(netdev, &pause);
		break;
	case 2:
		ops()->get_eth_mac_stats(netdev, &mac);
		break;
	case 3:
		ops()->get_eth_phy_stats(netdev, &phy);
		break;
	case 4:
		ops()->get_eth_ctrl_stats(netdev, &ctrl);
		break;
	case 5:
		ops()->get_rmon_stats(netdev, &rmon, &ranges);
		break;
	}
}

/* As ethtool -S: the memory is as long as the driver says */
static void call_ethtool_stats(u8 arg)
{
	int n = ops()->get_sset_count(netdev, ETH_SS_STATS);
	struct ethtool_stats stats = { .n_stats = n };
	u8 *strings = malloc(n * ETH_GSTRING_LEN);
	u64 *data = malloc(n * sizeof(*data));

	ops()->get_strings(netdev, ETH_SS_STATS, strings);
	ops()->get_ethtool_stats(netdev, &stats, data);
	free(strings);
	free(data);
}

static void call_self_test(u8 arg)
{
	int n = ops()->get_sset_count(netdev, ETH_SS_TEST);
	struct ethtool_test test = { .flags = arg & 1 ? ETH_TEST_FL_OFFLINE : 0 };
	u64 *data = malloc(n * sizeof(*data));
	u8 *strings = malloc(n * ETH_GSTRING_LEN);

	ops()->get_strings(netdev, ETH_SS_TEST, strings);
	ops()->self_test(netdev, &test, data);
	free(strings);
	free(data);
}

static void call_registers(u8 arg)
{
	int len = ops()->get_regs_len(netdev);
	struct ethtool_regs regs = { .len = len };
	void *data = malloc(len);

	ops()->get_regs(netdev, &regs, data);
	free(data);
}

static void call_eeprom(u8 arg)
{
	u32 all = ops()->get_eeprom_len(netdev), offset = arg % all;
	struct ethtool_eeprom eeprom = { .offset = offset, .len = all - offset };
	u8 *data = malloc(eeprom.len);
	struct ethtool_drvinfo info = { };

	ops()->get_eeprom(netdev, &eeprom, data);
	ops()->get_drvinfo(netdev, &info);
	free(data);
}

static void call_get_link(u8 arg)
{
	struct ethtool_link_ksettings cmd = { };

	ops()->get_link_ksettings(netdev, &cmd);
}

static void call_set_link(u8 arg)
{
	struct ethtool_link_ksettings cmd = { .base.autoneg = arg & 1 };

	cmd.base.speed = arg & 2 ? SPEED_100 : SPEED_10;
	cmd.base.duplex = arg & 4 ? DUPLEX_FULL : DUPLEX_HALF;
	cmd.link_modes.advertising[0] = arg & 8 ? ADVERTISED_1000baseT_Full :
						  ENBL_ADVERTISED_ALL;
	ops()->set_link_ksettings(netdev, &cmd);
}

static void call_nway(u8 arg)
{
	ops()->nway_reset(netdev);
}

static void call_pause(u8 arg)
{
	struct ethtool_pauseparam pause = {
		.autoneg = arg & 1, .rx_pause = !!(arg & 2), .tx_pause = !!(arg & 4),
	};

	ops()->set_pauseparam(netdev, &pause);
}

static void call_identify(u8 arg)
{
	ops()->set_phys_id(netdev, arg % 5);
}

static void call_wol(u8 arg)
{
	struct ethtool_wolinfo wol = { .wolopts = arg };

	fuzz_pdev.dev.power.can_wakeup = true;
	ops()->set_wol(netdev, &wol);
}

static void call_reset(u8 arg)
{
	u32 flags = ETH_RESET_ALL;

	ops()->reset(netdev, &flags);
}

static void call_mtu(u8 arg)
{
	netdev->netdev_ops->ndo_change_mtu(netdev, arg & 1 ? 9000 : ETH_DATA_LEN);
}

static void call_features(u8 arg)
{
	netdev_features_t features = netdev->features;

	features ^= arg & 1 ? NETIF_F_HW_VLAN_CTAG_RX : 0;
	features ^= arg & 2 ? NETIF_F_RXCSUM : 0;
	features ^= arg & 4 ? NETIF_F_HW_VLAN_CTAG_FILTER : 0;
	features = netdev->netdev_ops->ndo_fix_features(netdev, features);
	netdev->netdev_ops->ndo_set_features(netdev, features);
	netdev->features = features;
}

static void call_filters(u8 arg)
{
	struct sockaddr addr = { .sa_data_min = { 2, arg } };

	netdev->flags = (arg & 1 ? IFF_PROMISC : 0) | (arg & 2 ? IFF_ALLMULTI : 0);
	netif_addr_lock_bh(netdev);
	netdev->netdev_ops->ndo_set_rx_mode(netdev);
	netif_addr_unlock_bh(netdev);
	netdev->netdev_ops->ndo_vlan_rx_add_vid(netdev, htons(ETH_P_8021Q), arg);
	netdev->netdev_ops->ndo_vlan_rx_kill_vid(netdev, htons(ETH_P_8021Q), arg / 2);
	netdev->netdev_ops->ndo_set_mac_address(netdev, &addr);
}

static void call_suspend(u8 arg)
{
	const struct dev_pm_ops *pm = fuzz_driver->driver.pm;

	pm->suspend(&fuzz_pdev.dev);
	if (!(arg & 1))
		model_power_cycle();
	pm->resume(&fuzz_pdev.dev);
}

static void call_bus_error(u8 arg)
{
	const struct pci_error_handlers *handler = fuzz_driver->err_handler;

	if (handler->error_detected(&fuzz_pdev, pci_channel_io_frozen) !=
	    PCI_ERS_RESULT_NEED_RESET)
		return;
	/* Without it the device stays as it is until it is removed */
	if (handler->slot_reset(&fuzz_pdev) == PCI_ERS_RESULT_RECOVERED)
		handler->resume(&fuzz_pdev);
}

static void call_shutdown(u8 arg)
{
	system_state = arg & 1 ? SYSTEM_POWER_OFF : SYSTEM_RESTART;
	fuzz_driver->shutdown(&fuzz_pdev);
	system_state = SYSTEM_RUNNING;
	fuzz_driver->driver.pm->resume(&fuzz_pdev.dev);	/* for what comes next */
}

static int probed;

static void call_probe(u8 arg)
{
	probed = fuzz_probe();
}

static void call_remove(u8 arg)
{
	fuzz_remove();
}

/*
 * What a call may read and how many ms it may take, at worst. An access to the
 * PHY waits 2 ms for it, in which it reads 669 times. A PHY that does not come out
 * of its reset is asked 50 times, 20 ms apart; to see whether it does as wanted,
 * and to make it do so, can take three such waits. A word of EEPROM is given up
 * after 25 ms and 420 reads, and there are 64.
 */
#define QUICK	100, 1
#define DOWN	100, 25		/* what is on the bus ends; the counters are read */
#define PHY	2000, 5		/* it is looked at */
#define RESTART	71000, 2300	/* it is told something */
#define UP	108000, 3500
#define TEST	136000, 5400	/* EEPROM, and then down and up */

static struct call {
	const char *name;
	void (*call)(u8 arg);
	bool rtnl;
	unsigned int max_reads;
	unsigned int max_ms;
	/* seen: */
	u64 times;
	unsigned int reads;
	unsigned int ms;
	unsigned int lines;
} table[] = {
	{ "probe", call_probe, false, TEST },
	{ "remove", call_remove, false, DOWN },
	{ "open", call_open, false, UP },
	{ "close", call_close, false, DOWN },
	{ "watchdog, reset", call_work, false, UP },
	{ "interrupt", call_interrupt, false, QUICK },
	{ "poll", call_poll, false, QUICK },
	{ "transmit hangs", call_timeout, false, QUICK },
	{ "statistics", call_statistics, false, QUICK },
	{ "ethtool -S", call_ethtool_stats, true, QUICK },
	{ "ethtool -t", call_self_test, true, TEST },
	{ "ethtool -d", call_registers, true, 8000, 25 },
	{ "ethtool -e", call_eeprom, true, QUICK },
	{ "ethtool", call_get_link, true, PHY },
	{ "ethtool -s", call_set_link, true, RESTART },
	{ "ethtool -r", call_nway, true, RESTART },
	{ "ethtool -A", call_pause, true, RESTART },
	{ "ethtool -p", call_identify, true, QUICK },
	{ "ethtool -s wol", call_wol, true, QUICK },
	{ "ethtool --reset", call_reset, true, UP },
	{ "mtu", call_mtu, true, UP },
	{ "features", call_features, true, QUICK },
	{ "filters", call_filters, true, QUICK },
	{ "suspend, resume", call_suspend, false, UP },
	{ "shutdown", call_shutdown, false, UP },
	{ "bus error", call_bus_error, false, UP },
};

static void account(struct call *call, unsigned int reads, u64 since)
{
	unsigned int ms = (fuzz_now - since) / NSEC_PER_MSEC;

	reads = model.reads - reads;
	call->times++;
	call->reads = max(call->reads, reads);
	call->ms = max(call->ms, ms);
	call->lines = max(call->lines, fuzz_messages);
	fuzz_messages = 0;
	fuzz_check(reads <= call->max_reads, "%s reads registers %u times",
		   call->name, reads);
	fuzz_check(ms <= call->max_ms, "%s takes %u ms", call->name, ms);
	fuzz_core_idle();
}

static void run_call(struct call *call, u8 arg)
{
	unsigned int reads = model.reads;
	u64 since = fuzz_now;

	if (call->rtnl)
		rtnl_lock();
	/* The core does not ask a device that is detached */
	if (!call->rtnl || netif_device_present(netdev))
		call->call(arg);
	if (call->rtnl)
		rtnl_unlock();
	account(call, reads, since);
}

static void print_totals(void)
{
	unsigned int i;

	dprintf(2, "totals: runs %llu reads %llu\n", runs, nr_reads);
	dprintf(2, "call: %-16s %9s %9s %9s %9s %9s %6s\n", "call", "times",
		"reads", "at most", "ms", "at most", "lines");
	for (i = 0; i < ARRAY_SIZE(table); i++)
		dprintf(2, "call: %-16s %9llu %9u %9u %9u %9u %6u\n", table[i].name,
			table[i].times, table[i].reads, table[i].max_reads,
			table[i].ms, table[i].max_ms, table[i].lines);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return atexit(print_totals);
}

static void start(const u8 *data, size_t size)
{
	struct fuzz_input in = { data, size };
	u8 kind = fuzz_u8(&in), fail = fuzz_u8(&in);
	size_t n = fuzz_u8(&in) % MAX_CALLS * 2;

	fuzz_memory_start();
	fuzz_core_start();
	model_start(kind);
	model.read_ns = kind & 0x20 ? 0 : 1000;
	fuzz_sleeps_long = kind & 0x40;
	model.read = hostile_read;
	n = min(n, in.left);
	calls = (struct fuzz_input){ in.data, n };
	script = (struct fuzz_input){ in.data + n, in.left - n };
	line = LINE_WORKS;
	lasts = 0;
	fuzz_fail.kmalloc = fail & 1 ? 0 : fail / 2 % 32;
	fuzz_fail.page = fail & 1 ? fail / 2 : 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	unsigned int i;

	start(data, size);
	run_call(&table[0], 0);
	if (!probed) {
		netdev = pci_get_drvdata(&fuzz_pdev);
		while (calls.left) {
			i = fuzz_u8(&calls) % (ARRAY_SIZE(table) - 2) + 2;
			run_call(&table[i], fuzz_u8(&calls));
		}
		run_call(&table[1], 0);
	}
	fuzz_memory_end();
	if (!(++runs % 8192))
		dprintf(2, "totals: runs %llu reads %llu\n", runs, nr_reads);
	return 0;
}
