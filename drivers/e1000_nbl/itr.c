// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt moderation: ITR, the least time between two interrupts, is what the user
 * says (rx-usecs), or longer while that pays (adaptive-rx). One register is for
 * receive and transmit.
 *
 *   at the end of a poll:  a rush, that fills a ring?      -> the shortest time
 *            once a tick:  enough packets to wait for?     -> the longest time
 *
 * Not net_dim: it compares one time with the next, for each NIC alone. NICs that
 * share an interrupt line are polled at each other's interrupts, so a step of one
 * changes little, and it turns back. README.md has figures.
 */
#include <linux/jiffies.h>

#include "e1000_nbl.h"

/* QEMU's models never wait for less than 128 us; in the tree 250 is for bulk */
#define ENBL_ITR_LONG_US	256
/* Where a ring of 256 is full after 172 us at line rate, and nothing waits in front */
#define ENBL_ITR_LONG_REAL_US	125
/* Received packets a second. Who asks and waits for an answer has far fewer */
#define ENBL_ITR_BUSY		20000
/* Polls that a rush is remembered */
#define ENBL_ITR_RUSH		64

static void enbl_itr_write(struct enbl_queue *queue, u16 us)
{
	WRITE_ONCE(queue->itr.us, us);
	enbl_write(queue->adapter, ENBL_ITR,
		   min_t(u32, us * 1000 / 256, U16_MAX));
}

/**
 * enbl_itr_adapt() - how long may the next interrupt wait?
 * @queue: queue, in its NAPI, at the end of a poll
 */
void enbl_itr_adapt(struct enbl_queue *queue)
{
	u64 received = u64_stats_read(&queue->rx.stats.packets);
	const struct enbl_adapter *adapter = queue->adapter;
	const struct enbl_tx_ring *tx = &queue->tx;
	struct enbl_itr *itr = &queue->itr;
	unsigned long ticks = jiffies - itr->since;
	u16 us;

	/* In twice the time there may be twice as many: half of a ring */
	if (received - itr->received > queue->rx.count / 4 ||
	    enbl_tx_distance(tx, itr->cleaned, tx->next_to_clean) > tx->count / 4)
		itr->rush = ENBL_ITR_RUSH;
	else if (itr->rush)
		itr->rush--;
	itr->received = received;
	itr->cleaned = tx->next_to_clean;

	if (ticks) {
		itr->busy = (received - itr->received_since) * HZ >=
			    (u64)ENBL_ITR_BUSY * ticks;
		itr->received_since = received;
		itr->since += ticks;
	}
	us = itr->busy && !itr->rush ? adapter->itr_long_us :
				       ENBL_ITR_DEFAULT_US;
	if (unlikely(us != itr->us))
		enbl_itr_write(queue, us);
}

/**
 * enbl_itr_start() - from the shortest time, as after a pause
 * @adapter: adapter, its NAPI off, or not adaptive yet
 * @adaptive: what it will be
 *
 * Context: process, rtnl.
 */
void enbl_itr_start(struct enbl_adapter *adapter, bool adaptive)
{
	u16 i;

	for (i = 0; i < adapter->nr_queues; i++) {
		struct enbl_queue *queue = &adapter->queue[i];
		struct enbl_itr *itr = &queue->itr;

		itr->received = u64_stats_read(&queue->rx.stats.packets);
		itr->received_since = itr->received;
		itr->cleaned = queue->tx.next_to_clean;
		itr->since = jiffies;
		itr->busy = false;
		itr->rush = 0;
		enbl_itr_write(queue, adaptive ? ENBL_ITR_DEFAULT_US :
						 adapter->itr_us);
	}
}

/**
 * enbl_itr_set() - by the user's time, or adaptive
 * @adapter: adapter, up or down
 * @us: rx-usecs, which holds unless it is adaptive
 * @adaptive: adaptive-rx
 *
 * Context: process, rtnl.
 */
void enbl_itr_set(struct enbl_adapter *adapter, u16 us, bool adaptive)
{
	adapter->itr_us = us;
	WRITE_ONCE(adapter->adaptive, false);
	if (netif_running(adapter->netdev)) {
		/* Polls that saw it adaptive have ended */
		synchronize_net();
		enbl_itr_start(adapter, adaptive);
	}
	/* Pairs with enbl_poll(): it finds what it goes on from */
	smp_store_release(&adapter->adaptive, adaptive);
}

void enbl_itr_init(struct enbl_adapter *adapter)
{
	adapter->itr_us = ENBL_ITR_DEFAULT_US;
	adapter->itr_long_us = adapter->qemu ? ENBL_ITR_LONG_US :
					       ENBL_ITR_LONG_REAL_US;
	/* Of real parts there was none to measure on */
	adapter->adaptive = adapter->qemu;
}
