/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The seam between received lists and XDP. A program runs on the list's own
 * page; the list in front of the headroom is never written:
 *
 *   page:     | list, NET_BUFFER, MDL | headroom  | frame ...   | shared info |
 *   xdp_buff:                         ^hard_start ^data         ^hard_end
 *
 *   ndis_nbl_to_xdp() -> program -> PASS      ndis_xdp_to_skb()
 *                                   TX        ndis_xdp_dma(), ndis_xdp_free()
 *                                   REDIRECT  ndis_xdp_redirect()
 *                                   DROP      ndis_nbl_free(), or nothing: the
 *                                             list is as it was
 *
 * A frame of several buffers has the others in its shared info while a program
 * looks at it; the list says so by NDIS_DIRTY_FRAGS, and its free frees them.
 */
#ifndef _NDIS_XDP_H
#define _NDIS_XDP_H

#include <linux/filter.h>
#include <ndis/net.h>
#include <net/xdp.h>

int ndis_xdp_rxq_register(struct xdp_rxq_info *rxq, struct net_device *netdev,
			  struct napi_struct *napi, struct ndis_pool *pool);
void ndis_xdp_rxq_unregister(struct xdp_rxq_info *rxq);

void ndis_nbl_to_xdp_frags(struct net_buffer_list *nbl, struct xdp_buff *xdp);
struct sk_buff *ndis_xdp_to_skb(struct napi_struct *napi,
				struct net_buffer_list *nbl,
				struct xdp_buff *xdp);
void ndis_xdp_release_any(struct net_buffer_list *nbl);

/**
 * ndis_xdp_buff_init() - what all frames of a pool have in common
 * @xdp: buffer that one poll uses for all its frames
 * @pool: pool with data, whose headroom is at least XDP_PACKET_HEADROOM
 * @rxq: registered with @pool
 */
static inline void ndis_xdp_buff_init(struct xdp_buff *xdp,
				      const struct ndis_pool *pool,
				      struct xdp_rxq_info *rxq)
{
	xdp_init_buff(xdp, pool->head_size, rxq);
}

/**
 * ndis_nbl_to_xdp() - show a filled receive buffer to a program
 * @nbl: list that the device has filled; ndis_nbl_received() was not called
 * @len: bytes that the device wrote, at most data_size
 * @xdp: from ndis_xdp_buff_init()
 *
 * The list stays as it was allocated: whoever drops the frame may post the
 * buffer again at once.
 */
static inline void ndis_nbl_to_xdp(struct net_buffer_list *nbl, u32 len,
				   struct xdp_buff *xdp)
{
	struct ndis_obj *obj = &ndis_nbl_obj(nbl)->obj;
	const struct ndis_pool *pool = obj->pool;
	void *data = (void *)obj + pool->data_offset;

	if (unlikely(obj->dma_sync))
		dma_sync_single_for_cpu(pool->dev, obj->dma, len,
					DMA_BIDIRECTIONAL);
	xdp->data_hard_start = (void *)obj + pool->size;
	xdp->data = data;
	xdp->data_meta = data;
	xdp->data_end = data + len;
	xdp->flags = 0;
}

/**
 * ndis_nbl_buffer() - where the device's bytes begin
 * @nbl: list of a pool with data
 */
static inline void *ndis_nbl_buffer(const struct net_buffer_list *nbl)
{
	const struct ndis_obj *obj = &ndis_nbl_obj(nbl)->obj;

	return (void *)obj + obj->pool->data_offset;
}

/**
 * ndis_xdp_dma() - bus address of what a program left of a frame
 * @nbl: the list that it came in
 * @xdp: the frame; of several buffers the first
 *
 * It may begin in the headroom, in front of the MDL. The list does not know: who
 * sends it keeps address and length, and frees it with ndis_xdp_free().
 */
static inline dma_addr_t ndis_xdp_dma(const struct net_buffer_list *nbl,
				      const struct xdp_buff *xdp)
{
	const struct ndis_obj *obj = &ndis_nbl_obj(nbl)->obj;

	return obj->dma + (xdp->data - ndis_nbl_buffer(nbl));
}

/**
 * ndis_xdp_free() - ndis_nbl_free() of a list that only a program has seen
 * @nbl: list that ndis_nbl_to_xdp() or ndis_nbl_to_xdp_frags() has shown
 *
 * It is as it was allocated, unless it says otherwise: nothing to reset.
 *
 * Context: as enum ndis_pool_access says. Does not sleep.
 */
static inline void ndis_xdp_free(struct net_buffer_list *nbl)
{
	struct ndis_obj *obj = &ndis_nbl_obj(nbl)->obj;

	if (unlikely(obj->dirty))
		ndis_nbl_free(nbl);
	else
		ndis_obj_put(obj->pool, obj);
}

/**
 * ndis_xdp_frags() - the other buffers of a frame
 * @nbl: list that a program has seen
 *
 * Return: the shared info that holds them, or NULL if there are none.
 */
static inline struct skb_shared_info *
ndis_xdp_frags(const struct net_buffer_list *nbl)
{
	const struct ndis_list_obj *lo = ndis_nbl_obj(nbl);

	if (likely(!(lo->obj.dirty & NDIS_DIRTY_FRAGS)))
		return NULL;
	return (void *)lo + lo->obj.pool->page_size -
	       SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
}

/* The page is about to be somebody else's: the list in it is as constructed */
static inline void ndis_xdp_release(struct net_buffer_list *nbl)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);
	struct ndis_pool *pool = lo->obj.pool;

	if (unlikely(pool->access == NDIS_ACCESS_ANY)) {
		ndis_xdp_release_any(nbl);
		return;
	}
	if (unlikely(lo->obj.dirty)) {
		lo->obj.dirty &= ~NDIS_DIRTY_FRAGS;
		ndis_nbl_reset(pool, nbl);
	}
	WRITE_ONCE(pool->freed, pool->freed + 1);
}

/**
 * ndis_xdp_redirect() - xdp_do_redirect() of a frame in a list
 * @netdev: device that received it
 * @nbl: the list that it came in
 * @xdp: the frame as the program left it
 * @prog: program
 *
 * Context: the NAPI of the pool; xdp_do_flush() follows before it ends.
 * The list is gone, whatever is returned.
 *
 * Return: 0, and the page is the target's; or a negative errno, and it is freed.
 */
static inline int ndis_xdp_redirect(struct net_device *netdev,
				    struct net_buffer_list *nbl,
				    struct xdp_buff *xdp,
				    struct bpf_prog *prog)
{
	int err;

	/* Afterwards is too late: on another CPU the page may be in use again */
	ndis_xdp_release(nbl);
	err = xdp_do_redirect(netdev, xdp, prog);
	if (unlikely(err))
		xdp_return_buff(xdp);
	return err;
}

/**
 * ndis_xdp_can_return() - may ndis_xdp_return() be called?
 * @pool: a pool whose NAPI is running, on this CPU
 *
 * Return: false for a pool that takes a lock; asked once for many frames.
 */
static inline bool ndis_xdp_can_return(const struct ndis_pool *pool)
{
	return likely(pool->access != NDIS_ACCESS_ANY);
}

/**
 * ndis_xdp_return() - MiniportReturnNetBufferLists(): a page is back at once
 * @pool: a pool of which ndis_xdp_can_return() says so
 * @rxq: registered with @pool
 * @frame: redirected frame of one buffer, of whatever origin
 *
 * Spares a page of @pool the way through page_pool: nobody else has seen it
 * since it left, so its list can be allocated again as it is.
 *
 * Return: false if the frame is none of @pool's or there is no room: the caller
 * frees it the usual way.
 */
static inline bool ndis_xdp_return(struct ndis_pool *pool,
				   const struct xdp_rxq_info *rxq,
				   struct xdp_frame *frame)
{
	if (unlikely(!compat_xdp_frame_is_from(frame, rxq) ||
		     pool->nr_free == NDIS_MAGAZINE))
		return false;
	/* It lies where the headroom begins. It was counted as freed when it left */
	ndis_obj_push(pool, (void *)frame - pool->size);
	return true;
}

#endif /* _NDIS_XDP_H */
