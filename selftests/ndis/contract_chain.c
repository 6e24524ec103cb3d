// SPDX-License-Identifier: GPL-2.0-only
/*
 * MDL chains of the caller's over memory with known bytes, and the view that a
 * NET_BUFFER has on its chain, walked anew instead of believed.
 */
#include "contract.h"

/* Between the MDLs' pieces of memory, so that no two of them touch */
#define PIECE	(CONTRACT_MEM / CHAIN_MDLS)

/**
 * chain_make() - a chain with known bytes
 * @t: test
 * @e: whose memory
 * @c: receives it
 * @nr: MDLs, at most CHAIN_MDLS
 * @bytes: length of each; may be 0
 *
 * Return: the first MDL; NULL for none, or when memory is exhausted.
 */
PMDL chain_make(struct ktap *t, struct env *e, struct chain *c,
		unsigned int nr, const u32 *bytes)
{
	u32 i, k, pos = 0;
	u8 *va;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < nr; i++) {
		/* Each begins elsewhere in its page */
		va = e->mem + i * PIECE + 16 * i;
		c->mdl[i] = NdisAllocateMdl(NULL, va, max(bytes[i], 1U));
		if (!ktap_expect(t, c->mdl[i])) {
			chain_free(c);
			return NULL;
		}
		c->nr++;
		NdisAdjustMdlLength(c->mdl[i], bytes[i]);
		if (i)
			NDIS_MDL_LINKAGE(c->mdl[i - 1]) = c->mdl[i];
		for (k = 0; k < bytes[i]; k++)
			va[k] = chain_byte(pos++);
	}
	for (i = 0; i < nr; i++)
		c->before[i] = *c->mdl[i];
	return c->mdl[0];
}

void chain_free(struct chain *c)
{
	while (c->nr)
		NdisFreeMdl(c->mdl[--c->nr]);
}

/* The chain stays the caller's: no descriptor of it was written */
void chain_unchanged(struct ktap *t, const struct chain *c)
{
	unsigned int i;

	for (i = 0; i < c->nr; i++)
		ktap_expect(t, !memcmp(&c->before[i], c->mdl[i], sizeof(MDL)));
}

u32 chain_room(const MDL *mdl)
{
	u32 room = 0;

	for (; mdl; mdl = mdl->Next)
		room += mdl->ByteCount;
	return room;
}

unsigned int chain_count(const MDL *mdl)
{
	unsigned int n = 0;

	for (; mdl; mdl = mdl->Next)
		n++;
	return n;
}

/* A NET_BUFFER of the NB pool over a new chain, or NULL with nothing left */
PNET_BUFFER nb_over_chain(struct ktap *t, struct env *e, struct chain *c,
			  unsigned int nr, const u32 *bytes, u32 offset,
			  u32 length)
{
	PMDL first = chain_make(t, e, c, nr, bytes);
	PNET_BUFFER nb;

	if (nr && !first)
		return NULL;
	nb = NdisAllocateNetBuffer(e->nb, first, offset, length);
	if (!ktap_expect(t, nb))
		chain_free(c);
	return nb;
}

/* --- the view ------------------------------------------------------------------- */

/* Where byte @pos of the chain lies, and how many follow it in the same MDL */
static u8 *chain_at(const MDL *mdl, u32 pos, u32 *left)
{
	while (mdl && pos >= mdl->ByteCount) {
		pos -= mdl->ByteCount;
		mdl = mdl->Next;
	}
	if (!mdl)
		return NULL;
	*left = mdl->ByteCount - pos;
	return (u8 *)mdl->MappedSystemVa + pos;
}

/* CurrentMdl and its offset name the byte at DataOffset; the chain has room */
static const char *view_wrong(const NET_BUFFER *nb)
{
	const MDL *mdl;
	u32 before = 0;

	if (!nb->MdlChain) {
		return nb->CurrentMdl || nb->CurrentMdlOffset ||
		       nb->DataOffset || nb->stDataLength ?
		       "a view on no chain" : NULL;
	}
	for (mdl = nb->MdlChain; mdl != nb->CurrentMdl; mdl = mdl->Next) {
		if (!mdl)
			return "CurrentMdl outside the chain";
		before += mdl->ByteCount;
	}
	if (nb->CurrentMdlOffset > mdl->ByteCount)
		return "CurrentMdlOffset outside CurrentMdl";
	if (before + nb->CurrentMdlOffset != nb->DataOffset)
		return "CurrentMdl and DataOffset name different bytes";
	/* Only the end of the last MDL may be pointed at */
	if (nb->CurrentMdlOffset == mdl->ByteCount && mdl->Next &&
	    nb->DataLength)
		return "CurrentMdl does not hold the first byte";
	if (chain_room(nb->MdlChain) < (u64)nb->DataOffset + nb->stDataLength)
		return "data beyond the chain";
	return NULL;
}

bool expect_view(struct ktap *t, const NET_BUFFER *nb, u32 length,
		 const char *when)
{
	const char *wrong = view_wrong(nb);

	if (!wrong && nb->stDataLength != length)
		wrong = "DataLength";
	if (wrong)
		ktap_fail(t, __FILE__, __LINE__,
			  "%s: %s (offset %u, length %zu not %u, current %u)",
			  when, wrong, nb->DataOffset, nb->stDataLength, length,
			  nb->CurrentMdlOffset);
	return !wrong;
}

/* Used bytes @pos.. are those that chain_byte() gives from @from on */
bool expect_bytes(struct ktap *t, const NET_BUFFER *nb, u32 pos, u32 n,
		  u32 from, const char *when)
{
	u32 i, k, left;
	const u8 *va;

	for (i = 0; i < n; i += left) {
		va = chain_at(nb->MdlChain, nb->DataOffset + pos + i, &left);
		if (!va) {
			ktap_fail(t, __FILE__, __LINE__,
				  "%s: no byte %u in the chain", when, pos + i);
			return false;
		}
		left = min(left, n - i);
		for (k = 0; k < left; k++) {
			if (va[k] == chain_byte(from + i + k))
				continue;
			ktap_fail(t, __FILE__, __LINE__,
				  "%s: byte %u is %02x, not %02x", when,
				  pos + i + k, va[k], chain_byte(from + i + k));
			return false;
		}
	}
	return true;
}

void fill_bytes(const NET_BUFFER *nb, u32 pos, u32 n, u32 from)
{
	u32 i, k, left;
	u8 *va;

	for (i = 0; i < n; i += left) {
		va = chain_at(nb->MdlChain, nb->DataOffset + pos + i, &left);
		if (!va)
			return;
		left = min(left, n - i);
		for (k = 0; k < left; k++)
			va[k] = chain_byte(from + i + k);
	}
}
