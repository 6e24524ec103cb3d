/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The seam between lists and the Linux network stack, in both directions:
 *
 *   device -> ndis_nbl_for_device() .. ndis_nbl_received() -> queue ->
 *             ndis_indicate_receive() -> skb        (the page goes with the skb)
 *   skb    -> ndis_send_map() -> device -> ndis_send_complete() -> skb freed, the
 *             list used again
 */
#ifndef _NDIS_NET_H
#define _NDIS_NET_H

#include <linux/if_vlan.h>
#include <ndis/pool.h>

/**
 * struct ndis_nbl_queue - a chain of lists with its tail
 * @first: first list, or NULL
 * @last: last list, undefined when @first is NULL
 */
struct ndis_nbl_queue {
	struct net_buffer_list *first;
	struct net_buffer_list *last;
};

static inline void ndis_nbl_enqueue(struct ndis_nbl_queue *queue,
				    struct net_buffer_list *nbl)
{
	if (queue->first)
		queue->last->Next = nbl;
	else
		queue->first = nbl;
	queue->last = nbl;
}

/**
 * ndis_nbl_for_device() - hand a receive buffer to the device
 * @nbl: list with data, of a pool with a device
 *
 * Return: bus address of the first byte; data_size bytes may be written.
 */
static inline dma_addr_t ndis_nbl_for_device(const struct net_buffer_list *nbl)
{
	const struct ndis_obj *obj = &ndis_nbl_obj(nbl)->obj;

	if (unlikely(obj->dma_sync))
		dma_sync_single_for_device(obj->pool->dev, obj->dma,
					   obj->pool->data_size,
					   DMA_BIDIRECTIONAL);
	return obj->dma;
}

/**
 * ndis_nbl_received() - take a receive buffer back from the device
 * @nbl: list that ndis_nbl_for_device() was called on
 * @len: bytes that the device wrote, at most data_size
 *
 * Retreats over the whole buffer and cuts it to @len: the used data is what
 * came in.
 */
static inline void ndis_nbl_received(struct net_buffer_list *nbl, u32 len)
{
	struct ndis_list_obj *obj = ndis_nbl_obj(nbl);

	if (unlikely(obj->obj.dma_sync))
		dma_sync_single_for_cpu(obj->obj.pool->dev, obj->obj.dma, len,
					DMA_BIDIRECTIONAL);
	obj->nb.CurrentMdlOffset = 0;
	obj->nb.DataOffset = 0;
	obj->nb.stDataLength = len;
}

/**
 * ndis_nbl_data() - first byte of used data
 * @nbl: list of a pool with data
 */
static inline void *ndis_nbl_data(const struct net_buffer_list *nbl)
{
	const struct net_buffer *nb = &ndis_nbl_obj(nbl)->nb;

	return nb->CurrentMdl->MappedSystemVa + nb->CurrentMdlOffset;
}

/**
 * ndis_nbl_length() - bytes of used data
 * @nbl: list of a pool with data
 */
static inline u32 ndis_nbl_length(const struct net_buffer_list *nbl)
{
	return ndis_nbl_obj(nbl)->nb.DataLength;
}

/**
 * ndis_nbl_set_checksum() - set the receive checksum slot
 * @nbl: list
 * @csum: NDIS_CSUM_*
 */
static inline void ndis_nbl_set_checksum(struct net_buffer_list *nbl, u32 csum)
{
	nbl->NetBufferListInfo[NDIS_INFO_CHECKSUM] = (void *)(uintptr_t)csum;
	ndis_nbl_obj(nbl)->obj.dirty |= BIT(NDIS_INFO_CHECKSUM);
}

/* NDIS keeps the priority low and the VLAN id high; the wire has it reversed */
static inline uintptr_t ndis_8021q_from_tci(u16 tci)
{
	return tci >> VLAN_PRIO_SHIFT | (tci & VLAN_CFI_MASK) >> 9 |
	       (uintptr_t)(tci & VLAN_VID_MASK) << 4;
}

static inline u16 ndis_8021q_to_tci(uintptr_t info)
{
	return (info & 7) << VLAN_PRIO_SHIFT | (info & 8) << 9 |
	       (info >> 4 & VLAN_VID_MASK);
}

/**
 * ndis_nbl_set_vlan() - set the 802.1Q slot
 * @nbl: list
 * @tci: tag control information that the device stripped, host order
 */
static inline void ndis_nbl_set_vlan(struct net_buffer_list *nbl, u16 tci)
{
	/* A priority tag of 0 is still a tag: mark it in a reserved bit */
	uintptr_t info = ndis_8021q_from_tci(tci) | BIT(31);

	nbl->NetBufferListInfo[NDIS_INFO_8021Q] = (void *)info;
	ndis_nbl_obj(nbl)->obj.dirty |= BIT(NDIS_INFO_8021Q);
}

int ndis_nbl_append(struct net_buffer_list *head, struct net_buffer_list *nbl);
unsigned int ndis_indicate_receive(struct napi_struct *napi,
				   struct net_buffer_list *chain);

void ndis_send_prepare(struct net_buffer_list *nbl);
int ndis_send_map_frags(struct net_buffer_list *nbl, struct sk_buff *skb,
			struct device *dev);
void ndis_send_unmap_frags(struct net_buffer_list *nbl, struct device *dev);
void ndis_send_abort(struct net_buffer_list *nbl, struct device *dev);

DECLARE_TRACEPOINT(ndis_send);
DECLARE_TRACEPOINT(ndis_complete);
void ndis_trace_send(const struct net_buffer_list *nbl);
void ndis_trace_complete(const struct net_buffer_list *nbl, s32 status);

static inline void ndis_mdl_set(struct ndis_mdl *mdl, void *va, u32 len)
{
	mdl->MappedSystemVa = va;
	mdl->StartVa = (void *)((uintptr_t)va & PAGE_MASK);
	mdl->ByteOffset = offset_in_page(va);
	mdl->ByteCount = len;
}

static inline dma_addr_t ndis_send_map_head(struct sk_buff *skb, u32 len,
					    struct device *dev)
{
	return dma_map_page(dev, virt_to_page(skb->data),
			    offset_in_page(skb->data), len, DMA_TO_DEVICE);
}

/* nr_sg is 1 already */
static inline void ndis_send_mapped(struct net_buffer_list *nbl,
				    struct sk_buff *skb, u32 len,
				    dma_addr_t addr)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);
	struct ndis_sg *sg = lo->obj.sg;

	sg->addr = addr;
	sg->len = len;
	lo->obj.skb = skb;
	ndis_mdl_set(lo->mdl, skb->data, len);
	lo->nb.stDataLength = skb->len;
	if (tracepoint_enabled(ndis_send))
		ndis_trace_send(nbl);
}

/**
 * ndis_send_map_linear() - describe a linear skb as a list and map it
 * @nbl: list that ndis_send_prepare() was called on
 * @skb: packet without fragments, not empty
 * @dev: device that will read it
 *
 * ndis_send_map() for the packet that all of a ring may consist of.
 *
 * Context: softirq or process. Does not sleep.
 * Return: bus address of the packet, to be checked with dma_mapping_error(); on
 * error the list is as it was.
 */
static inline dma_addr_t ndis_send_map_linear(struct net_buffer_list *nbl,
					      struct sk_buff *skb,
					      struct device *dev)
{
	dma_addr_t addr = ndis_send_map_head(skb, skb->len, dev);

	if (likely(!dma_mapping_error(dev, addr)))
		ndis_send_mapped(nbl, skb, skb->len, addr);
	return addr;
}

/**
 * ndis_send_map() - describe an skb as a list and map it for a device
 * @nbl: list that ndis_send_prepare() was called on
 * @skb: packet; its linear part is not empty
 * @dev: device that will read it
 *
 * Afterwards the NET_BUFFER's used data is the packet, and ndis_send_sg() has
 * the bus addresses. The skb is the list's, until ndis_send_complete() or
 * ndis_send_abort(); then the list is there for the next packet, or to be freed.
 *
 * Context: softirq or process. Does not sleep.
 * Return: 0; -EMSGSIZE with more fragments than nr_mdls has room for; -ENOMEM
 * when a mapping failed. On error the list is as it was.
 */
static inline int ndis_send_map(struct net_buffer_list *nbl,
				struct sk_buff *skb, struct device *dev)
{
	if (skb_is_nonlinear(skb))
		return ndis_send_map_frags(nbl, skb, dev);
	return dma_mapping_error(dev, ndis_send_map_linear(nbl, skb, dev));
}

/**
 * ndis_send_complete() - NdisMSendNetBufferListsComplete()
 * @nbl: list that was mapped and that the device is done with
 * @dev: the device
 * @budget: NAPI budget, 0 from netpoll
 *
 * Unmaps and frees the skb. The list is the caller's again.
 *
 * Context: softirq, or any with @budget 0.
 */
static inline void ndis_send_complete(struct net_buffer_list *nbl,
				      struct device *dev, int budget)
{
	struct ndis_list_obj *lo = ndis_nbl_obj(nbl);
	const struct ndis_sg *sg = lo->obj.sg;

	if (tracepoint_enabled(ndis_complete))
		ndis_trace_complete(nbl, 0);
	/* The device has written nothing that the CPU would have to see */
	dma_unmap_page_attrs(dev, sg->addr, sg->len, DMA_TO_DEVICE,
			     DMA_ATTR_SKIP_CPU_SYNC);
	if (lo->obj.nr_sg > 1)
		ndis_send_unmap_frags(nbl, dev);
	napi_consume_skb(lo->obj.skb, budget);
}

/**
 * ndis_send_sg() - the bus addresses of a mapped send
 * @nbl: list that ndis_send_map() succeeded on
 * @nr: receives the number of elements, at least 1
 *
 * Return: the elements, in packet order.
 */
static inline const struct ndis_sg *
ndis_send_sg(const struct net_buffer_list *nbl, unsigned int *nr)
{
	const struct ndis_obj *obj = &ndis_nbl_obj(nbl)->obj;

	*nr = obj->nr_sg;
	return obj->sg;
}

#endif /* _NDIS_NET_H */
