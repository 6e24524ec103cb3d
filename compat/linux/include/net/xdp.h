/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device's XDP features came in 6.3, with their header: before, a device has
 * what its operations do, and nobody can ask.
 */
#ifndef _COMPAT_NET_XDP_H
#define _COMPAT_NET_XDP_H

#include_next <net/xdp.h>

#if !__has_include(<uapi/linux/netdev.h>)
#include <linux/bits.h>
#include <linux/netdevice.h>

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

#endif /* _COMPAT_NET_XDP_H */
