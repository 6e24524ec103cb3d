// SPDX-License-Identifier: GPL-2.0-only
/* Context space: taken off the front, given back last in first out, unmoved. */
#include "pool_test.h"

static void *context_start(const struct net_buffer_list *nbl)
{
	return nbl->Context->ContextData + nbl->Context->Offset;
}

/* In a list whose pool has 64 bytes of it, or none */
static void walk_context(struct ktap *t, struct test_pool *tp)
{
	struct net_buffer_list *nbl = ndis_nbl_alloc(tp->pool);
	struct ndis_nbl_context *own = nbl->Context;
	u16 room = tp->params.context_size;
	struct ndis_nbl_context *block;
	void *first, *second;

	if (room) {
		/* From the preallocated block: only the offset moves */
		ktap_expect_eq(t, ndis_nbl_context_alloc(nbl, 40, 8), 0);
		ktap_expect_ptr(t, nbl->Context, own);
		ktap_expect_eq(t, own->Offset, room - 40);
		ktap_expect_ptr(t, context_start(nbl), own->ContextData + room - 40);
		memset(context_start(nbl), 0x11, 40);
		/* Exactly what is left */
		ktap_expect_eq(t, ndis_nbl_context_alloc(nbl, 24, 0), 0);
		ktap_expect_ptr(t, nbl->Context, own);
		ktap_expect_eq(t, own->Offset, 0);
		memset(context_start(nbl), 0x22, 24);
	}

	/* No room: a block in front, with the backfill free */
	ktap_expect_eq(t, ndis_nbl_context_alloc(nbl, 16, 32), 0);
	block = nbl->Context;
	if (!ktap_expect(t, block && block != own))
		goto out;
	ktap_expect_ptr(t, block->Next, own);
	ktap_expect_eq(t, block->Size, 48);
	ktap_expect_eq(t, block->Offset, 32);
	first = context_start(nbl);
	memset(first, 0x33, 16);

	/* The backfill serves the next one */
	ktap_expect_eq(t, ndis_nbl_context_alloc(nbl, 32, 128), 0);
	ktap_expect_ptr(t, nbl->Context, block);
	ktap_expect_eq(t, block->Offset, 0);
	memset(context_start(nbl), 0x44, 32);

	/* A third block; nothing of what is below has moved */
	ktap_expect_eq(t, ndis_nbl_context_alloc(nbl, 8, 0), 0);
	ktap_expect_ptr(t, nbl->Context->Next, block);
	second = context_start(nbl);
	memset(second, 0x55, 8);
	ktap_expect(t, !memchr_inv(first, 0x33, 16));
	ktap_expect(t, !memchr_inv(block->ContextData, 0x44, 32));
	if (room) {
		ktap_expect(t, !memchr_inv(own->ContextData, 0x22, 24));
		ktap_expect(t, !memchr_inv(own->ContextData + 24, 0x11, 40));
	}

	/* And back */
	ndis_nbl_context_free(nbl, 8);
	ktap_expect_ptr(t, nbl->Context, block);
	ndis_nbl_context_free(nbl, 32);
	ktap_expect_ptr(t, nbl->Context, block);
	ktap_expect_eq(t, block->Offset, 32);
	ndis_nbl_context_free(nbl, 16);
	ktap_expect_ptr(t, nbl->Context, own);
	if (room) {
		ndis_nbl_context_free(nbl, 24);
		ktap_expect_ptr(t, nbl->Context, own);
		ktap_expect_eq(t, own->Offset, 24);
		ndis_nbl_context_free(nbl, 40);
		ktap_expect_eq(t, own->Offset, room);
		ktap_expect_ptr(t, nbl->Context, own);
	}
	ktap_expect_nbl(t, nbl, &tp->state, "with its context freed");
out:
	ndis_nbl_free(nbl);
	nbl = ndis_nbl_alloc(tp->pool);
	ktap_expect_nbl(t, nbl, &tp->state, "after context and free");
	ndis_nbl_free(nbl);
}

void test_context(struct ktap *t)
{
	enum ndis_pool_kind kind;
	struct test_pool tp;
	unsigned int i;

	for (kind = NDIS_KIND_LIST; kind <= NDIS_KIND_LIST_NB_DATA; kind++) {
		for (i = 0; i < 3; i++) {
			struct ndis_pool_params params = {
				.context_size = i ? 64 : 0,
				/* The block lies behind the send elements */
				.nr_mdls = i == 2 && kind == NDIS_KIND_LIST_NB ?
					   7 : 0,
			};

			if (!test_pool_create(t, &tp, kind, &params))
				continue;
			walk_context(t, &tp);
			test_pool_destroy(t, &tp);
		}
	}
}

void test_context_refused(struct ktap *t)
{
	struct ndis_pool_params params = { .context_size = 64 };
	struct net_buffer_list *nbl;
	struct test_pool tp;

	if (!test_pool_create(t, &tp, NDIS_KIND_LIST, &params))
		return;
	nbl = ndis_nbl_alloc(tp.pool);
	ktap_expect_eq(t, ndis_nbl_context_alloc(nbl, 12, 0), -EINVAL);
	ktap_expect_eq(t, ndis_nbl_context_alloc(nbl, 16, 4), -EINVAL);
	ktap_expect_eq(t, ndis_nbl_context_alloc(nbl, 65528, 8), -EINVAL);
	ktap_expect_nbl(t, nbl, &tp.state, "after refusals");
	/* The largest block that its u16 fields can say */
	if (ktap_expect_eq(t, ndis_nbl_context_alloc(nbl, 65520, 8), 0)) {
		ktap_expect_eq(t, nbl->Context->Size, 65528);
		ktap_expect_eq(t, nbl->Context->Offset, 8);
		ndis_nbl_context_free(nbl, 65520);
	}
	ktap_expect_nbl(t, nbl, &tp.state, "after the largest block");
	ndis_nbl_free(nbl);
	test_pool_destroy(t, &tp);
}
