// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a miniport says about itself, as the netdev's settings: attributes before
 * it is registered, link state while it lives.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/module.h>

#include "miniport_internal.h"

static NDIS_STATUS ndis_set_registration(struct ndis_block *block,
					 const NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES *a)
{
	if (!a->MiniportAdapterContext)
		return NDIS_STATUS_INVALID_PARAMETER;
	block->context = a->MiniportAdapterContext;
	if (block->driver->chars.CheckForHangHandlerEx)
		block->hang_seconds = a->CheckForHangTimeInSeconds ?: 2;
	return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS ndis_set_general(struct ndis_block *block,
				    const NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *a)
{
	struct net_device *netdev = block->netdev;

	if (a->MacAddressLength != ETH_ALEN || a->MediaType != NdisMedium802_3 ||
	    a->MtuSize < ETH_MIN_MTU)
		return NDIS_STATUS_INVALID_PARAMETER;
	eth_hw_addr_set(netdev, a->CurrentMacAddress);
	memcpy(netdev->perm_addr, a->PermanentMacAddress, ETH_ALEN);
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = a->MtuSize;
	netdev->mtu = min_t(u32, ETH_DATA_LEN, a->MtuSize);
	if (a->MacOptions & (NDIS_MAC_OPTION_8021Q_VLAN |
			     NDIS_MAC_OPTION_8021P_PRIORITY)) {
		netdev->features |= NETIF_F_HW_VLAN_CTAG_TX |
				    NETIF_F_HW_VLAN_CTAG_RX;
		netdev->hw_features |= NETIF_F_HW_VLAN_CTAG_TX;
	}
	block->link.MediaConnectState = a->MediaConnectState;
	block->link.MediaDuplexState = a->MediaDuplexState;
	block->link.XmitLinkSpeed = a->XmitLinkSpeed;
	block->link.RcvLinkSpeed = a->RcvLinkSpeed;
	return NDIS_STATUS_SUCCESS;
}

/* What is on by default; NDIS has the checksums of TCP and UDP apart, Linux not */
static NDIS_STATUS ndis_set_offload(struct ndis_block *block,
				    const NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES *a)
{
	const NDIS_OFFLOAD *o = a->DefaultOffloadConfiguration;
	struct net_device *netdev = block->netdev;
	netdev_features_t features = 0;
	u32 most = U32_MAX;

	if (!o || o->Header.Type != NDIS_OBJECT_TYPE_OFFLOAD)
		return NDIS_STATUS_INVALID_PARAMETER;
	if (o->Checksum.IPv4Transmit.TcpChecksum &&
	    o->Checksum.IPv4Transmit.UdpChecksum)
		features |= NETIF_F_IP_CSUM;
	if (o->Checksum.IPv6Transmit.TcpChecksum &&
	    o->Checksum.IPv6Transmit.UdpChecksum)
		features |= NETIF_F_IPV6_CSUM;
	if (o->Checksum.IPv4Receive.TcpChecksum ||
	    o->Checksum.IPv6Receive.TcpChecksum)
		features |= NETIF_F_RXCSUM;
	if (features & NETIF_F_IP_CSUM && o->LsoV2.IPv4.MaxOffLoadSize) {
		features |= NETIF_F_TSO;
		most = min(most, o->LsoV2.IPv4.MaxOffLoadSize);
	}
	if (features & NETIF_F_IPV6_CSUM && o->LsoV2.IPv6.MaxOffLoadSize) {
		features |= NETIF_F_TSO6;
		most = min(most, o->LsoV2.IPv6.MaxOffLoadSize);
	}
	if (features & NETIF_F_ALL_TSO)
		netif_set_tso_max_size(netdev, min_t(u32, most, SZ_64K));
	netdev->hw_features |= features;
	netdev->features |= features;
	netdev->vlan_features |= features;
	return NDIS_STATUS_SUCCESS;
}

/**
 * NdisMSetMiniportAttributes() - the miniport describes itself
 * @NdisMiniportHandle: as MiniportInitializeEx was given
 * @MiniportAttributes: registration (first; it holds MiniportAdapterContext),
 *	general (Ethernet address, largest MTU, 802.1Q) or offload attributes
 *	(checksums, large send v2: the netdev's features)
 *
 * Context: process, inside MiniportInitializeEx.
 * Return: NDIS_STATUS_SUCCESS; NDIS_STATUS_INVALID_PARAMETER;
 * NDIS_STATUS_NOT_SUPPORTED for other attributes.
 */
NDIS_STATUS NdisMSetMiniportAttributes(NDIS_HANDLE NdisMiniportHandle,
				       PNDIS_MINIPORT_ADAPTER_ATTRIBUTES
				       MiniportAttributes)
{
	struct ndis_block *block = NdisMiniportHandle;
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES *a = MiniportAttributes;

	if (!block || !a || block->state != NDIS_HALTED)
		return NDIS_STATUS_INVALID_PARAMETER;
	/* A list has an MDL per fragment, and they may be anywhere */
	block->netdev->hw_features |= NETIF_F_SG;
	block->netdev->features |= NETIF_F_SG | NETIF_F_HIGHDMA;
	block->netdev->vlan_features |= NETIF_F_SG | NETIF_F_HIGHDMA;

	/* All members begin with the header */
	switch (a->RegistrationAttributes.Header.Type) {
	case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES:
		return ndis_set_registration(block, &a->RegistrationAttributes);
	case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES:
		return ndis_set_general(block, &a->GeneralAttributes);
	case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES:
		return ndis_set_offload(block, &a->OffloadAttributes);
	default:
		return NDIS_STATUS_NOT_SUPPORTED;
	}
}
EXPORT_SYMBOL_GPL(NdisMSetMiniportAttributes);

/* The netdev's carrier as the miniport said last */
void ndis_link_apply(struct ndis_block *block)
{
	if (block->link.MediaConnectState == MediaConnectStateConnected)
		netif_carrier_on(block->netdev);
	else
		netif_carrier_off(block->netdev);
}

/**
 * NdisMIndicateStatusEx() - the miniport reports a change
 * @MiniportAdapterHandle: NdisMiniportHandle
 * @StatusIndication: NDIS_STATUS_LINK_STATE with an NDIS_LINK_STATE becomes the
 *	netdev's carrier, speed and duplex; others have no meaning here
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisMIndicateStatusEx(NDIS_HANDLE MiniportAdapterHandle,
			   PNDIS_STATUS_INDICATION StatusIndication)
{
	struct ndis_block *block = MiniportAdapterHandle;

	if (!block || StatusIndication->StatusCode != NDIS_STATUS_LINK_STATE)
		return;
	if (!StatusIndication->StatusBuffer ||
	    StatusIndication->StatusBufferSize < sizeof(NDIS_LINK_STATE)) {
		ndis_block_misuse(block, "NDIS_STATUS_LINK_STATE without a link state");
		return;
	}
	spin_lock_bh(&block->lock);
	memcpy(&block->link, StatusIndication->StatusBuffer,
	       sizeof(block->link));
	spin_unlock_bh(&block->lock);
	/* At init there is no netdev for the stack yet; restart says it then */
	if (block->state != NDIS_HALTED)
		ndis_link_apply(block);
}
EXPORT_SYMBOL_GPL(NdisMIndicateStatusEx);

/**
 * ndis_adapter_get_link() - for ethtool's get_link_ksettings
 * @adapter: adapter
 * @settings: receives speed and duplex
 */
void ndis_adapter_get_link(const struct ndis_adapter *adapter,
			   struct ethtool_link_ksettings *settings)
{
	const NDIS_LINK_STATE *link = &adapter->block->link;
	bool known = link->MediaConnectState == MediaConnectStateConnected &&
		     link->XmitLinkSpeed != NDIS_LINK_SPEED_UNKNOWN;

	settings->base.speed = known ? div_u64(link->XmitLinkSpeed, 1000000) :
				       SPEED_UNKNOWN;
	settings->base.duplex = !known ? DUPLEX_UNKNOWN :
		link->MediaDuplexState == MediaDuplexStateFull ? DUPLEX_FULL :
								 DUPLEX_HALF;
}
EXPORT_SYMBOL_GPL(ndis_adapter_get_link);
