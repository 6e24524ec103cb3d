// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of the failure scenario. Each asks for something that needs memory
 * behind the scenes; when it is refused, what was there before is unchanged.
 */
#include <linux/string.h>

#include "failures.h"

#define LISTS	2

static void unchanged(struct scenario *s, const void *is, const void *was,
		      size_t size, const char *what)
{
	if (memcmp(is, was, size))
		scenario_wrong(s, what);
}

/* --- lists of every kind, with context -------------------------------------------- */

static void lists_of(struct scenario *s, NDIS_HANDLE pool, USHORT space)
{
	PNET_BUFFER_LIST nbl[LISTS];
	unsigned int i;

	if (!pool)
		return;
	for (i = 0; i < LISTS; i++) {
		nbl[i] = NdisAllocateNetBufferList(pool, space, space ? 16 : 0);
		got(s, nbl[i]);
	}
	while (i--)
		if (nbl[i])
			NdisFreeNetBufferList(nbl[i]);
}

static void contexts(struct scenario *s)
{
	PNET_BUFFER_LIST nbl, before;
	bool small, large;

	if (!s->list_space)
		return;
	nbl = NdisAllocateNetBufferList(s->list_space, 0, 0);
	if (!got(s, nbl))
		return;
	small = done(s, NdisAllocateNetBufferListContext(nbl, 32, 0,
							 FAILURES_TAG));
	before = nbl;
	large = done(s, NdisAllocateNetBufferListContext(nbl, 256, 64,
							 FAILURES_TAG));
	if (nbl != before || (!large && nbl->Context && nbl->Context->Next))
		scenario_wrong(s, "a context that was refused left a block");
	if (large)
		NdisFreeNetBufferListContext(nbl, 256);
	if (small)
		NdisFreeNetBufferListContext(nbl, 32);
	NdisFreeNetBufferList(nbl);
}

void scenario_lists(struct scenario *s)
{
	lists_of(s, s->list, 0);
	lists_of(s, s->list_nb, 0);
	lists_of(s, s->list_data, 0);
	lists_of(s, s->list_space, 0);
	lists_of(s, s->list, 64);
	lists_of(s, s->list_space, 256);
	contexts(s);
}

/* --- NET_BUFFERs, retreats -------------------------------------------------------- */

static void retreat(struct scenario *s, PNET_BUFFER nb)
{
	NET_BUFFER before = *nb;
	bool first, second;

	first = done(s, NdisRetreatNetBufferDataStart(nb, nb->DataOffset + 20, 8,
						      NULL));
	if (!first)
		unchanged(s, nb, &before, sizeof(before),
			  "refused, and yet the data start moved");
	before = *nb;
	second = done(s, NdisRetreatNetBufferDataStart(nb, nb->DataOffset + 64,
						       0, NULL));
	if (!second)
		unchanged(s, nb, &before, sizeof(before),
			  "refused the second time, and yet the data start moved");
	/* Whatever was made goes: to the start, and from there to the end */
	NdisRetreatNetBufferDataStart(nb, nb->DataOffset, 0, NULL);
	NdisAdvanceNetBufferDataStart(nb, nb->DataLength, TRUE, NULL);
}

/* Two NET_BUFFERs, so that the second can be refused when the first is moved */
static void retreat_list(struct scenario *s)
{
	PNET_BUFFER a = NULL, b = NULL;
	NET_BUFFER a_before, b_before;
	PNET_BUFFER_LIST nbl;

	if (!s->list || !s->nb)
		return;
	nbl = NdisAllocateNetBufferList(s->list, 0, 0);
	a = NdisAllocateNetBuffer(s->nb, NULL, 0, 0);
	b = NdisAllocateNetBuffer(s->nb, NULL, 0, 0);
	if (got(s, nbl) & got(s, a) & got(s, b)) {
		nbl->FirstNetBuffer = a;
		a->Next = b;
		a_before = *a;
		b_before = *b;
		if (done(s, NdisRetreatNetBufferListDataStart(nbl, 40, 8, NULL,
							      NULL)))
			NdisAdvanceNetBufferListDataStart(nbl, 40, TRUE, NULL);
		unchanged(s, a, &a_before, sizeof(*a),
			  "the first of a list moved");
		unchanged(s, b, &b_before, sizeof(*b),
			  "the second of a list moved");
		nbl->FirstNetBuffer = NULL;
		a->Next = NULL;
	}
	if (b)
		NdisFreeNetBuffer(b);
	if (a)
		NdisFreeNetBuffer(a);
	if (nbl)
		NdisFreeNetBufferList(nbl);
}

void scenario_data(struct scenario *s)
{
	PNET_BUFFER nb;
	unsigned int i;

	for (i = 0; i < 3 && s->nb_data; i++) {
		nb = NdisAllocateNetBufferMdlAndData(s->nb_data);
		if (!got(s, nb))
			continue;
		retreat(s, nb);
		NdisFreeNetBuffer(nb);
	}
	for (i = 0; i < 3 && s->nb; i++) {
		nb = NdisAllocateNetBuffer(s->nb, NULL, 0, 0);
		if (!got(s, nb))
			continue;
		retreat(s, nb);
		NdisFreeNetBuffer(nb);
	}
	retreat_list(s);
}

/* --- derived lists ---------------------------------------------------------------- */

static void derive(struct scenario *s, PNET_BUFFER_LIST nbl, NDIS_HANDLE lists,
		   NDIS_HANDLE nbs)
{
	static const ULONG flags[] = { 0, NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS };
	PNET_BUFFER_LIST made, whole;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		made = NdisAllocateCloneNetBufferList(nbl, lists, nbs, flags[i]);
		if (got(s, made))
			NdisFreeCloneNetBufferList(made, flags[i]);
	}
	made = NdisAllocateFragmentNetBufferList(nbl, lists, nbs, 0, 100, 20, 8,
						 0);
	if (!got(s, made))
		return;
	whole = NdisAllocateReassembledNetBufferList(made, lists, 20, 14, 8, 0);
	if (got(s, whole))
		NdisFreeReassembledNetBufferList(whole, 14, 0);
	NdisFreeFragmentNetBufferList(made, 20, 0);
}

void scenario_derive(struct scenario *s)
{
	PMDL first = NdisAllocateMdl(NULL, s->mem, 200);
	PMDL second = NdisAllocateMdl(NULL, s->mem + PAGE_SIZE, 200);
	NET_BUFFER_LIST before;
	PNET_BUFFER_LIST nbl;
	NET_BUFFER nb_before;

	if (got(s, first) & got(s, second) && s->list_nb) {
		first->Next = second;
		nbl = NdisAllocateNetBufferAndNetBufferList(s->list_nb, 32, 8,
							    first, 14, 386);
		if (got(s, nbl)) {
			before = *nbl;
			nb_before = *nbl->FirstNetBuffer;
			derive(s, nbl, NULL, NULL);
			if (s->nb)
				derive(s, nbl, s->list_nb, s->nb);
			unchanged(s, nbl, &before, sizeof(before),
				  "a list was changed by deriving from it");
			unchanged(s, nbl->FirstNetBuffer, &nb_before,
				  sizeof(nb_before),
				  "a NET_BUFFER was changed by deriving from it");
			NdisFreeNetBufferList(nbl);
		}
	}
	if (second)
		NdisFreeMdl(second);
	if (first)
		NdisFreeMdl(first);
}

/* --- memory, MDLs ------------------------------------------------------------------ */

static VOID no_timer(PVOID a, PVOID context, PVOID b, PVOID c)
{
}

/* Locks, timers and work items are objects of NDIS's */
static void sync_objects(struct scenario *s)
{
	NDIS_TIMER_CHARACTERISTICS c = { };
	NDIS_HANDLE timer = NULL, item;
	PNDIS_RW_LOCK_EX lock;

	lock = NdisAllocateRWLock(NULL);
	if (got(s, lock))
		NdisFreeRWLock(lock);
	c.Header.Type = NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS;
	c.Header.Revision = NDIS_TIMER_CHARACTERISTICS_REVISION_1;
	c.Header.Size = NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1;
	c.AllocationTag = FAILURES_TAG;
	c.TimerFunction = no_timer;
	if (done(s, NdisAllocateTimerObject(NULL, &c, &timer)))
		NdisFreeTimerObject(timer);
	item = NdisAllocateIoWorkItem(NULL);
	if (got(s, item))
		NdisFreeIoWorkItem(item);
}

void scenario_memory(struct scenario *s)
{
	static const u32 sizes[] = { 64, 2048, 9000 };
	unsigned int i;
	PMDL mdl;
	PVOID p;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = NdisAllocateMemoryWithTagPriority(NULL, sizes[i],
						      FAILURES_TAG,
						      NormalPoolPriority);
		if (got(s, p))
			NdisFreeMemory(p, 0, 0);
		p = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizes[i], FAILURES_TAG);
		if (got(s, p))
			ExFreePoolWithTag(p, FAILURES_TAG);
		mdl = IoAllocateMdl(s->mem, sizes[i], FALSE, FALSE, NULL);
		if (got(s, mdl))
			IoFreeMdl(mdl);
	}
	sync_objects(s);
}
