// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chains of lists in one call: the lock, the limit and the counters are paid for
 * once.
 */
#include <linux/module.h>

#include "trace.h"
#include "verify.h"

#define NDIS_BATCH	32	/* lists that one lock is taken for */

static struct net_buffer_list *ndis_obj_nbl(struct ndis_obj *obj)
{
	return &container_of(obj, struct ndis_list_obj, obj)->nbl;
}

/* Fires for the lists of @pool that @chain begins with */
static void ndis_trace_run(const struct ndis_pool *pool,
			   const struct net_buffer_list *chain, bool free)
{
	for (; chain && ndis_nbl_pool(chain) == pool; chain = chain->Next) {
		if (free)
			trace_ndis_free(pool, chain);
		else
			trace_ndis_alloc(pool, chain);
	}
}

/* Context: as access says, the lock of NDIS_ACCESS_ANY held */
static unsigned int ndis_chain_take(struct ndis_pool *pool,
				    struct net_buffer_list **chain,
				    unsigned int n)
{
	struct net_buffer_list **first = chain;
	u64 live = ndis_pool_live(pool);
	unsigned int left, run;

	if (unlikely(live + n > pool->limit))
		n = live < pool->limit ? pool->limit - live : 0;
	for (left = n; left; left -= run) {
		struct ndis_obj **obj, **end, *fresh;

		end = &pool->free[pool->nr_free];
		run = min(left, pool->nr_free);
		pool->nr_free -= run;
		for (obj = end - run; obj < end; obj++) {
			*chain = ndis_obj_nbl(*obj);
			chain = &(*chain)->Next;
		}
		if (likely(run))
			continue;
		fresh = ndis_obj_refill(pool);
		if (unlikely(!fresh))
			break;
		*chain = ndis_obj_nbl(fresh);
		chain = &(*chain)->Next;
		run = 1;
	}

	n -= left;
	WRITE_ONCE(pool->allocated, pool->allocated + n);
	pool->high = max(pool->high, live + n);
	if (trace_ndis_alloc_enabled())
		ndis_trace_run(pool, *first, false);
	return n;
}

/* In verify mode each list is looked at alone */
static unsigned int ndis_chain_take_verified(struct ndis_pool *pool,
					     struct net_buffer_list **chain,
					     unsigned int n)
{
	unsigned int done;

	for (done = 0; done < n; done++) {
		*chain = ndis_nbl_alloc(pool);
		if (!*chain)
			break;
		chain = &(*chain)->Next;
	}
	return done;
}

/**
 * ndis_nbl_alloc_chain() - several lists, linked by Next
 * @pool: a NET_BUFFER_LIST pool
 * @chain: receives the first list, or NULL
 * @n: lists wanted
 *
 * Each is in the state that ndis_nbl_alloc() would deliver it in, but for Next.
 *
 * Context: as enum ndis_pool_access says. Does not sleep.
 * Return: lists allocated; less than @n when memory or the pool's limit is
 * exhausted.
 */
unsigned int ndis_nbl_alloc_chain(struct ndis_pool *pool,
				  struct net_buffer_list **chain,
				  unsigned int n)
{
	unsigned int done = 0;

	*chain = NULL;
	if (pool->access != NDIS_ACCESS_ANY)
		return ndis_chain_take(pool, chain, n);
	if (ndis_verified(pool))
		return ndis_chain_take_verified(pool, chain, n);

	spin_lock_bh(&pool->lock);
	if (likely(!pool->dying))
		done = ndis_chain_take(pool, chain, n);
	spin_unlock_bh(&pool->lock);
	return done;
}
EXPORT_SYMBOL_GPL(ndis_nbl_alloc_chain);

/* The lists of @pool that @chain begins with. Return: what follows them */
static struct net_buffer_list *ndis_run_free(struct ndis_pool *pool,
					     struct net_buffer_list *chain)
{
	unsigned int n = 0;

	if (trace_ndis_free_enabled())
		ndis_trace_run(pool, chain, true);
	do {
		struct net_buffer_list *nbl = chain;

		chain = nbl->Next;
		ndis_nbl_reset(pool, nbl);
		ndis_obj_push(pool, &ndis_nbl_obj(nbl)->obj);
		n++;
	} while (chain && ndis_nbl_pool(chain) == pool);
	WRITE_ONCE(pool->freed, pool->freed + n);
	return chain;
}

/* The same, but what is not for the lock comes first */
static struct net_buffer_list *ndis_run_free_any(struct ndis_pool *pool,
						 struct net_buffer_list *chain)
{
	struct ndis_obj *batch[NDIS_BATCH];
	unsigned int i, n = 0;
	bool dying;

	do {
		struct net_buffer_list *nbl = chain;

		chain = nbl->Next;
		ndis_nbl_reset(pool, nbl);
		batch[n++] = &ndis_nbl_obj(nbl)->obj;
	} while (chain && n < NDIS_BATCH && ndis_nbl_pool(chain) == pool);

	spin_lock_bh(&pool->lock);
	dying = pool->dying;
	for (i = 0; likely(!dying) && i < n; i++)
		ndis_obj_push(pool, batch[i]);
	if (likely(!dying))
		WRITE_ONCE(pool->freed, pool->freed + n);
	if (trace_ndis_free_enabled())
		for (i = 0; !dying && i < n; i++)
			ndis_trace_free(pool, batch[i]);
	spin_unlock_bh(&pool->lock);

	/* The last of them takes the pool with it */
	for (i = 0; unlikely(dying) && i < n; i++)
		ndis_obj_put_any(pool, batch[i]);
	return chain;
}

/* Return: what follows, nothing if that cannot be known */
static struct net_buffer_list *
ndis_run_free_verified(struct ndis_pool *pool, struct net_buffer_list *nbl)
{
	struct net_buffer_list *next = nbl->Next;

	if (!ndis_verify_live(pool, &ndis_nbl_obj(nbl)->obj,
			      NDIS_VERIFY_DOUBLE_FREE))
		return NULL;
	nbl->Next = NULL;
	ndis_nbl_free(nbl);
	return next;
}

/**
 * ndis_nbl_free_chain() - ndis_nbl_free() of each list of a chain
 * @chain: lists linked by Next, of any pools; may be NULL
 *
 * Context: as enum ndis_pool_access says for each pool. Does not sleep.
 */
void ndis_nbl_free_chain(struct net_buffer_list *chain)
{
	while (chain) {
		struct ndis_pool *pool = ndis_nbl_pool(chain);

		if (ndis_verified(pool))
			chain = ndis_run_free_verified(pool, chain);
		else if (pool->access == NDIS_ACCESS_ANY)
			chain = ndis_run_free_any(pool, chain);
		else
			chain = ndis_run_free(pool, chain);
	}
}
EXPORT_SYMBOL_GPL(ndis_nbl_free_chain);
