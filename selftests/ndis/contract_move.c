// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 4: retreat and advance of one NET_BUFFER, with and without
 * handlers. What counts is the view: the used bytes, and that CurrentMdl and
 * DataOffset name the same one.
 */
#include "contract.h"

static const u32 one[] = { 128 };
static const u32 three[] = { 50, 60, 70 };

/*
 * Handlers get nothing but a size, so what they saw is kept per CPU. A body
 * is not preempted by another that has handlers on the same CPU: softirqs are
 * off while they are in use.
 */
struct handled {
	unsigned int allocated;
	unsigned int freed;
	ULONG asked;		/* by the last call */
	ULONG more;		/* bytes to give beyond what is asked */
	bool refuse;
	PMDL last;
};

static DEFINE_PER_CPU(struct handled, handled);

static struct handled *handlers_begin(void)
{
	struct handled *h;

	local_bh_disable();
	h = this_cpu_ptr(&handled);
	memset(h, 0, sizeof(*h));
	return h;
}

static void handlers_end(void)
{
	local_bh_enable();
}

static PMDL mdl_handler(PULONG size)
{
	struct handled *h = this_cpu_ptr(&handled);
	PVOID va;
	PMDL mdl;

	h->asked = *size;
	if (h->refuse)
		return NULL;
	*size += h->more;
	va = NdisAllocateMemoryWithTagPriority(NULL, *size, CONTRACT_TAG,
					       NormalPoolPriority);
	if (!va)
		return NULL;
	mdl = NdisAllocateMdl(NULL, va, *size);
	if (!mdl) {
		NdisFreeMemory(va, 0, 0);
		return NULL;
	}
	h->allocated++;
	h->last = mdl;
	return mdl;
}

static VOID mdl_free_handler(PMDL mdl)
{
	PVOID va = MmGetMdlVirtualAddress(mdl);

	this_cpu_ptr(&handled)->freed++;
	NdisFreeMdl(mdl);
	NdisFreeMemory(va, 0, 0);
}

CONTRACT_CASE(c4_01, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 1, one, 40, 60);

	if (!nb)
		return;
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 14, 0, NULL),
		       NDIS_STATUS_SUCCESS);
	ktap_expect_eq(t, nb->DataOffset, 26);
	expect_view(t, nb, 74, "after a retreat");
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 26, 99, NULL),
		       NDIS_STATUS_SUCCESS);
	ktap_expect_eq(t, nb->DataOffset, 0);
	ktap_expect_ptr(t, nb->MdlChain, c.mdl[0]);
	expect_view(t, nb, 100, "all headroom used");
	expect_bytes(t, nb, 0, 100, 0, "all headroom used");
	/* Nothing to do is done */
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 0, 0, NULL),
		       NDIS_STATUS_SUCCESS);
	expect_view(t, nb, 100, "a retreat by 0");
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
}

CONTRACT_CASE(c4_02, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 3, three, 120, 60);

	if (!nb)
		return;
	ktap_expect_ptr(t, nb->CurrentMdl, c.mdl[2]);
	NdisRetreatNetBufferDataStart(nb, 20, 0, NULL);
	ktap_expect_ptr(t, nb->CurrentMdl, c.mdl[1]);
	expect_view(t, nb, 80, "in the middle MDL");
	NdisRetreatNetBufferDataStart(nb, 100, 0, NULL);
	ktap_expect_ptr(t, nb->CurrentMdl, c.mdl[0]);
	expect_view(t, nb, 180, "in the first MDL");
	expect_bytes(t, nb, 0, 180, 0, "in the first MDL");
	NdisAdvanceNetBufferDataStart(nb, 50, FALSE, NULL);
	ktap_expect_ptr(t, nb->CurrentMdl, c.mdl[1]);
	ktap_expect_eq(t, nb->CurrentMdlOffset, 0);
	expect_view(t, nb, 130, "forth to an edge");
	expect_bytes(t, nb, 0, 130, 50, "forth to an edge");
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
}

CONTRACT_CASE(c4_03, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 1, one, 0, 100);

	if (!nb)
		return;
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 20, 12, NULL),
		       NDIS_STATUS_SUCCESS);
	ktap_expect(t, nb->MdlChain != c.mdl[0]);
	ktap_expect_ptr(t, nb->MdlChain->Next, c.mdl[0]);
	ktap_expect_eq(t, nb->MdlChain->ByteCount, 32);
	ktap_expect_eq(t, nb->DataOffset, 12);
	expect_view(t, nb, 120, "with a new MDL");
	expect_bytes(t, nb, 20, 100, 0, "with a new MDL");
	fill_bytes(nb, 0, 20, 7);
	expect_bytes(t, nb, 0, 20, 7, "written");
	expect_bytes(t, nb, 20, 100, 0, "behind what was written");
	/* The backfill serves the next retreat */
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 12, 0, NULL),
		       NDIS_STATUS_SUCCESS);
	ktap_expect_eq(t, chain_count(nb->MdlChain), 2);
	expect_view(t, nb, 132, "in the backfill");
	NdisAdvanceNetBufferDataStart(nb, 32, TRUE, NULL);
	ktap_expect_ptr(t, nb->MdlChain, c.mdl[0]);
	expect_view(t, nb, 100, "as before");
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
}

CONTRACT_CASE(c4_04, 0)
{
	struct handled *h = handlers_begin();
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 1, one, 0, 128);
	NET_BUFFER before;

	if (!nb)
		goto out;
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 20, 12, mdl_handler),
		       NDIS_STATUS_SUCCESS);
	ktap_expect_eq(t, h->asked, 32);
	ktap_expect_eq(t, h->allocated, 1);
	ktap_expect_ptr(t, nb->MdlChain, h->last);
	expect_view(t, nb, 148, "from a handler");
	expect_bytes(t, nb, 20, 128, 0, "from a handler");
	/* It may give more than was asked for; used is what was asked for */
	h->more = 100;
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 40, 8, mdl_handler),
		       NDIS_STATUS_SUCCESS);
	expect_view(t, nb, 188, "from a generous handler");
	expect_bytes(t, nb, 60, 128, 0, "from a generous handler");
	NdisAdvanceNetBufferDataStart(nb, 60, TRUE, mdl_free_handler);

	/* The backfill is a wish: without it there is still enough */
	h->more = -8;
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 40, 8, mdl_handler),
		       NDIS_STATUS_SUCCESS);
	ktap_expect_eq(t, nb->DataOffset, 0);
	expect_view(t, nb, 168, "without backfill");
	NdisAdvanceNetBufferDataStart(nb, 40, TRUE, mdl_free_handler);
	/* One byte less is refused, and the MDL is still the handler's */
	h->more = -9;
	before = *nb;
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 40, 8, mdl_handler),
		       NDIS_STATUS_RESOURCES);
	ktap_expect(t, !memcmp(&before, nb, sizeof(before)));
	mdl_free_handler(h->last);

	ktap_expect_eq(t, h->freed, h->allocated);
	ktap_expect_ptr(t, nb->MdlChain, c.mdl[0]);
	expect_view(t, nb, 128, "as before");
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
out:
	handlers_end();
}

CONTRACT_CASE(c4_05, 0)
{
	PNET_BUFFER nb = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);

	if (!ktap_expect(t, nb))
		return;
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 42, 0, NULL),
		       NDIS_STATUS_SUCCESS);
	ktap_expect_eq(t, chain_count(nb->MdlChain), 1);
	ktap_expect_eq(t, chain_room(nb->MdlChain), 42);
	ktap_expect_eq(t, nb->DataOffset, 0);
	expect_view(t, nb, 42, "of an empty NET_BUFFER");
	fill_bytes(nb, 0, 42, 3);
	expect_bytes(t, nb, 0, 42, 3, "of an empty NET_BUFFER");
	NdisAdvanceNetBufferDataStart(nb, 42, TRUE, NULL);
	ktap_expect_ptr(t, nb->MdlChain, NULL);
	expect_view(t, nb, 0, "empty again");
	NdisFreeNetBuffer(nb);
}

/* Where the bytes come to lie is ours to choose; that they are all there not */
CONTRACT_CASE(c4_06, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 1, one, 10, 100);

	if (!nb)
		return;
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 30, 6, NULL),
		       NDIS_STATUS_SUCCESS);
	expect_view(t, nb, 130, "more than the headroom");
	expect_bytes(t, nb, 30, 100, 10, "more than the headroom");
	fill_bytes(nb, 0, 30, 200);
	expect_bytes(t, nb, 0, 30, 200, "written");
	expect_bytes(t, nb, 30, 100, 10, "behind what was written");
	NdisAdvanceNetBufferDataStart(nb, 30, TRUE, NULL);
	expect_view(t, nb, 100, "as before");
	expect_bytes(t, nb, 0, 100, 10, "as before");
	ktap_expect_ptr(t, nb->MdlChain, c.mdl[0]);
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
}

CONTRACT_CASE(c4_07, 0)
{
	struct handled *h = handlers_begin();
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 2, three, 5, 80);
	NET_BUFFER before;

	if (!nb)
		goto out;
	before = *nb;
	h->refuse = true;
	ktap_expect_eq(t, NdisRetreatNetBufferDataStart(nb, 64, 8, mdl_handler),
		       NDIS_STATUS_RESOURCES);
	ktap_expect(t, h->asked >= 64 - 5);
	ktap_expect(t, !memcmp(&before, nb, sizeof(before)));
	expect_bytes(t, nb, 0, 80, 5, "after a failure");
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
out:
	handlers_end();
}

CONTRACT_CASE(c4_08, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 3, three, 0, 180);

	if (!nb)
		return;
	/* None of these MDLs was made by a retreat */
	NdisAdvanceNetBufferDataStart(nb, 55, TRUE, NULL);
	ktap_expect_ptr(t, nb->MdlChain, c.mdl[0]);
	ktap_expect_eq(t, nb->DataOffset, 55);
	expect_view(t, nb, 125, "over the caller's MDLs");
	expect_bytes(t, nb, 0, 125, 55, "over the caller's MDLs");
	NdisAdvanceNetBufferDataStart(nb, 125, TRUE, NULL);
	ktap_expect_eq(t, chain_count(nb->MdlChain), 3);
	expect_view(t, nb, 0, "to the end");
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
}

CONTRACT_CASE(c4_09, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 1, one, 0, 100);
	PMDL made;

	if (!nb)
		return;
	NdisRetreatNetBufferDataStart(nb, 20, 0, NULL);
	made = nb->MdlChain;
	fill_bytes(nb, 0, 20, 77);
	NdisAdvanceNetBufferDataStart(nb, 20, FALSE, NULL);
	ktap_expect_ptr(t, nb->MdlChain, made);
	ktap_expect_eq(t, nb->DataOffset, 20);
	expect_view(t, nb, 100, "the MDL kept");
	/* and it is there for the next */
	NdisRetreatNetBufferDataStart(nb, 20, 0, NULL);
	ktap_expect_ptr(t, nb->MdlChain, made);
	expect_view(t, nb, 120, "the MDL used again");
	expect_bytes(t, nb, 0, 20, 77, "the MDL used again");
	NdisAdvanceNetBufferDataStart(nb, 20, TRUE, NULL);
	ktap_expect_ptr(t, nb->MdlChain, c.mdl[0]);
	NdisFreeNetBuffer(nb);
	chain_free(&c);
}

CONTRACT_CASE(c4_10, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 1, one, 0, 128);

	if (!nb)
		return;
	NdisRetreatNetBufferDataStart(nb, 20, 0, NULL);
	NdisRetreatNetBufferDataStart(nb, 30, 0, NULL);
	ktap_expect_eq(t, chain_count(nb->MdlChain), 3);
	/* Into the second: the first goes, the second is in use */
	NdisAdvanceNetBufferDataStart(nb, 35, TRUE, NULL);
	ktap_expect_eq(t, chain_count(nb->MdlChain), 2);
	ktap_expect_eq(t, nb->DataOffset, 5);
	expect_view(t, nb, 143, "one MDL less");
	NdisAdvanceNetBufferDataStart(nb, 15 + 28, TRUE, NULL);
	ktap_expect_ptr(t, nb->MdlChain, c.mdl[0]);
	ktap_expect_eq(t, nb->DataOffset, 28);
	expect_view(t, nb, 100, "two MDLs less");
	expect_bytes(t, nb, 0, 100, 28, "two MDLs less");
	NdisFreeNetBuffer(nb);
	chain_free(&c);
}

CONTRACT_CASE(c4_11, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 3, three, 10, 170);
	NET_BUFFER before;
	u32 step;

	if (!nb)
		return;
	before = *nb;
	for (step = 1; step <= 170; step += 13) {
		u32 moved;

		for (moved = 0; moved + step <= 170; moved += step)
			NdisAdvanceNetBufferDataStart(nb, step, FALSE, NULL);
		NdisAdvanceNetBufferDataStart(nb, 170 - moved, FALSE, NULL);
		expect_view(t, nb, 0, "at the end");
		ktap_expect(t, nb->CurrentMdl);
		NdisRetreatNetBufferDataStart(nb, 170, 0, NULL);
		ktap_expect(t, !memcmp(&before, nb, sizeof(before)));
	}
	NdisFreeNetBuffer(nb);
	chain_free(&c);
}

CONTRACT_CASE(c4_12, 0)
{
	PNET_BUFFER nb = NdisAllocateNetBufferMdlAndData(e->nb_data);
	PMDL bundled;

	if (!ktap_expect(t, nb))
		return;
	bundled = nb->MdlChain;
	NdisRetreatNetBufferDataStart(nb, nb->DataOffset, 0, NULL);
	NdisRetreatNetBufferDataStart(nb, 64, 32, NULL);
	ktap_expect_eq(t, chain_count(nb->MdlChain), 2);
	NdisRetreatNetBufferDataStart(nb, nb->DataOffset, 0, NULL);
	NdisAdvanceNetBufferDataStart(nb, nb->DataLength, TRUE, NULL);
	ktap_expect_ptr(t, nb->MdlChain, bundled);
	ktap_expect_ptr(t, bundled->Next, NULL);
	ktap_expect_eq(t, nb->DataOffset, CONTRACT_DATA);
	expect_view(t, nb, 0, "nothing left behind");
	NdisFreeNetBuffer(nb);
}

CONTRACT_CASE(c4_13, CONTRACT_MISUSE)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 1, one, 20, 100);
	NET_BUFFER before;

	if (!nb)
		return;
	before = *nb;
	NdisAdvanceNetBufferDataStart(nb, 101, FALSE, NULL);
	ktap_expect(t, !memcmp(&before, nb, sizeof(before)));
	NdisAdvanceNetBufferDataStart(nb, 0xffffffff, TRUE, NULL);
	ktap_expect(t, !memcmp(&before, nb, sizeof(before)));
	NdisFreeNetBuffer(nb);
	chain_free(&c);
}

static const struct ktap_case cases[] = {
	{ "c4.01 retreat within the unused space", c4_01 },
	{ "c4.02 retreat and advance over MDLs", c4_02 },
	{ "c4.03 retreat makes an MDL, backfill in front", c4_03 },
	{ "c4.04 the allocation handler's size goes in and out", c4_04 },
	{ "c4.05 an empty NET_BUFFER gets exactly what is asked", c4_05 },
	{ "c4.06 partial headroom: the logical bytes count", c4_06 },
	{ "c4.07 a retreat that fails touches nothing", c4_07 },
	{ "c4.08 advance frees no MDL of the caller's", c4_08 },
	{ "c4.09 advance keeps MDLs unless FreeMdl", c4_09 },
	{ "c4.10 DataOffset is relative to the shorter chain", c4_10 },
	{ "c4.11 to the end and back restores the view", c4_11 },
	{ "c4.12 retreat all, advance all: no MDL left", c4_12 },
	{ "c4.13 advance past the end changes nothing", c4_13 },
};

CONTRACT_SECTION(contract_move);
