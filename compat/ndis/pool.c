// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pools: create -> (objects come and go, object.c) -> destroy.
 *
 * Destroy with objects out is legal here and undefined on Windows. The pool is
 * reported and stays, out of its owner's hands, until the last object is back.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "trace.h"
#include "verify.h"

struct workqueue_struct *ndis_wq;

DEFINE_MUTEX(ndis_pools_lock);		/* ndis_pools, ndis_dead */
LIST_HEAD(ndis_pools);
static struct ndis_totals ndis_dead;	/* what gone pools have counted */
static atomic64_t ndis_deferred;	/* pools destroyed with objects out */

/* By way of ndis_misuse() */
void __ndis_misuse(const struct ndis_pool *pool, const void *caller,
		   const char *fmt, ...)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);
	struct va_format vaf = { .fmt = fmt };
	char by[80] = "";
	va_list args;

	if (!__ratelimit(&limit))
		return;
	if (strncmp(fmt, "%pS", 3))
		snprintf(by, sizeof(by), ", by %pS", caller);

	va_start(args, fmt);
	vaf.va = &args;
	if (pool)
		pr_warn("pool %.4s of %s: %pV%s\n",
			(const char *)&pool->tag, pool->owner, &vaf, by);
	else
		pr_warn("no pool: %pV%s\n", &vaf, by);
	va_end(args);
}

static void ndis_totals_add(struct ndis_totals *totals,
			    const struct ndis_pool *pool)
{
	if (ndis_pool_is_nb(pool)) {
		totals->nbs_allocated += READ_ONCE(pool->allocated);
		totals->nbs_freed += READ_ONCE(pool->freed);
	} else {
		totals->lists_allocated += READ_ONCE(pool->allocated);
		totals->lists_freed += READ_ONCE(pool->freed);
	}
}

/* Context: process, ndis_pools_lock held */
void ndis_totals_get(struct ndis_totals *totals)
{
	struct ndis_pool *pool;

	*totals = ndis_dead;
	totals->pools_deferred = atomic64_read(&ndis_deferred);
	list_for_each_entry(pool, &ndis_pools, node)
		ndis_totals_add(totals, pool);
}

/* Return: bytes of an skb's head with that much in front of the data */
static u32 ndis_pool_head_size(const struct ndis_pool *pool, u32 headroom)
{
	/* build_skb() puts its shared info behind the data */
	return headroom + SKB_DATA_ALIGN(pool->data_size) +
	       SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
}

/*
 * Where everything lies in an object: the structs, the MDLs (one for a pool
 * with data), the send elements, the context block, and for a pool with data
 * the headroom and the data itself.
 */
static void ndis_pool_layout(struct ndis_pool *pool, u32 headroom, bool share)
{
	u32 size;

	size = ndis_pool_is_nb(pool) ? sizeof(struct ndis_nb_obj)
				     : sizeof(struct ndis_list_obj);
	if (pool->data_size)
		size += sizeof(struct ndis_mdl);
	size += pool->nr_mdls * (sizeof(struct ndis_mdl) +
				 sizeof(struct ndis_sg));
	if (pool->context_size)
		size += sizeof(struct ndis_nbl_context) + pool->context_size;
	pool->size = ALIGN(size, SMP_CACHE_BYTES);

	if (!pool->data_size)
		return;
	if (share) {
		pool->head_room = ALIGN(headroom, SMP_CACHE_BYTES);
		pool->head_size = ndis_pool_head_size(pool, pool->head_room);
		pool->page_size = PAGE_SIZE;
		if (pool->head_size <= PAGE_SIZE / 2) {
			pool->part = PAGE_SIZE / 2;
			return;
		}
	}
	pool->data_offset = ALIGN(pool->size + headroom, SMP_CACHE_BYTES);
	pool->head_room = pool->data_offset - pool->size;
	size = ndis_pool_head_size(pool, pool->data_offset);
	pool->page_size = PAGE_SIZE << get_order(size);
	pool->head_size = pool->page_size - pool->size;
	pool->head_extra = pool->size;
}

static void ndis_pool_page_init(COMPAT_PAGE_POOL_INIT_ARG arg, void *data)
{
	struct page *page = compat_page_pool_init_page(arg);
	struct ndis_obj *obj = page_address(page);
	struct ndis_pool *pool = data;

	if (pool->part) {
		pool->built += pool->page_size / pool->part;
		if (pool->dev && dma_need_sync(pool->dev,
					       page_pool_get_dma_addr(page)))
			pool->sync = true;
		return;
	}
	ndis_obj_construct(pool, obj);
	pool->built++;
	if (!pool->dev)
		return;
	obj->dma = page_pool_get_dma_addr(page) + pool->data_offset;
	/* Asked once per page, not once per packet */
	obj->dma_sync = dma_need_sync(pool->dev, obj->dma);
}

static int ndis_pool_create_pages(struct ndis_pool *pool,
				  const struct ndis_pool_params *params)
{
	struct page_pool_params pp = {
		.flags		= (pool->dev ? PP_FLAG_DMA_MAP : 0) |
				  (pool->part ? COMPAT_PP_FLAG_FRAG : 0),
		.order		= get_order(pool->page_size),
		.pool_size	= params->cache_pages ?: 1024,
		.nid		= NUMA_NO_NODE,
		.dev		= pool->dev,
		.dma_dir	= DMA_BIDIRECTIONAL,
		.init_callback	= ndis_pool_page_init,
		.init_arg	= pool,
	};
	struct page_pool *pages;

	/*
	 * The device is for netlink. Frees in that NAPI skip page_pool's lock, so it
	 * must be the allocator
	 */
	if (params->napi)
		compat_page_pool_set_napi(&pp, params->napi, params->queue,
					  pool->access == NDIS_ACCESS_NAPI);
	pages = ndis_fail(NDIS_SITE_PAGE_POOL) ? ERR_PTR(-ENOMEM) :
						 page_pool_create(&pp);
	if (IS_ERR(pages))
		return PTR_ERR(pages);

	pool->pages = pages;
	/* A device that cannot reach all memory gets pages that it can reach */
	if (pool->dev && dma_get_mask(pool->dev) <= DMA_BIT_MASK(32))
		pool->gfp |= GFP_DMA32;
	return 0;
}

/*
 * Since 6.0 a cache leaves sysfs after the slab allocator's lock is released, and
 * the next one of its size is refused meanwhile: they share a name there. Pools
 * whose lists come back late are torn down beside others' creation.
 */
static DEFINE_MUTEX(ndis_slab_mutex);

static int ndis_pool_create_slab(struct ndis_pool *pool)
{
	static atomic_t serial;
	char name[32];

	snprintf(name, sizeof(name), "ndis-%u", atomic_inc_return(&serial));
	if (ndis_fail(NDIS_SITE_SLAB))
		return -ENOMEM;
	mutex_lock(&ndis_slab_mutex);
	pool->slab = kmem_cache_create(name, pool->size, SMP_CACHE_BYTES, 0,
				       NULL);
	mutex_unlock(&ndis_slab_mutex);
	return pool->slab ? 0 : -ENOMEM;
}

static void ndis_pool_free(struct ndis_pool *pool)
{
	mutex_lock(&ndis_pools_lock);
	list_del(&pool->node);
	ndis_totals_add(&ndis_dead, pool);
	ndis_dead.pools_destroyed += !pool->internal;
	mutex_unlock(&ndis_pools_lock);

	/* Pages that are in the stack still come back: page_pool waits */
	page_pool_destroy(pool->pages);
	mutex_lock(&ndis_slab_mutex);
	kmem_cache_destroy(pool->slab);
	mutex_unlock(&ndis_slab_mutex);
	if (pool->verify)
		ndis_verify_destroy(pool);
	kfree(pool);
}

void ndis_pool_release_work(struct work_struct *work)
{
	struct ndis_pool *pool = container_of(work, struct ndis_pool, release);

	pr_info("pool %.4s of %s: all objects are back, destroyed\n",
		(const char *)&pool->tag, pool->owner);
	ndis_pool_free(pool);
	module_put(THIS_MODULE);
}

static bool ndis_pool_params_valid(const struct ndis_pool_params *params,
				   enum ndis_pool_kind kind)
{
	if (params->access > NDIS_ACCESS_NAPI)
		return false;
	if (params->data_size > NDIS_DATA_MAX)
		return false;
	if (params->context_size % sizeof(void *))
		return false;
	if (params->context_size && kind >= NDIS_KIND_NB)
		return false;
	if (params->nr_mdls > NDIS_MAX_MDLS ||
	    (params->nr_mdls && kind != NDIS_KIND_LIST_NB))
		return false;
	if (params->share_pages && (params->access != NDIS_ACCESS_NAPI ||
				    kind != NDIS_KIND_LIST_NB_DATA))
		return false;
	return true;
}

static struct ndis_pool *ndis_pool_create(const struct ndis_pool_params *params,
					  enum ndis_pool_kind kind,
					  const char *owner,
					  unsigned long caller)
{
	struct ndis_pool *pool;
	int err;

	if (!ndis_pool_params_valid(params, kind))
		return ERR_PTR(-EINVAL);

	pool = ndis_fail(NDIS_SITE_POOL) ? NULL :
					   kzalloc(sizeof(*pool), GFP_KERNEL);
	if (!pool)
		return ERR_PTR(-ENOMEM);

	pool->kind = kind;
	pool->asked = params->access;
	pool->slow = params->verify || READ_ONCE(ndis_verify_default);
	/* In verify mode nothing may go by unseen */
	pool->access = pool->slow ? NDIS_ACCESS_ANY : params->access;
	pool->tag = params->tag;
	pool->dev = params->data_size ? params->dev : NULL;
	pool->queue = params->queue;
	pool->limit = params->limit ?: U64_MAX;
	pool->data_size = params->data_size;
	pool->context_size = params->context_size;
	pool->nr_mdls = params->nr_mdls;
	pool->internal = params->internal;
	pool->gfp = GFP_ATOMIC | __GFP_NOWARN;
	strscpy(pool->owner, owner, sizeof(pool->owner));
	snprintf(pool->creator, sizeof(pool->creator), "%pS", (void *)caller);
	spin_lock_init(&pool->lock);
	INIT_WORK(&pool->release, ndis_pool_release_work);
	/* Verify mode poisons and watches whole pages */
	ndis_pool_layout(pool, params->headroom,
			 params->share_pages && !pool->slow);

	err = pool->slow ? ndis_verify_create(pool) : 0;
	if (err)
		goto err_pool;

	err = pool->data_size ? ndis_pool_create_pages(pool, params) : 0;
	if (err)
		goto err_verify;
	if (!pool->data_size || pool->part)
		err = ndis_pool_create_slab(pool);
	if (err)
		goto err_pages;

	mutex_lock(&ndis_pools_lock);
	list_add_tail(&pool->node, &ndis_pools);
	ndis_dead.pools_created += !pool->internal;
	mutex_unlock(&ndis_pools_lock);
	trace_ndis_pool_create(pool);
	return pool;

err_pages:
	page_pool_destroy(pool->pages);
err_verify:
	if (pool->verify)
		ndis_verify_destroy(pool);
err_pool:
	kfree(pool);
	return ERR_PTR(err);
}

struct ndis_pool *ndis_nbl_pool_create_for(const struct ndis_pool_params *params,
					   const char *owner,
					   unsigned long caller)
{
	enum ndis_pool_kind kind = NDIS_KIND_LIST;

	if (params->data_size && !params->alloc_nb)
		return ERR_PTR(-EINVAL);

	if (params->alloc_nb)
		kind = params->data_size ? NDIS_KIND_LIST_NB_DATA
					 : NDIS_KIND_LIST_NB;
	return ndis_pool_create(params, kind, owner, caller);
}

struct ndis_pool *ndis_nb_pool_create_for(const struct ndis_pool_params *params,
					  const char *owner,
					  unsigned long caller)
{
	return ndis_pool_create(params, params->data_size ? NDIS_KIND_NB_DATA
							  : NDIS_KIND_NB,
				owner, caller);
}

/**
 * __ndis_nbl_pool_create() - NdisAllocateNetBufferListPool()
 * @params: see there; @params->data_size needs @params->alloc_nb
 * @owner: name of the module that the pool belongs to
 *
 * Use ndis_nbl_pool_create(), which fills in the owner.
 *
 * Context: process; sleeps (Windows allows DISPATCH_LEVEL).
 * Return: the pool, or an ERR_PTR: -EINVAL for parameters that make no sense,
 * -E2BIG for too many cache_pages, -ENOMEM.
 */
struct ndis_pool *__ndis_nbl_pool_create(const struct ndis_pool_params *params,
					 const char *owner)
{
	return ndis_nbl_pool_create_for(params, owner, _RET_IP_);
}
EXPORT_SYMBOL_GPL(__ndis_nbl_pool_create);

/**
 * __ndis_nb_pool_create() - NdisAllocateNetBufferPool()
 * @params: see there
 * @owner: name of the module that the pool belongs to
 *
 * Use ndis_nb_pool_create(), which fills in the owner.
 *
 * Context: process; sleeps.
 * Return: the pool, or an ERR_PTR: -EINVAL for parameters that make no sense,
 * -E2BIG for too many cache_pages, -ENOMEM.
 */
struct ndis_pool *__ndis_nb_pool_create(const struct ndis_pool_params *params,
					const char *owner)
{
	return ndis_nb_pool_create_for(params, owner, _RET_IP_);
}
EXPORT_SYMBOL_GPL(__ndis_nb_pool_create);

static void ndis_pool_destroy(struct ndis_pool *pool)
{
	u64 live;

	if (IS_ERR_OR_NULL(pool))
		return;

	/* The NAPI is off and will be gone before a deferred release */
	if (pool->pages)
		compat_page_pool_unlink_napi(pool->pages);

	if (ndis_verified(pool))
		ndis_verify_close(pool);

	/*
	 * From here on frees are late ones and take the lock. The module stays
	 * for them: their caller runs code of ours.
	 */
	spin_lock_bh(&pool->lock);
	if (pool->dying) {
		ndis_misuse(pool, "destroyed twice");
		spin_unlock_bh(&pool->lock);
		return;
	}
	pool->access = NDIS_ACCESS_ANY;
	pool->asked = NDIS_ACCESS_ANY;
	pool->slow = true;
	ndis_pool_drain(pool);
	live = ndis_pool_live(pool);
	trace_ndis_pool_destroy(pool, live);
	if (live) {
		__module_get(THIS_MODULE);
		atomic64_inc(&ndis_deferred);
		pr_warn("pool %.4s of %s destroyed with %llu of its objects out; it stays until they are freed\n",
			(const char *)&pool->tag, pool->owner, live);
	}
	pool->dying = true;
	/* With objects out the last free may free the pool right after this */
	spin_unlock_bh(&pool->lock);

	if (!live)
		ndis_pool_free(pool);
}

/**
 * ndis_nbl_pool_destroy() - NdisFreeNetBufferListPool()
 * @pool: pool that nobody allocates from any more; NULL and ERR_PTR do nothing
 *
 * With lists out it reports tag, owner and count, and the pool goes when the
 * last one is freed. Pages that went up the stack do not count: page_pool
 * takes them back on its own, after both modules are gone if need be.
 *
 * Context: process; sleeps.
 */
void ndis_nbl_pool_destroy(struct ndis_pool *pool)
{
	ndis_pool_destroy(pool);
}
EXPORT_SYMBOL_GPL(ndis_nbl_pool_destroy);

/**
 * ndis_nb_pool_destroy() - NdisFreeNetBufferPool()
 * @pool: pool that nobody allocates from any more; NULL and ERR_PTR do nothing
 *
 * Context: process; sleeps.
 */
void ndis_nb_pool_destroy(struct ndis_pool *pool)
{
	ndis_pool_destroy(pool);
}
EXPORT_SYMBOL_GPL(ndis_nb_pool_destroy);

/* Module exit: nobody can call us any more, so what is left was forgotten */
void ndis_pools_report_leaks(void)
{
	struct ndis_pool *pool, *next;

	list_for_each_entry_safe(pool, next, &ndis_pools, node) {
		pr_warn("pool %.4s of %s was never destroyed, %llu objects out\n",
			(const char *)&pool->tag, pool->owner,
			ndis_pool_live(pool));
		if (!ndis_pool_live(pool))
			ndis_pool_destroy(pool);
	}
}
