// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocate and free as a miniport does: the contract's table of states row by
 * row, and what drivers do to a list before they give it back.
 */
#include <linux/slab.h>

#include "windows_test.h"

#define ROUNDS	150	/* more than a magazine, so that every way back is gone */
#define MDLS	4

static struct ndis_state state_of(NDIS_HANDLE pool, enum ndis_pool_kind kind,
				  u16 context_size, u32 data_size)
{
	return (struct ndis_state){
		.pool = pool, .kind = kind, .context_size = context_size,
		.data_size = data_size,
	};
}

/* NdisAllocateNetBufferList() is legal on all three kinds */
void test_win_list(struct ktap *t)
{
	static const struct {
		enum ndis_pool_kind kind;
		u16 context_size;
		u32 data_size;
	} rows[] = {
		{ NDIS_KIND_LIST, 0, 0 },
		{ NDIS_KIND_LIST, 32, 0 },
		{ NDIS_KIND_LIST_NB, 0, 0 },
		{ NDIS_KIND_LIST_NB, 8, 0 },
		{ NDIS_KIND_LIST_NB_DATA, 0, 192 },
		{ NDIS_KIND_LIST_NB_DATA, 0, 1514 },
		{ NDIS_KIND_LIST_NB_DATA, 0, 9000 },
		{ NDIS_KIND_LIST_NB_DATA, 64, 2048 },
	};
	PNET_BUFFER_LIST *nbl;
	struct ndis_state s;
	unsigned int i, j, n;
	NDIS_HANDLE pool;

	nbl = kcalloc(ROUNDS, sizeof(*nbl), GFP_KERNEL);
	if (!ktap_expect(t, nbl))
		return;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		pool = win_nbl_pool(t, rows[i].kind != NDIS_KIND_LIST,
				    rows[i].context_size, rows[i].data_size);
		if (!pool)
			continue;
		s = state_of(pool, rows[i].kind, rows[i].context_size,
			     rows[i].data_size);
		for (j = 0; j < 2; j++) {
			for (n = 0; n < ROUNDS; n++) {
				nbl[n] = NdisAllocateNetBufferList(pool, 0, 0);
				if (!ktap_expect(t, nbl[n]))
					break;
				ktap_expect_nbl(t, nbl[n], &s, "as allocated");
			}
			ktap_expect_eq(t, win_live(pool), ROUNDS);
			while (n--)
				NdisFreeNetBufferList(nbl[n]);
		}
		ktap_expect_eq(t, win_live(pool), 0);
		NdisFreeNetBufferListPool(pool);
	}
	kfree(nbl);
}

/* --- chains of the caller's ---------------------------------------------------- */

struct chain_row {
	unsigned int nr;
	u32 bytes[MDLS];
	u32 offset, length;
	unsigned int current_index;
	u32 current_offset;
};

static const struct chain_row chain_rows[] = {
	{ 0, { }, 0, 0 },
	{ 1, { 100 }, 0, 0, 0, 0 },
	{ 1, { 100 }, 0, 100, 0, 0 },
	{ 1, { 100 }, 14, 86, 0, 14 },
	{ 1, { 100 }, 99, 1, 0, 99 },
	/* at the end of the chain: the last MDL, never NULL */
	{ 1, { 100 }, 100, 0, 0, 100 },
	{ 2, { 100, 200 }, 300, 0, 1, 200 },
	{ 4, { 1, 1, 1, 1 }, 4, 0, 3, 1 },
	{ 2, { 100, 0 }, 100, 0, 1, 0 },
	{ 1, { 0 }, 0, 0, 0, 0 },
	/* the MDL that holds the offset */
	{ 2, { 100, 200 }, 99, 201, 0, 99 },
	{ 2, { 100, 200 }, 100, 200, 1, 0 },
	{ 2, { 100, 200 }, 101, 199, 1, 1 },
	{ 3, { 100, 200, 300 }, 350, 250, 2, 50 },
	{ 4, { 64, 64, 64, 64 }, 128, 128, 2, 0 },
	/* empty MDLs hold nothing */
	{ 2, { 0, 100 }, 0, 100, 1, 0 },
	{ 3, { 100, 0, 50 }, 100, 50, 2, 0 },
	{ 4, { 0, 0, 0, 7 }, 3, 4, 3, 3 },
};

struct chain {
	MDL mdl[MDLS];
	MDL before[MDLS];
};

/* Return: the first MDL, or NULL for none */
static PMDL chain_build(struct chain *c, unsigned int nr, const u32 *bytes)
{
	unsigned int i;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < nr; i++) {
		c->mdl[i].Next = i + 1 < nr ? &c->mdl[i + 1] : NULL;
		c->mdl[i].Size = sizeof(MDL);
		c->mdl[i].ByteCount = bytes[i];
		c->mdl[i].ByteOffset = 8 * i;
	}
	memcpy(c->before, c->mdl, sizeof(c->mdl));
	return nr ? c->mdl : NULL;
}

/* The chain stays the caller's: nothing of it was written */
static void chain_unchanged(struct ktap *t, const struct chain *c)
{
	ktap_expect(t, !memcmp(c->before, c->mdl, sizeof(c->mdl)));
}

static void chain_state(struct ndis_state *s, struct chain *c,
			const struct chain_row *row)
{
	s->mdl = row->nr ? c->mdl : NULL;
	s->current_mdl = row->nr ? &c->mdl[row->current_index] : NULL;
	s->current_offset = row->current_offset;
	s->offset = row->offset;
	s->length = row->length;
}

void test_win_list_chain(struct ktap *t)
{
	NDIS_HANDLE pool = win_nbl_pool(t, TRUE, 0, 0);
	const struct chain_row *row;
	struct ndis_state s;
	PNET_BUFFER_LIST nbl;
	struct chain c;
	unsigned int i;
	PMDL mdl;

	if (!pool)
		return;
	for (i = 0; i < ROUNDS; i++) {
		row = &chain_rows[i % ARRAY_SIZE(chain_rows)];
		s = state_of(pool, NDIS_KIND_LIST_NB, 0, 0);
		chain_state(&s, &c, row);
		mdl = chain_build(&c, row->nr, row->bytes);
		nbl = NdisAllocateNetBufferAndNetBufferList(pool, 0, 0, mdl,
							    row->offset,
							    row->length);
		if (!ktap_expect(t, nbl))
			break;
		if (!ktap_expect_nbl(t, nbl, &s, "with a chain"))
			ktap_diag(t, "row %zu", i % ARRAY_SIZE(chain_rows));
		NdisFreeNetBufferList(nbl);
		chain_unchanged(t, &c);

		/* Without a chain the next one has none */
		s = state_of(pool, NDIS_KIND_LIST_NB, 0, 0);
		nbl = NdisAllocateNetBufferList(pool, 0, 0);
		if (!ktap_expect(t, nbl))
			break;
		ktap_expect_nbl(t, nbl, &s, "after a chain");
		NdisFreeNetBufferList(nbl);
	}
	NdisFreeNetBufferListPool(pool);
}

void test_win_buffer_chain(struct ktap *t)
{
	NDIS_HANDLE pool = win_nb_pool(t, 0);
	const struct chain_row *row;
	struct ndis_state s;
	struct chain c;
	unsigned int i;
	PNET_BUFFER nb;
	PMDL mdl;

	if (!pool)
		return;
	for (i = 0; i < ROUNDS; i++) {
		row = &chain_rows[i % ARRAY_SIZE(chain_rows)];
		s = state_of(pool, NDIS_KIND_NB, 0, 0);
		chain_state(&s, &c, row);
		mdl = chain_build(&c, row->nr, row->bytes);
		nb = NdisAllocateNetBuffer(pool, mdl, row->offset, row->length);
		if (!ktap_expect(t, nb))
			break;
		if (!ktap_expect_nb(t, nb, &s, "with a chain"))
			ktap_diag(t, "row %zu", i % ARRAY_SIZE(chain_rows));
		NdisFreeNetBuffer(nb);
		chain_unchanged(t, &c);
	}
	ktap_expect_eq(t, win_live(pool), 0);
	NdisFreeNetBufferPool(pool);
}

void test_win_buffer_data(struct ktap *t)
{
	static const u32 sizes[] = { 1, 192, 1514, 2048, 9000 };
	PNET_BUFFER *nb = kcalloc(ROUNDS, sizeof(*nb), GFP_KERNEL);
	struct ndis_state s;
	unsigned int i, j, n;
	NDIS_HANDLE pool;

	if (!ktap_expect(t, nb))
		return;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		pool = win_nb_pool(t, sizes[i]);
		if (!pool)
			continue;
		s = state_of(pool, NDIS_KIND_NB_DATA, 0, sizes[i]);
		for (j = 0; j < 2; j++) {
			for (n = 0; n < ROUNDS; n++) {
				nb[n] = NdisAllocateNetBufferMdlAndData(pool);
				if (!ktap_expect(t, nb[n]))
					break;
				ktap_expect_nb(t, nb[n], &s, "as allocated");
				memset(nb[n]->MdlChain->MappedSystemVa, n,
				       sizes[i]);
				ktap_expect_nb(t, nb[n], &s, "with data");
			}
			while (n--)
				NdisFreeNetBuffer(nb[n]);
		}
		ktap_expect_eq(t, win_live(pool), 0);
		NdisFreeNetBufferPool(pool);
	}
	kfree(nb);
}

/* Outside the chain: NULL, nothing lost, the next one is right */
void test_win_refused(struct ktap *t)
{
	static const struct chain_row rows[] = {
		{ 0, { }, 1, 0 },
		{ 0, { }, 0, 1 },
		{ 0, { }, 14, 60 },
		{ 1, { 100 }, 101, 0 },
		{ 2, { 100, 200 }, 301, 0 },
		{ 1, { 0 }, 1, 0 },
		{ 1, { 100 }, U32_MAX, 0 },
	};
	NDIS_HANDLE lists = win_nbl_pool(t, TRUE, 0, 0);
	NDIS_HANDLE buffers = win_nb_pool(t, 0);
	struct ndis_state s = state_of(lists, NDIS_KIND_LIST_NB, 0, 0);
	PNET_BUFFER_LIST nbl;
	struct chain c;
	unsigned int i;
	PMDL mdl;

	if (!lists || !buffers)
		return;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		mdl = chain_build(&c, rows[i].nr, rows[i].bytes);
		ktap_expect_ptr(t, NdisAllocateNetBufferAndNetBufferList(lists, 16, 8, mdl,
									 rows[i].offset,
									 rows[i].length),
				NULL);
		ktap_expect_ptr(t, NdisAllocateNetBuffer(buffers, mdl, rows[i].offset,
							 rows[i].length), NULL);
		ktap_expect_eq(t, win_live(lists), 0);
		ktap_expect_eq(t, win_live(buffers), 0);
		chain_unchanged(t, &c);
		nbl = NdisAllocateNetBufferList(lists, 0, 0);
		if (ktap_expect(t, nbl)) {
			ktap_expect_nbl(t, nbl, &s, "after a refusal");
			NdisFreeNetBufferList(nbl);
		}
	}
	NdisFreeNetBufferListPool(lists);
	NdisFreeNetBufferPool(buffers);
}

/* --- what drivers do to them --------------------------------------------------- */

static void scribble_nb(PNET_BUFFER nb, NDIS_HANDLE pool)
{
	memset(nb, 0x5a, sizeof(*nb));
	nb->NdisPoolHandle = pool;
}

/* A driver may write any field and need not clean up, context blocks excepted */
static void scribble_nbl(PNET_BUFFER_LIST nbl, NDIS_HANDLE pool)
{
	PNET_BUFFER_LIST_CONTEXT context = nbl->Context;

	if (nbl->FirstNetBuffer) {
		if (nbl->FirstNetBuffer->MdlChain)
			memset(nbl->FirstNetBuffer->MdlChain, 0x5a, sizeof(MDL));
		scribble_nb(nbl->FirstNetBuffer, pool);
	}
	memset(nbl, 0x5a, sizeof(*nbl));
	nbl->NdisPoolHandle = pool;
	nbl->Context = context;
}

void test_win_written(struct ktap *t)
{
	static const struct {
		enum ndis_pool_kind kind;
		u32 data_size;
	} rows[] = {
		{ NDIS_KIND_LIST, 0 }, { NDIS_KIND_LIST_NB, 0 },
		{ NDIS_KIND_LIST_NB_DATA, 1514 }, { NDIS_KIND_NB, 0 },
		{ NDIS_KIND_NB_DATA, 1514 },
	};
	struct ndis_state s;
	NDIS_HANDLE pool;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		bool nb_pool = rows[i].kind >= NDIS_KIND_NB;
		PNET_BUFFER_LIST nbl;
		PNET_BUFFER nb;

		pool = nb_pool ? win_nb_pool(t, rows[i].data_size) :
			win_nbl_pool(t, rows[i].kind != NDIS_KIND_LIST, 0,
				     rows[i].data_size);
		if (!pool)
			continue;
		s = state_of(pool, rows[i].kind, 0, rows[i].data_size);
		for (n = 0; n < 3; n++) {
			if (!nb_pool) {
				nbl = NdisAllocateNetBufferList(pool, 0, 0);
				if (!ktap_expect(t, nbl))
					break;
				ktap_expect_nbl(t, nbl, &s, "after scribbling");
				scribble_nbl(nbl, pool);
				NdisFreeNetBufferList(nbl);
				continue;
			}
			nb = rows[i].data_size ?
				NdisAllocateNetBufferMdlAndData(pool) :
				NdisAllocateNetBuffer(pool, NULL, 0, 0);
			if (!ktap_expect(t, nb))
				break;
			ktap_expect_nb(t, nb, &s, "after scribbling");
			if (nb->MdlChain)
				memset(nb->MdlChain, 0x5a, sizeof(MDL));
			scribble_nb(nb, pool);
			NdisFreeNetBuffer(nb);
		}
		ktap_expect_eq(t, win_live(pool), 0);
		if (nb_pool)
			NdisFreeNetBufferPool(pool);
		else
			NdisFreeNetBufferListPool(pool);
	}
}

/*
 * The embedded NET_BUFFER is known by address. Free takes exactly one list and
 * nothing of the caller's: not what Next leads to, not loose NET_BUFFERs.
 */
void test_win_relinked(struct ktap *t)
{
	NDIS_HANDLE lists = win_nbl_pool(t, TRUE, 0, 0);
	NDIS_HANDLE bare = win_nbl_pool(t, FALSE, 0, 0);
	NDIS_HANDLE buffers = win_nb_pool(t, 0);
	struct ndis_state s = state_of(lists, NDIS_KIND_LIST_NB, 0, 0);
	struct ndis_state sb = state_of(bare, NDIS_KIND_LIST, 0, 0);
	PNET_BUFFER_LIST a, b, c;
	PNET_BUFFER nb, own;

	a = NdisAllocateNetBufferList(lists, 0, 0);
	b = NdisAllocateNetBufferList(lists, 0, 0);
	c = NdisAllocateNetBufferList(bare, 0, 0);
	nb = NdisAllocateNetBuffer(buffers, NULL, 0, 0);
	if (!ktap_expect(t, a && b && c && nb))
		return;
	own = NET_BUFFER_LIST_FIRST_NB(a);

	/* Every accessor is an lvalue */
	NET_BUFFER_LIST_FIRST_NB(a) = nb;
	NET_BUFFER_NEXT_NB(nb) = own;
	NET_BUFFER_LIST_NEXT_NBL(a) = b;
	NET_BUFFER_LIST_FIRST_NB(b) = own;
	NET_BUFFER_LIST_INFO(a, 4) = nb;
	NET_BUFFER_LIST_STATUS(a) = -1;
	NET_BUFFER_DATA_OFFSET(own) = 7;
	NET_BUFFER_DATA_LENGTH(own) = 9;
	NET_BUFFER_CURRENT_MDL_OFFSET(own) = 11;
	NET_BUFFER_LIST_FIRST_NB(c) = nb;

	NdisFreeNetBufferList(a);
	ktap_expect_eq(t, win_live(lists), 1);
	ktap_expect_eq(t, win_live(buffers), 1);
	ktap_expect_ptr(t, nb->NdisPoolHandle, buffers);
	a = NdisAllocateNetBufferList(lists, 0, 0);
	ktap_expect_nbl(t, a, &s, "after it was relinked");

	NdisFreeNetBufferList(c);
	ktap_expect_eq(t, win_live(buffers), 1);
	c = NdisAllocateNetBufferList(bare, 0, 0);
	ktap_expect_nbl(t, c, &sb, "after a loose NET_BUFFER");

	NdisFreeNetBufferList(b);
	NdisFreeNetBufferList(a);
	NdisFreeNetBufferList(c);
	NdisFreeNetBuffer(nb);
	ktap_expect_eq(t, win_live(lists), 0);
	ktap_expect_eq(t, win_live(buffers), 0);
	NdisFreeNetBufferListPool(lists);
	NdisFreeNetBufferListPool(bare);
	NdisFreeNetBufferPool(buffers);
}

/* From the pool's own space or from a new block; free takes both back */
void test_win_context(struct ktap *t)
{
	static const struct {
		u16 pool, size, backfill;
		u16 want_size, want_offset;	/* of the newest block; 0, 0: refused */
	} rows[] = {
		{ 0, 16, 0, 16, 0 },
		{ 0, 16, 48, 64, 48 },
		{ 64, 64, 0, 64, 0 },
		{ 64, 16, 0, 64, 48 },
		{ 64, 16, 32, 64, 48 },
		{ 64, 72, 8, 80, 8 },
		{ 64, 12, 0, 0, 0 },
		{ 0, 12, 0, 0, 0 },
		{ 0, 16, 4, 0, 0 },
	};
	struct ndis_state s;
	PNET_BUFFER_LIST nbl;
	NDIS_HANDLE pool;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		pool = win_nbl_pool(t, TRUE, rows[i].pool, 0);
		if (!pool)
			continue;
		for (n = 0; n < 100; n++) {
			nbl = n & 1 ?
				NdisAllocateNetBufferAndNetBufferList(pool, rows[i].size,
								      rows[i].backfill,
								      NULL, 0, 0) :
				NdisAllocateNetBufferList(pool, rows[i].size,
							  rows[i].backfill);
			if (!ktap_expect_eq(t, !!nbl, !!rows[i].want_size)) {
				ktap_diag(t, "row %u", i);
				break;
			}
			if (!nbl)
				continue;
			s = state_of(pool, NDIS_KIND_LIST_NB, rows[i].pool, 0);
			s.any_context = true;
			ktap_expect_nbl(t, nbl, &s, "with context");
			ktap_expect_eq(t, nbl->Context->Size, rows[i].want_size);
			ktap_expect_eq(t, nbl->Context->Offset, rows[i].want_offset);
			memset(NET_BUFFER_LIST_CONTEXT_DATA_START(nbl), 0x5a,
			       rows[i].size);
			NdisFreeNetBufferList(nbl);
		}
		ktap_expect_eq(t, win_live(pool), 0);
		nbl = NdisAllocateNetBufferList(pool, 0, 0);
		s = state_of(pool, NDIS_KIND_LIST_NB, rows[i].pool, 0);
		if (ktap_expect(t, nbl)) {
			ktap_expect_nbl(t, nbl, &s, "after context");
			NdisFreeNetBufferList(nbl);
		}
		NdisFreeNetBufferListPool(pool);
	}
}

void test_win_handles(struct ktap *t)
{
	NDIS_HANDLE lists = win_nbl_pool(t, TRUE, 0, 1514);
	NDIS_HANDLE buffers = win_nb_pool(t, 1514);
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(lists, 0, 0);
	PNET_BUFFER nb = NdisAllocateNetBufferMdlAndData(buffers);

	if (!ktap_expect(t, nbl && nb))
		return;
	ktap_expect_ptr(t, NdisGetPoolFromNetBufferList(nbl), lists);
	ktap_expect_ptr(t, nbl->NdisPoolHandle, lists);
	/* An embedded one carries the list pool's handle */
	ktap_expect_ptr(t, NdisGetPoolFromNetBuffer(nbl->FirstNetBuffer), lists);
	ktap_expect_ptr(t, NdisGetPoolFromNetBuffer(nb), buffers);
	ktap_expect_ptr(t, nb->NdisPoolHandle, buffers);
	NdisFreeNetBufferList(nbl);
	NdisFreeNetBuffer(nb);
	NdisFreeNetBufferListPool(lists);
	NdisFreeNetBufferPool(buffers);
}
