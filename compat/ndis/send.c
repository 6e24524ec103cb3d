// SPDX-License-Identifier: GPL-2.0-only
/*
 * Send: an skb is described by a list, one MDL for its linear part and one for
 * each fragment, and each MDL is mapped for the device. Completion is the
 * reverse. A linear skb never comes here: net.h has its path inline.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include <ndis/status.h>

#include "ndis_internal.h"
#include "trace.h"

/**
 * ndis_send_prepare() - make a list describe packets that are sent
 * @nbl: list of a pool with nr_mdls, as allocated
 *
 * Once in the list's life: what is the same for all packets is set here.
 *
 * Context: the owner of @nbl.
 */
void ndis_send_prepare(struct net_buffer_list *nbl)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);

	if (!lo->obj.pool->nr_mdls) {
		ndis_misuse(lo->obj.pool, "has no MDLs to send with");
		return;
	}
	ndis_nbl_touch(nbl);
	lo->nb.MdlChain = lo->mdl;
	lo->nb.CurrentMdl = lo->mdl;
	lo->obj.nr_sg = 1;
}
EXPORT_SYMBOL_GPL(ndis_send_prepare);

/**
 * ndis_send_unmap_frags() - all but the first element of a send
 * @nbl: list that ndis_send_map() mapped
 * @dev: the device
 *
 * For ndis_send_complete(). Takes the chain apart again.
 *
 * Context: softirq or process. Does not sleep.
 */
void ndis_send_unmap_frags(struct net_buffer_list *nbl, struct device *dev)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);
	const struct ndis_sg *sg = lo->obj.sg;
	unsigned int i;

	for (i = 1; i < lo->obj.nr_sg; i++) {
		dma_unmap_page(dev, sg[i].addr, sg[i].len, DMA_TO_DEVICE);
		lo->mdl[i - 1].Next = NULL;
	}
	lo->obj.nr_sg = 1;
}
EXPORT_SYMBOL_GPL(ndis_send_unmap_frags);

static void ndis_send_unmap(struct net_buffer_list *nbl, struct device *dev)
{
	const struct ndis_sg *sg = ndis_nbl_obj(nbl)->obj.sg;

	dma_unmap_page(dev, sg->addr, sg->len, DMA_TO_DEVICE);
	ndis_send_unmap_frags(nbl, dev);
}

/**
 * ndis_send_map_frags() - ndis_send_map() of an skb with fragments
 * @nbl: list that ndis_send_prepare() was called on
 * @skb: packet; its linear part is not empty
 * @dev: device that will read it
 *
 * Context: softirq or process. Does not sleep.
 * Return: 0; -EMSGSIZE; -ENOMEM. On error the list is as it was.
 */
int ndis_send_map_frags(struct net_buffer_list *nbl, struct sk_buff *skb,
			struct device *dev)
{
	unsigned int i, nr_frags = skb_shinfo(skb)->nr_frags;
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);
	struct ndis_sg *sg = lo->obj.sg;
	struct ndis_mdl *mdl = lo->mdl;
	dma_addr_t addr;

	if (unlikely(nr_frags >= lo->obj.pool->nr_mdls))
		return -EMSGSIZE;

	if (unlikely(ndis_fail(NDIS_SITE_SEND_MAP)))
		return -ENOMEM;
	addr = ndis_send_map_head(skb, skb_headlen(skb), dev);
	if (unlikely(dma_mapping_error(dev, addr)))
		return -ENOMEM;
	ndis_send_mapped(nbl, skb, skb_headlen(skb), addr);

	for (i = 0; i < nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		sg++;
		sg->len = skb_frag_size(frag);
		sg->addr = ndis_fail(NDIS_SITE_SEND_MAP) ? DMA_MAPPING_ERROR :
			   skb_frag_dma_map(dev, frag, 0, sg->len,
					    DMA_TO_DEVICE);
		if (unlikely(dma_mapping_error(dev, sg->addr))) {
			if (trace_ndis_complete_enabled())
				ndis_trace_complete(nbl,
						    NDIS_STATUS_RESOURCES);
			ndis_send_unmap(nbl, dev);
			return -ENOMEM;
		}
		mdl->Next = mdl + 1;
		mdl++;
		ndis_mdl_set(mdl, skb_frag_address(frag), sg->len);
		lo->obj.nr_sg++;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(ndis_send_map_frags);

/**
 * ndis_send_abort() - drop a packet that the device never sent
 * @nbl: list that ndis_send_map() succeeded on
 * @dev: the device
 *
 * The list is the caller's again.
 *
 * Context: process or softirq.
 */
void ndis_send_abort(struct net_buffer_list *nbl, struct device *dev)
{
	if (trace_ndis_complete_enabled())
		ndis_trace_complete(nbl, NDIS_STATUS_SEND_ABORTED);
	ndis_send_unmap(nbl, dev);
	dev_kfree_skb_any(ndis_nbl_obj(nbl)->obj.skb);
}
EXPORT_SYMBOL_GPL(ndis_send_abort);
