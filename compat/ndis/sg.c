// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scatter-gather lists: a NET_BUFFER's used data mapped for a device, an
 * element for each run of bytes, and the miniport's handler called with it.
 *
 * On Windows the handler may be called later, when map registers are free. Here
 * mapping succeeds at once or fails, so it is always called before the function
 * returns. Without a device (a NIC in software) an address is the CPU's.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <ndis.h>

#include "family.h"

/* A DMA handle; goes when its driver has let go and no list is mapped */
struct ndis_dma {
	struct device *dev;
	MINIPORT_PROCESS_SG_LIST_HANDLER process;
	u32 max_bytes;
	refcount_t users;	/* the driver, and each mapped list */
};

/* In the list's Reserved: whose it is, how it was mapped, who frees it */
#define NDIS_SG_TO_DEVICE	BIT(0)
#define NDIS_SG_OURS		BIT(1)

static void ndis_dma_put(struct ndis_dma *dma)
{
	if (!refcount_dec_and_test(&dma->users))
		return;
	kfree(dma);
	ndis_count_free(NDIS_COUNT_SYNCS);
}

/**
 * NdisMRegisterScatterGatherDma() - get ready to map for a miniport's device
 * @MiniportAdapterHandle: from MiniportInitializeEx
 * @DmaDescription: revision 1; ScatterGatherListSize receives what a list of
 *	MaximumPhysicalMapping bytes needs
 * @NdisMiniportDmaHandle: receives the handle
 *
 * What addresses the device can reach was said on the Linux side, with
 * dma_set_mask_and_coherent().
 *
 * Context: process; PASSIVE_LEVEL.
 * Return: NDIS_STATUS_SUCCESS, NDIS_STATUS_BAD_CHARACTERISTICS or
 * NDIS_STATUS_RESOURCES.
 */
NDIS_STATUS NdisMRegisterScatterGatherDma(NDIS_HANDLE MiniportAdapterHandle,
					  PNDIS_SG_DMA_DESCRIPTION DmaDescription,
					  PNDIS_HANDLE NdisMiniportDmaHandle)
{
	PNDIS_SG_DMA_DESCRIPTION d = DmaDescription;
	struct ndis_dma *dma;
	u64 pages;

	if (!d || !NdisMiniportDmaHandle ||
	    d->Header.Type != NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION ||
	    d->Header.Revision < NDIS_SG_DMA_DESCRIPTION_REVISION_1 ||
	    d->Header.Size < NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1 ||
	    !d->ProcessSGListHandler) {
		ndis_refuse("registers for DMA with a bad description");
		return NDIS_STATUS_BAD_CHARACTERISTICS;
	}

	if (ndis_fail(NDIS_SITE_DMA))
		return NDIS_STATUS_RESOURCES;
	dma = kzalloc(sizeof(*dma), ndis_gfp());
	if (!dma)
		return NDIS_STATUS_RESOURCES;

	ndis_count_alloc(NDIS_COUNT_SYNCS);
	refcount_set(&dma->users, 1);
	dma->dev = ndis_handle_dev(MiniportAdapterHandle);
	dma->process = d->ProcessSGListHandler;
	dma->max_bytes = d->MaximumPhysicalMapping;
	/* A run may begin and end inside a page */
	pages = DIV_ROUND_UP_ULL(d->MaximumPhysicalMapping, PAGE_SIZE) + 1;
	d->ScatterGatherListSize = sizeof(SCATTER_GATHER_LIST) +
				   pages * sizeof(SCATTER_GATHER_ELEMENT);
	*NdisMiniportDmaHandle = dma;
	return NDIS_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisMRegisterScatterGatherDma);

/**
 * NdisMDeregisterScatterGatherDma() - the opposite
 * @NdisMiniportDmaHandle: handle; every list should have been freed
 *
 * With lists out it is reported, and the handle goes with the last of them.
 *
 * Context: process; PASSIVE_LEVEL.
 */
VOID NdisMDeregisterScatterGatherDma(NDIS_HANDLE NdisMiniportDmaHandle)
{
	struct ndis_dma *dma = NdisMiniportDmaHandle;
	unsigned int users;

	if (!dma) {
		ndis_refuse("deregisters no DMA handle");
		return;
	}
	users = refcount_read(&dma->users);
	if (users > 1)
		ndis_refuse("deregisters with %u scatter-gather lists mapped",
			    users - 1);
	ndis_dma_put(dma);
}
EXPORT_SYMBOL_GPL(NdisMDeregisterScatterGatherDma);

/* --- elements --------------------------------------------------------------------- */

/* The next run: bytes that are in one piece for a device, too */
struct ndis_run {
	struct ndis_mdl *mdl;
	u32 offset;
	u32 left;		/* of the used data */
	void *va;
	u32 len;
};

static struct ndis_run ndis_run_begin(const struct net_buffer *nb)
{
	return (struct ndis_run){
		.mdl = nb->CurrentMdl, .offset = nb->CurrentMdlOffset,
		.left = nb->DataLength,
	};
}

/* Return: false at the end, or where the data has no address (left is not 0) */
static bool ndis_run_next(struct ndis_run *run)
{
	void *va;

	if (!run->left)
		return false;
	while (run->mdl && run->offset >= run->mdl->ByteCount) {
		run->offset -= run->mdl->ByteCount;
		run->mdl = run->mdl->Next;
	}
	va = run->mdl ? ndis_mdl_va(run->mdl) : NULL;
	if (!va)
		return false;

	run->va = va + run->offset;
	run->len = min(run->mdl->ByteCount - run->offset, run->left);
	if (is_vmalloc_addr(run->va))
		run->len = min_t(u32, run->len,
				 PAGE_SIZE - offset_in_page(run->va));
	run->offset += run->len;
	run->left -= run->len;
	return true;
}

static bool ndis_sg_map(struct device *dev, SCATTER_GATHER_ELEMENT *element,
			const struct ndis_run *run, enum dma_data_direction dir)
{
	dma_addr_t address;

	if (ndis_fail(NDIS_SITE_SG_MAP))
		return false;
	if (!dev) {
		element->Address = MmGetPhysicalAddress(run->va);
	} else {
		address = is_vmalloc_addr(run->va) ?
			  dma_map_page(dev, vmalloc_to_page(run->va),
				       offset_in_page(run->va), run->len, dir) :
			  dma_map_single(dev, run->va, run->len, dir);
		if (dma_mapping_error(dev, address))
			return false;
		element->Address.QuadPart = address;
	}
	element->Length = run->len;
	element->Reserved = 0;
	return true;
}

static void ndis_sg_unmap(struct device *dev, const SCATTER_GATHER_LIST *sgl,
			  enum dma_data_direction dir)
{
	u32 i;

	for (i = 0; dev && i < sgl->NumberOfElements; i++)
		dma_unmap_page(dev, sgl->Elements[i].Address.QuadPart,
			       sgl->Elements[i].Length, dir);
}

/* Return: how many, or 0 if the data is not where its MDLs say, or is none */
static u32 ndis_sg_count(const struct net_buffer *nb)
{
	struct ndis_run run = ndis_run_begin(nb);
	u32 count = 0;

	while (ndis_run_next(&run))
		count++;
	return run.left ? 0 : count;
}

/* Return: false, and nothing mapped, if one could not be */
static bool ndis_sg_fill(struct ndis_dma *dma, SCATTER_GATHER_LIST *sgl,
			 const struct net_buffer *nb,
			 enum dma_data_direction dir)
{
	struct ndis_run run = ndis_run_begin(nb);

	sgl->NumberOfElements = 0;
	while (ndis_run_next(&run)) {
		if (!ndis_sg_map(dma->dev, &sgl->Elements[sgl->NumberOfElements],
				 &run, dir)) {
			ndis_sg_unmap(dma->dev, sgl, dir);
			sgl->NumberOfElements = 0;
			return false;
		}
		sgl->NumberOfElements++;
	}
	return true;
}

/* --- lists -------------------------------------------------------------------------- */

static NDIS_STATUS ndis_sg_check(struct ndis_dma *dma,
				 const struct net_buffer *nb, u32 *size)
{
	u32 count;

	if (!dma || !nb)
		return NDIS_STATUS_FAILURE;
	if (nb->DataLength > dma->max_bytes)
		return NDIS_STATUS_INVALID_LENGTH;
	count = ndis_sg_count(nb);
	if (!count)
		return NDIS_STATUS_INVALID_LENGTH;
	*size = sizeof(SCATTER_GATHER_LIST) +
		count * sizeof(SCATTER_GATHER_ELEMENT);
	return NDIS_STATUS_SUCCESS;
}

/**
 * NdisMAllocateNetBufferSGList() - map a NET_BUFFER and hand its elements over
 * @NdisMiniportDmaHandle: from NdisMRegisterScatterGatherDma()
 * @NetBuffer: what to map: its used data
 * @Context: for the handler
 * @Flags: NDIS_SG_LIST_WRITE_TO_DEVICE for a send, 0 for a receive
 * @ScatterGatherListBuffer: room for the list, or NULL: NDIS brings it
 * @ScatterGatherListBufferSize: bytes of room
 *
 * The miniport's ProcessSGListHandler has run when this returns success.
 *
 * Context: softirq or bottom halves disabled: DISPATCH_LEVEL exactly. From below
 * it is reported, and the handler still runs at DISPATCH_LEVEL.
 * Return: NDIS_STATUS_SUCCESS; NDIS_STATUS_INVALID_LENGTH for no data, or more
 * than was registered for, or than the MDLs have; NDIS_STATUS_BUFFER_TOO_SHORT
 * with too little room; NDIS_STATUS_RESOURCES; NDIS_STATUS_FAILURE for NULLs.
 */
NDIS_STATUS NdisMAllocateNetBufferSGList(NDIS_HANDLE NdisMiniportDmaHandle,
					 PNET_BUFFER NetBuffer, PVOID Context,
					 ULONG Flags, PVOID ScatterGatherListBuffer,
					 ULONG ScatterGatherListBufferSize)
{
	bool send = Flags & NDIS_SG_LIST_WRITE_TO_DEVICE;
	SCATTER_GATHER_LIST *sgl = ScatterGatherListBuffer;
	struct ndis_dma *dma = NdisMiniportDmaHandle;
	NDIS_STATUS status;
	u32 size;

	status = ndis_sg_check(dma, NetBuffer, &size);
	if (status) {
		ndis_refuse("maps NET_BUFFER %p for DMA: no data, too much, or not in its MDLs",
			    NetBuffer);
		return status;
	}
	if (sgl && size > ScatterGatherListBufferSize)
		return NDIS_STATUS_BUFFER_TOO_SHORT;
	if (!in_softirq())
		ndis_refuse("maps for DMA below DISPATCH_LEVEL");

	if (!sgl && !ndis_fail(NDIS_SITE_SG))
		sgl = kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
	if (!sgl)
		return NDIS_STATUS_RESOURCES;
	if (!ndis_sg_fill(dma, sgl, NetBuffer,
			  send ? DMA_TO_DEVICE : DMA_FROM_DEVICE)) {
		if (!ScatterGatherListBuffer)
			kfree(sgl);
		return NDIS_STATUS_RESOURCES;
	}

	sgl->Reserved = (uintptr_t)dma | (send ? NDIS_SG_TO_DEVICE : 0) |
			(ScatterGatherListBuffer ? 0 : NDIS_SG_OURS);
	NetBuffer->ScatterGatherList = sgl;
	ndis_nb_dirty(NetBuffer);
	refcount_inc(&dma->users);
	ndis_count_alloc(NDIS_COUNT_SGS);
	local_bh_disable();
	dma->process(NULL, NULL, sgl, Context);
	local_bh_enable();
	return NDIS_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisMAllocateNetBufferSGList);

/**
 * NdisMFreeNetBufferSGList() - unmap
 * @NdisMiniportDmaHandle: as it was allocated with
 * @ScatterGatherListBuffer: the list that the handler was called with
 * @NetBuffer: what is mapped
 *
 * A list that is not the NET_BUFFER's, or not any more, is refused.
 *
 * Context: softirq or bottom halves disabled; DISPATCH_LEVEL.
 */
VOID NdisMFreeNetBufferSGList(NDIS_HANDLE NdisMiniportDmaHandle,
			      PSCATTER_GATHER_LIST ScatterGatherListBuffer,
			      PNET_BUFFER NetBuffer)
{
	SCATTER_GATHER_LIST *sgl = ScatterGatherListBuffer;
	struct ndis_dma *dma = NdisMiniportDmaHandle;
	ULONG_PTR flags;

	if (!dma || !sgl || !NetBuffer ||
	    NetBuffer->ScatterGatherList != sgl) {
		ndis_refuse("frees scatter-gather list %p, which is not that of NET_BUFFER %p",
			    sgl, NetBuffer);
		return;
	}
	flags = sgl->Reserved & (NDIS_SG_TO_DEVICE | NDIS_SG_OURS);
	if ((sgl->Reserved & ~flags) != (uintptr_t)dma) {
		ndis_refuse("frees a scatter-gather list of another DMA handle");
		return;
	}

	NetBuffer->ScatterGatherList = NULL;
	ndis_sg_unmap(dma->dev, sgl, flags & NDIS_SG_TO_DEVICE ?
		      DMA_TO_DEVICE : DMA_FROM_DEVICE);
	sgl->Reserved = 0;
	if (flags & NDIS_SG_OURS)
		kfree(sgl);
	ndis_count_free(NDIS_COUNT_SGS);
	ndis_dma_put(dma);
}
EXPORT_SYMBOL_GPL(NdisMFreeNetBufferSGList);
