/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Pools, lists and NET_BUFFERs: the functions. What each does and returns is
 * told where it is defined, in windows.c, data.c, context.c and derive.c.
 *
 * Context: up to DISPATCH_LEVEL, except that pools are created and freed at
 * PASSIVE_LEVEL.
 */
#ifndef _NDIS_NBLAPI_H
#define _NDIS_NBLAPI_H

#include <ndis/nblaccessors.h>

#define NDIS_PROTOCOL_ID_DEFAULT	0x00
#define NDIS_PROTOCOL_ID_TCP_IP		0x02
#define NDIS_PROTOCOL_ID_IPX		0x06
#define NDIS_PROTOCOL_ID_NBF		0x07
#define NDIS_PROTOCOL_ID_MAX		0x0f

/* Revision 2 appends Flags; a caller of revision 1 need not have it */
typedef struct _NET_BUFFER_LIST_POOL_PARAMETERS {
	NDIS_OBJECT_HEADER Header;
	UCHAR ProtocolId;
	BOOLEAN fAllocateNetBuffer;
	USHORT ContextSize;
	ULONG PoolTag;
	ULONG DataSize;
	ULONG Flags;
} NET_BUFFER_LIST_POOL_PARAMETERS, *PNET_BUFFER_LIST_POOL_PARAMETERS;

#define NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1		1
#define NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_2		2
#define NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1 \
	RTL_SIZEOF_THROUGH_FIELD(NET_BUFFER_LIST_POOL_PARAMETERS, DataSize)
#define NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_2 \
	RTL_SIZEOF_THROUGH_FIELD(NET_BUFFER_LIST_POOL_PARAMETERS, Flags)
#define NET_BUFFER_LIST_POOL_FLAG_VERIFY			0x00000001

typedef struct _NET_BUFFER_POOL_PARAMETERS {
	NDIS_OBJECT_HEADER Header;
	ULONG PoolTag;
	ULONG DataSize;
	ULONG Flags;
} NET_BUFFER_POOL_PARAMETERS, *PNET_BUFFER_POOL_PARAMETERS;

#define NET_BUFFER_POOL_PARAMETERS_REVISION_1			1
#define NET_BUFFER_POOL_PARAMETERS_REVISION_2			2
#define NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1 \
	RTL_SIZEOF_THROUGH_FIELD(NET_BUFFER_POOL_PARAMETERS, DataSize)
#define NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_2 \
	RTL_SIZEOF_THROUGH_FIELD(NET_BUFFER_POOL_PARAMETERS, Flags)
#define NET_BUFFER_POOL_FLAG_VERIFY				0x00000001

static_assert(NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1 == 16);
static_assert(NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_2 == 20);
static_assert(sizeof(NET_BUFFER_LIST_POOL_PARAMETERS) == 20);
static_assert(NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1 == 12);
static_assert(NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_2 == 16);
static_assert(sizeof(NET_BUFFER_POOL_PARAMETERS) == 16);

/* --- pools, lists, NET_BUFFERs -------------------------------------------------- */

NDIS_HANDLE
__NdisAllocateNetBufferListPool(NDIS_HANDLE NdisHandle,
				NET_BUFFER_LIST_POOL_PARAMETERS *Parameters,
				const char *owner);
NDIS_HANDLE
__NdisAllocateNetBufferPool(NDIS_HANDLE NdisHandle,
			    NET_BUFFER_POOL_PARAMETERS *Parameters,
			    const char *owner);

/* The owner that a pool is listed and reported with is the calling module */
#define NdisAllocateNetBufferListPool(_Handle, _Parameters) \
	__NdisAllocateNetBufferListPool(_Handle, _Parameters, KBUILD_MODNAME)
#define NdisAllocateNetBufferPool(_Handle, _Parameters) \
	__NdisAllocateNetBufferPool(_Handle, _Parameters, KBUILD_MODNAME)

VOID NdisFreeNetBufferListPool(NDIS_HANDLE PoolHandle);
VOID NdisFreeNetBufferPool(NDIS_HANDLE PoolHandle);

PNET_BUFFER_LIST NdisAllocateNetBufferList(NDIS_HANDLE PoolHandle,
					   USHORT ContextSize,
					   USHORT ContextBackFill);
PNET_BUFFER_LIST
NdisAllocateNetBufferAndNetBufferList(NDIS_HANDLE PoolHandle,
				      USHORT ContextSize,
				      USHORT ContextBackFill, PMDL MdlChain,
				      ULONG DataOffset, SIZE_T DataLength);
VOID NdisFreeNetBufferList(PNET_BUFFER_LIST NetBufferList);

PNET_BUFFER NdisAllocateNetBuffer(NDIS_HANDLE PoolHandle, PMDL MdlChain,
				  ULONG DataOffset, SIZE_T DataLength);
PNET_BUFFER NdisAllocateNetBufferMdlAndData(NDIS_HANDLE PoolHandle);
VOID NdisFreeNetBuffer(PNET_BUFFER NetBuffer);

NDIS_HANDLE NdisGetPoolFromNetBufferList(PNET_BUFFER_LIST NetBufferList);
NDIS_HANDLE NdisGetPoolFromNetBuffer(PNET_BUFFER NetBuffer);

/* --- data start ------------------------------------------------------------------- */

/* Called with the bytes wanted; may raise them to what the MDL has */
typedef PMDL NET_BUFFER_ALLOCATE_MDL(PULONG BufferSize);
typedef NET_BUFFER_ALLOCATE_MDL *NET_BUFFER_ALLOCATE_MDL_HANDLER;
typedef VOID NET_BUFFER_FREE_MDL(PMDL Mdl);
typedef NET_BUFFER_FREE_MDL *NET_BUFFER_FREE_MDL_HANDLER;

NDIS_STATUS
NdisRetreatNetBufferDataStart(PNET_BUFFER NetBuffer, ULONG DataOffsetDelta,
			      ULONG DataBackFill,
			      NET_BUFFER_ALLOCATE_MDL_HANDLER AllocateMdlHandler);
VOID
NdisAdvanceNetBufferDataStart(PNET_BUFFER NetBuffer, ULONG DataOffsetDelta,
			      BOOLEAN FreeMdl,
			      NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler);
NDIS_STATUS
NdisRetreatNetBufferListDataStart(PNET_BUFFER_LIST NetBufferList,
				  ULONG DataOffsetDelta, ULONG DataBackFill,
				  NET_BUFFER_ALLOCATE_MDL_HANDLER AllocateMdlHandler,
				  NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler);
VOID
NdisAdvanceNetBufferListDataStart(PNET_BUFFER_LIST NetBufferList,
				  ULONG DataOffsetDelta, BOOLEAN FreeMdl,
				  NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler);
VOID NdisAdjustNetBufferCurrentMdl(PNET_BUFFER NetBuffer);

PVOID NdisGetDataBuffer(PNET_BUFFER NetBuffer, ULONG BytesNeeded, PVOID Storage,
			ULONG AlignMultiple, ULONG AlignOffset);
NDIS_STATUS
NdisCopyFromNetBufferToNetBuffer(PNET_BUFFER Destination,
				 ULONG DestinationOffset, ULONG BytesToCopy,
				 PNET_BUFFER Source, ULONG SourceOffset,
				 PULONG BytesCopied);
ULONG NdisQueryNetBufferPhysicalCount(PNET_BUFFER NetBuffer);

/* --- context ---------------------------------------------------------------------- */

NDIS_STATUS NdisAllocateNetBufferListContext(PNET_BUFFER_LIST NetBufferList,
					     USHORT ContextSize,
					     USHORT ContextBackFill,
					     ULONG PoolTag);
VOID NdisFreeNetBufferListContext(PNET_BUFFER_LIST NetBufferList,
				  USHORT ContextSize);

/* --- derived lists ------------------------------------------------------------------ */

#define NDIS_CLONE_FLAGS_RESERVED		0x00000001
#define NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS	0x00000002

PNET_BUFFER_LIST
NdisAllocateCloneNetBufferList(PNET_BUFFER_LIST OriginalNetBufferList,
			       NDIS_HANDLE NetBufferListPoolHandle,
			       NDIS_HANDLE NetBufferPoolHandle,
			       ULONG AllocateCloneFlags);
VOID NdisFreeCloneNetBufferList(PNET_BUFFER_LIST CloneNetBufferList,
				ULONG FreeCloneFlags);
PNET_BUFFER_LIST
NdisAllocateFragmentNetBufferList(PNET_BUFFER_LIST OriginalNetBufferList,
				  NDIS_HANDLE NetBufferListPool,
				  NDIS_HANDLE NetBufferPool, ULONG StartOffset,
				  ULONG MaximumLength, ULONG DataOffsetDelta,
				  ULONG DataBackFill,
				  ULONG AllocateFragmentFlags);
VOID NdisFreeFragmentNetBufferList(PNET_BUFFER_LIST FragmentNetBufferList,
				   ULONG DataOffsetDelta,
				   ULONG FreeFragmentFlags);
PNET_BUFFER_LIST
NdisAllocateReassembledNetBufferList(PNET_BUFFER_LIST FragmentNetBufferList,
				     NDIS_HANDLE NetBufferAndNetBufferListPoolHandle,
				     ULONG StartOffset, ULONG DataOffsetDelta,
				     ULONG DataBackFill,
				     ULONG AllocateReassembleFlags);
VOID NdisFreeReassembledNetBufferList(PNET_BUFFER_LIST ReassembledNetBufferList,
				      ULONG DataOffsetDelta,
				      ULONG FreeReassembleFlags);

/* --- metadata ----------------------------------------------------------------------- */

VOID NdisCopySendNetBufferListInfo(PNET_BUFFER_LIST DestNetBufferList,
				   PNET_BUFFER_LIST SrcNetBufferList);
VOID NdisCopyReceiveNetBufferListInfo(PNET_BUFFER_LIST DestNetBufferList,
				      PNET_BUFFER_LIST SrcNetBufferList);

/* The high byte of the caller's cancel ids, which are pointer sized */
UCHAR NdisGeneratePartialCancelId(VOID);

/* --- MDLs --------------------------------------------------------------------------- */

PMDL NdisAllocateMdl(NDIS_HANDLE NdisHandle, PVOID VirtualAddress, UINT Length);
VOID NdisFreeMdl(PMDL Mdl);

#endif /* _NDIS_NBLAPI_H */
