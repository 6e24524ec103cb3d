// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive: a chain of lists becomes skbs that own the lists' pages.
 *
 *   page:  | list, NET_BUFFER, MDL | headroom | frame ...      | shared info |
 *   skb:                           ^head      ^data  ^tail     ^end
 *
 * The skb is built around the page; the list in front of it stays, constructed,
 * and is what the pool hands out when the page comes back. Nothing is copied,
 * and no pointer to this module is left in the skb.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/busy_poll.h>
#include <net/udp.h>

#include "trace.h"
#include "verify.h"

/* How many frames at a time go past GRO: as many as GRO itself passes on */
#define NDIS_PLAIN_BATCH	8

/**
 * ndis_nbl_append() - put a buffer behind a frame that is not complete
 * @head: list with the frame's first buffer, filled to the end
 * @nbl: list with the next buffer, from the same pool
 *
 * The frame stays one NET_BUFFER: @nbl's MDL joins its chain and @nbl's used
 * data its length. @nbl is no list of its own any more; it goes where @head
 * goes.
 *
 * Context: the NAPI of the pool, which does not share pages.
 * Return: 0, or -EMSGSIZE when the frame has as many buffers as an skb can hold;
 * @nbl is still the caller's then. -EINVAL in verify mode, for a freed list, and
 * where buffers share pages.
 */
int ndis_nbl_append(struct net_buffer_list *head, struct net_buffer_list *nbl)
{
	struct ndis_list_obj *to = ndis_nbl_obj(head);
	struct ndis_list_obj *from = ndis_nbl_obj(nbl);
	struct ndis_pool *pool = from->obj.pool;
	struct ndis_mdl *last = to->mdl;
	unsigned int frags = 1;

	if (unlikely(pool->part)) {
		ndis_misuse(pool, "a buffer that shares its page cannot be appended");
		return -EINVAL;
	}
	if (ndis_verified(pool) &&
	    !ndis_verify_live(pool, &to->obj, NDIS_VERIFY_USE_AFTER_FREE))
		return -EINVAL;
	for (; last->Next; last = last->Next)
		frags++;
	if (unlikely(frags > MAX_SKB_FRAGS))
		return -EMSGSIZE;
	if (ndis_verified(pool) && !ndis_verify_append(pool, &from->obj))
		return -EINVAL;

	last->Next = from->mdl;
	to->nb.stDataLength += from->nb.stDataLength;
	to->obj.dirty |= NDIS_DIRTY_CHAIN;
	ndis_nbl_reset(pool, nbl);
	return 0;
}
EXPORT_SYMBOL_GPL(ndis_nbl_append);

/* The appended buffers' pages become fragments. Return: how many */
static unsigned int ndis_skb_add_mdls(struct sk_buff *skb,
				      struct ndis_list_obj *lo,
				      const struct ndis_pool *pool, u32 left)
{
	struct ndis_mdl *mdl = lo->mdl[0].Next;
	unsigned int nr = 0;

	lo->mdl[0].Next = NULL;
	lo->obj.dirty &= ~NDIS_DIRTY_CHAIN;
	while (mdl) {
		struct ndis_mdl *next = mdl->Next;
		u32 len = min(left, mdl->ByteCount);

		mdl->Next = NULL;
		if (ndis_verified(pool))
			ndis_verify_gone(lo->obj.pool,
					 &container_of(mdl, struct ndis_list_obj,
						       mdl[0])->obj);
		skb_add_rx_frag(skb, nr++, virt_to_page(mdl->MappedSystemVa),
				mdl->ByteOffset, len, pool->page_size);
		left -= len;
		mdl = next;
	}
	return nr;
}

/* Out-of-band slots -> skb fields; @rx_csum: the stack wants the checksum's */
void ndis_skb_set_info(struct sk_buff *skb, const struct net_buffer_list *nbl,
		       bool rx_csum)
{
	u32 csum = (uintptr_t)nbl->NetBufferListInfo[NDIS_INFO_CHECKSUM];
	uintptr_t vlan = (uintptr_t)nbl->NetBufferListInfo[NDIS_INFO_8021Q];

	if (rx_csum && csum & (NDIS_CSUM_TCP_OK | NDIS_CSUM_UDP_OK) &&
	    !(csum & (NDIS_CSUM_TCP_FAILED | NDIS_CSUM_UDP_FAILED |
		      NDIS_CSUM_IP_FAILED)))
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (vlan)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       ndis_8021q_to_tci(vlan));
}

/* Return: the skb, which owns the pages now, or NULL and nothing changed */
static struct sk_buff *ndis_nbl_to_skb(struct napi_struct *napi,
				       struct ndis_pool *pool,
				       struct net_buffer_list *nbl)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);
	u32 offset = lo->nb.CurrentMdlOffset;
	u32 len = lo->nb.stDataLength;
	unsigned int freed = 1;
	struct sk_buff *skb;
	u32 head_len;

	skb = ndis_fail(NDIS_SITE_BUILD_SKB) ? NULL :
	      napi_build_skb(lo->mdl[0].MappedSystemVa - pool->head_room,
			     pool->head_size);
	if (unlikely(!skb))
		return NULL;

	head_len = min(len, pool->data_size - offset);
	skb_mark_for_recycle(skb);
	skb_reserve(skb, pool->head_room + offset);
	__skb_put(skb, head_len);
	skb->truesize += pool->head_extra;
	skb_record_rx_queue(skb, pool->queue);

	if (unlikely(lo->obj.dirty)) {
		ndis_skb_set_info(skb, nbl, true);
		if (lo->obj.dirty & NDIS_DIRTY_CHAIN)
			freed += ndis_skb_add_mdls(skb, lo, pool,
						   len - head_len);
	}
	/* Last look at the list: the stack may free the page at any time */
	ndis_nbl_reset(pool, nbl);
	if (pool->part)
		ndis_obj_bare(pool, lo);
	WRITE_ONCE(pool->freed, pool->freed + freed);

	skb->protocol = eth_type_trans(skb, napi->dev);
	return skb;
}

#if IS_BUILTIN(CONFIG_IPV6)
/*
 * Fragments are never merged. In IPv4 those of UDP say so; here they may be of UDP,
 * and must not be overtaken by what goes past GRO.
 */
static bool ndis_udp6_may_merge(const struct sk_buff *skb)
{
	u8 next;

	if (skb_headlen(skb) < sizeof(struct ipv6hdr))
		return true;
	next = ((struct ipv6hdr *)skb->data)->nexthdr;
	return (next != IPPROTO_UDP && next != IPPROTO_FRAGMENT) ||
	       compat_udpv6_encap_needed();
}
#else
static bool ndis_udp6_may_merge(const struct sk_buff *skb)
{
	return true;
}
#endif

/*
 * GRO is a detour, see README.md, for a frame that it cannot merge: UDP, while
 * there is no tunnel and no socket with UDP_GRO, and the device does not merge
 * what it forwards.
 */
static bool ndis_gro_may_merge(const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP)) {
		if (skb_headlen(skb) < sizeof(struct iphdr) ||
		    ((struct iphdr *)skb->data)->protocol != IPPROTO_UDP ||
		    compat_udp_encap_needed())
			return true;
	} else if (skb->protocol != htons(ETH_P_IPV6) ||
		   ndis_udp6_may_merge(skb)) {
		return true;
	}
	return skb->dev->features & (NETIF_F_GRO_FRAGLIST | NETIF_F_GRO_UDP_FWD);
}

static bool ndis_pool_indicates(const struct ndis_pool *pool)
{
	if (likely(pool->asked == NDIS_ACCESS_NAPI && pool->pages))
		return true;
	ndis_misuse(pool, "indicated, but not bound to a NAPI, or without data");
	return false;
}

static void ndis_receive_plain(struct list_head *plain)
{
	netif_receive_skb_list(plain);
	INIT_LIST_HEAD(plain);
}

/**
 * ndis_indicate_receive() - NdisMIndicateReceiveNetBufferLists()
 * @napi: the NAPI that the lists' pool is bound to
 * @chain: lists with data, each one frame: one NET_BUFFER, used data from
 *	ndis_nbl_received(). They may be of several pools, all bound to @napi
 *
 * Each list becomes an skb, with the checksum and 802.1Q slots applied, and
 * goes through GRO, or past it where GRO could only pass it on. The lists are
 * the stack's from here on; their pages come back to the pool by recycling.
 *
 * Context: @napi's poll.
 * Return: number of frames dropped because no skb could be allocated, or because
 * the pool is not bound to a NAPI or has no data; their lists are freed.
 */
unsigned int ndis_indicate_receive(struct napi_struct *napi,
				   struct net_buffer_list *chain)
{
	unsigned int dropped = 0, nr_plain = 0;
	struct net_buffer_list *next;
	struct ndis_pool *pool = NULL;
	struct sk_buff *skb;
	LIST_HEAD(plain);
	bool ours;

	for (; chain; chain = next) {
		if (unlikely(ndis_nbl_pool(chain) != pool)) {
			pool = ndis_nbl_pool(chain);
			ours = ndis_pool_indicates(pool);
			if (ours && ndis_verified(pool))
				chain = ndis_verify_indicate(pool, chain);
			if (unlikely(!chain))
				break;
		}
		next = chain->Next;
		trace_ndis_indicate(napi->dev, chain, ndis_nbl_length(chain),
				    0);
		skb = likely(ours) ? ndis_nbl_to_skb(napi, pool, chain) : NULL;
		if (likely(skb)) {
			if (ndis_gro_may_merge(skb)) {
				napi_gro_receive(napi, skb);
			} else {
				skb_mark_napi_id(skb, napi);
				list_add_tail(&skb->list, &plain);
				if (++nr_plain == NDIS_PLAIN_BATCH) {
					ndis_receive_plain(&plain);
					nr_plain = 0;
				}
			}
		} else {
			if (ndis_verified(pool))
				ndis_verify_dropped(pool,
						    &ndis_nbl_obj(chain)->obj);
			chain->Next = NULL;
			ndis_nbl_free(chain);
			dropped++;
		}
	}
	ndis_receive_plain(&plain);
	return dropped;
}
EXPORT_SYMBOL_GPL(ndis_indicate_receive);
