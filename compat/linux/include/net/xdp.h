/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device's XDP features came in 6.3, with their header: before, a device has
 * what its operations do, and nobody can ask. The VLAN tag as metadata came in
 * 6.8. COMPAT_HAS_* are from features.mk.
 */
#ifndef _COMPAT_NET_XDP_H
#define _COMPAT_NET_XDP_H

#include_next <net/xdp.h>
#include <linux/netdevice.h>

#if !__has_include(<uapi/linux/netdev.h>)
#include <linux/bits.h>

#define NETDEV_XDP_ACT_BASIC		BIT(0)
#define NETDEV_XDP_ACT_REDIRECT		BIT(1)
#define NETDEV_XDP_ACT_NDO_XMIT		BIT(2)
#define NETDEV_XDP_ACT_XSK_ZEROCOPY	BIT(3)
#define NETDEV_XDP_ACT_RX_SG		BIT(5)
#define NETDEV_XDP_ACT_NDO_XMIT_SG	BIT(6)

static inline void xdp_set_features_flag(struct net_device *netdev, u32 val)
{
}
#endif

/* Is it a frame of one of the pages that @rxq is registered with? */
static inline bool compat_xdp_frame_is_from(const struct xdp_frame *frame,
					    const struct xdp_rxq_info *rxq)
{
#ifdef COMPAT_HAS_XDP_FRAME_MEM_TYPE
	return false;	/* frames have no id any more: the long way */
#else
	return frame->mem.id == rxq->mem.id;
#endif
}

/* Since 6.17 a buffer's flags go to the skb as they are: before, one of them. */
#ifndef COMPAT_HAS_XDP_SKB_FLAGS
static inline u32 xdp_buff_get_skb_flags(const struct xdp_buff *xdp)
{
	return xdp->flags;
}

static inline void xdp_update_skb_frags_info(struct sk_buff *skb, u8 nr_frags,
					     unsigned int size,
					     unsigned int truesize,
					     u32 xdp_flags)
{
	xdp_update_skb_shared_info(skb, nr_frags, size, truesize,
				   xdp_flags & XDP_FLAGS_FRAGS_PF_MEMALLOC);
}
#endif

/* What metadata kfuncs find behind the xdp_buff */
struct compat_xdp_buff {
	struct xdp_buff xdp;
	u64 private;
};

#ifdef COMPAT_HAS_XMO_RX_VLAN_TAG
#define compat_xdp_metadata_ops		xdp_metadata_ops

static inline void compat_xdp_set_private(struct compat_xdp_buff *buff, u64 val)
{
	buff->private = val;
}

static inline void
compat_set_xdp_metadata_ops(struct net_device *netdev,
			    const struct xdp_metadata_ops *ops)
{
	netdev->xdp_metadata_ops = ops;
}
#else
struct xdp_md;

struct compat_xdp_metadata_ops {
	int (*xmo_rx_vlan_tag)(const struct xdp_md *ctx, __be16 *proto,
			       u16 *tci);
};

static inline void compat_xdp_set_private(struct compat_xdp_buff *buff, u64 val)
{
}

static inline void
compat_set_xdp_metadata_ops(struct net_device *netdev,
			    const struct compat_xdp_metadata_ops *ops)
{
}
#endif

#endif /* _COMPAT_NET_XDP_H */
