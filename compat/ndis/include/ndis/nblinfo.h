/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The out-of-band slots by number; what a slot holds is in nbl<what>.h */
#ifndef _NDIS_NBLINFO_H
#define _NDIS_NBLINFO_H

#include <ndis/types.h>

typedef enum _NDIS_NET_BUFFER_LIST_INFO {
	TcpIpChecksumNetBufferListInfo		= 0,
	TcpOffloadBytesTransferred		= 0,
	IPsecOffloadV1NetBufferListInfo		= 1,
	TcpLargeSendNetBufferListInfo		= 2,
	TcpReceiveNoPush			= 2,
	ClassificationHandleNetBufferListInfo	= 3,
	Ieee8021QNetBufferListInfo		= 4,
	NetBufferListCancelId			= 5,
	MediaSpecificInformation		= 6,
	NetBufferListFrameType			= 7,
	NetBufferListProtocolId			= 7,
	NetBufferListHashValue			= 8,
	NetBufferListHashInfo			= 9,
	WfpNetBufferListInfo			= 10,
	IPsecOffloadV2NetBufferListInfo		= 11,
	IPsecOffloadV2TunnelNetBufferListInfo	= 11,
	IPsecOffloadV2HeaderNetBufferListInfo	= 12,
	NetBufferListCorrelationId		= 13,
	NetBufferListFilteringInfo		= 14,
	MediaSpecificInformationEx		= 15,
	NblOriginalInterfaceIfIndex		= 16,
	NblReAuthWfpFlowContext			= 16,
	TcpReceiveBytesTransferred		= 17,
	NrtNameResolutionId			= 17,
	UdpRecvSegCoalesceOffloadInfo		= 17,
	SwitchForwardingReserved		= 18,
	SwitchForwardingDetail			= 19,
	VirtualSubnetInfo			= 20,
	IMReserved				= 21,
	TcpRecvSegCoalesceInfo			= 22,
	UdpSegmentationOffloadInfo		= 22,
	RscTcpTimestampDelta			= 23,
	TcpSendOffloadsSupplementalNetBufferListInfo	= 23,
	GftOffloadInformation			= 24,
	GftFlowEntryId				= 25,
	NetBufferListInfoReserved3		= 26,
	MaxNetBufferListInfo			= 27,
} NDIS_NET_BUFFER_LIST_INFO, *PNDIS_NET_BUFFER_LIST_INFO;

static_assert((int)MaxNetBufferListInfo == (int)NDIS_INFO_MAX);
static_assert((int)Ieee8021QNetBufferListInfo == (int)NDIS_INFO_8021Q);
static_assert((int)NetBufferListHashInfo == (int)NDIS_INFO_HASH_INFO);

#endif /* _NDIS_NBLINFO_H */
