/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An AF_XDP buffer knows its pool since 6.10, and has room for its driver's
 * own data since 6.3. COMPAT_HAS_* are from features.mk.
 */
#ifndef _COMPAT_NET_XDP_SOCK_DRV_H
#define _COMPAT_NET_XDP_SOCK_DRV_H

#include <net/xdp.h>
#include_next <net/xdp_sock_drv.h>

static inline void compat_xsk_sync_for_cpu(struct xdp_buff *xdp,
					   struct xsk_buff_pool *pool)
{
#ifdef COMPAT_HAS_XSK_SYNC_WITH_POOL
	xsk_buff_dma_sync_for_cpu(xdp, pool);
#else
	xsk_buff_dma_sync_for_cpu(xdp);
#endif
}

/* What metadata kfuncs find behind the xdp_buff; nothing reads it elsewhere */
static inline void compat_xsk_set_private(struct xdp_buff *xdp, u64 val)
{
#ifdef COMPAT_HAS_XSK_CB
	XSK_CHECK_PRIV_TYPE(struct compat_xdp_buff);
	container_of(xdp, struct compat_xdp_buff, xdp)->private = val;
#endif
}

#endif /* _COMPAT_NET_XDP_SOCK_DRV_H */
