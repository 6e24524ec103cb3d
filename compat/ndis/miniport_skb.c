// SPDX-License-Identifier: GPL-2.0-only
/*
 * One received list as an skb: copied, or with its memory lent.
 *
 *   copied:  | headers and data |                small, or not lendable
 *   lent:    | headers | + fragments: pages of the list, a reference each
 *
 * A page is lent only if it has one reference, its owner's: then it is done
 * when it has one again. A buffer that shares its page with another one that is
 * out is copied; so is memory that has no page of its own.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/mm.h>
#include <linux/skbuff.h>

#include "miniport_internal.h"

#define NDIS_HEAD_LEN		256	/* linear part of an skb with fragments */
#define NDIS_LINEAR_MAX		1536	/* longer copies go into pages */

/* Where in a NET_BUFFER's data: MDL and offset in it */
struct ndis_cursor {
	const struct ndis_mdl *mdl;
	u32 offset;
};

/*
 * The next run of memory, at most @most bytes. Return: its address, or NULL at
 * the end of the chain.
 */
static void *ndis_cursor_run(struct ndis_cursor *at, u32 most, u32 *len)
{
	void *va;

	while (at->mdl && at->offset >= at->mdl->ByteCount) {
		at->offset -= at->mdl->ByteCount;
		at->mdl = at->mdl->Next;
	}
	if (!at->mdl)
		return NULL;
	va = at->mdl->MappedSystemVa + at->offset;
	*len = min(most, at->mdl->ByteCount - at->offset);
	at->offset += *len;
	return va;
}

static void ndis_cursor_copy(struct ndis_cursor *at, void *to, u32 left)
{
	void *va;
	u32 len;

	while (left && (va = ndis_cursor_run(at, left, &len))) {
		memcpy(to, va, len);
		to += len;
		left -= len;
	}
}

/**
 * ndis_nb_read() - copy from the start of a NET_BUFFER's used data
 * @nb: NET_BUFFER whose MDLs hold its data
 * @to: where to
 * @len: how much, at most
 *
 * Return: how much.
 */
u32 ndis_nb_read(const struct net_buffer *nb, void *to, u32 len)
{
	struct ndis_cursor at = { nb->CurrentMdl, nb->CurrentMdlOffset };

	len = min(len, nb->DataLength);
	ndis_cursor_copy(&at, to, len);
	return len;
}

static struct sk_buff *ndis_skb_alloc(struct ndis_block *block, u32 len)
{
	if (ndis_fail(NDIS_SITE_COPY_SKB))
		return NULL;
	if (ndis_block_in_poll(block))
		return napi_alloc_skb(&block->adapter->napi, len);
	return netdev_alloc_skb_ip_align(block->netdev, len);
}

/**
 * ndis_copy_to_skb() - a frame's bytes in an skb of their own
 * @block: adapter
 * @nbl: list, checked
 * @len: its frame's length
 *
 * Context: BH off.
 * Return: the skb, or NULL without memory.
 */
struct sk_buff *ndis_copy_to_skb(struct ndis_block *block,
				 struct net_buffer_list *nbl, u32 len)
{
	const struct net_buffer *nb = nbl->FirstNetBuffer;
	struct ndis_cursor at = { nb->CurrentMdl, nb->CurrentMdlOffset };
	u32 head = len <= NDIS_LINEAR_MAX ? len : NDIS_HEAD_LEN;
	unsigned int nr = 0;
	struct sk_buff *skb;
	struct page *page;
	u32 part;

	skb = ndis_skb_alloc(block, head);
	if (unlikely(!skb))
		return NULL;
	ndis_cursor_copy(&at, __skb_put(skb, head), head);
	for (len -= head; len; len -= part) {
		page = nr >= MAX_SKB_FRAGS || ndis_fail(NDIS_SITE_COPY_PAGE) ?
		       NULL : dev_alloc_page();
		if (unlikely(!page)) {
			dev_kfree_skb_any(skb);
			return NULL;
		}
		part = min_t(u32, len, PAGE_SIZE);
		ndis_cursor_copy(&at, page_address(page), part);
		skb_add_rx_frag(skb, nr++, page, 0, part, PAGE_SIZE);
	}
	return skb;
}

/* Return: NULL, and *why, for memory that an skb cannot hold */
static struct page *ndis_lendable_page(void *va, enum ndis_adapter_stat *why)
{
	struct page *page;

	*why = NDIS_RX_COPY_MEMORY;
	if (!virt_addr_valid(va))
		return NULL;
	page = virt_to_head_page(va);
	/* kmalloc's pages are the slab's, whatever their count says */
	if (PageSlab(page) || PageReserved(page) || !page_ref_count(page))
		return NULL;
	return page;
}

/* The pages behind the headers, each seen once. Return: false, and *why */
static bool ndis_lend_check(struct ndis_cursor at, u32 left,
			    struct ndis_out *out, enum ndis_adapter_stat *why)
{
	unsigned int frags = 0;
	struct page *page;
	void *va;
	u32 len;

	out->nr_pages = 0;
	while (left) {
		va = ndis_cursor_run(&at, left, &len);
		if (!va) {
			*why = NDIS_RX_COPY_OTHER;
			return false;
		}
		/* A fragment stays in one page: that is what a reference is to */
		if (len > PAGE_SIZE - offset_in_page(va)) {
			at.offset -= len - (PAGE_SIZE - offset_in_page(va));
			len = PAGE_SIZE - offset_in_page(va);
		}
		page = ndis_lendable_page(va, why);
		if (!page)
			return false;
		if (!out->nr_pages || out->page[out->nr_pages - 1] != page) {
			if (page_ref_count(page) != 1) {
				*why = NDIS_RX_COPY_SHARED;
				return false;
			}
			out->page[out->nr_pages++] = page;
		}
		left -= len;
		if (++frags == MAX_SKB_FRAGS && left) {
			*why = NDIS_RX_COPY_OTHER;
			return false;
		}
	}
	return out->nr_pages;
}

static void ndis_lend_pages(struct sk_buff *skb, struct ndis_cursor at, u32 left)
{
	unsigned int nr = 0;
	struct page *page;
	void *va;
	u32 len;

	while (left && (va = ndis_cursor_run(&at, left, &len))) {
		if (len > PAGE_SIZE - offset_in_page(va)) {
			at.offset -= len - (PAGE_SIZE - offset_in_page(va));
			len = PAGE_SIZE - offset_in_page(va);
		}
		page = virt_to_page(va);
		get_page(page);
		skb_add_rx_frag(skb, nr++, page, offset_in_page(va), len,
				PAGE_SIZE);
		left -= len;
	}
}

/**
 * ndis_lend_to_skb() - an skb that refers to a list's memory
 * @block: adapter
 * @nbl: list, checked
 * @len: its frame's length
 * @out: filled with the pages to wait for
 * @why: why not, when NULL is returned
 *
 * Context: BH off.
 * Return: the skb, or NULL and no reference taken: copy it.
 */
struct sk_buff *ndis_lend_to_skb(struct ndis_block *block,
				 struct net_buffer_list *nbl, u32 len,
				 struct ndis_out *out,
				 enum ndis_adapter_stat *why)
{
	const struct net_buffer *nb = nbl->FirstNetBuffer;
	struct ndis_cursor at = { nb->CurrentMdl, nb->CurrentMdlOffset };
	struct sk_buff *skb;
	u32 head, run;
	void *data;

	/* The stack reads headers from the linear part, and GRO merges the rest */
	data = ndis_cursor_run(&at, min_t(u32, len, NDIS_HEAD_LEN), &run);
	if (unlikely(!data || run < ETH_HLEN)) {
		*why = NDIS_RX_COPY_OTHER;
		return NULL;
	}
	head = eth_get_headlen(block->netdev, data, run);
	at.offset -= run - head;
	*why = NDIS_RX_COPY_SMALL;
	if (!ndis_lend_check(at, len - head, out, why))
		return NULL;

	skb = ndis_skb_alloc(block, NDIS_HEAD_LEN);
	if (unlikely(!skb)) {
		*why = NDIS_RX_COPY_OTHER;
		return NULL;
	}
	memcpy(__skb_put(skb, head), data, head);
	ndis_lend_pages(skb, at, len - head);
	return skb;
}

/* NDIS says how far into the packet the hash went */
static void ndis_skb_hash(struct sk_buff *skb, const struct net_buffer_list *nbl)
{
	u32 info = (uintptr_t)nbl->NetBufferListInfo[NDIS_INFO_HASH_INFO];
	u32 hash = (uintptr_t)nbl->NetBufferListInfo[NDIS_INFO_HASH_VALUE];

	if (!(info & NDIS_HASH_TYPE_MASK))
		return;
	skb_set_hash(skb, hash, info & NDIS_HASH_TYPE_MASK &
		     ~(NDIS_HASH_IPV4 | NDIS_HASH_IPV6 | NDIS_HASH_IPV6_EX) ?
		     PKT_HASH_TYPE_L4 : PKT_HASH_TYPE_L3);
}

/**
 * ndis_skb_info() - out-of-band slots to skb fields
 * @block: adapter, whose netdev's features say what is wanted
 * @skb: skb, before eth_type_trans()
 * @nbl: the list it came in
 */
void ndis_skb_info(struct ndis_block *block, struct sk_buff *skb,
		   const struct net_buffer_list *nbl)
{
	netdev_features_t features = block->netdev->features;

	ndis_skb_set_info(skb, nbl, features & NETIF_F_RXCSUM);
	if (features & NETIF_F_RXHASH)
		ndis_skb_hash(skb, nbl);
	skb_record_rx_queue(skb, 0);
}
