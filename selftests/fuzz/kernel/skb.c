// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets: those that a fuzzer sends, and the stack that takes what is received.
 * The stack looks at every byte's right to be there, keeps a packet for a while
 * and gives its pages back, as a socket does.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <net/page_pool.h>
#include <net/udp.h>

#include "fuzz.h"

#define FUZZ_HELD	256	/* packets that the stack has at a time */
#define FUZZ_RX_BUF	2048	/* what one buffer of the device holds */

DEFINE_STATIC_KEY_FALSE(udp_encap_needed_key);
DEFINE_STATIC_KEY_FALSE(udpv6_encap_needed_key);

static struct sk_buff *held[FUZZ_HELD];
static unsigned int first_held, nr_held;
unsigned int fuzz_skbs;
u64 fuzz_received;

static struct sk_buff *skb_struct(void)
{
	struct sk_buff *skb;

	if (fuzz_fails(&fuzz_fail.skb))
		return NULL;
	skb = calloc(1, sizeof(*skb));
	refcount_set(&skb->users, 1);
	fuzz_skbs++;
	return skb;
}

static void skb_set_head(struct sk_buff *skb, void *head, unsigned int size)
{
	skb->head = head;
	skb->data = head;
	skb_reset_tail_pointer(skb);
	skb_set_end_offset(skb, size);
	skb->truesize = SKB_TRUESIZE(size);
	skb->mac_header = (typeof(skb->mac_header))~0U;
	skb->transport_header = (typeof(skb->transport_header))~0U;
	memset(skb_shinfo(skb), 0, offsetof(struct skb_shared_info, dataref));
	atomic_set(&skb_shinfo(skb)->dataref, 1);
}

static void *skb_head(unsigned int *size)
{
	*size = SKB_DATA_ALIGN(*size);
	return malloc(*size + SKB_DATA_ALIGN(sizeof(struct skb_shared_info)));
}

struct sk_buff *fuzz_skb(unsigned int headroom, unsigned int linear,
			 unsigned int tailroom)
{
	unsigned int size = headroom + linear + tailroom;
	struct sk_buff *skb = skb_struct();
	void *head;

	if (!skb)
		return NULL;
	head = skb_head(&size);
	skb_set_head(skb, head, size);
	skb_reserve(skb, headroom);
	memset(__skb_put(skb, linear), 0x5a, linear);
	skb_reset_mac_header(skb);
	return skb;
}

void fuzz_skb_add_frag(struct sk_buff *skb, unsigned int offset,
		       unsigned int len)
{
	struct page *page = fuzz_page_alloc(FUZZ_STACK);

	if (!page)
		return;
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, offset, len,
			PAGE_SIZE);
}

static void skb_free_page(struct sk_buff *skb, struct page *page)
{
	if (skb->pp_recycle && (page->pp_magic & ~3UL) == PP_SIGNATURE)
		page_pool_put_full_page(page->pp, page, false);
	else
		fuzz_page_free(page);
}

static void skb_free_head(struct sk_buff *skb)
{
	if (!fuzz_is_page(skb->head)) {
		free(skb->head);
		return;
	}
	if (fuzz_is_cut(virt_to_page(skb->head)))
		fuzz_half_move(skb->head, FUZZ_POOL);
	skb_free_page(skb, virt_to_page(skb->head));
}

static void skb_free(struct sk_buff *skb)
{
	unsigned int i;

	fuzz_check(refcount_read(&skb->users) == 1, "a shared skb is freed");
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++)
		skb_free_page(skb, skb_frag_page(&skb_shinfo(skb)->frags[i]));
	skb_free_head(skb);
	free(skb);
	fuzz_skbs--;
}

void __dev_kfree_skb_any(struct sk_buff *skb, enum skb_free_reason reason)
{
	skb_free(skb);
}

void napi_consume_skb(struct sk_buff *skb, int budget)
{
	skb_free(skb);
}

int pskb_expand_head(struct sk_buff *skb, int nhead, int ntail, gfp_t gfp)
{
	unsigned int size = skb_end_offset(skb) + nhead + ntail;
	unsigned int headroom = skb_headroom(skb) + nhead;
	unsigned int len = skb_headlen(skb);
	struct skb_shared_info shared = *skb_shinfo(skb);
	u8 *head;

	if (fuzz_fails(&fuzz_fail.skb))
		return -ENOMEM;
	head = skb_head(&size);
	memcpy(head + headroom, skb->data, len);
	skb_free_head(skb);
	skb->head = head;
	skb->data = head + headroom;
	skb_set_tail_pointer(skb, len);
	skb_set_end_offset(skb, size);
	skb->mac_header += nhead;
	skb->network_header += nhead;
	skb->transport_header += nhead;
	skb->csum_start += nhead;
	skb->cloned = 0;
	*skb_shinfo(skb) = shared;
	atomic_set(&skb_shinfo(skb)->dataref, 1);
	return 0;
}

int __skb_pad(struct sk_buff *skb, int pad, bool free_on_error)
{
	if ((skb_tailroom(skb) < pad || skb_is_nonlinear(skb) || skb_cloned(skb)) &&
	    (skb_is_nonlinear(skb) || pskb_expand_head(skb, 0, pad, GFP_ATOMIC))) {
		if (free_on_error)
			skb_free(skb);
		return -ENOMEM;
	}
	memset(skb_tail_pointer(skb), 0, pad);
	return 0;
}

int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len)
{
	unsigned int i, now = min_t(int, len, skb_headlen(skb));

	fuzz_check(!offset && len <= skb->len, "%d bytes are copied of %u", len,
		   skb->len);
	memcpy(to, skb->data, now);
	for (i = 0; i < skb_shinfo(skb)->nr_frags && len - now; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];
		unsigned int part = min_t(unsigned int, len - now,
					  skb_frag_size(frag));

		memcpy(to + now, skb_frag_address(frag), part);
		now += part;
	}
	return 0;
}

void *__pskb_pull_tail(struct sk_buff *skb, int delta)
{
	return NULL;
}

/* --- receive -------------------------------------------------------------- */

struct sk_buff *napi_build_skb(void *data, unsigned int frag_size)
{
	unsigned int size = frag_size -
			    SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	struct sk_buff *skb = skb_struct();

	if (!skb)
		return NULL;
	skb_set_head(skb, data, size);
	skb->head_frag = 1;
	return skb;
}

void skb_add_rx_frag(struct sk_buff *skb, int i, struct page *page, int off,
		     int size, unsigned int truesize)
{
	fuzz_check(i < MAX_SKB_FRAGS, "%d fragments", i + 1);
	skb_fill_page_desc(skb, i, page, off, size);
	skb->len += size;
	skb->data_len += size;
	skb->truesize += truesize;
}

__be16 eth_type_trans(struct sk_buff *skb, struct net_device *dev)
{
	fuzz_check(skb_headlen(skb) >= ETH_HLEN, "%u bytes are received",
		   skb_headlen(skb));
	skb->dev = dev;
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	return eth_hdr(skb)->h_proto;
}

static void skb_verify(const struct sk_buff *skb)
{
	bool moved = fuzz_prog.head || fuzz_prog.tail;
	unsigned int i, len = skb_headlen(skb) + ETH_HLEN;

	fuzz_check(skb->tail <= skb->end, "a packet ends behind its memory");
	/* A program may have moved either end: then the buffer's is no bound */
	fuzz_check(moved || len <= FUZZ_RX_BUF, "%u bytes are received in one buffer",
		   len);
	fuzz_check(!__asan_region_is_poisoned(skb->data - ETH_HLEN, len),
		   "%u bytes are received, not all of them the driver's", len);
	if (fuzz_is_cut(virt_to_page(skb->head))) {
		fuzz_check((unsigned long)skb->head / 2048 ==
			   (unsigned long)(skb_shinfo(skb) + 1) / 2048,
			   "a packet reaches into the other half of its page");
		fuzz_half_move(skb->head, FUZZ_STACK);
	} else {
		fuzz_page_move(virt_to_page(skb->head), FUZZ_DRIVER, FUZZ_STACK);
	}
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		fuzz_check(skb_frag_off(frag) + skb_frag_size(frag) <= PAGE_SIZE &&
			   (moved || skb_frag_size(frag) <= FUZZ_RX_BUF),
			   "a fragment of %u bytes at %u of its page",
			   skb_frag_size(frag), skb_frag_off(frag));
		fuzz_page_move(skb_frag_page(frag), FUZZ_DRIVER, FUZZ_STACK);
		len += skb_frag_size(frag);
	}
	fuzz_check(len == skb->len + ETH_HLEN, "%u bytes, but the packet says %u",
		   len, skb->len + ETH_HLEN);
}

static void receive(struct sk_buff *skb)
{
	skb_verify(skb);
	fuzz_received++;
	if (nr_held == FUZZ_HELD)
		fuzz_stack_release(FUZZ_HELD / 2);
	held[(first_held + nr_held++) % FUZZ_HELD] = skb;
}

gro_result_t napi_gro_receive(struct napi_struct *napi, struct sk_buff *skb)
{
	receive(skb);
	return GRO_NORMAL;
}

void netif_receive_skb_list(struct list_head *head)
{
	struct sk_buff *skb, *next;

	list_for_each_entry_safe(skb, next, head, list) {
		skb_list_del_init(skb);
		receive(skb);
	}
}

void fuzz_stack_release(unsigned int n)
{
	for (; n && nr_held; n--, nr_held--) {
		skb_free(held[first_held]);
		first_held = (first_held + 1) % FUZZ_HELD;
	}
}

unsigned int fuzz_stack_held(void)
{
	return nr_held;
}

void skb_tstamp_tx(struct sk_buff *skb, struct skb_shared_hwtstamps *stamps)
{
}

void skb_clone_tx_timestamp(struct sk_buff *skb)
{
}
