/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Slot 2: a large send that the miniport segments, version 1 or 2. The miniport
 * answers in the same slot: with version 1, how many bytes of payload it sent.
 */
#ifndef _NDIS_NBLLSO_H
#define _NDIS_NBLLSO_H

#include <ntdef.h>

#define NDIS_TCP_LARGE_SEND_OFFLOAD_V1_TYPE	0
#define NDIS_TCP_LARGE_SEND_OFFLOAD_V2_TYPE	1
#define NDIS_TCP_LARGE_SEND_OFFLOAD_IPv4	0
#define NDIS_TCP_LARGE_SEND_OFFLOAD_IPv6	1
#define NDIS_LARGE_SEND_OFFLOAD_MAX_HEADER_LENGTH	128

typedef struct _NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO {
	union {
		struct {
			ULONG Unused:30;
			ULONG Type:1;
			ULONG Reserved2:1;
		} Transmit;
		struct {
			ULONG MSS:20;
			ULONG TcpHeaderOffset:10;
			ULONG Type:1;
			ULONG Reserved2:1;
		} LsoV1Transmit;
		struct {
			ULONG TcpPayload:30;
			ULONG Type:1;
			ULONG Reserved2:1;
		} LsoV1TransmitComplete;
		struct {
			ULONG MSS:20;
			ULONG TcpHeaderOffset:10;
			ULONG Type:1;
			ULONG IPVersion:1;
		} LsoV2Transmit;
		struct {
			ULONG Reserved:30;
			ULONG Type:1;
			ULONG Reserved2:1;
		} LsoV2TransmitComplete;
		PVOID Value;
	};
} NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO;
typedef NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO
	*PNDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO;

static_assert(sizeof(NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO) == 8);

#endif /* _NDIS_NBLLSO_H */
