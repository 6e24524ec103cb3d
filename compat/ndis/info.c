// SPDX-License-Identifier: GPL-2.0-only
/*
 * What travels beside the data: which out-of-band slots a list passes on to one
 * that is derived from it, and cancel ids.
 */
#include <linux/atomic.h>
#include <linux/module.h>
#include <ndis.h>

#include "family.h"

/* As the pages of the two functions list them, and the segmentation slots */
static const u8 ndis_send_slots[] = {
	TcpIpChecksumNetBufferListInfo,
	IPsecOffloadV1NetBufferListInfo,
	TcpLargeSendNetBufferListInfo,
	Ieee8021QNetBufferListInfo,
	NetBufferListCancelId,
	MediaSpecificInformation,
	NetBufferListProtocolId,
	IPsecOffloadV2TunnelNetBufferListInfo,
	IPsecOffloadV2HeaderNetBufferListInfo,
	NetBufferListFilteringInfo,
	VirtualSubnetInfo,
	UdpSegmentationOffloadInfo,
	TcpSendOffloadsSupplementalNetBufferListInfo,
};

static const u8 ndis_receive_slots[] = {
	TcpIpChecksumNetBufferListInfo,
	IPsecOffloadV1NetBufferListInfo,
	TcpReceiveNoPush,
	Ieee8021QNetBufferListInfo,
	MediaSpecificInformation,
	NetBufferListFrameType,
	NetBufferListHashValue,
	NetBufferListHashInfo,
	IPsecOffloadV2TunnelNetBufferListInfo,
	IPsecOffloadV2HeaderNetBufferListInfo,
	NetBufferListFilteringInfo,
	VirtualSubnetInfo,
	TcpRecvSegCoalesceInfo,
	RscTcpTimestampDelta,
};

static void ndis_copy_slots(struct net_buffer_list *to,
			    const struct net_buffer_list *from,
			    const u8 *slots, unsigned int nr)
{
	unsigned int i;

	ndis_nbl_touch(to);
	for (i = 0; i < nr; i++)
		to->NetBufferListInfo[slots[i]] =
			from->NetBufferListInfo[slots[i]];
}

/**
 * NdisCopySendNetBufferListInfo() - pass on what a send asks for
 * @DestNetBufferList: list to write
 * @SrcNetBufferList: list to read
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisCopySendNetBufferListInfo(PNET_BUFFER_LIST DestNetBufferList,
				   PNET_BUFFER_LIST SrcNetBufferList)
{
	if (!DestNetBufferList || !SrcNetBufferList) {
		ndis_refuse("copies the slots of no list");
		return;
	}
	ndis_copy_slots(DestNetBufferList, SrcNetBufferList, ndis_send_slots,
			ARRAY_SIZE(ndis_send_slots));
}
EXPORT_SYMBOL_GPL(NdisCopySendNetBufferListInfo);

/**
 * NdisCopyReceiveNetBufferListInfo() - pass on what was found of a receive
 * @DestNetBufferList: list to write
 * @SrcNetBufferList: list to read
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisCopyReceiveNetBufferListInfo(PNET_BUFFER_LIST DestNetBufferList,
				      PNET_BUFFER_LIST SrcNetBufferList)
{
	if (!DestNetBufferList || !SrcNetBufferList) {
		ndis_refuse("copies the slots of no list");
		return;
	}
	ndis_copy_slots(DestNetBufferList, SrcNetBufferList,
			ndis_receive_slots, ARRAY_SIZE(ndis_receive_slots));
}
EXPORT_SYMBOL_GPL(NdisCopyReceiveNetBufferListInfo);

/**
 * NdisGeneratePartialCancelId() - a byte that tells one driver's ids from others'
 *
 * A driver puts it into the high byte of its cancel ids, once and for all.
 *
 * Context: any.
 * Return: another byte each time, 256 times.
 */
UCHAR NdisGeneratePartialCancelId(void)
{
	static atomic_t last;

	return atomic_inc_return(&last);
}
EXPORT_SYMBOL_GPL(NdisGeneratePartialCancelId);
