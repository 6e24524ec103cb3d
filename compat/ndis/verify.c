// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verify mode: where each object of a pool is.
 *
 *   alloc -> LIVE -> CHECKED -> FREEING -> QUARANTINED, poisoned -> released
 *              |                   ^
 *              |-> APPENDED -------+--> (gone with an skb)
 *              `-> INDICATED -> (gone with an skb)
 *
 * The pool runs as NDIS_ACCESS_ANY, whatever was asked for, and its objects are
 * always dirty. So every alloc, every reset and every free comes out of line, to
 * the functions below, and the inline paths know nothing of this.
 *
 * Records are found by address and not by a pointer in the object: an object
 * that is long gone must be told from one that is out. What the inline free
 * reads or writes in a freed object is harmless: its pool handle stays, and the
 * rest is poisoned again.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hash.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "family.h"
#include "trace.h"
#include "verify.h"

#define NDIS_QUARANTINE		64	/* objects of a pool that wait */
#define NDIS_VERIFY_BITS	10
#define NDIS_VERIFY_GFP		(GFP_ATOMIC | __GFP_NOWARN)

struct ndis_verify {
	struct hlist_head hash[1 << NDIS_VERIFY_BITS];
	struct list_head out;		/* in the order of their allocation */
	struct list_head quarantine;	/* in the order of their free */
	u32 quarantined;
	bool closing;			/* what is freed now goes at once */
};

DEFINE_STATIC_KEY_FALSE(ndis_verify_on);

static struct hlist_head *ndis_verify_bucket(struct ndis_pool *pool,
					     const struct ndis_obj *obj)
{
	return &pool->verify->hash[hash_ptr(obj, NDIS_VERIFY_BITS)];
}

/* Context: lock held. Return: NULL for an object that is not out */
static struct ndis_verify_record *ndis_verify_find(struct ndis_pool *pool,
						   const struct ndis_obj *obj)
{
	struct ndis_verify_record *r;

	hlist_for_each_entry(r, ndis_verify_bucket(pool, obj), hash)
		if (r->obj == obj)
			return r;
	return NULL;
}

/* Context: lock held */
static void ndis_verify_forget(struct ndis_verify_record *r)
{
	hlist_del(&r->hash);
	list_del(&r->node);
	kfree(r);
}

/* From @is to @to. Return: false, and nothing changed, if it is elsewhere */
static bool ndis_verify_move(struct ndis_pool *pool, struct ndis_obj *obj,
			     enum ndis_verify_state is,
			     enum ndis_verify_state to)
{
	struct ndis_verify_record *r;
	bool ok;

	spin_lock_bh(&pool->lock);
	r = ndis_verify_find(pool, obj);
	ok = r && r->state == is;
	if (ok)
		r->state = to;
	spin_unlock_bh(&pool->lock);
	return ok;
}

/* Say of @obj that it is @kind, with what its record knows */
static void ndis_verify_say(struct ndis_pool *pool, const struct ndis_obj *obj,
			    enum ndis_verify_kind kind)
{
	struct ndis_verify_report report;

	spin_lock_bh(&pool->lock);
	ndis_verify_report_fill(&report, kind, pool, obj,
				ndis_verify_find(pool, obj));
	spin_unlock_bh(&pool->lock);
	ndis_verify_take_trace(&report.now);
	ndis_verify_report(&report);
}

/* --- allocation ------------------------------------------------------------------- */

/* All of it, because who had it last may have written anywhere */
static void ndis_verify_construct(struct ndis_pool *pool, struct ndis_obj *obj)
{
	dma_addr_t dma = obj->dma;
	u32 dma_sync = obj->dma_sync;

	ndis_obj_construct(pool, obj);
	if (pool->pages) {
		obj->dma = dma;
		obj->dma_sync = dma_sync;
	}
	obj->dirty = NDIS_DIRTY_VERIFY;
}

/* Context: lock held */
static void ndis_verify_record(struct ndis_pool *pool, struct ndis_obj *obj,
			       struct ndis_verify_record *r)
{
	struct ndis_verify_record *stale = ndis_verify_find(pool, obj);

	/* A page that left by a way that nobody told us of */
	if (unlikely(stale))
		ndis_verify_forget(stale);
	r->obj = obj;
	r->state = NDIS_VERIFY_LIVE;
	hlist_add_head(&r->hash, ndis_verify_bucket(pool, obj));
	list_add_tail(&r->node, &pool->verify->out);
}

/**
 * ndis_verify_get() - allocate from a pool in verify mode
 * @pool: pool
 *
 * Always from behind: what was freed a moment ago is in quarantine.
 *
 * Context: as enum ndis_pool_access says of what was asked for.
 * Return: a counted object, or NULL.
 */
struct ndis_obj *ndis_verify_get(struct ndis_pool *pool)
{
	struct ndis_verify_record *r;
	struct ndis_obj *obj = NULL;
	bool dying;

	r = ndis_fail(NDIS_SITE_VERIFY_RECORD) ? NULL :
	    kzalloc(sizeof(*r), NDIS_VERIFY_GFP);
	if (!r)
		return NULL;
	ndis_verify_take_trace(&r->allocated);

	spin_lock_bh(&pool->lock);
	dying = pool->dying;
	if (!dying && ndis_pool_live(pool) < pool->limit)
		obj = ndis_obj_take(pool);
	if (obj) {
		ndis_pool_count_alloc(pool);
		ndis_verify_record(pool, obj, r);
		if (trace_ndis_alloc_enabled())
			ndis_trace_alloc(pool, obj);
	}
	spin_unlock_bh(&pool->lock);

	if (dying)
		ndis_misuse(pool, "allocation after its destruction");
	if (obj)
		ndis_verify_construct(pool, obj);
	else
		kfree(r);
	return obj;
}

/* --- free --------------------------------------------------------------------------- */

/* What is not as it should be in an object that is about to be freed */
static void ndis_verify_look(struct ndis_pool *pool, struct ndis_obj *obj)
{
	struct net_buffer_list *nbl;
	struct net_buffer *nb;

	if (ndis_pool_is_nb(pool)) {
		nb = &container_of(obj, struct ndis_nb_obj, obj)->nb;
		if (nb->Next)
			ndis_verify_say(pool, obj, NDIS_VERIFY_NEXT_SET);
	} else {
		nbl = &container_of(obj, struct ndis_list_obj, obj)->nbl;
		if (nbl->Next)
			ndis_verify_say(pool, obj, NDIS_VERIFY_NEXT_SET);
		if (ndis_nbl_context_unbalanced(nbl))
			ndis_verify_say(pool, obj, NDIS_VERIFY_CONTEXT_LEFT);
	}
	if (obj->retreats)
		ndis_verify_say(pool, obj, NDIS_VERIFY_RETREAT_LEFT);
}

/**
 * ndis_verify_begin_free() - may a list be taken apart in order to free it?
 * @pool: its pool
 * @obj: object
 *
 * For functions that look at a list before they pass it to ndis_nbl_free().
 *
 * Return: false, and that is reported, if it is not its owner's.
 */
bool ndis_verify_begin_free(struct ndis_pool *pool, struct ndis_obj *obj)
{
	if (ndis_verify_move(pool, obj, NDIS_VERIFY_LIVE,
			     NDIS_VERIFY_CHECKED)) {
		ndis_verify_look(pool, obj);
		return true;
	}
	ndis_verify_say(pool, obj, NDIS_VERIFY_DOUBLE_FREE);
	return false;
}

/**
 * ndis_verify_restore() - may an object be brought into its constructed state?
 * @pool: its pool
 * @obj: object that is freed, appended or indicated
 *
 * Return: false if it is not its owner's. That is said by ndis_verify_put(),
 * where the inline free goes next.
 */
bool ndis_verify_restore(struct ndis_pool *pool, struct ndis_obj *obj)
{
	struct ndis_verify_record *r;
	bool ok = true, look = false;

	spin_lock_bh(&pool->lock);
	r = ndis_verify_find(pool, obj);
	if (r && (r->state == NDIS_VERIFY_LIVE ||
		  r->state == NDIS_VERIFY_CHECKED)) {
		look = r->state == NDIS_VERIFY_LIVE;
		r->state = NDIS_VERIFY_FREEING;
	} else if (r && r->state == NDIS_VERIFY_APPENDING) {
		r->state = NDIS_VERIFY_APPENDED;
	} else if (r && r->state == NDIS_VERIFY_INDICATED) {
		ndis_verify_forget(r);
	} else {
		ok = false;
	}
	spin_unlock_bh(&pool->lock);

	if (look)
		ndis_verify_look(pool, obj);
	return ok;
}

/*
 * Out of quarantine, or past it. Context: lock held.
 * Return: false, and @report filled in, if somebody wrote to it
 */
static bool ndis_verify_release(struct ndis_pool *pool,
				struct ndis_verify_record *r,
				struct ndis_verify_report *report)
{
	struct ndis_obj *obj = r->obj;
	bool ok = true;

	if (r->state == NDIS_VERIFY_QUARANTINED) {
		pool->verify->quarantined--;
		ok = ndis_verify_poison_ok(pool, r, report);
	}
	ndis_verify_forget(r);
	ndis_obj_release(pool, obj);
	return ok;
}

/* Context: lock held. Return: false, and @report filled in, for bad news */
static bool ndis_verify_quarantine(struct ndis_pool *pool,
				   struct ndis_verify_record *r,
				   struct ndis_verify_report *report)
{
	struct ndis_verify *v = pool->verify;

	r->data_shared = pool->pages &&
			 page_ref_count(virt_to_page(r->obj)) != 1;
	ndis_verify_poison(pool, r);
	r->state = NDIS_VERIFY_QUARANTINED;
	list_move_tail(&r->node, &v->quarantine);
	if (++v->quarantined <= NDIS_QUARANTINE)
		return true;
	r = list_first_entry(&v->quarantine, struct ndis_verify_record, node);
	return ndis_verify_release(pool, r, report);
}

/**
 * ndis_verify_put() - free to a pool in verify mode
 * @pool: pool
 * @obj: object that ndis_verify_restore() was asked of
 *
 * Context: as enum ndis_pool_access says of what was asked for.
 */
void ndis_verify_put(struct ndis_pool *pool, struct ndis_obj *obj)
{
	struct ndis_verify_report report;
	struct ndis_verify_trace now;
	struct ndis_verify_record *r;
	bool ok = true, last = false;

	ndis_verify_take_trace(&now);
	spin_lock_bh(&pool->lock);
	r = ndis_verify_find(pool, obj);
	if (!r || (r->state != NDIS_VERIFY_FREEING &&
		   r->state != NDIS_VERIFY_LIVE)) {
		ndis_verify_report_fill(&report, NDIS_VERIFY_DOUBLE_FREE, pool,
					obj, r);
		report.now = now;
		/* The inline free has written to what must not change */
		if (r && r->state == NDIS_VERIFY_QUARANTINED)
			ndis_verify_poison(pool, r);
		ok = false;
	} else {
		r->freed = now;
		WRITE_ONCE(pool->freed, pool->freed + 1);
		if (trace_ndis_free_enabled())
			ndis_trace_free(pool, obj);
		if (likely(!pool->verify->closing))
			ok = ndis_verify_quarantine(pool, r, &report);
		else
			ndis_verify_release(pool, r, NULL);
		last = pool->dying && !ndis_pool_live(pool);
	}
	spin_unlock_bh(&pool->lock);

	if (unlikely(!ok))
		ndis_verify_report(&report);
	if (unlikely(last))
		queue_work(ndis_wq, &pool->release);
}

/* --- other ways --------------------------------------------------------------------- */

/* Return: false, and that is reported as @kind, if @obj is not its owner's */
bool ndis_verify_live(struct ndis_pool *pool, struct ndis_obj *obj,
		      enum ndis_verify_kind kind)
{
	if (ndis_verify_move(pool, obj, NDIS_VERIFY_LIVE, NDIS_VERIFY_LIVE))
		return true;
	ndis_verify_say(pool, obj, kind);
	return false;
}

/* The same of an object that is put behind another, and then its part */
bool ndis_verify_append(struct ndis_pool *pool, struct ndis_obj *obj)
{
	if (ndis_verify_move(pool, obj, NDIS_VERIFY_LIVE,
			     NDIS_VERIFY_APPENDING))
		return true;
	ndis_verify_say(pool, obj, NDIS_VERIFY_USE_AFTER_FREE);
	return false;
}

/* An appended object is freed together with the list in front of it */
void ndis_verify_detach(struct ndis_pool *pool, struct ndis_obj *obj)
{
	ndis_verify_move(pool, obj, NDIS_VERIFY_APPENDED, NDIS_VERIFY_FREEING);
}

/* The object's page is an skb's: it comes back without us */
void ndis_verify_gone(struct ndis_pool *pool, struct ndis_obj *obj)
{
	struct ndis_verify_record *r;

	spin_lock_bh(&pool->lock);
	r = ndis_verify_find(pool, obj);
	if (r)
		ndis_verify_forget(r);
	spin_unlock_bh(&pool->lock);
}

/**
 * ndis_verify_indicate() - may a chain go up the stack?
 * @pool: its pool
 * @chain: lists
 *
 * Looks at the lists up to the first one of another pool.
 *
 * Return: the chain up to the first list that is not its owner's, which is
 * reported; what follows that is not known.
 */
struct net_buffer_list *ndis_verify_indicate(struct ndis_pool *pool,
					     struct net_buffer_list *chain)
{
	struct net_buffer_list **pos = &chain;

	while (*pos && ndis_nbl_pool(*pos) == pool) {
		struct ndis_obj *obj = &ndis_nbl_obj(*pos)->obj;

		if (!ndis_verify_move(pool, obj, NDIS_VERIFY_LIVE,
				      NDIS_VERIFY_INDICATED)) {
			ndis_verify_say(pool, obj, NDIS_VERIFY_USE_AFTER_FREE);
			*pos = NULL;
			break;
		}
		pos = &(*pos)->Next;
	}
	return chain;
}

/* No skb for an indicated object: it will be freed */
void ndis_verify_dropped(struct ndis_pool *pool, struct ndis_obj *obj)
{
	ndis_verify_move(pool, obj, NDIS_VERIFY_INDICATED, NDIS_VERIFY_LIVE);
}

/* A function of another kind of pool was called with @pool, or its object */
void ndis_verify_wrong_kind(const struct ndis_pool *pool)
{
	struct ndis_verify_report report;

	ndis_verify_report_fill(&report, NDIS_VERIFY_WRONG_KIND, pool, NULL,
				NULL);
	ndis_verify_take_trace(&report.now);
	ndis_verify_report(&report);
}

/* --- the pool ------------------------------------------------------------------------ */

/* Context: process */
int ndis_verify_create(struct ndis_pool *pool)
{
	struct ndis_verify *v;

	v = ndis_fail(NDIS_SITE_VERIFY) ? NULL :
	    kzalloc(sizeof(*v), GFP_KERNEL);
	if (!v)
		return -ENOMEM;
	INIT_LIST_HEAD(&v->out);
	INIT_LIST_HEAD(&v->quarantine);
	pool->verify = v;
	static_branch_inc(&ndis_verify_on);
	return 0;
}

/* Context: lock held. Return: one report of those in quarantine, at most */
static bool ndis_verify_drain(struct ndis_pool *pool,
			      struct ndis_verify_report *report)
{
	struct list_head *quarantine = &pool->verify->quarantine;

	while (!list_empty(quarantine))
		if (!ndis_verify_release(pool,
					 list_first_entry(quarantine,
							  struct ndis_verify_record,
							  node), report))
			return false;
	return true;
}

/* Whatever is out, with the stacks of the first few */
static void ndis_verify_say_out(struct ndis_pool *pool)
{
	struct ndis_verify_report *reports;
	struct ndis_verify_record *r;
	u32 n = 0, i;

	reports = kcalloc(NDIS_VERIFY_OUT_SHOWN, sizeof(*reports), GFP_KERNEL);
	spin_lock_bh(&pool->lock);
	list_for_each_entry(r, &pool->verify->out, node) {
		if (reports && n < NDIS_VERIFY_OUT_SHOWN)
			ndis_verify_report_fill(&reports[n],
						NDIS_VERIFY_LISTS_OUT, pool,
						r->obj, r);
		n++;
	}
	spin_unlock_bh(&pool->lock);

	for (i = 0; reports && i < min_t(u32, n, NDIS_VERIFY_OUT_SHOWN); i++) {
		ndis_verify_take_trace(&reports[i].now);
		ndis_verify_report(&reports[i]);
	}
	kfree(reports);
	ndis_verify_count(NDIS_VERIFY_LISTS_OUT, n - i);
}

/* The pool's part of ndis/pending: each object that is out, with its stack */
void ndis_verify_pending_show(struct seq_file *m, struct ndis_pool *pool)
{
	const struct ndis_verify_record *r;

	spin_lock_bh(&pool->lock);
	list_for_each_entry(r, &pool->verify->out, node)
		ndis_verify_record_show(m, pool, r);
	spin_unlock_bh(&pool->lock);
}

/**
 * ndis_verify_close() - the owner destroys its pool
 * @pool: pool
 *
 * Empties the quarantine and reports what is out. What is freed from here on
 * is released at once.
 *
 * Context: process; sleeps.
 */
void ndis_verify_close(struct ndis_pool *pool)
{
	struct ndis_verify *v = pool->verify;
	struct ndis_verify_report report;
	bool closed, clean;

	spin_lock_bh(&pool->lock);
	closed = v->closing;
	v->closing = true;
	spin_unlock_bh(&pool->lock);
	if (closed)
		return;

	do {
		spin_lock_bh(&pool->lock);
		clean = ndis_verify_drain(pool, &report);
		spin_unlock_bh(&pool->lock);
		if (!clean)
			ndis_verify_report(&report);
	} while (!clean);
	ndis_verify_say_out(pool);
}

/* Context: process; all objects are back */
void ndis_verify_destroy(struct ndis_pool *pool)
{
	struct ndis_verify_record *r, *next;

	list_for_each_entry_safe(r, next, &pool->verify->out, node)
		ndis_verify_forget(r);
	kfree(pool->verify);
	static_branch_dec(&ndis_verify_on);
}
