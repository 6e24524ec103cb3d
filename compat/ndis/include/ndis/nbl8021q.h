/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Slot 4: the 802.1Q tag. Priority low and VLAN id high, the other way round
 * than on the wire; ndis_8021q_from_tci() of ndis/net.h turns it.
 */
#ifndef _NDIS_NBL8021Q_H
#define _NDIS_NBL8021Q_H

#include <ntdef.h>

typedef struct _NDIS_NET_BUFFER_LIST_8021Q_INFO {
	union {
		struct {
			UINT32 UserPriority:3;
			UINT32 CanonicalFormatId:1;
			UINT32 VlanId:12;
			UINT32 Reserved:16;
		} TagHeader;
		struct {
			UINT32 UserPriority:3;
			UINT32 CanonicalFormatId:1;
			UINT32 VlanId:12;
			UINT32 WMMInfo:4;
			UINT32 Reserved:12;
		} WLanTagHeader;
		PVOID Value;
	};
} NDIS_NET_BUFFER_LIST_8021Q_INFO, *PNDIS_NET_BUFFER_LIST_8021Q_INFO;

#define NDIS_GET_NET_BUFFER_LIST_8021Q_INFO(_NBL) \
	((PNDIS_NET_BUFFER_LIST_8021Q_INFO)&NET_BUFFER_LIST_INFO(_NBL, Ieee8021QNetBufferListInfo))
#define NDIS_GET_NET_BUFFER_LIST_VLAN_ID(_NBL) \
	(NDIS_GET_NET_BUFFER_LIST_8021Q_INFO(_NBL)->TagHeader.VlanId)

static_assert(sizeof(NDIS_NET_BUFFER_LIST_8021Q_INFO) == 8);

#endif /* _NDIS_NBL8021Q_H */
