// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 4: retreat and advance of all NET_BUFFERs of a list, and
 * that a failure half way leaves none of them moved.
 */
#include "contract.h"

#define BUFFERS	3

/* A list with BUFFERS NET_BUFFERs: 0, 16 and 32 bytes of headroom, 80 of data */
struct loaded {
	PNET_BUFFER_LIST nbl;
	PNET_BUFFER nb[BUFFERS];
	PMDL mdl[BUFFERS];
	NET_BUFFER before[BUFFERS];
};

static bool load(struct ktap *t, struct env *e, struct loaded *l)
{
	unsigned int i, k;
	u8 *va;

	memset(l, 0, sizeof(*l));
	l->nbl = NdisAllocateNetBufferList(e->list, 0, 0);
	if (!ktap_expect(t, l->nbl))
		return false;
	for (i = 0; i < BUFFERS; i++) {
		va = e->mem + 256 * i;
		for (k = 0; k < 80 + 16 * i; k++)
			va[k] = chain_byte(k);
		l->mdl[i] = NdisAllocateMdl(NULL, va, 80 + 16 * i);
		l->nb[i] = NdisAllocateNetBuffer(e->nb, l->mdl[i], 16 * i, 80);
		if (!ktap_expect(t, l->mdl[i] && l->nb[i]))
			return false;
		if (i)
			l->nb[i - 1]->Next = l->nb[i];
	}
	l->nbl->FirstNetBuffer = l->nb[0];
	for (i = 0; i < BUFFERS; i++)
		l->before[i] = *l->nb[i];
	return true;
}

static void unload(struct loaded *l)
{
	unsigned int i;

	for (i = 0; i < BUFFERS; i++) {
		if (l->nb[i]) {
			l->nb[i]->Next = NULL;
			NdisFreeNetBuffer(l->nb[i]);
		}
		if (l->mdl[i])
			NdisFreeMdl(l->mdl[i]);
	}
	if (l->nbl)
		NdisFreeNetBufferList(l->nbl);
}

/* As it was when it was loaded: in every field, and in every byte */
static void expect_as_loaded(struct ktap *t, struct loaded *l, const char *when)
{
	unsigned int i;

	ktap_expect_ptr(t, l->nbl->FirstNetBuffer, l->nb[0]);
	for (i = 0; i < BUFFERS; i++) {
		ktap_expect(t, !memcmp(&l->before[i], l->nb[i],
				       sizeof(NET_BUFFER)));
		expect_view(t, l->nb[i], 80, when);
		expect_bytes(t, l->nb[i], 0, 80, 16 * i, when);
	}
}

CONTRACT_CASE(c4_14, 0)
{
	struct loaded l;
	unsigned int i;

	if (!load(t, e, &l))
		goto out;
	ktap_expect_eq(t, NdisRetreatNetBufferListDataStart(l.nbl, 24, 8, NULL,
							    NULL),
		       NDIS_STATUS_SUCCESS);
	for (i = 0; i < BUFFERS; i++) {
		expect_view(t, l.nb[i], 104, "each retreated");
		expect_bytes(t, l.nb[i], 24, 80, 16 * i, "each retreated");
	}
	/* Headroom of 32 was enough for the last */
	ktap_expect_ptr(t, l.nb[2]->MdlChain, l.mdl[2]);
	ktap_expect_eq(t, l.nb[2]->DataOffset, 8);
	NdisAdvanceNetBufferListDataStart(l.nbl, 24, TRUE, NULL);
	expect_as_loaded(t, &l, "forth and back");
out:
	unload(&l);
}

static PMDL refuse_handler(PULONG size)
{
	return NULL;
}

CONTRACT_CASE(c4_15, 0)
{
	PNET_BUFFER swap;
	struct loaded l;

	if (!load(t, e, &l))
		goto out;
	/* The first with headroom, so that one is moved before another fails */
	swap = l.nb[0];
	l.nb[2]->Next = l.nb[1];
	l.nb[1]->Next = swap;
	swap->Next = NULL;
	l.nbl->FirstNetBuffer = l.nb[2];
	l.before[0] = *l.nb[0];
	l.before[1] = *l.nb[1];
	l.before[2] = *l.nb[2];
	ktap_expect_eq(t, NdisRetreatNetBufferListDataStart(l.nbl, 16, 0,
							    refuse_handler,
							    NULL),
		       NDIS_STATUS_RESOURCES);
	l.nbl->FirstNetBuffer = l.nb[0];
	expect_as_loaded(t, &l, "rolled back");
out:
	unload(&l);
}

static DEFINE_PER_CPU(unsigned int, made);

/* Gives the first that asks something, and the second nothing */
static PMDL one_handler(PULONG size)
{
	PMDL mdl = NULL;
	PVOID va;

	if (this_cpu_read(made))
		return NULL;
	va = NdisAllocateMemoryWithTagPriority(NULL, *size, CONTRACT_TAG,
					       NormalPoolPriority);
	if (va)
		mdl = NdisAllocateMdl(NULL, va, *size);
	if (mdl)
		this_cpu_inc(made);
	else if (va)
		NdisFreeMemory(va, 0, 0);
	return mdl;
}

static VOID one_free_handler(PMDL mdl)
{
	PVOID va = MmGetMdlVirtualAddress(mdl);

	this_cpu_dec(made);
	NdisFreeMdl(mdl);
	NdisFreeMemory(va, 0, 0);
}

CONTRACT_CASE(c4_16, 0)
{
	struct loaded l;

	local_bh_disable();
	this_cpu_write(made, 0);
	if (!load(t, e, &l))
		goto out;
	/* The first needs an MDL and gets it, the second does not: it goes back */
	ktap_expect_eq(t, NdisRetreatNetBufferListDataStart(l.nbl, 40, 0,
							    one_handler,
							    one_free_handler),
		       NDIS_STATUS_RESOURCES);
	ktap_expect_eq(t, this_cpu_read(made), 0);
	expect_as_loaded(t, &l, "rolled back by the handler");
out:
	unload(&l);
	local_bh_enable();
}

CONTRACT_CASE(c4_17, CONTRACT_MISUSE)
{
	struct loaded l;

	if (!load(t, e, &l))
		goto out;
	/* One is too short for it: none is moved */
	l.nb[1]->DataLength = 30;
	l.before[1] = *l.nb[1];
	NdisAdvanceNetBufferListDataStart(l.nbl, 40, FALSE, NULL);
	l.nb[1]->DataLength = 80;
	l.before[1].DataLength = 80;
	expect_as_loaded(t, &l, "one was too short");
	/* A list without NET_BUFFERs has nothing to move */
	l.nbl->FirstNetBuffer = NULL;
	ktap_expect_eq(t, NdisRetreatNetBufferListDataStart(l.nbl, 40, 0, NULL,
							    NULL),
		       NDIS_STATUS_SUCCESS);
	NdisAdvanceNetBufferListDataStart(l.nbl, 40, TRUE, NULL);
	l.nbl->FirstNetBuffer = l.nb[0];
	expect_as_loaded(t, &l, "nothing to move");
out:
	unload(&l);
}

static const struct ktap_case cases[] = {
	{ "c4.14 the list variants act on every NET_BUFFER", c4_14 },
	{ "c4.15 a failure half way rolls back", c4_15 },
	{ "c4.16 the roll-back uses the free handler", c4_16 },
	{ "c4.17 a list with one NET_BUFFER too short, or none", c4_17 },
};

CONTRACT_SECTION(contract_lists);
