/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * NDIS 6 network data pools in Windows spelling, for people who port a
 * miniport. The same objects as ndis/pool.h; each function's kernel-doc in
 * windows.c names its twin.
 */
#ifndef _NDIS_H
#define _NDIS_H

#include <ndis/pool.h>

typedef void VOID;
typedef void *PVOID;
typedef u8 UCHAR;
typedef u8 BOOLEAN;
typedef u16 USHORT;
typedef u32 ULONG;
typedef s32 LONG;
typedef size_t SIZE_T;
typedef void *NDIS_HANDLE;

#ifndef TRUE
#define TRUE	1
#define FALSE	0
#endif

typedef struct net_buffer_list NET_BUFFER_LIST, *PNET_BUFFER_LIST;
typedef struct net_buffer NET_BUFFER, *PNET_BUFFER;
typedef struct ndis_nbl_context NET_BUFFER_LIST_CONTEXT;
typedef struct ndis_nbl_context *PNET_BUFFER_LIST_CONTEXT;
typedef struct ndis_mdl MDL, *PMDL;

#define _NET_BUFFER_LIST	net_buffer_list
#define _NET_BUFFER		net_buffer
#define _MDL			ndis_mdl

typedef struct _NDIS_OBJECT_HEADER {
	UCHAR Type;
	UCHAR Revision;
	USHORT Size;
} NDIS_OBJECT_HEADER, *PNDIS_OBJECT_HEADER;

#define NDIS_PROTOCOL_ID_DEFAULT	0x00
#define NDIS_PROTOCOL_ID_TCP_IP		0x02
#define NDIS_PROTOCOL_ID_IPX		0x06
#define NDIS_PROTOCOL_ID_NBF		0x07

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
#define NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1	16
#define NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_2	20
#define NET_BUFFER_LIST_POOL_FLAG_VERIFY			0x00000001

typedef struct _NET_BUFFER_POOL_PARAMETERS {
	NDIS_OBJECT_HEADER Header;
	ULONG PoolTag;
	ULONG DataSize;
	ULONG Flags;
} NET_BUFFER_POOL_PARAMETERS, *PNET_BUFFER_POOL_PARAMETERS;

#define NET_BUFFER_POOL_PARAMETERS_REVISION_1			1
#define NET_BUFFER_POOL_PARAMETERS_REVISION_2			2
#define NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1	12
#define NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_2	16
#define NET_BUFFER_POOL_FLAG_VERIFY				0x00000001

static_assert(sizeof(NET_BUFFER_LIST_POOL_PARAMETERS) == 20);
static_assert(sizeof(NET_BUFFER_POOL_PARAMETERS) == 16);

static inline PVOID ndis_context_data(NET_BUFFER_LIST_CONTEXT *context)
{
	return &context->ContextData[context->Offset];
}

#define NET_BUFFER_LIST_NEXT_NBL(_NBL)		((_NBL)->Next)
#define NET_BUFFER_LIST_FIRST_NB(_NBL)		((_NBL)->FirstNetBuffer)
#define NET_BUFFER_LIST_INFO(_NBL, _Id)		((_NBL)->NetBufferListInfo[(_Id)])
#define NET_BUFFER_LIST_STATUS(_NBL)		((_NBL)->Status)
#define NET_BUFFER_LIST_CONTEXT_DATA_START(_NBL) \
	ndis_context_data((_NBL)->Context)
#define NET_BUFFER_NEXT_NB(_NB)			((_NB)->Next)
#define NET_BUFFER_FIRST_MDL(_NB)		((_NB)->MdlChain)
#define NET_BUFFER_CURRENT_MDL(_NB)		((_NB)->CurrentMdl)
#define NET_BUFFER_CURRENT_MDL_OFFSET(_NB)	((_NB)->CurrentMdlOffset)
#define NET_BUFFER_DATA_OFFSET(_NB)		((_NB)->DataOffset)
#define NET_BUFFER_DATA_LENGTH(_NB)		((_NB)->DataLength)

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

#endif /* _NDIS_H */
