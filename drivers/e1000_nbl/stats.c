// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters: the queues' own, and those of the device. The device has 32 bits
 * and forgets them when they are read, so they are added up here; the watchdog
 * reads them before they can wrap.
 */
#include <linux/ethtool.h>

#include "e1000_nbl.h"

struct enbl_counter {
	char name[ETH_GSTRING_LEN];
	u16 reg;
	bool wide;		/* 64 bits; the upper half clears both */
};

/* In the order of registers; the names are the ones of netdev and ethtool */
static const struct enbl_counter enbl_counters[] = {
	{ "rx_crc_errors", ENBL_CRCERRS },
	{ "rx_align_errors", ENBL_ALGNERRC },
	{ "rx_symbol_errors", ENBL_SYMERRS },
	{ "rx_errors", ENBL_RXERRC },
	{ "rx_missed_errors", ENBL_MPC },
	{ "tx_single_collisions", ENBL_SCC },
	{ "tx_aborted_errors", ENBL_ECOL },
	{ "tx_multiple_collisions", ENBL_MCC },
	{ "tx_window_errors", ENBL_LATECOL },
	{ "collisions", ENBL_COLC },
	{ "tx_deferred", ENBL_DC },
	{ "tx_carrier_errors", ENBL_TNCRS },
	{ "rx_sequence_errors", ENBL_SEC },
	{ "rx_carrier_errors", ENBL_CEXTERR },
	{ "rx_length_errors", ENBL_RLEC },
	{ "rx_pause_xon", ENBL_XONRXC },
	{ "tx_pause_xon", ENBL_XONTXC },
	{ "rx_pause_xoff", ENBL_XOFFRXC },
	{ "tx_pause_xoff", ENBL_XOFFTXC },
	{ "rx_control_unsupported", ENBL_FCRUC },
	{ "rx_size_64", ENBL_PRC64 },
	{ "rx_size_127", ENBL_PRC127 },
	{ "rx_size_255", ENBL_PRC255 },
	{ "rx_size_511", ENBL_PRC511 },
	{ "rx_size_1023", ENBL_PRC1023 },
	{ "rx_size_max", ENBL_PRC1522 },
	{ "rx_good_packets", ENBL_GPRC },
	{ "rx_broadcast", ENBL_BPRC },
	{ "rx_multicast", ENBL_MPRC },
	{ "tx_good_packets", ENBL_GPTC },
	{ "rx_good_bytes", ENBL_GORCL, true },
	{ "tx_good_bytes", ENBL_GOTCL, true },
	{ "rx_no_buffer", ENBL_RNBC },
	{ "rx_undersize", ENBL_RUC },
	{ "rx_fragments", ENBL_RFC },
	{ "rx_oversize", ENBL_ROC },
	{ "rx_jabber", ENBL_RJC },
	{ "rx_total_bytes", ENBL_TORL, true },
	{ "tx_total_bytes", ENBL_TOTL, true },
	{ "rx_total_packets", ENBL_TPR },
	{ "tx_total_packets", ENBL_TPT },
	{ "tx_size_64", ENBL_PTC64 },
	{ "tx_size_127", ENBL_PTC127 },
	{ "tx_size_255", ENBL_PTC255 },
	{ "tx_size_511", ENBL_PTC511 },
	{ "tx_size_1023", ENBL_PTC1023 },
	{ "tx_size_max", ENBL_PTC1522 },
	{ "tx_multicast", ENBL_MPTC },
	{ "tx_broadcast", ENBL_BPTC },
	{ "tx_tso_segments", ENBL_TSCTC },
	{ "tx_tso_failed", ENBL_TSCTFC },
};

/* Context: stats_lock */
static u64 *enbl_hw_stat(struct enbl_adapter *adapter, u16 reg)
{
	return &adapter->hw_stats[(reg - ENBL_CRCERRS) / sizeof(u32)];
}

/**
 * enbl_hw_stats_update() - add up what the device has counted
 * @adapter: adapter
 *
 * A device that is gone reads as all ones and adds nothing.
 *
 * Context: process.
 */
void enbl_hw_stats_update(struct enbl_adapter *adapter)
{
	const struct enbl_counter *c;
	u64 high = 0;
	u32 low;
	int i;

	spin_lock_bh(&adapter->stats_lock);
	for (i = 0; i < ARRAY_SIZE(enbl_counters); i++) {
		c = &enbl_counters[i];
		low = enbl_read(adapter, c->reg);
		high = c->wide ? enbl_read(adapter, c->reg + 4) : 0;
		if (unlikely((c->wide ? high : low) == U32_MAX))
			break;
		*enbl_hw_stat(adapter, c->reg) += high << 32 | low;
	}
	spin_unlock_bh(&adapter->stats_lock);
}

/**
 * enbl_get_hw_stats64() - the device's part of the interface's statistics
 * @adapter: adapter
 * @s: added to
 *
 * As of the last look of the watchdog: reading 50 registers here would make
 * each look at an interface cost 50 exits in a virtual machine.
 *
 * Context: any but hard interrupt.
 */
void enbl_get_hw_stats64(struct enbl_adapter *adapter,
			 struct rtnl_link_stats64 *s)
{
	spin_lock_bh(&adapter->stats_lock);
	s->rx_crc_errors += *enbl_hw_stat(adapter, ENBL_CRCERRS);
	s->rx_frame_errors += *enbl_hw_stat(adapter, ENBL_ALGNERRC);
	s->rx_length_errors += *enbl_hw_stat(adapter, ENBL_RUC) +
			       *enbl_hw_stat(adapter, ENBL_ROC);
	s->rx_missed_errors += *enbl_hw_stat(adapter, ENBL_MPC);
	s->rx_errors += *enbl_hw_stat(adapter, ENBL_RXERRC) +
			*enbl_hw_stat(adapter, ENBL_CEXTERR);
	s->collisions += *enbl_hw_stat(adapter, ENBL_COLC);
	s->tx_aborted_errors += *enbl_hw_stat(adapter, ENBL_ECOL);
	s->tx_window_errors += *enbl_hw_stat(adapter, ENBL_LATECOL);
	s->tx_errors += *enbl_hw_stat(adapter, ENBL_ECOL) +
			*enbl_hw_stat(adapter, ENBL_LATECOL);
	spin_unlock_bh(&adapter->stats_lock);
}
