// SPDX-License-Identifier: GPL-2.0-only
/*
 * Send: an skb is described by a list, one MDL for its linear part and one for
 * each fragment, and each MDL is mapped for the device. Completion is the
 * reverse; the list frees the skb.
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "ndis_internal.h"

static void ndis_mdl_set(struct ndis_mdl *mdl, void *va, u32 len)
{
	mdl->MappedSystemVa = va;
	mdl->StartVa = (void *)((uintptr_t)va & PAGE_MASK);
	mdl->ByteOffset = offset_in_page(va);
	mdl->ByteCount = len;
}

static void ndis_send_unmap(struct ndis_list_obj *lo, struct device *dev)
{
	const struct ndis_sg *sg = lo->obj.sg;
	unsigned int i, nr = lo->obj.nr_sg;

	dma_unmap_single(dev, sg->addr, sg->len, DMA_TO_DEVICE);
	for (i = 1; unlikely(i < nr); i++) {
		dma_unmap_page(dev, sg[i].addr, sg[i].len, DMA_TO_DEVICE);
		lo->mdl[i - 1].Next = NULL;
	}
	/* The constructed state of a list with a NET_BUFFER and no data */
	lo->nb.MdlChain = NULL;
	lo->nb.CurrentMdl = NULL;
}

/**
 * ndis_send_map() - describe an skb as a list and map it for a device
 * @nbl: list of a pool with nr_mdls, as allocated
 * @skb: packet; its linear part is not empty
 * @dev: device that will read it
 *
 * Afterwards the NET_BUFFER's used data is the packet, and ndis_send_sg() has
 * the bus addresses. The skb is the list's, until ndis_send_complete() or
 * ndis_send_abort().
 *
 * Context: softirq or process. Does not sleep.
 * Return: 0; -EMSGSIZE with more fragments than nr_mdls has room for; -ENOMEM
 * when a mapping failed. On error the list is as it was.
 */
int ndis_send_map(struct net_buffer_list *nbl, struct sk_buff *skb,
		  struct device *dev)
{
	unsigned int i, nr_frags = skb_shinfo(skb)->nr_frags;
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);
	struct ndis_sg *sg = lo->obj.sg;
	struct ndis_mdl *mdl = lo->mdl;

	if (unlikely(nr_frags >= lo->obj.pool->nr_mdls))
		return -EMSGSIZE;

	sg->len = skb_headlen(skb);
	sg->addr = dma_map_single(dev, skb->data, sg->len, DMA_TO_DEVICE);
	if (unlikely(dma_mapping_error(dev, sg->addr)))
		return -ENOMEM;
	ndis_mdl_set(mdl, skb->data, sg->len);
	lo->obj.nr_sg = 1;

	for (i = 0; i < nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		sg++;
		sg->len = skb_frag_size(frag);
		sg->addr = skb_frag_dma_map(dev, frag, 0, sg->len,
					    DMA_TO_DEVICE);
		if (unlikely(dma_mapping_error(dev, sg->addr))) {
			ndis_send_unmap(lo, dev);
			return -ENOMEM;
		}
		mdl->Next = mdl + 1;
		mdl++;
		ndis_mdl_set(mdl, skb_frag_address(frag), sg->len);
		lo->obj.nr_sg++;
	}

	lo->nb.MdlChain = lo->mdl;
	lo->nb.CurrentMdl = lo->mdl;
	lo->nb.stDataLength = skb->len;
	lo->obj.skb = skb;
	return 0;
}
EXPORT_SYMBOL_GPL(ndis_send_map);

/**
 * ndis_send_complete() - NdisMSendNetBufferListsComplete()
 * @nbl: list that ndis_send_map() succeeded on and that the device is done with
 * @dev: the device
 * @budget: NAPI budget, 0 from netpoll
 *
 * Unmaps, frees the skb and the list.
 *
 * Context: the freeing side of the list's pool.
 */
void ndis_send_complete(struct net_buffer_list *nbl, struct device *dev,
			int budget)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);

	ndis_send_unmap(lo, dev);
	napi_consume_skb(lo->obj.skb, budget);
	ndis_nbl_free(nbl);
}
EXPORT_SYMBOL_GPL(ndis_send_complete);

/**
 * ndis_send_abort() - drop a packet that the device never sent
 * @nbl: list that ndis_send_map() succeeded on
 * @dev: the device
 *
 * Context: the freeing side of the list's pool, process or softirq.
 */
void ndis_send_abort(struct net_buffer_list *nbl, struct device *dev)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);

	ndis_send_unmap(lo, dev);
	dev_kfree_skb_any(lo->obj.skb);
	ndis_nbl_free(nbl);
}
EXPORT_SYMBOL_GPL(ndis_send_abort);
