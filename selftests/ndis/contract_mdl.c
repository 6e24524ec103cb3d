// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 7: MDLs, and the memory that they describe.
 */
#include "contract.h"

CONTRACT_CASE(c7_01, 0)
{
	u8 *va = e->mem + 100;
	PMDL mdl;

	memset(va, 0x77, 200);
	mdl = NdisAllocateMdl(NULL, va, 200);
	if (!ktap_expect(t, mdl))
		return;
	ktap_expect_ptr(t, mdl->Next, NULL);
	ktap_expect_ptr(t, mdl->MappedSystemVa, va);
	ktap_expect_ptr(t, mdl->StartVa, e->mem);
	ktap_expect_eq(t, mdl->ByteOffset, 100);
	ktap_expect_eq(t, mdl->ByteCount, 200);
	ktap_expect(t, mdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL);
	NdisFreeMdl(mdl);
	/* The descriptor only */
	ktap_expect(t, !memchr_inv(va, 0x77, 200));
}

CONTRACT_CASE(c7_02, 0)
{
	u8 *va = e->mem + PAGE_SIZE - 12;
	PVOID address = NULL;
	PMDL mdl, other;
	UINT length = 0;

	mdl = NdisAllocateMdl(NULL, va, 5000);
	other = NdisAllocateMdl(NULL, e->mem, 1);
	if (!ktap_expect(t, mdl && other))
		return;
	NdisQueryMdl(mdl, &address, &length, NormalPagePriority);
	ktap_expect_ptr(t, address, va);
	ktap_expect_eq(t, length, 5000);
	ktap_expect_eq(t, MmGetMdlByteCount(mdl), 5000);
	ktap_expect_eq(t, MmGetMdlByteOffset(mdl), PAGE_SIZE - 12);
	ktap_expect_ptr(t, MmGetMdlVirtualAddress(mdl), va);
	/* 12 bytes, a page, 892 bytes */
	ktap_expect_eq(t, ADDRESS_AND_SIZE_TO_SPAN_PAGES(va, 5000), 3);

	/* An lvalue: chains are built with it */
	NDIS_MDL_LINKAGE(mdl) = other;
	NdisGetNextMdl(mdl, &address);
	ktap_expect_ptr(t, address, other);
	ktap_expect_ptr(t, NDIS_MDL_LINKAGE(mdl), other);
	NdisAdjustMdlLength(mdl, 1514);
	ktap_expect_eq(t, MmGetMdlByteCount(mdl), 1514);
	NdisFreeMdl(other);
	NdisFreeMdl(mdl);
}

CONTRACT_CASE(c7_03, 0)
{
	static const ULONG priorities[] = {
		LowPagePriority, NormalPagePriority, HighPagePriority,
		NormalPagePriority | MdlMappingNoExecute,
		HighPagePriority | MdlMappingNoExecute | MdlMappingNoWrite,
	};
	PMDL mdl = NdisAllocateMdl(NULL, e->mem + 5, 64);
	unsigned int i;

	if (!ktap_expect(t, mdl))
		return;
	for (i = 0; i < ARRAY_SIZE(priorities); i++)
		ktap_expect_ptr(t, MmGetSystemAddressForMdlSafe(mdl,
								priorities[i]),
				e->mem + 5);
	NdisFreeMdl(mdl);
}

/* A driver's own memory for the descriptor */
CONTRACT_CASE(c7_04, 0)
{
	u8 *va = e->mem + 300;
	SIZE_T size = MmSizeOfMdl(va, 9000);
	PMDL mdl;

	/* On Windows page numbers follow; who allocates MmSizeOfMdl is safe */
	ktap_expect(t, size >= sizeof(MDL));
	mdl = NdisAllocateMemoryWithTagPriority(NULL, size, CONTRACT_TAG,
						NormalPoolPriority);
	if (!ktap_expect(t, mdl))
		return;
	memset(mdl, 0xa5, size);
	MmInitializeMdl(mdl, va, 9000);
	MmBuildMdlForNonPagedPool(mdl);
	ktap_expect_ptr(t, mdl->Next, NULL);
	ktap_expect_eq(t, mdl->ByteCount, 9000);
	ktap_expect_eq(t, mdl->ByteOffset, 300);
	ktap_expect_ptr(t, MmGetMdlVirtualAddress(mdl), va);
	ktap_expect_ptr(t, MmGetSystemAddressForMdlSafe(mdl,
							NormalPagePriority), va);
	/* Neither function has allocated it, so neither frees it */
	IoFreeMdl(mdl);
	NdisFreeMdl(mdl);
	ktap_expect_eq(t, mdl->ByteCount, 9000);
	NdisFreeMemory(mdl, 0, 0);
}

CONTRACT_CASE(c7_05, 0)
{
	u8 *va = e->mem + 40;
	PMDL whole = IoAllocateMdl(va, 6000, FALSE, FALSE, NULL), part;
	PVOID address;

	if (!ktap_expect(t, whole))
		return;
	MmBuildMdlForNonPagedPool(whole);
	ktap_expect_eq(t, MmGetMdlByteCount(whole), 6000);
	ktap_expect_ptr(t, MmGetSystemAddressForMdlSafe(whole,
							NormalPagePriority), va);
	part = IoAllocateMdl(va + 1000, 500, FALSE, FALSE, NULL);
	if (ktap_expect(t, part)) {
		IoBuildPartialMdl(whole, part, va + 1000, 500);
		ktap_expect_eq(t, MmGetMdlByteCount(part), 500);
		ktap_expect(t, part->MdlFlags & MDL_PARTIAL);
		ktap_expect_ptr(t, MmGetMdlVirtualAddress(part), va + 1000);
		address = MmGetSystemAddressForMdlSafe(part, NormalPagePriority);
		ktap_expect_ptr(t, address, va + 1000);
		IoFreeMdl(part);
	}
	/* Length 0 is the rest of the source */
	part = IoAllocateMdl(va + 5900, 100, FALSE, FALSE, NULL);
	if (ktap_expect(t, part)) {
		IoBuildPartialMdl(whole, part, va + 5900, 0);
		ktap_expect_eq(t, MmGetMdlByteCount(part), 100);
		address = MmGetSystemAddressForMdlSafe(part, NormalPagePriority);
		ktap_expect_ptr(t, address, va + 5900);
		IoFreeMdl(part);
	}
	ktap_expect_eq(t, MmGetMdlByteCount(whole), 6000);
	IoFreeMdl(whole);
}

/* A reference of our own outlives the free, and then it is the last one */
static void expect_pages_freed(struct ktap *t, UINT size)
{
	struct page *page[4];
	unsigned int i, nr;
	u8 *p;

	p = NdisAllocateMemoryWithTagPriority(NULL, size, CONTRACT_TAG,
					      NormalPoolPriority);
	if (!ktap_expect(t, p))
		return;
	nr = min_t(u32, DIV_ROUND_UP(size, PAGE_SIZE), ARRAY_SIZE(page));
	for (i = 0; i < nr; i++) {
		page[i] = virt_to_page(p + i * PAGE_SIZE);
		get_page(page[i]);
	}
	NdisFreeMemory(p, size, 0);
	for (i = 0; i < nr; i++) {
		ktap_expect_eq(t, page_ref_count(page[i]), 1);
		put_page(page[i]);
	}
}

CONTRACT_CASE(c7_06, 0)
{
	static const UINT sizes[] = { 1, 16, 100, 2048, 4096, 9000 };
	unsigned int i;
	u8 *p;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = NdisAllocateMemoryWithTagPriority(NULL, sizes[i],
						      CONTRACT_TAG,
						      NormalPoolPriority);
		if (!ktap_expect(t, p))
			continue;
		ktap_expect_eq(t, (uintptr_t)p % sizeof(void *), 0);
		if (sizes[i] >= PAGE_SIZE)
			ktap_expect_eq(t, offset_in_page(p), 0);
		memset(p, 0xa5, sizes[i]);
		NdisFreeMemory(p, sizes[i], 0);
	}
	NdisFreeMemory(NULL, 0, 0);
	expect_pages_freed(t, PAGE_SIZE);
	expect_pages_freed(t, PAGE_SIZE + 1);
	expect_pages_freed(t, 3 * PAGE_SIZE);
}

/* Blocks of 0 bytes: each has an address, which is not that of the next page */
static void expect_inside(struct ktap *t, struct env *e)
{
	const unsigned int nr = 2 * PAGE_SIZE / 32;
	PVOID *p = (PVOID *)e->mem;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		p[i] = ExAllocatePoolWithTag(NonPagedPoolNx, 0, CONTRACT_TAG);
		ktap_expect(t, p[i] && offset_in_page(p[i]));
	}
	while (i--)
		if (p[i])
			ExFreePoolWithTag(p[i], CONTRACT_TAG);
}

CONTRACT_CASE(c7_07, 0)
{
	u8 *p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 300, CONTRACT_TAG);

	if (ktap_expect(t, p)) {
		/* This one promises zeroes */
		ktap_expect(t, !memchr_inv(p, 0, 300));
		memset(p, 0xa5, 300);
		ExFreePoolWithTag(p, CONTRACT_TAG);
	}
	p = ExAllocatePoolWithTag(NonPagedPoolNx, 5000, CONTRACT_TAG);
	if (ktap_expect(t, p)) {
		memset(p, 0xa5, 5000);
		ExFreePoolWithTag(p, CONTRACT_TAG);
	}
	p = ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_UNINITIALIZED, 64,
			    CONTRACT_TAG);
	if (ktap_expect(t, p))
		ExFreePool(p);
	expect_inside(t, e);
}

/* Chains as they are taken apart: every MDL once, in any order */
CONTRACT_CASE(c7_08, 0)
{
	static const u32 bytes[] = { 30, 0, 50, 1 };
	struct chain c;
	PMDL mdl = chain_make(t, e, &c, 4, bytes), next;
	unsigned int n = 0;

	if (!mdl)
		return;
	for (; mdl; mdl = next, n++) {
		NdisGetNextMdl(mdl, &next);
		ktap_expect_eq(t, MmGetMdlByteCount(mdl), bytes[n]);
	}
	ktap_expect_eq(t, n, 4);
	swap(c.mdl[0], c.mdl[3]);
	chain_free(&c);
}

static VOID sg_handler(PDEVICE_OBJECT device, PVOID reserved,
		       PSCATTER_GATHER_LIST sgl, PVOID context)
{
	*(PSCATTER_GATHER_LIST *)context = sgl;
}

/* 150 bytes from byte 20 on: 40, 100 and 10 of the chain's MDLs */
static void expect_elements(struct ktap *t, const struct chain *c,
			    const SCATTER_GATHER_LIST *sgl)
{
	static const struct { u8 mdl, offset, length; } is[] = {
		{ 0, 20, 40 }, { 2, 0, 100 }, { 3, 0, 10 },
	};
	unsigned int i;

	if (!ktap_expect(t, sgl) ||
	    !ktap_expect_eq(t, sgl->NumberOfElements, ARRAY_SIZE(is)))
		return;
	for (i = 0; i < ARRAY_SIZE(is); i++) {
		u8 *va = MmGetMdlVirtualAddress(c->mdl[is[i].mdl]);

		ktap_expect_eq(t, sgl->Elements[i].Length, is[i].length);
		ktap_expect_eq(t, sgl->Elements[i].Address.QuadPart,
			       virt_to_phys(va + is[i].offset));
	}
}

CONTRACT_CASE(c7_25, 0)
{
	static const u32 bytes[] = { 60, 0, 100, 40 };
	const u32 size = sizeof(SCATTER_GATHER_LIST) +
			 3 * sizeof(SCATTER_GATHER_ELEMENT);
	NDIS_SG_DMA_DESCRIPTION d = { };
	PSCATTER_GATHER_LIST seen = NULL, own = (void *)(e->mem + SZ_8K);
	NDIS_HANDLE dma = NULL;
	PNET_BUFFER nb;
	struct chain c;

	d.Header.Type = NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION;
	d.Header.Revision = NDIS_SG_DMA_DESCRIPTION_REVISION_1;
	d.Header.Size = NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1;
	d.MaximumPhysicalMapping = 150;
	d.ProcessSGListHandler = sg_handler;
	nb = nb_over_chain(t, e, &c, ARRAY_SIZE(bytes), bytes, 20, 150);
	if (!nb)
		return;
	local_bh_disable();
	if (!ktap_expect_eq(t, NdisMRegisterScatterGatherDma(NULL, &d, &dma),
			    NDIS_STATUS_SUCCESS))
		goto out;

	/* One byte less than it needs: nothing is mapped */
	ktap_expect_eq(t, NdisMAllocateNetBufferSGList(dma, nb, &seen, 0, own,
						       size - 1),
		       NDIS_STATUS_BUFFER_TOO_SHORT);
	ktap_expect_ptr(t, seen, NULL);
	ktap_expect_eq(t, NdisMAllocateNetBufferSGList(dma, nb, &seen, 0, own,
						       size),
		       NDIS_STATUS_SUCCESS);
	ktap_expect_ptr(t, seen, own);
	expect_elements(t, &c, seen);
	NdisMFreeNetBufferSGList(dma, seen, nb);

	/* Without a buffer the list is NDIS's */
	seen = NULL;
	ktap_expect_eq(t, NdisMAllocateNetBufferSGList(dma, nb, &seen, 0, NULL,
						       0),
		       NDIS_STATUS_SUCCESS);
	expect_elements(t, &c, seen);
	if (seen)
		NdisMFreeNetBufferSGList(dma, seen, nb);

	/* More than the device can take, and nothing */
	NET_BUFFER_DATA_LENGTH(nb) = 151;
	ktap_expect_eq(t, NdisMAllocateNetBufferSGList(dma, nb, &seen, 0, NULL,
						       0),
		       NDIS_STATUS_INVALID_LENGTH);
	NET_BUFFER_DATA_LENGTH(nb) = 0;
	ktap_expect_eq(t, NdisMAllocateNetBufferSGList(dma, nb, &seen, 0, NULL,
						       0),
		       NDIS_STATUS_INVALID_LENGTH);
	NdisMDeregisterScatterGatherDma(dma);
out:
	local_bh_enable();
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
}

static const struct ktap_case cases[] = {
	{ "c7.01 NdisAllocateMdl, NdisFreeMdl: descriptor only", c7_01 },
	{ "c7.02 MDL macros", c7_02 },
	{ "c7.03 flag bits in the mapping priority", c7_03 },
	{ "c7.04 an MDL in the driver's memory", c7_04 },
	{ "c7.05 IoAllocateMdl, IoBuildPartialMdl, IoFreeMdl", c7_05 },
	{ "c7.06 NdisAllocateMemoryWithTagPriority", c7_06 },
	{ "c7.07 ExAllocatePool2, ExAllocatePoolWithTag", c7_07 },
	{ "c7.08 chains taken apart", c7_08 },
	{ "c7.25 scatter-gather lists: elements, a buffer that is too short", c7_25 },
};

CONTRACT_SECTION(contract_mdl);
