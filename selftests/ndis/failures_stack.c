// SPDX-License-Identifier: GPL-2.0-only
/*
 * The failure scenario's part in the kernel's spelling: pools for one
 * NAPI, a packet described for a device, frames given to the stack.
 */
#include <linux/completion.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <ndis/net.h>

#include "failures.h"

#define FRAGS	3
#define FRAMES	4
#define PROTO	0x88b5	/* for local experiments: nobody takes it */

/* --- pools ---------------------------------------------------------------------- */

static void many_lists(struct scenario *s, struct ndis_pool *pool,
		       unsigned int count)
{
	struct net_buffer_list *chain = NULL, *nbl;
	unsigned int i;

	local_bh_disable();
	for (i = 0; i < count; i++) {
		nbl = ndis_nbl_alloc(pool);
		if (!nbl) {
			s->refused++;
			break;
		}
		nbl->Next = chain;
		chain = nbl;
	}
	ndis_nbl_free_chain(chain);
	local_bh_enable();
}

static struct ndis_pool *make_pool(struct scenario *s,
				   const struct ndis_pool_params *params)
{
	struct ndis_pool *pool = ndis_nbl_pool_create(params);

	return got(s, IS_ERR(pool) ? NULL : pool) ? pool : NULL;
}

static void list_pool(struct scenario *s)
{
	struct ndis_pool_params params = {
		.tag = FAILURES_TAG, .alloc_nb = true,
		.access = NDIS_ACCESS_NAPI,
	};
	struct ndis_pool *pool = make_pool(s, &params);

	if (!pool)
		return;
	/* More than a magazine */
	many_lists(s, pool, NDIS_MAGAZINE + 4);
	ndis_nbl_pool_destroy(pool);
}

/* --- send --------------------------------------------------------------------------- */

static struct sk_buff *make_skb(void)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);
	struct page *page;
	unsigned int i;

	if (!skb)
		return NULL;
	skb_put_zero(skb, 64);
	for (i = 0; i < FRAGS; i++) {
		page = alloc_page(GFP_KERNEL);
		if (!page) {
			kfree_skb(skb);
			return NULL;
		}
		skb_add_rx_frag(skb, i, page, 0, 1000, PAGE_SIZE);
	}
	return skb;
}

static void send_packet(struct scenario *s)
{
	struct ndis_pool_params params = {
		.tag = FAILURES_TAG, .alloc_nb = true, .nr_mdls = FRAGS + 1,
	};
	struct ndis_pool *pool = make_pool(s, &params);
	struct net_buffer_list *nbl;
	struct sk_buff *skb;

	if (!pool)
		return;
	nbl = ndis_nbl_alloc(pool);
	skb = make_skb();
	if (!got(s, nbl) || !skb) {
		kfree_skb(skb);
		goto out;
	}
	ndis_send_prepare(nbl);
	s->steps++;
	if (ndis_send_map(nbl, skb, s->dev)) {
		s->refused++;
		kfree_skb(skb);
	} else {
		ndis_send_abort(nbl, s->dev);
	}
out:
	if (nbl)
		ndis_nbl_free(nbl);
	ndis_nbl_pool_destroy(pool);
}

/* --- receive ------------------------------------------------------------------------ */

struct receiver {
	struct napi_struct napi;
	struct ndis_pool *pool;
	struct completion polled;
	unsigned int taken;
	unsigned int dropped;
};

static struct net_buffer_list *make_frame(struct ndis_pool *pool)
{
	struct net_buffer_list *nbl = ndis_nbl_alloc(pool);
	u8 *data;

	if (!nbl)
		return NULL;
	ndis_nbl_for_device(nbl);
	ndis_nbl_received(nbl, ETH_ZLEN);
	data = ndis_nbl_data(nbl);
	memset(data, 0, ETH_ZLEN);
	data[12] = PROTO >> 8;
	data[13] = PROTO & 0xff;
	return nbl;
}

static int receive_poll(struct napi_struct *napi, int budget)
{
	struct receiver *r = container_of(napi, struct receiver, napi);
	struct ndis_nbl_queue queue = { };
	struct net_buffer_list *nbl;
	unsigned int i;

	for (i = 0; i < FRAMES; i++) {
		nbl = make_frame(r->pool);
		if (!nbl)
			continue;
		r->taken++;
		ndis_nbl_enqueue(&queue, nbl);
	}
	if (queue.first)
		r->dropped = ndis_indicate_receive(napi, queue.first);
	napi_complete_done(napi, 1);
	complete(&r->polled);
	return 1;
}

static void receive_frames(struct scenario *s)
{
	struct net_device *dev = alloc_etherdev(sizeof(struct receiver));
	struct ndis_pool_params params = {
		.tag = FAILURES_TAG, .alloc_nb = true, .data_size = 1536,
		.access = NDIS_ACCESS_NAPI, .dev = s->dev,
	};
	struct receiver *r;

	if (!dev)
		return;
	r = netdev_priv(dev);
	init_completion(&r->polled);
	netif_napi_add(dev, &r->napi, receive_poll);
	params.napi = &r->napi;
	r->pool = make_pool(s, &params);
	if (!r->pool)
		goto out;
	napi_enable(&r->napi);
	local_bh_disable();
	napi_schedule(&r->napi);
	local_bh_enable();
	wait_for_completion(&r->polled);
	napi_disable(&r->napi);
	many_lists(s, r->pool, 2 * FRAMES);
	s->steps += FRAMES;
	s->refused += FRAMES - r->taken + r->dropped;
	ndis_nbl_pool_destroy(r->pool);
out:
	netif_napi_del(&r->napi);
	free_netdev(dev);
}

void scenario_stack(struct scenario *s)
{
	list_pool(s);
	send_packet(s);
	receive_frames(s);
}
