/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The NDIS 6 network data structures, with NDIS's field names and its x64
 * layout. A foreign format keeps its names in kernel C; everything that is
 * ours (private state, functions) is spelled the kernel way.
 *
 *   NET_BUFFER_LIST --FirstNetBuffer--> NET_BUFFER --MdlChain--> MDL -> MDL
 *     .Next: next list                   .Next: next packet       .Next
 *
 * DataOffset counts from the start of the MDL chain; CurrentMdl and
 * CurrentMdlOffset name the same byte, so that nobody has to walk for it.
 */
#ifndef _NDIS_TYPES_H
#define _NDIS_TYPES_H

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

/**
 * enum ndis_info - numbers of the out-of-band slots (NDIS_NET_BUFFER_LIST_INFO)
 * @NDIS_INFO_CHECKSUM: TcpIpChecksumNetBufferListInfo, see NDIS_CSUM_*
 * @NDIS_INFO_LARGE_SEND: TcpLargeSendNetBufferListInfo
 * @NDIS_INFO_8021Q: Ieee8021QNetBufferListInfo, see ndis_8021q_info()
 * @NDIS_INFO_HASH_VALUE: NetBufferListHashValue
 * @NDIS_INFO_HASH_INFO: NetBufferListHashInfo
 * @NDIS_INFO_MAX: MaxNetBufferListInfo, the number of slots in a list
 */
enum ndis_info {
	NDIS_INFO_CHECKSUM	= 0,
	NDIS_INFO_LARGE_SEND	= 2,
	NDIS_INFO_8021Q		= 4,
	NDIS_INFO_HASH_VALUE	= 8,
	NDIS_INFO_HASH_INFO	= 9,
	NDIS_INFO_MAX		= 27,
};

/* Receive side of NDIS_TCP_IP_CHECKSUM_NET_BUFFER_LIST_INFO */
#define NDIS_CSUM_TCP_FAILED	BIT(0)
#define NDIS_CSUM_UDP_FAILED	BIT(1)
#define NDIS_CSUM_IP_FAILED	BIT(2)
#define NDIS_CSUM_TCP_OK	BIT(3)
#define NDIS_CSUM_UDP_OK	BIT(4)
#define NDIS_CSUM_IP_OK		BIT(5)

#define NDIS_OBJECT_TYPE_DEFAULT	0x80

/**
 * struct ndis_mdl - memory descriptor list (MDL): one virtually contiguous run
 * @Next: next MDL of the chain
 * @Size: size of the descriptor in bytes
 * @MdlFlags: MDL_* flags
 * @Process: unused here
 * @MappedSystemVa: kernel address of the first byte
 * @StartVa: @MappedSystemVa rounded down to its page
 * @ByteCount: length of the run in bytes
 * @ByteOffset: first byte's offset in its page
 */
struct ndis_mdl {
	struct ndis_mdl *Next;
	s16 Size;
	s16 MdlFlags;
	void *Process;
	void *MappedSystemVa;
	void *StartVa;
	u32 ByteCount;
	u32 ByteOffset;
};

#define MDL_MAPPED_TO_SYSTEM_VA		0x0001	/* MappedSystemVa is valid */
#define MDL_SOURCE_IS_NONPAGED_POOL	0x0004
#define MDL_PARTIAL			0x0010
#define MDL_ALLOCATED_FIXED_SIZE	0x0008

/* A bus address, or a number that old code takes apart: LARGE_INTEGER */
union ndis_large_integer {
	struct {
		u32 LowPart;
		s32 HighPart;
	};
	struct {
		u32 LowPart;
		s32 HighPart;
	} u;
	s64 QuadPart;
};

/* SLIST_ENTRY: first member of what is kept on an SLIST */
struct ndis_slist_entry {
	struct ndis_slist_entry *Next;
} __aligned(16);

/* SLIST_HEADER: the depth has a lock bit beside it */
struct ndis_slist_header {
	struct ndis_slist_entry *Next;
	unsigned long Depth;
} __aligned(16);

/**
 * struct net_buffer_data - NET_BUFFER_DATA: the front of struct net_buffer
 * @Next: as there, and so on
 * @CurrentMdl: MDL that holds the first byte of used data
 * @CurrentMdlOffset: that byte's offset in @CurrentMdl
 * @DataLength: bytes of used data
 * @stDataLength: the same as SIZE_T
 * @MdlChain: first MDL
 * @DataOffset: unused bytes in front of the used data
 */
struct net_buffer_data {
	struct net_buffer *Next;
	struct ndis_mdl *CurrentMdl;
	u32 CurrentMdlOffset;
	union {
		u32 DataLength;
		size_t stDataLength;
	};
	struct ndis_mdl *MdlChain;
	u32 DataOffset;
};

/* NET_BUFFER_HEADER, NET_BUFFER_LIST_HEADER: a link for an SLIST on top */
union net_buffer_header {
	struct net_buffer_data NetBufferData;
	struct ndis_slist_header Link;
};

union net_buffer_list_header {
	struct {
		struct net_buffer_list *Next;
		struct net_buffer *FirstNetBuffer;
	} NetBufferListData;
	struct ndis_slist_header Link;
};

/**
 * struct net_buffer - NET_BUFFER: one packet, a view on an MDL chain
 * @Next: next packet of the same list
 * @CurrentMdl: MDL that holds the first byte of used data
 * @CurrentMdlOffset: that byte's offset in @CurrentMdl
 * @DataLength: bytes of used data
 * @stDataLength: the same as SIZE_T
 * @MdlChain: first MDL
 * @DataOffset: unused bytes in front of the used data
 * @Link: on an SLIST, while nobody needs the fields above
 * @NetBufferHeader: the fields above, by the names of NET_BUFFER_HEADER
 * @ChecksumBias: see NDIS
 * @Reserved: NDIS
 * @NdisPoolHandle: pool of the object that this packet was allocated with
 * @NdisReserved: NDIS
 * @ProtocolReserved: for the protocol driver
 * @MiniportReserved: for the miniport driver
 * @DataPhysicalAddress: bus address, where somebody has set it
 * @ScatterGatherList: mapped elements, where somebody has set them
 * @SharedMemoryInfo: where the data lies in shared memory, likewise
 */
struct net_buffer {
	union {
		struct {	/* struct net_buffer_data */
			struct net_buffer *Next;
			struct ndis_mdl *CurrentMdl;
			u32 CurrentMdlOffset;
			union {
				u32 DataLength;
				size_t stDataLength;
			};
			struct ndis_mdl *MdlChain;
			u32 DataOffset;
		};
		struct ndis_slist_header Link;
		union net_buffer_header NetBufferHeader;
	};
	u16 ChecksumBias;
	u16 Reserved;
	void *NdisPoolHandle;
	void *NdisReserved[2] __aligned(16);
	void *ProtocolReserved[6];
	void *MiniportReserved[4];
	union ndis_large_integer DataPhysicalAddress;
	union {
		void *ScatterGatherList;
		void *SharedMemoryInfo;
	};
};

/**
 * struct ndis_nbl_context - NET_BUFFER_LIST_CONTEXT: a block of context space
 * @Next: block below
 * @Size: bytes of @ContextData
 * @Offset: first used byte; what lies below is backfill
 * @ContextData: the space
 */
struct ndis_nbl_context {
	struct ndis_nbl_context *Next;
	u16 Size;
	u16 Offset;
	u8 ContextData[] __aligned(16);
};

/**
 * struct net_buffer_list - NET_BUFFER_LIST: packets that travel together
 * @Next: next list of a chain
 * @FirstNetBuffer: first packet
 * @Link: on an SLIST, while nobody needs the two above
 * @NetBufferListHeader: the same, by the names of NET_BUFFER_LIST_HEADER
 * @Context: context blocks, newest first
 * @ParentNetBufferList: list that this one was derived from
 * @NdisPoolHandle: its pool
 * @NdisReserved: NDIS
 * @ProtocolReserved: for the protocol driver
 * @MiniportReserved: for the miniport driver
 * @Scratch: for the present owner
 * @SourceHandle: who issued the list
 * @NblFlags: protocol flags
 * @ChildRefCount: derived lists, kept by the caller
 * @Flags: NDIS
 * @Status: NDIS_STATUS of a completed send
 * @NetBufferListInfo: out-of-band slots, see enum ndis_info
 */
struct net_buffer_list {
	union {
		struct {
			struct net_buffer_list *Next;
			struct net_buffer *FirstNetBuffer;
		};
		struct ndis_slist_header Link;
		union net_buffer_list_header NetBufferListHeader;
	};
	struct ndis_nbl_context *Context;
	struct net_buffer_list *ParentNetBufferList;
	void *NdisPoolHandle;
	void *NdisReserved[2] __aligned(16);
	void *ProtocolReserved[4];
	void *MiniportReserved[2];
	void *Scratch;
	void *SourceHandle;
	u32 NblFlags;
	s32 ChildRefCount;
	u32 Flags;
	s32 Status;
	void *NetBufferListInfo[NDIS_INFO_MAX];
} __aligned(16);

static_assert(sizeof(struct ndis_mdl) == 48);
static_assert(offsetof(struct ndis_mdl, MappedSystemVa) == 24);
static_assert(offsetof(struct ndis_mdl, ByteCount) == 40);
static_assert(sizeof(struct ndis_nbl_context) == 16);
static_assert(sizeof(struct net_buffer) == 176);
static_assert(sizeof(struct net_buffer_data) == 48);
static_assert(offsetof(struct net_buffer, MdlChain) ==
	      offsetof(struct net_buffer_data, MdlChain));
static_assert(offsetof(struct net_buffer, DataOffset) ==
	      offsetof(struct net_buffer_data, DataOffset));
static_assert(offsetof(struct net_buffer, ChecksumBias) == 48);
static_assert(offsetof(struct net_buffer, NdisPoolHandle) == 56);
static_assert(offsetof(struct net_buffer, NdisReserved) == 64);
static_assert(offsetof(struct net_buffer, ProtocolReserved) == 80);
static_assert(offsetof(struct net_buffer, MiniportReserved) == 128);
static_assert(sizeof(struct net_buffer_list) == 368);
static_assert(offsetof(struct net_buffer_list, NdisReserved) == 48);
static_assert(offsetof(struct net_buffer_list, Scratch) == 112);
static_assert(offsetof(struct net_buffer_list, NblFlags) == 128);
static_assert(offsetof(struct net_buffer_list, NetBufferListInfo) == 144);

#endif /* _NDIS_TYPES_H */
