// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network device: open and stop, up and down, the one way to reset, the
 * interrupt.
 *
 *   open = rings + interrupt + up        stop = down + interrupt + rings
 *   up   = program, enable, start        down = stop, disable, forget
 *   reset, resume, AER: down, up. Nothing is allocated, so nothing fails.
 *   ring sizes, MTU: down, new rings, up; without memory the old ones.
 */
#include <linux/bitfield.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/interrupt.h>
#include <linux/rtnetlink.h>
#include <net/netdev_queues.h>

#include "e1000_nbl.h"

#define ENBL_IRQ_MASK	(INT_RXT0 | INT_RXDMT0 | INT_RXO | INT_TXDW | \
			 INT_LSC | INT_RXSEQ)

/*
 * Interrupts are masked only while a poll takes longer than the device waits between
 * two of them, or a socket polls. Alone, an interrupt costs the read of ICR, which
 * clears its causes and with them the line; the one that finds a poll under way masks,
 * and the poll's end unmasks. On real parts ITR keeps them apart likewise, and with
 * ITR 0 it is one more per poll at most.
 *
 * The lock keeps flag and register the same: without it a late write of IMC could
 * follow the IMS of a poll that has just ended, and nobody would unmask again.
 */
static void enbl_irq_mask(struct enbl_adapter *adapter)
{
	unsigned long flags;

	spin_lock_irqsave(&adapter->irq_lock, flags);
	if (!adapter->irq_masked) {
		WRITE_ONCE(adapter->irq_masked, true);
		enbl_write(adapter, ENBL_IMC, U32_MAX);
	}
	spin_unlock_irqrestore(&adapter->irq_lock, flags);
}

/* Causes that came up meanwhile are latched: unmasking raises them */
static void enbl_irq_unmask(struct enbl_adapter *adapter)
{
	unsigned long flags;

	spin_lock_irqsave(&adapter->irq_lock, flags);
	WRITE_ONCE(adapter->irq_masked, false);
	enbl_write(adapter, ENBL_IMS, ENBL_IRQ_MASK);
	spin_unlock_irqrestore(&adapter->irq_lock, flags);
}

/* The device's mask may be gone without us: it is cheaper written than read */
void enbl_irq_refresh(struct enbl_adapter *adapter)
{
	unsigned long flags;

	spin_lock_irqsave(&adapter->irq_lock, flags);
	if (!adapter->irq_masked)
		enbl_write(adapter, ENBL_IMS, ENBL_IRQ_MASK);
	spin_unlock_irqrestore(&adapter->irq_lock, flags);
}

static irqreturn_t enbl_interrupt(int irq, void *data)
{
	struct enbl_adapter *adapter = data;
	struct enbl_queue *queue = adapter->queue;
	u32 icr = enbl_read(adapter, ENBL_ICR);

	/* All ones: the device is gone */
	if (unlikely(!icr || icr == U32_MAX))
		return IRQ_NONE;

	if (unlikely(icr & (INT_LSC | INT_RXSEQ)))
		enbl_kick_watchdog(adapter);

	/*
	 * Before napi_schedule_prep(): that makes sure of a poll whose end sees the
	 * flag, a new one or, if one is under way, another after it.
	 */
	if (test_bit(NAPI_STATE_SCHED, &queue->napi.state))
		enbl_irq_mask(adapter);
	napi_schedule_irqoff(&queue->napi);
	return IRQ_HANDLED;
}

/**
 * enbl_poll() - NAPI poll of one queue
 * @napi: &struct enbl_queue.napi
 * @budget: frames to receive at most; 0 from netpoll: transmit only
 *
 * Return: work done; @budget to be called again.
 */
static int enbl_poll(struct napi_struct *napi, int budget)
{
	struct enbl_queue *queue = container_of(napi, struct enbl_queue, napi);
	bool more = false;
	int done;

	enbl_tx_clean(queue, budget);
	if (unlikely(!budget))
		return 0;

	if (unlikely(READ_ONCE(queue->xsk_pool)))
		more = enbl_xsk_send(queue);
	done = enbl_rx_poll(queue, budget);
	if (done == budget || unlikely(more))
		return budget;

	/* Pairs with enbl_itr_set() */
	if (smp_load_acquire(&queue->adapter->adaptive))
		enbl_itr_adapt(queue);
	/* Who masks where it says no may do so after the poll that would unmask */
	if (napi_complete_done(napi, done) &&
	    READ_ONCE(queue->adapter->irq_masked))
		enbl_irq_unmask(queue->adapter);
	return done;
}

/* Everything that the part may have lost or, in QEMU, never resets */
static void enbl_program(struct enbl_adapter *adapter)
{
	struct net_device *netdev = adapter->netdev;
	u32 rctl = RCTL_BAM | RCTL_VFE | RCTL_SECRC;

	enbl_hw_reset(adapter);
	enbl_link_setup(adapter);
	enbl_set_ctrl(adapter, CTRL_VME,
		      netdev->features & NETIF_F_HW_VLAN_CTAG_RX ? CTRL_VME : 0);
	enbl_write(adapter, ENBL_VET, ETH_P_8021Q);
	enbl_write(adapter, ENBL_RXCSUM,
		   netdev->features & NETIF_F_RXCSUM ?
		   RXCSUM_IPOFL | RXCSUM_TUOFL : 0);

	/* By the buffers that there are, not by the MTU that is wanted */
	if (adapter->queue[0].rx.buf_len == ENBL_RX_BUF)
		rctl |= RCTL_LPE;
	enbl_filter_restore(adapter, rctl);
}

/**
 * enbl_up() - from idle rings to traffic
 * @adapter: adapter with rings, down
 *
 * Context: process, rtnl. Cannot fail.
 */
void enbl_up(struct enbl_adapter *adapter)
{
	u16 i;

	adapter->gone = !enbl_device_there(adapter);
	enbl_program(adapter);
	for (i = 0; i < adapter->nr_queues; i++) {
		enbl_tx_start(&adapter->queue[i]);
		enbl_rx_start(&adapter->queue[i]);
		napi_enable(&adapter->queue[i].napi);
	}
	enbl_itr_start(adapter, adapter->adaptive);

	enbl_write(adapter, ENBL_TIPG, 10 | 8 << 10 | 6 << 20);
	enbl_write(adapter, ENBL_TXDCTL, TXDCTL_GRAN |
		   FIELD_PREP(TXDCTL_WTHRESH, 1));
	enbl_write(adapter, ENBL_TCTL, TCTL_EN | TCTL_PSP | TCTL_RTLC |
		   FIELD_PREP(TCTL_CT, 15) | FIELD_PREP(TCTL_COLD, 64));
	enbl_set_rctl(adapter, 0, RCTL_EN);

	WRITE_ONCE(adapter->up, true);
	enbl_irq_unmask(adapter);
	/* Not just started: a qdisc may hold packets from before a reset */
	netif_tx_wake_all_queues(adapter->netdev);
	/* Looks at the link and sees to the carrier */
	enbl_kick_watchdog(adapter);
}

/**
 * enbl_down() - enbl_up() reversed; the rings stay
 * @adapter: adapter that is up
 *
 * Context: process, rtnl.
 */
void enbl_down(struct enbl_adapter *adapter)
{
	u16 i;

	WRITE_ONCE(adapter->up, false);
	for (i = 0; i < adapter->nr_queues; i++)
		napi_disable(&adapter->queue[i].napi);
	/* A poll that is complete may not have unmasked yet */
	synchronize_net();
	enbl_write(adapter, ENBL_IMC, U32_MAX);
	/* Who has seen it up has kicked the watchdog by then */
	synchronize_irq(adapter->pdev->irq);
	cancel_delayed_work_sync(&adapter->watchdog);

	/* After NAPI, because completion wakes queues */
	netif_carrier_off(adapter->netdev);
	netif_tx_disable(adapter->netdev);

	enbl_set_rctl(adapter, RCTL_EN, 0);
	enbl_write(adapter, ENBL_TCTL, 0);
	enbl_flush(adapter);
	usleep_range(10000, 20000);	/* what is on the bus ends */

	enbl_hw_stats_update(adapter);
	adapter->speed = 0;
	for (i = 0; i < adapter->nr_queues; i++) {
		enbl_rx_stop(&adapter->queue[i]);
		enbl_tx_stop(&adapter->queue[i]);
	}
}

/* Context: process, rtnl */
void enbl_reinit(struct enbl_adapter *adapter)
{
	if (!netif_running(adapter->netdev) ||
	    !netif_device_present(adapter->netdev))
		return;
	adapter->resets++;
	enbl_down(adapter);
	enbl_up(adapter);
}

void enbl_reset_work(struct work_struct *work)
{
	struct enbl_adapter *adapter = container_of(work, struct enbl_adapter,
						    reset);

	rtnl_lock();
	enbl_reinit(adapter);
	rtnl_unlock();
}

static void enbl_rings_destroy(struct enbl_adapter *adapter)
{
	u16 i;

	for (i = 0; i < adapter->nr_queues; i++) {
		if (adapter->queue[i].rx.desc)
			enbl_rx_ring_destroy(adapter, &adapter->queue[i].rx);
		if (adapter->queue[i].tx.desc)
			enbl_tx_ring_destroy(adapter, &adapter->queue[i].tx);
	}
}

static int enbl_rings_create(struct enbl_adapter *adapter, u16 nr_rx, u16 nr_tx)
{
	u16 i;

	for (i = 0; i < adapter->nr_queues; i++) {
		if (enbl_rx_ring_create(adapter, &adapter->queue[i].rx, nr_rx) ||
		    enbl_tx_ring_create(adapter, &adapter->queue[i].tx, nr_tx)) {
			enbl_rings_destroy(adapter);
			return -ENOMEM;
		}
	}
	return 0;
}

/* What "netdev" of generic netlink says of them: which NAPI, which interrupt */
static void enbl_queues_link(struct enbl_adapter *adapter, bool link)
{
	u16 i;

	for (i = 0; i < adapter->nr_queues; i++) {
		struct napi_struct *napi = &adapter->queue[i].napi;
		struct napi_struct *to = link ? napi : NULL;

		netif_napi_set_irq(napi, link ? adapter->pdev->irq : -1);
		netif_queue_set_napi(adapter->netdev, i, NETDEV_QUEUE_TYPE_RX,
				     to);
		netif_queue_set_napi(adapter->netdev, i, NETDEV_QUEUE_TYPE_TX,
				     to);
	}
}

int enbl_open(struct net_device *netdev)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	int err;

	if (!enbl_device_there(adapter)) {
		netdev_warn(netdev, "the device does not answer: its registers read all ones\n");
		return -ENODEV;
	}

	netif_carrier_off(netdev);
	err = enbl_rings_create(adapter, adapter->nr_rx_desc,
				adapter->nr_tx_desc);
	if (err)
		return err;

	/* A cause left over from before must not fire into request_irq() */
	enbl_write(adapter, ENBL_IMC, U32_MAX);
	enbl_read(adapter, ENBL_ICR);
	err = request_irq(adapter->pdev->irq, enbl_interrupt, IRQF_SHARED,
			  netdev->name, adapter);
	if (err) {
		netdev_err(netdev, "cannot get interrupt %u: %pe\n",
			   adapter->pdev->irq, ERR_PTR(err));
		enbl_rings_destroy(adapter);
		return err;
	}

	enbl_queues_link(adapter, true);
	enbl_up(adapter);
	return 0;
}

int enbl_stop(struct net_device *netdev)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	/* Detached: suspend or AER has it down already */
	if (netif_device_present(netdev))
		enbl_down(adapter);
	enbl_queues_link(adapter, false);
	free_irq(adapter->pdev->irq, adapter);
	enbl_rings_destroy(adapter);
	return 0;
}

/**
 * enbl_set_ring_sizes() - new rings, under traffic or not
 * @adapter: adapter
 * @nr_rx: descriptors per receive ring, checked by the caller
 * @nr_tx: descriptors per transmit ring, checked by the caller
 *
 * The new rings are made beside the old ones; without memory for them nothing
 * has changed.
 *
 * Context: process, rtnl.
 * Return: 0 or -ENOMEM.
 */
int enbl_set_ring_sizes(struct enbl_adapter *adapter, u16 nr_rx, u16 nr_tx)
{
	struct enbl_queue *queue = adapter->queue;
	bool running = netif_running(adapter->netdev);
	struct enbl_rx_ring *rx;
	struct enbl_tx_ring *tx;
	int err = 0;
	u16 i;

	if (!running)
		goto out;

	rx = kcalloc(adapter->nr_queues, sizeof(*rx), GFP_KERNEL);
	tx = kcalloc(adapter->nr_queues, sizeof(*tx), GFP_KERNEL);
	if (!rx || !tx) {
		err = -ENOMEM;
		goto out_free;
	}

	/* Off, because the pools are the NAPI's while it runs */
	enbl_down(adapter);
	for (i = 0; i < adapter->nr_queues; i++) {
		rx[i] = queue[i].rx;
		tx[i] = queue[i].tx;
		enbl_rx_ring_forget(&queue[i].rx);
		enbl_tx_ring_forget(&queue[i].tx);
	}
	err = enbl_rings_create(adapter, nr_rx, nr_tx);
	for (i = 0; i < adapter->nr_queues; i++) {
		if (err) {
			queue[i].rx = rx[i];
			queue[i].tx = tx[i];
		} else {
			enbl_rx_ring_destroy(adapter, &rx[i]);
			enbl_tx_ring_destroy(adapter, &tx[i]);
		}
	}
	enbl_up(adapter);

out_free:
	kfree(rx);
	kfree(tx);
out:
	if (!err) {
		adapter->nr_rx_desc = nr_rx;
		adapter->nr_tx_desc = nr_tx;
	}
	return err;
}

static int enbl_change_mtu(struct net_device *netdev, int mtu)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	bool was_long = enbl_long_frames(netdev);
	int err, old = netdev->mtu;

	if (!enbl_xdp_mtu_ok(adapter->xdp_prog, mtu)) {
		netdev_info(netdev, "the XDP program has no frags support and needs an MTU of at most %u\n",
			    ENBL_XDP_MTU);
		return -EINVAL;
	}
	if (!enbl_xsk_mtu_ok(adapter, mtu)) {
		netdev_info(netdev, "frames for an MTU of %d do not fit into the memory of the AF_XDP socket\n",
			    mtu);
		return -EINVAL;
	}
	netdev->mtu = mtu;
	if (was_long == enbl_long_frames(netdev))
		return 0;
	/* Other buffers, and the device must know */
	err = enbl_set_ring_sizes(adapter, adapter->nr_rx_desc,
				  adapter->nr_tx_desc);
	if (err)
		netdev->mtu = old;
	return err;
}

/* CTRL.VME is for both directions: without it the part inserts no tag either */
static netdev_features_t enbl_fix_features(struct net_device *netdev,
					   netdev_features_t features)
{
	if (!(features & NETIF_F_HW_VLAN_CTAG_RX))
		features &= ~NETIF_F_HW_VLAN_CTAG_TX;
	return features;
}

static int enbl_set_features(struct net_device *netdev,
			     netdev_features_t features)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	netdev_features_t changed = netdev->features ^ features;

	if (!netif_running(netdev))
		return 0;

	if (changed & NETIF_F_HW_VLAN_CTAG_RX) {
		mutex_lock(&adapter->link_lock);	/* the watchdog sets pause */
		enbl_set_ctrl(adapter, CTRL_VME,
			      features & NETIF_F_HW_VLAN_CTAG_RX ? CTRL_VME : 0);
		mutex_unlock(&adapter->link_lock);
	}
	if (changed & NETIF_F_RXCSUM)
		enbl_write(adapter, ENBL_RXCSUM, features & NETIF_F_RXCSUM ?
			   RXCSUM_IPOFL | RXCSUM_TUOFL : 0);
	if (changed & NETIF_F_HW_VLAN_CTAG_FILTER) {
		netdev->features = features;
		netif_addr_lock_bh(netdev);
		enbl_set_rx_mode(netdev);
		netif_addr_unlock_bh(netdev);
	}
	return 0;
}

const struct net_device_ops enbl_netdev_ops = {
	.ndo_open		= enbl_open,
	.ndo_stop		= enbl_stop,
	.ndo_start_xmit		= enbl_xmit,
	.ndo_features_check	= enbl_features_check,
	.ndo_set_rx_mode	= enbl_set_rx_mode,
	.ndo_set_mac_address	= enbl_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_change_mtu		= enbl_change_mtu,
	.ndo_tx_timeout		= enbl_tx_timeout,
	.ndo_get_stats64	= enbl_get_stats64,
	.ndo_vlan_rx_add_vid	= enbl_vlan_rx_add_vid,
	.ndo_vlan_rx_kill_vid	= enbl_vlan_rx_kill_vid,
	.ndo_fix_features	= enbl_fix_features,
	.ndo_set_features	= enbl_set_features,
	.ndo_bpf		= enbl_bpf,
	.ndo_xsk_wakeup		= enbl_xsk_wakeup,
	.ndo_xdp_xmit		= enbl_xdp_xmit,
};

void enbl_netdev_init(struct enbl_adapter *adapter)
{
	struct net_device *netdev = adapter->netdev;
	u16 i;

	set_bit(0, adapter->active_vlans);
	netdev->netdev_ops = &enbl_netdev_ops;
	netdev->ethtool_ops = &enbl_ethtool_ops;
	netdev->watchdog_timeo = 5 * HZ;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = ENBL_MAX_MTU;
	netdev->priv_flags |= IFF_UNICAST_FLT | IFF_LIVE_ADDR_CHANGE;

	netdev->hw_features = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_TSO |
			      NETIF_F_RXCSUM | NETIF_F_HW_VLAN_CTAG_TX |
			      NETIF_F_HW_VLAN_CTAG_RX |
			      NETIF_F_HW_VLAN_CTAG_FILTER;
	/* QEMU counts the IPv6 header into the payload length of segments */
	if (!adapter->qemu)
		netdev->hw_features |= NETIF_F_TSO6;
	netdev->features = netdev->hw_features | NETIF_F_HIGHDMA;
	netdev->vlan_features = netdev->features & (NETIF_F_SG |
				NETIF_F_HW_CSUM | NETIF_F_ALL_TSO |
				NETIF_F_HIGHDMA);
	enbl_stats_init(adapter);
	enbl_xdp_init(adapter);

	for (i = 0; i < adapter->nr_queues; i++) {
		struct enbl_queue *queue = &adapter->queue[i];

		queue->adapter = adapter;
		queue->index = i;
		u64_stats_init(&queue->rx.sync);
		u64_stats_init(&queue->tx.sync);
		u64_stats_init(&queue->tx.done_sync);
		netif_napi_add(netdev, &queue->napi, enbl_poll);
	}
}
