// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that miniport and device share: descriptor rings and receive buffers.
 *
 * Whole pages, each with a reference count of its own (alloc_pages_exact()), so
 * that a received frame can be lent to an skb and outlives the free. They are
 * mapped streaming; where that needs a sync per hand-over, which NDIS does not
 * know, dma_alloc_coherent() memory takes their place and frames are copied.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "miniport_internal.h"

atomic64_t ndis_shared_allocated, ndis_shared_freed;

struct ndis_shared {
	struct list_head node;
	void *va;
	dma_addr_t dma;
	size_t size;
	bool coherent;
};

static bool ndis_shared_map(struct device *dev, struct ndis_shared *shared)
{
	gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN;

	if (dma_get_mask(dev) <= DMA_BIT_MASK(32))
		gfp |= GFP_DMA32;
	if (ndis_fail(NDIS_SITE_SHARED_PAGES))
		return false;
	shared->va = alloc_pages_exact(shared->size, gfp);
	if (!shared->va)
		return false;
	shared->dma = ndis_fail(NDIS_SITE_SHARED_MAP) ? DMA_MAPPING_ERROR :
		      dma_map_single(dev, shared->va, shared->size,
				     DMA_BIDIRECTIONAL);
	if (!dma_mapping_error(dev, shared->dma)) {
		if (!dma_need_sync(dev, shared->dma))
			return true;
		dma_unmap_single(dev, shared->dma, shared->size,
				 DMA_BIDIRECTIONAL);
	}
	free_pages_exact(shared->va, shared->size);
	return false;
}

static void ndis_shared_free(struct ndis_block *block,
			     struct ndis_shared *shared)
{
	if (shared->coherent) {
		dma_free_coherent(block->dev, shared->size, shared->va,
				  shared->dma);
	} else {
		dma_unmap_single(block->dev, shared->dma, shared->size,
				 DMA_BIDIRECTIONAL);
		free_pages_exact(shared->va, shared->size);
	}
	atomic64_inc(&ndis_shared_freed);
	kfree(shared);
}

/**
 * NdisMAllocateSharedMemory() - memory for the CPU and the device
 * @MiniportAdapterHandle: NdisMiniportHandle of an adapter with a device
 * @Length: bytes; rounded up to whole pages
 * @Cached: not looked at: it is coherent either way
 * @VirtualAddress: receives the address, zeroed memory; NULL without memory
 * @PhysicalAddress: receives the bus address
 *
 * Context: process; sleeps.
 */
VOID NdisMAllocateSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length,
			       BOOLEAN Cached, PVOID *VirtualAddress,
			       PNDIS_PHYSICAL_ADDRESS PhysicalAddress)
{
	struct ndis_block *block = MiniportAdapterHandle;
	struct ndis_shared *shared;

	*VirtualAddress = NULL;
	if (!block || !block->dev || !Length)
		return;
	shared = ndis_fail(NDIS_SITE_SHARED) ? NULL :
		 kzalloc(sizeof(*shared), GFP_KERNEL);
	if (!shared)
		return;
	shared->size = PAGE_ALIGN((size_t)Length);
	if (!ndis_shared_map(block->dev, shared)) {
		shared->coherent = true;
		shared->va = ndis_fail(NDIS_SITE_SHARED_COHERENT) ? NULL :
			     dma_alloc_coherent(block->dev, shared->size,
						&shared->dma,
						GFP_KERNEL | __GFP_NOWARN);
		if (!shared->va) {
			kfree(shared);
			return;
		}
	}
	spin_lock_bh(&block->lock);
	list_add(&shared->node, &block->shared);
	spin_unlock_bh(&block->lock);
	atomic64_inc(&ndis_shared_allocated);
	*VirtualAddress = shared->va;
	PhysicalAddress->QuadPart = shared->dma;
}
EXPORT_SYMBOL_GPL(NdisMAllocateSharedMemory);

/**
 * NdisMFreeSharedMemory() - the opposite
 * @MiniportAdapterHandle: as at the allocation
 * @Length: not looked at: it is known
 * @Cached: not looked at
 * @VirtualAddress: from NdisMAllocateSharedMemory()
 * @PhysicalAddress: not looked at
 *
 * Pages that an skb still refers to stay until it is freed.
 *
 * Context: process; sleeps.
 */
VOID NdisMFreeSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length,
			   BOOLEAN Cached, PVOID VirtualAddress,
			   NDIS_PHYSICAL_ADDRESS PhysicalAddress)
{
	struct ndis_block *block = MiniportAdapterHandle;
	struct ndis_shared *shared;
	bool found = false;

	spin_lock_bh(&block->lock);
	list_for_each_entry(shared, &block->shared, node) {
		if (shared->va != VirtualAddress)
			continue;
		list_del(&shared->node);
		found = true;
		break;
	}
	spin_unlock_bh(&block->lock);
	if (found)
		ndis_shared_free(block, shared);
	else
		ndis_block_misuse(block, "%pS frees shared memory that it does not have",
				  __builtin_return_address(0));
}
EXPORT_SYMBOL_GPL(NdisMFreeSharedMemory);

/* The miniport has halted; what it has forgotten goes, and is said */
void ndis_shared_release(struct ndis_block *block)
{
	struct ndis_shared *shared, *next;
	unsigned int nr = 0;

	list_for_each_entry_safe(shared, next, &block->shared, node) {
		list_del(&shared->node);
		ndis_shared_free(block, shared);
		nr++;
	}
	if (nr)
		ndis_block_misuse(block, "MiniportHaltEx has left %u blocks of shared memory",
				  nr);
}
