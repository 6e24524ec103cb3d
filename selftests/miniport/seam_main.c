// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis_test_seam.ko: section 8 of the NDIS contract, row by row, from inside.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "seam_test.h"

#define PAGES_TAG	0x67617053

static void *page_alloc(u32 size)
{
	return NdisAllocateMemoryWithTagPriority(NULL, size, PAGES_TAG,
						 NormalPoolPriority);
}

static void page_release(void *va)
{
	NdisFreeMemory(va, 0, 0);
}

static void refused(struct ktap *t, struct seam *seam, PNET_BUFFER_LIST nbl)
{
	unsigned int before = seam->returns;
	u64 stat = seam_stat(seam, NDIS_RX_REFUSED);

	seam_indicate(seam, nbl, 1, 0);
	ktap_expect_eq(t, seam->returns, before + 1);
	ktap_expect_ptr(t, seam->returned, nbl);
	ktap_expect_eq(t, seam_stat(seam, NDIS_RX_REFUSED), stat + 1);
	ktap_expect_eq(t, skb_queue_len(&seam->received), 0);
}

static void test_refused(struct ktap *t)
{
	struct seam *seam = seam_create(t);
	void *va = page_alloc(PAGE_SIZE);
	PNET_BUFFER_LIST nbl, other;
	u16 flags;
	PMDL mdl;

	nbl = seam_list(seam, va, PAGE_SIZE, 1000);
	nbl->SourceHandle = NULL;
	refused(t, seam, nbl);
	nbl->SourceHandle = seam->handle;

	other = seam_list(seam, va, PAGE_SIZE, 1000);
	nbl->FirstNetBuffer->Next = other->FirstNetBuffer;
	refused(t, seam, nbl);
	nbl->FirstNetBuffer->Next = NULL;
	NET_BUFFER_DATA_LENGTH(nbl->FirstNetBuffer) = 13;
	refused(t, seam, nbl);
	NET_BUFFER_DATA_LENGTH(nbl->FirstNetBuffer) = PAGE_SIZE + 1;
	refused(t, seam, nbl);
	NET_BUFFER_DATA_LENGTH(nbl->FirstNetBuffer) = 1000;
	/* an MDL of which nobody has said where its bytes are */
	mdl = NET_BUFFER_FIRST_MDL(nbl->FirstNetBuffer);
	flags = mdl->MdlFlags;
	mdl->MdlFlags = 0;
	mdl->MappedSystemVa = NULL;
	refused(t, seam, nbl);
	mdl->MdlFlags = flags;
	mdl->MappedSystemVa = va;
	/* and as it should be */
	seam_indicate(seam, nbl, 1, 0);
	ktap_expect(t, seam_received(seam, 1));
	skb_queue_purge(&seam->received);
	ktap_expect(t, seam_returned(seam, 6));
	seam_list_free(nbl);
	seam_list_free(other);
	seam_destroy(seam);
	page_release(va);
}

static void test_resources(struct ktap *t)
{
	struct seam *seam = seam_create(t);
	void *va = page_alloc(PAGE_SIZE), *vb = page_alloc(PAGE_SIZE);
	PNET_BUFFER_LIST a = seam_list(seam, va, PAGE_SIZE, 1000);
	PNET_BUFFER_LIST b = seam_list(seam, vb, PAGE_SIZE, 60);

	a->Next = b;
	seam_indicate(seam, a, 2, NDIS_RECEIVE_FLAGS_RESOURCES);
	ktap_expect_ptr(t, a->Next, b);
	ktap_expect_ptr(t, b->Next, NULL);
	ktap_expect(t, seam_received(seam, 2));
	/* ours again: what is written now is not in the frames */
	memset(va, 0, PAGE_SIZE);
	ktap_expect_eq(t, seam_stat(seam, NDIS_RX_COPY_RESOURCES), 2);
	if (skb_queue_len(&seam->received))
		ktap_expect_eq(t, seam->received.next->data[100], 0x5a);
	msleep(100);
	ktap_expect_eq(t, seam->returns, 0);
	seam_list_free(a);
	seam_list_free(b);
	seam_destroy(seam);
	page_release(va);
	page_release(vb);
}

/* A page is lent, a small frame, slab memory and half a page are copied */
static void test_once(struct ktap *t)
{
	struct seam *seam = seam_create(t);
	void *va = page_alloc(2 * PAGE_SIZE), *slab = kmalloc(2048, GFP_KERNEL);
	PNET_BUFFER_LIST lent = seam_list(seam, va, 2048, 1000);
	PNET_BUFFER_LIST half = seam_list(seam, va + 2048, 2048, 1000);
	PNET_BUFFER_LIST small = seam_list(seam, va + PAGE_SIZE, PAGE_SIZE, 256);
	PNET_BUFFER_LIST slow = seam_list(seam, slab, 2048, 1000);

	lent->Next = half;
	half->Next = small;
	small->Next = slow;
	seam_indicate(seam, lent, 4, 0);
	ktap_expect(t, seam_received(seam, 4));
	ktap_expect_eq(t, seam->returns, 3);
	ktap_expect_eq(t, seam_stat(seam, NDIS_RX_ZERO_COPY), 1);
	ktap_expect_eq(t, seam_stat(seam, NDIS_RX_COPY_SHARED), 1);
	ktap_expect_eq(t, seam_stat(seam, NDIS_RX_COPY_SMALL), 1);
	ktap_expect_eq(t, seam_stat(seam, NDIS_RX_COPY_MEMORY), 1);
	msleep(100);
	ktap_expect_eq(t, seam->returns, 3);
	skb_queue_purge(&seam->received);
	ktap_expect(t, seam_returned(seam, 4));
	/* the same list with the same buffer */
	ktap_expect_ptr(t, seam->returned, lent);
	ktap_expect_ptr(t, lent->FirstNetBuffer->MdlChain->MappedSystemVa, va);
	ktap_expect_ptr(t, lent->Next, NULL);
	msleep(100);
	ktap_expect_eq(t, seam->returns, 4);
	seam_list_free(lent);
	seam_list_free(half);
	seam_list_free(small);
	seam_list_free(slow);
	seam_destroy(seam);
	page_release(va);
	kfree(slab);
}

static void test_twice(struct ktap *t)
{
	struct seam *seam = seam_create(t);
	void *va = page_alloc(PAGE_SIZE);
	PNET_BUFFER_LIST nbl = seam_list(seam, va, PAGE_SIZE, 1000);

	/* at the stack */
	seam_indicate(seam, nbl, 1, 0);
	seam_indicate(seam, nbl, 1, 0);
	ktap_expect_eq(t, seam_stat(seam, NDIS_RX_TWICE), 1);
	ktap_expect(t, seam_received(seam, 1));
	skb_queue_purge(&seam->received);
	ktap_expect(t, seam_returned(seam, 1));

	/* at a receiver, which returns it once, and once too often */
	seam->hold = true;
	seam_indicate(seam, nbl, 1, 0);
	ktap_expect_eq(t, seam->held, 1);
	ktap_expect_eq(t, seam->returns, 1);
	NdisReturnNetBufferLists(seam->handle, nbl, 0);
	ktap_expect_eq(t, seam->returns, 2);
	NdisReturnNetBufferLists(seam->handle, nbl, 0);
	ktap_expect_eq(t, seam->returns, 2);
	ktap_expect_eq(t, seam_stat(seam, NDIS_RX_RETURN_TWICE), 1);
	seam_list_free(nbl);
	seam_destroy(seam);
	page_release(va);
}

static unsigned int freed;

static void count_free(struct sk_buff *skb)
{
	freed++;
}

static struct sk_buff *packet(struct seam *seam, u8 nr)
{
	struct sk_buff *skb = alloc_skb(256, GFP_KERNEL);

	if (!skb)
		return NULL;
	memset(skb_put(skb, 100), nr, 100);
	skb->dev = seam_netdev(seam);
	skb->destructor = count_free;
	return skb;
}

static void test_send(struct ktap *t)
{
	struct seam *seam = seam_create(t);
	PNET_BUFFER_LIST a, b;
	unsigned int i;
	u8 *data;

	freed = 0;
	for (i = 0; i < 3; i++) {
		local_bh_disable();
		ndis_adapter_xmit(&seam->adapter, packet(seam, i));
		local_bh_enable();
	}
	ktap_expect_eq(t, seam->sends, 3);
	for (i = 0; i < seam->sends; i++) {
		data = NdisGetDataBuffer(seam->sent[i]->FirstNetBuffer, 100,
					 NULL, 1, 0);
		ktap_expect(t, data && *data == i);
		ktap_expect_ptr(t, seam->sent[i]->FirstNetBuffer->Next, NULL);
	}
	a = seam->sent[0];
	b = seam->sent[1];
	ktap_expect_eq(t, freed, 0);
	a->Next = b;
	b->Next = NULL;
	NdisMSendNetBufferListsComplete(seam->handle, a, 0);
	ktap_expect_eq(t, freed, 2);
	/* in a chain with one that is pending, and in a ring: met twice there */
	a->Next = seam->sent[2];
	seam->sent[2]->Next = NULL;
	NdisMSendNetBufferListsComplete(seam->handle, a, 0);
	ktap_expect_eq(t, freed, 3);
	b->Next = b;
	NdisMSendNetBufferListsComplete(seam->handle, b, 0);
	ktap_expect_eq(t, freed, 3);
	ktap_expect_eq(t, seam_stat(seam, NDIS_TX_COMPLETE_TWICE), 3);
	ktap_expect_eq(t, seam_stat(seam, NDIS_TX_PACKETS), 3);
	seam_destroy(seam);
}

static int pause_of(struct seam *seam)
{
	int err;

	rtnl_lock();
	err = ndis_adapter_pause(&seam->adapter);
	rtnl_unlock();
	return err;
}

static int restart_of(struct seam *seam)
{
	int err;

	rtnl_lock();
	err = ndis_adapter_restart(&seam->adapter);
	rtnl_unlock();
	return err;
}

/* A send that waits for more was not given to the miniport; one that was is */
static void pause_without_send(struct ktap *t, struct seam *seam)
{
	struct net_device *dev = seam_netdev(seam);

	freed = 0;
	local_bh_disable();
	__netdev_start_xmit(dev->netdev_ops, packet(seam, 0), dev, true);
	local_bh_enable();
	ktap_expect_eq(t, seam->sends, 0);
	ktap_expect_eq(t, pause_of(seam), 0);
	ktap_expect_eq(t, freed, 1);
	ktap_expect_eq(t, seam_stat(seam, NDIS_TX_DROPPED), 1);
	ktap_expect_eq(t, restart_of(seam), 0);

	local_bh_disable();
	__netdev_start_xmit(dev->netdev_ops, packet(seam, 1), dev, false);
	local_bh_enable();
	if (!ktap_expect_eq(t, seam->sends, 1))
		return;
	ktap_expect_eq(t, pause_of(seam), -ETIMEDOUT);
	ktap_expect_eq(t, seam_stat(seam, NDIS_PAUSE_LATE), 1);
	NdisMSendNetBufferListsComplete(seam->handle, seam->sent[0], 0);
	ktap_expect_eq(t, freed, 2);
	ktap_expect_eq(t, restart_of(seam), 0);
}

static void test_pause(struct ktap *t)
{
	struct seam *seam = seam_create(t);
	void *va = page_alloc(PAGE_SIZE);
	PNET_BUFFER_LIST nbl = seam_list(seam, va, PAGE_SIZE, 1000);

	ktap_expect_eq(t, pause_of(seam), 0);
	ktap_expect_eq(t, ndis_adapter_state(&seam->adapter), NDIS_PAUSED);
	/* paused: it comes back, and no further */
	seam_indicate(seam, nbl, 1, 0);
	ktap_expect_eq(t, seam->returns, 1);
	ktap_expect_eq(t, seam_stat(seam, NDIS_RX_NOT_RUNNING), 1);
	ktap_expect_eq(t, restart_of(seam), 0);
	ktap_expect_eq(t, restart_of(seam), -EBUSY);

	pause_without_send(t, seam);
	/* nor without a list alone, */
	seam_indicate(seam, nbl, 1, 0);
	ktap_expect(t, seam_received(seam, 1));
	ktap_expect_eq(t, pause_of(seam), -ETIMEDOUT);
	ktap_expect_eq(t, seam_stat(seam, NDIS_PAUSE_LATE), 2);
	ktap_expect_eq(t, restart_of(seam), 0);
	/* nor when the miniport has not done, too */
	seam->pend = true;
	ktap_expect_eq(t, pause_of(seam), -ETIMEDOUT);
	ktap_expect_eq(t, seam_stat(seam, NDIS_PAUSE_LATE), 3);
	ktap_expect_eq(t, ndis_adapter_state(&seam->adapter), NDIS_PAUSED);
	ktap_expect_eq(t, restart_of(seam), 0);
	/* late, while it runs */
	skb_queue_purge(&seam->received);
	ktap_expect(t, seam_returned(seam, 2));
	NdisMPauseComplete(seam->handle);
	seam->pend = false;
	ktap_expect_eq(t, pause_of(seam), 0);
	seam_list_free(nbl);
	seam_destroy(seam);
	page_release(va);
}

/* Halt forces the list; the bytes are there after the memory was freed */
static void test_halt(struct ktap *t)
{
	struct seam *seam = seam_create(t);
	void *va = page_alloc(PAGE_SIZE);
	PNET_BUFFER_LIST nbl = seam_list(seam, va, PAGE_SIZE, 1000);
	struct net_device *dev = seam_netdev(seam);
	struct sk_buff *skb;
	u8 last = 0;

	seam_indicate(seam, nbl, 1, 0);
	ktap_expect(t, seam_received(seam, 1));
	skb = skb_dequeue(&seam->received);
	if (!skb)
		return;
	rtnl_lock();
	netdev_rx_handler_unregister(dev);
	rtnl_unlock();
	/* It names a netdev that goes */
	skb->dev = NULL;
	unregister_netdev(dev);
	ndis_adapter_halt(&seam->adapter);
	ktap_expect_eq(t, seam->returns, 1);
	ktap_expect_eq(t, seam->halts, 1);
	seam_list_free(nbl);
	page_release(va);
	ktap_expect_eq(t, skb_copy_bits(skb, skb->len - 1, &last, 1), 0);
	ktap_expect_eq(t, last, 0x5a);
	kfree_skb(skb);
	free_netdev(dev);
	NdisFreeNetBufferListPool(seam->pool);
	ndis_driver_unload(seam->driver);
	kfree(seam);
}

/* No halt: nothing is called any more, although the list would be due */
static void test_gone(struct ktap *t)
{
	struct seam *seam = seam_create(t);
	void *va = page_alloc(PAGE_SIZE);
	PNET_BUFFER_LIST nbl = seam_list(seam, va, PAGE_SIZE, 1000);
	struct sk_buff *skb;

	seam_indicate(seam, nbl, 1, 0);
	ktap_expect(t, seam_received(seam, 1));
	skb = skb_dequeue(&seam->received);
	if (!skb)
		return;
	skb->dev = NULL;
	seam_abandon(seam);
	ktap_expect_eq(t, seam->halts, 0);
	kfree_skb(skb);
	msleep(500);
	ktap_expect_eq(t, seam->returns, 0);
	seam_list_free(nbl);
	page_release(va);
	NdisFreeNetBufferListPool(seam->pool);
	kfree(seam);
}

static const struct ktap_case seam_cases[] = {
	{ "c8.01 receive: SourceHandle, one NET_BUFFER, a length, else refused", test_refused },
	{ "c8.02 RESOURCES: ours at return, Next intact, no return call", test_resources },
	{ "c8.03, c8.04 each list comes back once, the same buffer, lent or copied", test_once },
	{ "c8.03 indicated twice, returned twice: refused", test_twice },
	{ "c8.05, c8.06, c8.07 sends in order, each completed once", test_send },
	{ "c8.08 pause waits, but not for ever; late lists and completions", test_pause },
	{ "c8.09 halt forces lists; their bytes outlive the memory's owner", test_halt },
	{ "c8.10 no callback after the driver is gone", test_gone },
};

static struct ktap *report;

static int __init seam_init(void)
{
	report = ktap_run(KBUILD_MODNAME, seam_cases, ARRAY_SIZE(seam_cases));
	return PTR_ERR_OR_ZERO(report);
}

static void __exit seam_exit(void)
{
	ktap_release(report);
}

module_init(seam_init);
module_exit(seam_exit);

MODULE_DESCRIPTION("Tests of the miniport seam");
MODULE_LICENSE("GPL");
