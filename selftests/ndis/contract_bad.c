// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver may get wrong, and that it is refused: nothing changes, nothing
 * leaks (looked at behind every case), nobody dies.
 */
#include <linux/slab.h>

#include "contract.h"

static const u32 one[] = { 200 };
static const u32 empties[] = { 0, 0, 0 };

#define REFUSED(status)	((status) != NDIS_STATUS_SUCCESS)

CONTRACT_CASE(b_01, CONTRACT_MISUSE)
{
	ktap_expect_ptr(t, NdisAllocateNetBufferList(NULL, 0, 0), NULL);
	ktap_expect_ptr(t, list_over(NULL, 0, 0, NULL, 0, 0), NULL);
	ktap_expect_ptr(t, NdisAllocateNetBuffer(NULL, NULL, 0, 0), NULL);
	ktap_expect_ptr(t, NdisAllocateNetBufferMdlAndData(NULL), NULL);
}

CONTRACT_CASE(b_02, CONTRACT_MISUSE)
{
	/* What a failed allocation returned goes down the error path */
	NdisFreeNetBufferList(NULL);
	NdisFreeNetBuffer(NULL);
	NdisFreeMdl(NULL);
	NdisFreeMemory(NULL, 0, 0);
	NdisFreeCloneNetBufferList(NULL, 0);
	NdisFreeFragmentNetBufferList(NULL, 0, 0);
	NdisFreeReassembledNetBufferList(NULL, 0, 0);
}

CONTRACT_CASE(b_03, CONTRACT_SLEEPS)
{
	ktap_expect_ptr(t, NdisAllocateNetBufferListPool(NULL, NULL), NULL);
	ktap_expect_ptr(t, NdisAllocateNetBufferPool(NULL, NULL), NULL);
}

/* A short struct at the end of what KASAN watches, and of a page otherwise */
CONTRACT_CASE(b_04, CONTRACT_SLEEPS)
{
	NET_BUFFER_LIST_POOL_PARAMETERS *p =
		(void *)(e->mem + CONTRACT_MEM - 16);
	NET_BUFFER_POOL_PARAMETERS *q =
		(void *)(e->mem + CONTRACT_MEM - 16 - 12);
	unsigned int size;

	for (size = 0; size < 16; size++) {
		memset(p, 0, 16);
		p->Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
		p->Header.Revision = 1;
		p->Header.Size = size;
		ktap_expect_ptr(t, NdisAllocateNetBufferListPool(NULL, p), NULL);
		p->Header.Revision = 2;
		p->Header.Size = size;
		ktap_expect_ptr(t, NdisAllocateNetBufferListPool(NULL, p), NULL);
	}
	for (size = 0; size < 12; size++) {
		memset(q, 0, 12);
		q->Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
		q->Header.Revision = 1;
		q->Header.Size = size;
		ktap_expect_ptr(t, NdisAllocateNetBufferPool(NULL, q), NULL);
	}
}

/* Sums of sizes that do not fit their types */
CONTRACT_CASE(b_05, CONTRACT_SLEEPS | CONTRACT_MISUSE)
{
	static const ULONG sizes[] = {
		0xffffffff, 0xfffffff0, 0xfffff000, 0x80000000, 0x10001,
	};
	NDIS_HANDLE pool;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		ktap_expect_ptr(t, contract_nbl_pool(TRUE, 0, sizes[i],
						     e->verify), NULL);
		ktap_expect_ptr(t, contract_nb_pool(sizes[i], e->verify), NULL);
	}
	/* The most context there can be: made whole, or refused */
	pool = contract_nbl_pool(TRUE, 0xfff8, 0, e->verify);
	if (pool) {
		PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(pool, 0, 0);

		if (nbl) {
			memset(nbl->Context->ContextData, 0xa5, 0xfff8);
			NdisFreeNetBufferList(nbl);
		}
		NdisFreeNetBufferListPool(pool);
	}
}

CONTRACT_CASE(b_06, CONTRACT_MISUSE)
{
	static const USHORT rows[][2] = {
		{ 12, 0 }, { 1, 0 }, { 16, 3 }, { 15, 1 },	/* misaligned */
		{ 0xfff8, 0x10 }, { 0x8000, 0x8000 },		/* > USHORT */
		{ 0xffff, 0xffff },
	};
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list_space, 0, 0);
	struct ndis_state s = {
		.pool = e->list_space, .kind = NDIS_KIND_LIST_NB,
		.context_size = CONTRACT_SPACE,
	};
	USHORT size, fill;
	NDIS_STATUS status;
	unsigned int i;

	if (!ktap_expect(t, nbl))
		return;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		size = rows[i][0];
		fill = rows[i][1];
		ktap_expect_ptr(t, NdisAllocateNetBufferList(e->list, size, fill),
				NULL);
		ktap_expect_ptr(t, list_over(e->list_nb, size, fill, NULL, 0, 0),
				NULL);
		status = NdisAllocateNetBufferListContext(nbl, size, fill,
							  CONTRACT_TAG);
		ktap_expect(t, REFUSED(status));
		ktap_expect_nbl(t, nbl, &s, "after a context that was refused");
	}
	NdisFreeNetBufferList(nbl);
}

CONTRACT_CASE(b_07, CONTRACT_MISUSE)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list_space, 32, 0);
	PNET_BUFFER_LIST bare = NdisAllocateNetBufferList(e->list, 0, 0);
	PNET_BUFFER_LIST_CONTEXT context;

	if (!ktap_expect(t, nbl && bare))
		return;
	context = nbl->Context;
	/* More than is in use, or none at all */
	NdisFreeNetBufferListContext(nbl, 64);
	ktap_expect_ptr(t, nbl->Context, context);
	ktap_expect_eq(t, context->Offset, CONTRACT_SPACE - 32);
	NdisFreeNetBufferListContext(nbl, 0xfff8);
	ktap_expect_eq(t, context->Offset, CONTRACT_SPACE - 32);
	NdisFreeNetBufferListContext(bare, 16);
	ktap_expect_ptr(t, bare->Context, NULL);
	NdisFreeNetBufferListContext(nbl, 32);
	ktap_expect_eq(t, context->Offset, CONTRACT_SPACE);
	NdisFreeNetBufferList(bare);
	NdisFreeNetBufferList(nbl);
}

/* Data that the chain does not have */
CONTRACT_CASE(b_08, CONTRACT_MISUSE)
{
	struct chain c;
	PMDL first = chain_make(t, e, &c, 1, one);

	if (!first)
		return;
	ktap_expect_ptr(t, list_over(e->list_nb, 0, 0, first, 201, 0), NULL);
	ktap_expect_ptr(t, list_over(e->list_nb, 32, 8, first, 0xffffffff, 0),
			NULL);
	ktap_expect_ptr(t, NdisAllocateNetBuffer(e->nb, first, 201, 0), NULL);
	ktap_expect_ptr(t, NdisAllocateNetBuffer(e->nb, first, 0, 0x100000000),
			NULL);
	chain_unchanged(t, &c);
	chain_free(&c);
}

static PMDL never_handler(PULONG size)
{
	WRITE_ONCE(*size, 0);
	return NULL;
}

static unsigned int never_called;

static PMDL count_handler(PULONG size)
{
	WRITE_ONCE(never_called, never_called + 1);
	return NULL;
}

/* More than memory allows; sums beyond ULONG */
CONTRACT_CASE(b_09, CONTRACT_MISUSE)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 1, one, 10, 100);
	NET_BUFFER before;

	if (!nb)
		return;
	before = *nb;
	ktap_expect(t, REFUSED(NdisRetreatNetBufferDataStart(nb, 0x40000000, 0,
							     NULL)));
	ktap_expect(t, REFUSED(NdisRetreatNetBufferDataStart(nb, 64, 0,
							     never_handler)));
	ktap_expect(t, !memcmp(&before, nb, sizeof(before)));
	/* DataLength, and delta + backfill: nobody is asked for 3 bytes */
	WRITE_ONCE(never_called, 0);
	ktap_expect(t, REFUSED(NdisRetreatNetBufferDataStart(nb, 0xffffffff, 0,
							     count_handler)));
	ktap_expect(t, REFUSED(NdisRetreatNetBufferDataStart(nb, 0xffffffff - 50,
							     0, count_handler)));
	ktap_expect(t, REFUSED(NdisRetreatNetBufferDataStart(nb, 0x80000004,
							     0x80000009,
							     count_handler)));
	ktap_expect(t, REFUSED(NdisRetreatNetBufferDataStart(nb, 64, 0xfffffff0,
							     count_handler)));
	ktap_expect_eq(t, READ_ONCE(never_called), 0);
	ktap_expect(t, !memcmp(&before, nb, sizeof(before)));
	expect_bytes(t, nb, 0, 100, 10, "after what was refused");
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
}

CONTRACT_CASE(b_10, CONTRACT_MISUSE)
{
	PNET_BUFFER nb = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);

	if (!ktap_expect(t, nb))
		return;
	NdisAdvanceNetBufferDataStart(nb, 1, TRUE, NULL);
	expect_view(t, nb, 0, "empty, advanced");
	NdisAdvanceNetBufferDataStart(nb, 0, TRUE, NULL);
	expect_view(t, nb, 0, "empty, advanced by 0");
	NdisAdjustNetBufferCurrentMdl(nb);
	expect_view(t, nb, 0, "empty, adjusted");
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 1, NULL, 1, 0), NULL);
	ktap_expect_eq(t, NdisQueryNetBufferPhysicalCount(nb), 0);
	NdisFreeNetBuffer(nb);
}

/* A chain with nothing in it, in front, or behind, or at all */
CONTRACT_CASE(b_11, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 3, empties, 0, 0);
	PNET_BUFFER other = NdisAllocateNetBufferMdlAndData(e->nb_data);
	ULONG copied = 1;

	if (!ktap_expect(t, nb && other))
		return;
	expect_view(t, nb, 0, "of empty MDLs");
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 1, e->mem, 1, 0), NULL);
	NdisAdjustNetBufferCurrentMdl(nb);
	expect_view(t, nb, 0, "of empty MDLs, adjusted");
	ktap_expect_eq(t, NdisCopyFromNetBufferToNetBuffer(other, 0, 10, nb, 0,
							   &copied),
		       NDIS_STATUS_SUCCESS);
	ktap_expect_eq(t, copied, 0);
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 14, 2, NULL),
		       NDIS_STATUS_SUCCESS);
	expect_view(t, nb, 14, "in front of empty MDLs");
	NdisAdvanceNetBufferDataStart(nb, 14, TRUE, NULL);
	expect_view(t, nb, 0, "of empty MDLs, again");
	ktap_expect_eq(t, chain_count(nb->MdlChain), 3);
	NdisFreeNetBuffer(other);
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
}

/* Storage is the caller's: what does not fit its claim is not written */
CONTRACT_CASE(b_12, CONTRACT_MISUSE)
{
	static const ULONG multiples[] = { 0, 3, 12, 16384, 0x80000000 };
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 1, one, 0, 100);
	u8 storage[64];
	unsigned int i;

	if (!nb)
		return;
	memset(storage, 0x5a, sizeof(storage));
	/* DataLength is less than what the MDL has */
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 101, storage, 1, 0), NULL);
	for (i = 0; i < ARRAY_SIZE(multiples); i++)
		ktap_expect_ptr(t, NdisGetDataBuffer(nb, 20, storage,
						     multiples[i], 0), NULL);
	/* An offset that no address can have */
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 20, NULL, 16, 16), NULL);
	ktap_expect(t, !memchr_inv(storage, 0x5a, sizeof(storage)));
	NdisFreeNetBuffer(nb);
	chain_free(&c);
}

/* A DataLength that a driver has set too large is not believed */
CONTRACT_CASE(b_13, CONTRACT_MISUSE)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 1, one, 0, 100);
	PNET_BUFFER other = NdisAllocateNetBufferMdlAndData(e->nb_data);
	u8 *storage = e->mem + PAGE_SIZE;
	ULONG copied = 0;

	if (!ktap_expect(t, nb && other))
		return;
	nb->DataLength = 300;
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 250, storage, 1, 0), NULL);
	NdisRetreatNetBufferDataStart(other, CONTRACT_DATA, 0, NULL);
	ktap_expect_eq(t, NdisCopyFromNetBufferToNetBuffer(other, 0, 300, nb, 0,
							   &copied),
		       NDIS_STATUS_SUCCESS);
	ktap_expect_eq(t, copied, 200);
	nb->DataLength = 100;
	NdisFreeNetBuffer(other);
	NdisFreeNetBuffer(nb);
	chain_free(&c);
}

/* The wrong free: refused, and the right one still works */
CONTRACT_CASE(b_14, CONTRACT_MISUSE)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list_nb, 0, 0);

	if (!ktap_expect(t, nbl))
		return;
	NdisFreeNetBuffer(nbl->FirstNetBuffer);
	if (!e->shared) {
		ktap_expect_eq(t, ndis_pool_live(e->list_nb), 1);
		ktap_expect_eq(t, ndis_pool_live(e->nb), 0);
	}
	NdisFreeNetBufferList(nbl);
}

CONTRACT_CASE(b_15, CONTRACT_MISUSE)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list_nb, 0, 0), made;

	if (!ktap_expect(t, nbl))
		return;
	ktap_expect_ptr(t, NdisAllocateCloneNetBufferList(NULL, e->list_nb,
							  e->nb, 0), NULL);
	/* A pool of the other kind */
	made = NdisAllocateCloneNetBufferList(nbl, e->nb, e->nb, 0);
	ktap_expect_ptr(t, made, NULL);
	made = NdisAllocateCloneNetBufferList(nbl, e->list_nb, e->list, 0);
	ktap_expect_ptr(t, made, NULL);
	/* Flags that there are not */
	made = NdisAllocateCloneNetBufferList(nbl, e->list_nb, e->nb, BIT(7));
	ktap_expect_ptr(t, made, NULL);
	/* Pieces of nothing would be without number */
	made = NdisAllocateFragmentNetBufferList(nbl, e->list_nb, e->nb, 0, 0, 0,
						 0, 0);
	ktap_expect_ptr(t, made, NULL);
	NdisFreeNetBufferList(nbl);
}

static const struct ktap_case cases[] = {
	{ "b.01 NULL pools", b_01 },
	{ "b.02 free of NULL", b_02 },
	{ "b.03 NULL parameters", b_03 },
	{ "b.04 structures shorter than their revision", b_04 },
	{ "b.05 DataSize and ContextSize without end", b_05 },
	{ "b.06 misaligned and overlong contexts", b_06 },
	{ "b.07 more context freed than allocated", b_07 },
	{ "b.08 offset and length outside the chain", b_08 },
	{ "b.09 retreat by more than memory or ULONG holds", b_09 },
	{ "b.10 an empty NET_BUFFER", b_10 },
	{ "b.11 a chain of empty MDLs", b_11 },
	{ "b.12 storage and alignment that cannot be", b_12 },
	{ "b.13 DataLength beyond the chain", b_13 },
	{ "b.14 a list's NET_BUFFER freed alone", b_14 },
	{ "b.15 clones and fragments of nonsense", b_15 },
};

CONTRACT_SECTION(contract_bad);
