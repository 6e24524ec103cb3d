// SPDX-License-Identifier: GPL-2.0-only
/* Tagged memory, lookaside lists, lists and locks: sizes, ends, misuse */
#define NDIS_WINDOWS_SOURCE
#include "porter.h"

#define OTHER_TAG	0x72656854

static LONG64 PorterOut(void)
{
	return ndis_stat("memory_allocated") - ndis_stat("memory_freed");
}

void porter_test_memory(struct ktap *t)
{
	static const ULONG sizes[] = { 1, 16, 100, 2000, 4064, 4095, 4096, 4097,
				       9000, 65536, 1 << 20 };
	LONG64 before = PorterOut();
	PUCHAR p;
	PVOID q;

	for (ULONG i = 0; i < ARRAYSIZE(sizes); i++) {
		p = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizes[i], PORTER_TAG);
		if (!ktap_expect(t, p))
			continue;
		ktap_expect_eq(t, (ULONG_PTR)p % (sizes[i] < PAGE_SIZE ? 16
						  : PAGE_SIZE), 0);
		ktap_expect(t, !memchr_inv(p, 0, sizes[i]));
		RtlFillMemory(p, sizes[i], 0x5a);
		ktap_expect_eq(t, PorterOut(), before + 1);
		ktap_expect_eq(t, MmGetPhysicalAddress(p).QuadPart,
			       virt_to_phys(p));
		/* refused: another tag, an address inside, and the second time */
		ExFreePoolWithTag(p, OTHER_TAG);
		NdisFreeMemoryWithTagPriority(NULL, p, OTHER_TAG);
		ExFreePool(p + 1);
		ktap_expect_eq(t, PorterOut(), before + 1);
		ktap_expect_eq(t, p[sizes[i] - 1], 0x5a);
		ExFreePoolWithTag(p, PORTER_TAG);
		ktap_expect_eq(t, PorterOut(), before);
		ExFreePoolWithTag(p, PORTER_TAG);
		ktap_expect_eq(t, PorterOut(), before);
	}
	NdisFreeMemory(NULL, 0, 0);
	ktap_expect_ptr(t, ExAllocatePool2(POOL_FLAG_NON_PAGED, 0, PORTER_TAG),
			NULL);
	ktap_expect_ptr(t, ExAllocatePoolWithTag(NonPagedPoolNx, 1ull << 40,
						 PORTER_TAG), NULL);
	p = ExAllocatePoolZero(NonPagedPoolNx, 64, PORTER_TAG);
	ktap_expect(t, p && !memchr_inv(p, 0, 64));
	ExFreePool(p);
	ktap_expect_eq(t, NdisAllocateMemoryWithTag(&q, 64, PORTER_TAG),
		       NDIS_STATUS_SUCCESS);
	NdisFreeMemoryWithTagPriority(NULL, q, PORTER_TAG);
	p = NdisAllocateMemoryWithTagPriority(NULL, 8192, PORTER_TAG,
					      NormalPoolPriority);
	/* A page of it that somebody holds outlives it */
	if (ktap_expect(t, p)) {
		struct page *page = virt_to_page(p + PAGE_SIZE);

		get_page(page);
		p[PAGE_SIZE] = 0x77;
		NdisFreeMemory(p, 0, 0);
		ktap_expect_eq(t, page_count(page), 1);
		ktap_expect_eq(t, p[PAGE_SIZE], 0x77);
		put_page(page);
	}
	ktap_expect_eq(t, PorterOut(), before);
}

void porter_test_lookaside(struct ktap *t)
{
	NPAGED_LOOKASIDE_LIST list;
	PVOID a, b;

	ExInitializeNPagedLookasideList(&list, NULL, NULL, 0, 200, PORTER_TAG,
					0);
	a = ExAllocateFromNPagedLookasideList(&list);
	b = ExAllocateFromNPagedLookasideList(&list);
	ktap_expect(t, a && b && a != b);
	ExFreeToNPagedLookasideList(&list, a);
	ExFreeToNPagedLookasideList(&list, b);
	ExDeleteNPagedLookasideList(&list);
	ktap_expect_ptr(t, ExAllocateFromNPagedLookasideList(&list), NULL);
}

void porter_test_locks(struct ktap *t)
{
	LIST_ENTRY head, entries[3], *e;
	PNDIS_RW_LOCK_EX rw;
	LOCK_STATE_EX state;
	NDIS_SPIN_LOCK lock;
	UCHAR ids[3];
	KIRQL irql;

	NdisAllocateSpinLock(&lock);
	NdisAcquireSpinLock(&lock);
	ktap_expect_eq(t, KeGetCurrentIrql(), DISPATCH_LEVEL);
	NdisReleaseSpinLock(&lock);
	ktap_expect_eq(t, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	NdisDprAcquireSpinLock(&lock);
	NdisDprReleaseSpinLock(&lock);
	KeLowerIrql(irql);
	ktap_expect_eq(t, KeGetCurrentIrql(), PASSIVE_LEVEL);

	InitializeListHead(&head);
	ktap_expect_ptr(t, NdisInterlockedInsertTailList(&head, &entries[1],
							 &lock), NULL);
	e = NdisInterlockedInsertTailList(&head, &entries[2], &lock);
	ktap_expect_ptr(t, e, &entries[1]);
	e = NdisInterlockedInsertHeadList(&head, &entries[0], &lock);
	ktap_expect_ptr(t, e, &entries[1]);
	for (ULONG i = 0; i < 3; i++)
		ktap_expect_ptr(t, NdisInterlockedRemoveHeadList(&head, &lock),
				&entries[i]);
	ktap_expect_ptr(t, NdisInterlockedRemoveHeadList(&head, &lock), NULL);
	NdisFreeSpinLock(&lock);

	rw = NdisAllocateRWLock(NULL);
	if (ktap_expect(t, rw)) {
		NdisAcquireRWLockRead(rw, &state, 0);
		ktap_expect_eq(t, KeGetCurrentIrql(), DISPATCH_LEVEL);
		NdisReleaseRWLock(rw, &state);
		NdisAcquireRWLockWrite(rw, &state, 0);
		NdisReleaseRWLock(rw, &state);
		NdisReleaseRWLock(rw, &state);	/* refused */
		ktap_expect_eq(t, KeGetCurrentIrql(), PASSIVE_LEVEL);
		NdisFreeRWLock(rw);
	}
	for (ULONG i = 0; i < 3; i++)
		ids[i] = NdisGeneratePartialCancelId();
	ktap_expect(t, ids[0] != ids[1] && ids[1] != ids[2]);
	ktap_expect_eq(t, DbgPrint("%s\n", "a ported source says"),
		       STATUS_SUCCESS);
	DbgPrintEx(DPFLTR_IHVNETWORK_ID, DPFLTR_INFO_LEVEL, "not said\n");
}
