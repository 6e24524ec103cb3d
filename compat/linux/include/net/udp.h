/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The keys that say whether any UDP socket is a tunnel's or wants its datagrams
 * merged. Kernels whose IPv6 is built in no longer export them: there nobody can
 * know, and one may be. COMPAT_HAS_UDP_KEYS is from features.mk.
 */
#ifndef _COMPAT_NET_UDP_H
#define _COMPAT_NET_UDP_H

#include_next <net/udp.h>

static __always_inline bool compat_udp_encap_needed(void)
{
#ifdef COMPAT_HAS_UDP_KEYS
	return static_branch_unlikely(&udp_encap_needed_key);
#else
	return true;
#endif
}

#if IS_ENABLED(CONFIG_IPV6)
static __always_inline bool compat_udpv6_encap_needed(void)
{
#ifdef COMPAT_HAS_UDP_KEYS
	return static_branch_unlikely(&udpv6_encap_needed_key);
#else
	return true;
#endif
}
#endif

#endif /* _COMPAT_NET_UDP_H */
