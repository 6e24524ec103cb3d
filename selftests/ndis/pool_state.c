// SPDX-License-Identifier: GPL-2.0-only
/*
 * A free object is a constructed object: every way to free is walked, with
 * batches around the size of a magazine, and what the next allocations deliver
 * is compared with the contract.
 */
#include <linux/slab.h>

#include "pool_test.h"

#define BATCH_MAX	200

/* --- pools and objects of any kind ------------------------------------------ */

static const char * const kind_names[] = {
	[NDIS_KIND_LIST]	 = "list",
	[NDIS_KIND_LIST_NB]	 = "list+nb",
	[NDIS_KIND_LIST_NB_DATA] = "list+nb+data",
	[NDIS_KIND_NB]		 = "nb",
	[NDIS_KIND_NB_DATA]	 = "nb+data",
};

const char *test_kind_name(enum ndis_pool_kind kind)
{
	return kind_names[kind];
}

/* alloc_nb, and some data where the kind has it, are filled in */
bool test_pool_create(struct ktap *t, struct test_pool *tp,
		      enum ndis_pool_kind kind,
		      const struct ndis_pool_params *params)
{
	bool nb = kind >= NDIS_KIND_NB;

	tp->params = *params;
	tp->params.alloc_nb = kind != NDIS_KIND_LIST;
	if (kind == NDIS_KIND_LIST_NB_DATA || kind == NDIS_KIND_NB_DATA)
		tp->params.data_size = params->data_size ?: 2048;

	tp->pool = nb ? ndis_nb_pool_create(&tp->params)
		      : ndis_nbl_pool_create(&tp->params);
	if (!ktap_expect_eq(t, PTR_ERR_OR_ZERO(tp->pool), 0))
		return false;
	tp->state = (struct ndis_state){
		.pool		= tp->pool,
		.kind		= kind,
		.data_size	= tp->params.data_size,
		.context_size	= tp->params.context_size,
	};
	return true;
}

void test_pool_destroy(struct ktap *t, struct test_pool *tp)
{
	ktap_expect_eq(t, ndis_pool_live(tp->pool), 0);
	ktap_expect_eq(t, tp->pool->allocated, tp->pool->freed);
	if (test_pool_has_lists(tp))
		ndis_nbl_pool_destroy(tp->pool);
	else
		ndis_nb_pool_destroy(tp->pool);
}

void *test_obj_alloc(struct test_pool *tp)
{
	return test_pool_has_lists(tp) ? (void *)ndis_nbl_alloc(tp->pool)
				       : (void *)ndis_nb_alloc(tp->pool);
}

void test_obj_free(struct test_pool *tp, void *obj)
{
	if (test_pool_has_lists(tp))
		ndis_nbl_free(obj);
	else
		ndis_nb_free(obj);
}

struct net_buffer *test_obj_nb(struct test_pool *tp, void *obj)
{
	return test_pool_has_lists(tp) ? &ndis_nbl_obj(obj)->nb : obj;
}

/* The link, which its owner may write and which every free resets */
void **test_obj_next(struct test_pool *tp, void *obj)
{
	if (test_pool_has_lists(tp))
		return (void **)&((struct net_buffer_list *)obj)->Next;
	return (void **)&((struct net_buffer *)obj)->Next;
}

bool test_obj_ok(struct test_pool *tp, const void *obj, struct ndis_wrong *wrong)
{
	return test_pool_has_lists(tp) ? ndis_nbl_state_ok(obj, &tp->state, wrong)
				       : ndis_nb_state_ok(obj, &tp->state, wrong);
}

bool test_obj_expect(struct ktap *t, struct test_pool *tp, const void *obj,
		     const char *when)
{
	const struct ndis_obj *o;

	o = test_pool_has_lists(tp) ? &ndis_nbl_obj(obj)->obj
				    : &ndis_nb_obj(obj)->obj;
	/* Left dirty, it would cost its next owner a reset */
	return ktap_expect_eq(t, o->dirty, 0) &&
	       (test_pool_has_lists(tp) ?
		ktap_expect_nbl(t, obj, &tp->state, when) :
		ktap_expect_nb(t, obj, &tp->state, when));
}

/* All that an owner may write, and the pool handle, which nobody may */
static void scribble_nb(struct test_pool *tp, struct net_buffer *nb)
{
	if (nb->MdlChain)
		memset(nb->MdlChain, 0xa5, sizeof(*nb->MdlChain));
	memset(nb, 0xa5, sizeof(*nb));
	nb->NdisPoolHandle = tp->pool;
}

void test_obj_scribble(struct test_pool *tp, void *obj)
{
	struct net_buffer_list *nbl = obj;

	if (!test_pool_has_lists(tp)) {
		ndis_nb_touch(obj);
		scribble_nb(tp, obj);
		return;
	}
	ndis_nbl_touch(nbl);
	if (nbl->Context)
		memset(nbl->Context, 0xa5, tp->params.context_size +
		       sizeof(*nbl->Context));
	if (nbl->FirstNetBuffer)
		scribble_nb(tp, nbl->FirstNetBuffer);
	memset(nbl, 0xa5, sizeof(*nbl));
	nbl->NdisPoolHandle = tp->pool;
}

/* --- ways to free ------------------------------------------------------------- */

struct way {
	const char *name;
	bool (*may)(const struct test_pool *tp);
	void (*give_back)(struct test_pool *tp, void **obj, unsigned int n);
};

static bool may_always(const struct test_pool *tp)
{
	return true;
}

static bool may_lists(const struct test_pool *tp)
{
	return test_pool_has_lists(tp);
}

static bool may_append(const struct test_pool *tp)
{
	return tp->state.kind == NDIS_KIND_LIST_NB_DATA;
}

static void way_free(struct test_pool *tp, void **obj, unsigned int n)
{
	while (n--)
		test_obj_free(tp, obj[n]);
}

/* In the order they came, so that the magazine turns round */
static void way_free_fifo(struct test_pool *tp, void **obj, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		test_obj_free(tp, obj[i]);
}

/* What every owner changes, as a receive or a send does */
static void way_used(struct test_pool *tp, void **obj, unsigned int n)
{
	struct net_buffer *nb;

	while (n--) {
		*test_obj_next(tp, obj[n]) = obj[0];
		if (tp->state.kind == NDIS_KIND_LIST_NB_DATA) {
			ndis_nbl_received(obj[n], 1 + n % tp->state.data_size);
		} else if (tp->state.kind != NDIS_KIND_LIST) {
			nb = test_obj_nb(tp, obj[n]);
			nb->CurrentMdlOffset = n;
			nb->DataOffset = n;
			nb->stDataLength = ~(size_t)n;
		}
		test_obj_free(tp, obj[n]);
	}
}

static void way_touched(struct test_pool *tp, void **obj, unsigned int n)
{
	while (n--) {
		test_obj_scribble(tp, obj[n]);
		test_obj_free(tp, obj[n]);
	}
}

/* Each out-of-band slot alone, then two by their functions */
static void way_slots(struct test_pool *tp, void **obj, unsigned int n)
{
	struct net_buffer_list *nbl;
	unsigned int slot;

	while (n--) {
		nbl = obj[n];
		slot = n % (NDIS_INFO_MAX + 1);
		if (slot < NDIS_INFO_MAX) {
			nbl->NetBufferListInfo[slot] = nbl;
			ndis_nbl_obj(nbl)->obj.dirty |= BIT(slot);
		} else {
			ndis_nbl_set_checksum(nbl, NDIS_CSUM_TCP_OK);
			ndis_nbl_set_vlan(nbl, 0xeffe);
		}
		ndis_nbl_free(nbl);
	}
}

static void way_all_slots(struct test_pool *tp, void **obj, unsigned int n)
{
	struct net_buffer_list *nbl;

	while (n--) {
		nbl = obj[n];
		memset(nbl->NetBufferListInfo, 0xa5,
		       sizeof(nbl->NetBufferListInfo));
		ndis_nbl_obj(nbl)->obj.dirty |= GENMASK(NDIS_INFO_MAX - 1, 0);
		ndis_nbl_free(nbl);
	}
}

/* Frames of one to five buffers; every other one is touched too */
static void way_append(struct test_pool *tp, void **obj, unsigned int n)
{
	unsigned int i = 0, left;

	while (i < n) {
		struct net_buffer_list *head = obj[i++];

		ndis_nbl_received(head, tp->state.data_size);
		if (i & 1)
			ndis_nbl_touch(head);
		for (left = i % 5; left && i < n; left--) {
			ndis_nbl_received(obj[i], left);
			ndis_nbl_set_vlan(obj[i], left);
			ndis_nbl_append(head, obj[i++]);
		}
		ndis_nbl_free(head);
	}
}

static void way_context(struct test_pool *tp, void **obj, unsigned int n)
{
	while (n--) {
		if (!ndis_nbl_context_alloc(obj[n], 32, 16))
			ndis_nbl_context_free(obj[n], 32);
		/* What the pool preallocates may be left allocated */
		if (tp->params.context_size)
			ndis_nbl_context_alloc(obj[n], 8, 0);
		ndis_nbl_free(obj[n]);
	}
}

static const struct way ways[] = {
	{ "free", may_always, way_free },
	{ "free in order", may_always, way_free_fifo },
	{ "use and free", may_always, way_used },
	{ "touch, scribble and free", may_always, way_touched },
	{ "one slot and free", may_lists, way_slots },
	{ "all slots and free", may_lists, way_all_slots },
	{ "append and free", may_append, way_append },
	{ "context and free", may_lists, way_context },
	{ "free at last", may_always, way_free },
};

/*
 * Nothing is handed out twice: each object keeps its own mark in a field that
 * every free resets.
 */
static void take_batch(struct ktap *t, struct test_pool *tp, void **obj,
		       unsigned int n, const char *when)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		obj[i] = test_obj_alloc(tp);
		if (!ktap_expect(t, obj[i]))
			break;
		test_obj_expect(t, tp, obj[i], when);
		*test_obj_next(tp, obj[i]) = &obj[i];
	}
	n = i;
	for (i = 0; i < n; i++) {
		ktap_expect_ptr(t, *test_obj_next(tp, obj[i]), &obj[i]);
		*test_obj_next(tp, obj[i]) = NULL;
	}
	for (; i < BATCH_MAX; i++)
		obj[i] = NULL;
}

/* A batch that failed goes back too, so that one fault stays one fault */
static bool batch_failed(struct ktap *t, struct test_pool *tp, void **obj,
			 unsigned int n)
{
	unsigned int i;

	if (!ktap_failed(t))
		return false;
	for (i = 0; i < n && obj[i]; i++)
		test_obj_free(tp, obj[i]);
	return true;
}

static void walk_ways(struct ktap *t, struct test_pool *tp, void **obj)
{
	static const unsigned int batches[] = { 1, 63, 64, 65, BATCH_MAX };
	u64 allocated = tp->pool->allocated;
	const char *when = "after creation";
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!ways[i].may(tp))
			continue;
		for (j = 0; j < ARRAY_SIZE(batches); j++) {
			take_batch(t, tp, obj, batches[j], when);
			ktap_expect_eq(t, ndis_pool_live(tp->pool), batches[j]);
			if (batch_failed(t, tp, obj, batches[j]))
				return;
			ways[i].give_back(tp, obj, batches[j]);
			ktap_expect_eq(t, ndis_pool_live(tp->pool), 0);
			when = ways[i].name;
		}
	}
	ktap_expect(t, tp->pool->allocated > allocated);
	ktap_expect_eq(t, tp->pool->high, BATCH_MAX);
}

static void test_state(struct ktap *t, enum ndis_pool_access access)
{
	struct ndis_pool_params params;
	enum ndis_pool_kind kind;
	struct test_pool tp;
	unsigned int i;
	void **obj;

	obj = kcalloc(BATCH_MAX, sizeof(*obj), GFP_KERNEL);
	if (!ktap_expect(t, obj))
		return;
	/* Second round: with all that may lie between the structs and data */
	for (i = 0; i < 2; i++) {
		for (kind = NDIS_KIND_LIST; kind <= NDIS_KIND_NB_DATA; kind++) {
			params = (struct ndis_pool_params){ .access = access };
			if (i) {
				params.headroom = 256;
				params.cache_pages = 32;
				if (kind < NDIS_KIND_NB)
					params.context_size = 72;
				if (kind == NDIS_KIND_LIST_NB)
					params.nr_mdls = 5;
			}
			if (!test_pool_create(t, &tp, kind, &params))
				continue;
			local_bh_disable();
			walk_ways(t, &tp, obj);
			local_bh_enable();
			if (ktap_failed(t))
				ktap_diag(t, "kind %s", test_kind_name(kind));
			test_pool_destroy(t, &tp);
			if (ktap_failed(t))
				goto out;
			cond_resched();
		}
	}
out:
	kfree(obj);
}

void test_state_any(struct ktap *t)
{
	test_state(t, NDIS_ACCESS_ANY);
}

void test_state_napi(struct ktap *t)
{
	test_state(t, NDIS_ACCESS_NAPI);
}

/* LIFO: what is warm comes back, and a batch is served by what was freed */
void test_reuse(struct ktap *t)
{
	struct ndis_pool_params params = { .access = NDIS_ACCESS_NAPI };
	void *obj[NDIS_MAGAZINE];
	enum ndis_pool_kind kind;
	struct test_pool tp;
	unsigned int i;
	void *again;

	for (kind = NDIS_KIND_LIST; kind <= NDIS_KIND_NB_DATA; kind++) {
		if (!test_pool_create(t, &tp, kind, &params))
			continue;
		local_bh_disable();
		for (i = 0; i < NDIS_MAGAZINE; i++)
			obj[i] = test_obj_alloc(&tp);
		for (i = 0; i < NDIS_MAGAZINE; i++)
			test_obj_free(&tp, obj[i]);
		while (i--) {
			again = test_obj_alloc(&tp);
			ktap_expect_ptr(t, again, obj[i]);
		}
		for (i = 0; i < NDIS_MAGAZINE; i++)
			test_obj_free(&tp, obj[i]);
		local_bh_enable();
		test_pool_destroy(t, &tp);
	}
}
