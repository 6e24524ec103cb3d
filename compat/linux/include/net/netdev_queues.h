/* SPDX-License-Identifier: GPL-2.0-only */
/* netif_txq_completed_wake() came after the stable kernels' backport of this */
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

#endif /* _COMPAT_NET_NETDEV_QUEUES_H */
