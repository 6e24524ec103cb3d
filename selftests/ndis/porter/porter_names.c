// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows spelling from top to bottom: a variable called current, mixed min
 * and max, annotations, declarations where they are needed, pool tags as
 * characters, pragmas of another compiler.
 */
#define NDIS_WINDOWS_SOURCE
#include <ntddk.h>
#include "porter.h"
#include <ndis/nblqueue.h>
#include <ntintsafe.h>
#include <windef.h>

#pragma warning(disable:4200)
#pragma alloc_text(PAGE, PorterBuildQueue)

typedef struct _PORTER_RX {
	LIST_ENTRY Link;
	DECLSPEC_ALIGN(16) SLIST_ENTRY Free;
	_Field_size_bytes_(Length) PUCHAR Buffer;
	ULONG Length;
	__int64 Stamp;
} PORTER_RX, *PPORTER_RX;

C_ASSERT(FIELD_OFFSET(PORTER_RX, Free) == 16);
C_ASSERT(PORTER_TAG == 0x7450444e);
C_ASSERT(NDIS_STATUS_RESOURCES < 0 && NT_SUCCESS(NDIS_STATUS_PENDING));
C_ASSERT(sizeof(L"ab") == 6);

_IRQL_requires_max_(DISPATCH_LEVEL)
_Must_inspect_result_
static NDIS_STATUS
PorterBuildQueue(
	IN OUT NBL_COUNTED_QUEUE *Queue,
	_In_reads_(Count) PNET_BUFFER_LIST *Lists,
	_In_ USHORT Count,
	OPTIONAL PVOID Context
	)
{
	UNREFERENCED_PARAMETER(Context);
	NdisInitializeNblCountedQueue(Queue);
	for (USHORT i = 0; i < Count; i++)
		NdisAppendSingleNblToNblCountedQueue(Queue, Lists[i]);
	NT_ASSERT(Queue->NblCount == Count);
	return NDIS_STATUS_SUCCESS;
}

static VOID porter_test_macros(struct ktap *t)
{
	USHORT a = 7;
	ULONG b = 9;
	LONG c = -3;
	SIZE_T d = 11;
	ULONG sum;

	ktap_expect_eq(t, min(a, b), 7);
	ktap_expect_eq(t, max(a, d), 11);
	ktap_expect_eq(t, min(c, 2), (u64)-3);
	ktap_expect_eq(t, min(a++, b), 7);
	ktap_expect_eq(t, a, 8);
	ktap_expect_eq(t, ALIGN_UP_BY(5, 4), 8);
	ktap_expect_eq(t, ALIGN_UP(5, ULONG64), 8);
	ktap_expect_eq(t, ADDRESS_AND_SIZE_TO_SPAN_PAGES(4095, 2), 2);
	ktap_expect_eq(t, ADDRESS_AND_SIZE_TO_SPAN_PAGES(4096, 4096), 1);
	ktap_expect_eq(t, BYTES_TO_PAGES(4097), 2);
	ktap_expect_ptr(t, PAGE_ALIGN((PVOID)4097), (PVOID)4096);
	ktap_expect_eq(t, RtlULongAdd(1, 0xffffffff, &sum),
		       STATUS_INTEGER_OVERFLOW);
	ktap_expect_eq(t, sum, 0xffffffff);
	ktap_expect_eq(t, RtlULongAdd(1, 2, &sum), STATUS_SUCCESS);
	ktap_expect_eq(t, sum, 3);
	ktap_expect_eq(t, RtlUshortByteSwap(0x1234), 0x3412);
	ktap_expect_eq(t, LOBYTE(0x1234), 0x34);
	ktap_expect_eq(t, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* Every accessor takes an assignment, and none reaches another's field */
static VOID porter_test_lvalues(struct ktap *t, PNET_BUFFER_LIST current)
{
	PNET_BUFFER nb = NET_BUFFER_LIST_FIRST_NB(current);
	PNDIS_NET_BUFFER_LIST_8021Q_INFO tag;
	ULONG i;

	for (i = 0; i < MaxNetBufferListInfo; i++)
		NET_BUFFER_LIST_INFO(current, i) = UlongToPtr(i + 1);
	for (i = 0; i < MaxNetBufferListInfo; i++)
		ktap_expect_eq(t, PtrToUlong(current->NetBufferListInfo[i]),
			       i + 1);
	NET_BUFFER_LIST_PROTOCOL_RESERVED(current)[3] = t;
	NET_BUFFER_LIST_MINIPORT_RESERVED(current)[1] = nb;
	ktap_expect_ptr(t, current->ProtocolReserved[3], t);
	ktap_expect_ptr(t, current->MiniportReserved[1], nb);
	NET_BUFFER_MINIPORT_RESERVED(nb)[3] = t;
	NET_BUFFER_PROTOCOL_RESERVED(nb)[5] = t;
	NET_BUFFER_CHECKSUM_BIAS(nb) = 3;
	NET_BUFFER_DATA_PHYSICAL_ADDRESS(nb).QuadPart = 0x123456789;
	NET_BUFFER_SCATTER_GATHER_LIST(nb) = NULL;
	ktap_expect_eq(t, nb->DataPhysicalAddress.HighPart, 1);
	NET_BUFFER_LIST_STATUS(current) = NDIS_STATUS_PAUSED;
	NET_BUFFER_LIST_FLAGS(current) = 0;
	NET_BUFFER_LIST_NBL_FLAGS(current) = 0;
	NdisSetNblFlag(current, NDIS_NBL_FLAGS_IS_IPV4 | NDIS_NBL_FLAGS_IS_TCP);
	NdisClearNblFlag(current, NDIS_NBL_FLAGS_IS_TCP);
	ktap_expect(t, NdisTestNblFlag(current, NDIS_NBL_FLAGS_IS_IPV4));
	ktap_expect(t, !NdisTestNblFlags(current, NDIS_NBL_FLAGS_IS_IPV4 |
					 NDIS_NBL_FLAGS_IS_TCP));
	ktap_expect_eq(t, current->NblFlags, NDIS_NBL_FLAGS_IS_IPV4);

	tag = NDIS_GET_NET_BUFFER_LIST_8021Q_INFO(current);
	tag->Value = NULL;
	tag->TagHeader.VlanId = 0xabc;
	tag->TagHeader.UserPriority = 5;
	ktap_expect_eq(t, NDIS_GET_NET_BUFFER_LIST_VLAN_ID(current), 0xabc);
	ktap_expect_eq(t, PtrToUlong(current->NetBufferListInfo[4]), 0xabc5);
	NET_BUFFER_LIST_SET_HASH_VALUE(current, 0x80000001);
	NET_BUFFER_LIST_INFO(current, NetBufferListHashInfo) = NULL;
	NET_BUFFER_LIST_SET_HASH_FUNCTION(current, NdisHashFunctionToeplitz);
	NET_BUFFER_LIST_SET_HASH_TYPE(current, NDIS_HASH_TCP_IPV4);
	ktap_expect_eq(t, NET_BUFFER_LIST_GET_HASH_VALUE(current), 0x80000001);
	ktap_expect_eq(t, PtrToUlong(current->NetBufferListInfo[9]), 0x201);
	NdisSetNetBufferListProtocolId(current, NDIS_PROTOCOL_ID_TCP_IP);
	ktap_expect_eq(t, NdisGetNetBufferListProtocolId(current),
		       NDIS_PROTOCOL_ID_TCP_IP);
	NDIS_SET_NET_BUFFER_LIST_CANCEL_ID(current, (PVOID)0x77);
	ktap_expect_ptr(t, current->NetBufferListInfo[5], (PVOID)0x77);
}

/* The value types' bits are where the slots have them */
static VOID porter_test_slots(struct ktap *t)
{
	NDIS_TCP_IP_CHECKSUM_NET_BUFFER_LIST_INFO csum = { .Value = NULL };
	NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO lso = { .Value = NULL };

	csum.Receive.TcpChecksumSucceeded = 1;
	ktap_expect_eq(t, PtrToUlong(csum.Value), 8);
	csum.Value = NULL;
	csum.Transmit.TcpHeaderOffset = 0x3ff;
	ktap_expect_eq(t, PtrToUlong(csum.Value), 0x3ff0000);
	lso.LsoV2Transmit.MSS = 1460;
	lso.LsoV2Transmit.TcpHeaderOffset = 34;
	lso.LsoV2Transmit.Type = NDIS_TCP_LARGE_SEND_OFFLOAD_V2_TYPE;
	lso.LsoV2Transmit.IPVersion = NDIS_TCP_LARGE_SEND_OFFLOAD_IPv6;
	ktap_expect_eq(t, PtrToUlong(lso.Value),
		       1460 | 34 << 20 | 1u << 30 | 1u << 31);
	ktap_expect_eq(t, lso.LsoV1TransmitComplete.Type, 1);
}

void porter_test_names(struct ktap *t)
{
	NET_BUFFER_LIST_POOL_PARAMETERS params = { 0 };
	NBL_COUNTED_QUEUE queue;
	PNET_BUFFER_LIST lists[3];
	NDIS_HANDLE pool;

	params.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	params.Header.Revision = NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1;
	params.Header.Size = sizeof(params);
	params.fAllocateNetBuffer = TRUE;
	params.PoolTag = PORTER_TAG;
	pool = NdisAllocateNetBufferListPool(NULL, &params);
	if (!ktap_expect(t, pool))
		return;
	porter_test_macros(t);
	porter_test_slots(t);
	for (ULONG i = 0; i < ARRAYSIZE(lists); i++)
		lists[i] = NdisAllocateNetBufferList(pool, 0, 0);
	if (ktap_expect(t, lists[0] && lists[1] && lists[2])) {
		ktap_expect_eq(t, PorterBuildQueue(&queue, lists, 3, NULL),
			       NDIS_STATUS_SUCCESS);
		ktap_expect_eq(t, queue.NblCount, 3);
		for (ULONG i = 0; i < ARRAYSIZE(lists); i++)
			ktap_expect_ptr(t, NdisPopFirstNblFromNblCountedQueue(&queue),
					lists[i]);
		ktap_expect(t, NdisIsNblCountedQueueEmpty(&queue));
		porter_test_lvalues(t, lists[0]);
	}
	for (ULONG i = 0; i < ARRAYSIZE(lists); i++)
		if (lists[i])
			NdisFreeNetBufferList(lists[i]);
	NdisFreeNetBufferListPool(pool);
}
