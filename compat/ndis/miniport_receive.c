// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive: a miniport's lists become skbs and come back to it.
 *
 *   indicate -> copied:  skb has the bytes     -> returned before indicate ends
 *            -> lent:    skb has page references, list is "out" -> reaper
 *
 * A lent list is done when the skb is, and the skb does not tell: its destructor
 * runs as soon as a socket adopts it, and a zero-copy skb (ubuf_info) is copied
 * by skb_orphan_frags_rx() before any socket sees it. But each page is ours and
 * had one reference when it was lent; when it has one again, nobody can reach it.
 * So the reaper looks at references: at each poll or indication, and from a
 * delayed work while lists are out.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "family.h"
#include "miniport_internal.h"
#include "trace.h"

#define NDIS_REAP_DELAY		max(HZ / 50, 1)
#define NDIS_REAP_DELAY_MAX	max(HZ / 4, 1)
#define NDIS_REAP_BUDGET	128

static struct kmem_cache *ndis_out_cache;

/* One indication */
struct ndis_rx {
	struct ndis_block *block;
	bool resources;
	bool running;
	struct ndis_nbl_queue back;	/* to return before it ends */
	u32 nr_back;
	struct list_head out;		/* struct ndis_out */
	u32 nr_out;
	u64 stats[NDIS_ADAPTER_STATS];
};

int ndis_out_cache_init(void)
{
	ndis_out_cache = KMEM_CACHE(ndis_out, SLAB_HWCACHE_ALIGN);
	return ndis_out_cache ? 0 : -ENOMEM;
}

void ndis_out_cache_exit(void)
{
	kmem_cache_destroy(ndis_out_cache);
}

/* --- returning --------------------------------------------------------------- */

/* Ours again to give: the next indication may be of the same list */
static void ndis_list_unmark(struct net_buffer_list *nbl)
{
	nbl->NdisReserved[0] = NULL;
	nbl->NdisReserved[1] = NULL;
}

/*
 * Context: BH off, no lock. @nr lists that are counted as out, until the handler
 * is through with them.
 */
static void ndis_return(struct ndis_block *block, struct net_buffer_list *chain,
			u32 nr)
{
	struct net_buffer_list *nbl;
	bool wake;

	if (trace_ndis_return_enabled())
		for (nbl = chain; nbl; nbl = nbl->Next)
			trace_ndis_return(block->netdev, nbl,
					  ndis_trace_length(nbl), nbl->Status);
	block->driver->chars.ReturnNetBufferListsHandler(block->context, chain,
							 NDIS_RETURN_FLAGS_DISPATCH_LEVEL);
	spin_lock(&block->lock);
	block->nr_out -= nr;
	block->stats[NDIS_RX_RETURNED] += nr;
	wake = !block->nr_out && block->state != NDIS_RUNNING;
	spin_unlock(&block->lock);
	if (unlikely(wake))
		wake_up(&block->wait);
}

static bool ndis_out_idle(const struct ndis_out *out)
{
	unsigned int i;

	if (out->holder != NDIS_HELD_STACK)
		return false;
	for (i = 0; i < out->nr_pages; i++)
		if (page_ref_count(out->page[i]) != 1)
			return false;
	/* What the last holder read is read before the miniport writes */
	smp_acquire__after_ctrl_dep();
	return true;
}

/* Context: block->lock. The list leaves the stack and joins @done */
static void ndis_out_end(struct ndis_out *out, struct ndis_nbl_queue *done)
{
	struct net_buffer_list *nbl = out->nbl;

	list_del(&out->node);
	kmem_cache_free(ndis_out_cache, out);
	ndis_list_unmark(nbl);
	nbl->Next = NULL;
	ndis_nbl_enqueue(done, nbl);
}

/**
 * ndis_reap() - return the lists that the stack is done with
 * @block: adapter
 * @budget: look at so many at most
 *
 * Context: BH off, no lock held.
 * Return: how many were returned.
 */
u32 ndis_reap(struct ndis_block *block, u32 budget)
{
	struct ndis_nbl_queue done = { };
	struct ndis_out *out, *next;
	LIST_HEAD(busy);
	u32 nr = 0;

	spin_lock(&block->lock);
	if (!block->severed) {
		list_for_each_entry_safe(out, next, &block->out, node) {
			if (!budget--)
				break;
			if (ndis_out_idle(out)) {
				ndis_out_end(out, &done);
				nr++;
			} else {
				list_move_tail(&out->node, &busy);
			}
		}
		/* What a socket keeps for days is not in the way of the rest */
		list_splice_tail(&busy, &block->out);
	}
	spin_unlock(&block->lock);

	if (nr)
		ndis_return(block, done.first, nr);
	return nr;
}

/**
 * ndis_reap_forced() - return all lists, whoever holds their memory
 * @block: adapter that is being halted
 *
 * The miniport gets its lists back in order to free them. That is safe: whoever
 * holds a page has a reference on it, so the page outlives the free (page_pool
 * and free_pages_exact() drop one reference, they do not reuse what has more),
 * and the miniport, paused, receives no more into it.
 *
 * Context: process.
 * Return: how many were returned.
 */
u32 ndis_reap_forced(struct ndis_block *block)
{
	struct ndis_nbl_queue done = { };
	struct ndis_out *out, *next;
	u32 nr = 0;

	local_bh_disable();
	spin_lock(&block->lock);
	list_for_each_entry_safe(out, next, &block->out, node) {
		ndis_out_end(out, &done);
		nr++;
	}
	block->stats[NDIS_RX_FORCED] += nr;
	spin_unlock(&block->lock);
	if (nr)
		ndis_return(block, done.first, nr);
	local_bh_enable();
	return nr;
}

/* The block was severed: its lists are nobody's any more, only our records go */
void ndis_out_forget(struct ndis_block *block)
{
	struct ndis_out *out, *next;

	list_for_each_entry_safe(out, next, &block->out, node)
		kmem_cache_free(ndis_out_cache, out);
	INIT_LIST_HEAD(&block->out);
}

/* The stack tells nobody, so somebody looks; less often while nothing moves */
void ndis_reap_work(struct work_struct *work)
{
	struct ndis_block *block = container_of(work, struct ndis_block,
						reap.work);
	bool more;
	u32 nr;

	local_bh_disable();
	nr = ndis_reap(block, U32_MAX);
	local_bh_enable();

	spin_lock_bh(&block->lock);
	more = !list_empty(&block->out) && !block->severed;
	block->reap_delay = nr ? NDIS_REAP_DELAY :
			    min_t(unsigned long, block->reap_delay * 2,
				  NDIS_REAP_DELAY_MAX);
	spin_unlock_bh(&block->lock);
	if (more)
		queue_delayed_work(ndis_wq, &block->reap, block->reap_delay);
}

/**
 * NdisReturnNetBufferLists() - the receiver is done with lists that it kept
 * @NdisBindingHandle: the adapter's NdisMiniportHandle
 * @NetBufferLists: lists that params.receive returned true for
 * @ReturnFlags: not looked at
 *
 * A list that the receiver does not hold (it returned it before, or never had
 * it) is left alone, counted and reported.
 *
 * Context: any CPU, up to DISPATCH_LEVEL. Calls MiniportReturnNetBufferLists.
 */
VOID NdisReturnNetBufferLists(NDIS_HANDLE NdisBindingHandle,
			      PNET_BUFFER_LIST NetBufferLists,
			      ULONG ReturnFlags)
{
	struct ndis_block *block = NdisBindingHandle;
	struct net_buffer_list *nbl, *next;
	struct ndis_nbl_queue done = { };
	u32 nr = 0, wrong = 0;
	struct ndis_out *out;

	local_bh_disable();
	spin_lock(&block->lock);
	for (nbl = NetBufferLists; nbl; nbl = next) {
		next = nbl->Next;
		out = nbl->NdisReserved[0];
		if (nbl->NdisReserved[1] != block || !out || out->nbl != nbl ||
		    out->holder != NDIS_HELD_RECEIVER) {
			/* A list twice in the chain is met with its new Next */
			wrong++;
			continue;
		}
		ndis_out_end(out, &done);
		nr++;
	}
	block->stats[NDIS_RX_RETURN_TWICE] += wrong;
	spin_unlock(&block->lock);

	if (unlikely(wrong))
		ndis_block_misuse(block, "%pS returns %u lists that it does not hold",
				  __builtin_return_address(0), wrong);
	if (nr)
		ndis_return(block, done.first, nr);
	local_bh_enable();
}
EXPORT_SYMBOL_GPL(NdisReturnNetBufferLists);

/* --- indicating --------------------------------------------------------------- */

static void ndis_rx_back(struct ndis_rx *rx, struct net_buffer_list *nbl)
{
	if (rx->resources)
		return;
	nbl->NdisReserved[1] = rx->block;
	nbl->Next = NULL;
	ndis_nbl_enqueue(&rx->back, nbl);
	rx->nr_back++;
}

static void ndis_rx_out(struct ndis_rx *rx, struct net_buffer_list *nbl,
			struct ndis_out *out, enum ndis_holder holder, u32 len)
{
	out->nbl = nbl;
	out->since = jiffies;
	out->len = len;
	out->holder = holder;
	nbl->NdisReserved[0] = out;
	nbl->NdisReserved[1] = rx->block;
	nbl->Next = NULL;
	list_add_tail(&out->node, &rx->out);
	rx->nr_out++;
}

/* What is wrong with a list, or NULL */
static const char *ndis_rx_wrong(const struct ndis_rx *rx,
				 const struct net_buffer_list *nbl)
{
	const struct net_buffer *nb = nbl->FirstNetBuffer;
	const struct ndis_mdl *mdl;
	u64 left;

	if (nbl->SourceHandle != rx->block)
		return "without its SourceHandle";
	if (!nb)
		return "without a NET_BUFFER";
	if (nb->Next)
		return "with more than one NET_BUFFER";
	if (nb->stDataLength < ETH_HLEN || nb->stDataLength > SZ_64K)
		return "with a length that no frame has";
	mdl = nb->CurrentMdl;
	if (!mdl || nb->CurrentMdlOffset > mdl->ByteCount)
		return "whose CurrentMdl does not hold its data";
	for (left = (u64)nb->CurrentMdlOffset + nb->stDataLength; mdl;
	     mdl = mdl->Next) {
		if (mdl->ByteCount && !ndis_mdl_va(mdl))
			return "whose memory is not mapped";
		if (left <= mdl->ByteCount)
			return NULL;
		left -= mdl->ByteCount;
	}
	return "with less memory than data";
}

static void ndis_rx_deliver(struct ndis_rx *rx, struct sk_buff *skb,
			    const struct net_buffer_list *nbl, u32 len)
{
	struct ndis_block *block = rx->block;

	rx->stats[NDIS_RX_PACKETS]++;
	rx->stats[NDIS_RX_BYTES] += len;
	ndis_skb_info(block, skb, nbl);
	skb->protocol = eth_type_trans(skb, block->netdev);
	if (ndis_block_in_poll(block))
		napi_gro_receive(&block->adapter->napi, skb);
	else
		/* Not the stack itself: this may be the stack's own transmit */
		netif_rx(skb);
}

/*
 * The receiver may return a list before this does, from another CPU: so it is
 * on the books before it is offered.
 */
static bool ndis_rx_receiver(struct ndis_rx *rx, struct net_buffer_list *nbl,
			     struct ndis_out *out, u32 len)
{
	struct ndis_block *block = rx->block;

	if (!out)
		return block->params.receive(block->adapter, nbl, false);

	ndis_rx_out(rx, nbl, out, NDIS_HELD_RECEIVER, len);
	spin_lock(&block->lock);
	list_move_tail(&out->node, &block->out);
	block->nr_out++;
	spin_unlock(&block->lock);
	rx->nr_out--;
	if (block->params.receive(block->adapter, nbl, true))
		return true;

	spin_lock(&block->lock);
	list_del(&out->node);
	block->nr_out--;
	spin_unlock(&block->lock);
	ndis_list_unmark(nbl);
	return false;
}

/* Context: as the indication. Return: whether the list went out */
static bool ndis_rx_list(struct ndis_rx *rx, struct net_buffer_list *nbl)
{
	enum ndis_adapter_stat why = NDIS_RX_COPY_RESOURCES;
	u32 len = nbl->FirstNetBuffer->DataLength;
	struct ndis_block *block = rx->block;
	struct ndis_out *out = NULL;
	struct sk_buff *skb = NULL;

	if (!rx->resources) {
		why = NDIS_RX_COPY_OTHER;
		out = ndis_fail(NDIS_SITE_OUT) ? NULL :
		      kmem_cache_alloc(ndis_out_cache,
				       GFP_ATOMIC | __GFP_NOWARN);
	}
	if (unlikely(block->params.receive) &&
	    ndis_rx_receiver(rx, nbl, out, len))
		return out;

	if (out && len <= block->params.copybreak)
		why = NDIS_RX_COPY_SMALL;
	else if (out && !block->params.copy_all)
		skb = ndis_lend_to_skb(block, nbl, len, out, &why);
	if (skb) {
		rx->stats[NDIS_RX_ZERO_COPY]++;
		ndis_rx_out(rx, nbl, out, NDIS_HELD_STACK, len);
		ndis_rx_deliver(rx, skb, nbl, len);
		return true;
	}

	if (out)
		kmem_cache_free(ndis_out_cache, out);
	skb = ndis_copy_to_skb(block, nbl, len);
	if (likely(skb)) {
		rx->stats[NDIS_RX_COPIED]++;
		rx->stats[why]++;
		ndis_rx_deliver(rx, skb, nbl, len);
	} else {
		rx->stats[NDIS_RX_DROPPED]++;
	}
	return false;
}

static void ndis_rx_one(struct ndis_rx *rx, struct net_buffer_list *nbl)
{
	const char *wrong;

	if (unlikely(nbl->NdisReserved[1] == rx->block)) {
		/* It is somewhere already, and comes back from there, once */
		rx->stats[NDIS_RX_TWICE]++;
		ndis_block_misuse(rx->block, "list %p is indicated while it is out",
				  nbl);
		return;
	}
	trace_ndis_indicate(rx->block->netdev, nbl, ndis_trace_length(nbl), 0);
	wrong = ndis_rx_wrong(rx, nbl);
	if (unlikely(wrong)) {
		rx->stats[NDIS_RX_REFUSED]++;
		nbl->Status = NDIS_STATUS_INVALID_PARAMETER;
		ndis_block_misuse(rx->block, "list %p is indicated %s", nbl,
				  wrong);
	} else if (unlikely(!rx->running)) {
		rx->stats[NDIS_RX_NOT_RUNNING]++;
	} else if (ndis_rx_list(rx, nbl)) {
		return;
	}
	ndis_rx_back(rx, nbl);
}

/* The lists' accounts become the adapter's; then they go home */
static void ndis_rx_end(struct ndis_rx *rx)
{
	struct ndis_block *block = rx->block;
	struct net_buffer_list *nbl;
	unsigned int i;

	spin_lock(&block->lock);
	for (i = 0; i < NDIS_ADAPTER_STATS; i++)
		block->stats[i] += rx->stats[i];
	list_splice_tail(&rx->out, &block->out);
	block->nr_out += rx->nr_out + rx->nr_back;
	if (rx->nr_out)
		block->reap_delay = NDIS_REAP_DELAY;
	spin_unlock(&block->lock);

	if (rx->nr_out)
		queue_delayed_work(ndis_wq, &block->reap, NDIS_REAP_DELAY);
	if (rx->nr_back) {
		for (nbl = rx->back.first; nbl; nbl = nbl->Next)
			ndis_list_unmark(nbl);
		ndis_return(block, rx->back.first, rx->nr_back);
	}
}

/**
 * NdisMIndicateReceiveNetBufferLists() - received frames go up the stack
 * @MiniportAdapterHandle: NdisMiniportHandle
 * @NetBufferLists: lists with SourceHandle set, one NET_BUFFER each, a frame each
 * @PortNumber: not looked at
 * @NumberOfNetBufferLists: how many
 * @ReceiveFlags: NDIS_RECEIVE_FLAGS_RESOURCES: the miniport wants them back when
 *	this returns; they are copied and their Next links stay
 *
 * Without RESOURCES a list comes back by MiniportReturnNetBufferLists exactly
 * once, in any order: before this returns if it was copied or refused, later if
 * its memory was lent to the skb. So no lock that the return handler takes may
 * be held here.
 *
 * In the miniport's DPC (ndis_adapter_interrupt()) frames go through GRO,
 * elsewhere to the backlog. Checksum, 802.1Q and hash slots are applied.
 *
 * Context: any CPU, up to DISPATCH_LEVEL; not hard interrupt.
 */
VOID NdisMIndicateReceiveNetBufferLists(NDIS_HANDLE MiniportAdapterHandle,
					PNET_BUFFER_LIST NetBufferLists,
					NDIS_PORT_NUMBER PortNumber,
					ULONG NumberOfNetBufferLists,
					ULONG ReceiveFlags)
{
	struct ndis_block *block = MiniportAdapterHandle;
	struct net_buffer_list *nbl, *next;
	struct ndis_rx rx = { };
	u32 nr = 0;

	rx.block = block;
	rx.resources = NDIS_TEST_RECEIVE_CANNOT_PEND(ReceiveFlags);
	INIT_LIST_HEAD(&rx.out);

	local_bh_disable();
	rx.running = READ_ONCE(block->state) == NDIS_RUNNING;
	for (nbl = NetBufferLists; nbl; nbl = next) {
		/* With RESOURCES nothing else ends a chain that bites its tail */
		if (unlikely(rx.resources && nr == NumberOfNetBufferLists))
			break;
		next = nbl->Next;
		ndis_rx_one(&rx, nbl);
		nr++;
	}
	if (unlikely(nbl || nr != NumberOfNetBufferLists))
		ndis_block_misuse(block, "a chain is not of %u lists, as the miniport says",
				  NumberOfNetBufferLists);

	if (ndis_block_in_poll(block))
		block->polled += nr;
	ndis_rx_end(&rx);
	/* The poll has reaped before its DPC */
	if (!ndis_block_in_poll(block))
		ndis_reap(block, NDIS_REAP_BUDGET);
	local_bh_enable();
}
EXPORT_SYMBOL_GPL(NdisMIndicateReceiveNetBufferLists);
