// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 2: pools. The tables of parameters that are accepted and
 * refused are in windows_main.c and contract_bad.c.
 */
#include <linux/delay.h>

#include "contract.h"

static NET_BUFFER_LIST_POOL_PARAMETERS nbl_params(UCHAR revision)
{
	/* Some drivers leave the struct unzeroed */
	NET_BUFFER_LIST_POOL_PARAMETERS p;

	memset(&p, 0xa5, sizeof(p));
	p.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	p.Header.Revision = revision;
	p.Header.Size = revision == 1 ? 16 : 20;
	p.ProtocolId = NDIS_PROTOCOL_ID_DEFAULT;
	p.fAllocateNetBuffer = TRUE;
	p.ContextSize = 0;
	p.PoolTag = CONTRACT_TAG;
	p.DataSize = 0;
	p.Flags = 0;
	return p;
}

static NET_BUFFER_POOL_PARAMETERS nb_params(UCHAR revision)
{
	NET_BUFFER_POOL_PARAMETERS p;

	memset(&p, 0xa5, sizeof(p));
	p.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	p.Header.Revision = revision;
	p.Header.Size = revision == 1 ? 12 : 16;
	p.PoolTag = CONTRACT_TAG;
	p.DataSize = 0;
	p.Flags = 0;
	return p;
}

static void expect_nbl_pool(struct ktap *t, NET_BUFFER_LIST_POOL_PARAMETERS *p,
			    bool accepted)
{
	NDIS_HANDLE pool = NdisAllocateNetBufferListPool(NULL, p);

	ktap_expect_eq(t, !!pool, accepted);
	NdisFreeNetBufferListPool(pool);
}

static void expect_nb_pool(struct ktap *t, NET_BUFFER_POOL_PARAMETERS *p,
			   bool accepted)
{
	NDIS_HANDLE pool = NdisAllocateNetBufferPool(NULL, p);

	ktap_expect_eq(t, !!pool, accepted);
	NdisFreeNetBufferPool(pool);
}

CONTRACT_CASE(c2_01, CONTRACT_SLEEPS)
{
	NET_BUFFER_LIST_POOL_PARAMETERS l1 = nbl_params(1), l2 = nbl_params(2);
	NET_BUFFER_POOL_PARAMETERS b1 = nb_params(1), b2 = nb_params(2);

	ktap_expect_eq(t, NDIS_OBJECT_TYPE_DEFAULT, 0x80);
	ktap_expect_eq(t, sizeof(NDIS_OBJECT_HEADER), 4);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST_POOL_PARAMETERS, PoolTag), 8);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST_POOL_PARAMETERS, Flags), 16);
	ktap_expect_eq(t, offsetof(NET_BUFFER_POOL_PARAMETERS, DataSize), 8);
	ktap_expect_eq(t, offsetof(NET_BUFFER_POOL_PARAMETERS, Flags), 12);
	expect_nbl_pool(t, &l1, true);
	expect_nbl_pool(t, &l2, true);
	expect_nb_pool(t, &b1, true);
	expect_nb_pool(t, &b2, true);
}

CONTRACT_CASE(c2_02, CONTRACT_SLEEPS)
{
	NET_BUFFER_LIST_POOL_PARAMETERS l = nbl_params(1);
	NET_BUFFER_POOL_PARAMETERS b = nb_params(1);

	/* sizeof with revision 1, and what lies behind it is garbage */
	l.Header.Size = sizeof(l);
	l.Flags = 0xdeadbeef;
	expect_nbl_pool(t, &l, true);
	b.Header.Size = sizeof(b);
	b.Flags = 0xdeadbeef;
	expect_nb_pool(t, &b, true);
	/* A struct that is longer than any we know */
	l = nbl_params(2);
	l.Header.Size = 400;
	expect_nbl_pool(t, &l, true);
}

CONTRACT_CASE(c2_03, CONTRACT_SLEEPS)
{
	NET_BUFFER_LIST_POOL_PARAMETERS l;
	NET_BUFFER_POOL_PARAMETERS b;

	l = nbl_params(1);
	l.Header.Type = 0x81;
	expect_nbl_pool(t, &l, false);
	l = nbl_params(1);
	l.Header.Revision = 0;
	expect_nbl_pool(t, &l, false);
	l = nbl_params(2);
	l.Header.Revision = 3;
	expect_nbl_pool(t, &l, false);
	l = nbl_params(1);
	l.Header.Size = 15;
	expect_nbl_pool(t, &l, false);
	l = nbl_params(2);
	l.Header.Size = 19;
	expect_nbl_pool(t, &l, false);
	l = nbl_params(2);
	l.Flags = BIT(1);
	expect_nbl_pool(t, &l, false);

	b = nb_params(1);
	b.Header.Type = 0;
	expect_nb_pool(t, &b, false);
	b = nb_params(1);
	b.Header.Size = 11;
	expect_nb_pool(t, &b, false);
	b = nb_params(2);
	b.Header.Size = 15;
	expect_nb_pool(t, &b, false);
	b = nb_params(2);
	b.Flags = BIT(31);
	expect_nb_pool(t, &b, false);
}

CONTRACT_CASE(c2_04, CONTRACT_SLEEPS)
{
	NET_BUFFER_LIST_POOL_PARAMETERS l = nbl_params(1);
	NET_BUFFER_POOL_PARAMETERS b = nb_params(1);
	NDIS_HANDLE lists, nbs;
	int adapter = 0;

	expect_nbl_pool(t, &l, true);
	expect_nb_pool(t, &b, true);
	/* Any handle is taken: it only says who asks */
	lists = NdisAllocateNetBufferListPool(&adapter, &l);
	nbs = NdisAllocateNetBufferPool(&adapter, &b);
	ktap_expect(t, lists);
	ktap_expect(t, nbs);
	NdisFreeNetBufferPool(nbs);
	NdisFreeNetBufferListPool(lists);
}

CONTRACT_CASE(c2_05, CONTRACT_SLEEPS)
{
	static const UCHAR ids[] = {
		NDIS_PROTOCOL_ID_DEFAULT, NDIS_PROTOCOL_ID_TCP_IP,
		NDIS_PROTOCOL_ID_IPX, NDIS_PROTOCOL_ID_NBF,
	};
	NET_BUFFER_LIST_POOL_PARAMETERS l = nbl_params(1);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		l.ProtocolId = ids[i];
		expect_nbl_pool(t, &l, true);
	}
	ktap_expect_eq(t, ids[0], 0);
	ktap_expect_eq(t, ids[1], 2);
	ktap_expect_eq(t, ids[2], 6);
	ktap_expect_eq(t, ids[3], 7);
}

CONTRACT_CASE(c2_06, CONTRACT_SLEEPS)
{
	NET_BUFFER_LIST_POOL_PARAMETERS l = nbl_params(1);

	l.DataSize = 1;
	expect_nbl_pool(t, &l, true);
	l.fAllocateNetBuffer = FALSE;
	expect_nbl_pool(t, &l, false);
	l.DataSize = 9000;
	expect_nbl_pool(t, &l, false);
}

CONTRACT_CASE(c2_07, CONTRACT_SLEEPS | CONTRACT_MISUSE)
{
	NET_BUFFER_LIST_POOL_PARAMETERS l = nbl_params(2);

	l.Flags = e->verify ? NET_BUFFER_LIST_POOL_FLAG_VERIFY : 0;
	l.ContextSize = 16;
	expect_nbl_pool(t, &l, true);
	/* Some of the documentation says 16; drivers take it at the other half */
	l.ContextSize = sizeof(void *);
	expect_nbl_pool(t, &l, true);
	l.ContextSize = 12;
	expect_nbl_pool(t, &l, false);
	l.ContextSize = 1;
	expect_nbl_pool(t, &l, false);
}

CONTRACT_CASE(c2_08, CONTRACT_SLEEPS)
{
	NDIS_HANDLE pool = contract_nbl_pool(TRUE, 0, 0, e->verify);
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(pool, 0, 0);

	ktap_expect_eq(t, ndis_pool_live(pool), 1);
	if (ktap_expect(t, nbl))
		NdisFreeNetBufferList(nbl);
	ktap_expect_eq(t, ndis_pool_live(pool), 0);
	NdisFreeNetBufferListPool(pool);

	/* What was never made is freed by careless error paths */
	NdisFreeNetBufferListPool(NULL);
	NdisFreeNetBufferPool(NULL);
}

/* Undefined on Windows; here the handle stays good until all are back */
CONTRACT_CASE(c2_09, CONTRACT_SLEEPS | CONTRACT_MISUSE)
{
	NDIS_HANDLE lists = contract_nbl_pool(TRUE, 0, CONTRACT_DATA, e->verify);
	NDIS_HANDLE nbs = contract_nb_pool(CONTRACT_DATA, e->verify);
	u64 deferred = ndis_stat("pools_deferred");
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(lists, 0, 0);
	PNET_BUFFER nb = NdisAllocateNetBufferMdlAndData(nbs);

	if (!ktap_expect(t, nbl && nb))
		return;
	NdisFreeNetBufferListPool(lists);
	NdisFreeNetBufferPool(nbs);
	ktap_expect(t, ndis_stat("pools_deferred") >= deferred + 2);

	/* They are still whole */
	ktap_expect_ptr(t, NdisGetPoolFromNetBufferList(nbl), lists);
	memset(nb->MdlChain->MappedSystemVa, 0x5a, CONTRACT_DATA);
	NdisRetreatNetBufferDataStart(nb, CONTRACT_DATA, 0, NULL);
	expect_view(t, nb, CONTRACT_DATA, "of a pool that was freed");
	NdisFreeNetBufferList(nbl);
	NdisFreeNetBuffer(nb);
	/* That both pools are gone is looked at behind every case */
}

CONTRACT_CASE(c2_10, 0)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list, 0, 0);

	if (!ktap_expect(t, nbl))
		return;
	ktap_expect_ptr(t, NET_BUFFER_LIST_FIRST_NB(nbl), NULL);
	NdisFreeNetBufferList(nbl);
}

CONTRACT_CASE(c2_11, 0)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list_nb, 0, 0);
	PNET_BUFFER nb;

	if (!ktap_expect(t, nbl))
		return;
	nb = NET_BUFFER_LIST_FIRST_NB(nbl);
	if (ktap_expect(t, nb)) {
		ktap_expect_ptr(t, NET_BUFFER_NEXT_NB(nb), NULL);
		ktap_expect_ptr(t, NET_BUFFER_FIRST_MDL(nb), NULL);
		expect_view(t, nb, 0, "without data");
	}
	NdisFreeNetBufferList(nbl);
}

CONTRACT_CASE(c2_12, 0)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list_data, 0, 0);
	PNET_BUFFER nb;

	if (!ktap_expect(t, nbl))
		return;
	nb = NET_BUFFER_LIST_FIRST_NB(nbl);
	if (ktap_expect(t, nb && nb->MdlChain)) {
		ktap_expect_ptr(t, NET_BUFFER_NEXT_NB(nb), NULL);
		ktap_expect_ptr(t, nb->MdlChain->Next, NULL);
		ktap_expect_eq(t, nb->MdlChain->ByteCount, CONTRACT_DATA);
		memset(MmGetSystemAddressForMdlSafe(nb->MdlChain,
						    NormalPagePriority),
		       0xa5, CONTRACT_DATA);
	}
	NdisFreeNetBufferList(nbl);
}

CONTRACT_CASE(c2_13, 0)
{
	PNET_BUFFER bare = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);
	PNET_BUFFER data = NdisAllocateNetBufferMdlAndData(e->nb_data);

	if (ktap_expect(t, bare)) {
		ktap_expect_ptr(t, bare->MdlChain, NULL);
		NdisFreeNetBuffer(bare);
	}
	if (ktap_expect(t, data)) {
		ktap_expect_eq(t, chain_count(data->MdlChain), 1);
		ktap_expect_eq(t, chain_room(data->MdlChain), CONTRACT_DATA);
		NdisFreeNetBuffer(data);
	}
}

static const struct ktap_case cases[] = {
	{ "c2.01 headers and sizes of both revisions", c2_01 },
	{ "c2.02 larger structures, garbage behind the revision", c2_02 },
	{ "c2.03 wrong Type, Revision, Size, Flags", c2_03 },
	{ "c2.04 NdisHandle may be NULL", c2_04 },
	{ "c2.05 protocol ids", c2_05 },
	{ "c2.06 DataSize needs fAllocateNetBuffer", c2_06 },
	{ "c2.07 ContextSize in steps of a pointer", c2_07 },
	{ "c2.08 free of a pool with everything back", c2_08 },
	{ "c2.09 free of a pool with lists out", c2_09 },
	{ "c2.10 a list alone", c2_10 },
	{ "c2.11 a list with a NET_BUFFER", c2_11 },
	{ "c2.12 a list with a NET_BUFFER, an MDL and data", c2_12 },
	{ "c2.13 NET_BUFFER pools without and with data", c2_13 },
};

CONTRACT_SECTION(contract_pools);
