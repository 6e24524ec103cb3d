/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * NET_BUFFER_LIST, NET_BUFFER and context: Windows's names for the structures
 * of ndis/types.h, their flags, and their x64 layout once more, as a porter
 * knows it.
 */
#ifndef _NDIS_NBL_H
#define _NDIS_NBL_H

#include <ndis/objectheader.h>
#include <ndis/status.h>
#include <wdm/list.h>
#include <wdm/mdl.h>

typedef struct net_buffer_list NET_BUFFER_LIST, *PNET_BUFFER_LIST;
typedef struct net_buffer NET_BUFFER, *PNET_BUFFER;
typedef struct net_buffer_data NET_BUFFER_DATA, *PNET_BUFFER_DATA;
typedef union net_buffer_header NET_BUFFER_HEADER, *PNET_BUFFER_HEADER;
typedef union net_buffer_list_header NET_BUFFER_LIST_HEADER;
typedef union net_buffer_list_header *PNET_BUFFER_LIST_HEADER;
typedef struct ndis_nbl_context NET_BUFFER_LIST_CONTEXT;
typedef struct ndis_nbl_context *PNET_BUFFER_LIST_CONTEXT;

#define _NET_BUFFER_LIST		net_buffer_list
#define _NET_BUFFER			net_buffer
#define _NET_BUFFER_DATA		net_buffer_data
#define _NET_BUFFER_LIST_CONTEXT	ndis_nbl_context

/* Where a NET_BUFFER's data lies in shared memory */
typedef struct _NET_BUFFER_SHARED_MEMORY {
	struct _NET_BUFFER_SHARED_MEMORY *NextSharedMemorySegment;
	ULONG SharedMemoryFlags;
	NDIS_HANDLE SharedMemoryHandle;
	ULONG SharedMemoryOffset;
	ULONG SharedMemoryLength;
} NET_BUFFER_SHARED_MEMORY, *PNET_BUFFER_SHARED_MEMORY;

/* NblFlags */
#define NDIS_NBL_FLAGS_SEND_READ_ONLY		0x00000001
#define NDIS_NBL_FLAGS_RECV_READ_ONLY		0x00000002
#define NDIS_NBL_FLAGS_HD_SPLIT			0x00000100
#define NDIS_NBL_FLAGS_IS_IPV4			0x00000200
#define NDIS_NBL_FLAGS_IS_IPV6			0x00000400
#define NDIS_NBL_FLAGS_IS_TCP			0x00000800
#define NDIS_NBL_FLAGS_IS_UDP			0x00001000
#define NDIS_NBL_FLAGS_SPLIT_AT_UPPER_LAYER_PROTOCOL_HEADER	0x00002000
#define NDIS_NBL_FLAGS_SPLIT_AT_UPPER_LAYER_PROTOCOL_PAYLOAD	0x00004000
#define NDIS_NBL_FLAGS_IS_LOOPBACK_PACKET	0x00008000

/* Flags: who may use which bits */
#define NBL_FLAGS_PROTOCOL_RESERVED		0xfff00003
#define NBL_FLAGS_NDIS_RESERVED			0x00000ffc
#define NBL_FLAGS_MINIPORT_RESERVED		0x0000f000
#define NBL_FLAGS_SCRATCH			0x000f0000

static_assert(sizeof(NET_BUFFER_LIST_CONTEXT) == 16);
static_assert(offsetof(NET_BUFFER_LIST_CONTEXT, Size) == 8);
static_assert(offsetof(NET_BUFFER_LIST_CONTEXT, Offset) == 10);
static_assert(offsetof(NET_BUFFER_LIST_CONTEXT, ContextData) == 16);

static_assert(sizeof(NET_BUFFER) == 176 && __alignof__(NET_BUFFER) == 16);
static_assert(offsetof(NET_BUFFER, Next) == 0);
static_assert(offsetof(NET_BUFFER, CurrentMdl) == 8);
static_assert(offsetof(NET_BUFFER, CurrentMdlOffset) == 16);
static_assert(offsetof(NET_BUFFER, DataLength) == 24);
static_assert(offsetof(NET_BUFFER, stDataLength) == 24);
static_assert(offsetof(NET_BUFFER, MdlChain) == 32);
static_assert(offsetof(NET_BUFFER, DataOffset) == 40);
static_assert(offsetof(NET_BUFFER, ChecksumBias) == 48);
static_assert(offsetof(NET_BUFFER, Reserved) == 50);
static_assert(offsetof(NET_BUFFER, NdisPoolHandle) == 56);
static_assert(offsetof(NET_BUFFER, NdisReserved) == 64);
static_assert(offsetof(NET_BUFFER, ProtocolReserved) == 80);
static_assert(offsetof(NET_BUFFER, MiniportReserved) == 128);
static_assert(offsetof(NET_BUFFER, DataPhysicalAddress) == 160);
static_assert(offsetof(NET_BUFFER, ScatterGatherList) == 168);

static_assert(sizeof(NET_BUFFER_LIST) == 368);
static_assert(__alignof__(NET_BUFFER_LIST) == 16);
static_assert(offsetof(NET_BUFFER_LIST, Next) == 0);
static_assert(offsetof(NET_BUFFER_LIST, FirstNetBuffer) == 8);
static_assert(offsetof(NET_BUFFER_LIST, Context) == 16);
static_assert(offsetof(NET_BUFFER_LIST, ParentNetBufferList) == 24);
static_assert(offsetof(NET_BUFFER_LIST, NdisPoolHandle) == 32);
static_assert(offsetof(NET_BUFFER_LIST, NdisReserved) == 48);
static_assert(offsetof(NET_BUFFER_LIST, ProtocolReserved) == 64);
static_assert(offsetof(NET_BUFFER_LIST, MiniportReserved) == 96);
static_assert(offsetof(NET_BUFFER_LIST, Scratch) == 112);
static_assert(offsetof(NET_BUFFER_LIST, SourceHandle) == 120);
static_assert(offsetof(NET_BUFFER_LIST, NblFlags) == 128);
static_assert(offsetof(NET_BUFFER_LIST, ChildRefCount) == 132);
static_assert(offsetof(NET_BUFFER_LIST, Flags) == 136);
static_assert(offsetof(NET_BUFFER_LIST, Status) == 140);
static_assert(offsetof(NET_BUFFER_LIST, NetBufferListInfo) == 144);

#endif /* _NDIS_NBL_H */
