// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists made from lists, over the same bytes: a clone has the same packets, a
 * fragment list has each packet cut into pieces, a reassembled one has all
 * pieces joined to one packet. Only descriptors are made, no byte is copied.
 *
 *   original:   NB  [MDL 100][MDL 400]          NB [MDL 60]
 *   clone:      NB' [part   ][part   ]          NB' [part ]
 *   fragments:  NB1 [part 100][part 100] NB2 [part 200] NB3 [part 100] NB4 ...
 *
 * What was derived is on record in the list's private state, so that it is
 * freed as what it is, by whatever function it is freed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <ndis.h>

#include "family.h"

/* struct ndis_obj.derived */
enum ndis_derived {
	NDIS_DERIVED_NOT,
	NDIS_DERIVED_CLONE,
	NDIS_DERIVED_CLONE_MDLS,	/* with the original's MDLs */
	NDIS_DERIVED_FRAGMENT,
	NDIS_DERIVED_REASSEMBLED,
};

/* For callers that name no pool */
static struct ndis_pool *ndis_derived_lists, *ndis_derived_nbs;

/* A derived list in the making: its NET_BUFFERs come one after the other */
struct ndis_deriver {
	struct net_buffer_list *nbl;
	struct ndis_pool *nbs;
	struct net_buffer **end;	/* where the next one is linked */
	bool embedded_used;
};

int ndis_derive_init(void)
{
	struct ndis_pool_params params = {
		.tag = NDIS_POOL_TAG('N', 'D', 'd', 'r'),
		.alloc_nb = true,
		.internal = true,
	};

	ndis_derived_lists = ndis_nbl_pool_create(&params);
	if (IS_ERR(ndis_derived_lists))
		return PTR_ERR(ndis_derived_lists);

	ndis_derived_nbs = ndis_nb_pool_create(&params);
	if (IS_ERR(ndis_derived_nbs)) {
		ndis_nbl_pool_destroy(ndis_derived_lists);
		return PTR_ERR(ndis_derived_nbs);
	}
	return 0;
}

void ndis_derive_exit(void)
{
	ndis_nb_pool_destroy(ndis_derived_nbs);
	ndis_nbl_pool_destroy(ndis_derived_lists);
}

/* --- making ---------------------------------------------------------------------- */

/* Return: false, said and refused, for pools of another kind */
static bool ndis_derive_begin(struct ndis_deriver *d, NDIS_HANDLE lists,
			      NDIS_HANDLE nbs, enum ndis_derived derived,
			      void *caller)
{
	struct ndis_pool *list_pool = lists ?: ndis_derived_lists;

	d->nbs = nbs ?: ndis_derived_nbs;
	if (list_pool->kind > NDIS_KIND_LIST_NB ||
	    d->nbs->kind != NDIS_KIND_NB) {
		ndis_misuse(list_pool, "%pS derives a list from pools of another kind",
			    caller);
		return false;
	}

	d->nbl = NdisAllocateNetBufferList(list_pool, 0, 0);
	if (!d->nbl)
		return false;
	ndis_nbl_obj(d->nbl)->obj.derived = derived;
	d->end = &d->nbl->FirstNetBuffer;
	d->embedded_used = !d->nbl->FirstNetBuffer;
	return true;
}

/* Return: the next NET_BUFFER, empty, linked behind the last; or NULL */
static struct net_buffer *ndis_derive_nb(struct ndis_deriver *d)
{
	struct net_buffer *nb;

	if (!d->embedded_used) {
		nb = *d->end;
		d->embedded_used = true;
	} else {
		nb = NdisAllocateNetBuffer(d->nbs, NULL, 0, 0);
	}
	if (!nb)
		return NULL;
	*d->end = nb;
	d->end = &nb->Next;
	return nb;
}

/*
 * Descriptors of @length bytes of @from, @start behind its data start, to the
 * end of @nb's chain. Return: false without memory, or if @from has not as many.
 */
static bool ndis_derive_mdls(struct net_buffer *nb, const struct net_buffer *from,
			     u32 start, u32 length)
{
	struct ndis_mdl **end = &nb->MdlChain, *mdl = from->CurrentMdl;
	u64 skip = (u64)from->CurrentMdlOffset + start;
	u32 run;

	nb->stDataLength = nb->DataLength + length;
	while (*end)
		end = &(*end)->Next;
	for (; length; mdl = mdl->Next) {
		if (!mdl)
			return false;
		if (skip >= mdl->ByteCount) {
			skip -= mdl->ByteCount;
			continue;
		}
		run = min_t(u32, mdl->ByteCount - skip, length);
		*end = ndis_mdl_part(mdl, skip, run);
		if (!*end)
			return false;
		end = &(*end)->Next;
		length -= run;
		skip = 0;
	}
	nb->CurrentMdl = nb->MdlChain;
	return true;
}

/* --- freeing ---------------------------------------------------------------------- */

/* The descriptors that were made for @nb; what its owner has added stays */
static void ndis_derive_free_mdls(struct net_buffer *nb)
{
	struct ndis_mdl **pos = &nb->MdlChain, *mdl, *next;

	while ((mdl = *pos)) {
		next = mdl->Next;
		if (ndis_mdl_put_part(mdl))
			*pos = next;
		else
			pos = &mdl->Next;
	}
	nb->CurrentMdl = NULL;
}

static void ndis_derive_free(struct net_buffer_list *nbl)
{
	struct ndis_obj *obj = &ndis_nbl_obj(nbl)->obj;
	struct net_buffer *nb, *next;
	bool parts = obj->derived != NDIS_DERIVED_CLONE_MDLS;

	obj->derived = NDIS_DERIVED_NOT;
	for (nb = nbl->FirstNetBuffer; nb; nb = next) {
		next = nb->Next;
		if (parts)
			ndis_derive_free_mdls(nb);
		nb->Next = NULL;
		if (!ndis_nb_embedded(nb))
			NdisFreeNetBuffer(nb);
	}
	nbl->FirstNetBuffer = NULL;
	NdisFreeNetBufferList(nbl);
}

/* Return: true, all done, if NdisFreeNetBufferList() was given a derived list */
bool ndis_derived_free(struct net_buffer_list *nbl)
{
	if (likely(ndis_nbl_obj(nbl)->obj.derived == NDIS_DERIVED_NOT))
		return false;

	ndis_misuse(ndis_nbl_pool(nbl), "a derived list is freed as a plain one");
	ndis_derive_free(nbl);
	return true;
}

/* Return: false for a list that was made by another function, or by none */
static bool ndis_derived_is(struct net_buffer_list *nbl, bool ours,
			    void *caller)
{
	if (!ours)
		ndis_misuse(ndis_nbl_pool(nbl), "%pS frees a list as what it is not derived as",
			    caller);
	return ours;
}

/* The data that the function itself has put in front, no more */
static void ndis_derive_advance(struct net_buffer_list *nbl, u32 delta)
{
	struct net_buffer *nb;

	for (nb = nbl->FirstNetBuffer; nb; nb = nb->Next)
		NdisAdvanceNetBufferDataStart(nb, delta, TRUE, NULL);
}

/* --- clone ------------------------------------------------------------------------- */

static bool ndis_clone_nb(struct ndis_deriver *d, const struct net_buffer *from,
			  ULONG flags)
{
	struct net_buffer *nb = ndis_derive_nb(d);

	if (!nb)
		return false;
	if (!(flags & NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS))
		return ndis_derive_mdls(nb, from, 0, from->DataLength);

	nb->MdlChain = from->MdlChain;
	nb->CurrentMdl = from->CurrentMdl;
	nb->CurrentMdlOffset = from->CurrentMdlOffset;
	nb->DataOffset = from->DataOffset;
	nb->stDataLength = from->DataLength;
	return true;
}

/**
 * NdisAllocateCloneNetBufferList() - a second list of the same data
 * @OriginalNetBufferList: list; Next is not followed
 * @NetBufferListPoolHandle: pool without data; NULL: NDIS's own
 * @NetBufferPoolHandle: pool without data, for the second NET_BUFFER and those
 *	after it; NULL: NDIS's own
 * @AllocateCloneFlags: NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS or 0
 *
 * From the start of the used data, without what is in front of it, unless the
 * original's MDLs are used. Slots are not copied; ParentNetBufferList and
 * ChildRefCount are the caller's to keep. The original must stay until the
 * clone is freed.
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: the clone, or NULL.
 */
PNET_BUFFER_LIST
NdisAllocateCloneNetBufferList(PNET_BUFFER_LIST OriginalNetBufferList,
			       NDIS_HANDLE NetBufferListPoolHandle,
			       NDIS_HANDLE NetBufferPoolHandle,
			       ULONG AllocateCloneFlags)
{
	bool originals = AllocateCloneFlags & NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS;
	const struct net_buffer *nb;
	struct ndis_deriver d;

	if (!OriginalNetBufferList ||
	    AllocateCloneFlags & ~(NDIS_CLONE_FLAGS_RESERVED |
				   NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS)) {
		ndis_refuse("clones %p with flags %#x", OriginalNetBufferList,
			    AllocateCloneFlags);
		return NULL;
	}
	if (!ndis_derive_begin(&d, NetBufferListPoolHandle, NetBufferPoolHandle,
			       originals ? NDIS_DERIVED_CLONE_MDLS
					 : NDIS_DERIVED_CLONE,
			       __builtin_return_address(0)))
		return NULL;

	for (nb = OriginalNetBufferList->FirstNetBuffer; nb; nb = nb->Next)
		if (!ndis_clone_nb(&d, nb, AllocateCloneFlags)) {
			ndis_derive_free(d.nbl);
			return NULL;
		}
	if (!OriginalNetBufferList->FirstNetBuffer)
		d.nbl->FirstNetBuffer = NULL;
	return d.nbl;
}
EXPORT_SYMBOL_GPL(NdisAllocateCloneNetBufferList);

/**
 * NdisFreeCloneNetBufferList() - free a clone, its NET_BUFFERs and its MDLs
 * @CloneNetBufferList: from NdisAllocateCloneNetBufferList()
 * @FreeCloneFlags: as it was allocated with; others are reported and ignored
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisFreeCloneNetBufferList(PNET_BUFFER_LIST CloneNetBufferList,
				ULONG FreeCloneFlags)
{
	u8 derived;

	if (!CloneNetBufferList) {
		ndis_refuse("frees no clone");
		return;
	}

	derived = ndis_nbl_obj(CloneNetBufferList)->obj.derived;
	if (!ndis_derived_is(CloneNetBufferList,
			     derived == NDIS_DERIVED_CLONE ||
			     derived == NDIS_DERIVED_CLONE_MDLS,
			     __builtin_return_address(0)))
		return;
	if (derived != (FreeCloneFlags & NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS ?
			NDIS_DERIVED_CLONE_MDLS : NDIS_DERIVED_CLONE))
		ndis_misuse(ndis_nbl_pool(CloneNetBufferList),
			    "%pS frees a clone with other flags than it has",
			    __builtin_return_address(0));
	ndis_derive_free(CloneNetBufferList);
}
EXPORT_SYMBOL_GPL(NdisFreeCloneNetBufferList);

/* --- fragments ----------------------------------------------------------------------- */

/* One packet into pieces; one without data is one empty piece */
static bool ndis_fragment_nb(struct ndis_deriver *d,
			     const struct net_buffer *from, u32 start, u32 max,
			     u32 delta, u32 backfill)
{
	u32 left = from->DataLength - start, run;
	struct net_buffer *nb;

	do {
		run = min(left, max);
		nb = ndis_derive_nb(d);
		if (!nb || !ndis_derive_mdls(nb, from, start, run))
			return false;
		if (NdisRetreatNetBufferDataStart(nb, delta, backfill, NULL))
			return false;
		start += run;
		left -= run;
	} while (left);
	return true;
}

/* The pieces that were made before one could not be: their headers are ours */
static void ndis_fragment_undo(struct net_buffer_list *nbl, u32 delta)
{
	struct net_buffer *nb;

	for (nb = nbl->FirstNetBuffer; nb; nb = nb->Next)
		if (ndis_nb_private(nb)->retreats)
			NdisAdvanceNetBufferDataStart(nb, delta, TRUE, NULL);
	ndis_derive_free(nbl);
}

/**
 * NdisAllocateFragmentNetBufferList() - cut packets into pieces
 * @OriginalNetBufferList: list; Next is not followed
 * @NetBufferListPool: pool without data; NULL: NDIS's own
 * @NetBufferPool: pool without data; NULL: NDIS's own
 * @StartOffset: bytes to leave out at the start of each packet's data
 * @MaximumLength: most bytes of a piece
 * @DataOffsetDelta: bytes of used data to add in front of each piece
 * @DataBackFill: bytes to keep free in front of those
 * @AllocateFragmentFlags: 0
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: the list of pieces, or NULL; also for a packet that is shorter than
 * @StartOffset.
 */
PNET_BUFFER_LIST
NdisAllocateFragmentNetBufferList(PNET_BUFFER_LIST OriginalNetBufferList,
				  NDIS_HANDLE NetBufferListPool,
				  NDIS_HANDLE NetBufferPool, ULONG StartOffset,
				  ULONG MaximumLength, ULONG DataOffsetDelta,
				  ULONG DataBackFill,
				  ULONG AllocateFragmentFlags)
{
	const struct net_buffer *nb;
	struct ndis_deriver d;

	if (!OriginalNetBufferList || !OriginalNetBufferList->FirstNetBuffer ||
	    !MaximumLength || AllocateFragmentFlags) {
		ndis_refuse("cuts %p into pieces of %u bytes",
			    OriginalNetBufferList, MaximumLength);
		return NULL;
	}
	for (nb = OriginalNetBufferList->FirstNetBuffer; nb; nb = nb->Next)
		if (StartOffset > nb->DataLength) {
			ndis_refuse("starts at %u of %u bytes", StartOffset,
				    nb->DataLength);
			return NULL;
		}
	if (!ndis_derive_begin(&d, NetBufferListPool, NetBufferPool,
			       NDIS_DERIVED_FRAGMENT,
			       __builtin_return_address(0)))
		return NULL;

	for (nb = OriginalNetBufferList->FirstNetBuffer; nb; nb = nb->Next)
		if (!ndis_fragment_nb(&d, nb, StartOffset, MaximumLength,
				      DataOffsetDelta, DataBackFill)) {
			ndis_fragment_undo(d.nbl, DataOffsetDelta);
			return NULL;
		}
	return d.nbl;
}
EXPORT_SYMBOL_GPL(NdisAllocateFragmentNetBufferList);

/* The end of a list of pieces, or of a packet that was joined */
static void ndis_free_pieces(struct net_buffer_list *nbl, u8 kind, u32 delta,
			     void *caller)
{
	if (!nbl) {
		ndis_refuse("%pS frees no derived list", caller);
		return;
	}
	if (!ndis_derived_is(nbl, ndis_nbl_obj(nbl)->obj.derived == kind,
			     caller))
		return;
	ndis_derive_advance(nbl, delta);
	ndis_derive_free(nbl);
}

/**
 * NdisFreeFragmentNetBufferList() - free pieces, their NET_BUFFERs and MDLs
 * @FragmentNetBufferList: from NdisAllocateFragmentNetBufferList()
 * @DataOffsetDelta: as it was allocated with
 * @FreeFragmentFlags: 0
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisFreeFragmentNetBufferList(PNET_BUFFER_LIST FragmentNetBufferList,
				   ULONG DataOffsetDelta,
				   ULONG FreeFragmentFlags)
{
	ndis_free_pieces(FragmentNetBufferList, NDIS_DERIVED_FRAGMENT,
			 DataOffsetDelta, __builtin_return_address(0));
}
EXPORT_SYMBOL_GPL(NdisFreeFragmentNetBufferList);

/* --- reassembly ---------------------------------------------------------------------- */

/* Return: false if a piece is shorter than @start or the sum does not fit */
static bool ndis_pieces_fit(const struct net_buffer_list *nbl, u32 start,
			    u32 delta)
{
	const struct net_buffer *nb;
	u64 sum = delta;

	for (nb = nbl->FirstNetBuffer; nb; nb = nb->Next) {
		if (start > nb->DataLength)
			return false;
		sum += nb->DataLength - start;
	}
	return nbl->FirstNetBuffer && sum <= U32_MAX;
}

/**
 * NdisAllocateReassembledNetBufferList() - join pieces to one packet
 * @FragmentNetBufferList: list with a piece in each NET_BUFFER
 * @NetBufferAndNetBufferListPoolHandle: pool with a NET_BUFFER and without data;
 *	NULL: NDIS's own
 * @StartOffset: bytes to leave out at the start of each piece
 * @DataOffsetDelta: bytes of used data to add in front of all
 * @DataBackFill: bytes to keep free in front of those
 * @AllocateReassembleFlags: 0
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: a list with one NET_BUFFER, or NULL; also for a piece that is shorter
 * than @StartOffset, and for more than 4 GiB.
 */
PNET_BUFFER_LIST
NdisAllocateReassembledNetBufferList(PNET_BUFFER_LIST FragmentNetBufferList,
				     NDIS_HANDLE NetBufferAndNetBufferListPoolHandle,
				     ULONG StartOffset, ULONG DataOffsetDelta,
				     ULONG DataBackFill,
				     ULONG AllocateReassembleFlags)
{
	struct ndis_pool *pool = NetBufferAndNetBufferListPoolHandle;
	const struct net_buffer *from;
	struct ndis_deriver d;
	struct net_buffer *nb;

	if (!FragmentNetBufferList || AllocateReassembleFlags ||
	    (pool && pool->kind != NDIS_KIND_LIST_NB) ||
	    !ndis_pieces_fit(FragmentNetBufferList, StartOffset,
			     DataOffsetDelta)) {
		ndis_refuse("joins pieces of %p from byte %u",
			    FragmentNetBufferList, StartOffset);
		return NULL;
	}
	if (!ndis_derive_begin(&d, pool, NULL, NDIS_DERIVED_REASSEMBLED,
			       __builtin_return_address(0)))
		return NULL;

	nb = ndis_derive_nb(&d);
	for (from = FragmentNetBufferList->FirstNetBuffer; from;
	     from = from->Next)
		if (!ndis_derive_mdls(nb, from, StartOffset,
				      from->DataLength - StartOffset))
			goto err;
	if (NdisRetreatNetBufferDataStart(nb, DataOffsetDelta, DataBackFill,
					  NULL))
		goto err;
	return d.nbl;

err:
	ndis_derive_free(d.nbl);
	return NULL;
}
EXPORT_SYMBOL_GPL(NdisAllocateReassembledNetBufferList);

/**
 * NdisFreeReassembledNetBufferList() - free a packet that was joined
 * @ReassembledNetBufferList: from NdisAllocateReassembledNetBufferList()
 * @DataOffsetDelta: as it was allocated with
 * @FreeReassembleFlags: 0
 *
 * The pieces stay the caller's.
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisFreeReassembledNetBufferList(PNET_BUFFER_LIST ReassembledNetBufferList,
				      ULONG DataOffsetDelta,
				      ULONG FreeReassembleFlags)
{
	ndis_free_pieces(ReassembledNetBufferList, NDIS_DERIVED_REASSEMBLED,
			 DataOffsetDelta, __builtin_return_address(0));
}
EXPORT_SYMBOL_GPL(NdisFreeReassembledNetBufferList);
