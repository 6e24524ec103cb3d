// SPDX-License-Identifier: GPL-2.0-only
/* Lists that become skbs: the skb owns them then, and the owner does not. */
#include <linux/if_ether.h>

#include "verify_test.h"

#define FRAME	600

struct verify_rx {
	struct ktap *t;
	struct verify_pool p;
	void (*run)(struct verify_rx *rx, struct test_net *net);
};

/* A list with a frame in it; @full: to the end of its buffer */
static struct net_buffer_list *frame_alloc(struct verify_rx *rx, bool full)
{
	struct net_buffer_list *nbl = ndis_nbl_alloc(rx->p.pool);

	if (!ktap_expect(rx->t, nbl))
		return NULL;
	verify_whole(rx->t, &rx->p, nbl);
	ndis_nbl_received(nbl, full ? rx->p.pool->data_size : FRAME);
	memset(ndis_nbl_data(nbl), 0xff, ETH_HLEN);
	return nbl;
}

static void rx_poll(struct test_net *net, void *arg)
{
	struct verify_rx *rx = arg;

	rx->run(rx, net);
}

static void rx_run(struct ktap *t, enum ndis_pool_access access,
		   void (*run)(struct verify_rx *rx, struct test_net *net))
{
	struct verify_rx rx = { .t = t, .run = run };
	struct test_net *net = test_net_create();

	if (!ktap_expect(t, net))
		return;
	if (verify_pool_create(t, &rx.p, NDIS_KIND_LIST_NB_DATA, access)) {
		ktap_expect(t, test_net_poll(net, rx_poll, &rx));
		ktap_expect_eq(t, ndis_pool_live(rx.p.pool), 0);
		skb_queue_purge(&net->received);
		verify_pool_destroy(&rx.p);
	}
	test_net_destroy(net);
}

/* --- nothing is wrong ------------------------------------------------------------- */

static void rx_good(struct verify_rx *rx, struct test_net *net)
{
	struct net_buffer_list *a, *b, *c;
	unsigned int i;

	for (i = 0; i < 100; i++) {
		a = frame_alloc(rx, false);
		b = frame_alloc(rx, true);
		c = frame_alloc(rx, false);
		if (!a || !b || !c)
			return;
		ktap_expect_eq(rx->t, ndis_nbl_append(b, c), 0);
		ndis_nbl_set_checksum(a, NDIS_CSUM_TCP_OK);
		if (i & 1) {
			ndis_nbl_free(b);
		} else {
			a->Next = b;
			b->Next = NULL;
		}
		ktap_expect_eq(rx->t, ndis_indicate_receive(&net->napi, a), 0);
		ktap_expect_eq(rx->t, ndis_pool_live(rx->p.pool), 0);
		skb_queue_purge(&net->received);
	}
}

void verify_receive(struct ktap *t)
{
	struct verify_counts before;

	verify_counts(&before);
	rx_run(t, NDIS_ACCESS_NAPI, rx_good);
	verify_expect(t, &before, NULL, 0);
}

/* --- the owner holds on to what it gave away -------------------------------------- */

static void rx_freed(struct verify_rx *rx, struct test_net *net)
{
	struct net_buffer_list *a = frame_alloc(rx, true);
	struct net_buffer_list *b = frame_alloc(rx, false);
	struct net_buffer_list *c = frame_alloc(rx, false);

	if (!a || !b || !c)
		return;
	/* 1: a good list in front of a freed one, which ends the chain */
	ndis_nbl_free(c);
	b->Next = c;
	ktap_expect_eq(rx->t, ndis_indicate_receive(&net->napi, b), 0);
	ktap_expect_eq(rx->t, ndis_pool_live(rx->p.pool), 1);
	/* 2, 3: appended, and appended to */
	ktap_expect_eq(rx->t, ndis_nbl_append(a, c), -EINVAL);
	ktap_expect_eq(rx->t, ndis_nbl_append(c, a), -EINVAL);
	ktap_expect_eq(rx->t, ndis_nbl_length(a), rx->p.pool->data_size);
	ndis_nbl_free(a);
}

/* What was indicated, and what is part of another list */
static void rx_given_away(struct verify_rx *rx, struct test_net *net)
{
	struct net_buffer_list *a = frame_alloc(rx, true);
	struct net_buffer_list *b = frame_alloc(rx, false);
	struct net_buffer_list *c = frame_alloc(rx, false);

	if (!a || !b || !c)
		return;
	ktap_expect_eq(rx->t, ndis_indicate_receive(&net->napi, c), 0);
	ndis_nbl_free(c);
	ktap_expect_eq(rx->t, ndis_nbl_append(a, b), 0);
	ndis_nbl_free(b);
	ktap_expect_eq(rx->t, ndis_pool_live(rx->p.pool), 2);
	ndis_nbl_free(a);
}

void verify_receive_freed(struct ktap *t)
{
	struct verify_counts before;

	verify_counts(&before);
	rx_run(t, NDIS_ACCESS_NAPI, rx_freed);
	verify_expect(t, &before, "use_after_free", 3);

	verify_counts(&before);
	rx_run(t, NDIS_ACCESS_NAPI, rx_given_away);
	verify_expect(t, &before, "double_free", 2);
}

/* --- the layer itself frees them ----------------------------------------------------- */

static void rx_dropped(struct verify_rx *rx, struct test_net *net)
{
	struct net_buffer_list *a = frame_alloc(rx, false);
	struct net_buffer_list *b = frame_alloc(rx, false);

	if (!a || !b)
		return;
	a->Next = b;
	ktap_expect_eq(rx->t, ndis_indicate_receive(&net->napi, a), 2);
}

/* A pool that was made for any CPU is refused in verify mode as well */
void verify_receive_dropped(struct ktap *t)
{
	struct verify_counts before;

	verify_counts(&before);
	rx_run(t, NDIS_ACCESS_ANY, rx_dropped);
	verify_expect(t, &before, NULL, 0);
}
