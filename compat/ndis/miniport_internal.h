/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the miniport seam share: the driver that registered, and
 * per adapter a block, which is what NdisMiniportHandle points to.
 *
 * The block is memory of its own and not part of the netdev: whatever a driver
 * forgets, ndis.ko's work never touches memory that it did not allocate.
 */
#ifndef _NDIS_MINIPORT_INTERNAL_H
#define _NDIS_MINIPORT_INTERNAL_H

#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <ndis/adapter.h>

#include "ndis_internal.h"

#define NDIS_OUT_PAGES		MAX_SKB_FRAGS
#define NDIS_NAMED_HOLDERS	3	/* named one by one in a report */
#define NDIS_DESCRIBE_LEN	160	/* characters, one holder */

/**
 * struct ndis_driver - a miniport driver; NdisMiniportDriverHandle
 * @chars: its handlers
 * @context: MiniportDriverContext
 * @owner: module that the handlers are code of
 * @name: the module's name
 * @node: on ndis_drivers
 * @adapters: how many, under ndis_blocks_lock
 */
struct ndis_driver {
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS chars;
	NDIS_HANDLE context;
	struct module *owner;
	char name[NDIS_OWNER_LEN];
	struct list_head node;
	unsigned int adapters;
};

/**
 * enum ndis_holder - where a list is that was indicated and not returned
 * @NDIS_HELD_STACK: an skb has references on its pages
 * @NDIS_HELD_RECEIVER: params.receive kept it
 */
enum ndis_holder {
	NDIS_HELD_STACK,
	NDIS_HELD_RECEIVER,
};

/**
 * struct ndis_out - one list that is out
 * @node: on the block's list, oldest first but for those found busy
 * @nbl: the list
 * @since: jiffies when it was indicated
 * @len: bytes of the frame
 * @holder: enum ndis_holder
 * @nr_pages: references to wait for
 * @page: pages (heads of compound ones) that are lent; idle with one reference
 */
struct ndis_out {
	struct list_head node;
	struct net_buffer_list *nbl;
	unsigned long since;
	u32 len;
	u8 holder;
	u8 nr_pages;
	struct page *page[NDIS_OUT_PAGES];
};

/**
 * struct ndis_block - an adapter; NdisMiniportHandle
 * @driver: its driver; gone once the block is severed
 * @adapter: the Linux side; gone once the block is severed
 * @netdev: of @adapter
 * @dev: for DMA
 * @context: MiniportAdapterContext
 * @params: as given, with defaults filled in
 * @node: on ndis_blocks, under ndis_blocks_lock
 * @lock: guards what follows; taken with BH off, released before any handler
 * @state: enum ndis_adapter_state; changes under rtnl or in init and halt
 * @severed: no handler may be called any more
 * @gave_up: the last wait for lists ended without them
 * @stats: enum ndis_adapter_stat
 * @out: struct ndis_out, the lists that are out
 * @nr_out: how many, with those whose return handler has not ended
 * @shared: struct ndis_shared, blocks of NdisMAllocateSharedMemory()
 * @reap: gives back what the stack is done with, while lists are out
 * @reap_delay: until it looks again, in jiffies
 * @pending: PauseHandler, RestartHandler or ResetHandlerEx has not completed
 * @owed: the same, but nobody waits for it any more
 * @pending_status: what the completion said
 * @wait: for @nr_out, @nr_sends, @pending
 * @link: as indicated last
 * @send_pool: where the lists for sends come from
 * @sends: all of them, params.send_limit
 * @free_sends: ring of those without an skb, first in first out
 * @next_send: the first of them
 * @nr_sends: those at the miniport
 * @batch: those that wait for the end of xmit_more; under the queue's lock
 * @irq: handlers of NdisMRegisterInterruptEx()
 * @irq_context: MiniportInterruptContext; NULL while none is registered
 * @irq_lock: held by InterruptHandler and NdisMSynchronizeWithInterruptEx()
 * @napi_on: our NAPI is enabled
 * @poller: task that runs our NAPI poll, NULL outside of it
 * @polled: lists indicated in this poll
 * @hang_seconds: CheckForHangTimeInSeconds; 0: never
 * @hang: calls CheckForHangHandlerEx while running
 */
struct ndis_block {
	struct ndis_driver *driver;
	struct ndis_adapter *adapter;
	struct net_device *netdev;
	struct device *dev;
	NDIS_HANDLE context;
	struct ndis_adapter_params params;
	struct list_head node;

	spinlock_t lock;		/* what follows, up to irq */
	u8 state;
	bool severed;
	bool gave_up;
	u64 stats[NDIS_ADAPTER_STATS];

	struct list_head out;
	u32 nr_out;
	struct list_head shared;
	struct delayed_work reap;
	unsigned long reap_delay;

	bool pending;
	bool owed;
	NDIS_STATUS pending_status;
	wait_queue_head_t wait;
	NDIS_LINK_STATE link;

	struct ndis_pool *send_pool;
	struct net_buffer_list **sends;
	struct net_buffer_list **free_sends;
	u32 next_send;
	u32 nr_sends;
	struct ndis_nbl_queue batch;

	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS irq;
	void *irq_context;
	spinlock_t irq_lock;		/* irq, irq_context */
	bool napi_on;
	struct task_struct *poller;
	u32 polled;

	u32 hang_seconds;
	struct delayed_work hang;
};

extern struct mutex ndis_blocks_lock;
extern struct list_head ndis_blocks;

/* miniport.c */
void ndis_block_sever(struct ndis_block *block);
__printf(2, 3) __cold
void ndis_block_misuse(const struct ndis_block *block, const char *fmt, ...);
int ndis_status_to_errno(NDIS_STATUS status);

/* miniport_state.c */
bool ndis_block_settle(struct ndis_block *block, const char *what);
void ndis_block_halt(struct ndis_block *block);
void ndis_hang_work(struct work_struct *work);

/* miniport_attributes.c */
void ndis_link_apply(struct ndis_block *block);

/* miniport_receive.c */
int ndis_out_cache_init(void);
void ndis_out_cache_exit(void);
void ndis_out_forget(struct ndis_block *block);
void ndis_reap_work(struct work_struct *work);
u32 ndis_reap(struct ndis_block *block, u32 budget);
u32 ndis_reap_forced(struct ndis_block *block);

/* miniport_skb.c */
struct sk_buff *ndis_copy_to_skb(struct ndis_block *block,
				 struct net_buffer_list *nbl, u32 len);
struct sk_buff *ndis_lend_to_skb(struct ndis_block *block,
				 struct net_buffer_list *nbl, u32 len,
				 struct ndis_out *out,
				 enum ndis_adapter_stat *why);
void ndis_skb_info(struct ndis_block *block, struct sk_buff *skb,
		   const struct net_buffer_list *nbl);
u32 ndis_nb_read(const struct net_buffer *nb, void *to, u32 len);

/* miniport_send.c */
int ndis_sends_create(struct ndis_block *block);
void ndis_sends_destroy(struct ndis_block *block);
void ndis_sends_abort_batch(struct ndis_block *block);
unsigned long ndis_sends_oldest(struct ndis_block *block);

/* miniport_interrupt.c */
int ndis_block_poll(struct napi_struct *napi, int budget);
void ndis_block_napi(struct ndis_block *block, bool on);

/* miniport_memory.c */
void ndis_shared_release(struct ndis_block *block);

/* miniport_debugfs.c */
void ndis_miniport_debugfs(struct dentry *dir);
void ndis_out_describe(const struct ndis_out *out, char *text, size_t size);

extern atomic64_t ndis_adapters_created, ndis_adapters_destroyed;
extern atomic64_t ndis_shared_allocated, ndis_shared_freed;

/* Are we in this adapter's own poll, where GRO may be fed? */
static inline bool ndis_block_in_poll(const struct ndis_block *block)
{
	return READ_ONCE(block->poller) == current && in_softirq();
}

/* Lists of a chain may be anybody's; one of ours that is pending has an skb */
static inline struct sk_buff **ndis_send_skb(struct net_buffer_list *nbl)
{
	return &ndis_nbl_obj(nbl)->obj.skb;
}

#endif /* _NDIS_MINIPORT_INTERNAL_H */
