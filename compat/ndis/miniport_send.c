// SPDX-License-Identifier: GPL-2.0-only
/*
 * Send: an skb is described by a list, the miniport sends it, the completion
 * frees the skb.
 *
 *   xmit -> take a list -> MDLs, out-of-band slots -> batch -> MiniportSend...
 *   NdisMSendNetBufferListsComplete -> free the skb, the list is free again
 *
 * The adapter makes its lists once and keeps them: the memory of a list that is
 * completed twice is still a list, without an skb, and so the second completion
 * is refused. Free lists are taken oldest first, for the same reason. When all
 * are at the miniport the queue stops, so it never sees more than send_limit.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip6_checksum.h>

#include "miniport_internal.h"
#include "trace.h"

int ndis_sends_create(struct ndis_block *block)
{
	struct ndis_pool_params params = {
		.tag		= NDIS_POOL_TAG('n', 'd', 'T', 'x'),
		.alloc_nb	= true,
		.nr_mdls	= NDIS_MAX_MDLS,
		.limit		= block->params.send_limit,
	};
	struct net_buffer_list *nbl;
	u32 i;

	block->sends = ndis_fail(NDIS_SITE_SENDS) ? NULL :
		       kvcalloc(block->params.send_limit,
				2 * sizeof(*block->sends), GFP_KERNEL);
	if (!block->sends)
		return -ENOMEM;
	block->free_sends = block->sends + block->params.send_limit;
	block->send_pool = __ndis_nbl_pool_create(&params,
						  block->driver->name);
	if (IS_ERR(block->send_pool)) {
		block->send_pool = NULL;
		goto err;
	}
	for (i = 0; i < block->params.send_limit; i++) {
		nbl = ndis_nbl_alloc(block->send_pool);
		if (!nbl)
			goto err;
		ndis_nbl_touch(nbl);
		block->sends[i] = nbl;
		block->free_sends[i] = nbl;
	}
	return 0;

err:
	ndis_sends_destroy(block);
	return -ENOMEM;
}

/* The miniport has halted: what it has not completed it never will */
void ndis_sends_destroy(struct ndis_block *block)
{
	struct net_buffer_list *nbl;
	struct sk_buff *skb;
	u32 i, forced = 0;

	for (i = 0; block->sends && i < block->params.send_limit; i++) {
		nbl = block->sends[i];
		if (!nbl)
			break;
		skb = xchg(ndis_send_skb(nbl), NULL);
		if (skb) {
			forced++;
			dev_kfree_skb_any(skb);
		}
		ndis_nbl_free(nbl);
	}
	if (forced) {
		block->stats[NDIS_TX_FORCED] += forced;
		ndis_block_misuse(block, "MiniportHaltEx has left %u sends without a completion",
				  forced);
	}
	block->nr_sends = 0;
	ndis_nbl_pool_destroy(block->send_pool);
	block->send_pool = NULL;
	kvfree(block->sends);
	block->sends = NULL;
}

/* Context: block->lock. Return: jiffies since the oldest send that is pending */
unsigned long ndis_sends_oldest(struct ndis_block *block)
{
	unsigned long age = 0;
	u32 i;

	for (i = 0; block->sends && i < block->params.send_limit; i++) {
		struct net_buffer_list *nbl = block->sends[i];

		if (nbl && *ndis_send_skb(nbl))
			age = max(age, jiffies -
				  (unsigned long)nbl->NdisReserved[0]);
	}
	return age;
}

/* --- skb to list -------------------------------------------------------------- */

/* All that the last sender changed goes; the MDLs keep their flags */
static void ndis_send_clear(struct ndis_block *block,
			    struct net_buffer_list *nbl)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);

	memset(nbl, 0, sizeof(*nbl));
	memset(&lo->nb, 0, sizeof(lo->nb));
	nbl->NdisPoolHandle = block->send_pool;
	nbl->SourceHandle = block;
	nbl->FirstNetBuffer = &lo->nb;
	nbl->NdisReserved[0] = (void *)jiffies;
	lo->nb.NdisPoolHandle = block->send_pool;
}

static void ndis_send_describe(struct net_buffer_list *nbl, struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);
	struct ndis_mdl *mdl = lo->mdl;
	unsigned int i;

	ndis_mdl_set(mdl, skb->data, skb_headlen(skb));
	for (i = 0; i < info->nr_frags; i++) {
		const skb_frag_t *frag = &info->frags[i];

		mdl->Next = mdl + 1;
		mdl++;
		ndis_mdl_set(mdl, skb_frag_address(frag), skb_frag_size(frag));
	}
	mdl->Next = NULL;
	lo->nb.MdlChain = lo->mdl;
	lo->nb.CurrentMdl = lo->mdl;
	lo->nb.stDataLength = skb->len;
}

/*
 * A large send's pseudo header has no length in it, because each segment gets
 * its own; Linux has put the whole length there.
 */
static int ndis_send_lso(struct net_buffer_list *nbl, struct sk_buff *skb,
			 bool six)
{
	NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO lso = { };
	struct tcphdr *th;

	if (ndis_fail(NDIS_SITE_SEND_SKB) || skb_cow_head(skb, 0))
		return -ENOMEM;
	th = tcp_hdr(skb);
	th->check = six ? ~csum_ipv6_magic(&ipv6_hdr(skb)->saddr,
					   &ipv6_hdr(skb)->daddr, 0,
					   IPPROTO_TCP, 0) :
			  ~csum_tcpudp_magic(ip_hdr(skb)->saddr,
					     ip_hdr(skb)->daddr, 0,
					     IPPROTO_TCP, 0);
	lso.LsoV2Transmit.MSS = skb_shinfo(skb)->gso_size;
	lso.LsoV2Transmit.TcpHeaderOffset = skb_transport_offset(skb);
	lso.LsoV2Transmit.Type = NDIS_TCP_LARGE_SEND_OFFLOAD_V2_TYPE;
	lso.LsoV2Transmit.IPVersion = six ? NDIS_TCP_LARGE_SEND_OFFLOAD_IPv6 :
					    NDIS_TCP_LARGE_SEND_OFFLOAD_IPv4;
	nbl->NetBufferListInfo[NDIS_INFO_LARGE_SEND] = lso.Value;
	return 0;
}

static int ndis_send_offload(struct net_buffer_list *nbl, struct sk_buff *skb)
{
	NDIS_TCP_IP_CHECKSUM_NET_BUFFER_LIST_INFO csum = { };
	bool six;

	if (skb_vlan_tag_present(skb))
		nbl->NetBufferListInfo[NDIS_INFO_8021Q] = (void *)
			ndis_8021q_from_tci(skb_vlan_tag_get(skb));
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return 0;

	six = ip_hdr(skb)->version == 6;
	if (skb_is_gso(skb))
		return ndis_send_lso(nbl, skb, six);

	switch (skb->csum_offset) {
	case offsetof(struct tcphdr, check):
		csum.Transmit.TcpChecksum = 1;
		break;
	case offsetof(struct udphdr, check):
		csum.Transmit.UdpChecksum = 1;
		break;
	default:
		/* NDIS has no words for others */
		return ndis_fail(NDIS_SITE_SEND_SKB) ? -ENOMEM :
						       skb_checksum_help(skb);
	}
	csum.Transmit.IsIPv4 = !six;
	csum.Transmit.IsIPv6 = six;
	csum.Transmit.TcpHeaderOffset = skb_checksum_start_offset(skb);
	nbl->NetBufferListInfo[NDIS_INFO_CHECKSUM] = csum.Value;
	return 0;
}

/* --- to the miniport ------------------------------------------------------------ */

static struct net_buffer_list *ndis_send_take(struct ndis_block *block)
{
	u32 limit = block->params.send_limit;
	struct net_buffer_list *nbl = NULL;

	spin_lock(&block->lock);
	if (likely(block->nr_sends < limit)) {
		nbl = block->free_sends[block->next_send];
		if (++block->next_send == limit)
			block->next_send = 0;
		/* Under the lock that completion takes before it wakes */
		if (++block->nr_sends == limit)
			netif_stop_queue(block->netdev);
	}
	spin_unlock(&block->lock);
	return nbl;
}

/*
 * Context: block->lock; @nbl has no skb. The ring is our memory: a miniport that
 * completes a list twice may have chained it, so links in lists are not ours.
 */
static void ndis_send_put(struct ndis_block *block, struct net_buffer_list *nbl)
{
	u32 limit = block->params.send_limit;
	u32 at = block->next_send + limit - block->nr_sends;

	block->free_sends[at < limit ? at : at - limit] = nbl;
	block->nr_sends--;
}

/* Context: block->lock, after ndis_send_put() */
static void ndis_send_wake(struct ndis_block *block)
{
	if (netif_queue_stopped(block->netdev) &&
	    block->state == NDIS_RUNNING &&
	    block->nr_sends <= block->params.send_limit / 2)
		netif_wake_queue(block->netdev);
}

static void ndis_send_batch(struct ndis_block *block)
{
	struct net_buffer_list *nbl, *chain = block->batch.first;

	if (!chain)
		return;
	block->batch.first = NULL;
	if (trace_ndis_send_enabled())
		for (nbl = chain; nbl; nbl = nbl->Next)
			trace_ndis_send(block->netdev, nbl,
					(*ndis_send_skb(nbl))->len, 0);
	block->driver->chars.SendNetBufferListsHandler(block->context, chain,
						       NDIS_DEFAULT_PORT_NUMBER,
						       NDIS_SEND_FLAGS_DISPATCH_LEVEL);
}

/* No xmit is running: what waited for more is dropped */
void ndis_sends_abort_batch(struct ndis_block *block)
{
	struct net_buffer_list *nbl;

	spin_lock_bh(&block->lock);
	while ((nbl = block->batch.first)) {
		block->batch.first = nbl->Next;
		dev_kfree_skb_any(xchg(ndis_send_skb(nbl), NULL));
		ndis_send_put(block, nbl);
		block->stats[NDIS_TX_DROPPED]++;
	}
	spin_unlock_bh(&block->lock);
}

/**
 * ndis_adapter_xmit() - the adapter's ndo_start_xmit
 * @adapter: adapter
 * @skb: packet
 *
 * One list per skb, several lists per MiniportSendNetBufferLists where the stack
 * has more. Checksum, 802.1Q and large send (v2) slots say what the device is to
 * do. The skb is freed by NdisMSendNetBufferListsComplete().
 *
 * Context: BH off, the queue's lock held; never from netpoll.
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t ndis_adapter_xmit(struct ndis_adapter *adapter,
			      struct sk_buff *skb)
{
	struct ndis_block *block = adapter->block;
	struct net_buffer_list *nbl;

	if (unlikely(READ_ONCE(block->state) != NDIS_RUNNING))
		goto drop;
	nbl = ndis_send_take(block);
	if (unlikely(!nbl))
		goto drop;

	ndis_send_clear(block, nbl);
	if (unlikely(ndis_send_offload(nbl, skb))) {
		spin_lock(&block->lock);
		ndis_send_put(block, nbl);
		/* With a limit of one, no completion is left to do it */
		ndis_send_wake(block);
		spin_unlock(&block->lock);
		goto drop;
	}
	/* After what may have replaced the skb's head */
	ndis_send_describe(nbl, skb);
	skb_tx_timestamp(skb);
	*ndis_send_skb(nbl) = skb;
	ndis_nbl_enqueue(&block->batch, nbl);
	goto out;

drop:
	dev_kfree_skb_any(skb);
	spin_lock(&block->lock);
	block->stats[NDIS_TX_DROPPED]++;
	spin_unlock(&block->lock);
out:
	if (!netdev_xmit_more() || netif_queue_stopped(block->netdev))
		ndis_send_batch(block);
	return NETDEV_TX_OK;
}
EXPORT_SYMBOL_GPL(ndis_adapter_xmit);

/* --- and back ------------------------------------------------------------------- */

/* Context: block->lock. Return: its skb, or NULL if it is not pending here */
static struct sk_buff *ndis_send_end(struct ndis_block *block,
				     struct net_buffer_list *nbl)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);
	unsigned int segs = 1, hdr = 0;
	struct sk_buff *skb;

	if (nbl->NdisPoolHandle != block->send_pool)
		return NULL;
	skb = xchg(&lo->obj.skb, NULL);
	if (!skb)
		return NULL;

	trace_ndis_complete(block->netdev, nbl, skb->len, nbl->Status);
	if (skb_is_gso(skb)) {
		segs = skb_shinfo(skb)->gso_segs;
		hdr = skb_tcp_all_headers(skb);
	}
	if (nbl->Status == NDIS_STATUS_SUCCESS) {
		block->stats[NDIS_TX_PACKETS] += segs;
		block->stats[NDIS_TX_BYTES] += skb->len + (segs - 1) * hdr;
	} else {
		block->stats[NDIS_TX_ERRORS]++;
	}
	if (nbl->FirstNetBuffer != &lo->nb || lo->nb.MdlChain != lo->mdl)
		ndis_block_misuse(block, "a send is completed with its chain changed");
	ndis_send_put(block, nbl);
	return skb;
}

/**
 * NdisMSendNetBufferListsComplete() - the miniport is done with sends
 * @MiniportAdapterHandle: NdisMiniportHandle
 * @NetBufferLists: lists that MiniportSendNetBufferLists was given, in any order
 *	and mix, Status set
 * @SendCompleteFlags: not looked at
 *
 * A list that is not pending (it was completed before) is left alone, counted
 * and reported.
 *
 * Context: any CPU, up to DISPATCH_LEVEL; also inside
 * MiniportSendNetBufferLists.
 */
VOID NdisMSendNetBufferListsComplete(NDIS_HANDLE MiniportAdapterHandle,
				     PNET_BUFFER_LIST NetBufferLists,
				     ULONG SendCompleteFlags)
{
	struct ndis_block *block = MiniportAdapterHandle;
	struct net_buffer_list *nbl, *next;
	struct sk_buff *skb, *done = NULL;
	u32 wrong = 0;
	bool wake;

	/* Severed: the lists are gone, and the netdev */
	if (unlikely(!block->send_pool))
		return;
	spin_lock_bh(&block->lock);
	for (nbl = NetBufferLists; nbl; nbl = next) {
		next = nbl->Next;
		skb = ndis_send_end(block, nbl);
		if (unlikely(!skb)) {
			wrong++;
			/* Nobody's list may be in a chain that has no end */
			if (nbl->NdisPoolHandle != block->send_pool)
				break;
			nbl->Next = NULL;
			continue;
		}
		nbl->Next = NULL;
		skb->next = done;
		done = skb;
	}
	block->stats[NDIS_TX_COMPLETE_TWICE] += wrong;
	ndis_send_wake(block);
	wake = !block->nr_sends && block->state != NDIS_RUNNING;
	spin_unlock_bh(&block->lock);

	while (done) {
		skb = done;
		done = skb->next;
		skb_mark_not_on_list(skb);
		dev_consume_skb_any(skb);
	}
	if (unlikely(wake))
		wake_up(&block->wait);
	if (unlikely(wrong))
		ndis_block_misuse(block, "%pS completes a send that is not pending",
				  __builtin_return_address(0));
}
EXPORT_SYMBOL_GPL(NdisMSendNetBufferListsComplete);
