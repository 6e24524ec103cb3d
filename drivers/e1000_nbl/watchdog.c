// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is looked at every two seconds, while the interface is up: the link, whether
 * there is a device still and whether it may reach memory, interrupts that were lost, a
 * transmitter that hangs, counters before they wrap.
 *
 * What does not answer is said once, and what helps is the one reset path. The stack's
 * own watchdog waits five seconds and for a queue that has stopped, which one that
 * sends little never does.
 */
#include <linux/bitfield.h>
#include <linux/netdevice.h>

#include "e1000_nbl.h"

#define ENBL_WATCHDOG	(2 * HZ)

/* Not while it is down: nobody would cancel it again */
void enbl_kick_watchdog(struct enbl_adapter *adapter)
{
	if (READ_ONCE(adapter->up))
		mod_delayed_work(system_percpu_wq, &adapter->watchdog, 0);
}

static void enbl_report_link(struct enbl_adapter *adapter)
{
	static const char * const pause[] = { "off", "rx", "tx", "rx/tx" };
	u32 ctrl = adapter->ctrl;

	netif_info(adapter, link, adapter->netdev, "link is up, %u Mb/s, %s duplex, flow control %s\n",
		   adapter->speed, adapter->full_duplex ? "full" : "half",
		   pause[!!(ctrl & CTRL_RFCE) + 2 * !!(ctrl & CTRL_TFCE)]);
}

/*
 * A real part stops in the middle of its ring without a link; what is left
 * there would keep its senders waiting and be sent when the link is back.
 */
static void enbl_flush_tx(struct enbl_adapter *adapter)
{
	u16 i;

	for (i = 0; i < adapter->nr_queues; i++)
		if (enbl_tx_pending(&adapter->queue[i].tx))
			schedule_work(&adapter->reset);
}

static void enbl_watch_link(struct enbl_adapter *adapter)
{
	struct net_device *netdev = adapter->netdev;
	bool was_gone = adapter->gone;
	bool up = enbl_link_update(adapter);

	if (up && !netif_carrier_ok(netdev)) {
		enbl_report_link(adapter);
		netif_carrier_on(netdev);
		enbl_xsk_link_up(adapter);
	} else if (!up && netif_carrier_ok(netdev)) {
		netif_info(adapter, link, netdev, "link is down\n");
		netif_carrier_off(netdev);
		enbl_flush_tx(adapter);
	}

	if (was_gone != adapter->gone && net_ratelimit())
		netdev_warn(netdev, "the device %s\n", adapter->gone ?
			    "does not answer: its registers read all ones" :
			    "answers again and is reset");
	if (was_gone && !adapter->gone)
		schedule_work(&adapter->reset);
}

/* One line for a hang; the reset says no more */
static void enbl_tx_hangs(struct enbl_adapter *adapter, unsigned int index)
{
	const struct enbl_tx_ring *tx = &adapter->queue[index].tx;

	if (net_ratelimit())
		netdev_warn(adapter->netdev, "transmit queue %u hangs at descriptor %u of %u..%u; the device is reset\n",
			    index, enbl_read(adapter, ENBL_TDH),
			    tx->next_to_clean, tx->next_to_use);
	schedule_work(&adapter->reset);
}

/* ndo_tx_timeout: the stack's watchdog, where ours has missed it */
void enbl_tx_timeout(struct net_device *netdev, unsigned int index)
{
	enbl_tx_hangs(netdev_priv(netdev), index);
}

/*
 * Something waits for the device, did so at the last look, and nothing has come of it:
 * neither a report nor, as the last of copies have none, a descriptor fetched. A partner
 * that asks for a pause may make it wait.
 */
static void enbl_watch_tx(struct enbl_adapter *adapter, struct enbl_queue *queue)
{
	struct enbl_tx_ring *tx = &queue->tx;
	u32 cleaned = READ_ONCE(tx->cleaned);
	u16 use = READ_ONCE(tx->next_to_use);
	bool pending, waits = false;
	u32 head = use;

	if (use != READ_ONCE(tx->next_to_clean)) {
		pending = enbl_tx_pending(tx);
		head = enbl_read(adapter, ENBL_TDH);
		waits = pending || head != use;
	}
	if (waits && tx->waited && tx->watched_cleaned == cleaned &&
	    tx->watched_head == head &&
	    !(enbl_read(adapter, ENBL_STATUS) & STATUS_TXOFF)) {
		enbl_tx_hangs(adapter, queue->index);
		waits = false;
	}
	tx->waited = waits;
	tx->watched_cleaned = cleaned;
	tx->watched_head = head;
}

/* The reset gives it back. One that did not help would not, the next time */
static void enbl_watch_config(struct enbl_adapter *adapter)
{
	bool lost = enbl_config_lost(adapter);

	if (lost && !adapter->config_lost)
		schedule_work(&adapter->reset);
	adapter->config_lost = lost;
}

/* What an interrupt would have told, had it come: seconds late, but not never */
static void enbl_poll_anyway(struct enbl_queue *queue)
{
	local_bh_disable();
	napi_schedule(&queue->napi);
	local_bh_enable();
}

void enbl_watchdog(struct work_struct *work)
{
	struct enbl_adapter *adapter = container_of(work, struct enbl_adapter,
						    watchdog.work);
	u16 i;

	enbl_watch_link(adapter);
	enbl_watch_config(adapter);
	enbl_irq_refresh(adapter);
	for (i = 0; i < adapter->nr_queues; i++) {
		if (netif_carrier_ok(adapter->netdev))
			enbl_watch_tx(adapter, &adapter->queue[i]);
		enbl_poll_anyway(&adapter->queue[i]);
	}
	enbl_hw_stats_update(adapter);
	if (READ_ONCE(adapter->up))
		queue_delayed_work(system_percpu_wq, &adapter->watchdog, ENBL_WATCHDOG);
}
