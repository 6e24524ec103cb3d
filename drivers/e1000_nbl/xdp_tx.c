// SPDX-License-Identifier: GPL-2.0-only
/*
 * XDP transmit, on the one ring that there is, which the stack uses too: its
 * lock, and its own share.
 *
 *   XDP_TX     received lists, at the end of the poll     enbl_xdp_send_lists()
 *   redirect   other devices' xdp_frames, in bulk         enbl_xdp_xmit()
 *
 *   [ the stack's: two of its largest packets, at least | ... | kept for XDP ]
 *
 * XDP's share appears when XDP first sends. The stack leaves it alone, and XDP
 * goes beyond it only while the stack's is free. So neither waits for longer
 * than the device takes to send what is in front.
 */
#include <linux/bpf_trace.h>
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <ndis/xdp.h>

#include "e1000_nbl.h"

/* Context: the queue's lock */
static void enbl_xdp_count_xmit(struct enbl_tx_ring *tx, unsigned int sent,
				unsigned int failed)
{
	u64_stats_update_begin(&tx->sync);
	u64_stats_add(&tx->stats.xdp_xmit, sent);
	u64_stats_add(&tx->stats.xdp_xmit_errors, failed);
	u64_stats_update_end(&tx->sync);
}

/* Descriptors for a run of @len bytes, with one more where the end is split */
static u16 enbl_xdp_need(const struct enbl_tx_ring *tx, u32 len)
{
	u16 need = likely(len <= tx->chunk) ? 1 : DIV_ROUND_UP(len, tx->chunk);

	return need + (unlikely(tx->after_tso) && tx->split_last);
}

/* Is there room for @need descriptors, and is it XDP's? */
static bool enbl_xdp_room(struct enbl_tx_ring *tx, u16 need)
{
	u16 room = enbl_tx_room(tx);
	u32 used;

	if (unlikely(!tx->xdp_reserve))
		tx->xdp_reserve = min_t(u16, (tx->count - 1 - ENBL_TX_WAKE) / 2,
					tx->count / 4);
	if (likely(room >= need + tx->xdp_reserve + ENBL_TX_WAKE))
		return true;

	used = tx->xdp_queued - READ_ONCE(tx->xdp_cleaned);
	return room >= need && used + need <= tx->xdp_reserve;
}

/* A run of bytes; who unmaps it later finds it at its first descriptor */
static u16 enbl_xdp_put(struct enbl_tx_ring *tx, dma_addr_t addr, u32 len,
			u64 cmd, u16 *next)
{
	u32 part = len;
	u16 i = *next;
	u16 last;

	tx->buf[i].dma = addr;
	for (;;) {
		tx->buf[i].len = part;
		part = 0;
		last = i;
		tx->desc[i].addr = cpu_to_le64(addr);
		tx->desc[i].cmd = cpu_to_le64(cmd | min_t(u32, len, tx->chunk));
		i = enbl_tx_next(tx, i);
		if (likely(len <= tx->chunk))
			break;
		addr += tx->chunk;
		len -= tx->chunk;
	}
	*next = i;
	return last;
}

/*
 * See enbl_tx_list(): after a packet with TSO the device may report early, so
 * the end has a descriptor of its own.
 */
static u16 enbl_xdp_split(struct enbl_tx_ring *tx, u16 last, u64 cmd, u16 *next)
{
	u32 len = le64_to_cpu(tx->desc[last].cmd) & TXD_LENGTH;
	u16 i = *next;

	tx->after_tso = false;
	if (!tx->split_last || len <= 8)
		return last;
	tx->desc[last].cmd = cpu_to_le64(cmd | (len - 4));
	tx->desc[i].addr = cpu_to_le64(le64_to_cpu(tx->desc[last].addr) +
				       len - 4);
	tx->desc[i].cmd = cpu_to_le64(cmd | 4);
	tx->buf[i].len = 0;
	*next = enbl_tx_next(tx, i);
	return i;
}

/* The frame ends in descriptor @last: it is the device's with the doorbell */
static void enbl_xdp_commit(struct enbl_tx_ring *tx, enum enbl_tx_type type,
			    u32 bytes, u16 last, u16 next)
{
	const u64 cmd = TXD_DEXT | TXD_DTYP_DATA | TXD_IFCS;
	struct enbl_tx_buf *buf = &tx->buf[tx->next_to_use];

	if (unlikely(tx->after_tso))
		last = enbl_xdp_split(tx, last, cmd, &next);
	tx->desc[last].cmd |= cpu_to_le64(TXD_EOP | TXD_RS);
	buf->type = type;
	buf->packets = 1;
	buf->bytes = bytes;
	buf->eop = last;
	tx->xdp_queued += (next > tx->next_to_use ? 0 : tx->count) + next -
			  tx->next_to_use;
	tx->room = 0;	/* the stack looks again */
	/* Pairs with enbl_tx_clean(): @buf is written before the index says */
	smp_store_release(&tx->next_to_use, next);
}

/* Return: false without room, and the list is still the caller's */
static bool enbl_xdp_send_list(struct enbl_tx_ring *tx,
			       struct net_buffer_list *nbl)
{
	const u64 cmd = TXD_DEXT | TXD_DTYP_DATA | TXD_IFCS;
	const struct ndis_obj *obj = &ndis_nbl_obj(nbl)->obj;
	struct skb_shared_info *frags = ndis_xdp_frags(nbl);
	u32 len = ndis_nbl_length(nbl), bytes = len;
	dma_addr_t addr = ndis_xdp_dma(nbl);
	struct device *dev = obj->pool->dev;
	u16 need = enbl_xdp_need(tx, len);
	u16 next = tx->next_to_use, last;
	unsigned int i;

	for (i = 0; unlikely(frags) && i < frags->nr_frags; i++) {
		need += enbl_xdp_need(tx, skb_frag_size(&frags->frags[i]));
		bytes += skb_frag_size(&frags->frags[i]);
	}
	if (unlikely(bytes > ENBL_MAX_FRAME || !enbl_xdp_room(tx, need)))
		return false;

	if (unlikely(obj->dma_sync))
		dma_sync_single_for_device(dev, addr, len, DMA_BIDIRECTIONAL);
	tx->buf[next].list = nbl;
	last = enbl_xdp_put(tx, addr, len, cmd, &next);
	for (i = 0; unlikely(frags) && i < frags->nr_frags; i++) {
		const skb_frag_t *frag = &frags->frags[i];

		len = skb_frag_size(frag);
		addr = page_pool_get_dma_addr(skb_frag_page(frag)) +
		       skb_frag_off(frag);
		if (unlikely(obj->dma_sync))
			dma_sync_single_for_device(dev, addr, len,
						   DMA_BIDIRECTIONAL);
		last = enbl_xdp_put(tx, addr, len, cmd, &next);
	}
	enbl_xdp_commit(tx, ENBL_TX_LIST, bytes, last, next);
	return true;
}

/**
 * enbl_xdp_send_lists() - XDP_TX: send received lists
 * @queue: queue, in its NAPI
 * @nbl: chain of lists from ndis_xdp_to_nbl()
 * @prog: who says so
 *
 * What finds no room is dropped and traced.
 *
 * Return: how many were dropped.
 */
unsigned int enbl_xdp_send_lists(struct enbl_queue *queue,
				 struct net_buffer_list *nbl,
				 const struct bpf_prog *prog)
{
	struct net_device *netdev = queue->adapter->netdev;
	struct netdev_queue *txq = netdev_get_tx_queue(netdev, queue->index);
	struct enbl_tx_ring *tx = &queue->tx;
	unsigned int sent = 0, failed = 0;
	struct net_buffer_list *next;

	__netif_tx_lock(txq, smp_processor_id());
	for (; nbl; nbl = next) {
		next = nbl->Next;
		if (likely(enbl_xdp_send_list(tx, nbl))) {
			sent++;
			continue;
		}
		ndis_nbl_free(nbl);
		trace_xdp_exception(netdev, prog, XDP_TX);
		failed++;
	}
	if (sent)
		enbl_tx_doorbell(tx);
	__netif_tx_unlock(txq);
	return failed;
}

/* What enbl_xdp_put() has noted from @i up to @end */
static void enbl_xdp_unmap(struct enbl_tx_ring *tx, struct device *dev, u16 i,
			   u16 end)
{
	do {
		const struct enbl_tx_buf *buf = &tx->buf[i];

		if (likely(buf->len))
			dma_unmap_page(dev, buf->dma, buf->len, DMA_TO_DEVICE);
		i = enbl_tx_next(tx, i);
	} while (unlikely(i != end));
}

static bool enbl_xdp_map_frags(struct enbl_tx_ring *tx, struct device *dev,
			       const struct skb_shared_info *frags, u64 cmd,
			       u16 *last, u16 *next)
{
	unsigned int i;

	for (i = 0; i < frags->nr_frags; i++) {
		const skb_frag_t *frag = &frags->frags[i];
		u32 len = skb_frag_size(frag);
		dma_addr_t addr;

		addr = skb_frag_dma_map(dev, frag, 0, len, DMA_TO_DEVICE);
		if (unlikely(dma_mapping_error(dev, addr)))
			return false;
		*last = enbl_xdp_put(tx, addr, len, cmd, next);
	}
	return true;
}

/* The device sends nothing shorter, and what is behind a frame is nobody's */
static bool enbl_xdp_pad(struct xdp_frame *frame)
{
	void *end = xdp_get_shared_info_from_frame(frame);

	if (likely(frame->len >= ETH_ZLEN || xdp_frame_has_frags(frame)))
		return true;
	if (frame->len < ETH_HLEN || frame->data + ETH_ZLEN > end)
		return false;
	memset(frame->data + frame->len, 0, ETH_ZLEN - frame->len);
	frame->len = ETH_ZLEN;
	return true;
}

/* Return: false, and the frame is still the caller's */
static bool enbl_xdp_send_frame(struct enbl_tx_ring *tx, struct device *dev,
				struct xdp_frame *frame)
{
	const u64 cmd = TXD_DEXT | TXD_DTYP_DATA | TXD_IFCS;
	struct skb_shared_info *frags = NULL;
	u16 next = tx->next_to_use, last;
	u32 bytes, need;
	dma_addr_t addr;
	unsigned int i;

	if (unlikely(!enbl_xdp_pad(frame)))
		return false;
	bytes = frame->len;
	need = enbl_xdp_need(tx, bytes);
	if (unlikely(xdp_frame_has_frags(frame))) {
		frags = xdp_get_shared_info_from_frame(frame);
		bytes += frags->xdp_frags_size;
		for (i = 0; i < frags->nr_frags; i++)
			need += enbl_xdp_need(tx, skb_frag_size(&frags->frags[i]));
	}
	if (unlikely(bytes < ETH_ZLEN || bytes > ENBL_MAX_FRAME ||
		     !enbl_xdp_room(tx, need)))
		return false;

	addr = dma_map_single(dev, frame->data, frame->len, DMA_TO_DEVICE);
	if (unlikely(dma_mapping_error(dev, addr)))
		return false;
	tx->buf[next].frame = frame;
	last = enbl_xdp_put(tx, addr, frame->len, cmd, &next);
	if (unlikely(frags) &&
	    !enbl_xdp_map_frags(tx, dev, frags, cmd, &last, &next)) {
		enbl_xdp_unmap(tx, dev, tx->next_to_use, next);
		return false;
	}
	enbl_xdp_commit(tx, ENBL_TX_FRAME, bytes, last, next);
	return true;
}

/**
 * enbl_xdp_xmit() - ndo_xdp_xmit: send frames that were redirected to us
 * @netdev: our device
 * @n: number of frames
 * @frames: the frames
 * @flags: XDP_XMIT_FLUSH: ring the doorbell
 *
 * A program of our own is not needed for this.
 *
 * Context: softirq, some other device's NAPI.
 * Return: frames sent; the caller frees the others. Negative errno: none.
 */
int enbl_xdp_xmit(struct net_device *netdev, int n, struct xdp_frame **frames,
		  u32 flags)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u32 cpu = smp_processor_id();
	struct enbl_queue *queue = &adapter->queue[cpu % adapter->nr_queues];
	struct netdev_queue *txq = netdev_get_tx_queue(netdev, queue->index);
	struct device *dev = &adapter->pdev->dev;
	struct enbl_tx_ring *tx = &queue->tx;
	bool busy;
	int sent;

	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;

	__netif_tx_lock(txq, cpu);
	/* Pairs with enbl_down(): it says so first, then takes the lock */
	if (unlikely(!READ_ONCE(adapter->up) || !netif_carrier_ok(netdev))) {
		enbl_xdp_count_xmit(tx, 0, n);
		__netif_tx_unlock(txq);
		return -ENETDOWN;
	}
	for (sent = 0; sent < n; sent++)
		if (unlikely(!enbl_xdp_send_frame(tx, dev, frames[sent])))
			break;
	if (flags & XDP_XMIT_FLUSH)
		enbl_tx_doorbell(tx);
	enbl_xdp_count_xmit(tx, sent, n - sent);
	busy = tx->xdp_queued - READ_ONCE(tx->xdp_cleaned) > tx->xdp_reserve / 2;
	__netif_tx_unlock(txq);

	/* The next interrupt may be 128 us away, the share sooner full */
	if (unlikely(busy))
		napi_schedule(&queue->napi);
	return sent;
}

/**
 * enbl_xdp_tx_done() - an XDP frame was sent: free it
 * @queue: queue, in its NAPI
 * @first: its first descriptor
 * @done: of this NAPI run; @done->packets is 0 at first
 */
void enbl_xdp_tx_done(struct enbl_queue *queue, u16 first,
		      struct enbl_xdp_done *done)
{
	struct enbl_tx_ring *tx = &queue->tx;
	struct enbl_tx_buf *buf = &tx->buf[first];
	u16 end = enbl_tx_next(tx, buf->eop);

	if (!done->packets) {
		xdp_frame_bulk_init(&done->bulk);
		done->bytes = 0;
		done->descs = 0;
		rcu_read_lock();	/* for the bulk, until the flush */
	}
	done->packets++;
	done->bytes += buf->bytes;
	done->descs += (end > first ? 0 : tx->count) + end - first;

	switch (buf->type) {
	case ENBL_TX_LIST:
		ndis_nbl_free(buf->list);
		break;
	case ENBL_TX_FRAME:
		enbl_xdp_unmap(tx, &queue->adapter->pdev->dev, first, end);
		xdp_return_frame_bulk(buf->frame, &done->bulk);
		break;
	}
}

/* The end of a NAPI run that has called enbl_xdp_tx_done() */
void enbl_xdp_tx_flush(struct enbl_queue *queue, struct enbl_xdp_done *done)
{
	struct enbl_tx_ring *tx = &queue->tx;

	xdp_flush_frame_bulk(&done->bulk);
	rcu_read_unlock();
	u64_stats_update_begin(&tx->done_sync);
	u64_stats_add(&tx->done.packets, done->packets);
	u64_stats_add(&tx->done.bytes, done->bytes);
	u64_stats_add(&tx->done.xdp_packets, done->packets);
	u64_stats_add(&tx->done.xdp_bytes, done->bytes);
	u64_stats_update_end(&tx->done_sync);
	WRITE_ONCE(tx->xdp_cleaned, tx->xdp_cleaned + done->descs);
}

/* The device is off and has not sent it. Context: process, NAPI off */
void enbl_xdp_tx_abort(struct enbl_queue *queue, u16 first)
{
	struct enbl_tx_ring *tx = &queue->tx;
	struct enbl_tx_buf *buf = &tx->buf[first];

	switch (buf->type) {
	case ENBL_TX_LIST:
		ndis_nbl_free(buf->list);
		break;
	case ENBL_TX_FRAME:
		enbl_xdp_unmap(tx, &queue->adapter->pdev->dev, first,
			       enbl_tx_next(tx, buf->eop));
		xdp_return_frame(buf->frame);
		break;
	}
}
