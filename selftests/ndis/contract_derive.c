// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 6: clones, fragments, reassembled lists. All of them share
 * the original's bytes, none of them touches the original.
 */
#include "contract.h"

#define BUFFERS		2
#define LENGTH		300	/* of data, in two MDLs */

/* A list with BUFFERS NET_BUFFERs of LENGTH bytes, 20 bytes of headroom each */
struct original {
	PNET_BUFFER_LIST nbl;
	PNET_BUFFER nb[BUFFERS];
	PMDL mdl[2 * BUFFERS];
	NET_BUFFER_LIST before;
	NET_BUFFER nb_before[BUFFERS];
};

/* Byte @k of NET_BUFFER @i is chain_byte(1000 * i + k) */
static bool original_make(struct ktap *t, struct env *e, struct original *o)
{
	unsigned int i, j;
	u32 k;

	memset(o, 0, sizeof(*o));
	o->nbl = NdisAllocateNetBufferList(e->list, 0, 0);
	if (!ktap_expect(t, o->nbl))
		return false;
	for (i = 0; i < BUFFERS; i++) {
		u8 *va = e->mem + 4096 * i;

		o->mdl[2 * i] = NdisAllocateMdl(NULL, va, 120);
		o->mdl[2 * i + 1] = NdisAllocateMdl(NULL, va + 2048, 200);
		for (j = 0; j < 2; j++)
			if (!ktap_expect(t, o->mdl[2 * i + j]))
				return false;
		o->mdl[2 * i]->Next = o->mdl[2 * i + 1];
		o->nb[i] = NdisAllocateNetBuffer(e->nb, o->mdl[2 * i], 20,
						 LENGTH);
		if (!ktap_expect(t, o->nb[i]))
			return false;
		for (k = 0; k < 320; k++)
			*(k < 120 ? va + k : va + 2048 + k - 120) =
				chain_byte(1000 * i + k - 20);
		if (i)
			o->nb[i - 1]->Next = o->nb[i];
	}
	o->nbl->FirstNetBuffer = o->nb[0];
	o->before = *o->nbl;
	for (i = 0; i < BUFFERS; i++)
		o->nb_before[i] = *o->nb[i];
	return true;
}

static void original_free(struct ktap *t, struct original *o)
{
	unsigned int i;

	/* Parent and ChildRefCount are the caller's, so they are as they were */
	if (o->nb[BUFFERS - 1]) {
		ktap_expect(t, !memcmp(&o->before, o->nbl, sizeof(o->before)));
		for (i = 0; i < BUFFERS; i++) {
			ktap_expect(t, !memcmp(&o->nb_before[i], o->nb[i],
					       sizeof(NET_BUFFER)));
			expect_bytes(t, o->nb[i], 0, LENGTH, 1000 * i,
				     "the original, afterwards");
		}
	}
	for (i = 0; i < BUFFERS; i++) {
		if (!o->nb[i])
			continue;
		o->nb[i]->Next = NULL;
		NdisFreeNetBuffer(o->nb[i]);
	}
	for (i = 0; i < 2 * BUFFERS; i++)
		if (o->mdl[i])
			NdisFreeMdl(o->mdl[i]);
	if (o->nbl)
		NdisFreeNetBufferList(o->nbl);
}

/* As many NET_BUFFERs as the original, each with its bytes */
static void expect_clone(struct ktap *t, struct original *o,
			 PNET_BUFFER_LIST clone, bool same_mdls)
{
	unsigned int i, n = 0;
	PNET_BUFFER nb;
	const MDL *mdl;

	ktap_expect_ptr(t, clone->Next, NULL);
	for (nb = clone->FirstNetBuffer; nb; nb = nb->Next, n++) {
		if (!ktap_expect(t, n < BUFFERS))
			return;
		expect_view(t, nb, LENGTH, "a clone");
		expect_bytes(t, nb, 0, LENGTH, 1000 * n, "a clone");
		ktap_expect(t, nb != o->nb[n]);
		/* Not copied: the same bytes at the same place */
		ktap_expect_ptr(t, NdisGetDataBuffer(nb, 100, NULL, 1, 0),
				NdisGetDataBuffer(o->nb[n], 100, NULL, 1, 0));
		for (mdl = nb->MdlChain; mdl; mdl = mdl->Next)
			for (i = 0; i < 2 * BUFFERS; i++)
				if (!same_mdls)
					ktap_expect(t, mdl != o->mdl[i]);
		if (same_mdls)
			ktap_expect_ptr(t, nb->CurrentMdl, o->nb[n]->CurrentMdl);
	}
	ktap_expect_eq(t, n, BUFFERS);
}

static void clone_with(struct ktap *t, struct env *e, NDIS_HANDLE nbl_pool,
		       NDIS_HANDLE nb_pool, ULONG flags)
{
	PNET_BUFFER_LIST clone;
	struct original o;

	if (!original_make(t, e, &o))
		goto out;
	clone = NdisAllocateCloneNetBufferList(o.nbl, nbl_pool, nb_pool, flags);
	if (!ktap_expect(t, clone))
		goto out;
	expect_clone(t, &o, clone,
		     flags & NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS);
	if (nbl_pool)
		ktap_expect_ptr(t, NdisGetPoolFromNetBufferList(clone),
				nbl_pool);
	/* As a caller keeps count */
	ktap_expect_ptr(t, clone->ParentNetBufferList, NULL);
	ktap_expect_eq(t, o.nbl->ChildRefCount, 0);
	clone->ParentNetBufferList = o.nbl;
	o.nbl->ChildRefCount++;
	o.nbl->ChildRefCount--;
	clone->ParentNetBufferList = NULL;
	NdisFreeCloneNetBufferList(clone, flags);
out:
	original_free(t, &o);
}

CONTRACT_CASE(c6_01, 0)
{
	clone_with(t, e, e->list_nb, e->nb, 0);
	clone_with(t, e, e->list, e->nb, 0);
}

CONTRACT_CASE(c6_02, 0)
{
	clone_with(t, e, e->list_nb, e->nb, NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS);
	clone_with(t, e, e->list, e->nb, NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS);
}

CONTRACT_CASE(c6_03, 0)
{
	clone_with(t, e, NULL, NULL, 0);
	clone_with(t, e, NULL, NULL, NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS);
	clone_with(t, e, e->list_nb, NULL, 0);
	clone_with(t, e, NULL, e->nb, 0);
}

/* What the clone's owner does to its view is nothing to the original */
CONTRACT_CASE(c6_04, 0)
{
	PNET_BUFFER_LIST clone;
	struct original o;
	PNET_BUFFER nb;
	u8 *byte;

	if (!original_make(t, e, &o))
		goto out;
	clone = NdisAllocateCloneNetBufferList(o.nbl, e->list_nb, e->nb, 0);
	if (!ktap_expect(t, clone))
		goto out;
	nb = clone->FirstNetBuffer;
	/* From the start of used data: the headroom is not the clone's */
	ktap_expect_eq(t, nb->DataOffset, 0);
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 14, 0, NULL),
		       NDIS_STATUS_SUCCESS);
	fill_bytes(nb, 0, 14, 99);
	expect_bytes(t, nb, 14, LENGTH, 0, "behind a header of its own");
	expect_bytes(t, o.nb[0], 0, LENGTH, 0, "the original");
	NdisAdvanceNetBufferDataStart(nb, 14, TRUE, NULL);
	NdisAdvanceNetBufferDataStart(nb, 150, FALSE, NULL);
	expect_bytes(t, nb, 0, LENGTH - 150, 150, "advanced");
	NdisRetreatNetBufferDataStart(nb, 150, 0, NULL);
	/* A write through the clone is a write to the same bytes */
	byte = NdisGetDataBuffer(nb, 1, NULL, 1, 0);
	*byte ^= 0xff;
	byte = NdisGetDataBuffer(o.nb[0], 1, NULL, 1, 0);
	ktap_expect_eq(t, *byte, (u8)(chain_byte(0) ^ 0xff));
	*byte ^= 0xff;
	NdisFreeCloneNetBufferList(clone, 0);
out:
	original_free(t, &o);
}

CONTRACT_CASE(c6_05, 0)
{
	PNET_BUFFER_LIST list = NdisAllocateNetBufferList(e->list, 0, 0), clone;

	if (!ktap_expect(t, list))
		return;
	/* Nothing to clone is cloned */
	clone = NdisAllocateCloneNetBufferList(list, e->list, e->nb, 0);
	if (ktap_expect(t, clone)) {
		ktap_expect(t, clone != list);
		ktap_expect_ptr(t, clone->FirstNetBuffer, NULL);
		NdisFreeCloneNetBufferList(clone, 0);
	}
	NdisFreeNetBufferList(list);
}

/* Pieces of @max bytes from @start on, each with @header bytes in front */
static void fragment_with(struct ktap *t, struct env *e, u32 start, u32 max,
			  u32 header, u32 backfill, NDIS_HANDLE nbl_pool,
			  NDIS_HANDLE nb_pool)
{
	PNET_BUFFER_LIST list;
	struct original o;
	u32 i = 0, pos = start, n;
	PNET_BUFFER nb;

	if (!original_make(t, e, &o))
		goto out;
	list = NdisAllocateFragmentNetBufferList(o.nbl, nbl_pool, nb_pool,
						 start, max, header, backfill,
						 0);
	if (!ktap_expect(t, list))
		goto out;
	for (nb = list->FirstNetBuffer; nb; nb = nb->Next) {
		if (!ktap_expect(t, i < BUFFERS))
			break;
		n = min(max, LENGTH - pos);
		expect_view(t, nb, n + header, "a fragment");
		expect_bytes(t, nb, header, n, 1000 * i + pos, "a fragment");
		if (header && backfill)
			ktap_expect(t, nb->DataOffset >= backfill);
		fill_bytes(nb, 0, header, 5);
		expect_bytes(t, nb, header, n, 1000 * i + pos,
			     "behind its header");
		pos += n;
		if (pos == LENGTH) {
			pos = start;
			i++;
		}
	}
	ktap_expect_eq(t, i, BUFFERS);
	NdisFreeFragmentNetBufferList(list, header, 0);
out:
	original_free(t, &o);
}

CONTRACT_CASE(c6_06, 0)
{
	fragment_with(t, e, 0, 100, 0, 0, e->list_nb, e->nb);
	fragment_with(t, e, 0, LENGTH, 0, 0, e->list_nb, e->nb);
	fragment_with(t, e, 0, 1000, 0, 0, e->list, e->nb);
	fragment_with(t, e, 0, 7, 0, 0, e->list_nb, e->nb);
	fragment_with(t, e, 34, 101, 0, 0, e->list_nb, e->nb);
	fragment_with(t, e, 0, 128, 0, 0, NULL, NULL);
}

CONTRACT_CASE(c6_07, 0)
{
	fragment_with(t, e, 0, 100, 40, 0, e->list_nb, e->nb);
	fragment_with(t, e, 20, 64, 14, 18, e->list_nb, e->nb);
	fragment_with(t, e, 299, 64, 14, 18, e->list, e->nb);
}

/* Two NET_BUFFERs become one, which begins @start bytes into each */
static void reassemble_with(struct ktap *t, struct env *e, u32 start,
			    u32 header, u32 backfill, NDIS_HANDLE pool)
{
	PNET_BUFFER_LIST list;
	struct original o;
	u32 i, n = LENGTH - start;
	PNET_BUFFER nb;

	if (!original_make(t, e, &o))
		goto out;
	list = NdisAllocateReassembledNetBufferList(o.nbl, pool, start, header,
						    backfill, 0);
	if (!ktap_expect(t, list))
		goto out;
	nb = list->FirstNetBuffer;
	if (ktap_expect(t, nb)) {
		ktap_expect_ptr(t, nb->Next, NULL);
		expect_view(t, nb, header + BUFFERS * n, "reassembled");
		for (i = 0; i < BUFFERS; i++)
			expect_bytes(t, nb, header + i * n, n,
				     1000 * i + start, "reassembled");
		fill_bytes(nb, 0, header, 5);
		expect_bytes(t, nb, header, n, start, "behind its header");
	}
	NdisFreeReassembledNetBufferList(list, header, 0);
out:
	original_free(t, &o);
}

CONTRACT_CASE(c6_08, 0)
{
	reassemble_with(t, e, 0, 0, 0, e->list_nb);
	reassemble_with(t, e, 34, 0, 0, e->list_nb);
	reassemble_with(t, e, 34, 14, 0, e->list_nb);
	reassemble_with(t, e, 20, 14, 18, e->list_nb);
	reassemble_with(t, e, 130, 54, 10, NULL);
}

static const struct ktap_case cases[] = {
	{ "c6.01 clone: same bytes, own MDLs", c6_01 },
	{ "c6.02 clone: with the original's MDLs", c6_02 },
	{ "c6.03 clone: NULL pools", c6_03 },
	{ "c6.04 clone: a view of its own", c6_04 },
	{ "c6.05 clone: a list without NET_BUFFERs", c6_05 },
	{ "c6.06 fragment: pieces of at most the length asked", c6_06 },
	{ "c6.07 fragment: a header in front of each piece", c6_07 },
	{ "c6.08 reassembled: one NET_BUFFER of all", c6_08 },
};

CONTRACT_SECTION(contract_derive);
