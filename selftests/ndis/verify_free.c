// SPDX-License-Identifier: GPL-2.0-only
/* What happens to objects that are free, or should be. */
#include <linux/delay.h>
#include <linux/slab.h>

#include "verify_test.h"

#define MANY	150

static void **verify_link(struct verify_pool *p, void *obj)
{
	if (verify_has_lists(p))
		return (void **)&((struct net_buffer_list *)obj)->Next;
	return (void **)&((struct net_buffer *)obj)->Next;
}

/* --- nothing is wrong ---------------------------------------------------------------- */

/* Whatever an owner may write is written; each has its own mark */
static void quiet_batch(struct ktap *t, struct verify_pool *p, void **obj)
{
	struct net_buffer_list *nbl;
	unsigned int i, n;

	for (n = 0; n < MANY; n++) {
		obj[n] = verify_alloc(p);
		if (!ktap_expect(t, obj[n]) || !verify_whole(t, p, obj[n]))
			break;
		*verify_link(p, obj[n]) = &obj[n];
		if (!verify_has_lists(p))
			continue;
		nbl = obj[n];
		ndis_nbl_set_checksum(nbl, NDIS_CSUM_TCP_OK);
		ndis_nbl_context_alloc(nbl, 32, 0);
		ndis_nbl_context_alloc(nbl, 128, 0);
		ndis_nbl_context_free(nbl, 128);
		ndis_nbl_context_free(nbl, 32);
		if (p->kind == NDIS_KIND_LIST_NB_DATA) {
			ndis_nbl_received(nbl, 1024);
			memset(ndis_nbl_data(nbl), 0xa5, 1024);
		}
	}
	ktap_expect_eq(t, ndis_pool_live(p->pool), n);
	for (i = 0; i < n; i++) {
		ktap_expect_ptr(t, *verify_link(p, obj[i]), &obj[i]);
		*verify_link(p, obj[i]) = NULL;
		verify_free(p, obj[i]);
	}
}

static void quiet_pool(struct ktap *t, struct verify_pool *p)
{
	void **obj = kcalloc(MANY, sizeof(*obj), GFP_KERNEL);
	unsigned int i;

	if (!ktap_expect(t, obj))
		return;
	for (i = 0; i < 3; i++)
		quiet_batch(t, p, obj);
	kfree(obj);
}

void verify_quiet(struct ktap *t)
{
	struct verify_counts before;

	verify_counts(&before);
	verify_each_pool(t, quiet_pool);
	verify_expect(t, &before, NULL, 0);
}

/* --- double free ------------------------------------------------------------------- */

static void double_free_pool(struct ktap *t, struct verify_pool *p)
{
	void *twice = verify_alloc(p), *other = verify_alloc(p);
	struct verify_counts before;

	if (!ktap_expect(t, twice && other))
		return;
	verify_counts(&before);
	verify_free(p, twice);
	verify_expect(t, &before, NULL, 0);
	verify_free(p, twice);
	verify_expect(t, &before, "double_free", 1);
	verify_free(p, twice);
	verify_expect(t, &before, "double_free", 2);

	/* Refused: the count is right, and nobody gets it twice */
	ktap_expect_eq(t, ndis_pool_live(p->pool), 1);
	verify_whole(t, p, other);
	verify_push_out(t, p);
	verify_free(p, other);
	verify_expect(t, &before, "double_free", 2);
}

void verify_double_free(struct ktap *t)
{
	verify_each_pool(t, double_free_pool);
}

/* --- write after free ----------------------------------------------------------------- */

/* Return: the address of a part of a free object, NULL when it has none */
static u8 *part_of(struct verify_pool *p, void *obj, unsigned int part)
{
	struct net_buffer_list *nbl = verify_has_lists(p) ? obj : NULL;
	struct net_buffer *nb = nbl ? &ndis_nbl_obj(nbl)->nb : obj;
	u8 *start = nbl ? (u8 *)ndis_nbl_obj(nbl) : (u8 *)ndis_nb_obj(nb);

	switch (part) {
	case 0:
		return nbl ? (u8 *)&nbl->Next : NULL;
	case 1:
		return nbl ? (u8 *)&nbl->MiniportReserved[1] : NULL;
	case 2:
		return nbl ? (u8 *)&nbl->NetBufferListInfo[26] + 7 : NULL;
	case 3:
		return (u8 *)&nb->DataLength;
	case 4:
		return (u8 *)&nb->MiniportReserved[3];
	case 5:
		return p->pool->data_size ? (u8 *)(nb + 1) : NULL;
	case 6:
		return p->pool->data_size ? start + p->pool->data_offset : NULL;
	case 7:
		return p->pool->data_size ? start + p->pool->data_offset +
					    p->pool->data_size - 1 : NULL;
	default:
		return NULL;
	}
}

static void write_pool(struct ktap *t, struct verify_pool *p)
{
	struct verify_counts before;
	unsigned int part;
	void *obj;
	u8 *byte;

	for (part = 0; part < 8; part++) {
		obj = verify_alloc(p);
		if (!ktap_expect(t, obj))
			return;
		byte = part_of(p, obj, part);
		verify_free(p, obj);
		if (!byte)
			continue;

		verify_counts(&before);
		WRITE_ONCE(*byte, 0x17);
		verify_push_out(t, p);
		if (!verify_expect(t, &before, "write_after_free", 1))
			ktap_diag(t, "part %u", part);
	}
}

void verify_write_after_free(struct ktap *t)
{
	verify_each_pool(t, write_pool);
}

/* Two in one quarantine, and neither is pushed out */
void verify_write_found_at_destroy(struct ktap *t)
{
	struct verify_counts before;
	enum ndis_pool_kind kind;
	struct verify_pool p;
	void *a, *b;

	for (kind = NDIS_KIND_LIST; kind <= NDIS_KIND_NB_DATA; kind++) {
		if (!verify_pool_create(t, &p, kind, NDIS_ACCESS_ANY))
			return;
		verify_counts(&before);
		a = verify_alloc(&p);
		b = verify_alloc(&p);
		if (ktap_expect(t, a && b)) {
			verify_free(&p, a);
			verify_free(&p, b);
			WRITE_ONCE(*part_of(&p, a, 4), 1);
			WRITE_ONCE(*part_of(&p, b, 3), 2);
		}
		verify_expect(t, &before, NULL, 0);
		verify_pool_destroy(&p);
		verify_expect(t, &before, "write_after_free", 2);
	}
}

/* --- a free that should not be, yet -------------------------------------------------- */

static void next_pool(struct ktap *t, struct verify_pool *p)
{
	void *obj = verify_alloc(p), *next = verify_alloc(p);
	struct verify_counts before;

	if (!ktap_expect(t, obj && next))
		return;
	verify_counts(&before);
	*verify_link(p, obj) = next;
	verify_free(p, obj);
	verify_expect(t, &before, "next_set", 1);
	/* Next is not followed */
	ktap_expect_eq(t, ndis_pool_live(p->pool), 1);
	verify_whole(t, p, next);
	verify_free(p, next);
	verify_push_out(t, p);
	verify_expect(t, &before, "next_set", 1);
}

void verify_next_set(struct ktap *t)
{
	verify_each_pool(t, next_pool);
}

void verify_lists_out(struct ktap *t)
{
	u64 gone = ndis_stat("pools_destroyed");
	struct verify_counts before;
	enum ndis_pool_kind kind;
	struct verify_pool p;
	unsigned int i;
	void *obj[11];

	for (kind = NDIS_KIND_LIST; kind <= NDIS_KIND_NB_DATA; kind++) {
		if (!verify_pool_create(t, &p, kind, NDIS_ACCESS_ANY))
			return;
		verify_push_out(t, &p);
		for (i = 0; i < ARRAY_SIZE(obj); i++) {
			obj[i] = verify_alloc(&p);
			if (!ktap_expect(t, obj[i]))
				return;
		}
		verify_counts(&before);
		verify_pool_destroy(&p);
		verify_expect(t, &before, "lists_out", ARRAY_SIZE(obj));

		/* They are whole, and the last one takes the pool along */
		for (i = 0; i < ARRAY_SIZE(obj); i++) {
			verify_whole(t, &p, obj[i]);
			verify_free(&p, obj[i]);
		}
		gone++;
		for (i = 0; i < 500 && ndis_stat("pools_destroyed") != gone; i++)
			msleep(20);
		ktap_expect_eq(t, ndis_stat("pools_destroyed"), gone);
		verify_expect(t, &before, "lists_out", ARRAY_SIZE(obj));
	}
}

/* A chain's Next links are how it is freed, and no mistake */
void verify_chains(struct ktap *t)
{
	struct net_buffer_list *chain, *second;
	struct verify_counts before;
	struct verify_pool p;

	if (!verify_pool_create(t, &p, NDIS_KIND_LIST_NB_DATA, NDIS_ACCESS_ANY))
		return;
	verify_counts(&before);
	ktap_expect_eq(t, ndis_nbl_alloc_chain(p.pool, &chain, 100), 100);
	ktap_expect_eq(t, ndis_pool_live(p.pool), 100);
	ndis_nbl_free_chain(chain);
	ktap_expect_eq(t, ndis_pool_live(p.pool), 0);
	verify_expect(t, &before, NULL, 0);

	/* One in the middle is freed before: what follows it cannot be known */
	ktap_expect_eq(t, ndis_nbl_alloc_chain(p.pool, &chain, 3), 3);
	second = chain->Next;
	chain->Next->Next->Next = NULL;
	chain->Next = second->Next;
	second->Next = NULL;
	ndis_nbl_free(second);
	second = chain->Next;
	ndis_nbl_free_chain(chain);
	ndis_nbl_free_chain(chain);
	verify_expect(t, &before, "double_free", 1);
	ktap_expect_eq(t, ndis_pool_live(p.pool), 0);
	verify_pool_destroy(&p);
}
