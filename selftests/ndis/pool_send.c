// SPDX-License-Identifier: GPL-2.0-only
/* Send: an skb is described by a list and mapped; the end frees the skb alone. */
#include <linux/skbuff.h>

#include "pool_test.h"

#define MDLS	NDIS_MAX_MDLS

static unsigned int skbs_gone;

static void skb_gone(struct sk_buff *skb)
{
	skbs_gone++;
}

/* A linear part of @len bytes and fragments of odd lengths at odd offsets */
static struct sk_buff *make_skb(unsigned int len, unsigned int frags)
{
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + len, GFP_ATOMIC);
	struct page *page;
	unsigned int i;

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	memset(skb_put(skb, len), 0x77, len);
	for (i = 0; i < frags; i++) {
		page = alloc_page(GFP_ATOMIC);
		if (!page) {
			kfree_skb(skb);
			return NULL;
		}
		skb_add_rx_frag(skb, i, page, 1 + i * 37, 1 + i * 151, PAGE_SIZE);
	}
	skb->destructor = skb_gone;
	return skb;
}

static void check_mdl(struct ktap *t, const struct ndis_mdl *mdl, void *va,
		      u32 len, bool last)
{
	s16 flags = MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL;

	ktap_expect_eq(t, mdl->Size, sizeof(*mdl));
	ktap_expect_eq(t, mdl->MdlFlags & flags, flags);
	ktap_expect_ptr(t, mdl->MappedSystemVa, va);
	ktap_expect_eq(t, mdl->ByteCount, len);
	ktap_expect_eq(t, mdl->ByteOffset, offset_in_page(va));
	ktap_expect_eq(t, (uintptr_t)mdl->StartVa, (uintptr_t)va & PAGE_MASK);
	ktap_expect(t, !mdl->Next == last);
}

/* The chain is the packet, the elements are where the chain lies on the bus */
static void check_mapped(struct ktap *t, const struct net_buffer_list *nbl,
			 const struct sk_buff *skb, struct device *dev)
{
	unsigned int i, nr, frags = skb_shinfo(skb)->nr_frags;
	const struct net_buffer *nb = nbl->FirstNetBuffer;
	const struct ndis_mdl *mdl = nb->MdlChain;
	const struct ndis_sg *sg = ndis_send_sg(nbl, &nr);
	const skb_frag_t *frag;
	u32 len, sum = 0;
	void *va;

	ktap_expect_ptr(t, nb->CurrentMdl, mdl);
	ktap_expect_eq(t, nb->CurrentMdlOffset, 0);
	ktap_expect_eq(t, nb->DataOffset, 0);
	ktap_expect_eq(t, nb->DataLength, skb->len);
	ktap_expect_eq(t, nb->stDataLength, skb->len);
	ktap_expect_ptr(t, nb->Next, NULL);
	ktap_expect_eq(t, nr, frags + 1);
	for (i = 0; i <= frags; i++) {
		va = skb->data;
		len = skb_headlen(skb);
		if (i) {
			frag = &skb_shinfo(skb)->frags[i - 1];
			va = skb_frag_address(frag);
			len = skb_frag_size(frag);
		}
		if (!ktap_expect(t, mdl))
			return;
		check_mdl(t, mdl, va, len, i == frags);
		ktap_expect_eq(t, sg[i].len, len);
		if (dev == test_device(TEST_DEV_COUNT))
			ktap_expect_eq(t, sg[i].addr,
				       virt_to_phys(va) + TEST_BUS_OFFSET);
		sum += mdl->ByteCount;
		mdl = mdl->Next;
	}
	ktap_expect_eq(t, sum, skb->len);
}

enum send_end { END_COMPLETE, END_NETPOLL, END_ABORT, END_NR };

static void end_send(struct net_buffer_list *nbl, struct device *dev,
		     enum send_end end)
{
	switch (end) {
	case END_COMPLETE:
		ndis_send_complete(nbl, dev, 64);
		break;
	case END_NETPOLL:
		ndis_send_complete(nbl, dev, 0);
		break;
	default:
		ndis_send_abort(nbl, dev);
		break;
	}
}

static void send_one(struct ktap *t, struct test_pool *tp, unsigned int frags,
		     struct device *dev, enum send_end end)
{
	struct net_buffer_list *nbl = ndis_nbl_alloc(tp->pool);
	struct sk_buff *skb = make_skb(14 + frags * 11, frags);
	unsigned int gone = skbs_gone;
	u64 freed = tp->pool->freed;

	if (!ktap_expect(t, nbl && skb))
		return;
	test_obj_expect(t, tp, nbl, "after a send of fewer fragments");
	ndis_send_prepare(nbl);
	if (!ktap_expect_eq(t, ndis_send_map(nbl, skb, dev), 0)) {
		kfree_skb(skb);
		ndis_nbl_free(nbl);
		return;
	}
	check_mapped(t, nbl, skb, dev);
	ktap_expect_eq(t, skbs_gone, gone);
	if (dev == test_device(TEST_DEV_COUNT))
		ktap_expect_eq(t, test_dma_live(), frags + 1);

	end_send(nbl, dev, end);
	ktap_expect_eq(t, skbs_gone, gone + 1);
	ktap_expect_eq(t, test_dma_live(), 0);
	ndis_nbl_free(nbl);
	ktap_expect_eq(t, tp->pool->freed, freed + 1);
	ktap_expect_eq(t, atomic_read(&test_dma.errors), 0);
}

void test_send_chain(struct ktap *t)
{
	static const enum test_device devices[] = {
		TEST_DEV_COUNT, TEST_DEV_DIRECT,
	};
	struct ndis_pool_params params = { .nr_mdls = MDLS };
	unsigned int frags, d;
	struct test_pool tp;
	enum send_end end;

	for (params.access = 0; params.access <= NDIS_ACCESS_NAPI;
	     params.access++) {
		params.context_size = 8 * params.access;
		if (!test_pool_create(t, &tp, NDIS_KIND_LIST_NB, &params))
			continue;
		local_bh_disable();
		for (d = 0; d < ARRAY_SIZE(devices); d++)
			for (frags = 0; frags < MDLS; frags++)
				for (end = 0; end < END_NR; end++)
					send_one(t, &tp, frags,
						 test_device(devices[d]), end);
		local_bh_enable();
		test_pool_destroy(t, &tp);
	}
}

/* Refused or failed: the list is as allocated, the skb is the caller's */
static void send_fails(struct ktap *t, struct test_pool *tp, unsigned int frags,
		       int budget, int want)
{
	struct net_buffer_list *nbl = ndis_nbl_alloc(tp->pool);
	struct device *dev = test_device(TEST_DEV_COUNT);
	struct sk_buff *skb = make_skb(60, frags);
	unsigned int gone = skbs_gone;

	if (!ktap_expect(t, nbl && skb))
		return;
	ndis_send_prepare(nbl);
	atomic_set(&test_dma.budget, budget);
	ktap_expect_eq(t, ndis_send_map(nbl, skb, dev), want);
	atomic_set(&test_dma.budget, INT_MAX);
	ktap_expect_eq(t, skbs_gone, gone);
	ktap_expect_eq(t, refcount_read(&skb->users), 1);
	ktap_expect_eq(t, test_dma_live(), 0);
	ktap_expect_eq(t, atomic_read(&test_dma.errors), 0);
	ndis_nbl_free(nbl);
	kfree_skb(skb);
	ktap_expect_eq(t, skbs_gone, gone + 1);
}

/* A pool without MDLs has nothing to describe a packet with */
static void prepare_refused(struct ktap *t)
{
	struct ndis_pool_params params = { .access = NDIS_ACCESS_NAPI };
	struct net_buffer_list *nbl;
	struct test_pool tp;

	if (!test_pool_create(t, &tp, NDIS_KIND_LIST_NB, &params))
		return;
	nbl = ndis_nbl_alloc(tp.pool);
	if (ktap_expect(t, nbl)) {
		ndis_send_prepare(nbl);
		test_obj_expect(t, &tp, nbl, "after a refused preparation");
		ndis_nbl_free(nbl);
	}
	test_pool_destroy(t, &tp);
}

void test_send_errors(struct ktap *t)
{
	struct ndis_pool_params params = { .access = NDIS_ACCESS_NAPI };
	struct device *dev = test_device(TEST_DEV_COUNT);
	unsigned int frags, budget;
	struct test_pool tp;

	prepare_refused(t);
	for (params.nr_mdls = 1; params.nr_mdls <= MDLS; params.nr_mdls += 3) {
		if (!test_pool_create(t, &tp, NDIS_KIND_LIST_NB, &params))
			continue;
		local_bh_disable();
		for (frags = 0; frags < MDLS; frags++) {
			if (frags >= params.nr_mdls) {
				send_fails(t, &tp, frags, INT_MAX, -EMSGSIZE);
				continue;
			}
			for (budget = 0; budget <= frags; budget++)
				send_fails(t, &tp, frags, budget, -ENOMEM);
			/* The same list can still be sent */
			send_one(t, &tp, frags, dev, END_COMPLETE);
		}
		local_bh_enable();
		test_pool_destroy(t, &tp);
	}
}

/* A transmit queue: more in flight than a magazine, completed in order */
void test_send_queue(struct ktap *t)
{
	struct ndis_pool_params params = {
		.access = NDIS_ACCESS_NAPI, .nr_mdls = MDLS, .limit = 150,
	};
	struct device *dev = test_device(TEST_DEV_COUNT);
	struct net_buffer_list *ring[150], *nbl;
	unsigned int i, n, round, gone = skbs_gone;
	struct test_pool tp;
	struct sk_buff *skb;

	if (!test_pool_create(t, &tp, NDIS_KIND_LIST_NB, &params))
		return;
	local_bh_disable();
	for (round = 0; round < 4; round++) {
		for (n = 0; n < params.limit; n++) {
			nbl = ndis_nbl_alloc(tp.pool);
			skb = make_skb(100, n % 4);
			if (!ktap_expect(t, nbl && skb))
				break;
			test_obj_expect(t, &tp, nbl, "of a transmit queue");
			ndis_send_prepare(nbl);
			ktap_expect_eq(t, ndis_send_map(nbl, skb, dev), 0);
			ring[n] = nbl;
		}
		nbl = ndis_nbl_alloc(tp.pool);
		ktap_expect_ptr(t, nbl, NULL);
		if (nbl)
			ndis_nbl_free(nbl);
		for (i = 0; i < n; i++) {
			end_send(ring[i], dev, i % END_NR);
			ndis_nbl_free(ring[i]);
		}
	}
	local_bh_enable();
	ktap_expect_eq(t, skbs_gone, gone + 4 * params.limit);
	ktap_expect_eq(t, test_dma_live(), 0);
	test_pool_destroy(t, &tp);
}
