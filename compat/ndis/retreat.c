// SPDX-License-Identifier: GPL-2.0-only
/*
 * The start of the data moves: forward over what was consumed, backward over
 * room for a header, with memory put in front where there is no room.
 *
 *            MdlChain
 *            v
 *   before:  | unused 10 |  data 90  |                  retreat by 30:
 *   after:   | backfill | 20 | -> | 10 |  data 90  |    one MDL more
 *                       ^ data start
 *
 * The MDLs that retreats have made are on a list of their object, newest first,
 * so that an advance, and at last the free, knows them from the caller's.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>
#include <ndis.h>

#include "family.h"

/* An MDL in front of a chain; our own one has its bytes behind it */
struct ndis_retreat {
	struct ndis_retreat *next;
	struct ndis_mdl *mdl;
	bool handlers;		/* the caller's handler has made @mdl */
	struct ndis_mdl own;
	u8 data[] __aligned(16);
};

/* Who asks: what a handler is missing of and what a report says */
struct ndis_mover {
	NET_BUFFER_ALLOCATE_MDL_HANDLER alloc;
	NET_BUFFER_FREE_MDL_HANDLER free;
	void *caller;
};

static void ndis_move_misuse(const struct net_buffer *nb,
			     const struct ndis_mover *mover, const char *what)
{
	if (nb->NdisPoolHandle)
		ndis_misuse(nb->NdisPoolHandle, "%pS %s", mover->caller, what);
	else
		pr_warn_ratelimited("%pS %s\n", mover->caller, what);
}

/* Return: false, and nothing changed, if @offset is outside the chain */
static bool ndis_nb_set_start(struct net_buffer *nb, u32 offset)
{
	struct ndis_mdl *mdl;
	u32 left;

	if (!nb->MdlChain && !offset) {
		nb->CurrentMdl = NULL;
		nb->CurrentMdlOffset = 0;
		nb->DataOffset = 0;
		return true;
	}

	mdl = ndis_mdl_seek(nb->MdlChain, offset, &left);
	if (!mdl)
		return false;
	nb->CurrentMdl = mdl;
	nb->CurrentMdlOffset = left;
	nb->DataOffset = offset;
	return true;
}

/* --- the MDLs ------------------------------------------------------------------ */

static struct ndis_retreat *ndis_retreat_alloc(u32 size)
{
	struct ndis_retreat *retreat;

	if (ndis_fail(NDIS_SITE_RETREAT))
		return NULL;
	retreat = kmalloc(struct_size(retreat, data, size), ndis_gfp());
	if (!retreat)
		return NULL;

	ndis_count_alloc(NDIS_COUNT_RETREATS);
	retreat->handlers = false;
	retreat->mdl = &retreat->own;
	ndis_mdl_init(&retreat->own, retreat->data, size);
	MmBuildMdlForNonPagedPool(&retreat->own);
	return retreat;
}

static void ndis_retreat_free(struct ndis_retreat *retreat)
{
	kfree(retreat);
	ndis_count_free(NDIS_COUNT_RETREATS);
}

/* @size bytes by the caller's handler, which may give more; @need is enough */
static struct ndis_retreat *
ndis_retreat_ask(const struct net_buffer *nb, const struct ndis_mover *mover,
		 u32 size, u32 need)
{
	struct ndis_retreat *retreat = ndis_retreat_alloc(0);
	struct ndis_mdl *mdl;
	ULONG given = size;

	if (!retreat)
		return NULL;
	retreat->handlers = true;
	mdl = mover->alloc(&given);
	if (mdl && mdl->ByteCount >= need) {
		retreat->mdl = mdl;
		return retreat;
	}

	if (mdl) {
		ndis_move_misuse(nb, mover, "has a handler that gives too little");
		if (mover->free)
			mover->free(mdl);
	}
	ndis_retreat_free(retreat);
	return NULL;
}

/* Give a retreat's MDL back, which is in no chain any more */
static void ndis_retreat_drop(struct ndis_retreat *retreat,
			      NET_BUFFER_FREE_MDL_HANDLER free)
{
	if (retreat->handlers)
		free(retreat->mdl);
	ndis_retreat_free(retreat);
}

/* Off the object's list. Return: NULL if no retreat has made @mdl */
static struct ndis_retreat *ndis_retreat_find(struct ndis_obj *obj,
					      const struct ndis_mdl *mdl,
					      struct ndis_retreat ***link)
{
	struct ndis_retreat **pos = (struct ndis_retreat **)&obj->retreats;

	for (; *pos; pos = &(*pos)->next)
		if ((*pos)->mdl == mdl) {
			*link = pos;
			return *pos;
		}
	return NULL;
}

/**
 * ndis_retreats_free() - free what retreats have left in front of a chain
 * @obj: object that is being freed
 *
 * Memory of a caller's handler is not ours to free; it is lost, and said so.
 */
void ndis_retreats_free(struct ndis_obj *obj)
{
	struct ndis_retreat *retreat, *next;

	for (retreat = obj->retreats; retreat; retreat = next) {
		next = retreat->next;
		if (retreat->handlers)
			ndis_misuse(obj->pool, "freed with a handler's MDL in front: lost");
		ndis_retreat_free(retreat);
	}
	obj->retreats = NULL;
}

/* --- one NET_BUFFER ---------------------------------------------------------------- */

static NDIS_STATUS ndis_nb_grow(struct net_buffer *nb, u32 delta, u32 backfill,
				const struct ndis_mover *mover)
{
	u32 need = delta - nb->DataOffset, size;
	struct ndis_obj *obj = ndis_nb_private(nb);
	struct ndis_retreat *retreat;
	struct ndis_mdl *mdl;

	if (!obj) {
		ndis_move_misuse(nb, mover, "retreats a NET_BUFFER that is of no pool");
		return NDIS_STATUS_FAILURE;
	}
	if (check_add_overflow(need, backfill, &size))
		return NDIS_STATUS_RESOURCES;

	retreat = mover->alloc ? ndis_retreat_ask(nb, mover, size, need)
			       : ndis_retreat_alloc(size);
	if (!retreat)
		return NDIS_STATUS_RESOURCES;

	obj->dirty |= NDIS_DIRTY_ALL;
	retreat->next = obj->retreats;
	obj->retreats = retreat;
	mdl = retreat->mdl;
	mdl->Next = nb->MdlChain;
	nb->MdlChain = mdl;
	nb->CurrentMdl = mdl;
	nb->DataOffset = mdl->ByteCount - need;
	nb->CurrentMdlOffset = nb->DataOffset;
	nb->stDataLength = nb->DataLength + delta;
	return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS ndis_nb_retreat(struct net_buffer *nb, u32 delta,
				   u32 backfill, const struct ndis_mover *mover)
{
	u32 length;

	if (check_add_overflow(nb->DataLength, delta, &length)) {
		ndis_move_misuse(nb, mover, "retreats by more than a length can say");
		return NDIS_STATUS_FAILURE;
	}
	if (nb->DataOffset < delta)
		return ndis_nb_grow(nb, delta, backfill, mover);

	if (likely(nb->CurrentMdl && nb->CurrentMdlOffset >= delta)) {
		nb->CurrentMdlOffset -= delta;
		nb->DataOffset -= delta;
	} else if (ndis_nb_set_start(nb, nb->DataOffset - delta)) {
		ndis_nb_dirty(nb);
	} else {
		ndis_move_misuse(nb, mover, "retreats from a data start outside the MDLs");
		return NDIS_STATUS_FAILURE;
	}
	nb->stDataLength = length;
	return NDIS_STATUS_SUCCESS;
}

/* Retreats' MDLs wholly before *@offset leave the chain. Return: a list of them */
static struct ndis_retreat *ndis_nb_shed(struct net_buffer *nb,
					 struct ndis_obj *obj, u32 *offset,
					 const struct ndis_mover *mover)
{
	struct ndis_retreat *shed = NULL, *retreat, **link;
	struct ndis_mdl **pos = &nb->MdlChain, *mdl;
	u32 left = *offset;

	while ((mdl = *pos) && left >= mdl->ByteCount && obj->retreats) {
		left -= mdl->ByteCount;
		retreat = ndis_retreat_find(obj, mdl, &link);
		if (retreat && retreat->handlers && !mover->free) {
			ndis_move_misuse(nb, mover, "has no handler to free a handler's MDL");
			retreat = NULL;
		}
		if (!retreat) {
			pos = &mdl->Next;
			continue;
		}
		*pos = mdl->Next;
		mdl->Next = NULL;
		*offset -= mdl->ByteCount;
		*link = retreat->next;
		retreat->next = shed;
		shed = retreat;
	}
	return shed;
}

static bool ndis_nb_advance(struct net_buffer *nb, u32 delta, bool free_mdl,
			    const struct ndis_mover *mover)
{
	struct ndis_obj *obj = ndis_nb_private(nb);
	struct ndis_retreat *shed = NULL, *next;
	u32 offset, left;

	if (delta > nb->DataLength ||
	    check_add_overflow(nb->DataOffset, delta, &offset)) {
		ndis_move_misuse(nb, mover, "advances past the end of the data");
		return false;
	}
	left = nb->CurrentMdlOffset;
	if (nb->CurrentMdl && !(free_mdl && obj && obj->retreats) &&
	    left < nb->CurrentMdl->ByteCount &&
	    delta < nb->CurrentMdl->ByteCount - left) {
		nb->CurrentMdlOffset = left + delta;
		nb->DataOffset = offset;
		nb->stDataLength = nb->DataLength - delta;
		return true;
	}

	/* Before anything changes: what a driver wrote may be nonsense */
	if ((nb->MdlChain || offset) &&
	    !ndis_mdl_seek(nb->MdlChain, offset, &left)) {
		ndis_move_misuse(nb, mover, "advances past the end of its MDLs");
		return false;
	}

	if (free_mdl && obj && obj->retreats)
		shed = ndis_nb_shed(nb, obj, &offset, mover);
	ndis_nb_set_start(nb, offset);
	nb->stDataLength = nb->DataLength - delta;
	ndis_nb_dirty(nb);

	for (; shed; shed = next) {
		next = shed->next;
		ndis_retreat_drop(shed, mover->free);
	}
	return true;
}

/* Undo what a retreat has just done: @grown says whether it made an MDL */
static void ndis_nb_unretreat(struct net_buffer *nb, u32 delta, bool grown,
			      const struct ndis_mover *mover)
{
	struct ndis_obj *obj = ndis_nb_private(nb);
	struct ndis_retreat *retreat;
	u32 need;

	if (!grown) {
		ndis_nb_advance(nb, delta, false, mover);
		return;
	}

	retreat = obj->retreats;
	need = retreat->mdl->ByteCount - nb->DataOffset;
	obj->retreats = retreat->next;
	nb->MdlChain = retreat->mdl->Next;
	nb->stDataLength = nb->DataLength - delta;
	ndis_nb_set_start(nb, delta - need);
	retreat->mdl->Next = NULL;
	if (retreat->handlers && !mover->free) {
		ndis_move_misuse(nb, mover, "has no handler to undo retreats: an MDL is lost");
		ndis_retreat_free(retreat);
		return;
	}
	ndis_retreat_drop(retreat, mover->free);
}

/* --- exported ------------------------------------------------------------------------ */

/**
 * NdisRetreatNetBufferDataStart() - more data in front
 * @NetBuffer: NET_BUFFER
 * @DataOffsetDelta: bytes of used data to add
 * @DataBackFill: bytes to keep free in front if memory must be allocated
 * @AllocateMdlHandler: what allocates it; NULL: NDIS does
 *
 * What is free in front of the data is used first. If that is not enough, an MDL
 * of what is missing and @DataBackFill bytes is put in front of the chain. The
 * handler's MDL may have more bytes; they are unused data.
 *
 * Context: any CPU, up to DISPATCH_LEVEL; the handler is called in it.
 * Return: NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES, or NDIS_STATUS_FAILURE
 * for a sum that does not fit 32 bits; on error nothing has changed.
 */
NDIS_STATUS
NdisRetreatNetBufferDataStart(PNET_BUFFER NetBuffer, ULONG DataOffsetDelta,
			      ULONG DataBackFill,
			      NET_BUFFER_ALLOCATE_MDL_HANDLER AllocateMdlHandler)
{
	struct ndis_mover mover = {
		.alloc = AllocateMdlHandler,
		.caller = __builtin_return_address(0),
	};

	if (!NetBuffer) {
		ndis_refuse("retreats no NET_BUFFER");
		return NDIS_STATUS_FAILURE;
	}
	return ndis_nb_retreat(NetBuffer, DataOffsetDelta, DataBackFill,
			       &mover);
}
EXPORT_SYMBOL_GPL(NdisRetreatNetBufferDataStart);

/**
 * NdisAdvanceNetBufferDataStart() - less data in front
 * @NetBuffer: NET_BUFFER
 * @DataOffsetDelta: bytes of used data to release, at most all
 * @FreeMdl: free the MDLs of earlier retreats that lie wholly in front now
 * @FreeMdlHandler: what frees the MDLs of a retreat's handler
 *
 * MDLs that no retreat has made stay, whatever @FreeMdl says. More than there
 * is: reported, nothing changes.
 *
 * Context: any CPU, up to DISPATCH_LEVEL; the handler is called in it.
 */
VOID
NdisAdvanceNetBufferDataStart(PNET_BUFFER NetBuffer, ULONG DataOffsetDelta,
			      BOOLEAN FreeMdl,
			      NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler)
{
	struct ndis_mover mover = {
		.free = FreeMdlHandler,
		.caller = __builtin_return_address(0),
	};

	if (!NetBuffer) {
		ndis_refuse("advances no NET_BUFFER");
		return;
	}
	ndis_nb_advance(NetBuffer, DataOffsetDelta, FreeMdl, &mover);
}
EXPORT_SYMBOL_GPL(NdisAdvanceNetBufferDataStart);

/**
 * NdisRetreatNetBufferListDataStart() - more data in front of every NET_BUFFER
 * @NetBufferList: one list; Next is not followed
 * @DataOffsetDelta: bytes of used data to add to each
 * @DataBackFill: bytes to keep free in front of those that need memory
 * @AllocateMdlHandler: what allocates it; NULL: NDIS does
 * @FreeMdlHandler: what frees it again when a later NET_BUFFER fails
 *
 * Context: any CPU, up to DISPATCH_LEVEL; the handlers are called in it.
 * Return: as NdisRetreatNetBufferDataStart(); on error every NET_BUFFER is as it
 * was before.
 */
NDIS_STATUS
NdisRetreatNetBufferListDataStart(PNET_BUFFER_LIST NetBufferList,
				  ULONG DataOffsetDelta, ULONG DataBackFill,
				  NET_BUFFER_ALLOCATE_MDL_HANDLER AllocateMdlHandler,
				  NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler)
{
	struct ndis_mover mover = {
		.alloc = AllocateMdlHandler,
		.free = FreeMdlHandler,
		.caller = __builtin_return_address(0),
	};
	NDIS_STATUS status = NDIS_STATUS_SUCCESS;
	struct net_buffer *nb, *failed;

	if (!NetBufferList) {
		ndis_refuse("retreats no list");
		return NDIS_STATUS_FAILURE;
	}

	for (nb = NetBufferList->FirstNetBuffer; nb; nb = nb->Next) {
		nb->NdisReserved[0] = nb->MdlChain;
		status = ndis_nb_retreat(nb, DataOffsetDelta, DataBackFill,
					 &mover);
		if (status)
			break;
	}

	/* On the way back nothing has been freed, so a new chain is a new MDL */
	failed = nb;
	for (nb = NetBufferList->FirstNetBuffer; nb != failed; nb = nb->Next) {
		if (status)
			ndis_nb_unretreat(nb, DataOffsetDelta, nb->MdlChain !=
					  nb->NdisReserved[0], &mover);
		nb->NdisReserved[0] = NULL;
	}
	if (failed)
		failed->NdisReserved[0] = NULL;
	return status;
}
EXPORT_SYMBOL_GPL(NdisRetreatNetBufferListDataStart);

/**
 * NdisAdvanceNetBufferListDataStart() - less data in front of every NET_BUFFER
 * @NetBufferList: one list; Next is not followed
 * @DataOffsetDelta: bytes of used data to release of each
 * @FreeMdl: free the MDLs of earlier retreats that lie wholly in front now
 * @FreeMdlHandler: what frees the MDLs of a retreat's handler
 *
 * A NET_BUFFER with less data than that is reported, and none changes.
 *
 * Context: any CPU, up to DISPATCH_LEVEL; the handler is called in it.
 */
VOID
NdisAdvanceNetBufferListDataStart(PNET_BUFFER_LIST NetBufferList,
				  ULONG DataOffsetDelta, BOOLEAN FreeMdl,
				  NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler)
{
	struct ndis_mover mover = {
		.free = FreeMdlHandler,
		.caller = __builtin_return_address(0),
	};
	struct net_buffer *nb;

	if (!NetBufferList) {
		ndis_refuse("advances no list");
		return;
	}

	for (nb = NetBufferList->FirstNetBuffer; nb; nb = nb->Next) {
		if (DataOffsetDelta <= nb->DataLength)
			continue;
		ndis_move_misuse(nb, &mover, "advances a list past the end of some data");
		return;
	}
	for (nb = NetBufferList->FirstNetBuffer; nb; nb = nb->Next)
		ndis_nb_advance(nb, DataOffsetDelta, FreeMdl, &mover);
}
EXPORT_SYMBOL_GPL(NdisAdvanceNetBufferListDataStart);

/**
 * NdisAdjustNetBufferCurrentMdl() - find the current MDL again
 * @NetBuffer: NET_BUFFER whose MdlChain or DataOffset its owner has written
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisAdjustNetBufferCurrentMdl(PNET_BUFFER NetBuffer)
{
	struct ndis_mover mover = { .caller = __builtin_return_address(0) };

	if (!NetBuffer) {
		ndis_refuse("adjusts no NET_BUFFER");
		return;
	}
	if (!ndis_nb_set_start(NetBuffer, NetBuffer->DataOffset)) {
		ndis_move_misuse(NetBuffer, &mover, "adjusts to a data start outside the MDLs");
		return;
	}
	ndis_nb_dirty(NetBuffer);
}
EXPORT_SYMBOL_GPL(NdisAdjustNetBufferCurrentMdl);
