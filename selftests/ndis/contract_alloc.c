// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 3: which function allocates from which pool, and what a
 * free takes back and what it leaves alone.
 */
#include "contract.h"

static const u32 two[] = { 100, 200 };

CONTRACT_CASE(c3_01, 0)
{
	NDIS_HANDLE pools[] = {
		e->list, e->list_nb, e->list_data, e->list_space,
	};
	PNET_BUFFER_LIST nbl;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pools); i++) {
		nbl = NdisAllocateNetBufferList(pools[i], 0, 0);
		if (ktap_expect(t, nbl))
			NdisFreeNetBufferList(nbl);
		nbl = NdisAllocateNetBufferList(pools[i], 32, 16);
		if (ktap_expect(t, nbl))
			NdisFreeNetBufferList(nbl);
	}
}

CONTRACT_CASE(c3_02, CONTRACT_MISUSE)
{
	NDIS_HANDLE wrong[] = { e->list, e->list_data, e->nb, e->nb_data };
	PNET_BUFFER_LIST nbl;
	unsigned int i;

	nbl = NdisAllocateNetBufferAndNetBufferList(e->list_nb, 0, 0, NULL, 0, 0);
	if (ktap_expect(t, nbl))
		NdisFreeNetBufferList(nbl);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		ktap_expect_ptr(t, list_over(wrong[i], 0, 0, NULL, 0, 0), NULL);
}

CONTRACT_CASE(c3_03, CONTRACT_MISUSE)
{
	ktap_expect_ptr(t, list_over(e->list_nb, 0, 0, NULL, 1, 0), NULL);
	ktap_expect_ptr(t, list_over(e->list_nb, 0, 0, NULL, 0, 1), NULL);
	ktap_expect_ptr(t, NdisAllocateNetBuffer(e->nb, NULL, 1, 0), NULL);
	ktap_expect_ptr(t, NdisAllocateNetBuffer(e->nb, NULL, 0, 1), NULL);
}

CONTRACT_CASE(c3_04, 0)
{
	struct chain c;
	PMDL first = chain_make(t, e, &c, 2, two);
	PNET_BUFFER_LIST nbl;
	PNET_BUFFER nb;

	if (!first)
		return;
	nbl = NdisAllocateNetBufferAndNetBufferList(e->list_nb, 0, 0, first,
						    14, 286);
	if (ktap_expect(t, nbl)) {
		expect_bytes(t, nbl->FirstNetBuffer, 0, 286, 14, "whole");
		NdisFreeNetBufferList(nbl);
	}
	nb = NdisAllocateNetBuffer(e->nb, first, 14, 286);
	if (ktap_expect(t, nb)) {
		expect_bytes(t, nb, 0, 286, 14, "whole");
		NdisFreeNetBuffer(nb);
	}
	chain_unchanged(t, &c);
	chain_free(&c);
}

/* A receive ring: all of the chain is room that the device will fill */
CONTRACT_CASE(c3_05, 0)
{
	struct chain c;
	PMDL first = chain_make(t, e, &c, 2, two);
	PNET_BUFFER_LIST nbl;
	PNET_BUFFER nb;

	if (!first)
		return;
	nbl = NdisAllocateNetBufferAndNetBufferList(e->list_nb, 0, 0, first,
						    300, 0);
	if (ktap_expect(t, nbl)) {
		nb = nbl->FirstNetBuffer;
		ktap_expect_ptr(t, NET_BUFFER_CURRENT_MDL(nb), c.mdl[1]);
		ktap_expect_eq(t, NET_BUFFER_CURRENT_MDL_OFFSET(nb), 200);
		ktap_expect_eq(t, NET_BUFFER_DATA_OFFSET(nb), 300);
		expect_view(t, nb, 0, "at the end");
		NdisRetreatNetBufferDataStart(nb, 300, 0, NULL);
		expect_view(t, nb, 300, "exposed");
		expect_bytes(t, nb, 0, 300, 0, "exposed");
		NdisFreeNetBufferList(nbl);
	}
	chain_unchanged(t, &c);
	chain_free(&c);
}

CONTRACT_CASE(c3_06, 0)
{
	PNET_BUFFER_LIST a = NdisAllocateNetBufferList(e->list_nb, 0, 0);
	PNET_BUFFER_LIST b = NdisAllocateNetBufferList(e->list_nb, 0, 0);
	PNET_BUFFER_LIST c = NdisAllocateNetBufferList(e->list_data, 0, 0);
	u64 live = ndis_pool_live(e->list_nb);

	if (!ktap_expect(t, a && b && c))
		return;
	NET_BUFFER_LIST_NEXT_NBL(b) = c;
	/* Free while Next is set is a mistake; that of a chain's last is not */
	NET_BUFFER_LIST_NEXT_NBL(a) = NULL;
	NdisFreeNetBufferList(a);
	if (!e->shared) {
		ktap_expect_eq(t, ndis_pool_live(e->list_nb), live - 1);
		ktap_expect_eq(t, ndis_pool_live(e->list_data), 1);
	}
	ktap_expect_ptr(t, NET_BUFFER_LIST_NEXT_NBL(b), c);
	NET_BUFFER_LIST_NEXT_NBL(b) = NULL;
	NdisFreeNetBufferList(b);
	NdisFreeNetBufferList(c);
}

CONTRACT_CASE(c3_07, CONTRACT_MISUSE)
{
	PNET_BUFFER_LIST a = NdisAllocateNetBufferList(e->list_data, 0, 0);
	PNET_BUFFER_LIST b = NdisAllocateNetBufferList(e->list_data, 0, 0);
	PNET_BUFFER x = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);
	PNET_BUFFER y = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);

	if (!ktap_expect(t, a && b && x && y))
		return;
	a->Next = b;
	NdisFreeNetBufferList(a);
	x->Next = y;
	NdisFreeNetBuffer(x);
	if (!e->shared) {
		ktap_expect_eq(t, ndis_pool_live(e->list_data), 1);
		ktap_expect_eq(t, ndis_pool_live(e->nb), 1);
	}
	/* The second is whole */
	NdisRetreatNetBufferDataStart(b->FirstNetBuffer, CONTRACT_DATA, 0, NULL);
	expect_view(t, b->FirstNetBuffer, CONTRACT_DATA, "behind a freed one");
	NdisFreeNetBufferList(b);
	NdisFreeNetBuffer(y);
}

/* Drivers put their own NET_BUFFER first, or hang the embedded one elsewhere */
CONTRACT_CASE(c3_08, 0)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list_nb, 0, 0);
	PNET_BUFFER own = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);
	struct ndis_state s = { .pool = e->list_nb, .kind = NDIS_KIND_LIST_NB };
	PNET_BUFFER embedded;

	if (!ktap_expect(t, nbl && own))
		return;
	embedded = nbl->FirstNetBuffer;
	nbl->FirstNetBuffer = own;
	own->Next = embedded;
	own->Next = NULL;
	NdisFreeNetBufferList(nbl);
	if (!e->shared) {
		ktap_expect_eq(t, ndis_pool_live(e->list_nb), 0);
		ktap_expect_eq(t, ndis_pool_live(e->nb), 1);
	}
	NdisFreeNetBuffer(own);

	nbl = NdisAllocateNetBufferList(e->list_nb, 0, 0);
	if (!ktap_expect(t, nbl))
		return;
	ktap_expect_nbl(t, nbl, &s, "after a relinked one");
	nbl->FirstNetBuffer = NULL;
	NdisFreeNetBufferList(nbl);
}

CONTRACT_CASE(c3_09, 0)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list, 0, 0);
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 2, two, 0, 300);

	if (!ktap_expect(t, nbl && nb))
		return;
	nbl->FirstNetBuffer = nb;
	NdisFreeNetBufferList(nbl);
	if (!e->shared)
		ktap_expect_eq(t, ndis_pool_live(e->nb), 1);
	expect_view(t, nb, 300, "of a list that is gone");
	expect_bytes(t, nb, 0, 300, 0, "of a list that is gone");
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
}

CONTRACT_CASE(c3_10, CONTRACT_MISUSE)
{
	NDIS_HANDLE wrong[] = {
		e->nb_data, e->list, e->list_nb, e->list_data,
	};
	PNET_BUFFER nb = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);
	unsigned int i;

	if (ktap_expect(t, nb))
		NdisFreeNetBuffer(nb);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		ktap_expect_ptr(t, NdisAllocateNetBuffer(wrong[i], NULL, 0, 0),
				NULL);
}

CONTRACT_CASE(c3_11, CONTRACT_MISUSE)
{
	NDIS_HANDLE wrong[] = { e->nb, e->list, e->list_nb, e->list_data };
	PNET_BUFFER nb = NdisAllocateNetBufferMdlAndData(e->nb_data);
	unsigned int i;

	if (ktap_expect(t, nb))
		NdisFreeNetBuffer(nb);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		ktap_expect_ptr(t, NdisAllocateNetBufferMdlAndData(wrong[i]),
				NULL);
}

/* The caller's MDL in front of the bundled one outlives the NET_BUFFER */
CONTRACT_CASE(c3_12, 0)
{
	static const u32 one[] = { 64 };
	PNET_BUFFER nb = NdisAllocateNetBufferMdlAndData(e->nb_data);
	struct ndis_state s = {
		.pool = e->nb_data, .kind = NDIS_KIND_NB_DATA,
		.data_size = CONTRACT_DATA,
	};
	struct chain c;
	PMDL mine = chain_make(t, e, &c, 1, one), bundled;

	if (!ktap_expect(t, nb && mine))
		return;
	bundled = NET_BUFFER_FIRST_MDL(nb);
	NDIS_MDL_LINKAGE(mine) = bundled;
	NET_BUFFER_FIRST_MDL(nb) = mine;
	NET_BUFFER_CURRENT_MDL(nb) = mine;
	NET_BUFFER_CURRENT_MDL_OFFSET(nb) = 0;
	NET_BUFFER_DATA_OFFSET(nb) = 0;
	NET_BUFFER_DATA_LENGTH(nb) = 64 + CONTRACT_DATA;
	expect_view(t, nb, 64 + CONTRACT_DATA, "with an MDL in front");
	NdisFreeNetBuffer(nb);
	NDIS_MDL_LINKAGE(mine) = NULL;
	chain_unchanged(t, &c);
	chain_free(&c);

	nb = NdisAllocateNetBufferMdlAndData(e->nb_data);
	if (!ktap_expect(t, nb))
		return;
	ktap_expect_nb(t, nb, &s, "after one with a foreign MDL");
	NdisFreeNetBuffer(nb);
}

CONTRACT_CASE(c3_13, 0)
{
	NDIS_HANDLE pools[] = { e->list, e->list_nb, e->list_data };
	PNET_BUFFER nb = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);
	PNET_BUFFER_LIST nbl;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pools); i++) {
		nbl = NdisAllocateNetBufferList(pools[i], 0, 0);
		if (!ktap_expect(t, nbl))
			continue;
		ktap_expect_ptr(t, NdisGetPoolFromNetBufferList(nbl), pools[i]);
		ktap_expect_ptr(t, nbl->NdisPoolHandle, pools[i]);
		if (nbl->FirstNetBuffer) {
			/* The list's pool: there is no other */
			ktap_expect_ptr(t, nbl->FirstNetBuffer->NdisPoolHandle,
					pools[i]);
			ktap_expect_ptr(t, NdisGetPoolFromNetBuffer(nbl->FirstNetBuffer),
					pools[i]);
		}
		NdisFreeNetBufferList(nbl);
	}
	if (ktap_expect(t, nb)) {
		ktap_expect_ptr(t, NdisGetPoolFromNetBuffer(nb), e->nb);
		ktap_expect_ptr(t, nb->NdisPoolHandle, e->nb);
		NdisFreeNetBuffer(nb);
	}
}

static const struct ktap_case cases[] = {
	{ "c3.01 a list from every kind of NBL pool", c3_01 },
	{ "c3.02 list and NET_BUFFER: one kind of pool only", c3_02 },
	{ "c3.03 no chain: offset and length are 0", c3_03 },
	{ "c3.04 the chain stays the caller's", c3_04 },
	{ "c3.05 all of the chain unused", c3_05 },
	{ "c3.06 free takes exactly one list", c3_06 },
	{ "c3.07 free follows no Next", c3_07 },
	{ "c3.08 the embedded NET_BUFFER is known by address", c3_08 },
	{ "c3.09 free leaves the caller's NET_BUFFERs and MDLs", c3_09 },
	{ "c3.10 NdisAllocateNetBuffer: one kind of pool only", c3_10 },
	{ "c3.11 NdisAllocateNetBufferMdlAndData: one kind only", c3_11 },
	{ "c3.12 NdisFreeNetBuffer leaves the caller's MDLs", c3_12 },
	{ "c3.13 the pool of a list and of a NET_BUFFER", c3_13 },
};

CONTRACT_SECTION(contract_alloc);
