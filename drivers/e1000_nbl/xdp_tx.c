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
 * goes beyond it only until the stack waits for room. So neither waits for
 * longer than the device takes to send what is in front.
 */
#include <linux/bpf_trace.h>
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <ndis/xdp.h>
#include <net/xdp_sock_drv.h>

#include "e1000_nbl.h"

/* Frames with one status: a few, as their room is free when the last is sent */
#define ENBL_XDP_GROUP	16

#define ENBL_XDP_CMD	(TXD_DEXT | TXD_DTYP_DATA | TXD_IFCS)

/* Context: the queue's lock */
static void enbl_xdp_count_xmit(struct enbl_tx_ring *tx, unsigned int sent,
				unsigned int failed)
{
	u64_stats_update_begin(&tx->sync);
	u64_stats_add(&tx->stats.xdp_xmit, sent);
	u64_stats_add(&tx->stats.xdp_xmit_errors, failed);
	u64_stats_update_end(&tx->sync);
}

/*
 * Return: the part of the ring's room that is XDP's at the moment: what is left of
 * its share, or while the stack does not wait for room, all that leaves the stack
 * one large packet beside the share, whatever is more.
 */
static u16 enbl_xdp_room(const struct enbl_tx_ring *tx)
{
	u16 share = tx->xdp_share;
	u32 room = enbl_tx_room(tx), used, own, keep;

	used = tx->xdp_queued - READ_ONCE(tx->xdp_cleaned);
	own = min(used < share ? share - used : 0, room);
	/* Less, and a queue just woken would find XDP there first, every time */
	keep = share + ENBL_TX_MAX_DESC;
	if (likely(!netif_tx_queue_stopped(tx->txq) && room > keep))
		return max(room - keep, own);
	return own;
}

/* Context: the queue's lock, up to enbl_xdp_close() */
struct enbl_xdp_cursor enbl_xdp_open(struct enbl_tx_ring *tx)
{
	struct enbl_xdp_cursor cur = {
		.next = tx->next_to_use,
		.room = enbl_xdp_room(tx),
	};

	return cur;
}

/* What was filled is the device's with the next doorbell */
void enbl_xdp_close(struct enbl_tx_ring *tx, const struct enbl_xdp_cursor *cur)
{
	u16 use = tx->next_to_use;

	tx->xdp_queued += enbl_tx_distance(tx, use, cur->next);
	if (cur->next != use) {
		/* Two runs without a report must not be neighbours */
		tx->run_next = ENBL_TX_NO_RUN;
		/*
		 * With the first frame, not before: a queue that stops for it behind
		 * a run without a report is woken by the frame's.
		 */
		WRITE_ONCE(tx->xdp_reserve, tx->xdp_share);
	}
	enbl_tx_set_room(tx, 0);	/* the stack looks again */
	/* Pairs with enbl_tx_clean(): slots are written before the index says */
	smp_store_release(&tx->next_to_use, cur->next);
}

/* Descriptors for a run of @len bytes, with one more where the end is split */
static u32 enbl_xdp_need(const struct enbl_tx_ring *tx, u32 len)
{
	return DIV_ROUND_UP(len, tx->chunk) + (!tx->whole && tx->split_last);
}

static u32 enbl_xdp_need_frags(const struct enbl_tx_ring *tx,
			       const struct skb_shared_info *frags)
{
	u32 i, need = 0;

	for (i = 0; i < frags->nr_frags; i++)
		need += enbl_xdp_need(tx, skb_frag_size(&frags->frags[i]));
	return need;
}

/* A run of bytes; who unmaps it later finds it at its first descriptor */
static u16 enbl_xdp_put(struct enbl_tx_ring *tx, struct enbl_xdp_cursor *cur,
			dma_addr_t addr, u32 len)
{
	u32 part = len;
	u16 i;

	tx->buf[cur->next].dma = addr;
	do {
		u32 now = min_t(u32, len, tx->chunk);

		i = cur->next;
		tx->buf[i].len = part;
		part = 0;
		tx->desc[i].addr = cpu_to_le64(addr);
		tx->desc[i].cmd = cpu_to_le64(ENBL_XDP_CMD | now);
		addr += now;
		len -= now;
		cur->next = enbl_tx_next(tx, i);
		cur->room--;
	} while (unlikely(len));
	return i;
}

/*
 * See enbl_tx_list(): after a packet with TSO the device may report early, so
 * the end has a descriptor of its own.
 */
static u16 enbl_xdp_split(struct enbl_tx_ring *tx, struct enbl_xdp_cursor *cur,
			  u16 last)
{
	u64 addr = le64_to_cpu(tx->desc[last].addr);
	u32 len = le64_to_cpu(tx->desc[last].cmd) & TXD_LENGTH;
	u16 i = cur->next;

	tx->whole = tx->chunk;
	if (!tx->split_last || len <= 8)
		return last;
	tx->desc[last].cmd = cpu_to_le64(ENBL_XDP_CMD | (len - 4));
	tx->desc[i].addr = cpu_to_le64(addr + len - 4);
	tx->desc[i].cmd = cpu_to_le64(ENBL_XDP_CMD | 4);
	tx->buf[i].len = 0;
	cur->next = enbl_tx_next(tx, i);
	cur->room--;
	return i;
}

/* The frame that starts at @first ends in descriptor @last */
static void enbl_xdp_finish(struct enbl_tx_ring *tx,
			    struct enbl_xdp_cursor *cur, u16 first, u16 last,
			    enum enbl_tx_type type, u32 bytes)
{
	struct enbl_tx_buf *buf = &tx->buf[first];

	if (unlikely(!tx->whole))
		last = enbl_xdp_split(tx, cur, last);
	tx->desc[last].cmd |= cpu_to_le64(TXD_EOP | TXD_RS);
	buf->type = type;
	buf->bytes = bytes;
	buf->packets = 1;
	buf->eop = last;
}

/* A frame whose one buffer fits in one descriptor, in a group */
static void enbl_xdp_put_whole(struct enbl_tx_ring *tx,
			       struct enbl_xdp_cursor *cur, dma_addr_t addr,
			       u32 len)
{
	struct enbl_tx_desc *desc = &tx->desc[cur->next];

	desc->addr = cpu_to_le64(addr);
	desc->cmd = cpu_to_le64(ENBL_XDP_CMD | TXD_EOP | len);
	cur->next = enbl_tx_next(tx, cur->next);
	cur->room--;
}

/*
 * A group is @nr frames from enbl_xdp_put_whole() that start at @first: for
 * completion one packet, with one status to look at. Per frame that would cost
 * more than to fill its descriptor.
 */
static void enbl_xdp_end_group(struct enbl_tx_ring *tx, u16 first, u16 nr,
			       u32 bytes, enum enbl_tx_type type)
{
	struct enbl_tx_buf *buf = &tx->buf[first];
	u32 last = first + nr - 1;

	if (!nr)
		return;
	if (last >= tx->count)
		last -= tx->count;
	tx->desc[last].cmd |= cpu_to_le64(TXD_RS);
	buf->type = type;
	buf->bytes = bytes;
	buf->packets = nr;
	buf->eop = last;
}

/* A frame in one run, as it is */
void enbl_xdp_put_run(struct enbl_tx_ring *tx, struct enbl_xdp_cursor *cur,
		      dma_addr_t addr, u32 len, enum enbl_tx_type type)
{
	u16 first = cur->next, last;

	if (likely(len <= tx->whole)) {
		enbl_xdp_put_whole(tx, cur, addr, len);
		enbl_xdp_end_group(tx, first, 1, len, type);
		return;
	}
	last = enbl_xdp_put(tx, cur, addr, len);
	enbl_xdp_finish(tx, cur, first, last, type, len);
}

/* A frame of @len bytes that is in the next slot's copy buffer */
static noinline u32 enbl_xdp_prepare_copy(const struct enbl_tx_ring *tx, u16 i,
					  u32 len)
{
	const struct enbl_tx_buf *buf = &tx->buf[i];

	if (unlikely(len < ETH_ZLEN)) {
		memset(buf->copy + len, 0, ETH_ZLEN - len);
		len = ETH_ZLEN;
	}
	if (unlikely(tx->copy_sync))
		dma_sync_single_for_device(tx->dev, buf->copy_dma, len,
					   DMA_BIDIRECTIONAL);
	return len;
}

void enbl_xdp_put_copy(struct enbl_tx_ring *tx, struct enbl_xdp_cursor *cur,
		       u32 len, enum enbl_tx_type type)
{
	len = enbl_xdp_prepare_copy(tx, cur->next, len);
	enbl_xdp_put_run(tx, cur, tx->buf[cur->next].copy_dma, len, type);
}

/* Any list. Return: false without room, and it is still the caller's */
static noinline bool enbl_xdp_put_frags(struct enbl_tx_ring *tx,
					struct enbl_xdp_cursor *cur,
					const struct enbl_xdp_out *out)
{
	struct skb_shared_info *frags = ndis_xdp_frags(out->nbl);
	u32 i, len = out->len, bytes = len;
	u32 need = enbl_xdp_need(tx, len);
	u16 first = cur->next, last;
	dma_addr_t addr;

	if (frags) {
		need += enbl_xdp_need_frags(tx, frags);
		bytes += frags->xdp_frags_size;
	}
	if (bytes > ENBL_MAX_FRAME || need > cur->room)
		return false;

	tx->buf[first].list = out->nbl;
	last = enbl_xdp_put(tx, cur, out->addr, len);
	for (i = 0; frags && i < frags->nr_frags; i++) {
		const skb_frag_t *frag = &frags->frags[i];
		const struct ndis_obj *obj = page_address(skb_frag_page(frag));

		addr = page_pool_get_dma_addr(skb_frag_page(frag)) +
		       skb_frag_off(frag);
		len = skb_frag_size(frag);
		if (obj->dma_sync)
			dma_sync_single_for_device(obj->pool->dev, addr, len,
						   DMA_BIDIRECTIONAL);
		last = enbl_xdp_put(tx, cur, addr, len);
	}
	enbl_xdp_finish(tx, cur, first, last, ENBL_TX_LIST, bytes);
	return true;
}

static void enbl_xdp_sync_list(const struct enbl_xdp_out *out)
{
	const struct ndis_obj *obj = &ndis_nbl_obj(out->nbl)->obj;

	if (unlikely(obj->dma_sync))
		dma_sync_single_for_device(obj->pool->dev, out->addr, out->len,
					   DMA_BIDIRECTIONAL);
}

/* One buffer, one descriptor */
static bool enbl_xdp_is_whole(const struct enbl_tx_ring *tx,
			      const struct enbl_xdp_out *out)
{
	return !ndis_xdp_frags(out->nbl) && out->len <= tx->whole;
}

/**
 * enbl_xdp_send_lists() - XDP_TX: send received lists
 * @queue: queue, in its NAPI, with them in its rx.out
 * @nr: how many
 * @prog: who says so
 *
 * What finds no room is dropped and traced.
 *
 * Return: how many were dropped.
 */
unsigned int enbl_xdp_send_lists(struct enbl_queue *queue, unsigned int nr,
				 const struct bpf_prog *prog)
{
	const struct enbl_xdp_out *out = queue->rx.out, *end = out + nr;
	struct net_device *netdev = queue->adapter->netdev;
	struct enbl_tx_ring *tx = &queue->tx;
	struct enbl_xdp_cursor cur, odd;	/* cur is for registers */
	unsigned int failed = 0;
	u32 bytes = 0;
	u16 first;
	bool whole;

	__netif_tx_lock(tx->txq, smp_processor_id());
	cur = enbl_xdp_open(tx);
	first = cur.next;
	for (nr = 0; out < end; out++) {
		enbl_xdp_sync_list(out);
		whole = enbl_xdp_is_whole(tx, out) && cur.room;
		if (likely(whole)) {
			tx->buf[cur.next].list = out->nbl;
			enbl_xdp_put_whole(tx, &cur, out->addr, out->len);
			bytes += out->len;
			if (likely(++nr < ENBL_XDP_GROUP))
				continue;
		}
		enbl_xdp_end_group(tx, first, nr, bytes, ENBL_TX_LIST);
		if (unlikely(!whole)) {
			odd = cur;
			if (!enbl_xdp_put_frags(tx, &odd, out)) {
				trace_xdp_exception(netdev, prog, XDP_TX);
				ndis_nbl_free(out->nbl);
				failed++;
			}
			cur = odd;
		}
		first = cur.next;
		bytes = 0;
		nr = 0;
	}
	enbl_xdp_end_group(tx, first, nr, bytes, ENBL_TX_LIST);
	enbl_xdp_close(tx, &cur);
	enbl_tx_doorbell(tx);
	__netif_tx_unlock(tx->txq);
	return failed;
}

/* What enbl_xdp_put() has noted from @i up to @end */
static void enbl_xdp_unmap(struct enbl_tx_ring *tx, u16 i, u16 end)
{
	do {
		const struct enbl_tx_buf *buf = &tx->buf[i];

		if (likely(buf->len))
			dma_unmap_page(tx->dev, buf->dma, buf->len, DMA_TO_DEVICE);
		i = enbl_tx_next(tx, i);
	} while (unlikely(i != end));
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

static bool enbl_xdp_map_frags(struct enbl_tx_ring *tx,
			       struct enbl_xdp_cursor *cur,
			       const struct skb_shared_info *frags, u16 *last)
{
	dma_addr_t addr;
	unsigned int i;
	u32 len;

	for (i = 0; i < frags->nr_frags; i++) {
		len = skb_frag_size(&frags->frags[i]);
		addr = skb_frag_dma_map(tx->dev, &frags->frags[i], 0, len,
					DMA_TO_DEVICE);
		if (unlikely(dma_mapping_error(tx->dev, addr)))
			return false;
		*last = enbl_xdp_put(tx, cur, addr, len);
	}
	return true;
}

/* Return: false, and the frame is still the caller's */
static bool enbl_xdp_map_frame(struct enbl_tx_ring *tx,
			       struct enbl_xdp_cursor *cur,
			       struct xdp_frame *frame)
{
	u32 bytes = frame->len, need = enbl_xdp_need(tx, bytes);
	struct enbl_xdp_cursor start = *cur;
	struct skb_shared_info *frags = NULL;
	dma_addr_t addr;
	u16 last;

	if (unlikely(xdp_frame_has_frags(frame))) {
		frags = xdp_get_shared_info_from_frame(frame);
		bytes += frags->xdp_frags_size;
		need += enbl_xdp_need_frags(tx, frags);
	}
	if (unlikely(bytes < ETH_ZLEN || bytes > ENBL_MAX_FRAME ||
		     need > cur->room))
		return false;

	addr = dma_map_single(tx->dev, frame->data, frame->len, DMA_TO_DEVICE);
	if (unlikely(dma_mapping_error(tx->dev, addr)))
		return false;
	tx->buf[start.next].frame = frame;
	last = enbl_xdp_put(tx, cur, addr, frame->len);
	if (unlikely(frags) && !enbl_xdp_map_frags(tx, cur, frags, &last)) {
		enbl_xdp_unmap(tx, start.next, cur->next);
		*cur = start;
		return false;
	}
	enbl_xdp_finish(tx, cur, start.next, last, ENBL_TX_FRAME, bytes);
	return true;
}

/*
 * Small frames, as small packets of the stack: copied and given back. Here the
 * NAPI that they come from is still running, most often.
 *
 * Return: how many of the @n were small, and had room
 */
static noinline int
enbl_xdp_copy_frames(struct enbl_tx_ring *tx, struct enbl_xdp_cursor *cursor,
		     struct xdp_frame **frames, int n)
{
	struct enbl_rx_ring *from = this_cpu_read(enbl_xdp_polling);
	/* Shorter ones are padded, and all are slow if the device does not snoop */
	u32 fast = tx->copy_sync ? U32_MAX : ETH_ZLEN;
	struct enbl_xdp_cursor cur = *cursor;
	u32 most = tx->copybreak, bytes = 0;
	int i;

	if (unlikely(from && !ndis_xdp_can_return(from->pool)))
		from = NULL;
	n = min_t(int, n, cur.room);
	for (i = 0; i < n; i++) {
		struct xdp_frame *frame = frames[i];
		void *copy = tx->buf[cur.next].copy;
		u32 len = frame->len;

		if (len > most || xdp_frame_has_frags(frame))
			break;
		/* Words: behind a frame there is room, for a shared info */
		if (likely(len <= ENBL_COPYBREAK / 2))
			memcpy(copy, frame->data, ENBL_COPYBREAK / 2);
		else
			memcpy(copy, frame->data, ENBL_COPYBREAK);
		if (unlikely(len < fast)) {
			if (len < ETH_HLEN)
				break;
			len = enbl_xdp_prepare_copy(tx, cur.next, len);
		}
		enbl_xdp_put_whole(tx, &cur, tx->buf[cur.next].copy_dma, len);
		bytes += len;
		if (unlikely(!from || !ndis_xdp_return(from->pool,
						       &from->xdp_rxq, frame)))
			xdp_return_frame_rx_napi(frame);
	}
	enbl_xdp_end_group(tx, cursor->next, i, bytes, ENBL_TX_FRAME_COPY);
	*cursor = cur;
	return i;
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
	struct enbl_tx_ring *tx = &queue->tx;
	struct enbl_xdp_cursor cur;
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
	cur = enbl_xdp_open(tx);
	for (sent = 0; sent < n; sent++) {
		if (likely(tx->whole))
			sent += enbl_xdp_copy_frames(tx, &cur, &frames[sent],
						     n - sent);
		if (sent == n || !enbl_xdp_pad(frames[sent]) ||
		    !enbl_xdp_map_frame(tx, &cur, frames[sent]))
			break;
	}
	enbl_xdp_close(tx, &cur);
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

/* A group's lists: each slot has one. A longer frame has one, in its first slot */
static void enbl_xdp_free_lists(struct enbl_tx_ring *tx, u16 i, u16 nr)
{
	do {
		ndis_xdp_free(tx->buf[i].list);
		i = enbl_tx_next(tx, i);
	} while (--nr);
}

/**
 * enbl_xdp_clean() - XDP frames were sent: free them
 * @queue: queue, in its NAPI
 * @first: descriptor that a frame of XDP's starts with
 * @end: the ring is used up to here
 *
 * Return: where the next packet starts that is not sent or not XDP's.
 */
u16 enbl_xdp_clean(struct enbl_queue *queue, u16 first, u16 end)
{
	struct enbl_tx_ring *tx = &queue->tx;
	unsigned int packets = 0, bytes = 0, xsk = 0;
	struct xdp_frame_bulk bulk;
	u16 i = first;

	xdp_frame_bulk_init(&bulk);
	rcu_read_lock();	/* for the bulk */
	do {
		struct enbl_tx_buf *buf = &tx->buf[i];
		u16 eop = buf->eop;

		if (buf->type <= ENBL_TX_COPY ||
		    !(READ_ONCE(tx->desc[eop].cmd) & cpu_to_le64(TXD_DD)))
			break;
		packets += buf->packets;
		bytes += buf->bytes;
		if (buf->type == ENBL_TX_LIST) {
			enbl_xdp_free_lists(tx, i, buf->packets);
		} else if (buf->type == ENBL_TX_FRAME) {
			enbl_xdp_unmap(tx, i,
				       enbl_tx_next(tx, eop));
			xdp_return_frame_bulk(buf->frame, &bulk);
		} else if (buf->type == ENBL_TX_XSK) {
			xsk++;
		}
		i = enbl_tx_next(tx, eop);
	} while (i != end);
	xdp_flush_frame_bulk(&bulk);
	rcu_read_unlock();
	if (xsk) {
		xsk_tx_completed(queue->xsk_pool, xsk);
		WRITE_ONCE(tx->xsk_cleaned, tx->xsk_cleaned + xsk);
	}

	u64_stats_update_begin(&tx->done_sync);
	u64_stats_add(&tx->done.packets, packets);
	u64_stats_add(&tx->done.bytes, bytes);
	u64_stats_add(&tx->done.xdp_packets, packets);
	u64_stats_add(&tx->done.xdp_bytes, bytes);
	u64_stats_add(&tx->done.xsk_packets, xsk);
	u64_stats_update_end(&tx->done_sync);
	WRITE_ONCE(tx->xdp_cleaned,
		   tx->xdp_cleaned + enbl_tx_distance(tx, first, i));
	return i;
}

/* The device is off and has not sent it. Context: process, NAPI off */
void enbl_xdp_abort(struct enbl_queue *queue, u16 first)
{
	struct enbl_tx_ring *tx = &queue->tx;
	struct enbl_tx_buf *buf = &tx->buf[first];

	if (buf->type == ENBL_TX_LIST) {
		enbl_xdp_free_lists(tx, first, buf->packets);
	} else if (buf->type == ENBL_TX_FRAME) {
		enbl_xdp_unmap(tx, first,
			       enbl_tx_next(tx, buf->eop));
		xdp_return_frame(buf->frame);
	} else if (buf->type == ENBL_TX_XSK) {
		xsk_tx_completed(queue->xsk_pool, 1);
	}
}
