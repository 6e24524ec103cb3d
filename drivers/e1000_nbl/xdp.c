// SPDX-License-Identifier: GPL-2.0-only
/*
 * XDP receive: a program sees each frame before there is an skb, on the page
 * that the device wrote it to.
 *
 *   begin -> collect, for each frame: show, run -> DROP: post the page again
 *                      -> take: an empty list takes the slot, act on the verdict
 *         -> end: send what is for XDP_TX, flush redirects, pass the rest on
 *
 * Attaching a program changes a pointer. Frames that are in half a page then are
 * copied to a page of their own, once in each slot. Transmit is in xdp_tx.c.
 */
#include <linux/bitfield.h>
#include <linux/bpf_trace.h>
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/stringify.h>
#include <ndis/xdp.h>

#include "e1000_nbl.h"

static_assert(ENBL_XDP_MTU + VLAN_ETH_HLEN == ENBL_RX_BUF);

/*
 * The ring whose poll, on this CPU, may redirect frames. A port of ours that
 * they go to can give the pages of small ones back to it; see enbl_xdp_xmit().
 */
DEFINE_PER_CPU(struct enbl_rx_ring *, enbl_xdp_polling);

/**
 * enbl_xdp_begin() - a poll with a program, or with an AF_XDP socket
 * @queue: queue, in its NAPI
 * @batch: with @batch->prog
 */
void enbl_xdp_begin(struct enbl_queue *queue, struct enbl_rx_batch *batch)
{
	batch->frags = batch->prog && batch->prog->aux->xdp_has_frags;
	batch->xsk_packets = 0;
	batch->xsk_no_buffer = 0;
	batch->netdev = queue->adapter->netdev;
	batch->nr_out = 0;
	memset(batch->stats, 0, sizeof(batch->stats));
	__skb_queue_head_init(&batch->passed);
	if (unlikely(queue->rx.pool != queue->rx.pages)) {
		queue->rx.pool = queue->rx.pages;
		queue->rx.nr_foreign = queue->rx.count;
	}
	ndis_xdp_buff_init(&batch->xdp.xdp, queue->rx.pool, &queue->rx.xdp_rxq);
	this_cpu_write(enbl_xdp_polling, &queue->rx);
}

/* XDP_ABORTED, or a code that there is not. Return: XDP_ABORTED */
u32 enbl_xdp_aborted(struct enbl_queue *queue, struct enbl_rx_batch *batch,
		     u32 act)
{
	if (act > XDP_REDIRECT) {
		bpf_warn_invalid_xdp_action(queue->adapter->netdev, batch->prog,
					    act);
		batch->stats[ENBL_XDP_UNKNOWN]++;
	}
	trace_xdp_exception(queue->adapter->netdev, batch->prog, act);
	batch->stats[XDP_ABORTED]++;
	return XDP_ABORTED;
}

/* The device sends nothing shorter, and what is behind a frame is nobody's */
static noinline bool enbl_xdp_pad(struct xdp_buff *xdp)
{
	u32 len = xdp->data_end - xdp->data;

	if (xdp_buff_has_frags(xdp))
		return xdp_get_buff_len(xdp) >= ETH_ZLEN;
	if (xdp->data + ETH_ZLEN > xdp_data_hard_end(xdp))
		return false;
	memset(xdp->data_end, 0, ETH_ZLEN - len);
	xdp->data_end = xdp->data + ETH_ZLEN;
	return true;
}

/* The three below: @nbl is out of the ring, and goes its way or is freed */
static noinline void enbl_xdp_pass(struct enbl_queue *queue,
				   struct enbl_rx_batch *batch,
				   struct net_buffer_list *nbl)
{
	struct sk_buff *skb;

	skb = ndis_xdp_to_skb(&queue->napi, nbl, &batch->xdp.xdp);
	if (likely(skb)) {
		__skb_queue_tail(&batch->passed, skb);
	} else {
		enbl_rx_count(&queue->rx, &queue->rx.stats.alloc_failed);
		ndis_nbl_free(nbl);
	}
}

/* What is for XDP_TX goes to the device, with one doorbell */
static noinline void enbl_xdp_flush_tx(struct enbl_queue *queue,
				       struct enbl_rx_batch *batch)
{
	batch->stats[ENBL_XDP_TX_ERRORS] +=
		enbl_xdp_send_lists(queue, batch->nr_out, batch->prog);
	batch->nr_out = 0;
}

static __always_inline void enbl_xdp_tx(struct enbl_queue *queue,
					struct enbl_rx_batch *batch,
					struct net_buffer_list *nbl)
{
	struct xdp_buff *xdp = &batch->xdp.xdp;
	struct enbl_xdp_out *out;

	if (unlikely(xdp->data_end - xdp->data < ETH_ZLEN &&
		     !enbl_xdp_pad(xdp))) {
		trace_xdp_exception(queue->adapter->netdev, batch->prog,
				    XDP_TX);
		batch->stats[ENBL_XDP_TX_ERRORS]++;
		ndis_nbl_free(nbl);
		return;
	}
	out = &queue->rx.out[batch->nr_out++];
	out->nbl = nbl;
	out->addr = ndis_xdp_dma(nbl, xdp);
	out->len = xdp->data_end - xdp->data;
	if (unlikely(batch->nr_out == ENBL_XDP_OUT))
		enbl_xdp_flush_tx(queue, batch);
}

/* enbl_xdp_end() flushes */
static __always_inline void enbl_xdp_redirect(struct enbl_rx_batch *batch,
					      struct net_buffer_list *nbl)
{
	if (likely(!ndis_xdp_redirect(batch->netdev, nbl, &batch->xdp.xdp,
				      batch->prog)))
		return;
	trace_xdp_exception(batch->netdev, batch->prog, XDP_REDIRECT);
	batch->stats[ENBL_XDP_REDIRECT_ERRORS]++;
}

/* What the device has checked begins where the frame did */
static void enbl_xdp_moved(const struct enbl_rx_batch *batch,
			   struct net_buffer_list *nbl)
{
	if (batch->xdp.xdp.data != ndis_nbl_buffer(nbl))
		ndis_nbl_set_checksum(nbl, 0);
}

/* @nbl is out of the ring: it goes its way, or is freed */
static __always_inline void enbl_xdp_act(struct enbl_queue *queue,
					 struct enbl_rx_batch *batch,
					 struct net_buffer_list *nbl, u32 act)
{
	if (likely(act == XDP_REDIRECT))
		enbl_xdp_redirect(batch, nbl);
	else if (act == XDP_TX)
		enbl_xdp_tx(queue, batch, nbl);
	else if (act == XDP_PASS)
		enbl_xdp_pass(queue, batch, nbl);
	else
		ndis_nbl_free(nbl);
}

/* The same, for whom a call does not matter */
void enbl_xdp_verdict(struct enbl_queue *queue, struct enbl_rx_batch *batch,
		      struct net_buffer_list *nbl, u32 act)
{
	enbl_xdp_act(queue, batch, nbl, act);
}

/* A frame in one buffer, of slot @i: the program has kept it. Never XDP_DROP */
static void enbl_xdp_take(struct enbl_queue *queue, struct enbl_rx_batch *batch,
			  u32 i, struct net_buffer_list *nbl, u64 wb, u32 act)
{
	struct enbl_rx_ring *rx = &queue->rx;
	struct net_buffer_list *empty;

	if (unlikely(act > XDP_REDIRECT || act == XDP_ABORTED)) {
		enbl_xdp_aborted(queue, batch, act);
		enbl_rx_repost(rx, i, nbl);
		return;
	}
	batch->stats[act]++;
	empty = ndis_nbl_alloc(rx->pool);
	if (unlikely(!empty)) {
		enbl_rx_count(rx, &rx->stats.alloc_failed);
		enbl_rx_repost(rx, i, nbl);
		return;
	}
	enbl_rx_post(rx, i, empty);

	if (act == XDP_PASS && wb & (RXD_VP | RXD_TCPCS)) {
		enbl_rx_set_info(queue->adapter, nbl, wb);
		enbl_xdp_moved(batch, nbl);
	}
	enbl_xdp_act(queue, batch, nbl, act);
}

/* A frame of several buffers, where the program runs at its end, or one that is none */
static noinline void enbl_xdp_take_long(struct enbl_queue *queue,
					struct enbl_rx_batch *batch, u64 wb)
{
	struct net_buffer_list *nbl = enbl_rx_take(queue, wb);
	u32 act;

	if (!nbl)
		return;
	enbl_rx_batch_count(batch, ndis_nbl_data(nbl), ndis_nbl_length(nbl));
	if (unlikely(!batch->frags)) {
		batch->stats[ENBL_XDP_TOO_LONG]++;
		ndis_nbl_free(nbl);
		return;
	}
	ndis_nbl_to_xdp_frags(nbl, &batch->xdp.xdp);
	compat_xdp_set_private(&batch->xdp, wb);
	act = bpf_prog_run_xdp(batch->prog, &batch->xdp.xdp);
	enbl_xdp_moved(batch, nbl);
	if (unlikely(act > XDP_REDIRECT || act == XDP_ABORTED))
		act = enbl_xdp_aborted(queue, batch, act);
	else
		batch->stats[act]++;
	enbl_xdp_verdict(queue, batch, nbl, act);
}

/* A good frame in one buffer. What the program drops the device gets again at once */
static void enbl_xdp_run(struct enbl_queue *queue, struct enbl_rx_batch *batch,
			 u32 i, u64 wb)
{
	struct enbl_rx_ring *rx = &queue->rx;
	struct net_buffer_list *nbl = rx->nbl[i];
	u32 len = FIELD_GET(RXD_LENGTH, wb);
	u32 act;

	ndis_nbl_to_xdp(nbl, len, &batch->xdp.xdp);
	compat_xdp_set_private(&batch->xdp, wb);
	enbl_rx_batch_count(batch, batch->xdp.xdp.data, len);
	act = bpf_prog_run_xdp(batch->prog, &batch->xdp.xdp);
	if (likely(act == XDP_DROP)) {
		batch->stats[XDP_DROP]++;
		enbl_rx_repost(rx, i, nbl);
	} else {
		enbl_xdp_take(queue, batch, i, nbl, wb, act);
	}
}

/**
 * enbl_xdp_collect() - show each frame to the program
 * @queue: queue, in its NAPI
 * @budget: most descriptors to look at
 * @batch: from enbl_xdp_begin(), with a program
 *
 * All that happens to a frame in one buffer is inlined here: the calls and the
 * registers that they save were a fifth of what XDP_TX costs.
 *
 * Return: descriptors looked at.
 */
int enbl_xdp_collect(struct enbl_queue *queue, int budget,
		     struct enbl_rx_batch *batch)
{
	struct enbl_rx_ring *rx = &queue->rx;
	u32 i = rx->next;
	int done;

	for (done = 0; done < budget; done++) {
		u64 wb = le64_to_cpu(READ_ONCE(rx->desc[i].wb));

		/* The buffer is not read before the descriptor said done */
		dma_rmb();
		if (likely(enbl_rx_is_whole(rx, wb, ENBL_RX_BUF))) {
			enbl_xdp_run(queue, batch, i, wb);
		} else if (wb & RXD_DD) {
			rx->next = i;
			enbl_xdp_take_long(queue, batch, wb);
		} else {
			break;
		}
		if (unlikely(++i == rx->count))
			i = 0;
	}
	rx->next = i;
	return done;
}

/*
 * What is in half a page, @len bytes, gets a page of its own: XDP wants headroom, and
 * pages that it can give away.
 * Return: false without memory: all is as it was
 */
static bool enbl_xdp_own_page(struct enbl_rx_ring *rx, u16 i, u32 len)
{
	struct net_buffer_list *old = rx->nbl[i], *nbl;

	if (ndis_nbl_pool(old) == rx->pages)
		return true;
	nbl = ndis_nbl_alloc(rx->pages);
	if (unlikely(!nbl)) {
		rx->nr_foreign = rx->count;	/* once more round */
		return false;
	}
	ndis_nbl_received(old, len);
	memcpy(ndis_nbl_buffer(nbl), ndis_nbl_data(old), len);
	/* Whoever takes it from the slot takes it back from the device */
	ndis_nbl_for_device(nbl);
	rx->nbl[i] = nbl;
	ndis_nbl_free(old);
	return true;
}

/* The next slot is none of halves. Return: false if it was, and its frame is lost */
static bool enbl_xdp_next_is_own(struct enbl_rx_ring *rx, u64 wb)
{
	u32 len = FIELD_GET(RXD_LENGTH, wb);
	u16 i = rx->next;

	/* The list waits meanwhile, and nothing is in it */
	if (rx->xsk[i]) {
		enbl_xdp_own_page(rx, i, 0);
		return true;
	}
	if (likely(len <= rx->buf_len && enbl_xdp_own_page(rx, i, len)))
		return true;
	enbl_rx_count(rx, len > rx->buf_len ? &rx->stats.length_errors :
					      &rx->stats.alloc_failed);
	rx->nr_foreign = rx->count;
	enbl_rx_repost(rx, i, rx->nbl[i]);
	enbl_rx_drop_frame(rx, wb & RXD_EOP);
	rx->next = i + 1 < rx->count ? i + 1 : 0;
	return false;
}

/* Until each slot has been looked at once: one frame at a time */
static noinline int enbl_xdp_collect_mixed(struct enbl_queue *queue, int budget,
					   struct enbl_rx_batch *batch)
{
	struct enbl_rx_ring *rx = &queue->rx;
	int done = 0, one = 1;

	while (done < budget && rx->nr_foreign && one) {
		u64 wb = le64_to_cpu(READ_ONCE(rx->desc[rx->next].wb));

		if (!(wb & RXD_DD))
			break;
		dma_rmb();
		rx->nr_foreign--;
		if (enbl_xdp_next_is_own(rx, wb))
			one = batch->mode == ENBL_RX_PROG ?
			      enbl_xdp_collect(queue, 1, batch) :
			      enbl_xsk_collect(queue, 1, batch);
		done += one;
	}
	/* The device has taken it back, which none should: look at all of them again */
	if (unlikely(!one))
		rx->nr_foreign = rx->count;
	return done;
}

/**
 * enbl_xdp_collect_any() - collect frames in the batch's mode
 * @queue: queue, in its NAPI
 * @budget: most descriptors to look at
 * @batch: from enbl_xdp_begin()
 *
 * Return: descriptors looked at.
 */
int enbl_xdp_collect_any(struct enbl_queue *queue, int budget,
			 struct enbl_rx_batch *batch)
{
	int done = 0;

	if (unlikely(queue->rx.nr_foreign)) {
		done = enbl_xdp_collect_mixed(queue, budget, batch);
		if (queue->rx.nr_foreign)
			return done;
	}
	if (batch->mode == ENBL_RX_PROG)
		return done + enbl_xdp_collect(queue, budget - done, batch);
	return done + enbl_xsk_collect(queue, budget - done, batch);
}

/**
 * enbl_xdp_end() - the verdicts of a poll take effect
 * @queue: queue, in its NAPI
 * @batch: from enbl_xdp_begin()
 */
void enbl_xdp_end(struct enbl_queue *queue, struct enbl_rx_batch *batch)
{
	struct enbl_rx_ring *rx = &queue->rx;
	struct sk_buff *skb;
	int i;

	if (batch->nr_out)
		enbl_xdp_flush_tx(queue, batch);
	if (batch->stats[XDP_REDIRECT])
		xdp_do_flush();
	enbl_xdp_idle();

	u64_stats_update_begin(&rx->sync);
	for (i = 0; i < ENBL_NR_XDP; i++)
		u64_stats_add(&rx->stats.xdp[i], batch->stats[i]);
	u64_stats_add(&rx->stats.xsk_packets, batch->xsk_packets);
	u64_stats_add(&rx->stats.xsk_no_buffer, batch->xsk_no_buffer);
	u64_stats_update_end(&rx->sync);

	while ((skb = __skb_dequeue(&batch->passed)))
		napi_gro_receive(&queue->napi, skb);
}

/* Without frags support a program sees one buffer, which has to be enough */
bool enbl_xdp_mtu_ok(const struct bpf_prog *prog, int mtu)
{
	return !prog || prog->aux->xdp_has_frags || mtu <= ENBL_XDP_MTU;
}

/* Under traffic or not, up or down: the next poll goes by it */
static int enbl_xdp_setup(struct enbl_adapter *adapter, struct bpf_prog *prog,
			  struct netlink_ext_ack *extack)
{
	struct bpf_prog *old;

	if (!enbl_xdp_mtu_ok(prog, adapter->netdev->mtu)) {
		NL_SET_ERR_MSG_MOD(extack, "a program without frags needs an MTU of at most "
				   __stringify(ENBL_XDP_MTU));
		return -EOPNOTSUPP;
	}
	old = xchg(&adapter->xdp_prog, prog);
	/* A poll that runs it holds it by RCU */
	if (old)
		bpf_prog_put(old);
	return 0;
}

/**
 * enbl_bpf() - ndo_bpf
 * @netdev: our device
 * @bpf: what is asked for
 *
 * Context: process, rtnl.
 * Return: 0 or a negative errno.
 */
int enbl_bpf(struct net_device *netdev, struct netdev_bpf *bpf)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	switch (bpf->command) {
	case XDP_SETUP_PROG:
		return enbl_xdp_setup(adapter, bpf->prog, bpf->extack);
	case XDP_SETUP_XSK_POOL:
		return enbl_xsk_setup(adapter, bpf->xsk.pool,
				      bpf->xsk.queue_id);
	default:
		return -EINVAL;
	}
}

/* The tag that the device has stripped. Hashes and timestamps it has not. */
static int enbl_xmo_rx_vlan_tag(const struct xdp_md *ctx, __be16 *proto,
				u16 *tci)
{
	const struct compat_xdp_buff *buff = (const void *)ctx;

	if (!(buff->private & RXD_VP))
		return -ENODATA;
	*proto = htons(ETH_P_8021Q);
	*tci = FIELD_GET(RXD_SPECIAL, buff->private);
	return 0;
}

static const struct compat_xdp_metadata_ops enbl_xdp_metadata_ops = {
	.xmo_rx_vlan_tag	= enbl_xmo_rx_vlan_tag,
};

/*
 * What works, with or without a program: frames are sent without one, too. An
 * AF_XDP socket's memory holds frames of one buffer.
 */
void enbl_xdp_features(struct enbl_adapter *adapter)
{
	u32 features = NETDEV_XDP_ACT_BASIC | NETDEV_XDP_ACT_REDIRECT |
		       NETDEV_XDP_ACT_NDO_XMIT | NETDEV_XDP_ACT_NDO_XMIT_SG |
		       NETDEV_XDP_ACT_XSK_ZEROCOPY | NETDEV_XDP_ACT_RX_SG;
	u16 i;

	for (i = 0; i < adapter->nr_queues; i++)
		if (adapter->queue[i].xsk_pool)
			features &= ~NETDEV_XDP_ACT_RX_SG;
	xdp_set_features_flag(adapter->netdev, features);
}

void enbl_xdp_init(struct enbl_adapter *adapter)
{
	compat_set_xdp_metadata_ops(adapter->netdev, &enbl_xdp_metadata_ops);
	enbl_xdp_features(adapter);
}
