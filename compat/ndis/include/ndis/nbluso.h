/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Slot 22 of a send: a large UDP send that the miniport segments */
#ifndef _NDIS_NBLUSO_H
#define _NDIS_NBLUSO_H

#include <ntdef.h>

#define NDIS_UDP_SEGMENTATION_OFFLOAD_IPV4	0
#define NDIS_UDP_SEGMENTATION_OFFLOAD_IPV6	1

typedef struct _NDIS_UDP_SEGMENTATION_OFFLOAD_NET_BUFFER_LIST_INFO {
	union {
		struct {
			ULONG MSS:20;
			ULONG UdpHeaderOffset:10;
			ULONG Reserved:1;
			ULONG IPVersion:1;
		} Transmit;
		PVOID Value;
	};
} NDIS_UDP_SEGMENTATION_OFFLOAD_NET_BUFFER_LIST_INFO;
typedef NDIS_UDP_SEGMENTATION_OFFLOAD_NET_BUFFER_LIST_INFO
	*PNDIS_UDP_SEGMENTATION_OFFLOAD_NET_BUFFER_LIST_INFO;

#endif /* _NDIS_NBLUSO_H */
