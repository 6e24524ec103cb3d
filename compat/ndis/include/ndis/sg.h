/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Scatter-gather lists: the bus addresses of a NET_BUFFER's used data.
 *
 *   NdisMRegisterScatterGatherDma()             initialise, PASSIVE_LEVEL
 *     NdisMAllocateNetBufferSGList() -> ProcessSGList -> device
 *     when it is done: NdisMFreeNetBufferSGList()   DISPATCH_LEVEL
 *   NdisMDeregisterScatterGatherDma()           halt, PASSIVE_LEVEL
 */
#ifndef _NDIS_SG_H
#define _NDIS_SG_H

#include <ndis/nbl.h>

typedef struct _SCATTER_GATHER_ELEMENT {
	PHYSICAL_ADDRESS Address;
	ULONG Length;
	ULONG_PTR Reserved;
} SCATTER_GATHER_ELEMENT, *PSCATTER_GATHER_ELEMENT;

typedef struct _SCATTER_GATHER_LIST {
	ULONG NumberOfElements;
	ULONG_PTR Reserved;
	SCATTER_GATHER_ELEMENT Elements[];
} SCATTER_GATHER_LIST, *PSCATTER_GATHER_LIST;

struct _DEVICE_OBJECT;
typedef struct _DEVICE_OBJECT *PDEVICE_OBJECT;

typedef VOID MINIPORT_PROCESS_SG_LIST(PDEVICE_OBJECT DeviceObject,
				      PVOID Reserved,
				      PSCATTER_GATHER_LIST SGL, PVOID Context);
typedef MINIPORT_PROCESS_SG_LIST *MINIPORT_PROCESS_SG_LIST_HANDLER;

typedef VOID
MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE(NDIS_HANDLE MiniportAdapterContext,
				      PVOID VirtualAddress,
				      PNDIS_PHYSICAL_ADDRESS PhysicalAddress,
				      ULONG Length, PVOID Context);
typedef MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE
	*MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER;

typedef struct _NDIS_SG_DMA_DESCRIPTION {
	NDIS_OBJECT_HEADER Header;
	ULONG Flags;
	ULONG MaximumPhysicalMapping;
	MINIPORT_PROCESS_SG_LIST_HANDLER ProcessSGListHandler;
	MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER SharedMemAllocateCompleteHandler;
	ULONG ScatterGatherListSize;
} NDIS_SG_DMA_DESCRIPTION, *PNDIS_SG_DMA_DESCRIPTION;

#define NDIS_SG_DMA_64_BIT_ADDRESS		0x00000001
#define NDIS_SG_DMA_V3_HAL_API			0x00000002
#define NDIS_SG_DMA_HYBRID_DMA			0x00000004
#define NDIS_SG_DMA_DESCRIPTION_REVISION_1	1
#define NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_SG_DMA_DESCRIPTION, ScatterGatherListSize)

/* Flags of NdisMAllocateNetBufferSGList() */
#define NDIS_SG_LIST_WRITE_TO_DEVICE		0x00000001

NDIS_STATUS NdisMRegisterScatterGatherDma(NDIS_HANDLE MiniportAdapterHandle,
					  PNDIS_SG_DMA_DESCRIPTION DmaDescription,
					  PNDIS_HANDLE NdisMiniportDmaHandle);
VOID NdisMDeregisterScatterGatherDma(NDIS_HANDLE NdisMiniportDmaHandle);
NDIS_STATUS NdisMAllocateNetBufferSGList(NDIS_HANDLE NdisMiniportDmaHandle,
					 PNET_BUFFER NetBuffer, PVOID Context,
					 ULONG Flags, PVOID ScatterGatherListBuffer,
					 ULONG ScatterGatherListBufferSize);
VOID NdisMFreeNetBufferSGList(NDIS_HANDLE NdisMiniportDmaHandle,
			      PSCATTER_GATHER_LIST ScatterGatherListBuffer,
			      PNET_BUFFER NetBuffer);

static_assert(sizeof(SCATTER_GATHER_ELEMENT) == 24);
static_assert(sizeof(SCATTER_GATHER_LIST) == 16);

#endif /* _NDIS_SG_H */
