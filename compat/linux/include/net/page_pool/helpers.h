/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_pool's header moved in 6.6. Kernels before it have net/page_pool.h, and
 * no .napi, .netdev and .queue_idx in struct page_pool_params: probed by the
 * header, because a struct member cannot be. COMPAT_HAS_* are from features.mk.
 */
#ifndef _COMPAT_NET_PAGE_POOL_HELPERS_H
#define _COMPAT_NET_PAGE_POOL_HELPERS_H

#include <linux/netdevice.h>

#if __has_include(<net/page_pool/types.h>)
#include_next <net/page_pool/helpers.h>

#define COMPAT_PP_FLAG_FRAG		0	/* every pool's pages may be cut */
#define COMPAT_PAGE_POOL_INIT_ARG	netmem_ref
#define compat_page_pool_init_page(arg)	netmem_to_page(arg)

/* @local: that NAPI alone allocates, so frees in it may skip the lock */
static inline void compat_page_pool_set_napi(struct page_pool_params *params,
					     struct napi_struct *napi,
					     unsigned int queue, bool local)
{
	if (local)
		params->napi = napi;
	params->netdev = napi->dev;
	params->queue_idx = queue;
}

static inline void compat_page_pool_unlink_napi(struct page_pool *pool)
{
	page_pool_disable_direct_recycling(pool);
}
#else
#include <net/page_pool.h>

#define COMPAT_PP_FLAG_FRAG		PP_FLAG_PAGE_FRAG
#define COMPAT_PAGE_POOL_INIT_ARG	struct page *
#define compat_page_pool_init_page(arg)	(arg)

static inline void compat_page_pool_set_napi(struct page_pool_params *params,
					     struct napi_struct *napi,
					     unsigned int queue, bool local)
{
}

static inline void compat_page_pool_unlink_napi(struct page_pool *pool)
{
}
#endif

/* Does page_pool_destroy() unmap the pages that the stack still has? */
static inline bool compat_page_pool_unmaps(void)
{
#ifdef COMPAT_HAS_PAGE_POOL_UNMAPS
	return true;
#else
	return false;
#endif
}

#endif /* _COMPAT_NET_PAGE_POOL_HELPERS_H */
