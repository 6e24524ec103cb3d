/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The accessors of lists and NET_BUFFERs: every one is an lvalue */
#ifndef _NDIS_NBLACCESSORS_H
#define _NDIS_NBLACCESSORS_H

#include <ndis/nbl.h>
#include <ndis/nblinfo.h>

#define NET_BUFFER_LIST_NEXT_NBL(_NBL)		((_NBL)->Next)
#define NET_BUFFER_LIST_FIRST_NB(_NBL)		((_NBL)->FirstNetBuffer)
#define NET_BUFFER_LIST_INFO(_NBL, _Id)		((_NBL)->NetBufferListInfo[(_Id)])
#define NET_BUFFER_LIST_FLAGS(_NBL)		((_NBL)->Flags)
#define NET_BUFFER_LIST_NBL_FLAGS(_NBL)		((_NBL)->NblFlags)
#define NET_BUFFER_LIST_STATUS(_NBL)		((_NBL)->Status)
#define NET_BUFFER_LIST_PROTOCOL_RESERVED(_NBL)	((_NBL)->ProtocolReserved)
#define NET_BUFFER_LIST_MINIPORT_RESERVED(_NBL)	((_NBL)->MiniportReserved)
#define NET_BUFFER_LIST_CONTEXT_DATA_START(_NBL) \
	((PUCHAR)((_NBL)->Context + 1) + (_NBL)->Context->Offset)
#define NET_BUFFER_LIST_CONTEXT_DATA_SIZE(_NBL)	((_NBL)->Context->Size)

#define NdisSetNblFlag(_NBL, _F)	((_NBL)->NblFlags |= (_F))
#define NdisClearNblFlag(_NBL, _F)	((_NBL)->NblFlags &= ~(_F))
#define NdisTestNblFlag(_NBL, _F)	(((_NBL)->NblFlags & (_F)) != 0)
#define NdisTestNblFlags(_NBL, _F)	(((_NBL)->NblFlags & (_F)) == (_F))

#define NBL_SET_FLAG(_NBL, _F)		((_NBL)->Flags |= (_F))
#define NBL_CLEAR_FLAG(_NBL, _F)	((_NBL)->Flags &= ~(_F))
#define NBL_TEST_FLAG(_NBL, _F)		(((_NBL)->Flags & (_F)) != 0)
#define NBL_TEST_FLAGS(_NBL, _F)	(((_NBL)->Flags & (_F)) == (_F))
#define NBL_SET_PROTOCOL_RSVD_FLAG	NBL_SET_FLAG
#define NBL_CLEAR_PROTOCOL_RSVD_FLAG	NBL_CLEAR_FLAG
#define NBL_TEST_PROTOCOL_RSVD_FLAG	NBL_TEST_FLAG
#define NBL_TEST_PROTOCOL_RSVD_FLAGS	NBL_TEST_FLAGS

#define NET_BUFFER_NEXT_NB(_NB)			((_NB)->Next)
#define NET_BUFFER_FIRST_MDL(_NB)		((_NB)->MdlChain)
#define NET_BUFFER_DATA_LENGTH(_NB)		((_NB)->DataLength)
#define NET_BUFFER_DATA_OFFSET(_NB)		((_NB)->DataOffset)
#define NET_BUFFER_CURRENT_MDL(_NB)		((_NB)->CurrentMdl)
#define NET_BUFFER_CURRENT_MDL_OFFSET(_NB)	((_NB)->CurrentMdlOffset)
#define NET_BUFFER_PROTOCOL_RESERVED(_NB)	((_NB)->ProtocolReserved)
#define NET_BUFFER_MINIPORT_RESERVED(_NB)	((_NB)->MiniportReserved)
#define NET_BUFFER_CHECKSUM_BIAS(_NB)		((_NB)->ChecksumBias)
#define NET_BUFFER_DATA_PHYSICAL_ADDRESS(_NB)	((_NB)->DataPhysicalAddress)
#define NET_BUFFER_SCATTER_GATHER_LIST(_NB) \
	(*(struct _SCATTER_GATHER_LIST **)&(_NB)->ScatterGatherList)
#define NET_BUFFER_FIRST_SHARED_MEM_INFO(_NB) \
	(*(PNET_BUFFER_SHARED_MEMORY *)&(_NB)->SharedMemoryInfo)
#define NET_BUFFER_SHARED_MEM_NEXT_SEGMENT(_SHI) \
	((_SHI)->NextSharedMemorySegment)
#define NET_BUFFER_SHARED_MEM_FLAGS(_SHI)	((_SHI)->SharedMemoryFlags)
#define NET_BUFFER_SHARED_MEM_HANDLE(_SHI)	((_SHI)->SharedMemoryHandle)
#define NET_BUFFER_SHARED_MEM_OFFSET(_SHI)	((_SHI)->SharedMemoryOffset)
#define NET_BUFFER_SHARED_MEM_LENGTH(_SHI)	((_SHI)->SharedMemoryLength)

/* MDLs, as NDIS names what wdm.h names too */
#define NdisGetNextMdl(_Mdl, _NextMdl)	((void)(*(_NextMdl) = (_Mdl)->Next))
#define NDIS_MDL_LINKAGE(_Mdl)		((_Mdl)->Next)
#define NdisAdjustMdlLength(_Mdl, _Length)	((void)((_Mdl)->ByteCount = (_Length)))
#define NdisGetMdlPhysicalArraySize(_Mdl, _Pages)			\
	((void)(*(_Pages) = NDIS_MDL_TO_SPAN_PAGES(_Mdl)))
#define NDIS_MDL_TO_SPAN_PAGES(_Mdl)					\
	(MmGetMdlByteCount(_Mdl) ?					\
	 ADDRESS_AND_SIZE_TO_SPAN_PAGES(MmGetMdlVirtualAddress(_Mdl),	\
					MmGetMdlByteCount(_Mdl)) : 1)
#define NdisQueryMdlOffset(_Mdl, _Offset, _Length)			\
do {									\
	*(_Offset) = MmGetMdlByteOffset(_Mdl);				\
	*(_Length) = MmGetMdlByteCount(_Mdl);				\
} while (0)
#define NdisQueryMdl(_Mdl, _VirtualAddress, _Length, _Priority)		\
do {									\
	PVOID *__va = (PVOID *)(_VirtualAddress);			\
									\
	if (__va)							\
		*__va = MmGetSystemAddressForMdlSafe(_Mdl, _Priority);	\
	*(_Length) = MmGetMdlByteCount(_Mdl);				\
} while (0)

/* The protocol id is the low byte of its slot; the frame type is two bytes */
#define NDIS_PROTOCOL_ID_MASK	0x0f

static inline UCHAR NdisGetNetBufferListProtocolId(const NET_BUFFER_LIST *nbl)
{
	return (ULONG_PTR)nbl->NetBufferListInfo[NetBufferListProtocolId] &
	       NDIS_PROTOCOL_ID_MASK;
}

static inline VOID NdisSetNetBufferListProtocolId(PNET_BUFFER_LIST nbl,
						  UCHAR ProtocolId)
{
	PVOID *slot = &nbl->NetBufferListInfo[NetBufferListProtocolId];

	*slot = (PVOID)(((ULONG_PTR)*slot & ~0xfful) | ProtocolId);
}

#define NDIS_GET_NET_BUFFER_LIST_CANCEL_ID(_NBL) \
	NET_BUFFER_LIST_INFO(_NBL, NetBufferListCancelId)
#define NDIS_SET_NET_BUFFER_LIST_CANCEL_ID(_NBL, _CancelId) \
	((void)(NET_BUFFER_LIST_INFO(_NBL, NetBufferListCancelId) = (_CancelId)))

#endif /* _NDIS_NBLACCESSORS_H */
