// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters: the queues' own, and those of the device. The device has 32 bits
 * and forgets them when they are read, so they are added up here; the watchdog
 * reads them before they can wrap.
 */
#include <linux/ethtool.h>
#include <net/netdev_queues.h>

#include "e1000_nbl.h"

struct enbl_counter {
	char name[ETH_GSTRING_LEN];
	u16 reg;
	bool wide;		/* 64 bits; the upper half clears both */
	bool kept;		/* QEMU's model does not clear it */
};

/* In the order of registers; the names are the ones of netdev and ethtool */
static const struct enbl_counter enbl_counters[] = {
	{ "rx_crc_errors", ENBL_CRCERRS },
	{ "rx_align_errors", ENBL_ALGNERRC },
	{ "rx_symbol_errors", ENBL_SYMERRS },
	{ "rx_errors", ENBL_RXERRC },
	{ "rx_missed_errors", ENBL_MPC, .kept = true },
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
	{ "rx_no_buffer", ENBL_RNBC, .kept = true },
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

/* What the model keeps counts from the last look on. Context: stats_lock */
static u32 enbl_since_last(struct enbl_adapter *adapter, u16 reg, u32 val)
{
	u32 *last = &adapter->hw_last[reg == ENBL_RNBC];
	u32 since = val - *last;

	*last = val;
	return since;
}

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
		if (c->kept && adapter->qemu)
			low = enbl_since_last(adapter, c->reg, low);
		*enbl_hw_stat(adapter, c->reg) += high << 32 | low;
	}
	spin_unlock_bh(&adapter->stats_lock);
}

/* Probe: what was before us does not count */
void enbl_hw_stats_clear(struct enbl_adapter *adapter)
{
	enbl_hw_stats_update(adapter);
	memset(adapter->hw_stats, 0, sizeof(adapter->hw_stats));
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

/* The queues' counters, in the order of the structures */
static const char * const enbl_rx_names[] = {
	"packets", "bytes", "alloc_failed", "errors", "length_errors",
	"multicast",
	/* enum xdp_action, then enum enbl_xdp_stat */
	"xdp_aborted", "xdp_drop", "xdp_pass", "xdp_tx", "xdp_redirect",
	"xdp_unknown", "xdp_tx_errors", "xdp_redirect_errors", "xdp_too_long",
	"xsk_packets", "xsk_no_buffer",
};

static const char * const enbl_tx_names[] = {
	"packets", "bytes", "xdp_packets", "xdp_bytes", "xsk_packets",
	"dropped", "tso", "stops", "copied", "copied_bytes", "xdp_xmit", "xdp_xmit_errors",
};

#define ENBL_NR_TX_DONE		5	/* of these are struct enbl_tx_done_stats */

static_assert(sizeof(struct enbl_rx_stats) ==
	      ARRAY_SIZE(enbl_rx_names) * sizeof(u64_stats_t));
static_assert(sizeof(struct enbl_tx_done_stats) ==
	      ENBL_NR_TX_DONE * sizeof(u64_stats_t));
static_assert(sizeof(struct enbl_tx_stats) ==
	      (ARRAY_SIZE(enbl_tx_names) - ENBL_NR_TX_DONE) *
	      sizeof(u64_stats_t));

int enbl_get_sset_count(struct net_device *netdev, int sset)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	switch (sset) {
	case ETH_SS_STATS:
		return adapter->nr_queues * (ARRAY_SIZE(enbl_rx_names) +
					     ARRAY_SIZE(enbl_tx_names)) +
		       ARRAY_SIZE(enbl_counters) + 2;
	case ETH_SS_TEST:
		return enbl_self_test_count();
	default:
		return -EOPNOTSUPP;
	}
}

void enbl_get_strings(struct net_device *netdev, u32 sset, u8 *data)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u16 q;
	int i;

	if (sset == ETH_SS_TEST)
		enbl_self_test_strings(data);
	if (sset != ETH_SS_STATS)
		return;

	for (q = 0; q < adapter->nr_queues; q++) {
		for (i = 0; i < ARRAY_SIZE(enbl_rx_names); i++)
			ethtool_sprintf(&data, "rx_queue_%u_%s", q,
					enbl_rx_names[i]);
		for (i = 0; i < ARRAY_SIZE(enbl_tx_names); i++)
			ethtool_sprintf(&data, "tx_queue_%u_%s", q,
					enbl_tx_names[i]);
	}
	ethtool_sprintf(&data, "resets");
	ethtool_sprintf(&data, "interrupt_us");	/* no counter: as programmed */
	for (i = 0; i < ARRAY_SIZE(enbl_counters); i++)
		ethtool_sprintf(&data, "%s", enbl_counters[i].name);
}

/* Counters that change together: a reader sees all of one moment */
static void enbl_get_rx(const struct enbl_rx_ring *rx,
			struct enbl_rx_stats *stats)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&rx->sync);
		*stats = rx->stats;
	} while (u64_stats_fetch_retry(&rx->sync, start));
}

/* Packets that were copied count when they are the device's, others when it is done */
static void enbl_get_tx(const struct enbl_tx_ring *tx,
			struct enbl_tx_done_stats *done,
			struct enbl_tx_stats *stats)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&tx->sync);
		*stats = tx->stats;
	} while (u64_stats_fetch_retry(&tx->sync, start));
	do {
		start = u64_stats_fetch_begin(&tx->done_sync);
		*done = tx->done;
	} while (u64_stats_fetch_retry(&tx->done_sync, start));
	u64_stats_set(&done->packets, u64_stats_read(&done->packets) +
		      u64_stats_read(&stats->copied));
	u64_stats_set(&done->bytes, u64_stats_read(&done->bytes) +
		      u64_stats_read(&stats->copied_bytes));
}

/* Of structs that hold nothing else */
static u64 *enbl_put_stats(u64 *data, const u64_stats_t *stats, size_t size)
{
	unsigned int i;

	for (i = 0; i < size / sizeof(*stats); i++)
		*data++ = u64_stats_read(&stats[i]);
	return data;
}

void enbl_get_ethtool_stats(struct net_device *netdev,
			    struct ethtool_stats *stats, u64 *data)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	int i;

	for (i = 0; i < adapter->nr_queues; i++) {
		const struct enbl_rx_ring *rx = &adapter->queue[i].rx;
		struct enbl_tx_done_stats done;
		struct enbl_rx_stats received;
		struct enbl_tx_stats sent;

		enbl_get_rx(rx, &received);
		enbl_get_tx(&adapter->queue[i].tx, &done, &sent);
		data = enbl_put_stats(data, &received.packets, sizeof(received));
		data = enbl_put_stats(data, &done.packets, sizeof(done));
		data = enbl_put_stats(data, &sent.dropped, sizeof(sent));
	}
	*data++ = adapter->resets;
	*data++ = READ_ONCE(adapter->queue[0].itr.us);

	enbl_hw_stats_update(adapter);
	spin_lock_bh(&adapter->stats_lock);
	for (i = 0; i < ARRAY_SIZE(enbl_counters); i++)
		*data++ = *enbl_hw_stat(adapter, enbl_counters[i].reg);
	spin_unlock_bh(&adapter->stats_lock);
}

/* What the standard groups read */
static u64 enbl_read_hw_stat(struct enbl_adapter *adapter, u16 reg)
{
	u64 val;

	spin_lock_bh(&adapter->stats_lock);
	val = *enbl_hw_stat(adapter, reg);
	spin_unlock_bh(&adapter->stats_lock);
	return val;
}

void enbl_get_pause_stats(struct net_device *netdev,
			  struct ethtool_pause_stats *stats)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	enbl_hw_stats_update(adapter);
	stats->tx_pause_frames = enbl_read_hw_stat(adapter, ENBL_XONTXC) +
				 enbl_read_hw_stat(adapter, ENBL_XOFFTXC);
	stats->rx_pause_frames = enbl_read_hw_stat(adapter, ENBL_XONRXC) +
				 enbl_read_hw_stat(adapter, ENBL_XOFFRXC);
}

void enbl_get_eth_phy_stats(struct net_device *netdev,
			    struct ethtool_eth_phy_stats *stats)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	enbl_hw_stats_update(adapter);
	stats->SymbolErrorDuringCarrier = enbl_read_hw_stat(adapter,
							    ENBL_SYMERRS);
}

/* 802.3 counts neither the addresses, the type nor the FCS as octets */
static u64 enbl_data_octets(struct enbl_adapter *adapter, u16 octets,
			    u16 frames)
{
	return enbl_read_hw_stat(adapter, octets) -
	       enbl_read_hw_stat(adapter, frames) * (ETH_HLEN + ETH_FCS_LEN);
}

void enbl_get_eth_mac_stats(struct net_device *netdev,
			    struct ethtool_eth_mac_stats *stats)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	const struct {
		u64 *to;
		u16 reg;
	} map[] = {
		{ &stats->FramesTransmittedOK, ENBL_GPTC },
		{ &stats->SingleCollisionFrames, ENBL_SCC },
		{ &stats->MultipleCollisionFrames, ENBL_MCC },
		{ &stats->FramesReceivedOK, ENBL_GPRC },
		{ &stats->FrameCheckSequenceErrors, ENBL_CRCERRS },
		{ &stats->AlignmentErrors, ENBL_ALGNERRC },
		{ &stats->FramesWithDeferredXmissions, ENBL_DC },
		{ &stats->LateCollisions, ENBL_LATECOL },
		{ &stats->FramesAbortedDueToXSColls, ENBL_ECOL },
		{ &stats->CarrierSenseErrors, ENBL_TNCRS },
		{ &stats->FramesLostDueToIntMACRcvError, ENBL_MPC },
		{ &stats->MulticastFramesXmittedOK, ENBL_MPTC },
		{ &stats->BroadcastFramesXmittedOK, ENBL_BPTC },
		{ &stats->MulticastFramesReceivedOK, ENBL_MPRC },
		{ &stats->BroadcastFramesReceivedOK, ENBL_BPRC },
		{ &stats->InRangeLengthErrors, ENBL_RLEC },
		{ &stats->FrameTooLongErrors, ENBL_ROC },
	};
	int i;

	enbl_hw_stats_update(adapter);
	for (i = 0; i < ARRAY_SIZE(map); i++)
		*map[i].to = enbl_read_hw_stat(adapter, map[i].reg);
	stats->OctetsTransmittedOK = enbl_data_octets(adapter, ENBL_GOTCL,
						      ENBL_GPTC);
	stats->OctetsReceivedOK = enbl_data_octets(adapter, ENBL_GORCL,
						   ENBL_GPRC);
}

/* Pause frames are the only ones of this kind that the device knows */
void enbl_get_eth_ctrl_stats(struct net_device *netdev,
			     struct ethtool_eth_ctrl_stats *stats)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u64 unknown;

	enbl_hw_stats_update(adapter);
	unknown = enbl_read_hw_stat(adapter, ENBL_FCRUC);
	stats->MACControlFramesTransmitted =
		enbl_read_hw_stat(adapter, ENBL_XONTXC) +
		enbl_read_hw_stat(adapter, ENBL_XOFFTXC);
	stats->MACControlFramesReceived =
		enbl_read_hw_stat(adapter, ENBL_XONRXC) +
		enbl_read_hw_stat(adapter, ENBL_XOFFRXC) + unknown;
	stats->UnsupportedOpcodesReceived = unknown;
}

void enbl_get_rmon_stats(struct net_device *netdev,
			 struct ethtool_rmon_stats *stats,
			 const struct ethtool_rmon_hist_range **ranges)
{
	static const struct ethtool_rmon_hist_range sizes[] = {
		{ 0, 64 }, { 65, 127 }, { 128, 255 }, { 256, 511 },
		{ 512, 1023 }, { 1024, ENBL_MAX_FRAME }, { }
	};
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u16 i;

	enbl_hw_stats_update(adapter);
	stats->undersize_pkts = enbl_read_hw_stat(adapter, ENBL_RUC);
	stats->oversize_pkts = enbl_read_hw_stat(adapter, ENBL_ROC);
	stats->fragments = enbl_read_hw_stat(adapter, ENBL_RFC);
	stats->jabbers = enbl_read_hw_stat(adapter, ENBL_RJC);
	/* The registers of either direction lie side by side */
	for (i = 0; i < ARRAY_SIZE(sizes) - 1; i++) {
		stats->hist[i] = enbl_read_hw_stat(adapter, ENBL_PRC64 + 4 * i);
		stats->hist_tx[i] = enbl_read_hw_stat(adapter,
						      ENBL_PTC64 + 4 * i);
	}
	*ranges = sizes;
}

void enbl_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *s)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u16 i;

	for (i = 0; i < adapter->nr_queues; i++) {
		const struct enbl_rx_ring *rx = &adapter->queue[i].rx;
		const struct enbl_tx_ring *tx = &adapter->queue[i].tx;
		struct enbl_rx_stats r;
		struct enbl_tx_done_stats d;
		struct enbl_tx_stats t;

		enbl_get_rx(rx, &r);
		enbl_get_tx(tx, &d, &t);
		s->rx_packets += u64_stats_read(&r.packets);
		s->rx_bytes += u64_stats_read(&r.bytes);
		s->multicast += u64_stats_read(&r.multicast);
		s->rx_dropped += u64_stats_read(&r.alloc_failed) +
				 u64_stats_read(&r.xdp[ENBL_XDP_TOO_LONG]);
		s->rx_frame_errors += u64_stats_read(&r.errors);
		s->rx_length_errors += u64_stats_read(&r.length_errors);
		s->tx_packets += u64_stats_read(&d.packets);
		s->tx_bytes += u64_stats_read(&d.bytes);
		s->tx_dropped += u64_stats_read(&t.dropped);
	}
	enbl_get_hw_stats64(adapter, s);
	s->rx_errors += s->rx_frame_errors + s->rx_length_errors +
			s->rx_crc_errors;
}

static void enbl_get_queue_stats_rx(struct net_device *netdev, int index,
				    struct netdev_queue_stats_rx *stats)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	const struct enbl_rx_ring *rx = &adapter->queue[index].rx;
	struct enbl_rx_stats received;

	enbl_get_rx(rx, &received);
	stats->packets = u64_stats_read(&received.packets);
	stats->bytes = u64_stats_read(&received.bytes);
	stats->alloc_fail = u64_stats_read(&received.alloc_failed);
}

static void enbl_get_queue_stats_tx(struct net_device *netdev, int index,
				    struct netdev_queue_stats_tx *stats)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	const struct enbl_tx_ring *tx = &adapter->queue[index].tx;
	struct enbl_tx_done_stats done;
	struct enbl_tx_stats sent;

	enbl_get_tx(tx, &done, &sent);
	stats->packets = u64_stats_read(&done.packets);
	stats->bytes = u64_stats_read(&done.bytes);
	stats->stop = u64_stats_read(&sent.stops);
}

/* Queues stay and keep their counts: nothing is outside of them */
static void enbl_get_base_stats(struct net_device *netdev,
				struct netdev_queue_stats_rx *rx,
				struct netdev_queue_stats_tx *tx)
{
	rx->packets = 0;
	rx->bytes = 0;
	rx->alloc_fail = 0;
	tx->packets = 0;
	tx->bytes = 0;
	tx->stop = 0;
}

static const struct netdev_stat_ops enbl_stat_ops = {
	.get_queue_stats_rx	= enbl_get_queue_stats_rx,
	.get_queue_stats_tx	= enbl_get_queue_stats_tx,
	.get_base_stats		= enbl_get_base_stats,
};

void enbl_stats_init(struct enbl_adapter *adapter)
{
	compat_set_stat_ops(adapter->netdev, &enbl_stat_ops);
}
