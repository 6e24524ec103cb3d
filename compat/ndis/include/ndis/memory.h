/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * NDIS's memory: tagged blocks, and memory that a device and the driver share.
 * Both are pool memory as wdm/memory.h tells of it.
 */
#ifndef _NDIS_MEMORY_H
#define _NDIS_MEMORY_H

#include <ndis/objectheader.h>
#include <ndis/status.h>
#include <wdm/memory.h>

#define NdisZeroMemory		RtlZeroMemory
#define NdisZeroMappedMemory	RtlZeroMemory
#define NdisFillMemory		RtlFillMemory
#define NdisMoveMemory		RtlCopyMemory
#define NdisMoveMappedMemory	RtlCopyMemory
#define NdisMoveToMappedMemory	RtlCopyMemory
#define NdisMoveFromMappedMemory	RtlCopyMemory
#define NdisEqualMemory		RtlEqualMemory

#define NdisAllocateMemoryWithTagPriority(NdisHandle, Length, Tag, Priority) \
	ndis_allocate_memory(NdisHandle, Length, Tag)

PVOID ndis_allocate_memory(NDIS_HANDLE NdisHandle, UINT Length, ULONG Tag);
NDIS_STATUS NdisAllocateMemoryWithTag(PVOID *VirtualAddress, UINT Length,
				      ULONG Tag);
VOID NdisFreeMemory(PVOID VirtualAddress, UINT Length, UINT MemoryFlags);
VOID NdisFreeMemoryWithTagPriority(NDIS_HANDLE NdisHandle, PVOID VirtualAddress,
				   ULONG Tag);
#define NdisFreeMemoryWithTag(VirtualAddress, Tag) \
	ExFreePoolWithTag(VirtualAddress, Tag)

VOID NdisMAllocateSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length,
			       BOOLEAN Cached, PVOID *VirtualAddress,
			       PNDIS_PHYSICAL_ADDRESS PhysicalAddress);
VOID NdisMFreeSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length,
			   BOOLEAN Cached, PVOID VirtualAddress,
			   NDIS_PHYSICAL_ADDRESS PhysicalAddress);

/* Physical addresses, as old code writes them */
#define NdisGetPhysicalAddressLow(_Pa)		((_Pa).LowPart)
#define NdisGetPhysicalAddressHigh(_Pa)		((_Pa).HighPart)
#define NdisSetPhysicalAddressLow(_Pa, _Low)	((_Pa).LowPart = (_Low))
#define NdisSetPhysicalAddressHigh(_Pa, _High)	((_Pa).HighPart = (_High))

#define ETH_LENGTH_OF_ADDRESS	6
#define ETH_COPY_NETWORK_ADDRESS(_D, _S) \
	((void)memcpy(_D, _S, ETH_LENGTH_OF_ADDRESS))
#define ETH_COMPARE_NETWORK_ADDRESSES_EQ(_A, _B, _Result) \
	((void)(*(_Result) = !!memcmp(_A, _B, ETH_LENGTH_OF_ADDRESS)))
#define ETH_COMPARE_NETWORK_ADDRESSES_EQ_SAFE	ETH_COMPARE_NETWORK_ADDRESSES_EQ
#define ETH_IS_MULTICAST(Address)	((((PUCHAR)(Address))[0] & 1) != 0)
#define ETH_IS_BROADCAST(Address) \
	(!memcmp(Address, "\xff\xff\xff\xff\xff\xff", ETH_LENGTH_OF_ADDRESS))

#endif /* _NDIS_MEMORY_H */
