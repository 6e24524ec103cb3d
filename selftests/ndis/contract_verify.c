// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 9: what is worth asserting. Each mistake is made on purpose
 * in a pool of its own: in verify mode it is reported, and counted under its own
 * name and no other; without, nobody looks.
 */
#include <ndis/net.h>

#include "contract.h"

struct provoked {
	const char *name;	/* in ndis/stats */
	u64 count, reports;
};

static struct provoked provoke(const char *name)
{
	return (struct provoked){
		name, ndis_stat(name), ndis_stat("verify_reports"),
	};
}

/* @n reports of this kind since; at least so many if another CPU does the same */
static void expect_reports(struct ktap *t, struct env *e,
			   const struct provoked *p, u32 n)
{
	u64 count = ndis_stat(p->name) - p->count;
	u64 reports = ndis_stat("verify_reports") - p->reports;

	if (!e->verify)
		n = 0;
	if (e->shared) {
		ktap_expect(t, count >= n);
		return;
	}
	if (!ktap_expect_eq(t, count, n) || !ktap_expect_eq(t, reports, n))
		ktap_diag(t, "of %s", p->name);
}

static NDIS_HANDLE list_pool(struct ktap *t, struct env *e, ULONG data)
{
	NDIS_HANDLE pool = contract_nbl_pool(TRUE, 0, data, e->verify);

	ktap_expect(t, pool);
	return pool;
}

CONTRACT_CASE(c9_03, CONTRACT_SLEEPS)
{
	struct provoked p = provoke("verify_double_free");
	NDIS_HANDLE pool = list_pool(t, e, CONTRACT_DATA);
	PNET_BUFFER_LIST nbl;
	unsigned int i;

	/* A life in order: everything is used, and given back */
	for (i = 0; pool && i < 2 * NDIS_MAGAZINE; i++) {
		nbl = NdisAllocateNetBufferList(pool, 32, 8);
		if (!ktap_expect(t, nbl))
			break;
		NdisRetreatNetBufferDataStart(nbl->FirstNetBuffer,
					      CONTRACT_DATA + 40, 0, NULL);
		fill_bytes(nbl->FirstNetBuffer, 0, CONTRACT_DATA + 40, i);
		NdisAdvanceNetBufferDataStart(nbl->FirstNetBuffer, 40, TRUE,
					      NULL);
		NdisFreeNetBufferList(nbl);
	}
	NdisFreeNetBufferListPool(pool);
	expect_reports(t, e, &p, 0);
}

/* Without verify mode a list that is freed twice is in two hands later */
CONTRACT_CASE(c9_04, CONTRACT_SLEEPS | CONTRACT_MISUSE)
{
	struct provoked p = provoke("verify_double_free");
	NDIS_HANDLE lists, nbs;
	PNET_BUFFER_LIST nbl;
	PNET_BUFFER nb;

	if (!e->verify)
		return;
	lists = list_pool(t, e, CONTRACT_DATA);
	nbs = contract_nb_pool(0, true);
	nbl = NdisAllocateNetBufferList(lists, 0, 0);
	nb = NdisAllocateNetBuffer(nbs, NULL, 0, 0);
	if (!ktap_expect(t, nbl && nb))
		return;
	NdisFreeNetBufferList(nbl);
	NdisFreeNetBufferList(nbl);
	NdisFreeNetBuffer(nb);
	NdisFreeNetBuffer(nb);
	expect_reports(t, e, &p, 2);
	ktap_expect_eq(t, ndis_pool_live(lists), 0);
	ktap_expect_eq(t, ndis_pool_live(nbs), 0);
	NdisFreeNetBufferPool(nbs);
	NdisFreeNetBufferListPool(lists);
	expect_reports(t, e, &p, 2);
}

/* Into the list, into its NET_BUFFER, into the data: found when it is used again */
CONTRACT_CASE(c9_05, CONTRACT_SLEEPS | CONTRACT_MISUSE)
{
	struct provoked p = provoke("verify_write_after_free");
	PNET_BUFFER_LIST nbl[3];
	NDIS_HANDLE pool;
	unsigned int i;
	u8 *data;

	if (!e->verify)
		return;
	pool = list_pool(t, e, CONTRACT_DATA);
	for (i = 0; i < 3; i++) {
		nbl[i] = NdisAllocateNetBufferList(pool, 0, 0);
		if (!ktap_expect(t, nbl[i]))
			return;
	}
	data = nbl[2]->FirstNetBuffer->MdlChain->MappedSystemVa;
	for (i = 0; i < 3; i++)
		NdisFreeNetBufferList(nbl[i]);
	nbl[0]->Scratch = e;
	((PNET_BUFFER)(nbl[1] + 1))->DataOffset = 5;
	data[CONTRACT_DATA - 1] = 0;
	NdisFreeNetBufferListPool(pool);
	expect_reports(t, e, &p, 3);
}

CONTRACT_CASE(c9_06, CONTRACT_SLEEPS | CONTRACT_MISUSE)
{
	struct provoked p = provoke("verify_use_after_free");
	PNET_BUFFER_LIST head, nbl;
	NDIS_HANDLE pool;

	if (!e->verify)
		return;
	pool = list_pool(t, e, CONTRACT_DATA);
	head = NdisAllocateNetBufferList(pool, 0, 0);
	nbl = NdisAllocateNetBufferList(pool, 0, 0);
	if (!ktap_expect(t, head && nbl))
		return;
	ndis_nbl_received(head, CONTRACT_DATA);
	ndis_nbl_received(nbl, 100);
	NdisFreeNetBufferList(nbl);
	ktap_expect(t, ndis_nbl_append(head, nbl) < 0);
	ktap_expect_eq(t, ndis_nbl_length(head), CONTRACT_DATA);
	NdisFreeNetBufferList(head);
	expect_reports(t, e, &p, 1);
	NdisFreeNetBufferListPool(pool);
}

CONTRACT_CASE(c9_07, CONTRACT_SLEEPS | CONTRACT_MISUSE)
{
	struct provoked p = provoke("verify_next_set");
	NDIS_HANDLE pool = list_pool(t, e, 0);
	PNET_BUFFER_LIST a = NdisAllocateNetBufferList(pool, 0, 0);
	PNET_BUFFER_LIST b = NdisAllocateNetBufferList(pool, 0, 0);
	PNET_BUFFER x = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);

	if (!ktap_expect(t, a && b && x))
		return;
	a->Next = b;
	NdisFreeNetBufferList(a);
	NdisFreeNetBufferList(b);
	x->Next = x;
	NdisFreeNetBuffer(x);
	expect_reports(t, e, &p, 2);
	NdisFreeNetBufferListPool(pool);
}

CONTRACT_CASE(c9_08, CONTRACT_SLEEPS | CONTRACT_MISUSE)
{
	struct provoked p = provoke("verify_context_left");
	NDIS_HANDLE pool = contract_nbl_pool(TRUE, 64, 0, e->verify);
	PNET_BUFFER_LIST a = NdisAllocateNetBufferList(pool, 0, 0);
	PNET_BUFFER_LIST b = NdisAllocateNetBufferList(pool, 0, 0);

	if (!ktap_expect(t, a && b))
		return;
	/* In the pool's own space, and in a block beside it */
	NdisAllocateNetBufferListContext(a, 32, 0, CONTRACT_TAG);
	NdisAllocateNetBufferListContext(b, 128, 0, CONTRACT_TAG);
	NdisFreeNetBufferList(a);
	NdisFreeNetBufferList(b);
	expect_reports(t, e, &p, 2);
	NdisFreeNetBufferListPool(pool);
}

CONTRACT_CASE(c9_09, CONTRACT_SLEEPS | CONTRACT_MISUSE)
{
	struct provoked p = provoke("verify_retreat_left");
	NDIS_HANDLE pool = list_pool(t, e, 0);
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(pool, 0, 0);
	PNET_BUFFER nb = NdisAllocateNetBufferMdlAndData(e->nb_data);

	if (!ktap_expect(t, nbl && nb))
		return;
	NdisRetreatNetBufferDataStart(nbl->FirstNetBuffer, 40, 8, NULL);
	NdisRetreatNetBufferDataStart(nb, CONTRACT_DATA + 40, 8, NULL);
	/* Said, and freed all the same */
	NdisFreeNetBufferList(nbl);
	NdisFreeNetBuffer(nb);
	expect_reports(t, e, &p, 2);
	NdisFreeNetBufferListPool(pool);
}

CONTRACT_CASE(c9_10, CONTRACT_SLEEPS | CONTRACT_MISUSE)
{
	struct provoked p = provoke("verify_wrong_kind");
	NDIS_HANDLE pool = list_pool(t, e, CONTRACT_DATA);

	if (!pool)
		return;
	ktap_expect_ptr(t, list_over(pool, 0, 0, NULL, 0, 0), NULL);
	ktap_expect_ptr(t, NdisAllocateNetBuffer(pool, NULL, 0, 0), NULL);
	ktap_expect_ptr(t, NdisAllocateNetBufferMdlAndData(pool), NULL);
	expect_reports(t, e, &p, 3);
	NdisFreeNetBufferListPool(pool);
}

CONTRACT_CASE(c9_11, CONTRACT_SLEEPS | CONTRACT_MISUSE)
{
	struct provoked p = provoke("verify_lists_out");
	NDIS_HANDLE pool = list_pool(t, e, CONTRACT_DATA);
	PNET_BUFFER_LIST a = NdisAllocateNetBufferList(pool, 0, 0);
	PNET_BUFFER_LIST b = NdisAllocateNetBufferList(pool, 0, 0);

	if (!ktap_expect(t, a && b))
		return;
	NdisFreeNetBufferListPool(pool);
	expect_reports(t, e, &p, 2);
	NdisFreeNetBufferList(a);
	NdisFreeNetBufferList(b);
}

static const struct ktap_case cases[] = {
	{ "c9.03 nothing to report of what is in order", c9_03 },
	{ "c9.04 verify: double free", c9_04 },
	{ "c9.05 verify: write after free", c9_05 },
	{ "c9.06 verify: use after free", c9_06 },
	{ "c9.07 verify: Next set at free", c9_07 },
	{ "c9.08 verify: context left at free", c9_08 },
	{ "c9.09 verify: retreat MDLs left at free", c9_09 },
	{ "c9.10 verify: wrong allocator for the kind", c9_10 },
	{ "c9.11 verify: lists out at destroy", c9_11 },
};

CONTRACT_SECTION(contract_verify);
