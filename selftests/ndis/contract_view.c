// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 4: what only looks at data: adjust, get, copy, count.
 */
#include "contract.h"

static const u32 one[] = { 200 };
static const u32 two[] = { 100, 200 };
static const u32 holes[] = { 0, 60, 0, 60 };

CONTRACT_CASE(c4_18, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 4, holes, 0, 120);
	u32 offset;

	if (!nb)
		return;
	for (offset = 0; offset <= 120; offset += 5) {
		nb->DataOffset = offset;
		nb->DataLength = 120 - offset;
		nb->CurrentMdl = NULL;
		nb->CurrentMdlOffset = 0xffffffff;
		NdisAdjustNetBufferCurrentMdl(nb);
		expect_view(t, nb, 120 - offset, "adjusted");
		ktap_expect_ptr(t, nb->CurrentMdl, c.mdl[offset < 60 ? 1 : 3]);
	}
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
}

CONTRACT_CASE(c4_19, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 2, two, 10, 150);
	u8 storage[160];

	if (!nb)
		return;
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 151, storage, 1, 0), NULL);
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 0xffffffff, storage, 1, 0),
			NULL);
	ktap_expect(t, NdisGetDataBuffer(nb, 150, storage, 1, 0));
	NdisFreeNetBuffer(nb);
	chain_free(&c);
}

CONTRACT_CASE(c4_20, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 2, two, 10, 290);
	u8 *va;

	if (!nb)
		return;
	va = c.mdl[0]->MappedSystemVa;
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 1, NULL, 1, 0), va + 10);
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 90, NULL, 1, 0), va + 10);
	/* Storage is not used when there is no need for it */
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 90, e->mem, 1, 0), va + 10);
	NdisAdvanceNetBufferDataStart(nb, 90, FALSE, NULL);
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 200, NULL, 1, 0),
			c.mdl[1]->MappedSystemVa);
	NdisFreeNetBuffer(nb);
	chain_free(&c);
}

CONTRACT_CASE(c4_21, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 2, two, 10, 290);
	u8 storage[128];
	u32 i;

	if (!nb)
		return;
	memset(storage, 0, sizeof(storage));
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 91, NULL, 1, 0), NULL);
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 120, storage, 1, 0), storage);
	for (i = 0; i < 120; i++)
		if (!ktap_expect_eq(t, storage[i], chain_byte(10 + i)))
			break;
	/* and no byte more */
	ktap_expect_eq(t, storage[120], 0);
	NdisFreeNetBuffer(nb);
	chain_unchanged(t, &c);
	chain_free(&c);
}

CONTRACT_CASE(c4_22, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 1, one, 3, 197);
	u8 storage[64];
	uintptr_t va;
	u32 multiple;

	if (!nb)
		return;
	va = (uintptr_t)c.mdl[0]->MappedSystemVa + 3;
	for (multiple = 1; multiple <= 8192; multiple *= 2) {
		u32 offset = va % multiple;

		ktap_expect_ptr(t, NdisGetDataBuffer(nb, 60, NULL, multiple,
						     offset), (void *)va);
		if (multiple == 1)
			continue;
		offset = (offset + 1) % multiple;
		ktap_expect_ptr(t, NdisGetDataBuffer(nb, 60, NULL, multiple,
						     offset), NULL);
		memset(storage, 0, sizeof(storage));
		ktap_expect_ptr(t, NdisGetDataBuffer(nb, 60, storage, multiple,
						     offset), storage);
		ktap_expect(t, !memcmp(storage, (void *)va, 60));
	}
	NdisFreeNetBuffer(nb);
	chain_free(&c);
}

CONTRACT_CASE(c4_23, 0)
{
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 4, holes, 0, 120);
	u8 storage[128];
	u32 i;

	if (!nb)
		return;
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 60, NULL, 1, 0),
			c.mdl[1]->MappedSystemVa);
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 120, storage, 1, 0), storage);
	for (i = 0; i < 120; i++)
		if (!ktap_expect_eq(t, storage[i], chain_byte(i)))
			break;
	/* CurrentMdl at the end of a full MDL: the bytes are behind the hole */
	nb->CurrentMdl = c.mdl[1];
	nb->CurrentMdlOffset = 60;
	nb->DataOffset = 60;
	nb->DataLength = 60;
	ktap_expect_ptr(t, NdisGetDataBuffer(nb, 60, NULL, 1, 0),
			c.mdl[3]->MappedSystemVa);
	NdisFreeNetBuffer(nb);
	chain_free(&c);
}

/* --- copies ---------------------------------------------------------------------- */

struct copy {
	struct chain chain;
	PNET_BUFFER src, dst;
	NET_BUFFER before;
	u8 *room;		/* of dst, CONTRACT_DATA bytes */
};

/* From a chain in three pieces to one buffer with 100 bytes of headroom */
static bool copy_begin(struct ktap *t, struct env *e, struct copy *c)
{
	static const u32 pieces[] = { 40, 0, 100, 60 };

	c->src = nb_over_chain(t, e, &c->chain, 4, pieces, 10, 190);
	if (!c->src)
		return false;
	c->dst = NdisAllocateNetBufferMdlAndData(e->nb_data);
	if (!ktap_expect(t, c->dst)) {
		NdisFreeNetBuffer(c->src);
		chain_free(&c->chain);
		return false;
	}
	c->room = c->dst->MdlChain->MappedSystemVa;
	memset(c->room, 0, CONTRACT_DATA);
	NdisRetreatNetBufferDataStart(c->dst, CONTRACT_DATA - 100, 0, NULL);
	c->dst->DataLength = 20;
	c->before = *c->dst;
	return true;
}

static void copy_end(struct ktap *t, struct copy *c)
{
	ktap_expect(t, !memcmp(&c->before, c->dst, sizeof(c->before)));
	NdisFreeNetBuffer(c->dst);
	NdisFreeNetBuffer(c->src);
	chain_unchanged(t, &c->chain);
	chain_free(&c->chain);
}

static void expect_copied(struct ktap *t, struct copy *c, u32 dst, u32 n,
			  u32 src, u32 want)
{
	ULONG copied = 0xdead;
	u32 i;

	memset(c->room, 0, CONTRACT_DATA);
	ktap_expect_eq(t, NdisCopyFromNetBufferToNetBuffer(c->dst, dst, n,
							   c->src, src, &copied),
		       NDIS_STATUS_SUCCESS);
	ktap_expect_eq(t, copied, want);
	for (i = 0; i < CONTRACT_DATA; i++) {
		bool in = i >= 100 + dst && i < 100 + dst + want;
		u8 byte = in ? chain_byte(10 + src + i - 100 - dst) : 0;

		if (!ktap_expect_eq(t, c->room[i], byte)) {
			ktap_diag(t, "byte %u of %u to %u", i, n, dst);
			break;
		}
	}
}

CONTRACT_CASE(c4_24, 0)
{
	struct copy c;

	if (!copy_begin(t, e, &c))
		return;
	expect_copied(t, &c, 0, 190, 0, 190);
	expect_copied(t, &c, 5, 20, 0, 20);
	expect_copied(t, &c, 5, 60, 25, 60);
	expect_copied(t, &c, 0, 1, 189, 1);
	expect_copied(t, &c, 0, 0, 0, 0);
	copy_end(t, &c);
}

CONTRACT_CASE(c4_25, 0)
{
	struct copy c;

	if (!copy_begin(t, e, &c))
		return;
	/* DataLength is 20, the MDL has 412 bytes from here */
	expect_copied(t, &c, 200, 190, 0, 190);
	expect_copied(t, &c, CONTRACT_DATA - 101, 1, 0, 1);
	copy_end(t, &c);
}

CONTRACT_CASE(c4_26, 0)
{
	struct copy c;

	if (!copy_begin(t, e, &c))
		return;
	expect_copied(t, &c, 0, 500, 0, 190);		/* source ends */
	expect_copied(t, &c, 0, 500, 100, 90);
	expect_copied(t, &c, 312, 190, 0, 100);		/* room ends */
	expect_copied(t, &c, 412, 10, 0, 0);
	expect_copied(t, &c, 0, 10, 190, 0);
	copy_end(t, &c);
}

CONTRACT_CASE(c4_27, 0)
{
	struct copy c;
	ULONG copied;

	if (!copy_begin(t, e, &c))
		return;
	/* Whatever is asked for, no field of the destination changes */
	NdisCopyFromNetBufferToNetBuffer(c.dst, 0, 0xffffffff, c.src, 0,
					 &copied);
	NdisCopyFromNetBufferToNetBuffer(c.dst, 0xffffffff, 10, c.src, 0,
					 &copied);
	NdisCopyFromNetBufferToNetBuffer(c.dst, 0, 10, c.src, 0xffffffff,
					 &copied);
	ktap_expect_eq(t, copied, 0);
	copy_end(t, &c);
}

/* Pages that the used bytes touch, counted one by one */
static u32 pages_touched(const NET_BUFFER *nb)
{
	u32 pages = 0, skip = nb->DataOffset, left = nb->DataLength;
	const MDL *mdl;

	for (mdl = nb->MdlChain; mdl && left; mdl = mdl->Next) {
		uintptr_t va = (uintptr_t)mdl->MappedSystemVa;
		u32 n = mdl->ByteCount;

		if (skip >= n) {
			skip -= n;
			continue;
		}
		va += skip;
		n = min(n - skip, left);
		skip = 0;
		left -= n;
		pages += DIV_ROUND_UP(offset_in_page(va) + n, PAGE_SIZE);
	}
	return pages;
}

CONTRACT_CASE(c4_28, 0)
{
	static const u32 long_one[] = { 3 * PAGE_SIZE + 100 };
	struct chain c;
	PNET_BUFFER nb = nb_over_chain(t, e, &c, 4, holes, 0, 120);

	if (!nb)
		return;
	ktap_expect(t, NdisQueryNetBufferPhysicalCount(nb) >= pages_touched(nb));
	NdisFreeNetBuffer(nb);
	chain_free(&c);

	nb = nb_over_chain(t, e, &c, 1, long_one, 50, 3 * PAGE_SIZE);
	if (!nb)
		return;
	ktap_expect_eq(t, pages_touched(nb), 4);
	ktap_expect(t, NdisQueryNetBufferPhysicalCount(nb) >= 4);
	/* A bound that is any use */
	ktap_expect(t, NdisQueryNetBufferPhysicalCount(nb) <= 5);
	NdisFreeNetBuffer(nb);
	chain_free(&c);
}

static const struct ktap_case cases[] = {
	{ "c4.18 adjust finds CurrentMdl again", c4_18 },
	{ "c4.19 get: more than there is", c4_19 },
	{ "c4.20 get: a pointer when it is in one piece", c4_20 },
	{ "c4.21 get: a copy when it is not", c4_21 },
	{ "c4.22 get: alignment of 1 to 8192", c4_22 },
	{ "c4.23 get: empty MDLs are skipped", c4_23 },
	{ "c4.24 copy: offsets from each data start", c4_24 },
	{ "c4.25 copy: room is what the MDLs have", c4_25 },
	{ "c4.26 copy: a short one is a success", c4_26 },
	{ "c4.27 copy: no field of the destination changes", c4_27 },
	{ "c4.28 physical count is an upper bound", c4_28 },
};

CONTRACT_SECTION(contract_view);
