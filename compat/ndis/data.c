// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading and copying a NET_BUFFER's data, which may be in many MDLs, some of
 * them empty, and may be said to be longer than they are.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/log2.h>
#include <linux/module.h>
#include <ndis.h>

#include "family.h"

#define NDIS_ALIGN_MAX	8192	/* greatest AlignMultiple */

/* Point @nb at @offset of @mdl's chain. Return: false if that is outside it */
bool ndis_nb_set_chain(struct net_buffer *nb, struct ndis_mdl *mdl, u32 offset,
		       size_t length)
{
	struct ndis_mdl *current_mdl;
	u32 left;

	if (!mdl)
		return !offset && !length;
	current_mdl = ndis_mdl_seek(mdl, offset, &left);
	if (!current_mdl || length > U32_MAX)
		return false;

	nb->MdlChain = mdl;
	nb->CurrentMdl = current_mdl;
	nb->CurrentMdlOffset = left;
	nb->DataOffset = offset;
	nb->stDataLength = length;
	return true;
}

/* A place in a chain: byte @offset of @mdl, or behind the end if @mdl is NULL */
struct ndis_place {
	struct ndis_mdl *mdl;
	u32 offset;
};

static struct ndis_place ndis_nb_place(const struct net_buffer *nb)
{
	return (struct ndis_place){ nb->CurrentMdl, nb->CurrentMdlOffset };
}

/* Over empty MDLs, to the next byte. Return: bytes in one piece there, or 0 */
static u32 ndis_place_run(struct ndis_place *place)
{
	while (place->mdl && place->offset >= place->mdl->ByteCount) {
		place->offset -= place->mdl->ByteCount;
		place->mdl = place->mdl->Next;
	}
	return place->mdl ? place->mdl->ByteCount - place->offset : 0;
}

/* Return: false if the chain ends before */
static bool ndis_place_skip(struct ndis_place *place, u32 bytes)
{
	u32 run;

	while (bytes) {
		run = min(ndis_place_run(place), bytes);
		if (!run)
			return false;
		place->offset += run;
		bytes -= run;
	}
	return true;
}

/* Return: the address of the place's byte, or NULL if it is not mapped */
static void *ndis_place_va(const struct ndis_place *place)
{
	void *va = ndis_mdl_va(place->mdl);

	return va ? va + place->offset : NULL;
}

/* Return: false if the chain ends before @bytes or is not mapped */
static bool ndis_place_read(struct ndis_place place, void *storage, u32 bytes)
{
	void *va;
	u32 run;

	while (bytes) {
		run = min(ndis_place_run(&place), bytes);
		va = run ? ndis_place_va(&place) : NULL;
		if (!va)
			return false;
		memcpy(storage, va, run);
		place.offset += run;
		storage += run;
		bytes -= run;
	}
	return true;
}

/**
 * NdisGetDataBuffer() - the first bytes of the used data, in one piece
 * @NetBuffer: NET_BUFFER
 * @BytesNeeded: how many
 * @Storage: room for as many, or NULL
 * @AlignMultiple: power of two, 1 to 8192: what the address is a multiple of
 * @AlignOffset: plus this
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: where the bytes are, if one MDL has them all and the address is aligned
 * as asked; else @Storage, with a copy of them; NULL if there are not so many or
 * there is no @Storage.
 */
PVOID NdisGetDataBuffer(PNET_BUFFER NetBuffer, ULONG BytesNeeded, PVOID Storage,
			ULONG AlignMultiple, ULONG AlignOffset)
{
	struct ndis_place place;
	void *va;

	if (!NetBuffer || !is_power_of_2(AlignMultiple) ||
	    AlignMultiple > NDIS_ALIGN_MAX || AlignOffset >= AlignMultiple) {
		ndis_refuse("asks for data of %p at a multiple of %u plus %u",
			    NetBuffer, AlignMultiple, AlignOffset);
		return NULL;
	}
	if (NetBuffer->DataLength < BytesNeeded)
		return NULL;

	place = ndis_nb_place(NetBuffer);
	if (ndis_place_run(&place) >= BytesNeeded && place.mdl) {
		va = ndis_place_va(&place);
		if (!va)
			return NULL;
		if (((uintptr_t)va & (AlignMultiple - 1)) == AlignOffset)
			return va;
	}
	if (!Storage || !ndis_place_read(place, Storage, BytesNeeded))
		return NULL;
	return Storage;
}
EXPORT_SYMBOL_GPL(NdisGetDataBuffer);

/**
 * NdisCopyFromNetBufferToNetBuffer() - copy data from one to another
 * @Destination: NET_BUFFER; none of its fields changes
 * @DestinationOffset: from the start of its used data
 * @BytesToCopy: at most
 * @Source: NET_BUFFER
 * @SourceOffset: from the start of its used data
 * @BytesCopied: receives how many it were
 *
 * The source ends with its used data, the destination with its MDLs. To copy
 * fewer bytes than asked for is no error.
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: NDIS_STATUS_SUCCESS; NDIS_STATUS_RESOURCES if an MDL has no address;
 * NDIS_STATUS_FAILURE without a NET_BUFFER.
 */
NDIS_STATUS
NdisCopyFromNetBufferToNetBuffer(PNET_BUFFER Destination,
				 ULONG DestinationOffset, ULONG BytesToCopy,
				 PNET_BUFFER Source, ULONG SourceOffset,
				 PULONG BytesCopied)
{
	struct ndis_place to, from;
	u32 left, run;
	void *a, *b;

	if (!BytesCopied || !Destination || !Source) {
		ndis_refuse("copies from %p to %p", Source, Destination);
		return NDIS_STATUS_FAILURE;
	}

	*BytesCopied = 0;
	if (SourceOffset >= Source->DataLength)
		return NDIS_STATUS_SUCCESS;
	left = min(BytesToCopy, Source->DataLength - SourceOffset);
	to = ndis_nb_place(Destination);
	from = ndis_nb_place(Source);
	if (!ndis_place_skip(&to, DestinationOffset) ||
	    !ndis_place_skip(&from, SourceOffset))
		return NDIS_STATUS_SUCCESS;

	while (left) {
		run = min3(ndis_place_run(&to), ndis_place_run(&from), left);
		if (!run)
			break;
		a = ndis_place_va(&to);
		b = ndis_place_va(&from);
		if (!a || !b)
			return NDIS_STATUS_RESOURCES;
		memmove(a, b, run);
		to.offset += run;
		from.offset += run;
		left -= run;
		*BytesCopied += run;
	}
	return NDIS_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisCopyFromNetBufferToNetBuffer);

/**
 * NdisQueryNetBufferPhysicalCount() - in how many pages the used data lies
 * @NetBuffer: NET_BUFFER
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: at least as many as physical fragments.
 */
ULONG NdisQueryNetBufferPhysicalCount(PNET_BUFFER NetBuffer)
{
	struct ndis_place place;
	u32 left, run, count = 0;

	if (!NetBuffer) {
		ndis_refuse("counts the fragments of no NET_BUFFER");
		return 0;
	}

	place = ndis_nb_place(NetBuffer);
	for (left = NetBuffer->DataLength; left; left -= run) {
		run = min(ndis_place_run(&place), left);
		if (!run)
			break;
		count += ADDRESS_AND_SIZE_TO_SPAN_PAGES(ndis_mdl_start(place.mdl) +
							place.offset, run);
		place.offset += run;
	}
	return count;
}
EXPORT_SYMBOL_GPL(NdisQueryNetBufferPhysicalCount);
