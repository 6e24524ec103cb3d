// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_XDP zero-copy: the device receives into a socket's memory and sends from it.
 *
 *   slot:  rx->nbl[i]  its list, always       posted when rx->xsk[i] is NULL
 *          rx->xsk[i]  a buffer of the socket's fill ring, if there was one
 *
 * A slot gets a buffer of the socket when its last frame is done. So binding
 * resets nothing and loses nothing: until a slot has been filled once its frame
 * is in a page, and copied. When the fill ring is empty the page steps in again,
 * so the ring never runs dry and nobody has to be woken up for receiving.
 * Unbinding is the reverse, by traffic; without any, a reset, which then loses
 * nothing either.
 */
#include <linux/bitfield.h>
#include <linux/bpf_trace.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <ndis/xdp.h>
#include <net/xdp_sock_drv.h>

#include "e1000_nbl.h"

/* How long unbinding waits for traffic to do it; at the end of it, a reset does */
#define ENBL_XSK_UNBIND_MS	200

/*
 * What the device may write to one buffer: without long frames it takes in a
 * tagged frame of the Ethernet MTU at most; with them, all that a buffer holds.
 */
static u32 enbl_xsk_needs(int mtu)
{
	return mtu > ETH_DATA_LEN ? ENBL_RX_BUF : VLAN_ETH_FRAME_LEN + ETH_FCS_LEN;
}

static bool enbl_xsk_fits(struct xsk_buff_pool *pool, int mtu)
{
	return mtu <= ENBL_XDP_MTU &&
	       xsk_pool_get_rx_frame_size(pool) >= enbl_xsk_needs(mtu);
}

bool enbl_xsk_mtu_ok(struct enbl_adapter *adapter, int mtu)
{
	u16 i;

	for (i = 0; i < adapter->nr_queues; i++)
		if (adapter->queue[i].xsk_pool &&
		    !enbl_xsk_fits(adapter->queue[i].xsk_pool, mtu))
			return false;
	return true;
}

/* @xdp goes to the device in slot @i */
void enbl_xsk_post(struct enbl_rx_ring *rx, u32 i, struct xdp_buff *xdp)
{
	struct enbl_rx_desc *desc = &rx->desc[i];

	rx->xsk[i] = xdp;
	desc->addr = cpu_to_le64(xsk_buff_xdp_get_dma(xdp));
	desc->wb = 0;
}

/* The same, after a program may have written to it */
static void enbl_xsk_repost(struct enbl_queue *queue, u32 i)
{
	struct xsk_buff_pool *pool = queue->xsk_pool;
	struct enbl_rx_ring *rx = &queue->rx;

	xsk_buff_raw_dma_sync_for_device(pool, xsk_buff_xdp_get_dma(rx->xsk[i]),
					 xsk_pool_get_rx_frame_size(pool));
	enbl_xsk_post(rx, i, rx->xsk[i]);
}

/* What is in @nr slots, 1 at least, goes to the device */
static void enbl_xsk_post_many(struct enbl_rx_desc *desc,
			       struct xdp_buff **slot, u32 nr)
{
	const struct enbl_rx_desc *stop = desc + nr;

	do {
		desc->addr = cpu_to_le64(xsk_buff_xdp_get_dma(*slot++));
		desc->wb = 0;
	} while (++desc != stop);
}

/*
 * Slots from @first up to @end, in one piece, have nothing of the socket: something
 * of its fill ring or, if there is too little, their lists again
 */
static noinline void enbl_xsk_fill(struct enbl_queue *queue,
				   struct enbl_rx_batch *batch, u32 first,
				   u32 end)
{
	struct enbl_rx_ring *rx = &queue->rx;
	u32 i = first, nr;

	while (i < end && likely(!READ_ONCE(queue->xsk_closing))) {
		/* One at a time where the device does not snoop */
		nr = xsk_buff_alloc_batch(queue->xsk_pool, &rx->xsk[i], end - i);
		if (unlikely(!nr))
			break;
		enbl_xsk_post_many(&rx->desc[i], &rx->xsk[i], nr);
		i += nr;
	}
	for (; unlikely(i < end); i++) {
		WRITE_ONCE(rx->xsk[i], NULL);
		enbl_rx_repost(rx, i, rx->nbl[i]);
		batch->xsk_no_buffer++;
	}
}

/* What the socket's memory in slot @i is not for goes on in a list's page */
static noinline void enbl_xsk_copy(struct enbl_queue *queue,
				   struct enbl_rx_batch *batch,
				   struct xdp_buff *from, u32 i, u32 act)
{
	u64 wb = le64_to_cpu(queue->rx.desc[i].wb);
	u32 meta = max_t(int, from->data - from->data_meta, 0);
	u32 len = from->data_end - from->data;
	struct xdp_buff *to = &batch->xdp.xdp;
	struct net_buffer_list *nbl;

	nbl = ndis_nbl_alloc(queue->rx.pool);
	if (unlikely(!nbl)) {
		enbl_rx_count(&queue->rx, &queue->rx.stats.alloc_failed);
		return;
	}
	ndis_nbl_to_xdp(nbl, 0, to);
	/* The program may have grown it beyond what a page holds */
	if (unlikely(len > xdp_data_hard_end(to) - to->data)) {
		batch->stats[ENBL_XDP_TOO_LONG]++;
		ndis_nbl_free(nbl);
		return;
	}
	to->data_meta = to->data - meta;
	to->data_end = to->data + len;
	memcpy(to->data_meta, from->data - meta, meta + len);
	if (wb & (RXD_VP | RXD_TCPCS) && act == XDP_PASS) {
		enbl_rx_set_info(queue->adapter, nbl, wb);
		/* What the device has checked began there */
		if (from->data != from->data_hard_start + XDP_PACKET_HEADROOM)
			ndis_nbl_set_checksum(nbl, 0);
	}
	enbl_xdp_verdict(queue, batch, nbl, act);
}

/* XDP_REDIRECT did not work */
static noinline void enbl_xsk_not_redirected(struct enbl_rx_batch *batch,
					     struct xdp_buff *xdp)
{
	trace_xdp_exception(batch->netdev, batch->prog, XDP_REDIRECT);
	batch->stats[ENBL_XDP_REDIRECT_ERRORS]++;
	/* Copied for a device it was freed: again changes nothing */
	xsk_buff_free(xdp);
}

/*
 * The frame in slot @i does not leave in the socket's memory.
 * Return: the memory did, because the socket wants it back
 */
static noinline bool enbl_xsk_stays(struct enbl_queue *queue,
				    struct enbl_rx_batch *batch, u32 i, u32 act)
{
	struct xdp_buff *xdp = queue->rx.xsk[i];

	if (unlikely(act > XDP_REDIRECT || act == XDP_ABORTED)) {
		enbl_xdp_aborted(queue, batch, act);
	} else {
		if (batch->prog)
			batch->stats[act]++;
		if (act != XDP_DROP)
			enbl_xsk_copy(queue, batch, xdp, i, act);
	}
	if (likely(!READ_ONCE(queue->xsk_closing))) {
		enbl_xsk_repost(queue, i);
		return false;
	}
	xsk_buff_free(xdp);
	return true;
}

/* Several buffers, an error, or a length that cannot be: lost up to its end */
static void enbl_xsk_bad(struct enbl_queue *queue, struct enbl_rx_batch *batch,
			 u64 wb)
{
	struct enbl_rx_ring *rx = &queue->rx;

	if (rx->frame_bufs != ENBL_RX_DISCARD) {
		if (wb & RXD_ERR_FRAME)
			enbl_rx_count(rx, &rx->stats.errors);
		else
			batch->stats[ENBL_XDP_TOO_LONG]++;
	}
	enbl_rx_drop_frame(rx, wb & RXD_EOP);
}

/* The next descriptor's buffer is a list's */
static void enbl_xsk_take_page(struct enbl_queue *queue,
			       struct enbl_rx_batch *batch, u64 wb)
{
	struct net_buffer_list *nbl;
	u16 i = queue->rx.next;

	if (batch->prog) {
		enbl_xdp_collect(queue, 1, batch);
		queue->rx.next = i;
		return;
	}
	nbl = enbl_rx_take(queue, wb);
	if (nbl) {
		enbl_rx_batch_count(batch, ndis_nbl_data(nbl),
				    ndis_nbl_length(nbl));
		ndis_nbl_to_xdp_frags(nbl, &batch->xdp.xdp);
		enbl_xdp_verdict(queue, batch, nbl, XDP_PASS);
	}
}

static void enbl_xsk_count(struct enbl_rx_batch *batch, u32 packets)
{
	batch->packets += packets;
	batch->xsk_packets += packets;
}

/* A whole frame in the socket's memory; counted later */
static __always_inline void enbl_xsk_take(struct enbl_queue *queue,
					  struct enbl_rx_batch *batch,
					  struct xdp_buff *xdp, u64 wb)
{
	u32 len = FIELD_GET(RXD_LENGTH, wb);

	xsk_buff_set_size(xdp, len);
	compat_xsk_sync_for_cpu(xdp, queue->xsk_pool);
	compat_xsk_set_private(xdp, wb);
	/* In this order nothing is read twice */
	batch->multicast += is_multicast_ether_addr(xdp->data);
	batch->bytes += len;
}

/* At the next descriptor: what enbl_xsk_run() leaves */
static noinline void enbl_xsk_take_other(struct enbl_queue *queue,
					 struct enbl_rx_batch *batch, u64 wb)
{
	struct enbl_rx_ring *rx = &queue->rx;
	u32 i = rx->next;

	if (!rx->xsk[i]) {
		enbl_xsk_take_page(queue, batch, wb);
	} else if (enbl_rx_is_whole(rx, wb, queue->xsk_len)) {
		/* Without a program */
		enbl_xsk_take(queue, batch, rx->xsk[i], wb);
		enbl_xsk_count(batch, 1);
		if (!enbl_xsk_stays(queue, batch, i, XDP_PASS))
			return;
	} else {
		enbl_xsk_bad(queue, batch, wb);
		enbl_xsk_post(rx, i, rx->xsk[i]);
		return;
	}
	enbl_xsk_fill(queue, batch, i, i + 1);
}

/*
 * Whole frames in the socket's memory meet the program, from slot @first up to @end at
 * most: pointers go along the ring in one piece, and slots are filled again together.
 * Return: the first slot with something else, and in @other its descriptor: a second
 * look could find a whole frame there.
 */
static u32 enbl_xsk_run(struct enbl_queue *queue, struct enbl_rx_batch *batch,
			u32 first, u32 end, u64 *other)
{
	const struct enbl_rx_desc *desc = &queue->rx.desc[first];
	const struct enbl_rx_desc *stop = &queue->rx.desc[end];
	struct xdp_buff **slot = &queue->rx.xsk[first];
	u32 room = queue->xsk_len, i, act;

	if (unlikely(queue->rx.frame_bufs || !batch->prog)) {
		*other = le64_to_cpu(READ_ONCE(desc->wb));
		dma_rmb();	/* as below */
		return first;
	}
	for (; desc != stop; desc++, slot++) {
		u64 wb = le64_to_cpu(READ_ONCE(desc->wb));
		struct xdp_buff *xdp = *slot;

		/* The buffer is not read before the descriptor said done */
		dma_rmb();
		if (unlikely(!enbl_rx_ends(wb, room) || !xdp)) {
			*other = wb;
			break;
		}
		enbl_xsk_take(queue, batch, xdp, wb);
		act = bpf_prog_run_xdp(batch->prog, xdp);
		if (likely(act == XDP_REDIRECT)) {
			batch->stats[XDP_REDIRECT]++;
			if (unlikely(xdp_do_redirect(batch->netdev, xdp, batch->prog)))
				enbl_xsk_not_redirected(batch, xdp);
			continue;
		}
		i = slot - queue->rx.xsk;
		if (!enbl_xsk_stays(queue, batch, i, act)) {
			enbl_xsk_fill(queue, batch, first, i);
			enbl_xsk_count(batch, i + 1 - first);
			first = i + 1;
		}
	}
	i = slot - queue->rx.xsk;
	enbl_xsk_fill(queue, batch, first, i);
	enbl_xsk_count(batch, i - first);
	return i;
}

/**
 * enbl_xsk_collect() - receive into a socket's memory
 * @queue: queue with a pool, in its NAPI
 * @budget: most descriptors to look at
 * @batch: from enbl_xdp_begin()
 *
 * Return: descriptors looked at.
 */
int enbl_xsk_collect(struct enbl_queue *queue, int budget,
		     struct enbl_rx_batch *batch)
{
	struct enbl_rx_ring *rx = &queue->rx;
	int done = 0;

	while (done < budget) {
		u32 end = min_t(u32, rx->count, rx->next + budget - done);
		u64 wb = 0;
		u32 i = enbl_xsk_run(queue, batch, rx->next, end, &wb);

		done += i - rx->next;
		if (i < end) {
			rx->next = i;
			if (!(wb & RXD_DD))
				break;
			enbl_xsk_take_other(queue, batch, wb);
			done++;
			i++;
		}
		rx->next = i == rx->count ? 0 : i;
	}
	return done;
}

/* What the device does not have any more. Context: NAPI off */
void enbl_xsk_release(struct enbl_rx_ring *rx)
{
	u16 i;

	for (i = 0; rx->xsk && i < rx->count; i++) {
		if (!rx->xsk[i])
			continue;
		xsk_buff_free(rx->xsk[i]);
		rx->xsk[i] = NULL;
	}
}

/* Short frames are padded, and the socket's memory is not for that */
static void enbl_xsk_put(struct enbl_tx_ring *tx, struct enbl_xdp_cursor *cur,
			 struct xsk_buff_pool *pool,
			 const struct xdp_desc *desc)
{
	dma_addr_t addr;

	if (unlikely(desc->len < ETH_ZLEN)) {
		memcpy(tx->buf[cur->next].copy,
		       xsk_buff_raw_get_data(pool, desc->addr), desc->len);
		enbl_xdp_put_copy(tx, cur, desc->len, ENBL_TX_XSK);
		return;
	}
	addr = xsk_buff_raw_get_dma(pool, desc->addr);
	xsk_buff_raw_dma_sync_for_device(pool, addr, desc->len);
	enbl_xdp_put_run(tx, cur, addr, desc->len, ENBL_TX_XSK);
}

/* Return: frames sent, at most ENBL_XSK_BATCH; -ENOSPC without room for any */
static int enbl_xsk_send_batch(struct enbl_queue *queue)
{
	struct xsk_buff_pool *pool = queue->xsk_pool;
	struct enbl_tx_ring *tx = &queue->tx;
	struct enbl_xdp_cursor cur;
	u32 i, nr;

	__netif_tx_lock(tx->txq, smp_processor_id());
	cur = enbl_xdp_open(tx);
	/* In pieces for PCI-X, and with an end split off behind TSO */
	nr = min_t(u32, cur.room / 4, ENBL_XSK_BATCH);
	if (!nr) {
		__netif_tx_unlock(tx->txq);
		return -ENOSPC;
	}
	nr = xsk_tx_peek_release_desc_batch(pool, nr);
	for (i = 0; i < nr; i++)
		enbl_xsk_put(tx, &cur, pool, &pool->tx_descs[i]);
	if (nr) {
		tx->xsk_queued += nr;
		enbl_xdp_close(tx, &cur);
		enbl_tx_doorbell(tx);
	}
	__netif_tx_unlock(tx->txq);
	return nr;
}

/**
 * enbl_xsk_send() - send what the socket has to send
 * @queue: queue with a pool, in its NAPI
 *
 * Return: there may be more, and no interrupt will say so.
 */
bool enbl_xsk_send(struct enbl_queue *queue)
{
	struct xsk_buff_pool *pool = queue->xsk_pool;
	int nr;

	if (!netif_carrier_ok(queue->adapter->netdev) ||
	    READ_ONCE(queue->xsk_closing))
		return false;
	nr = enbl_xsk_send_batch(queue);
	if (!nr) {
		/* Nothing under way that would bring us here again: ask for it */
		if (xsk_uses_need_wakeup(pool))
			xsk_set_tx_need_wakeup(pool);
		/* The socket writes its ring, then looks at the flag */
		smp_mb();
		nr = enbl_xsk_send_batch(queue);
	}
	if (nr && xsk_uses_need_wakeup(pool))
		xsk_clear_tx_need_wakeup(pool);
	return nr == ENBL_XSK_BATCH;
}

/**
 * enbl_xsk_wakeup() - ndo_xsk_wakeup
 * @netdev: our device
 * @index: queue
 * @flags: XDP_WAKEUP_*; both are the poll's
 *
 * Context: process or softirq.
 * Return: 0 or a negative errno.
 */
int enbl_xsk_wakeup(struct net_device *netdev, u32 index, u32 flags)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	struct enbl_queue *queue;

	if (!READ_ONCE(adapter->up) || !netif_carrier_ok(netdev))
		return -ENETDOWN;
	if (index >= adapter->nr_queues)
		return -EINVAL;
	queue = &adapter->queue[index];
	if (!READ_ONCE(queue->xsk_pool))
		return -EINVAL;

	local_bh_disable();
	if (!napi_if_scheduled_mark_missed(&queue->napi))
		napi_schedule(&queue->napi);
	local_bh_enable();
	return 0;
}

/*
 * The link is up, after a reset for instance: what sockets have queued they do
 * not ask for again. Context: process; the watchdog.
 */
void enbl_xsk_link_up(struct enbl_adapter *adapter)
{
	u16 i;

	for (i = 0; i < adapter->nr_queues; i++) {
		if (!READ_ONCE(adapter->queue[i].xsk_pool))
			continue;
		local_bh_disable();
		napi_schedule(&adapter->queue[i].napi);
		local_bh_enable();
	}
}

static int enbl_xsk_bind(struct enbl_queue *queue, struct xsk_buff_pool *pool)
{
	struct enbl_adapter *adapter = queue->adapter;
	struct net_device *netdev = adapter->netdev;
	struct xdp_rxq_info *rxq = &queue->rx.xsk_rxq;
	int err;

	if (!enbl_xsk_fits(pool, netdev->mtu)) {
		net_info_ratelimited("%s: AF_XDP zero-copy needs %u bytes per frame and an MTU of at most %u; there are %u, and the MTU is %u\n",
				     netdev->name, enbl_xsk_needs(netdev->mtu),
				     ENBL_XDP_MTU,
				     xsk_pool_get_rx_frame_size(pool),
				     netdev->mtu);
		return -EINVAL;
	}
	err = xsk_pool_dma_map(pool, &adapter->pdev->dev, 0);
	if (err)
		return err;
	err = xdp_rxq_info_reg(rxq, netdev, queue->index, queue->napi.napi_id);
	if (err)
		goto err_map;
	err = xdp_rxq_info_reg_mem_model(rxq, MEM_TYPE_XSK_BUFF_POOL, NULL);
	if (err)
		goto err_rxq;
	xsk_pool_set_rxq_info(pool, rxq);
	queue->xsk_len = min_t(u32, xsk_pool_get_rx_frame_size(pool),
			       ENBL_RX_BUF);
	/* Pairs with the poll: it uses the pool as it was set up */
	smp_store_release(&queue->xsk_pool, pool);
	return 0;

err_rxq:
	xdp_rxq_info_unreg(rxq);
err_map:
	xsk_pool_dma_unmap(pool, 0);
	return err;
}

/* Has the device nothing of the socket any more? Racy, unless NAPI is off */
static bool enbl_xsk_idle(struct enbl_queue *queue)
{
	struct enbl_rx_ring *rx = &queue->rx;
	struct enbl_tx_ring *tx = &queue->tx;
	u16 i;

	for (i = 0; i < rx->count; i++)
		if (READ_ONCE(rx->xsk[i]))
			return false;
	return READ_ONCE(tx->xsk_queued) == READ_ONCE(tx->xsk_cleaned);
}

/*
 * Under traffic the slots turn over, and what is to be sent is sent: no frame is
 * lost. Return: false if that took too long.
 */
static bool enbl_xsk_unbind_running(struct enbl_queue *queue)
{
	unsigned int ms;
	bool idle;

	WRITE_ONCE(queue->xsk_closing, true);
	for (ms = 0; ms < ENBL_XSK_UNBIND_MS && !enbl_xsk_idle(queue); ms += 2)
		usleep_range(2000, 2500);

	napi_disable(&queue->napi);
	idle = enbl_xsk_idle(queue);
	if (idle) {
		enbl_xsk_release(&queue->rx);
		queue->xsk_pool = NULL;
	}
	napi_enable(&queue->napi);
	/* Causes that came up meanwhile found it off */
	local_bh_disable();
	napi_schedule(&queue->napi);
	local_bh_enable();
	return idle;
}

static int enbl_xsk_unbind(struct enbl_queue *queue)
{
	struct enbl_adapter *adapter = queue->adapter;
	struct xsk_buff_pool *pool = queue->xsk_pool;
	bool running = netif_running(adapter->netdev) &&
		       netif_device_present(adapter->netdev);

	if (!pool)
		return -EINVAL;
	if (!running || !enbl_xsk_unbind_running(queue)) {
		/* Down completes what was to be sent, and ends wakeups */
		if (running)
			enbl_down(adapter);
		enbl_xsk_release(&queue->rx);
		WRITE_ONCE(queue->xsk_pool, NULL);
		if (running)
			enbl_up(adapter);
	}
	queue->xsk_closing = false;
	xdp_rxq_info_unreg(&queue->rx.xsk_rxq);
	xsk_pool_dma_unmap(pool, 0);
	return 0;
}

/**
 * enbl_xsk_setup() - XDP_SETUP_XSK_POOL
 * @adapter: adapter, up or down
 * @pool: socket's memory, or NULL: unbind
 * @index: queue
 *
 * Context: process, rtnl.
 * Return: 0 or a negative errno.
 */
int enbl_xsk_setup(struct enbl_adapter *adapter, struct xsk_buff_pool *pool,
		   u16 index)
{
	struct enbl_queue *queue;
	int err;

	if (index >= adapter->nr_queues)
		return -EINVAL;
	queue = &adapter->queue[index];
	if (pool && queue->xsk_pool)
		return -EBUSY;
	err = pool ? enbl_xsk_bind(queue, pool) : enbl_xsk_unbind(queue);
	if (!err)
		enbl_xdp_features(adapter);
	return err;
}
