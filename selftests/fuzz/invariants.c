// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds between any two calls of the driver, whatever the device has
 * written: each page that the driver was given is in one place of the driver's,
 * and in one only; pools count right; indices are in their rings; an skb is with
 * the stack or in a transmit ring.
 */
#include <ndis/xdp.h>

#include "rings.h"

static unsigned int visited;	/* pages and halves, since the walk began */

static void visit(const void *p, const char *where, unsigned int i)
{
	struct page *page = virt_to_page(p);

	fuzz_check(fuzz_is_page(p) && fuzz_page_owner(page) == FUZZ_DRIVER,
		   "%s %u holds a page that is not the driver's", where, i);
	fuzz_check(fuzz_visit(p),
		   "%s %u holds a page that the driver has elsewhere too", where, i);
	visited++;
}

static void visit_object(const struct ndis_pool *pool, const struct ndis_obj *obj,
			 const char *where, unsigned int i)
{
	visit(pool->part ? obj->data : obj, where, i);
}

/* Return: buffers of a list that ndis_nbl_append() may have put more behind */
static unsigned int visit_chain(const struct net_buffer_list *nbl)
{
	const struct ndis_mdl *mdl;
	unsigned int n = 0;

	for (mdl = ndis_nbl_obj(nbl)->mdl; mdl; mdl = mdl->Next)
		visit(mdl, "buffer of an unfinished frame", n++);
	return n;
}

static void visit_magazine(const struct ndis_pool *pool, const char *where)
{
	unsigned int i;

	fuzz_check(pool->nr_free <= NDIS_MAGAZINE, "%s has %u objects", where,
		   pool->nr_free);
	for (i = 0; i < pool->nr_free; i++)
		visit_object(pool, pool->free[i], where, i);
}

/* A posted buffer that the device has not written back is where the slot says */
static void check_posted(const struct enbl_rx_ring *rx, u16 i)
{
	dma_addr_t addr = rx->xsk[i] ? xsk_buff_xdp_get_dma(rx->xsk[i]) :
				       ndis_nbl_for_device(rx->nbl[i]);

	fuzz_check(rx->desc[i].wb || rx->desc[i].addr == cpu_to_le64(addr),
		   "descriptor %u is at %#llx, its buffer at %#llx", i,
		   le64_to_cpu(rx->desc[i].addr), addr);
	fuzz_check(!rx->xsk[i] || fuzz_xsk_is_drivers(rx->xsk[i]),
		   "descriptor %u has a buffer that a socket has, too", i);
}

/* Return: lists that the receive pool has to count as out */
static u64 walk_rx(const struct enbl_rx_ring *rx)
{
	unsigned int bufs = 0;
	u64 lists = 0;
	u16 i;

	visit_magazine(rx->pages, "the magazine of pages, object");
	visit_magazine(rx->halves, "the magazine of halves, object");
	if (!rx->desc)
		return 0;
	fuzz_check(rx->next < rx->count, "next is %u of %u", rx->next, rx->count);
	for (i = 0; i < rx->count; i++) {
		visit_object(ndis_nbl_pool(rx->nbl[i]), &ndis_nbl_obj(rx->nbl[i])->obj,
			     "receive slot", i);
		lists++;
		check_posted(rx, i);
	}
	if (rx->frame) {
		bufs = visit_chain(rx->frame);
		lists += bufs;
	}
	fuzz_check(rx->frame_bufs == bufs ||
		   (!bufs && rx->frame_bufs == ENBL_RX_DISCARD),
		   "an unfinished frame has %u buffers, its ring says %u", bufs,
		   rx->frame_bufs);
	fuzz_check(bufs <= ENBL_MAX_FRAME / ENBL_RX_BUF,
		   "an unfinished frame has %u buffers", bufs);
	return lists;
}

static void visit_frags(const struct skb_shared_info *sinfo, u16 slot)
{
	unsigned int i;

	for (i = 0; sinfo && i < sinfo->nr_frags; i++)
		visit(skb_frag_address(&sinfo->frags[i]), "frame in slot", slot);
}

static void visit_frame(struct xdp_frame *frame, u16 slot)
{
	visit(frame->data, "redirected frame in slot", slot);
	if (xdp_frame_has_frags(frame))
		visit_frags(xdp_get_shared_info_from_frame(frame), slot);
}

struct ring_counts {
	u64 lists;
	unsigned int skbs;
	unsigned int xsk;
	unsigned int xdp_descs;
};

/* The packet that begins in slot @i. Return: descriptors */
static u16 walk_packet(const struct enbl_tx_ring *tx, u16 i,
		       struct ring_counts *counts)
{
	const struct enbl_tx_buf *buf = &tx->buf[i];
	u16 n, slot, used;

	fuzz_check(buf->eop < tx->count, "packet %u ends in %u of %u", i,
		   buf->eop, tx->count);
	used = (buf->eop + tx->count - i) % tx->count + 1;
	switch (buf->type) {
	case ENBL_TX_SKB:
		counts->skbs++;
		break;
	case ENBL_TX_LIST:
		for (n = 0, slot = i; n < buf->packets; n++) {
			visit(tx->buf[slot].list, "XDP_TX slot", slot);
			visit_frags(ndis_xdp_frags(tx->buf[slot].list), slot);
			slot = enbl_tx_next(tx, slot);
		}
		counts->lists += buf->packets;
		break;
	case ENBL_TX_FRAME:
		visit_frame(buf->frame, i);
		break;
	case ENBL_TX_XSK:
		counts->xsk++;
		break;
	}
	if (buf->type > ENBL_TX_COPY)
		counts->xdp_descs += used;
	return used;
}

static void walk_tx(const struct enbl_tx_ring *tx, struct ring_counts *counts)
{
	u16 i, used = 0, filled;
	unsigned int n;

	visit_magazine(tx->nb_pool, "the copy pool's magazine, object");
	fuzz_check(ndis_pool_live(tx->pool) == (tx->desc ? tx->count : 0),
		   "the transmit pool counts %llu lists", ndis_pool_live(tx->pool));
	fuzz_check(ndis_pool_live(tx->nb_pool) == (tx->desc ? tx->nr_copies : 0),
		   "the copy pool counts %llu", ndis_pool_live(tx->nb_pool));
	if (!tx->desc)
		return;
	for (n = 0; n < tx->nr_copies; n++)
		visit(tx->copies[n], "copy buffer", n);
	fuzz_check(tx->next_to_clean < tx->count && tx->next_to_use < tx->count,
		   "the ring is used from %u to %u of %u", tx->next_to_clean,
		   tx->next_to_use, tx->count);
	filled = (tx->next_to_use + tx->count - tx->next_to_clean) % tx->count;
	for (i = tx->next_to_clean; used < filled; i = (tx->next_to_clean + used) %
						      tx->count)
		used += walk_packet(tx, i, counts);
	fuzz_check(used == filled, "packets end %u behind the ring's use",
		   used - filled);
	fuzz_check(!counts->xdp_descs || tx->xdp_queued - tx->xdp_cleaned ==
					 counts->xdp_descs,
		   "%u descriptors are XDP's, its counters say %u",
		   counts->xdp_descs, tx->xdp_queued - tx->xdp_cleaned);
}

/* The register is what the driver believes, and that is one of what it may be */
static void check_moderation(const struct enbl_adapter *adapter)
{
	u16 us = adapter->queue[0].itr.us;

	if (!netif_running(adapter->netdev))
		return;
	fuzz_check(model.regs[ENBL_ITR / 4] == us * 1000 / 256,
		   "interrupts wait for %u us by the driver, for %u by the register",
		   us, model.regs[ENBL_ITR / 4] * 256 / 1000);
	if (adapter->adaptive && us == adapter->itr_long_us)
		return;
	fuzz_check(us == (adapter->adaptive ? ENBL_ITR_DEFAULT_US : adapter->itr_us),
		   "interrupts wait for %u us, adaptive is %u", us,
		   adapter->adaptive);
}

void check_invariants(struct enbl_adapter *adapter)
{
	struct enbl_queue *queue = &adapter->queue[0];
	struct ring_counts counts = { };
	u64 live;

	fuzz_core_idle();
	visited = 0;
	fuzz_pages_walk();
	counts.lists = walk_rx(&queue->rx);
	walk_tx(&queue->tx, &counts);
	check_moderation(adapter);
	fuzz_check(visited == fuzz_driver_pieces(),
		   "the driver was given %u pages or halves and has %u",
		   fuzz_driver_pieces(), visited);
	live = ndis_pool_live(queue->rx.pages) + ndis_pool_live(queue->rx.halves);
	fuzz_check(live == counts.lists,
		   "the receive pools count %llu lists, there are %llu", live,
		   counts.lists);
	fuzz_check(counts.skbs + fuzz_stack_held() == fuzz_skbs,
		   "%u skbs are in the ring and %u with the stack, of %u",
		   counts.skbs, fuzz_stack_held(), fuzz_skbs);
	fuzz_check(counts.xsk == fuzz_xsk_pending_tx(),
		   "%u frames of a socket are in the ring, of %u", counts.xsk,
		   fuzz_xsk_pending_tx());
}
