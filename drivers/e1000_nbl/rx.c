// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive: poll -> collect -> (take a filled list, put in an empty one) ->
 * doorbell -> indicate. With an XDP program each frame goes by way of xdp.c.
 */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <ndis/xdp.h>

#include "e1000_nbl.h"

/* The frame that is being received is lost, up to its end */
void enbl_rx_drop_frame(struct enbl_rx_ring *rx, bool eop)
{
	if (rx->frame) {
		ndis_nbl_free(rx->frame);
		rx->frame = NULL;
	}
	rx->frame_bufs = eop ? 0 : ENBL_RX_DISCARD;
}

/*
 * What a descriptor says is not trusted: a buffer holds so many bytes and is full
 * unless the frame ends in it, a frame has an Ethernet header, only long ones have
 * several buffers, and no more than the longest frame needs.
 */
static bool enbl_rx_length_valid(const struct enbl_rx_ring *rx, u32 len,
				 bool eop)
{
	if (!eop)
		return len == ENBL_RX_BUF && rx->buf_len == ENBL_RX_BUF &&
		       rx->frame_bufs < ENBL_MAX_FRAME / ENBL_RX_BUF;
	if (rx->frame)
		return len && len <= rx->buf_len;
	return len >= ETH_HLEN && len <= rx->buf_len;
}

void enbl_rx_set_info(struct enbl_adapter *adapter,
		      struct net_buffer_list *nbl, u64 wb)
{
	if (wb & RXD_VP)
		ndis_nbl_set_vlan(nbl, FIELD_GET(RXD_SPECIAL, wb));

	/* QEMU's models always say ignore; real parts look at TCP and UDP */
	if ((wb & (RXD_IXSM | RXD_TCPCS | RXD_ERR_TCPE)) == RXD_TCPCS &&
	    adapter->netdev->features & NETIF_F_RXCSUM)
		ndis_nbl_set_checksum(nbl, NDIS_CSUM_TCP_OK | NDIS_CSUM_UDP_OK);
}

/*
 * One descriptor that the device is done with.
 * Return: the list of a complete frame, or NULL.
 */
struct net_buffer_list *enbl_rx_take(struct enbl_queue *queue, u64 wb)
{
	struct enbl_rx_ring *rx = &queue->rx;
	u32 len = FIELD_GET(RXD_LENGTH, wb);
	struct net_buffer_list *nbl;
	bool discard = rx->frame_bufs == ENBL_RX_DISCARD;
	bool eop = wb & RXD_EOP;
	u16 i = rx->next;

	if (unlikely(discard || wb & RXD_ERR_FRAME ||
		     !enbl_rx_length_valid(rx, len, eop))) {
		if (!discard)
			enbl_rx_count(rx, wb & RXD_ERR_FRAME ?
				      &rx->stats.errors :
				      &rx->stats.length_errors);
		enbl_rx_repost(rx, i, rx->nbl[i]);
		enbl_rx_drop_frame(rx, eop);
		return NULL;
	}

	nbl = enbl_rx_exchange(rx, i);
	if (unlikely(!nbl)) {
		enbl_rx_repost(rx, i, rx->nbl[i]);
		enbl_rx_drop_frame(rx, eop);
		return NULL;
	}

	ndis_nbl_received(nbl, len);
	if (unlikely(rx->frame)) {
		/* Room for it was checked with its length */
		if (WARN_ON_ONCE(ndis_nbl_append(rx->frame, nbl)))
			ndis_nbl_free(nbl);
		nbl = rx->frame;
	}
	if (unlikely(!eop)) {
		rx->frame = nbl;
		rx->frame_bufs++;
		return NULL;
	}

	rx->frame = NULL;
	rx->frame_bufs = 0;
	if (wb & (RXD_VP | RXD_TCPCS))
		enbl_rx_set_info(queue->adapter, nbl, wb);
	return nbl;
}

/* A whole frame, in slot @i. Return: its list, or NULL as enbl_rx_take() */
static struct net_buffer_list *enbl_rx_take_whole(struct enbl_queue *queue,
						  u32 i, u64 wb)
{
	struct enbl_rx_ring *rx = &queue->rx;
	struct net_buffer_list *nbl = enbl_rx_exchange(rx, i);

	if (unlikely(!nbl)) {
		enbl_rx_repost(rx, i, rx->nbl[i]);
		return NULL;
	}
	ndis_nbl_received(nbl, FIELD_GET(RXD_LENGTH, wb));
	if (unlikely(wb & (RXD_VP | RXD_TCPCS)))
		enbl_rx_set_info(queue->adapter, nbl, wb);
	return nbl;
}

/* Return: descriptors looked at, at most @budget */
static int enbl_rx_collect(struct enbl_queue *queue, int budget,
			   struct enbl_rx_batch *batch)
{
	struct enbl_rx_ring *rx = &queue->rx;
	struct net_buffer_list *nbl;
	u32 i = rx->next;
	int done;

	for (done = 0; done < budget; done++) {
		u64 wb = le64_to_cpu(READ_ONCE(rx->desc[i].wb));

		/* The buffer is not read before the descriptor said done */
		dma_rmb();
		if (likely(enbl_rx_is_whole(rx, wb, rx->buf_len))) {
			nbl = enbl_rx_take_whole(queue, i, wb);
		} else if (wb & RXD_DD) {
			rx->next = i;
			nbl = enbl_rx_take(queue, wb);
		} else {
			break;
		}
		if (likely(nbl)) {
			enbl_rx_batch_count(batch, ndis_nbl_data(nbl),
					    ndis_nbl_length(nbl));
			ndis_nbl_enqueue(&batch->frames, nbl);
		}
		if (unlikely(++i == rx->count))
			i = 0;
	}
	rx->next = i;
	return done;
}

static void enbl_rx_count_batch(struct enbl_rx_ring *rx,
				const struct enbl_rx_batch *batch)
{
	u64_stats_update_begin(&rx->sync);
	u64_stats_add(&rx->stats.packets, batch->packets);
	u64_stats_add(&rx->stats.bytes, batch->bytes);
	u64_stats_add(&rx->stats.multicast, batch->multicast);
	u64_stats_update_end(&rx->sync);
}

/* Everything but the slot in front of the next one is the device's */
static void enbl_rx_doorbell(struct enbl_rx_ring *rx)
{
	writel((rx->next ?: rx->count) - 1, rx->tail);
}

/* Return: descriptors handled */
static noinline int enbl_rx_poll_batch(struct enbl_queue *queue,
				       int budget)
{
	struct enbl_rx_batch batch;
	unsigned int dropped;
	int done;

	batch.frames.first = NULL;
	batch.packets = 0;
	batch.bytes = 0;
	batch.multicast = 0;
	batch.prog = READ_ONCE(queue->adapter->xdp_prog);
	batch.mode = READ_ONCE(queue->xsk_pool) ? ENBL_RX_XSK :
		     batch.prog ? ENBL_RX_PROG : ENBL_RX_PLAIN;
	if (likely(batch.mode == ENBL_RX_PLAIN)) {
		queue->rx.pool = queue->rx.plain;
		done = enbl_rx_collect(queue, budget, &batch);
	} else {
		enbl_xdp_begin(queue, &batch);
		done = enbl_xdp_collect_any(queue, budget, &batch);
	}
	if (!done) {
		if (batch.mode != ENBL_RX_PLAIN)
			enbl_xdp_idle();
		return 0;
	}

	if (batch.packets)
		enbl_rx_count_batch(&queue->rx, &batch);
	/* Empty buffers are the device's before the stack takes its time */
	enbl_rx_doorbell(&queue->rx);
	if (batch.mode != ENBL_RX_PLAIN) {
		enbl_xdp_end(queue, &batch);
		return done;
	}
	dropped = ndis_indicate_receive(&queue->napi, batch.frames.first);
	if (unlikely(dropped)) {
		u64_stats_update_begin(&queue->rx.sync);
		u64_stats_add(&queue->rx.stats.alloc_failed, dropped);
		u64_stats_update_end(&queue->rx.sync);
	}
	return done;
}

/**
 * enbl_rx_poll() - receive up to @budget frames
 * @queue: queue, in its NAPI
 * @budget: NAPI budget, not 0
 *
 * Return: descriptors handled; less than @budget when there are no more.
 */
int enbl_rx_poll(struct enbl_queue *queue, int budget)
{
	const struct enbl_rx_ring *rx = &queue->rx;

	/* Who only sends does not pay for a batch; AF_XDP has slots to fill */
	if (!(READ_ONCE(rx->desc[rx->next].wb) & cpu_to_le64(RXD_DD)) &&
	    !READ_ONCE(queue->xsk_pool))
		return 0;
	return enbl_rx_poll_batch(queue, budget);
}

/* A NET_BUFFER preallocated in every list, with the buffer the device fills */
int enbl_rx_pools_create(struct enbl_queue *queue)
{
	struct ndis_pool_params params = {
		.tag		= NDIS_POOL_TAG('e', 'n', 'R', 'x'),
		.alloc_nb	= true,
		.data_size	= ENBL_RX_BUF_SHORT,
		.access		= NDIS_ACCESS_NAPI,
		.dev		= &queue->adapter->pdev->dev,
		.napi		= &queue->napi,
		.queue		= queue->index,
		.headroom	= NET_SKB_PAD,
		.share_pages	= true,
	};
	struct enbl_rx_ring *rx = &queue->rx;
	struct ndis_pool *pool;
	int err;

	pool = ndis_nbl_pool_create(&params);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	rx->halves = pool;

	params.tag = NDIS_POOL_TAG('e', 'n', 'R', 'p');
	params.data_size = ENBL_RX_BUF;
	params.headroom = XDP_PACKET_HEADROOM;
	params.share_pages = false;
	pool = ndis_nbl_pool_create(&params);
	if (IS_ERR(pool)) {
		enbl_rx_pools_destroy(queue);
		return PTR_ERR(pool);
	}
	rx->pages = pool;

	err = ndis_xdp_rxq_register(&rx->xdp_rxq, queue->adapter->netdev,
				    &queue->napi, pool);
	if (err)
		enbl_rx_pools_destroy(queue);
	return err;
}

void enbl_rx_pools_destroy(struct enbl_queue *queue)
{
	struct enbl_rx_ring *rx = &queue->rx;

	ndis_xdp_rxq_unregister(&rx->xdp_rxq);
	ndis_nbl_pool_destroy(rx->pages);
	ndis_nbl_pool_destroy(rx->halves);
	rx->pages = NULL;
	rx->halves = NULL;
}

/*
 * Memory of a ring for the device's MTU, every slot with a list. The ring may be a
 * future one while another on the same pools runs only if the caller keeps that
 * one's NAPI off.
 */
int enbl_rx_ring_create(struct enbl_adapter *adapter, struct enbl_rx_ring *rx,
			u16 count)
{
	bool long_frames = enbl_long_frames(adapter->netdev);
	u16 i;

	rx->buf_len = long_frames ? ENBL_RX_BUF : ENBL_RX_BUF_SHORT;
	rx->plain = long_frames ? rx->pages : rx->halves;
	rx->pool = adapter->xdp_prog ? rx->pages : rx->plain;
	rx->nr_foreign = 0;
	rx->desc = dma_alloc_coherent(&adapter->pdev->dev,
				      count * sizeof(*rx->desc), &rx->dma,
				      GFP_KERNEL);
	if (!rx->desc)
		return -ENOMEM;

	rx->count = count;
	rx->nbl = kvcalloc(count, sizeof(*rx->nbl), GFP_KERNEL);
	rx->xsk = kvcalloc(count, sizeof(*rx->xsk), GFP_KERNEL);
	if (!rx->nbl || !rx->xsk)
		goto err;

	for (i = 0; i < count; i++) {
		rx->nbl[i] = ndis_nbl_alloc(rx->pool);
		if (!rx->nbl[i])
			goto err;
	}
	return 0;

err:
	enbl_rx_ring_destroy(adapter, rx);
	return -ENOMEM;
}

void enbl_rx_ring_destroy(struct enbl_adapter *adapter,
			  struct enbl_rx_ring *rx)
{
	u16 i;

	enbl_xsk_release(rx);
	kvfree(rx->xsk);
	rx->xsk = NULL;
	for (i = 0; rx->nbl && i < rx->count; i++)
		if (rx->nbl[i])
			ndis_nbl_free(rx->nbl[i]);
	kvfree(rx->nbl);
	rx->nbl = NULL;
	dma_free_coherent(&adapter->pdev->dev, rx->count * sizeof(*rx->desc),
			  rx->desc, rx->dma);
	rx->desc = NULL;
}

/* The memory is somebody else's now; the pool and the statistics stay */
void enbl_rx_ring_forget(struct enbl_rx_ring *rx)
{
	rx->desc = NULL;
	rx->nbl = NULL;
	rx->xsk = NULL;
}

/* Program an idle ring; reception starts with RCTL.EN */
void enbl_rx_start(struct enbl_queue *queue)
{
	struct enbl_adapter *adapter = queue->adapter;
	struct enbl_rx_ring *rx = &queue->rx;
	u16 i;

	rx->next = 0;
	if (rx->nr_foreign)
		rx->nr_foreign = rx->count;	/* from the first slot on */
	for (i = 0; i < rx->count; i++)
		if (rx->xsk[i])
			enbl_xsk_post(rx, i, rx->xsk[i]);
		else
			enbl_rx_repost(rx, i, rx->nbl[i]);

	enbl_write(adapter, ENBL_RDTR, 0);
	enbl_write(adapter, ENBL_RADV, 0);
	enbl_write(adapter, ENBL_RDBAL, lower_32_bits(rx->dma));
	enbl_write(adapter, ENBL_RDBAH, upper_32_bits(rx->dma));
	enbl_write(adapter, ENBL_RDLEN, rx->count * sizeof(*rx->desc));
	enbl_write(adapter, ENBL_RDH, 0);
	rx->tail = adapter->regs + ENBL_RDT;
	enbl_rx_doorbell(rx);
}

/* The device is off; what it has received and we have not looked at is lost */
void enbl_rx_stop(struct enbl_queue *queue)
{
	enbl_rx_drop_frame(&queue->rx, true);
}
