/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Slot 22 of a receive: segments that the miniport has coalesced */
#ifndef _NDIS_NBLRSC_H
#define _NDIS_NBLRSC_H

#include <ntdef.h>

typedef union _NDIS_RSC_NBL_INFO {
	struct {
		USHORT CoalescedSegCount;
		USHORT DupAckCount;
	} Info;
	PVOID Value;
} NDIS_RSC_NBL_INFO, *PNDIS_RSC_NBL_INFO;

#define NDIS_RSC_INFO(_NBL) \
	((PNDIS_RSC_NBL_INFO)&NET_BUFFER_LIST_INFO(_NBL, TcpRecvSegCoalesceInfo))
#define NET_BUFFER_LIST_COALESCED_SEG_COUNT(_NBL) \
	(NDIS_RSC_INFO(_NBL)->Info.CoalescedSegCount)
#define NET_BUFFER_LIST_DUP_ACK_COUNT(_NBL) \
	(NDIS_RSC_INFO(_NBL)->Info.DupAckCount)

#endif /* _NDIS_NBLRSC_H */
