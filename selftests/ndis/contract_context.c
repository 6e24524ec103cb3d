// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 5: context space. A block's Size is the whole of it, the
 * used part begins at Offset and what lies below is room for more.
 */
#include "contract.h"

#define SUCCESS	NDIS_STATUS_SUCCESS

static NDIS_STATUS push(PNET_BUFFER_LIST nbl, USHORT size, USHORT backfill)
{
	return NdisAllocateNetBufferListContext(nbl, size, backfill,
						CONTRACT_TAG);
}

CONTRACT_CASE(c5_01, 0)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list, 48, 16);
	PNET_BUFFER_LIST_CONTEXT context;

	ktap_expect_eq(t, sizeof(NET_BUFFER_LIST_CONTEXT), 16);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST_CONTEXT, Next), 0);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST_CONTEXT, Size), 8);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST_CONTEXT, Offset), 10);
	ktap_expect_eq(t, offsetof(NET_BUFFER_LIST_CONTEXT, ContextData), 16);
	if (!ktap_expect(t, nbl))
		return;
	context = nbl->Context;
	if (ktap_expect(t, context)) {
		ktap_expect_eq(t, context->Size, 64);
		ktap_expect_eq(t, context->Offset, 16);
		ktap_expect_ptr(t, context->Next, NULL);
		ktap_expect_ptr(t, NET_BUFFER_LIST_CONTEXT_DATA_START(nbl),
				&context->ContextData[16]);
		/* Of the block, as on Windows, not of what was asked for */
		ktap_expect_eq(t, NET_BUFFER_LIST_CONTEXT_DATA_SIZE(nbl), 64);
	}
	NdisFreeNetBufferListContext(nbl, 48);
	NdisFreeNetBufferList(nbl);
}

CONTRACT_CASE(c5_02, 0)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list_space, 0, 0);
	PNET_BUFFER_LIST_CONTEXT block;
	u8 *a, *b;

	if (!ktap_expect(t, nbl && nbl->Context))
		return;
	block = nbl->Context;
	ktap_expect_eq(t, block->Size, CONTRACT_SPACE);
	ktap_expect_eq(t, block->Offset, CONTRACT_SPACE);
	/* Offset >= size: it only moves */
	ktap_expect_eq(t, push(nbl, 16, 0), SUCCESS);
	a = NET_BUFFER_LIST_CONTEXT_DATA_START(nbl);
	ktap_expect_eq(t, push(nbl, CONTRACT_SPACE - 16, 8), SUCCESS);
	b = NET_BUFFER_LIST_CONTEXT_DATA_START(nbl);
	ktap_expect_ptr(t, nbl->Context, block);
	ktap_expect_eq(t, block->Offset, 0);
	ktap_expect_ptr(t, a, b + CONTRACT_SPACE - 16);
	memset(b, 1, CONTRACT_SPACE - 16);
	memset(a, 2, 16);
	NdisFreeNetBufferListContext(nbl, CONTRACT_SPACE - 16);
	ktap_expect_ptr(t, NET_BUFFER_LIST_CONTEXT_DATA_START(nbl), a);
	ktap_expect(t, !memchr_inv(a, 2, 16));
	NdisFreeNetBufferListContext(nbl, 16);
	ktap_expect_eq(t, block->Offset, CONTRACT_SPACE);
	NdisFreeNetBufferList(nbl);
}

CONTRACT_CASE(c5_03, 0)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list_space, 0, 0);
	PNET_BUFFER_LIST_CONTEXT first, block;

	if (!ktap_expect(t, nbl && nbl->Context))
		return;
	first = nbl->Context;
	/* More than there is: a block of its own, backfill in front */
	ktap_expect_eq(t, push(nbl, CONTRACT_SPACE + 16, 32), SUCCESS);
	block = nbl->Context;
	ktap_expect(t, block != first);
	ktap_expect_ptr(t, block->Next, first);
	ktap_expect_eq(t, block->Size, CONTRACT_SPACE + 48);
	ktap_expect_eq(t, block->Offset, 32);
	memset(block->ContextData, 3, block->Size);
	/* and the backfill serves the next */
	ktap_expect_eq(t, push(nbl, 32, 0), SUCCESS);
	ktap_expect_ptr(t, nbl->Context, block);
	ktap_expect_eq(t, block->Offset, 0);
	NdisFreeNetBufferListContext(nbl, 32);
	NdisFreeNetBufferListContext(nbl, CONTRACT_SPACE + 16);
	ktap_expect_ptr(t, nbl->Context, first);
	ktap_expect_eq(t, first->Offset, CONTRACT_SPACE);
	NdisFreeNetBufferList(nbl);
}

/* Many blocks, each marked, taken off in reverse */
CONTRACT_CASE(c5_04, 0)
{
	static const USHORT sizes[] = { 8, 16, 200, 8, 64, 1024, 24, 16 };
	static const USHORT fills[] = { 0, 64, 0, 8, 0, 256, 0, 32 };
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list, 0, 0);
	u8 *start[ARRAY_SIZE(sizes)];
	unsigned int i;

	if (!ktap_expect(t, nbl))
		return;
	ktap_expect_ptr(t, nbl->Context, NULL);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (!ktap_expect_eq(t, push(nbl, sizes[i], fills[i]), SUCCESS))
			break;
		start[i] = NET_BUFFER_LIST_CONTEXT_DATA_START(nbl);
		memset(start[i], 0x10 + i, sizes[i]);
	}
	while (i--) {
		ktap_expect_ptr(t, NET_BUFFER_LIST_CONTEXT_DATA_START(nbl),
				start[i]);
		ktap_expect(t, !memchr_inv(start[i], 0x10 + i, sizes[i]));
		NdisFreeNetBufferListContext(nbl, sizes[i]);
	}
	ktap_expect_ptr(t, nbl->Context, NULL);
	NdisFreeNetBufferList(nbl);
}

/* Drivers keep live MDLs in it: an address is good until it is given back */
CONTRACT_CASE(c5_05, 0)
{
	static const u32 bytes[] = { 100 };
	PNET_BUFFER_LIST nbl;
	struct chain c;
	PMDL first = chain_make(t, e, &c, 1, bytes), inside;

	if (!first)
		return;
	nbl = NdisAllocateNetBufferAndNetBufferList(e->list_space, 0, 0, first,
						    0, 100);
	if (!ktap_expect(t, nbl))
		goto out;
	ktap_expect_eq(t, push(nbl, sizeof(MDL), 0), SUCCESS);
	inside = (PMDL)NET_BUFFER_LIST_CONTEXT_DATA_START(nbl);
	ktap_expect_eq(t, (uintptr_t)inside % sizeof(void *), 0);
	MmInitializeMdl(inside, e->mem + 512, 28);
	MmBuildMdlForNonPagedPool(inside);
	NDIS_MDL_LINKAGE(inside) = first;
	nbl->FirstNetBuffer->MdlChain = inside;
	nbl->FirstNetBuffer->CurrentMdl = inside;
	nbl->FirstNetBuffer->DataLength = 128;
	ktap_expect_eq(t, push(nbl, 64, 0), SUCCESS);
	ktap_expect_eq(t, push(nbl, 512, 0), SUCCESS);
	expect_view(t, nbl->FirstNetBuffer, 128, "an MDL in context space");
	expect_bytes(t, nbl->FirstNetBuffer, 28, 100, 0, "behind it");
	ktap_expect_eq(t, MmGetMdlByteCount(inside), 28);
	NdisFreeNetBufferListContext(nbl, 512);
	NdisFreeNetBufferListContext(nbl, 64);
	ktap_expect_ptr(t, NET_BUFFER_LIST_CONTEXT_DATA_START(nbl),
			(u8 *)inside);
	nbl->FirstNetBuffer->MdlChain = first;
	nbl->FirstNetBuffer->CurrentMdl = first;
	nbl->FirstNetBuffer->DataLength = 100;
	NdisFreeNetBufferListContext(nbl, sizeof(MDL));
	NdisFreeNetBufferList(nbl);
out:
	chain_unchanged(t, &c);
	chain_free(&c);
}

CONTRACT_CASE(c5_06, 0)
{
	NDIS_HANDLE pools[] = {
		e->list, e->list_nb, e->list_data, e->list_space,
	};
	PNET_BUFFER_LIST nbl;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pools); i++) {
		/* Whatever the allocation added is freed with the list */
		nbl = NdisAllocateNetBufferList(pools[i], 256, 64);
		if (!ktap_expect(t, nbl))
			continue;
		memset(NET_BUFFER_LIST_CONTEXT_DATA_START(nbl), 7, 256);
		NdisFreeNetBufferList(nbl);
	}
	nbl = NdisAllocateNetBufferAndNetBufferList(e->list_nb, 128, 8, NULL, 0,
						    0);
	if (!ktap_expect(t, nbl))
		return;
	ktap_expect_eq(t, nbl->Context->Size, 136);
	ktap_expect_eq(t, nbl->Context->Offset, 8);
	NdisFreeNetBufferList(nbl);
}

/* The space that a list's last owner used is whole for the next */
CONTRACT_CASE(c5_07, 0)
{
	struct ndis_state s = {
		.pool = e->list_space, .kind = NDIS_KIND_LIST_NB,
		.context_size = CONTRACT_SPACE,
	};
	PNET_BUFFER_LIST nbl;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		nbl = NdisAllocateNetBufferList(e->list_space, 40, 8);
		if (!ktap_expect(t, nbl))
			return;
		ktap_expect_eq(t, nbl->Context->Size, CONTRACT_SPACE);
		ktap_expect_eq(t, nbl->Context->Offset, CONTRACT_SPACE - 40);
		NdisFreeNetBufferList(nbl);
		nbl = NdisAllocateNetBufferList(e->list_space, 0, 0);
		if (!ktap_expect(t, nbl))
			return;
		ktap_expect_nbl(t, nbl, &s, "after one with context in use");
		NdisFreeNetBufferList(nbl);
	}
}

static const struct ktap_case cases[] = {
	{ "c5.01 a block: Size, Offset, start", c5_01 },
	{ "c5.02 room below Offset: it only moves", c5_02 },
	{ "c5.03 no room: a new block with backfill", c5_03 },
	{ "c5.04 last in, first out", c5_04 },
	{ "c5.05 context space does not move", c5_05 },
	{ "c5.06 context with the allocation", c5_06 },
	{ "c5.07 preallocated space is whole again", c5_07 },
};

CONTRACT_SECTION(contract_context);
