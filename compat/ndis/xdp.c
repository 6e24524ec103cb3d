// SPDX-License-Identifier: GPL-2.0-only
/*
 * Received lists and XDP, off the hottest path: frames of several buffers,
 * pages that leave with an skb or a redirected frame. See ndis/xdp.h for the
 * picture.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <ndis/xdp.h>

#include "ndis_internal.h"
#include "verify.h"

/**
 * ndis_xdp_rxq_register() - let XDP know whose memory a pool's pages are
 * @rxq: receive queue
 * @netdev: device
 * @napi: the NAPI that the pool is bound to
 * @pool: list pool with data
 *
 * XDP holds a reference on the pool's memory from here on, so that redirected
 * frames find back to it whatever happens to the device.
 *
 * Context: process; sleeps.
 * Return: 0 or a negative errno: -EINVAL for a pool whose buffers share pages.
 */
int ndis_xdp_rxq_register(struct xdp_rxq_info *rxq, struct net_device *netdev,
			  struct napi_struct *napi, struct ndis_pool *pool)
{
	int err;

	if (pool->part)
		return -EINVAL;
	/* A buffer behind the first may grow up to where shared info would be */
	err = __xdp_rxq_info_reg(rxq, netdev, pool->queue, napi->napi_id,
				 pool->head_size);
	if (err)
		return err;

	err = xdp_rxq_info_reg_mem_model(rxq, MEM_TYPE_PAGE_POOL, pool->pages);
	if (err)
		xdp_rxq_info_unreg(rxq);
	return err;
}
EXPORT_SYMBOL_GPL(ndis_xdp_rxq_register);

/**
 * ndis_xdp_rxq_unregister() - ndis_xdp_rxq_register() reversed
 * @rxq: receive queue; one that is not registered does nothing
 *
 * Context: process, NAPI off, before the pool is destroyed; sleeps.
 */
void ndis_xdp_rxq_unregister(struct xdp_rxq_info *rxq)
{
	if (xdp_rxq_info_is_reg(rxq))
		xdp_rxq_info_unreg(rxq);
}
EXPORT_SYMBOL_GPL(ndis_xdp_rxq_unregister);

/**
 * ndis_xdp_release_any() - ndis_xdp_release() for a pool that takes a lock
 * @nbl: list
 *
 * Context: the NAPI of the pool.
 */
void ndis_xdp_release_any(struct net_buffer_list *nbl)
{
	struct ndis_obj *obj = &ndis_nbl_obj(nbl)->obj;
	struct ndis_pool *pool = obj->pool;
	unsigned long flags;

	/* As with an indicated list: the page comes back without us */
	if (ndis_verified(pool))
		ndis_verify_indicate(pool, nbl);
	obj->dirty &= ~NDIS_DIRTY_FRAGS;
	ndis_nbl_reset(pool, nbl);
	spin_lock_irqsave(&pool->lock, flags);
	WRITE_ONCE(pool->freed, pool->freed + 1);
	spin_unlock_irqrestore(&pool->lock, flags);
}
EXPORT_SYMBOL_GPL(ndis_xdp_release_any);

/* A buffer behind the first: no list any more, page_pool takes it back */
static void ndis_xdp_release_mdl(struct ndis_pool *pool, struct ndis_mdl *mdl)
{
	unsigned long flags;

	mdl->Next = NULL;
	if (likely(pool->access != NDIS_ACCESS_ANY)) {
		WRITE_ONCE(pool->freed, pool->freed + 1);
		return;
	}
	if (ndis_verified(pool))
		ndis_verify_gone(pool, &container_of(mdl, struct ndis_list_obj,
						     mdl[0])->obj);
	spin_lock_irqsave(&pool->lock, flags);
	WRITE_ONCE(pool->freed, pool->freed + 1);
	spin_unlock_irqrestore(&pool->lock, flags);
}

/**
 * ndis_nbl_to_xdp_frags() - show a frame of several buffers to a program
 * @nbl: complete frame, from ndis_nbl_received() and ndis_nbl_append()
 * @xdp: from ndis_xdp_buff_init()
 *
 * The buffers behind the first go to the shared info, where programs may cut
 * them off and grow the last. Out-of-band slots stay.
 *
 * Context: the NAPI of the pool.
 */
void ndis_nbl_to_xdp_frags(struct net_buffer_list *nbl, struct xdp_buff *xdp)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);
	struct ndis_pool *pool = lo->obj.pool;
	struct ndis_mdl *mdl = lo->mdl[0].Next;
	u32 len = lo->nb.stDataLength;
	struct skb_shared_info *sinfo;
	u32 left, nr = 0;

	xdp->data_hard_start = (void *)lo + pool->size;
	xdp->data = (void *)lo + pool->data_offset;
	xdp->data_meta = xdp->data;
	xdp->data_end = xdp->data + min(len, pool->data_size);
	xdp->flags = 0;
	ndis_nb_reset(pool, &lo->nb);
	if (!mdl)
		return;

	sinfo = xdp_get_shared_info_from_buff(xdp);
	left = len - pool->data_size;
	sinfo->xdp_frags_size = left;
	lo->mdl[0].Next = NULL;
	while (mdl) {
		struct page *page = virt_to_page(mdl->MappedSystemVa);
		struct ndis_mdl *next = mdl->Next;
		u32 size = min(left, mdl->ByteCount);

		ndis_xdp_release_mdl(pool, mdl);
		__skb_fill_page_desc_noacc(sinfo, nr++, page, mdl->ByteOffset,
					   size);
		if (page_is_pfmemalloc(page))
			xdp_buff_set_frag_pfmemalloc(xdp);
		left -= size;
		mdl = next;
	}
	sinfo->nr_frags = nr;
	xdp_buff_set_frags_flag(xdp);
	lo->obj.dirty &= ~NDIS_DIRTY_CHAIN;
	lo->obj.dirty |= NDIS_DIRTY_FRAGS;
}
EXPORT_SYMBOL_GPL(ndis_nbl_to_xdp_frags);

/* What the program left of the buffers behind the first is freed */
void ndis_xdp_free_frags(struct net_buffer_list *nbl)
{
	struct skb_shared_info *sinfo = ndis_xdp_frags(nbl);
	struct ndis_pool *pool = ndis_nbl_pool(nbl);
	unsigned int i;

	for (i = 0; i < sinfo->nr_frags; i++)
		page_pool_put_full_page(pool->pages,
					skb_frag_page(&sinfo->frags[i]), false);
	ndis_nbl_obj(nbl)->obj.dirty &= ~NDIS_DIRTY_FRAGS;
}

/**
 * ndis_xdp_to_skb() - a frame that a program has passed becomes an skb
 * @napi: the NAPI that the list's pool is bound to
 * @nbl: the list that the frame came in
 * @xdp: the frame as the program left it
 *
 * Headroom, metadata and the checksum and 802.1Q slots of @nbl are honoured.
 * The list is the stack's, as with ndis_indicate_receive().
 *
 * Context: @napi's poll.
 * Return: an skb for napi_gro_receive(), or NULL without memory: the list is
 * still the caller's, to free.
 */
struct sk_buff *ndis_xdp_to_skb(struct napi_struct *napi,
				struct net_buffer_list *nbl,
				struct xdp_buff *xdp)
{
	unsigned int nr_frags = 0, frags_size = 0;
	struct ndis_pool *pool = ndis_nbl_pool(nbl);
	struct skb_shared_info *sinfo;
	struct sk_buff *skb;
	int meta;

	/* build_skb() clears what is in front of the fragments */
	if (unlikely(xdp_buff_has_frags(xdp))) {
		sinfo = xdp_get_shared_info_from_buff(xdp);
		nr_frags = sinfo->nr_frags;
		frags_size = sinfo->xdp_frags_size;
	}
	skb = ndis_fail(NDIS_SITE_BUILD_SKB) ? NULL :
	      napi_build_skb(xdp->data_hard_start, xdp->frame_sz);
	if (unlikely(!skb))
		return NULL;

	skb_mark_for_recycle(skb);
	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	__skb_put(skb, xdp->data_end - xdp->data);
	skb->truesize += pool->head_extra;
	skb_record_rx_queue(skb, pool->queue);
	meta = xdp->data - xdp->data_meta;
	if (meta > 0)
		skb_metadata_set(skb, meta);
	if (unlikely(nr_frags))
		xdp_update_skb_frags_info(skb, nr_frags, frags_size,
					  nr_frags * pool->page_size,
					  xdp_buff_get_skb_flags(xdp));
	if (ndis_nbl_obj(nbl)->obj.dirty)
		ndis_skb_set_info(skb, nbl, true);
	ndis_xdp_release(nbl);

	skb->protocol = eth_type_trans(skb, napi->dev);
	return skb;
}
EXPORT_SYMBOL_GPL(ndis_xdp_to_skb);
