/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netif_txq_completed_wake() came after the stable kernels' backport of this,
 * statistics per queue in 6.10 and .stop among them in 6.11. That netlink tells
 * which NAPI serves a queue, and which interrupt that has, came in 6.7.
 */
#ifndef _COMPAT_NET_NETDEV_QUEUES_H
#define _COMPAT_NET_NETDEV_QUEUES_H

#include_next <net/netdev_queues.h>

#ifndef netif_txq_completed_wake
#define netif_txq_completed_wake(txq, pkts, bytes, get_desc, start_thrs) \
	({								 \
		struct netdev_queue *__txq = (txq);			 \
									 \
		netdev_tx_completed_queue(__txq, pkts, bytes);		 \
		__netif_txq_maybe_wake(__txq, get_desc, start_thrs, false); \
	})
#endif

#ifdef COMPAT_HAS_STAT_OPS
static inline void compat_set_stat_ops(struct net_device *netdev,
				       const struct netdev_stat_ops *ops)
{
	netdev->stat_ops = ops;
}
#else
struct netdev_queue_stats_rx {
	u64 bytes;
	u64 packets;
	u64 alloc_fail;
};

struct netdev_queue_stats_tx {
	u64 bytes;
	u64 packets;
	u64 stop;
};

struct netdev_stat_ops {
	void (*get_queue_stats_rx)(struct net_device *netdev, int index,
				   struct netdev_queue_stats_rx *stats);
	void (*get_queue_stats_tx)(struct net_device *netdev, int index,
				   struct netdev_queue_stats_tx *stats);
	void (*get_base_stats)(struct net_device *netdev,
			       struct netdev_queue_stats_rx *rx,
			       struct netdev_queue_stats_tx *tx);
};

static inline void compat_set_stat_ops(struct net_device *netdev,
				       const struct netdev_stat_ops *ops)
{
}
#endif

#ifndef COMPAT_HAS_QUEUE_NAPI
enum netdev_queue_type {
	NETDEV_QUEUE_TYPE_RX,
	NETDEV_QUEUE_TYPE_TX,
};

static inline void netif_queue_set_napi(struct net_device *netdev,
					unsigned int index,
					enum netdev_queue_type type,
					struct napi_struct *napi)
{
}

static inline void netif_napi_set_irq(struct napi_struct *napi, int irq)
{
}
#endif

#endif /* _COMPAT_NET_NETDEV_QUEUES_H */
