// SPDX-License-Identifier: GPL-2.0-only
/* Chains: as many lists as asked for and allowed, each as a single one would be. */
#include "pool_test.h"

#define CHAIN_MAX	200

/* Length of a chain of distinct lists in the state that alloc promises */
static unsigned int check_chain(struct ktap *t, struct test_pool *tp,
				struct net_buffer_list *chain)
{
	struct net_buffer_list *nbl, *next;
	unsigned int n = 0;

	for (nbl = chain; nbl && n <= CHAIN_MAX; nbl = next, n++) {
		next = nbl->Next;
		nbl->Next = NULL;
		test_obj_expect(t, tp, nbl, "in a chain");
		nbl->Next = next;
		/* A list that is in here twice is found by its mark */
		ktap_expect_ptr(t, nbl->Scratch, NULL);
		ndis_nbl_touch(nbl);
		nbl->Scratch = nbl;
	}
	return n;
}

static void walk_chains(struct ktap *t, struct test_pool *tp)
{
	static const unsigned int sizes[] = { 0, 1, 31, 32, 33, 64, 65, 200 };
	struct net_buffer_list *chain, *single;
	unsigned int i, round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			ktap_expect_eq(t, ndis_nbl_alloc_chain(tp->pool, &chain,
							       sizes[i]),
				       sizes[i]);
			ktap_expect_eq(t, check_chain(t, tp, chain), sizes[i]);
			ktap_expect_eq(t, ndis_pool_live(tp->pool), sizes[i]);
			ndis_nbl_free_chain(chain);
			ktap_expect_eq(t, ndis_pool_live(tp->pool), 0);
		}
		/* Singles and chains in turn */
		single = ndis_nbl_alloc(tp->pool);
		ktap_expect_eq(t, ndis_nbl_alloc_chain(tp->pool, &chain, 3), 3);
		if (ktap_expect(t, single)) {
			test_obj_expect(t, tp, single, "after a chain");
			single->Next = chain;
			chain = single;
		}
		ndis_nbl_free_chain(chain);
	}
}

static void walk_limited(struct ktap *t, struct test_pool *tp)
{
	struct net_buffer_list *chain, *more;
	u64 high = tp->params.limit;

	ktap_expect_eq(t, ndis_nbl_alloc_chain(tp->pool, &chain, high - 2),
		       high - 2);
	ktap_expect_eq(t, ndis_nbl_alloc_chain(tp->pool, &more, 10), 2);
	ktap_expect_eq(t, check_chain(t, tp, more), 2);
	ktap_expect_eq(t, tp->pool->high, high);
	ndis_nbl_free_chain(chain);
	ktap_expect_eq(t, ndis_nbl_alloc_chain(tp->pool, &chain, high), high - 2);
	ktap_expect_eq(t, tp->pool->high, high);
	ndis_nbl_free_chain(chain);
	ndis_nbl_free_chain(more);
}

void test_chain(struct ktap *t)
{
	enum ndis_pool_access access;
	enum ndis_pool_kind kind;
	struct test_pool tp;

	for (access = 0; access <= NDIS_ACCESS_NAPI; access++) {
		for (kind = NDIS_KIND_LIST; kind < NDIS_KIND_NB; kind++) {
			struct ndis_pool_params params = { .access = access };

			if (test_pool_create(t, &tp, kind, &params)) {
				local_bh_disable();
				walk_chains(t, &tp);
				local_bh_enable();
				test_pool_destroy(t, &tp);
			}
			params.limit = 100;
			if (test_pool_create(t, &tp, kind, &params)) {
				local_bh_disable();
				walk_limited(t, &tp);
				local_bh_enable();
				test_pool_destroy(t, &tp);
			}
		}
	}
}

/* One chain of lists of several pools goes to each its own */
void test_chain_mixed(struct ktap *t)
{
	static const enum ndis_pool_access access[] = {
		NDIS_ACCESS_ANY, NDIS_ACCESS_NAPI, NDIS_ACCESS_NAPI,
		NDIS_ACCESS_ANY,
	};
	struct net_buffer_list *chain = NULL, *nbl;
	struct test_pool tp[ARRAY_SIZE(access)];
	unsigned int i, nr;

	for (nr = 0; nr < ARRAY_SIZE(access); nr++) {
		struct ndis_pool_params params = { .access = access[nr] };

		if (!test_pool_create(t, &tp[nr], NDIS_KIND_LIST_NB, &params))
			break;
	}
	local_bh_disable();
	for (i = 0; nr && i < 3 * CHAIN_MAX; i++) {
		/* Runs of 1 to 5 lists of a pool */
		nbl = ndis_nbl_alloc(tp[i / (1 + i % 5) % nr].pool);
		if (!ktap_expect(t, nbl))
			break;
		nbl->Next = chain;
		chain = nbl;
	}
	ndis_nbl_free_chain(chain);
	local_bh_enable();
	while (nr--) {
		ktap_expect_eq(t, ndis_pool_live(tp[nr].pool), 0);
		test_pool_destroy(t, &tp[nr]);
	}
}
