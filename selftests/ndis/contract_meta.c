// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contract, section 7: layout, accessors, out-of-band slots, and the helpers
 * that buffer management is written with; section 9: how drivers use it all.
 */
#include "contract.h"

#define AT(type, member, at) ktap_expect_eq(t, offsetof(type, member), at)

CONTRACT_CASE(c7_09, 0)
{
	ktap_expect_eq(t, sizeof(NET_BUFFER), 176);
	AT(NET_BUFFER, Next, 0);
	AT(NET_BUFFER, CurrentMdl, 8);
	AT(NET_BUFFER, CurrentMdlOffset, 16);
	AT(NET_BUFFER, DataLength, 24);
	AT(NET_BUFFER, stDataLength, 24);
	AT(NET_BUFFER, MdlChain, 32);
	AT(NET_BUFFER, DataOffset, 40);
	AT(NET_BUFFER, ChecksumBias, 48);
	AT(NET_BUFFER, NdisPoolHandle, 56);
	AT(NET_BUFFER, NdisReserved, 64);
	AT(NET_BUFFER, ProtocolReserved, 80);
	AT(NET_BUFFER, MiniportReserved, 128);
	ktap_expect_eq(t, sizeof_field(NET_BUFFER, NdisReserved), 2 * 8);
	ktap_expect_eq(t, sizeof_field(NET_BUFFER, ProtocolReserved), 6 * 8);
	ktap_expect_eq(t, sizeof_field(NET_BUFFER, MiniportReserved), 4 * 8);
}

CONTRACT_CASE(c7_10, 0)
{
	ktap_expect_eq(t, sizeof(NET_BUFFER_LIST), 368);
	AT(NET_BUFFER_LIST, Next, 0);
	AT(NET_BUFFER_LIST, FirstNetBuffer, 8);
	AT(NET_BUFFER_LIST, Context, 16);
	AT(NET_BUFFER_LIST, ParentNetBufferList, 24);
	AT(NET_BUFFER_LIST, NdisPoolHandle, 32);
	AT(NET_BUFFER_LIST, NdisReserved, 48);
	AT(NET_BUFFER_LIST, ProtocolReserved, 64);
	AT(NET_BUFFER_LIST, MiniportReserved, 96);
	AT(NET_BUFFER_LIST, Scratch, 112);
	AT(NET_BUFFER_LIST, SourceHandle, 120);
	AT(NET_BUFFER_LIST, NblFlags, 128);
	AT(NET_BUFFER_LIST, ChildRefCount, 132);
	AT(NET_BUFFER_LIST, Flags, 136);
	AT(NET_BUFFER_LIST, Status, 140);
	AT(NET_BUFFER_LIST, NetBufferListInfo, 144);
	ktap_expect_eq(t, sizeof_field(NET_BUFFER_LIST, NetBufferListInfo),
		       27 * 8);
}

CONTRACT_CASE(c7_11, 0)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list_nb, 0, 0);

	ktap_expect_eq(t, sizeof(MDL), 48);
	AT(MDL, Next, 0);
	AT(MDL, Size, 8);
	AT(MDL, MdlFlags, 10);
	AT(MDL, Process, 16);
	AT(MDL, MappedSystemVa, 24);
	AT(MDL, StartVa, 32);
	AT(MDL, ByteCount, 40);
	AT(MDL, ByteOffset, 44);
	/* The embedded NET_BUFFER sits right behind its list */
	if (!ktap_expect(t, nbl))
		return;
	ktap_expect_ptr(t, nbl->FirstNetBuffer, (PNET_BUFFER)(nbl + 1));
	NdisFreeNetBufferList(nbl);
}

/* Through a pointer: what has an address can be written to */
#define LVALUE(access, value)						\
do {									\
	typeof(access) *__at = &(access);				\
	typeof(access) __want = (value);				\
									\
	*__at = __want;							\
	ktap_expect(t, *__at == __want);				\
} while (0)

CONTRACT_CASE(c7_12, 0)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list_nb, 0, 0);
	PVOID p = e->mem;

	if (!ktap_expect(t, nbl))
		return;
	LVALUE(NET_BUFFER_LIST_NEXT_NBL(nbl), nbl);
	LVALUE(NET_BUFFER_LIST_NEXT_NBL(nbl), NULL);
	LVALUE(NET_BUFFER_LIST_FIRST_NB(nbl), NULL);
	LVALUE(NET_BUFFER_LIST_INFO(nbl, Ieee8021QNetBufferListInfo), p);
	LVALUE(NET_BUFFER_LIST_FLAGS(nbl), 0x12);
	LVALUE(NET_BUFFER_LIST_NBL_FLAGS(nbl), 0x34);
	LVALUE(NET_BUFFER_LIST_STATUS(nbl), NDIS_STATUS_FAILURE);
	LVALUE(NET_BUFFER_LIST_PROTOCOL_RESERVED(nbl)[3], p);
	LVALUE(NET_BUFFER_LIST_MINIPORT_RESERVED(nbl)[1], p);
	/* One call for one list: no two of them lie on each other */
	ktap_expect_eq(t, nbl->Flags, 0x12);
	ktap_expect_eq(t, nbl->NblFlags, 0x34);
	ktap_expect_ptr(t, nbl->NetBufferListInfo[4], p);
	NdisFreeNetBufferList(nbl);
}

CONTRACT_CASE(c7_13, 0)
{
	PNET_BUFFER nb = NdisAllocateNetBuffer(e->nb, NULL, 0, 0);
	PVOID p = e->mem;

	if (!ktap_expect(t, nb))
		return;
	LVALUE(NET_BUFFER_NEXT_NB(nb), nb);
	LVALUE(NET_BUFFER_NEXT_NB(nb), NULL);
	LVALUE(NET_BUFFER_FIRST_MDL(nb), p);
	LVALUE(NET_BUFFER_CURRENT_MDL(nb), p);
	LVALUE(NET_BUFFER_CURRENT_MDL_OFFSET(nb), 3);
	LVALUE(NET_BUFFER_DATA_OFFSET(nb), 5);
	LVALUE(NET_BUFFER_DATA_LENGTH(nb), 1514);
	LVALUE(NET_BUFFER_CHECKSUM_BIAS(nb), 7);
	LVALUE(NET_BUFFER_PROTOCOL_RESERVED(nb)[5], p);
	LVALUE(NET_BUFFER_MINIPORT_RESERVED(nb)[3], p);
	ktap_expect_eq(t, nb->stDataLength, 1514);
	ktap_expect_eq(t, nb->CurrentMdlOffset, 3);
	ktap_expect_eq(t, nb->DataOffset, 5);
	NdisFreeNetBuffer(nb);
}

CONTRACT_CASE(c7_14, 0)
{
	ktap_expect_eq(t, TcpIpChecksumNetBufferListInfo, 0);
	ktap_expect_eq(t, IPsecOffloadV1NetBufferListInfo, 1);
	ktap_expect_eq(t, TcpLargeSendNetBufferListInfo, 2);
	ktap_expect_eq(t, ClassificationHandleNetBufferListInfo, 3);
	ktap_expect_eq(t, Ieee8021QNetBufferListInfo, 4);
	ktap_expect_eq(t, NetBufferListCancelId, 5);
	ktap_expect_eq(t, MediaSpecificInformation, 6);
	ktap_expect_eq(t, NetBufferListFrameType, 7);
	ktap_expect_eq(t, NetBufferListProtocolId, 7);
	ktap_expect_eq(t, NetBufferListHashValue, 8);
	ktap_expect_eq(t, NetBufferListHashInfo, 9);
	ktap_expect_eq(t, WfpNetBufferListInfo, 10);
	ktap_expect_eq(t, IPsecOffloadV2NetBufferListInfo, 11);
	ktap_expect_eq(t, IPsecOffloadV2HeaderNetBufferListInfo, 12);
	ktap_expect_eq(t, NetBufferListCorrelationId, 13);
	ktap_expect_eq(t, NetBufferListFilteringInfo, 14);
	ktap_expect_eq(t, MediaSpecificInformationEx, 15);
	ktap_expect_eq(t, NblOriginalInterfaceIfIndex, 16);
	ktap_expect_eq(t, TcpReceiveBytesTransferred, 17);
	ktap_expect_eq(t, SwitchForwardingReserved, 18);
	ktap_expect_eq(t, SwitchForwardingDetail, 19);
	ktap_expect_eq(t, VirtualSubnetInfo, 20);
	ktap_expect_eq(t, IMReserved, 21);
	ktap_expect_eq(t, TcpRecvSegCoalesceInfo, 22);
	ktap_expect_eq(t, UdpSegmentationOffloadInfo, 22);
	ktap_expect_eq(t, RscTcpTimestampDelta, 23);
	ktap_expect_eq(t, GftOffloadInformation, 24);
	ktap_expect_eq(t, GftFlowEntryId, 25);
	ktap_expect_eq(t, MaxNetBufferListInfo, 27);
}

/* What the slots hold, in bits */
CONTRACT_CASE(c7_15, 0)
{
	NDIS_TCP_IP_CHECKSUM_NET_BUFFER_LIST_INFO csum = { };
	NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO lso = { };
	NDIS_NET_BUFFER_LIST_8021Q_INFO q = { };

	csum.Transmit.IsIPv4 = 1;
	csum.Transmit.TcpChecksum = 1;
	csum.Transmit.TcpHeaderOffset = 34;
	ktap_expect_eq(t, (uintptr_t)csum.Value, 0x1 | 0x4 | 34 << 16);
	csum.Value = NULL;
	csum.Receive.TcpChecksumSucceeded = 1;
	csum.Receive.IpChecksumSucceeded = 1;
	ktap_expect_eq(t, (uintptr_t)csum.Value, 0x28);
	lso.LsoV2Transmit.MSS = 1460;
	lso.LsoV2Transmit.TcpHeaderOffset = 54;
	lso.LsoV2Transmit.Type = NDIS_TCP_LARGE_SEND_OFFLOAD_V2_TYPE;
	lso.LsoV2Transmit.IPVersion = NDIS_TCP_LARGE_SEND_OFFLOAD_IPv6;
	ktap_expect_eq(t, (uintptr_t)lso.Value,
		       1460 | 54 << 20 | BIT(30) | BIT(31));
	lso.Value = NULL;
	lso.LsoV1TransmitComplete.TcpPayload = 64000;
	ktap_expect_eq(t, lso.Transmit.Type, NDIS_TCP_LARGE_SEND_OFFLOAD_V1_TYPE);
	q.TagHeader.UserPriority = 5;
	q.TagHeader.VlanId = 0x123;
	ktap_expect_eq(t, (uintptr_t)q.Value, 5 | 0x123 << 4);
	ktap_expect_eq(t, sizeof(csum), 8);
	ktap_expect_eq(t, sizeof(lso), 8);
	ktap_expect_eq(t, sizeof(q), 8);
}

static void fill_slots(PNET_BUFFER_LIST nbl)
{
	unsigned int i;

	for (i = 0; i < MaxNetBufferListInfo; i++)
		nbl->NetBufferListInfo[i] = (PVOID)(uintptr_t)(0x1000 + i);
}

/* Copies of slots leave all else of the target alone, and of the source */
static void copy_slots(struct ktap *t, struct env *e, bool send,
		       const u8 *must, unsigned int nr)
{
	PNET_BUFFER_LIST from = NdisAllocateNetBufferList(e->list_nb, 0, 0);
	PNET_BUFFER_LIST to = NdisAllocateNetBufferList(e->list_nb, 0, 0);
	NET_BUFFER_LIST from_before, to_before;
	unsigned int i;

	if (!ktap_expect(t, from && to))
		return;
	fill_slots(from);
	from->Scratch = e->mem;
	from->ChildRefCount = 5;
	to->Scratch = e;
	to->ChildRefCount = 2;
	from_before = *from;
	to_before = *to;
	if (send)
		NdisCopySendNetBufferListInfo(to, from);
	else
		NdisCopyReceiveNetBufferListInfo(to, from);
	for (i = 0; i < nr; i++)
		ktap_expect_eq(t, (uintptr_t)to->NetBufferListInfo[must[i]],
			       0x1000 + must[i]);
	/* Who cancels, and where WFP was, is each list's own business */
	memcpy(to->NetBufferListInfo, to_before.NetBufferListInfo,
	       sizeof(to->NetBufferListInfo));
	to->NblFlags = to_before.NblFlags;
	to->Flags = to_before.Flags;
	ktap_expect(t, !memcmp(to, &to_before, sizeof(to_before)));
	ktap_expect(t, !memcmp(from, &from_before, sizeof(from_before)));
	from->ChildRefCount = 0;
	to->ChildRefCount = 0;
	NdisFreeNetBufferList(to);
	NdisFreeNetBufferList(from);
}

CONTRACT_CASE(c7_16, 0)
{
	static const u8 must[] = {
		TcpIpChecksumNetBufferListInfo, TcpLargeSendNetBufferListInfo,
		Ieee8021QNetBufferListInfo, NetBufferListProtocolId,
	};

	copy_slots(t, e, true, must, ARRAY_SIZE(must));
}

CONTRACT_CASE(c7_17, 0)
{
	static const u8 must[] = {
		TcpIpChecksumNetBufferListInfo, Ieee8021QNetBufferListInfo,
		NetBufferListHashValue, NetBufferListHashInfo,
	};

	copy_slots(t, e, false, must, ARRAY_SIZE(must));
}

CONTRACT_CASE(c7_18, 0)
{
	PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(e->list, 0, 0);

	if (!ktap_expect(t, nbl))
		return;
	ktap_expect_eq(t, NdisGetNetBufferListProtocolId(nbl), 0);
	NdisSetNetBufferListProtocolId(nbl, NDIS_PROTOCOL_ID_TCP_IP);
	ktap_expect_eq(t, NdisGetNetBufferListProtocolId(nbl),
		       NDIS_PROTOCOL_ID_TCP_IP);
	ktap_expect(t, nbl->NetBufferListInfo[NetBufferListProtocolId]);
	ktap_expect_ptr(t, NDIS_GET_NET_BUFFER_LIST_CANCEL_ID(nbl), NULL);
	NDIS_SET_NET_BUFFER_LIST_CANCEL_ID(nbl, e->mem);
	ktap_expect_ptr(t, NDIS_GET_NET_BUFFER_LIST_CANCEL_ID(nbl), e->mem);
	ktap_expect_ptr(t, nbl->NetBufferListInfo[NetBufferListCancelId],
			e->mem);
	NdisFreeNetBufferList(nbl);
}

/* A ring's worth of lists, kept and used again and again */
CONTRACT_CASE(c9_01, CONTRACT_SLEEPS)
{
	NDIS_HANDLE pool = contract_nbl_pool(TRUE, 0, 0, e->verify);
	PNET_BUFFER_LIST ring[32];
	PMDL mdl[32];
	unsigned int i, turn;
	PNET_BUFFER nb;

	for (i = 0; i < 32; i++) {
		mdl[i] = NdisAllocateMdl(NULL, e->mem + 256 * i, 256);
		ring[i] = list_over(pool, 0, 0, mdl[i], 0, 0);
		if (!ktap_expect(t, mdl[i] && ring[i]))
			break;
	}
	for (turn = 0; turn < 8 && i == 32; turn++) {
		for (i = 0; i < 32; i++) {
			nb = NET_BUFFER_LIST_FIRST_NB(ring[i]);
			NET_BUFFER_DATA_LENGTH(nb) = 60 + turn;
			NdisAdjustMdlLength(mdl[i], 60 + turn);
			expect_view(t, nb, 60 + turn, "received");
			NdisAdjustMdlLength(mdl[i], 256);
			NET_BUFFER_LIST_NEXT_NBL(ring[i]) = NULL;
		}
	}
	while (i--) {
		NdisFreeNetBufferList(ring[i]);
		NdisFreeMdl(mdl[i]);
	}
	ktap_expect_eq(t, ndis_pool_live(pool), 0);
	NdisFreeNetBufferListPool(pool);
}

CONTRACT_CASE(c9_02, CONTRACT_SLEEPS)
{
	static const ULONG sizes[] = { 192, 1514, 2048, 4096, 9000 };
	unsigned int i, turn;
	PNET_BUFFER_LIST nbl;
	NDIS_HANDLE pool;
	PNET_BUFFER nb;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		pool = contract_nbl_pool(TRUE, 0, sizes[i], e->verify);
		for (turn = 0; turn < 4 && pool; turn++) {
			nbl = NdisAllocateNetBufferList(pool, 0, 0);
			if (!ktap_expect(t, nbl))
				break;
			nb = nbl->FirstNetBuffer;
			ktap_expect_eq(t, nb->DataOffset, sizes[i]);
			NdisRetreatNetBufferDataStart(nb, sizes[i], 0, NULL);
			expect_view(t, nb, sizes[i], "all of it");
			fill_bytes(nb, 0, sizes[i], turn);
			expect_bytes(t, nb, 0, sizes[i], turn, "all of it");
			NdisFreeNetBufferList(nbl);
		}
		ktap_expect(t, pool);
		NdisFreeNetBufferListPool(pool);
	}
}

static const struct ktap_case cases[] = {
	{ "c7.09 layout of NET_BUFFER", c7_09 },
	{ "c7.10 layout of NET_BUFFER_LIST", c7_10 },
	{ "c7.11 layout of MDL; the embedded NET_BUFFER", c7_11 },
	{ "c7.12 accessors of lists are lvalues", c7_12 },
	{ "c7.13 accessors of NET_BUFFERs are lvalues", c7_13 },
	{ "c7.14 numbers of the slots", c7_14 },
	{ "c7.15 bits of checksum, large send and 802.1Q", c7_15 },
	{ "c7.16 NdisCopySendNetBufferListInfo", c7_16 },
	{ "c7.17 NdisCopyReceiveNetBufferListInfo", c7_17 },
	{ "c7.18 protocol id and cancel id", c7_18 },
	{ "c9.01 lists preallocated and recycled", c9_01 },
	{ "c9.02 data pools of 192 to 9000 bytes", c9_02 },
};

CONTRACT_SECTION(contract_meta);
