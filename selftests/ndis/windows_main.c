// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis_test_windows.ko: the pool functions as a miniport calls them, through
 * ndis.h alone: layout, parameters of both revisions, wrong kinds, the ends.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "windows_test.h"

static u64 foreign_pools;

NDIS_HANDLE win_nbl_pool(struct ktap *t, BOOLEAN alloc_nb, USHORT context_size,
			 ULONG data_size)
{
	NET_BUFFER_LIST_POOL_PARAMETERS p = { };
	NDIS_HANDLE pool;

	p.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	p.Header.Revision = NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1;
	p.Header.Size = NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1;
	p.ProtocolId = NDIS_PROTOCOL_ID_DEFAULT;
	p.fAllocateNetBuffer = alloc_nb;
	p.ContextSize = context_size;
	p.PoolTag = 0x736f4e57;	/* 'soNW' */
	p.DataSize = data_size;
	pool = NdisAllocateNetBufferListPool(NULL, &p);
	ktap_expect(t, pool);
	return pool;
}

NDIS_HANDLE win_nb_pool(struct ktap *t, ULONG data_size)
{
	NET_BUFFER_POOL_PARAMETERS p = { };
	NDIS_HANDLE pool;

	p.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	p.Header.Revision = NET_BUFFER_POOL_PARAMETERS_REVISION_1;
	p.Header.Size = NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1;
	p.PoolTag = 0x736f4e57;	/* 'soNW' */
	p.DataSize = data_size;
	pool = NdisAllocateNetBufferPool(NULL, &p);
	ktap_expect(t, pool);
	return pool;
}

/* The numbers of the contract, section 7, written a second time */
static void test_layout(struct ktap *t)
{
	ktap_expect_eq(t, sizeof(NDIS_OBJECT_HEADER), 4);
	ktap_expect_eq(t, sizeof(NET_BUFFER), 176);
	ktap_expect_eq(t, offsetof(NET_BUFFER, NdisReserved), 64);
	ktap_expect_eq(t, offsetof(NET_BUFFER, ProtocolReserved), 80);
	ktap_expect_eq(t, offsetof(NET_BUFFER, MiniportReserved), 128);
	ktap_expect_eq(t, offsetof(NET_BUFFER, NdisPoolHandle), 56);
	ktap_expect_eq(t, sizeof(NET_BUFFER_LIST), 368);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST, Next), 0);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST, FirstNetBuffer), 8);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST, Context), 16);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST, ParentNetBufferList), 24);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST, NdisPoolHandle), 32);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST, NdisReserved), 48);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST, NetBufferListInfo), 144);
	ktap_expect_eq(t, sizeof_field(NET_BUFFER_LIST, NetBufferListInfo) /
		       sizeof(PVOID), 27);
	ktap_expect_eq(t, sizeof(MDL), 48);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST_CONTEXT, ContextData), 16);
	ktap_expect_eq(t, NDIS_OBJECT_TYPE_DEFAULT, 0x80);
}

/* --- parameters ------------------------------------------------------------------ */

struct nbl_row {
	u8 type, revision;
	u16 size;
	bool alloc_nb;
	u16 context_size;
	u32 data_size;
	u32 flags;
	bool accepted;
};

static const struct nbl_row nbl_rows[] = {
	/* the three kinds, both revisions */
	{ 0x80, 1, 16, false, 0, 0, 0, true },
	{ 0x80, 1, 16, true, 0, 0, 0, true },
	{ 0x80, 1, 16, true, 0, 1514, 0, true },
	{ 0x80, 2, 20, false, 0, 0, 0, true },
	{ 0x80, 2, 20, true, 0, 0, 0, true },
	{ 0x80, 2, 20, true, 0, 9000, 0, true },
	{ 0x80, 1, 16, true, 0, 192, 0, true },
	{ 0x80, 1, 16, true, 64, 0, 0, true },
	{ 0x80, 1, 16, true, 8, 2048, 0, true },
	/* sizeof of a newer struct with an old revision, garbage behind it */
	{ 0x80, 1, 20, true, 0, 0, 0xffffffff, true },
	{ 0x80, 1, 16, true, 0, 0, 0xdeadbeef, true },
	{ 0x80, 1, 400, true, 0, 0, 0xdeadbeef, true },
	{ 0x80, 2, 24, true, 0, 0, 0, true },
	{ 0x80, 2, 20, true, 0, 0, 1, true },
	/* and what is wrong */
	{ 0x80, 2, 20, true, 0, 0, 2, false },
	{ 0x80, 2, 20, true, 0, 0, 0x80000001, false },
	{ 0x80, 2, 16, true, 0, 0, 0, false },
	{ 0x80, 2, 19, true, 0, 0, 0, false },
	{ 0x80, 1, 15, true, 0, 0, 0, false },
	{ 0x80, 1, 0, true, 0, 0, 0, false },
	{ 0x80, 0, 16, true, 0, 0, 0, false },
	{ 0x80, 3, 24, true, 0, 0, 0, false },
	{ 0x80, 255, 65535, true, 0, 0, 0, false },
	{ 0x00, 1, 16, true, 0, 0, 0, false },
	{ 0x81, 1, 16, true, 0, 0, 0, false },
	{ 0x80, 1, 16, false, 0, 1514, 0, false },
	{ 0x80, 2, 20, false, 0, 1, 0, false },
};

static void test_nbl_params(struct ktap *t)
{
	static const u8 protocols[] = { 0, 2, 6, 7 };
	NET_BUFFER_LIST_POOL_PARAMETERS p;
	const struct nbl_row *row;
	int adapter = 0;
	NDIS_HANDLE pool;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nbl_rows); i++) {
		row = &nbl_rows[i];
		/* Some drivers leave the struct unzeroed */
		memset(&p, 0xa5, sizeof(p));
		p.Header.Type = row->type;
		p.Header.Revision = row->revision;
		p.Header.Size = row->size;
		p.ProtocolId = protocols[i % ARRAY_SIZE(protocols)];
		p.fAllocateNetBuffer = row->alloc_nb ? TRUE : FALSE;
		p.ContextSize = row->context_size;
		p.PoolTag = 0x78797a57;	/* 'xyzW' */
		p.DataSize = row->data_size;
		p.Flags = row->flags;
		pool = NdisAllocateNetBufferListPool(i & 1 ? &adapter : NULL, &p);
		if (!ktap_expect_eq(t, !!pool, row->accepted))
			ktap_diag(t, "row %u", i);
		NdisFreeNetBufferListPool(pool);
	}
	ktap_expect_ptr(t, NdisAllocateNetBufferListPool(NULL, NULL), NULL);
}

struct nb_row {
	u8 type, revision;
	u16 size;
	u32 data_size;
	u32 flags;
	bool accepted;
};

static const struct nb_row nb_rows[] = {
	{ 0x80, 1, 12, 0, 0, true },
	{ 0x80, 1, 12, 1514, 0, true },
	{ 0x80, 2, 16, 0, 0, true },
	{ 0x80, 2, 16, 192, 0, true },
	{ 0x80, 2, 16, 0, 1, true },
	{ 0x80, 1, 16, 0, 0xffffffff, true },
	{ 0x80, 1, 12, 0, 0xdeadbeef, true },
	{ 0x80, 2, 65535, 0, 0, true },
	{ 0x80, 2, 16, 0, 2, false },
	{ 0x80, 2, 15, 0, 0, false },
	{ 0x80, 2, 12, 0, 0, false },
	{ 0x80, 1, 11, 0, 0, false },
	{ 0x80, 0, 12, 0, 0, false },
	{ 0x80, 3, 20, 0, 0, false },
	{ 0x7f, 1, 12, 0, 0, false },
	{ 0x00, 2, 16, 0, 0, false },
};

static void test_nb_params(struct ktap *t)
{
	NET_BUFFER_POOL_PARAMETERS p;
	const struct nb_row *row;
	int adapter = 0;
	NDIS_HANDLE pool;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nb_rows); i++) {
		row = &nb_rows[i];
		memset(&p, 0xa5, sizeof(p));
		p.Header.Type = row->type;
		p.Header.Revision = row->revision;
		p.Header.Size = row->size;
		p.PoolTag = 0x78797a57;	/* 'xyzW' */
		p.DataSize = row->data_size;
		p.Flags = row->flags;
		pool = NdisAllocateNetBufferPool(i & 1 ? &adapter : NULL, &p);
		if (!ktap_expect_eq(t, !!pool, row->accepted))
			ktap_diag(t, "row %u", i);
		NdisFreeNetBufferPool(pool);
	}
	ktap_expect_ptr(t, NdisAllocateNetBufferPool(NULL, NULL), NULL);
}

/* A revision 1 struct is no longer than revision 1: KASAN would see a look behind */
static void test_short_params(struct ktap *t)
{
	const size_t size = NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1;
	NET_BUFFER_LIST_POOL_PARAMETERS whole = {
		.Header = { NDIS_OBJECT_TYPE_DEFAULT, 1, size },
		.fAllocateNetBuffer = TRUE,
	};
	NDIS_HANDLE pool;
	void *p;

	p = kmemdup(&whole, size, GFP_KERNEL);
	if (!ktap_expect(t, p))
		return;
	pool = NdisAllocateNetBufferListPool(NULL, p);
	ktap_expect(t, pool);
	NdisFreeNetBufferListPool(pool);
	kfree(p);
}

/* --- the wrong function for a pool ------------------------------------------------- */

static void test_wrong_kind(struct ktap *t)
{
	NDIS_HANDLE list = win_nbl_pool(t, FALSE, 0, 0);
	NDIS_HANDLE list_nb = win_nbl_pool(t, TRUE, 0, 0);
	NDIS_HANDLE list_data = win_nbl_pool(t, TRUE, 0, 1514);
	NDIS_HANDLE nb = win_nb_pool(t, 0), nb_data = win_nb_pool(t, 1514);
	NDIS_HANDLE pools[] = { list, list_nb, list_data, nb, nb_data, NULL };
	unsigned int i;
	PNET_BUFFER_LIST nbl;

	if (!list || !list_nb || !list_data || !nb || !nb_data)
		return;
	for (i = 0; i < ARRAY_SIZE(pools); i++) {
		NDIS_HANDLE p = pools[i];

		if (p != list && p != list_nb && p != list_data)
			ktap_expect_ptr(t, NdisAllocateNetBufferList(p, 0, 0), NULL);
		nbl = p == list_nb ? NULL :
			NdisAllocateNetBufferAndNetBufferList(p, 0, 0, NULL, 0, 0);
		ktap_expect_ptr(t, nbl, NULL);
		if (p != nb)
			ktap_expect_ptr(t, NdisAllocateNetBuffer(p, NULL, 0, 0), NULL);
		if (p != nb_data)
			ktap_expect_ptr(t, NdisAllocateNetBufferMdlAndData(p), NULL);
	}

	/* A NET_BUFFER that belongs to a list is not freed alone */
	nbl = NdisAllocateNetBufferList(list_nb, 0, 0);
	if (ktap_expect(t, nbl)) {
		NdisFreeNetBuffer(nbl->FirstNetBuffer);
		ktap_expect_eq(t, win_live(list_nb), 1);
		NdisFreeNetBufferList(nbl);
	}
	for (i = 0; i < 5; i++) {
		ktap_expect_eq(t, win_live(pools[i]), 0);
		if (i < 3)
			NdisFreeNetBufferListPool(pools[i]);
		else
			NdisFreeNetBufferPool(pools[i]);
	}
}

/* --- the end ----------------------------------------------------------------------- */

/* Undefined on Windows; here the handle stays good until all are back */
static void test_late(struct ktap *t)
{
	NDIS_HANDLE pool = win_nbl_pool(t, TRUE, 0, 0);
	u64 gone = ndis_stat("pools_destroyed");
	PNET_BUFFER_LIST a = NdisAllocateNetBufferList(pool, 0, 0);
	PNET_BUFFER_LIST b = NdisAllocateNetBufferList(pool, 16, 8);
	char line[NDIS_LINE_LEN];
	unsigned int i;

	if (!ktap_expect(t, a && b))
		return;
	NdisFreeNetBufferListPool(pool);
	/* The tag reads in memory order, as the Windows debugger prints it */
	if (ktap_expect(t, ndis_pools_line("WNos", line)))
		ktap_expect(t, strstr(line, ",dying "));
	ktap_expect_ptr(t, NdisGetPoolFromNetBufferList(b), pool);
	NdisFreeNetBufferList(a);
	NdisFreeNetBufferList(b);
	for (i = 0; i < 500 && ndis_stat("pools_destroyed") == gone; i++)
		msleep(20);
	ktap_expect_eq(t, ndis_stat("pools_destroyed"), gone + 1);
	ktap_expect(t, !ndis_pools_line("WNos", line));
	NdisFreeNetBufferListPool(NULL);
	NdisFreeNetBufferPool(NULL);
}

static void test_audit(struct ktap *t)
{
	u64 created = ndis_stat("pools_created");
	u64 lists = ndis_stat("lists_allocated"), nbs = ndis_stat("nbs_allocated");

	ktap_expect(t, created > 0 && lists > 0 && nbs > 0);
	ktap_expect_eq(t, created - ndis_stat("pools_destroyed"), foreign_pools);
	if (foreign_pools) {
		ktap_diag(t, "other modules have pools: sums not compared");
		return;
	}
	ktap_expect_eq(t, ndis_stat("lists_freed"), lists);
	ktap_expect_eq(t, ndis_stat("nbs_freed"), nbs);
}

static const struct ktap_case windows_cases[] = {
	{ "layout", test_layout },
	{ "NET_BUFFER_LIST_POOL_PARAMETERS", test_nbl_params },
	{ "NET_BUFFER_POOL_PARAMETERS", test_nb_params },
	{ "parameters of revision 1 are no longer", test_short_params },
	{ "NdisAllocateNetBufferList", test_win_list },
	{ "NdisAllocateNetBufferAndNetBufferList", test_win_list_chain },
	{ "NdisAllocateNetBuffer", test_win_buffer_chain },
	{ "NdisAllocateNetBufferMdlAndData", test_win_buffer_data },
	{ "chains refused", test_win_refused },
	{ "every field written", test_win_written },
	{ "relinked lists", test_win_relinked },
	{ "context", test_win_context },
	{ "handles", test_win_handles },
	{ "wrong kind of pool", test_wrong_kind },
	{ "pool freed with lists out", test_late },
	{ "audit", test_audit },
};

static struct ktap *report;

static int __init windows_test_init(void)
{
	foreign_pools = ndis_stat("pools_created") -
			ndis_stat("pools_destroyed");
	report = ktap_run(KBUILD_MODNAME, windows_cases,
			  ARRAY_SIZE(windows_cases));
	return PTR_ERR_OR_ZERO(report);
}

static void __exit windows_test_exit(void)
{
	ktap_release(report);
}

module_init(windows_test_init);
module_exit(windows_test_exit);

MODULE_DESCRIPTION("Tests of ndis.ko: pools, Windows spelling");
MODULE_LICENSE("GPL");
