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

static const struct ktap_case cases[] = {
	{ "c7.01 NdisAllocateMdl, NdisFreeMdl: descriptor only", c7_01 },
	{ "c7.02 MDL macros", c7_02 },
	{ "c7.03 flag bits in the mapping priority", c7_03 },
	{ "c7.04 an MDL in the driver's memory", c7_04 },
	{ "c7.05 IoAllocateMdl, IoBuildPartialMdl, IoFreeMdl", c7_05 },
	{ "c7.06 NdisAllocateMemoryWithTagPriority", c7_06 },
	{ "c7.07 ExAllocatePool2, ExAllocatePoolWithTag", c7_07 },
	{ "c7.08 chains taken apart", c7_08 },
};

CONTRACT_SECTION(contract_mdl);
