// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 7: the small helpers that buffer management is written
 * with: chains and queues of lists, locks, interlocked operations, SLISTs.
 */
#include "contract.h"

#define LISTS	5

/* A chain of LISTS lists, list i with i % 3 NET_BUFFERs of 10 * i bytes */
static PNET_BUFFER_LIST make_lists(struct ktap *t, struct env *e,
				   PNET_BUFFER_LIST *nbl)
{
	unsigned int i, k;
	PNET_BUFFER nb;

	for (i = 0; i < LISTS; i++) {
		nbl[i] = NdisAllocateNetBufferList(e->list, 0, 0);
		if (!ktap_expect(t, nbl[i]))
			return NULL;
		for (k = 0; k < i % 3; k++) {
			nb = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);
			if (!ktap_expect(t, nb))
				return NULL;
			nb->DataLength = 10 * i;
			nb->Next = nbl[i]->FirstNetBuffer;
			nbl[i]->FirstNetBuffer = nb;
		}
		if (i)
			nbl[i - 1]->Next = nbl[i];
	}
	return nbl[0];
}

static void free_lists(PNET_BUFFER_LIST *nbl)
{
	unsigned int i;

	for (i = 0; i < LISTS; i++) {
		while (nbl[i]->FirstNetBuffer) {
			PNET_BUFFER nb = nbl[i]->FirstNetBuffer;

			nbl[i]->FirstNetBuffer = nb->Next;
			nb->Next = NULL;
			nb->DataLength = 0;
			NdisFreeNetBuffer(nb);
		}
		nbl[i]->Next = NULL;
		NdisFreeNetBufferList(nbl[i]);
	}
}

CONTRACT_CASE(c7_19, 0)
{
	PNET_BUFFER_LIST nbl[LISTS], chain = make_lists(t, e, nbl);
	SIZE_T count = 0;
	unsigned int i;

	if (!chain)
		return;
	ktap_expect_eq(t, NdisNumNblsInNblChain(chain), LISTS);
	ktap_expect_eq(t, NdisNumNblsInNblChain(NULL), 0);
	ktap_expect_eq(t, NdisNumNbsInNblChain(chain), 0 + 1 + 2 + 0 + 1);
	ktap_expect_eq(t, NdisNumDataBytesInNblChain(chain), 10 + 2 * 20 + 40);
	ktap_expect_ptr(t, NdisLastNblInNblChain(chain), nbl[LISTS - 1]);
	ktap_expect_ptr(t, NdisLastNblInNblChainWithCount(nbl[2], &count),
			nbl[LISTS - 1]);
	ktap_expect_eq(t, count, LISTS - 2);
	NdisSetStatusInNblChain(nbl[1], NDIS_STATUS_RESET_IN_PROGRESS);
	ktap_expect_eq(t, nbl[0]->Status, 0);
	for (i = 1; i < LISTS; i++)
		ktap_expect_eq(t, nbl[i]->Status, NDIS_STATUS_RESET_IN_PROGRESS);
	free_lists(nbl);
}

static void expect_chain(struct ktap *t, PNET_BUFFER_LIST chain,
			 PNET_BUFFER_LIST *nbl, const u8 *order, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++, chain = chain->Next)
		if (!ktap_expect_ptr(t, chain, nbl[order[i]]) || !chain)
			return;
	ktap_expect_ptr(t, chain, NULL);
}

CONTRACT_CASE(c7_20, 0)
{
	static const u8 order[] = { 3, 2, 0, 1, 4 };
	PNET_BUFFER_LIST nbl[LISTS];
	NBL_QUEUE queue, other;
	unsigned int i;

	if (!make_lists(t, e, nbl))
		return;
	for (i = 0; i < LISTS; i++)
		nbl[i]->Next = NULL;
	NdisInitializeNblQueue(&queue);
	NdisInitializeNblQueue(&other);
	ktap_expect(t, NdisIsNblQueueEmpty(&queue));
	ktap_expect_ptr(t, NdisPopFirstNblFromNblQueue(&queue), NULL);
	ktap_expect_ptr(t, NdisPopAllFromNblQueue(&queue), NULL);

	nbl[0]->Next = nbl[1];
	NdisAppendNblChainToNblQueue(&queue, nbl[0]);
	NdisPrependNblChainToNblQueue(&queue, nbl[2]);
	NdisAppendSingleNblToNblQueue(&other, nbl[4]);
	NdisAppendNblQueueToNblQueueFast(&queue, &other);
	ktap_expect(t, NdisIsNblQueueEmpty(&other));
	/* An empty queue is nothing to append */
	NdisAppendNblQueueToNblQueueFast(&queue, &other);
	NdisAppendSingleNblToNblQueue(&other, nbl[3]);
	NdisPrependNblQueueToNblQueueFast(&queue, &other);
	expect_chain(t, NdisGetNblChainFromNblQueue(&queue), nbl, order, LISTS);

	ktap_expect_ptr(t, NdisPopFirstNblFromNblQueue(&queue), nbl[3]);
	ktap_expect_ptr(t, nbl[3]->Next, NULL);
	expect_chain(t, NdisPopAllFromNblQueue(&queue), nbl, order + 1,
		     LISTS - 1);
	ktap_expect(t, NdisIsNblQueueEmpty(&queue));
	/* Emptied by taking the last, it takes the next */
	NdisAppendSingleNblToNblQueue(&queue, nbl[3]);
	NdisPopFirstNblFromNblQueue(&queue);
	NdisAppendSingleNblToNblQueue(&queue, nbl[3]);
	ktap_expect_ptr(t, NdisPopAllFromNblQueue(&queue), nbl[3]);
	free_lists(nbl);
}

CONTRACT_CASE(c7_21, 0)
{
	PNET_BUFFER_LIST nbl[LISTS];
	NBL_COUNTED_QUEUE queue;

	if (!make_lists(t, e, nbl))
		return;
	NdisInitializeNblCountedQueue(&queue);
	ktap_expect(t, NdisIsNblCountedQueueEmpty(&queue));
	NdisAppendNblChainToNblCountedQueue(&queue, nbl[0]);
	ktap_expect_eq(t, queue.NblCount, LISTS);
	ktap_expect_ptr(t, NdisPopFirstNblFromNblCountedQueue(&queue), nbl[0]);
	ktap_expect_eq(t, queue.NblCount, LISTS - 1);
	NdisAppendSingleNblToNblCountedQueue(&queue, nbl[0]);
	ktap_expect_eq(t, queue.NblCount, LISTS);
	ktap_expect_ptr(t, NdisPopAllFromNblCountedQueue(&queue), nbl[1]);
	ktap_expect_eq(t, queue.NblCount, 0);
	free_lists(nbl);
}

/* Both CPUs: under the lock the two are equal, or the lock is none */
static NDIS_SPIN_LOCK lock;
static KSPIN_LOCK ke_lock;
static LONG guarded[2], free_for_all;

CONTRACT_CASE(c7_22, 0)
{
	NDIS_SPIN_LOCK own;
	unsigned int i;
	KIRQL irql;

	NdisAllocateSpinLock(&own);
	NdisAcquireSpinLock(&own);
	ktap_expect_eq(t, KeGetCurrentIrql(), DISPATCH_LEVEL);
	for (i = 0; i < 200; i++) {
		NdisDprAcquireSpinLock(&lock);
		ktap_expect_eq(t, READ_ONCE(guarded[0]), READ_ONCE(guarded[1]));
		WRITE_ONCE(guarded[0], guarded[0] + 1);
		cpu_relax();
		WRITE_ONCE(guarded[1], guarded[1] + 1);
		NdisDprReleaseSpinLock(&lock);
	}
	NdisReleaseSpinLock(&own);
	NdisFreeSpinLock(&own);

	KeAcquireSpinLock(&ke_lock, &irql);
	ktap_expect_eq(t, KeGetCurrentIrql(), DISPATCH_LEVEL);
	KeReleaseSpinLock(&ke_lock, irql);
	ktap_expect_eq(t, KeGetCurrentIrql(), irql);
}

CONTRACT_CASE(c7_23, 0)
{
	PVOID a = e->mem, target = a;
	LONG n = 5;

	ktap_expect_eq(t, InterlockedIncrement(&n), 6);
	ktap_expect_eq(t, InterlockedDecrement(&n), 5);
	ktap_expect_eq(t, NdisInterlockedIncrement(&n), 6);
	ktap_expect_eq(t, NdisInterlockedDecrement(&n), 5);
	/* These two return what was, not what is */
	ktap_expect_eq(t, InterlockedExchangeAdd(&n, 10), 5);
	ktap_expect_eq(t, InterlockedExchange(&n, 7), 15);
	ktap_expect_eq(t, InterlockedCompareExchange(&n, 8, 6), 7);
	ktap_expect_eq(t, n, 7);
	ktap_expect_eq(t, InterlockedCompareExchange(&n, 8, 7), 7);
	ktap_expect_eq(t, n, 8);
	ktap_expect_eq(t, InterlockedOr(&n, 3), 8);
	ktap_expect_eq(t, InterlockedAnd(&n, 9), 11);
	ktap_expect_eq(t, n, 9);
	ktap_expect_ptr(t, InterlockedExchangePointer(&target, NULL), a);
	ktap_expect_ptr(t, InterlockedCompareExchangePointer(&target, a, NULL),
			NULL);
	ktap_expect_ptr(t, target, a);
	ktap_expect(t, InterlockedIncrement(&free_for_all) > 0);
	InterlockedDecrement(&free_for_all);
}

struct slist_item {
	SLIST_ENTRY entry;
	unsigned int number;
};

static SLIST_HEADER shared_slist;

CONTRACT_CASE(c7_24, 0)
{
	struct slist_item item[4];
	PSLIST_ENTRY entry;
	SLIST_HEADER head;
	unsigned int i;

	InitializeSListHead(&head);
	ktap_expect_ptr(t, InterlockedPopEntrySList(&head), NULL);
	for (i = 0; i < 4; i++) {
		item[i].number = i;
		InterlockedPushEntrySList(&head, &item[i].entry);
	}
	ktap_expect_eq(t, QueryDepthSList(&head), 4);
	for (i = 4; i-- > 2;) {
		entry = InterlockedPopEntrySList(&head);
		if (!ktap_expect(t, entry))
			return;
		ktap_expect_eq(t, CONTAINING_RECORD(entry, struct slist_item,
						    entry)->number, i);
	}
	entry = InterlockedFlushSList(&head);
	ktap_expect_ptr(t, entry, &item[1].entry);
	ktap_expect_eq(t, QueryDepthSList(&head), 0);

	/* On two CPUs: who pushes one pops one, of whomever */
	for (i = 0; i < 100; i++) {
		PNET_BUFFER nb = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);

		if (!ktap_expect(t, nb))
			return;
		InterlockedPushEntrySList(&shared_slist,
					  (PSLIST_ENTRY)nb->MiniportReserved);
		entry = InterlockedPopEntrySList(&shared_slist);
		if (!ktap_expect(t, entry))
			return;
		nb = CONTAINING_RECORD((PVOID *)entry, NET_BUFFER,
				       MiniportReserved[0]);
		NdisFreeNetBuffer(nb);
	}
}

static const struct ktap_case cases[] = {
	{ "c7.19 chains of lists", c7_19 },
	{ "c7.20 queues of lists", c7_20 },
	{ "c7.21 queues of lists that count", c7_21 },
	{ "c7.22 spin locks", c7_22 },
	{ "c7.23 interlocked operations", c7_23 },
	{ "c7.24 SLISTs", c7_24 },
};

CONTRACT_SECTION(contract_helpers);

/* Before any case runs: what the cases share */
void contract_helpers_init(void)
{
	NdisAllocateSpinLock(&lock);
	KeInitializeSpinLock(&ke_lock);
	InitializeSListHead(&shared_slist);
}
