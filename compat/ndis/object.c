// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects off the hot path: how one is built, where it comes from when the
 * magazine is empty, where it goes when the magazine is full, and how one is
 * restored that its owner has changed beyond the usual.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>

#include "family.h"
#include "trace.h"
#include "verify.h"

static void ndis_mdl_construct(struct ndis_mdl *mdl, void *va, u32 len)
{
	mdl->Process = NULL;
	mdl->Size = sizeof(*mdl);
	mdl->MdlFlags = MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL |
			MDL_ALLOCATED_FIXED_SIZE;
	ndis_mdl_set(mdl, va, len);
}

/* The view on a pool's own MDL, or on nothing */
static void ndis_nb_construct(struct ndis_pool *pool, struct net_buffer *nb,
			      struct ndis_mdl *mdl, void *data)
{
	memset(nb, 0, sizeof(*nb));
	nb->NdisPoolHandle = pool;
	if (!pool->data_size)
		return;

	mdl->Next = NULL;
	ndis_mdl_construct(mdl, data, pool->data_size);
	nb->MdlChain = mdl;
	nb->CurrentMdl = mdl;
	nb->CurrentMdlOffset = pool->data_size;
	nb->DataOffset = pool->data_size;
}

static void ndis_list_construct(struct ndis_pool *pool,
				struct ndis_list_obj *lo, void *data)
{
	u32 i, mdls = pool->nr_mdls + !!pool->data_size;
	struct ndis_nbl_context *context;

	memset(&lo->nbl, 0, sizeof(lo->nbl));
	lo->nbl.NdisPoolHandle = pool;
	ndis_nb_construct(pool, &lo->nb, lo->mdl, data);
	if (pool->kind != NDIS_KIND_LIST)
		lo->nbl.FirstNetBuffer = &lo->nb;

	for (i = 0; i < pool->nr_mdls; i++)
		ndis_mdl_construct(&lo->mdl[i], NULL, 0);
	lo->obj.sg = (struct ndis_sg *)&lo->mdl[mdls];
	if (pool->context_size) {
		context = (void *)&lo->obj.sg[pool->nr_mdls];
		context->Next = NULL;
		context->Size = pool->context_size;
		context->Offset = pool->context_size;
		lo->nbl.Context = context;
	}
}

/* Return: first byte of an object's data, or NULL */
static void *ndis_obj_data(const struct ndis_pool *pool,
			   const struct ndis_obj *obj)
{
	if (pool->part)
		return obj->data;
	return pool->data_size ? (void *)obj + pool->data_offset : NULL;
}

void ndis_obj_construct(struct ndis_pool *pool, struct ndis_obj *obj)
{
	struct ndis_nb_obj *no;
	void *data;

	memset(obj, 0, pool->size);
	obj->pool = pool;
	data = ndis_obj_data(pool, obj);
	if (ndis_pool_is_nb(pool)) {
		no = container_of(obj, struct ndis_nb_obj, obj);
		ndis_nb_construct(pool, &no->nb, no->mdl, data);
	} else {
		ndis_list_construct(pool, container_of(obj,
						       struct ndis_list_obj,
						       obj), data);
	}
}

/* Return: a new object of the slab, or NULL */
static struct ndis_obj *ndis_obj_make(struct ndis_pool *pool)
{
	struct ndis_obj *obj;

	if (ndis_fail(NDIS_SITE_OBJECT))
		return NULL;
	/* It is pages, if at all, that have to be where the device can reach */
	obj = kmem_cache_alloc(pool->slab, pool->gfp & ~__GFP_DMA32);
	if (unlikely(!obj))
		return NULL;
	ndis_obj_construct(pool, obj);
	return obj;
}

/* Return: a list without data, or NULL; the one that lost its own last comes first */
static struct ndis_list_obj *ndis_obj_take_bare(struct ndis_pool *pool)
{
	struct net_buffer_list *nbl = pool->bare;
	struct ndis_obj *obj;

	if (likely(nbl)) {
		pool->bare = nbl->Next;
		nbl->Next = NULL;
		return ndis_nbl_obj(nbl);
	}
	obj = ndis_obj_make(pool);
	return obj ? container_of(obj, struct ndis_list_obj, obj) : NULL;
}

/* A page's parts, each with a list: one to return, the others to the empty magazine */
static struct ndis_obj *ndis_obj_take_parts(struct ndis_pool *pool)
{
	struct ndis_obj *first = NULL;
	struct page *page;
	u32 offset;

	page = ndis_fail(NDIS_SITE_PAGE) ? NULL :
	       page_pool_alloc_pages(pool->pages, pool->gfp);
	if (unlikely(!page))
		return NULL;

	page_pool_fragment_page(page, pool->page_size / pool->part);
	for (offset = pool->head_room; offset < pool->page_size; offset += pool->part) {
		struct ndis_list_obj *lo = ndis_obj_take_bare(pool);

		if (unlikely(!lo)) {
			page_pool_put_full_page(pool->pages, page, false);
			continue;
		}
		lo->obj.data = page_address(page) + offset;
		lo->obj.dma = page_pool_get_dma_addr(page) + offset;
		lo->obj.dma_sync = pool->sync;
		ndis_mdl_set(lo->mdl, lo->obj.data, pool->data_size);
		if (first)
			ndis_obj_push(pool, &lo->obj);
		else
			first = &lo->obj;
	}
	return first;
}

/* Context: as access says. Return: one more object from behind, or NULL */
struct ndis_obj *ndis_obj_take(struct ndis_pool *pool)
{
	struct ndis_obj *obj;
	struct page *page;

	if (pool->part)
		return ndis_obj_take_parts(pool);
	if (pool->pages) {
		if (ndis_fail(NDIS_SITE_PAGE))
			return NULL;
		page = page_pool_alloc_pages(pool->pages, pool->gfp);
		return likely(page) ? page_address(page) : NULL;
	}

	obj = ndis_obj_make(pool);
	pool->built += !!obj;
	return obj;
}

/**
 * ndis_obj_release() - give an object to what is behind the pool
 * @pool: pool
 * @obj: constructed object
 *
 * Context: any CPU, softirq or process.
 */
void ndis_obj_release(struct ndis_pool *pool, struct ndis_obj *obj)
{
	if (pool->pages)
		page_pool_put_full_page(pool->pages,
					virt_to_head_page(pool->part ? obj->data : obj),
					false);
	if (pool->slab)
		kmem_cache_free(pool->slab, obj);
}
EXPORT_SYMBOL_GPL(ndis_obj_release);

/**
 * ndis_obj_refill() - take an object although the magazine is empty
 * @pool: pool
 *
 * Context: as enum ndis_pool_access says.
 * Return: an object that is not counted yet, or NULL.
 */
struct ndis_obj *ndis_obj_refill(struct ndis_pool *pool)
{
	struct ndis_obj *obj = NULL;

	if (ndis_pool_live(pool) < pool->limit)
		obj = ndis_obj_take(pool);
	if (trace_ndis_alloc_enabled() && !obj)
		ndis_trace_alloc(pool, NULL);
	return obj;
}
EXPORT_SYMBOL_GPL(ndis_obj_refill);

/**
 * ndis_obj_unget() - put back an object that the pool's limit forbids
 * @pool: pool
 * @obj: object that was just taken from the magazine, which thus has room
 *
 * What comes back by another way than a free (its page did, when it had left
 * with an skb) is in the magazine, where the look at the limit before a new one
 * is made does not see it.
 *
 * Context: as enum ndis_pool_access says.
 * Return: NULL.
 */
struct ndis_obj *ndis_obj_unget(struct ndis_pool *pool, struct ndis_obj *obj)
{
	pool->free[pool->nr_free++] = obj;
	if (trace_ndis_alloc_enabled())
		ndis_trace_alloc(pool, NULL);
	return NULL;
}
EXPORT_SYMBOL_GPL(ndis_obj_unget);

/**
 * ndis_obj_spill() - make room in a full magazine
 * @pool: pool
 *
 * Half of it goes, so that neither the next alloc nor the next free comes back
 * here.
 *
 * Context: as enum ndis_pool_access says.
 */
void ndis_obj_spill(struct ndis_pool *pool)
{
	while (pool->nr_free > NDIS_MAGAZINE / 2)
		ndis_obj_release(pool, pool->free[--pool->nr_free]);
}
EXPORT_SYMBOL_GPL(ndis_obj_spill);

/* Everything that is free goes; what is out stays out */
void ndis_pool_drain(struct ndis_pool *pool)
{
	while (pool->nr_free)
		ndis_obj_release(pool, pool->free[--pool->nr_free]);
	while (pool->bare) {
		struct ndis_list_obj *lo = ndis_nbl_obj(pool->bare);

		pool->bare = lo->nbl.Next;
		kmem_cache_free(pool->slab, &lo->obj);
	}
}

static noinline struct ndis_obj *ndis_obj_get_slow(struct ndis_pool *pool,
						   const void *caller)
{
	if (ndis_verified(pool))
		return ndis_verify_get(pool);

	__ndis_misuse(pool, caller, "allocation after its destruction");
	return NULL;
}

/**
 * ndis_obj_get_any() - allocate from a pool of NDIS_ACCESS_ANY
 * @pool: pool
 *
 * Context: any CPU, softirq or process.
 * Return: a counted object, or NULL.
 */
struct ndis_obj *ndis_obj_get_any(struct ndis_pool *pool)
{
	struct ndis_obj *obj;

	if (unlikely(pool->slow))
		return ndis_obj_get_slow(pool, __builtin_return_address(0));

	spin_lock_bh(&pool->lock);
	if (likely(pool->nr_free))
		obj = pool->free[--pool->nr_free];
	else
		obj = ndis_obj_refill(pool);
	if (likely(obj) && unlikely(!ndis_pool_count_alloc(pool)))
		obj = ndis_obj_unget(pool, obj);
	if (trace_ndis_alloc_enabled() && obj)
		ndis_trace_alloc(pool, obj);
	spin_unlock_bh(&pool->lock);
	return obj;
}
EXPORT_SYMBOL_GPL(ndis_obj_get_any);

/**
 * ndis_obj_put_any() - free to a pool of NDIS_ACCESS_ANY, or to a dying pool
 * @pool: pool
 * @obj: constructed object
 *
 * Context: any CPU, softirq or process.
 */
void ndis_obj_put_any(struct ndis_pool *pool, struct ndis_obj *obj)
{
	bool last = false;

	if (ndis_verified(pool)) {
		ndis_verify_put(pool, obj);
		return;
	}

	spin_lock_bh(&pool->lock);
	WRITE_ONCE(pool->freed, pool->freed + 1);
	if (trace_ndis_free_enabled())
		ndis_trace_free(pool, obj);
	if (unlikely(pool->dying)) {
		ndis_obj_release(pool, obj);
		last = !ndis_pool_live(pool);
	} else {
		ndis_obj_push(pool, obj);
	}
	spin_unlock_bh(&pool->lock);

	if (unlikely(last))
		queue_work(ndis_wq, &pool->release);
}
EXPORT_SYMBOL_GPL(ndis_obj_put_any);

/* Buffers that ndis_nbl_append() put behind a list that is freed whole */
static void ndis_nbl_free_appended(struct net_buffer_list *nbl)
{
	struct ndis_pool *pool = ndis_nbl_pool(nbl);
	struct ndis_mdl *mdl, *next;
	struct ndis_list_obj *lo;

	lo = ndis_nbl_obj(nbl);
	mdl = lo->mdl[0].Next;
	lo->mdl[0].Next = NULL;
	for (; mdl; mdl = next) {
		next = mdl->Next;
		mdl->Next = NULL;
		lo = container_of(mdl, struct ndis_list_obj, mdl[0]);
		if (ndis_verified(pool))
			ndis_verify_detach(pool, &lo->obj);
		ndis_obj_put(pool, &lo->obj);
	}
}

/**
 * ndis_nbl_reset_dirty() - undo what obj->dirty says its owner did to a list
 * @nbl: list that is about to be freed
 */
void ndis_nbl_reset_dirty(struct net_buffer_list *nbl)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);
	struct ndis_pool *pool = lo->obj.pool;
	unsigned long dirty = lo->obj.dirty;
	unsigned int slot;

	if (ndis_verified(pool) && !ndis_verify_restore(pool, &lo->obj))
		return;
	if (dirty & NDIS_DIRTY_CHAIN)
		ndis_nbl_free_appended(nbl);
	if (dirty & NDIS_DIRTY_FRAGS)
		ndis_xdp_free_frags(nbl);
	ndis_retreats_free(&lo->obj);
	lo->obj.context_taken = 0;
	lo->obj.derived = 0;
	if (dirty & NDIS_DIRTY_ALL)
		ndis_list_construct(pool, lo, ndis_obj_data(pool, &lo->obj));
	else
		for_each_set_bit(slot, &dirty, NDIS_INFO_MAX)
			nbl->NetBufferListInfo[slot] = NULL;
	lo->obj.dirty = dirty & NDIS_DIRTY_VERIFY;
}
EXPORT_SYMBOL_GPL(ndis_nbl_reset_dirty);

/**
 * ndis_nb_reset_dirty() - restore a NET_BUFFER whose fields were written
 * @nb: NET_BUFFER of an NB pool that is about to be freed
 */
void ndis_nb_reset_dirty(struct net_buffer *nb)
{
	struct ndis_nb_obj *no = ndis_nb_obj(nb);
	struct ndis_pool *pool = no->obj.pool;

	if (ndis_verified(pool) && !ndis_verify_restore(pool, &no->obj))
		return;
	ndis_retreats_free(&no->obj);
	ndis_nb_construct(pool, nb, no->mdl, ndis_obj_data(pool, &no->obj));
	no->obj.dirty &= NDIS_DIRTY_VERIFY;
}
EXPORT_SYMBOL_GPL(ndis_nb_reset_dirty);
