// SPDX-License-Identifier: GPL-2.0-only
/*
 * Context space: memory of a driver's own that travels with a list. A block is
 * used from its end towards its front; a new one goes on top, and nothing that
 * was there before moves, because drivers keep live MDLs in it.
 *
 *   Context --> | backfill | used |  --Next-->  | backfill | used |  the pool's
 *               0          Offset Size
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <ndis.h>

#include "family.h"

/* The block that is part of the object, or where it would be */
static void *ndis_nbl_own_context(const struct net_buffer_list *nbl)
{
	const struct ndis_list_obj *lo = ndis_nbl_obj(nbl);

	return &lo->obj.sg[lo->obj.pool->nr_mdls];
}

/**
 * ndis_nbl_context_alloc() - NdisAllocateNetBufferListContext()
 * @nbl: list
 * @size: bytes of context space wanted, a multiple of sizeof(void \*)
 * @backfill: bytes to keep free in front of it when a new block is needed
 *
 * Space comes off the front of the newest block if it is there; otherwise a
 * new block is put in front. What was there before does not move.
 *
 * Context: softirq or process. Does not sleep.
 * Return: 0, -EINVAL for a size that does not fit, or -ENOMEM.
 */
int ndis_nbl_context_alloc(struct net_buffer_list *nbl, u16 size, u16 backfill)
{
	struct ndis_nbl_context *context = nbl->Context;
	u32 total = (u32)size + backfill;

	if (!IS_ALIGNED(size, sizeof(void *)) ||
	    !IS_ALIGNED(backfill, sizeof(void *)) || total > U16_MAX)
		return -EINVAL;

	ndis_nbl_touch(nbl);
	if (context && context->Offset >= size) {
		context->Offset -= size;
		return 0;
	}

	if (ndis_fail(NDIS_SITE_CONTEXT))
		return -ENOMEM;
	context = kmalloc(struct_size(context, ContextData, total),
			  GFP_ATOMIC | __GFP_NOWARN);
	if (!context)
		return -ENOMEM;

	ndis_count_alloc(NDIS_COUNT_CONTEXTS);
	context->Size = total;
	context->Offset = backfill;
	context->Next = nbl->Context;
	nbl->Context = context;
	return 0;
}
EXPORT_SYMBOL_GPL(ndis_nbl_context_alloc);

/**
 * ndis_nbl_context_free() - NdisFreeNetBufferListContext()
 * @nbl: list
 * @size: what the matching ndis_nbl_context_alloc() asked for
 *
 * Last in, first out. A block that is empty goes, unless it is the pool's own.
 *
 * Context: softirq or process. Does not sleep.
 */
void ndis_nbl_context_free(struct net_buffer_list *nbl, u16 size)
{
	struct ndis_nbl_context *context = nbl->Context;

	if (!context || size > context->Size - context->Offset) {
		ndis_misuse(ndis_nbl_pool(nbl),
			    "%pS frees more context than there is",
			    __builtin_return_address(0));
		return;
	}

	context->Offset += size;
	if (context->Offset == context->Size &&
	    context != ndis_nbl_own_context(nbl)) {
		nbl->Context = context->Next;
		kfree(context);
		ndis_count_free(NDIS_COUNT_CONTEXTS);
	}
}
EXPORT_SYMBOL_GPL(ndis_nbl_context_free);

/* Bytes in use, of all blocks */
static u32 ndis_nbl_context_used(const struct net_buffer_list *nbl)
{
	const struct ndis_nbl_context *context;
	u32 used = 0;

	/* An owner that wrote nonsense into it shall learn that, not crash */
	for (context = nbl->Context; virt_addr_valid(context);
	     context = context->Next)
		used += context->Size - context->Offset;
	return used;
}

/**
 * ndis_nbl_context_unbalanced() - has a list context that its owner should have
 *	freed?
 * @nbl: list that is about to be freed
 *
 * What was asked for together with the list goes with it; what came later does
 * not.
 *
 * Return: true if there is more than when it was allocated.
 */
bool ndis_nbl_context_unbalanced(const struct net_buffer_list *nbl)
{
	return ndis_nbl_context_used(nbl) >
	       ndis_nbl_obj(nbl)->obj.context_taken;
}

/* The list is freed: so are its blocks, the object's own excepted */
void ndis_nbl_contexts_free(struct net_buffer_list *nbl)
{
	void *own = ndis_nbl_own_context(nbl);
	struct ndis_nbl_context *context;

	while ((context = nbl->Context) && context != own) {
		nbl->Context = context->Next;
		kfree(context);
		ndis_count_free(NDIS_COUNT_CONTEXTS);
	}
}

/**
 * NdisAllocateNetBufferListContext() - ndis_nbl_context_alloc()
 * @NetBufferList: list
 * @ContextSize: bytes wanted, a multiple of sizeof(PVOID)
 * @ContextBackFill: bytes to keep free in front when a block is allocated
 * @PoolTag: ignored; a block is reported with its list
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES, or NDIS_STATUS_FAILURE
 * for a size that is no multiple or does not fit.
 */
NDIS_STATUS NdisAllocateNetBufferListContext(PNET_BUFFER_LIST NetBufferList,
					     USHORT ContextSize,
					     USHORT ContextBackFill,
					     ULONG PoolTag)
{
	if (!NetBufferList) {
		ndis_refuse("asks for context of no list");
		return NDIS_STATUS_FAILURE;
	}

	switch (ndis_nbl_context_alloc(NetBufferList, ContextSize,
				       ContextBackFill)) {
	case 0:
		return NDIS_STATUS_SUCCESS;
	case -ENOMEM:
		return NDIS_STATUS_RESOURCES;
	default:
		ndis_misuse(ndis_nbl_pool(NetBufferList),
			    "%pS asks for context of %u and %u bytes",
			    __builtin_return_address(0), ContextSize,
			    ContextBackFill);
		return NDIS_STATUS_FAILURE;
	}
}
EXPORT_SYMBOL_GPL(NdisAllocateNetBufferListContext);

/**
 * NdisFreeNetBufferListContext() - ndis_nbl_context_free()
 * @NetBufferList: list
 * @ContextSize: bytes, as they were allocated last
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisFreeNetBufferListContext(PNET_BUFFER_LIST NetBufferList,
				  USHORT ContextSize)
{
	if (!NetBufferList) {
		ndis_refuse("frees context of no list");
		return;
	}
	ndis_nbl_context_free(NetBufferList, ContextSize);
}
EXPORT_SYMBOL_GPL(NdisFreeNetBufferListContext);
