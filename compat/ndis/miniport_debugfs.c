// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at adapters: counters for ethtool -S, and in debugfs ndis/adapters (a
 * line each, its counters below) and ndis/pending (lists that are out: where,
 * since when, which connection's frame it is).
 */
#include <linux/debugfs.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "miniport_internal.h"

const char ndis_adapter_stat_names[NDIS_ADAPTER_STATS][ETH_GSTRING_LEN] = {
	[NDIS_RX_PACKETS]	 = "rx_packets",
	[NDIS_RX_BYTES]		 = "rx_bytes",
	[NDIS_RX_ZERO_COPY]	 = "rx_zero_copy",
	[NDIS_RX_COPIED]	 = "rx_copied",
	[NDIS_RX_COPY_RESOURCES] = "rx_copy_resources",
	[NDIS_RX_COPY_SMALL]	 = "rx_copy_small",
	[NDIS_RX_COPY_MEMORY]	 = "rx_copy_memory",
	[NDIS_RX_COPY_SHARED]	 = "rx_copy_shared",
	[NDIS_RX_COPY_OTHER]	 = "rx_copy_other",
	[NDIS_RX_DROPPED]	 = "rx_dropped",
	[NDIS_RX_NOT_RUNNING]	 = "rx_not_running",
	[NDIS_RX_REFUSED]	 = "rx_refused",
	[NDIS_RX_TWICE]		 = "rx_indicated_twice",
	[NDIS_RX_RETURNED]	 = "rx_returned",
	[NDIS_RX_FORCED]	 = "rx_forced",
	[NDIS_RX_RETURN_TWICE]	 = "rx_returned_twice",
	[NDIS_TX_PACKETS]	 = "tx_packets",
	[NDIS_TX_BYTES]		 = "tx_bytes",
	[NDIS_TX_ERRORS]	 = "tx_errors",
	[NDIS_TX_DROPPED]	 = "tx_dropped",
	[NDIS_TX_COMPLETE_TWICE] = "tx_completed_twice",
	[NDIS_TX_FORCED]	 = "tx_forced",
	[NDIS_PAUSE_LATE]	 = "pause_late",
	[NDIS_RESETS]		 = "resets",
};
EXPORT_SYMBOL_GPL(ndis_adapter_stat_names);

/**
 * ndis_adapter_stat() - one counter
 * @adapter: adapter
 * @stat: which
 *
 * Return: its value; 0 of an adapter that is halted.
 */
u64 ndis_adapter_stat(const struct ndis_adapter *adapter,
		      enum ndis_adapter_stat stat)
{
	struct ndis_block *block = adapter->block;
	u64 value;

	if (!block)
		return 0;
	spin_lock_bh(&block->lock);
	value = block->stats[stat];
	spin_unlock_bh(&block->lock);
	return value;
}
EXPORT_SYMBOL_GPL(ndis_adapter_stat);

/**
 * ndis_adapter_get_stats() - all counters, in the order of their names
 * @adapter: adapter
 * @stats: NDIS_ADAPTER_STATS values
 */
void ndis_adapter_get_stats(const struct ndis_adapter *adapter, u64 *stats)
{
	struct ndis_block *block = adapter->block;

	spin_lock_bh(&block->lock);
	memcpy(stats, block->stats, sizeof(block->stats));
	spin_unlock_bh(&block->lock);
}
EXPORT_SYMBOL_GPL(ndis_adapter_get_stats);

/**
 * ndis_adapter_get_stats64() - an adapter's ndo_get_stats64
 * @adapter: adapter
 * @stats: filled in
 */
void ndis_adapter_get_stats64(const struct ndis_adapter *adapter,
			      struct rtnl_link_stats64 *stats)
{
	u64 s[NDIS_ADAPTER_STATS];

	if (!adapter->block)
		return;
	ndis_adapter_get_stats(adapter, s);
	stats->rx_packets = s[NDIS_RX_PACKETS];
	stats->rx_bytes = s[NDIS_RX_BYTES];
	stats->rx_dropped = s[NDIS_RX_DROPPED] + s[NDIS_RX_NOT_RUNNING];
	stats->rx_errors = s[NDIS_RX_REFUSED];
	stats->tx_packets = s[NDIS_TX_PACKETS];
	stats->tx_bytes = s[NDIS_TX_BYTES];
	stats->tx_errors = s[NDIS_TX_ERRORS];
	stats->tx_dropped = s[NDIS_TX_DROPPED];
}
EXPORT_SYMBOL_GPL(ndis_adapter_get_stats64);

/* --- whose frame is it? ------------------------------------------------------- */

static int ndis_describe_ports(const u8 *l4, u8 proto, char *text, size_t size)
{
	const __be16 *port = (const __be16 *)l4;

	if (proto != IPPROTO_TCP && proto != IPPROTO_UDP)
		return scnprintf(text, size, "protocol %u", proto);
	return scnprintf(text, size, "%s port %u > %u",
			 proto == IPPROTO_TCP ? "TCP" : "UDP",
			 ntohs(port[0]), ntohs(port[1]));
}

/* @nb is out: its memory is the miniport's, which does not write to it now */
static void ndis_describe_frame(const struct net_buffer *nb, char *text,
				size_t size)
{
	u8 b[ETH_HLEN + VLAN_HLEN + 60 + 4] = { };
	u32 l3 = ETH_HLEN;
	__be16 type;
	int n;

	ndis_nb_read(nb, b, sizeof(b));
	memcpy(&type, b + 2 * ETH_ALEN, sizeof(type));
	if (type == htons(ETH_P_8021Q)) {
		memcpy(&type, b + 2 * ETH_ALEN + VLAN_HLEN, sizeof(type));
		l3 += VLAN_HLEN;
	}
	if (type == htons(ETH_P_IP)) {
		n = scnprintf(text, size, "%pI4 > %pI4 ", b + l3 + 12,
			      b + l3 + 16);
		ndis_describe_ports(b + l3 + (b[l3] & 15) * 4, b[l3 + 9],
				    text + n, size - n);
	} else if (type == htons(ETH_P_IPV6)) {
		n = scnprintf(text, size, "%pI6c > %pI6c ", b + l3 + 8,
			      b + l3 + 24);
		ndis_describe_ports(b + l3 + 40, b[l3 + 6], text + n, size - n);
	} else {
		scnprintf(text, size, "type 0x%04x", ntohs(type));
	}
}

/**
 * ndis_out_describe() - a list that is out: tag, age, holder, frame
 * @out: record, under its block's lock
 * @text: receives the line
 * @size: its room
 */
void ndis_out_describe(const struct ndis_out *out, char *text, size_t size)
{
	const struct ndis_pool *pool = out->nbl->NdisPoolHandle;
	int n;

	n = scnprintf(text, size, "list %p (%.4s), %u bytes, out for %u ms, held by %s: ",
		      out->nbl, (const char *)&pool->tag, out->len,
		      jiffies_to_msecs(jiffies - out->since),
		      out->holder == NDIS_HELD_STACK ? "the stack" :
						       "the receiver");
	ndis_describe_frame(out->nbl->FirstNetBuffer, text + n, size - n);
}

/* --- debugfs ------------------------------------------------------------------ */

static const char * const ndis_state_names[] = {
	[NDIS_HALTED]	  = "halted",
	[NDIS_PAUSED]	  = "paused",
	[NDIS_RESTARTING] = "restarting",
	[NDIS_RUNNING]	  = "running",
	[NDIS_PAUSING]	  = "pausing",
};

static const char *ndis_block_name(const struct ndis_block *block)
{
	return block->netdev ? block->netdev->name : "(severed)";
}

static int adapters_show(struct seq_file *m, void *v)
{
	struct ndis_block *block;
	unsigned int i;

	mutex_lock(&ndis_blocks_lock);
	list_for_each_entry(block, &ndis_blocks, node) {
		spin_lock_bh(&block->lock);
		seq_printf(m, "%s owner %s state %s out %u sends %u of %u\n",
			   ndis_block_name(block), block->driver->name,
			   ndis_state_names[block->state], block->nr_out,
			   block->nr_sends, block->params.send_limit);
		for (i = 0; i < NDIS_ADAPTER_STATS; i++)
			if (block->stats[i])
				seq_printf(m, "  %s %llu\n",
					   ndis_adapter_stat_names[i],
					   block->stats[i]);
		spin_unlock_bh(&block->lock);
	}
	mutex_unlock(&ndis_blocks_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(adapters);

/* Context: block->lock. Lists that the miniport has not completed */
static void sends_show(struct seq_file *m, struct ndis_block *block)
{
	u32 i;

	for (i = 0; block->sends && i < block->params.send_limit; i++) {
		struct net_buffer_list *nbl = block->sends[i];
		const struct sk_buff *skb = nbl ? *ndis_send_skb(nbl) : NULL;

		if (skb)
			seq_printf(m, "%s list %p (%.4s), %u bytes, out for %u ms, held by the miniport\n",
				   ndis_block_name(block), nbl,
				   (const char *)&block->send_pool->tag,
				   skb->len,
				   jiffies_to_msecs(jiffies - (unsigned long)
						    nbl->NdisReserved[0]));
	}
}

/* The seam's part of ndis/pending: lists in the stack, lists at a miniport */
void ndis_miniport_pending_show(struct seq_file *m)
{
	char text[NDIS_DESCRIBE_LEN];
	struct ndis_block *block;
	struct ndis_out *out;

	mutex_lock(&ndis_blocks_lock);
	list_for_each_entry(block, &ndis_blocks, node) {
		spin_lock_bh(&block->lock);
		if (!block->severed) {
			list_for_each_entry(out, &block->out, node) {
				ndis_out_describe(out, text, sizeof(text));
				seq_printf(m, "%s %s\n",
					   ndis_block_name(block), text);
			}
			sends_show(m, block);
		}
		spin_unlock_bh(&block->lock);
	}
	mutex_unlock(&ndis_blocks_lock);
}

/* The seam's part of ndis/stats */
void ndis_miniport_stats_show(struct seq_file *m)
{
	seq_printf(m, "adapters_created %llu\n",
		   (u64)atomic64_read(&ndis_adapters_created));
	seq_printf(m, "adapters_destroyed %llu\n",
		   (u64)atomic64_read(&ndis_adapters_destroyed));
	seq_printf(m, "shared_allocated %llu\n",
		   (u64)atomic64_read(&ndis_shared_allocated));
	seq_printf(m, "shared_freed %llu\n",
		   (u64)atomic64_read(&ndis_shared_freed));
}

void ndis_miniport_debugfs(struct dentry *dir)
{
	debugfs_create_file("adapters", 0400, dir, NULL, &adapters_fops);
}
