// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 3: the table "state after allocation". Each row is looked
 * at on objects that their last owner left in the worst state, which is why
 * every case writes all that it may write and then allocates again.
 */
#include "contract.h"

#define OBJECTS	8	/* at a time; the cache hands the written ones out again */

/* Every field that an owner may write, as drivers do */
static void scribble_nb(PNET_BUFFER nb)
{
	PVOID handle = nb->NdisPoolHandle;

	memset(nb, 0xa5, sizeof(*nb));
	nb->NdisPoolHandle = handle;
	nb->Next = NULL;
}

static void scribble_nbl(PNET_BUFFER_LIST nbl)
{
	struct ndis_nbl_context *context = nbl->Context;
	PVOID handle = nbl->NdisPoolHandle;

	memset(nbl, 0x5a, sizeof(*nbl));
	nbl->NdisPoolHandle = handle;
	nbl->Context = context;
	nbl->Next = NULL;
}

static void lists_of(struct ktap *t, struct env *e, NDIS_HANDLE pool,
		     const struct ndis_state *s)
{
	PNET_BUFFER_LIST nbl[OBJECTS];
	unsigned int i, round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < OBJECTS; i++) {
			nbl[i] = NdisAllocateNetBufferList(pool, 0, 0);
			if (!ktap_expect(t, nbl[i]))
				break;
			ktap_expect_nbl(t, nbl[i], s, "as allocated");
		}
		while (i--) {
			if (s->kind != NDIS_KIND_LIST)
				scribble_nb(nbl[i]->FirstNetBuffer);
			scribble_nbl(nbl[i]);
			NdisFreeNetBufferList(nbl[i]);
		}
	}
}

CONTRACT_CASE(c3_14, 0)
{
	struct ndis_state s = { .pool = e->list, .kind = NDIS_KIND_LIST };

	lists_of(t, e, e->list, &s);
	s.pool = e->list_nb;
	s.kind = NDIS_KIND_LIST_NB;
	lists_of(t, e, e->list_nb, &s);
}

CONTRACT_CASE(c3_15, 0)
{
	struct ndis_state s = {
		.pool = e->list_data, .kind = NDIS_KIND_LIST_NB_DATA,
		.data_size = CONTRACT_DATA,
	};

	lists_of(t, e, e->list_data, &s);
}

CONTRACT_CASE(c3_16, 0)
{
	struct ndis_state s = {
		.pool = e->list_space, .kind = NDIS_KIND_LIST_NB,
		.context_size = CONTRACT_SPACE,
	};

	lists_of(t, e, e->list_space, &s);
}

CONTRACT_CASE(c3_17, 0)
{
	struct ndis_state bare = { .pool = e->nb, .kind = NDIS_KIND_NB };
	struct ndis_state data = {
		.pool = e->nb_data, .kind = NDIS_KIND_NB_DATA,
		.data_size = CONTRACT_DATA,
	};
	PNET_BUFFER nb[OBJECTS];
	unsigned int i, round;

	for (round = 0; round < 6; round++) {
		for (i = 0; i < OBJECTS; i++) {
			nb[i] = round % 2 ?
				NdisAllocateNetBufferMdlAndData(e->nb_data) :
				NdisAllocateNetBuffer(e->nb, NULL, 0, 0);
			if (!ktap_expect(t, nb[i]))
				break;
			ktap_expect_nb(t, nb[i], round % 2 ? &data : &bare,
				       "as allocated");
		}
		while (i--) {
			scribble_nb(nb[i]);
			NdisFreeNetBuffer(nb[i]);
		}
	}
}

struct chain_row {
	unsigned int nr;
	u32 bytes[CHAIN_MDLS];
	u32 offset, length;
	unsigned int mdl;	/* that holds the first byte of data */
	u32 at;			/* where in it */
};

static const struct chain_row chain_rows[] = {
	{ 1, { 100 }, 0, 100, 0, 0 },
	{ 1, { 100 }, 14, 60, 0, 14 },
	{ 1, { 100 }, 100, 0, 0, 100 },
	{ 2, { 100, 200 }, 99, 201, 0, 99 },
	{ 2, { 100, 200 }, 100, 200, 1, 0 },
	{ 2, { 100, 200 }, 300, 0, 1, 200 },
	{ 3, { 100, 200, 300 }, 350, 250, 2, 50 },
	{ 4, { 0, 0, 0, 7 }, 3, 4, 3, 3 },
	{ 3, { 100, 0, 50 }, 100, 50, 2, 0 },
};

CONTRACT_CASE(c3_18, 0)
{
	struct ndis_state s = { .kind = NDIS_KIND_LIST_NB };
	const struct chain_row *row;
	PNET_BUFFER_LIST nbl;
	struct chain c;
	unsigned int i;
	PNET_BUFFER nb;

	for (i = 0; i < ARRAY_SIZE(chain_rows); i++) {
		row = &chain_rows[i];
		s.mdl = chain_make(t, e, &c, row->nr, row->bytes);
		if (!s.mdl)
			return;
		s.current_mdl = c.mdl[row->mdl];
		s.current_offset = row->at;
		s.offset = row->offset;
		s.length = row->length;

		s.pool = e->list_nb;
		nbl = list_over(e->list_nb, 0, 0, s.mdl, row->offset,
				row->length);
		if (ktap_expect(t, nbl)) {
			ktap_expect_nbl(t, nbl, &s, "over a chain");
			NdisFreeNetBufferList(nbl);
		}
		s.pool = e->nb;
		nb = NdisAllocateNetBuffer(e->nb, s.mdl, row->offset,
					   row->length);
		if (ktap_expect(t, nb)) {
			ktap_expect_nb(t, nb, &s, "over a chain");
			NdisFreeNetBuffer(nb);
		}
		chain_unchanged(t, &c);
		chain_free(&c);
	}
}

/* More than a cache holds, so that every way back and forth is gone */
CONTRACT_CASE(c3_19, 0)
{
	struct ndis_state s = {
		.pool = e->list_data, .kind = NDIS_KIND_LIST_NB_DATA,
		.data_size = CONTRACT_DATA,
	};
	PNET_BUFFER_LIST chain = NULL, nbl;
	unsigned int i;

	for (i = 0; i < 3 * NDIS_MAGAZINE; i++) {
		nbl = NdisAllocateNetBufferList(e->list_data, 0, 0);
		if (!ktap_expect(t, nbl))
			break;
		if (!ktap_expect_nbl(t, nbl, &s, "of many"))
			i = 3 * NDIS_MAGAZINE;
		nbl->Next = chain;
		chain = nbl;
	}
	while (chain) {
		nbl = chain;
		chain = nbl->Next;
		nbl->Next = NULL;
		scribble_nbl(nbl);
		NdisFreeNetBufferList(nbl);
	}
}

/* "No promise" of zeroes, but of bytes that are the owner's alone */
CONTRACT_CASE(c3_20, 0)
{
	PNET_BUFFER_LIST a = NdisAllocateNetBufferList(e->list_data, 0, 0);
	PNET_BUFFER_LIST b = NdisAllocateNetBufferList(e->list_data, 0, 0);
	u8 *x, *y;

	if (!ktap_expect(t, a && b))
		return;
	x = a->FirstNetBuffer->MdlChain->MappedSystemVa;
	y = b->FirstNetBuffer->MdlChain->MappedSystemVa;
	ktap_expect(t, x + CONTRACT_DATA <= y || y + CONTRACT_DATA <= x);
	memset(x, 0x11, CONTRACT_DATA);
	memset(y, 0x22, CONTRACT_DATA);
	ktap_expect(t, !memchr_inv(x, 0x11, CONTRACT_DATA));
	ktap_expect(t, !memchr_inv(y, 0x22, CONTRACT_DATA));
	NdisFreeNetBufferList(a);
	NdisFreeNetBufferList(b);
}

static const struct ktap_case cases[] = {
	{ "c3.14 state: no data, no MDL", c3_14 },
	{ "c3.15 state: data pool, all of it backfill", c3_15 },
	{ "c3.16 state: preallocated context", c3_16 },
	{ "c3.17 state: NET_BUFFER pools", c3_17 },
	{ "c3.18 state: over a chain, with offset and length", c3_18 },
	{ "c3.19 state: of more lists than a cache holds", c3_19 },
	{ "c3.20 data is the owner's alone", c3_20 },
};

CONTRACT_SECTION(contract_state);
