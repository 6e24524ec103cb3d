// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive: lists are filled as a device would, indicated in a NAPI's poll, and
 * what comes out of the stack is compared byte by byte with what went in.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <ndis/xdp.h>

#include "pool_test.h"

#define TEST_PROTO	0x88b5	/* for local experiments; GRO leaves it alone */
#define DATA		1536
#define HEADROOM	256	/* a page each; or where two share one: */
#define HEADROOM_SHARED	NET_SKB_PAD
#define QUEUE		3
#define FRAMES		64
#define FRAME_MAX	(DATA * (MAX_SKB_FRAGS + 1))

struct frame {
	u32 len;
	u32 offset;	/* where the data starts in the first buffer */
	u32 csum;
	bool vlan;
	u16 tci;
};

struct receive {
	struct ktap *t;
	struct test_pool tp;
	struct test_net *net;
	const struct frame *frame;
	unsigned int count;
	u32 headroom;
	u32 held;		/* of memory by a buffer; the pool may be gone */
	u8 *bytes;		/* FRAME_MAX, to compare with */
	struct net_buffer_list *used[2 * FRAMES];
	unsigned int nr_used;
};

/* Frame number @seq as it is on the wire */
static u8 frame_byte(struct receive *r, unsigned int seq, u32 i)
{
	const u8 *mac = r->net->dev->dev_addr;

	if (i < ETH_ALEN)
		return mac[i];
	if (i < 2 * ETH_ALEN)
		return 2 * i;
	if (i < ETH_HLEN)
		return i & 1 ? TEST_PROTO & 0xff : TEST_PROTO >> 8;
	return seq * 31 + i * 7 + (i >> 8);
}

static struct net_buffer_list *take_buffer(struct receive *r)
{
	struct net_buffer_list *nbl = ndis_nbl_alloc(r->tp.pool);

	if (!ktap_expect(r->t, nbl))
		return NULL;
	test_obj_expect(r->t, &r->tp, nbl, "of a receive ring");
	ndis_nbl_for_device(nbl);
	if (r->nr_used < ARRAY_SIZE(r->used))
		r->used[r->nr_used++] = nbl;
	return nbl;
}

/* What a device and its driver do: as many buffers as the frame needs */
static struct net_buffer_list *fill_frame(struct receive *r, unsigned int seq)
{
	const struct frame *f = &r->frame[seq];
	struct net_buffer_list *head = NULL, *nbl;
	u32 done = 0, len, start, i;
	u8 *data;

	while (done < f->len) {
		nbl = take_buffer(r);
		if (!nbl)
			return head;
		start = head ? 0 : f->offset;
		len = min_t(u32, f->len - done, DATA - start);
		ndis_nbl_received(nbl, start + len);
		if (start) {
			struct net_buffer *nb = nbl->FirstNetBuffer;

			nb->CurrentMdlOffset = start;
			nb->DataOffset = start;
			nb->stDataLength -= start;
		}
		data = ndis_nbl_data(nbl);
		for (i = 0; i < len; i++)
			data[i] = frame_byte(r, seq, done + i);
		done += len;
		if (!head)
			head = nbl;
		else if (!ktap_expect_eq(r->t, ndis_nbl_append(head, nbl), 0))
			ndis_nbl_free(nbl);
	}
	if (f->csum)
		ndis_nbl_set_checksum(head, f->csum);
	if (f->vlan)
		ndis_nbl_set_vlan(head, f->tci);
	ktap_expect_eq(r->t, ndis_nbl_length(head), f->len);
	return head;
}

static void indicate_frames(struct test_net *net, void *arg)
{
	struct ndis_nbl_queue queue = { };
	struct receive *r = arg;
	struct net_buffer_list *nbl;
	u64 live, freed;
	unsigned int i;

	live = ndis_pool_live(r->tp.pool);
	freed = r->tp.pool->freed;
	r->nr_used = 0;
	for (i = 0; i < r->count; i++) {
		nbl = fill_frame(r, i);
		if (nbl)
			ndis_nbl_enqueue(&queue, nbl);
	}
	if (queue.last)
		ktap_expect_ptr(r->t, queue.last->Next, NULL);
	ktap_expect_eq(r->t, ndis_indicate_receive(&net->napi, queue.first), 0);
	/* The stack has the pages, the driver owes nothing */
	ktap_expect_eq(r->t, ndis_pool_live(r->tp.pool), live);
	ktap_expect(r->t, r->tp.pool->freed >= freed + r->count);
}

static void check_bytes(struct receive *r, struct sk_buff *skb, unsigned int seq)
{
	u32 i, len = r->frame[seq].len;

	memcpy(r->bytes, skb_mac_header(skb), ETH_HLEN);
	if (!ktap_expect_eq(r->t, skb->len, len - ETH_HLEN) ||
	    !ktap_expect_eq(r->t, skb_copy_bits(skb, 0, r->bytes + ETH_HLEN,
						len - ETH_HLEN), 0))
		return;
	for (i = 0; i < len; i++)
		if (r->bytes[i] != frame_byte(r, seq, i))
			break;
	ktap_expect_eq(r->t, i, len);
}

static void check_skb(struct receive *r, struct sk_buff *skb, unsigned int seq)
{
	const struct frame *f = &r->frame[seq];
	u32 buffers = DIV_ROUND_UP(f->offset + f->len, DATA);
	bool csum = f->csum & (NDIS_CSUM_TCP_OK | NDIS_CSUM_UDP_OK) &&
		    !(f->csum & (NDIS_CSUM_IP_FAILED | NDIS_CSUM_TCP_FAILED |
				 NDIS_CSUM_UDP_FAILED));
	struct ktap *t = r->t;
	u32 i, left;

	check_bytes(r, skb, seq);
	ktap_expect_eq(t, ntohs(skb->protocol), TEST_PROTO);
	ktap_expect_eq(t, skb->pkt_type, PACKET_HOST);
	ktap_expect_ptr(t, skb->dev, r->net->dev);
	ktap_expect_eq(t, skb->ip_summed,
		       csum ? CHECKSUM_UNNECESSARY : CHECKSUM_NONE);
	ktap_expect_eq(t, skb_vlan_tag_present(skb), f->vlan);
	if (f->vlan) {
		ktap_expect_eq(t, skb_vlan_tag_get(skb), f->tci);
		ktap_expect_eq(t, ntohs(skb->vlan_proto), ETH_P_8021Q);
	}
	ktap_expect(t, skb_rx_queue_recorded(skb));
	ktap_expect_eq(t, skb_get_rx_queue(skb), QUEUE);
	ktap_expect(t, skb->pp_recycle);
	ktap_expect(t, skb_headroom(skb) >= r->headroom + ETH_HLEN);
	/* All of each page, or its part, is paid for, and the skb itself */
	ktap_expect_eq(t, skb->truesize, buffers * r->held +
		       SKB_DATA_ALIGN(sizeof(struct sk_buff)));
	if (!ktap_expect_eq(t, skb_shinfo(skb)->nr_frags, buffers - 1))
		return;
	left = f->len - min(f->len, DATA - f->offset);
	ktap_expect_eq(t, skb->data_len, left);
	for (i = 0; i < buffers - 1; i++) {
		u32 size = min_t(u32, left, DATA);

		ktap_expect_eq(t, skb_frag_size(&skb_shinfo(skb)->frags[i]), size);
		left -= size;
	}
}

/* Use what the skb gives its users around the frame: the list must not feel it */
static void scribble_skb(struct sk_buff *skb)
{
	memset(skb->head, 0xee, skb_headroom(skb));
	memset(skb_tail_pointer(skb), 0xee,
	       skb_end_pointer(skb) - skb_tail_pointer(skb));
}

static void check_frames(struct receive *r)
{
	unsigned int seq;
	struct sk_buff *skb;

	ktap_expect_eq(r->t, skb_queue_len(&r->net->received), r->count);
	for (seq = 0; seq < r->count; seq++) {
		skb = skb_dequeue(&r->net->received);
		if (!skb)
			break;
		check_skb(r, skb, seq);
		if (ktap_failed(r->t))
			ktap_diag(r->t, "frame %u, %u bytes", seq, r->frame[seq].len);
		scribble_skb(skb);
		kfree_skb(skb);
	}
	skb_queue_purge(&r->net->received);
}

static void receive_frames(struct receive *r, const struct frame *frame,
			   unsigned int count)
{
	r->frame = frame;
	r->count = count;
	ktap_expect(r->t, test_net_poll(r->net, indicate_frames, r));
	check_frames(r);
}

static void receive_end(struct receive *r)
{
	/* A pool goes after its NAPI is disabled, as a driver does it */
	if (r->net) {
		napi_disable(&r->net->napi);
		if (r->tp.pool)
			test_pool_destroy(r->t, &r->tp);
		napi_enable(&r->net->napi);
		test_net_destroy(r->net);
	}
	kfree(r->bytes);
	kfree(r);
}

static struct receive *receive_begin(struct ktap *t, enum test_device device,
				     bool shared)
{
	struct receive *r = kzalloc(sizeof(*r), GFP_KERNEL);
	struct ndis_pool_params params = {
		.access = NDIS_ACCESS_NAPI, .data_size = DATA,
		.headroom = shared ? HEADROOM_SHARED : HEADROOM,
		.queue = QUEUE, .share_pages = shared,
		.dev = test_device(device),
	};

	if (!ktap_expect(t, r))
		return NULL;
	r->t = t;
	r->bytes = kmalloc(FRAME_MAX, GFP_KERNEL);
	r->net = test_net_create();
	if (!ktap_expect(t, r->bytes && r->net))
		goto err;
	params.napi = &r->net->napi;
	if (!test_pool_create(t, &r->tp, NDIS_KIND_LIST_NB_DATA, &params)) {
		r->tp.pool = NULL;
		goto err;
	}
	r->headroom = params.headroom;
	/* build_skb() needs that much of the half, as with other page fragments */
	r->held = shared ? HEADROOM_SHARED + SKB_DATA_ALIGN(DATA) +
			   SKB_DATA_ALIGN(sizeof(struct skb_shared_info))
			 : r->tp.pool->page_size;
	return r;
err:
	receive_end(r);
	return NULL;
}

/* Wait for pages that page_pool is still to be given; it looks each second */
static void expect_unmapped(struct ktap *t)
{
	unsigned int i;

	for (i = 0; i < 500 && test_dma_live(); i++)
		msleep(20);
	ktap_expect_eq(t, test_dma_live(), 0);
	ktap_expect_eq(t, atomic_read(&test_dma.errors), 0);
}

/* --- the cases ------------------------------------------------------------------ */

static void receive_single(struct ktap *t, bool shared)
{
	static const struct frame lengths[] = {
		{ 60 }, { 61 }, { 590 }, { 1514 }, { 1518 }, { DATA - 1 }, { DATA },
		{ 60, .offset = 2 }, { 1000, .offset = DATA - 1000 },
	};
	struct receive *r = receive_begin(t, TEST_DEV_COUNT, shared);
	struct frame *many;
	unsigned int i;

	if (!r)
		return;
	for (i = 0; i < ARRAY_SIZE(lengths); i++)
		receive_frames(r, &lengths[i], 1);
	receive_frames(r, lengths, ARRAY_SIZE(lengths));

	many = kcalloc(FRAMES, sizeof(*many), GFP_KERNEL);
	if (ktap_expect(t, many)) {
		for (i = 0; i < FRAMES; i++)
			many[i].len = 60 + i * 23;
		/* Often enough that pages go round through page_pool's ring */
		for (i = 0; i < 40; i++)
			receive_frames(r, many, FRAMES);
	}
	kfree(many);
	receive_end(r);
	expect_unmapped(t);
}

void test_receive_single(struct ktap *t)
{
	receive_single(t, false);
}

/* Two to a page: the same frames. What needs a page of its own is refused */
static void append_shared(struct test_net *net, void *arg)
{
	struct receive *r = arg;
	struct net_buffer_list *a = take_buffer(r), *b = take_buffer(r);
	struct ktap *t = r->t;

	if (a && b) {
		ktap_expect_eq(t, ndis_nbl_for_device(a) - virt_to_phys(ndis_nbl_data(a)),
			       TEST_BUS_OFFSET - DATA);
		ktap_expect_eq(t, ndis_nbl_append(a, b), -EINVAL);
	}
	if (a)
		ndis_nbl_free(a);
	if (b)
		ndis_nbl_free(b);
}

void test_receive_shared(struct ktap *t)
{
	struct xdp_rxq_info rxq = { };
	struct receive *r;

	receive_single(t, true);
	r = receive_begin(t, TEST_DEV_COUNT, true);
	if (!r)
		return;
	ktap_expect_eq(t, ndis_xdp_rxq_register(&rxq, r->net->dev, &r->net->napi,
						r->tp.pool), -EINVAL);
	ktap_expect(t, !xdp_rxq_info_is_reg(&rxq));
	ktap_expect(t, test_net_poll(r->net, append_shared, r));
	receive_end(r);
	expect_unmapped(t);
}

/* One more than an skb can hold is refused, and stays a list of its own */
static void append_too_many(struct test_net *net, void *arg)
{
	const unsigned int most = MAX_SKB_FRAGS + 1;
	struct net_buffer_list *head = NULL, *nbl;
	struct receive *r = arg;
	unsigned int i;

	for (i = 0; i < most + 2; i++) {
		nbl = take_buffer(r);
		if (!nbl)
			break;
		ndis_nbl_received(nbl, DATA);
		if (!head) {
			head = nbl;
			continue;
		}
		ktap_expect_eq(r->t, ndis_nbl_append(head, nbl),
			       i < most ? 0 : -EMSGSIZE);
		if (i < most)
			continue;
		ktap_expect_eq(r->t, ndis_nbl_length(nbl), DATA);
		ktap_expect_eq(r->t, ndis_nbl_length(head), most * DATA);
		ndis_nbl_free(nbl);
	}
	ktap_expect_eq(r->t, ndis_pool_live(r->tp.pool), most);
	ndis_nbl_free(head);
	ktap_expect_eq(r->t, ndis_pool_live(r->tp.pool), 0);
}

void test_receive_append(struct ktap *t)
{
	static const struct frame frames[] = {
		{ DATA + 1 },
		{ 60 },
		{ DATA * 2 - 1 },
		{ DATA * 2 },
		{ DATA * 2 + 14 },
		{ 9018 },
		{ 1514 },
		{ 16110 },
		{ FRAME_MAX },
		{ DATA * 2, .offset = 2 },
		{ DATA + 5, .vlan = true, .tci = 7, .csum = NDIS_CSUM_UDP_OK },
	};
	struct receive *r = receive_begin(t, TEST_DEV_COUNT, false);
	unsigned int i;

	if (!r)
		return;
	for (i = 0; i < ARRAY_SIZE(frames); i++)
		receive_frames(r, &frames[i], 1);
	ktap_expect(t, test_net_poll(r->net, append_too_many, r));
	for (i = 0; i < 10; i++)
		receive_frames(r, frames, ARRAY_SIZE(frames));
	receive_end(r);
	expect_unmapped(t);
}

void test_receive_slots(struct ktap *t)
{
	static const struct frame frames[] = {
		{ 60, .csum = NDIS_CSUM_TCP_OK },
		{ 60, .csum = NDIS_CSUM_UDP_OK },
		{ 60, .csum = NDIS_CSUM_IP_OK },
		{ 60, .csum = NDIS_CSUM_IP_OK | NDIS_CSUM_TCP_OK },
		{ 60, .csum = NDIS_CSUM_TCP_FAILED | NDIS_CSUM_IP_OK },
		{ 60, .csum = NDIS_CSUM_UDP_FAILED },
		{ 60, .csum = NDIS_CSUM_IP_FAILED },
		{ 60, .csum = NDIS_CSUM_IP_FAILED | NDIS_CSUM_TCP_OK },
		{ 60, .csum = NDIS_CSUM_TCP_FAILED | NDIS_CSUM_UDP_OK },
		{ 60 },
		{ 60, .vlan = true, .tci = 0 },
		{ 60, .vlan = true, .tci = 1 },
		{ 60, .vlan = true, .tci = 0x1000 },
		{ 60, .vlan = true, .tci = 0x2000 },
		{ 60, .vlan = true, .tci = 0x8000 },
		{ 60, .vlan = true, .tci = 0x0800 },
		{ 60, .vlan = true, .tci = 0xefff },
		{ 60, .vlan = true, .tci = 0xffff },
		{ 1514, .vlan = true, .tci = 0x6123,
		  .csum = NDIS_CSUM_TCP_OK | NDIS_CSUM_IP_OK },
		{ 60 },
	};
	struct receive *r = receive_begin(t, TEST_DEV_DIRECT, false);
	unsigned int tci;

	/* 802.1Q's numbers and NDIS's: priority, DEI, id; nothing is lost */
	for (tci = 0; tci <= U16_MAX; tci++)
		if (!ktap_expect_eq(t, ndis_8021q_to_tci(ndis_8021q_from_tci(tci)),
				    tci))
			break;
	ktap_expect_eq(t, ndis_8021q_from_tci(0x6123), 0x3 | 0x123 << 4);
	ktap_expect_eq(t, ndis_8021q_from_tci(0x1000), 0x8);
	if (!r)
		return;
	receive_frames(r, frames, ARRAY_SIZE(frames));
	/* The same pages without slots: nothing sticks */
	receive_frames(r, &frames[9], 1);
	receive_end(r);
}

/* One sync to the device, of all the buffer; one back, of what came in */
static void sync_one(struct test_net *net, void *arg)
{
	int for_device = atomic_read(&test_dma.for_device);
	int for_cpu = atomic_read(&test_dma.for_cpu);
	struct receive *r = arg;
	bool sync = r->tp.params.dev == test_device(TEST_DEV_SYNC);
	struct net_buffer_list *nbl = ndis_nbl_alloc(r->tp.pool);
	struct ktap *t = r->t;
	dma_addr_t dma;

	if (!ktap_expect(t, nbl))
		return;
	dma = ndis_nbl_for_device(nbl);
	ktap_expect_eq(t, dma, virt_to_phys(ndis_nb_data(nbl->FirstNetBuffer)) +
		       TEST_BUS_OFFSET);
	ktap_expect_eq(t, atomic_read(&test_dma.for_device), for_device + sync);
	ktap_expect_eq(t, atomic_read(&test_dma.for_cpu), for_cpu);
	if (sync) {
		ktap_expect_eq(t, test_dma.sync_addr, dma);
		ktap_expect_eq(t, test_dma.sync_len, DATA);
	}
	ndis_nbl_received(nbl, 77);
	ktap_expect_eq(t, atomic_read(&test_dma.for_cpu), for_cpu + sync);
	if (sync) {
		ktap_expect_eq(t, test_dma.sync_addr, dma);
		ktap_expect_eq(t, test_dma.sync_len, 77);
	}
	ndis_nbl_free(nbl);
}

void test_receive_sync(struct ktap *t)
{
	static const enum test_device devices[] = {
		TEST_DEV_SYNC, TEST_DEV_COUNT,
	};
	struct receive *r;
	unsigned int i;

	for (i = 0; i < 2 * ARRAY_SIZE(devices); i++) {
		r = receive_begin(t, devices[i / 2], i % 2);
		if (!r)
			return;
		ktap_expect(t, test_net_poll(r->net, sync_one, r));
		receive_end(r);
		expect_unmapped(t);
	}
}

/* Every page that went up is among those that the pool hands out later */
static void find_again(struct test_net *net, void *arg)
{
	struct receive *r = arg;
	unsigned int i, n, again = 0, max = 1024;
	struct net_buffer_list **nbl;

	nbl = kcalloc(max, sizeof(*nbl), GFP_ATOMIC);
	if (!ktap_expect(r->t, nbl))
		return;
	for (n = 0; n < max; n++) {
		nbl[n] = ndis_nbl_alloc(r->tp.pool);
		if (!nbl[n])
			break;
		test_obj_expect(r->t, &r->tp, nbl[n], "from the stack");
		for (i = 0; i < r->nr_used; i++)
			if (nbl[n] == r->used[i])
				again++;
		if (again == r->nr_used) {
			n++;
			break;
		}
	}
	ktap_expect_eq(r->t, again, r->nr_used);
	while (n--)
		ndis_nbl_free(nbl[n]);
	kfree(nbl);
}

static void receive_recycle(struct ktap *t, bool shared)
{
	static const struct frame short_frames[] = {
		{ 60, .vlan = true, .tci = 9 }, { 1514 },
		{ DATA, .csum = NDIS_CSUM_TCP_OK }, { 61 },
	};
	static const struct frame frames[] = {
		{ 60, .vlan = true, .tci = 9 }, { 16110 }, { 1514 },
		{ DATA * 3, .csum = NDIS_CSUM_TCP_OK }, { 61 },
	};
	struct receive *r = receive_begin(t, TEST_DEV_COUNT, shared);
	unsigned int round;
	int maps = 0;

	if (!r)
		return;
	for (round = 0; round < 10; round++) {
		if (shared)
			receive_frames(r, short_frames, ARRAY_SIZE(short_frames));
		else
			receive_frames(r, frames, ARRAY_SIZE(frames));
		ktap_expect(t, test_net_poll(r->net, find_again, r));
		if (!round)
			maps = atomic_read(&test_dma.maps);
	}
	/* Steady state: no page was new */
	ktap_expect_eq(t, atomic_read(&test_dma.maps), maps);
	receive_end(r);
	expect_unmapped(t);
}

void test_receive_recycle(struct ktap *t)
{
	receive_recycle(t, false);
	receive_recycle(t, true);
}

/* A stopped reader holds packets; driver and pool do not wait for it */
static void receive_parked(struct ktap *t, bool shared)
{
	static const struct frame frames[] = { { 60 }, { 1514 }, { 61 }, { 9018 } };
	struct receive *r = receive_begin(t, TEST_DEV_COUNT, shared);
	unsigned int pages;
	u64 gone, deferred;

	if (!r)
		return;
	r->frame = frames;
	r->count = ARRAY_SIZE(frames) - shared;		/* the long one */
	ktap_expect(t, test_net_poll(r->net, indicate_frames, r));
	pages = shared ? DIV_ROUND_UP(r->nr_used, 2) : r->nr_used;

	gone = ndis_stat("pools_destroyed");
	deferred = ndis_stat("pools_deferred");
	napi_disable(&r->net->napi);
	test_pool_destroy(t, &r->tp);
	napi_enable(&r->net->napi);
	ktap_expect_eq(t, ndis_stat("pools_destroyed"), gone + 1);
	ktap_expect_eq(t, ndis_stat("pools_deferred"), deferred);

	/* Exactly their pages are still mapped, or all are taken from the device */
	ktap_expect_eq(t, test_dma_live(), compat_page_pool_unmaps() ? 0 : pages);
	check_frames(r);
	r->tp.pool = NULL;
	receive_end(r);
	expect_unmapped(t);
}

void test_receive_parked(struct ktap *t)
{
	receive_parked(t, false);
	receive_parked(t, true);
}

/* A chain of two pools' lists, in turn and in runs */
static void indicate_mixed(struct test_net *net, void *arg)
{
	struct receive *both = arg;
	struct ndis_nbl_queue queue = { };
	struct net_buffer_list *nbl;
	unsigned int i;

	for (i = 0; i < both->count; i++) {
		nbl = fill_frame(&both[i % 3 & 1], i);
		if (nbl)
			ndis_nbl_enqueue(&queue, nbl);
	}
	ktap_expect_eq(both->t, ndis_indicate_receive(&net->napi, queue.first), 0);
	for (i = 0; i < 2; i++)
		ktap_expect_eq(both->t, ndis_pool_live(both[i].tp.pool), 0);
}

void test_receive_mixed(struct ktap *t)
{
	static const struct frame frames[] = {
		{ 60 }, { 1514 }, { 61 }, { 590 }, { 60, .vlan = true, .tci = 5 },
		{ DATA }, { 62 }, { 63 },
	};
	struct receive *r = receive_begin(t, TEST_DEV_COUNT, true);
	struct ndis_pool_params params;
	struct receive *both;
	unsigned int i;

	if (!r)
		return;
	both = kcalloc(2, sizeof(*both), GFP_KERNEL);
	if (!ktap_expect(t, both))
		goto out;
	r->frame = frames;
	r->count = ARRAY_SIZE(frames);
	both[0] = *r;
	both[1] = *r;
	params = r->tp.params;
	params.share_pages = false;
	if (test_pool_create(t, &both[1].tp, NDIS_KIND_LIST_NB_DATA, &params)) {
		ktap_expect(t, test_net_poll(r->net, indicate_mixed, both));
		ktap_expect_eq(t, skb_queue_len(&r->net->received), r->count);
		for (i = 0; i < r->count; i++) {
			struct sk_buff *skb = skb_dequeue(&r->net->received);

			if (!skb)
				break;
			check_bytes(r, skb, i);
			kfree_skb(skb);
		}
		napi_disable(&r->net->napi);
		test_pool_destroy(t, &both[1].tp);
		napi_enable(&r->net->napi);
	}
	kfree(both);
out:
	receive_end(r);
	expect_unmapped(t);
}
