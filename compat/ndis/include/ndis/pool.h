/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Network data pools: NET_BUFFER_LIST pools and NET_BUFFER pools.
 *
 * A pool hands out constructed objects and takes them back constructed. What
 * alloc must deliver is what free has left behind, so alloc writes nothing:
 *
 *           ndis_nbl_alloc()                     ndis_nbl_free()
 *                 ^                                     |
 *                 |      magazine: LIFO, 64 objects     v
 *            [ obj | obj | obj | ...                      ]
 *                 ^  empty: refill         full: spill  |
 *                 |                                     v
 *       page_pool (pools with data) or slab (pools without)
 *
 * One object, in front of what NDIS shows its private state:
 *
 *   0        80                448           624    ...
 *   | ndis_obj | NET_BUFFER_LIST | NET_BUFFER | MDL.. | context | room | data |
 *
 * In a pool with data all of it is one page (or one compound page): the list
 * lives in front of the bytes it describes and is built once, when the page
 * enters the pool. NET_BUFFER pools leave the list out.
 *
 * Where buffers share pages (share_pages) there is no room for that: the list is
 * of the slab, and its MDL says where in a page its part is. An skb takes the part
 * with it; the list without one waits in @bare for the next allocation.
 *
 *   page:  | headroom | data | shared info |headroom | data | shared info |  |
 */
#ifndef _NDIS_POOL_H
#define _NDIS_POOL_H

#include <linux/dma-mapping.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/tracepoint-defs.h>
#include <linux/workqueue.h>
#include <net/page_pool/helpers.h>
#include <ndis/types.h>

struct napi_struct;
struct ndis_verify;

/* A pool tag reads in memory order, as the Windows debugger prints it */
#define NDIS_POOL_TAG(a, b, c, d) \
	((u32)(a) | (u32)(b) << 8 | (u32)(c) << 16 | (u32)(d) << 24)

#define NDIS_MAGAZINE		64	/* one NAPI budget */
#define NDIS_OWNER_LEN		32
#define NDIS_CREATOR_LEN	80	/* function+offset/size [module] */
#define NDIS_MAX_MDLS		(MAX_SKB_FRAGS + 1)	/* linear part, fragments */

/* What an owner changed beyond the fields that every free resets */
#define NDIS_DIRTY_CHAIN	BIT(27)	/* MDLs of other lists are appended */
#define NDIS_DIRTY_FRAGS	BIT(28)	/* buffers in the shared info: ndis/xdp.h */
#define NDIS_DIRTY_VERIFY	BIT(30)	/* always, in verify mode */
#define NDIS_DIRTY_ALL		BIT(31)	/* fields written directly: a porter */
					/* bits 0..26: out-of-band slots */

/**
 * enum ndis_pool_access - who may allocate from a pool and free to it
 * @NDIS_ACCESS_ANY: any CPU, in softirq or process context; takes a lock
 * @NDIS_ACCESS_NAPI: one NAPI, or its owner while it is disabled; lock-free
 */
enum ndis_pool_access {
	NDIS_ACCESS_ANY,
	NDIS_ACCESS_NAPI,
};

/**
 * enum ndis_pool_kind - what one object of a pool consists of
 * @NDIS_KIND_LIST: a list; FirstNetBuffer is NULL
 * @NDIS_KIND_LIST_NB: a list with one NET_BUFFER, no MDL
 * @NDIS_KIND_LIST_NB_DATA: a list with one NET_BUFFER, one MDL and data
 * @NDIS_KIND_NB: a NET_BUFFER
 * @NDIS_KIND_NB_DATA: a NET_BUFFER with one MDL and data
 */
enum ndis_pool_kind {
	NDIS_KIND_LIST,
	NDIS_KIND_LIST_NB,
	NDIS_KIND_LIST_NB_DATA,
	NDIS_KIND_NB,
	NDIS_KIND_NB_DATA,
};

/**
 * struct ndis_pool_params - what ndis_nbl_pool_create() and
 *	ndis_nb_pool_create() take
 * @tag: PoolTag, see NDIS_POOL_TAG()
 * @alloc_nb: fAllocateNetBuffer; ignored for NET_BUFFER pools
 * @context_size: ContextSize: bytes of context space preallocated in a list,
 *	a multiple of sizeof(void \*)
 * @data_size: DataSize: bytes of data behind each NET_BUFFER; 0: none
 * @access: who may use the pool
 * @dev: map the data for DMA by this device, both directions; NULL: unmapped
 * @napi: the NAPI of NDIS_ACCESS_NAPI; for the others, if there is one, it names the
 *	device that netlink shows the pages of a pool with data under
 * @queue: receive queue that indicated packets are recorded on
 * @headroom: bytes in front of the data, for XDP and the stack
 * @share_pages: several buffers to a page if they fit: an skb holds, and is
 *	charged for, its part. NDIS_ACCESS_NAPI and lists with data, not for XDP
 * @nr_mdls: MDLs and bus addresses preallocated for ndis_send_map(), at most
 *	NDIS_MAX_MDLS; pools with a NET_BUFFER and no data
 * @cache_pages: free pages that the page_pool's ring may hold; 0: 1024
 * @limit: most objects that may be out at a time; 0: no limit
 * @verify: verify mode, see struct ndis_pool; for tests and for debugging
 * @internal: ndis.ko's own: it lives as long as the module and is not counted
 */
struct ndis_pool_params {
	u32 tag;
	bool alloc_nb;
	u16 context_size;
	u32 data_size;
	enum ndis_pool_access access;
	struct device *dev;
	struct napi_struct *napi;
	u16 queue;
	u16 headroom;
	u16 nr_mdls;
	u32 cache_pages;
	u32 limit;
	bool share_pages;
	bool verify;
	bool internal;
};

/* A mapped run of bytes, one per MDL: NDIS's SCATTER_GATHER_ELEMENT */
struct ndis_sg {
	dma_addr_t addr;
	u32 len;
};

/* Private state in front of each list, or of each NET_BUFFER of an NB pool */
struct ndis_obj {
	struct ndis_pool *pool;
	struct sk_buff *skb;		/* send: the packet described */
	struct ndis_sg *sg;		/* send: its bus addresses */
	u16 nr_sg;			/* send: elements mapped; 1 when idle */
	u16 context_taken;		/* context bytes in use when allocated */
	u8 derived;			/* from another list, see derive.c */
	u8 reserved1[3];
	void *retreats;			/* MDLs that retreats have made, newest first */
	void *data;			/* first byte, in a pool that shares pages */
	u16 reserved2[8];
	/* hot from here: shares its cache line with Next, FirstNetBuffer */
	dma_addr_t dma;			/* bus address of the data */
	u32 dirty;			/* NDIS_DIRTY_*, by the present owner */
	u32 dma_sync;			/* the device does not snoop this page */
};

struct ndis_list_obj {
	struct ndis_obj obj;
	struct net_buffer_list nbl;
	struct net_buffer nb;		/* known by address, not by pointer */
	struct ndis_mdl mdl[];
};

struct ndis_nb_obj {
	struct ndis_obj obj;
	struct net_buffer nb;
	struct ndis_mdl mdl[];
};

static_assert(sizeof(struct ndis_obj) == 80);
static_assert(offsetof(struct ndis_obj, dma) == 64);
/* The part of a NET_BUFFER that every packet touches is one cache line */
static_assert(offsetof(struct ndis_list_obj, nb) % 64 == 0);

/**
 * struct ndis_pool - an NBL or NB pool; its address is the NDIS handle
 * @access: enum ndis_pool_access; NDIS_ACCESS_ANY in verify mode and once it is
 *	being destroyed
 * @kind: enum ndis_pool_kind
 * @data_size: bytes of data per object
 * @data_offset: from the object to the data, where they share a page
 * @page_size: bytes of the page behind an object with data
 * @part: bytes of a page that a buffer has; 0: a page is one object's
 * @head_room: bytes of an skb's head in front of the data
 * @head_size: bytes of an skb's head, shared info included
 * @head_extra: what else such an skb holds of the page
 * @queue: receive queue of indicated packets
 * @pages: page_pool of a pool with data
 * @gfp: for objects taken from behind
 * @asked: the access that its owner asked for; as @access once it is being
 *	destroyed
 * @allocated: objects handed out since creation
 * @high: most objects that were out at a time
 * @limit: most objects that may be out at a time
 * @built: objects made of new memory since creation, what @pages took in
 *	advance included; an allocation that did not need one hit the cache
 * @freed: objects taken back since creation
 * @sync: the device does not snoop every page; where pages are shared
 * @bare: lists whose part of a page went up the stack, by Next
 * @nr_free: objects in the magazine
 * @free: the magazine: free, constructed objects, last in first out
 * @lock: guards the four counters and the magazine with NDIS_ACCESS_ANY
 * @dying: destroyed by its owner; the last free tears it down
 * @slow: dying, or verified: nothing is allocated from the magazine
 * @verify: records of its objects; NULL: not in verify mode. In it freed objects
 *	are poisoned and stay in quarantine for a while, and what their owner does
 *	wrong is reported with the stacks of allocation and free
 * @slab: objects of a pool without data, or whose data shares pages
 * @dev: device that data is mapped for
 * @tag: PoolTag
 * @context_size: bytes of context space
 * @nr_mdls: MDLs behind the NET_BUFFER
 * @size: bytes of an object, without data
 * @release: tears down a pool whose lists came back late
 * @node: on the list of all pools
 * @internal: ndis.ko's own, not counted
 * @owner: module that created it
 * @creator: where it was created, as text: that module may be gone before it
 */
struct ndis_pool {
	/* read only after creation */
	u8 access;
	u8 kind;
	u16 queue;
	u32 data_size;
	u32 size;
	u32 data_offset;
	u32 page_size;
	u32 part;
	u32 head_room;
	u32 head_size;
	u32 head_extra;
	struct page_pool *pages;
	gfp_t gfp;
	u8 asked;

	/* by whom @access says */
	u64 allocated ____cacheline_aligned;
	u64 freed;
	u64 high;
	u64 limit;
	u64 built;
	struct net_buffer_list *bare;
	bool sync;
	u32 nr_free;
	struct ndis_obj *free[NDIS_MAGAZINE];

	spinlock_t lock ____cacheline_aligned;
	bool dying;
	bool slow;
	struct ndis_verify *verify;
	struct kmem_cache *slab;
	struct device *dev;
	u32 tag;
	u16 context_size;
	u16 nr_mdls;
	struct work_struct release;
	struct list_head node;
	bool internal;
	char owner[NDIS_OWNER_LEN];
	char creator[NDIS_CREATOR_LEN];
};

struct ndis_pool *__ndis_nbl_pool_create(const struct ndis_pool_params *params,
					 const char *owner);
struct ndis_pool *__ndis_nb_pool_create(const struct ndis_pool_params *params,
					const char *owner);
void ndis_nbl_pool_destroy(struct ndis_pool *pool);
void ndis_nb_pool_destroy(struct ndis_pool *pool);

/* The owner of a pool is the module that asks for it */
#define ndis_nbl_pool_create(params) \
	__ndis_nbl_pool_create(params, KBUILD_MODNAME)
#define ndis_nb_pool_create(params) \
	__ndis_nb_pool_create(params, KBUILD_MODNAME)

/* Cold and general paths, out of line */
struct ndis_obj *ndis_obj_get_any(struct ndis_pool *pool);
struct ndis_obj *ndis_obj_refill(struct ndis_pool *pool);
struct ndis_obj *ndis_obj_unget(struct ndis_pool *pool, struct ndis_obj *obj);
void ndis_obj_put_any(struct ndis_pool *pool, struct ndis_obj *obj);
void ndis_obj_spill(struct ndis_pool *pool);
void ndis_obj_release(struct ndis_pool *pool, struct ndis_obj *obj);
void ndis_nbl_reset_dirty(struct net_buffer_list *nbl);
void ndis_nb_reset_dirty(struct net_buffer *nb);
unsigned int ndis_nbl_alloc_chain(struct ndis_pool *pool,
				  struct net_buffer_list **chain,
				  unsigned int n);
void ndis_nbl_free_chain(struct net_buffer_list *chain);
int ndis_nbl_context_alloc(struct net_buffer_list *nbl, u16 size, u16 backfill);
void ndis_nbl_context_free(struct net_buffer_list *nbl, u16 size);

/* Off they are a nop each; on they call out of line (trace.c) */
DECLARE_TRACEPOINT(ndis_alloc);
DECLARE_TRACEPOINT(ndis_free);
void ndis_trace_alloc(const struct ndis_pool *pool, const struct ndis_obj *obj);
void ndis_trace_free(const struct ndis_pool *pool, const struct ndis_obj *obj);

static inline struct ndis_list_obj *
ndis_nbl_obj(const struct net_buffer_list *nbl)
{
	return container_of(nbl, struct ndis_list_obj, nbl);
}

static inline struct ndis_nb_obj *ndis_nb_obj(const struct net_buffer *nb)
{
	return container_of(nb, struct ndis_nb_obj, nb);
}

/**
 * ndis_nbl_pool() - NdisGetPoolFromNetBufferList()
 * @nbl: list
 *
 * Return: the pool that @nbl was allocated from.
 */
static inline struct ndis_pool *ndis_nbl_pool(const struct net_buffer_list *nbl)
{
	return nbl->NdisPoolHandle;
}

static inline u64 ndis_pool_live(const struct ndis_pool *pool)
{
	return READ_ONCE(pool->allocated) - READ_ONCE(pool->freed);
}

/* Return: false if the pool's limit forbids one more */
static inline bool ndis_pool_count_alloc(struct ndis_pool *pool)
{
	u64 allocated = pool->allocated + 1;
	u64 live = allocated - READ_ONCE(pool->freed);

	/* high never exceeds the limit, so only a new high can */
	if (unlikely(live > pool->high)) {
		if (live > pool->limit)
			return false;
		pool->high = live;
	}
	WRITE_ONCE(pool->allocated, allocated);
	return true;
}

static inline struct ndis_obj *ndis_obj_get(struct ndis_pool *pool)
{
	struct ndis_obj *obj;

	if (pool->access == NDIS_ACCESS_ANY)
		return ndis_obj_get_any(pool);

	if (likely(pool->nr_free)) {
		obj = pool->free[--pool->nr_free];
	} else {
		obj = ndis_obj_refill(pool);
		/* Whoever had none to give has said so to the tracepoint */
		if (unlikely(!obj))
			return NULL;
	}
	if (unlikely(!ndis_pool_count_alloc(pool)))
		return ndis_obj_unget(pool, obj);
	if (tracepoint_enabled(ndis_alloc))
		ndis_trace_alloc(pool, obj);
	return obj;
}

/* Into the magazine; not counted */
static inline void ndis_obj_push(struct ndis_pool *pool, struct ndis_obj *obj)
{
	if (unlikely(pool->nr_free == NDIS_MAGAZINE))
		ndis_obj_spill(pool);
	pool->free[pool->nr_free++] = obj;
}

static inline void ndis_obj_put(struct ndis_pool *pool, struct ndis_obj *obj)
{
	if (pool->access == NDIS_ACCESS_ANY) {
		ndis_obj_put_any(pool, obj);
		return;
	}

	ndis_obj_push(pool, obj);
	WRITE_ONCE(pool->freed, pool->freed + 1);
	if (tracepoint_enabled(ndis_free))
		ndis_trace_free(pool, obj);
}

/**
 * ndis_nbl_alloc() - NdisAllocateNetBufferList(),
 *	NdisAllocateNetBufferAndNetBufferList()
 * @pool: a NET_BUFFER_LIST pool
 *
 * The list comes in the state that its pool's kind prescribes: everything zero
 * but the pool handle, the preallocated NET_BUFFER and the bundled MDL; with
 * data, DataOffset is the whole DataSize and DataLength 0, so the first thing
 * to do is to retreat.
 *
 * Context: as enum ndis_pool_access says. Does not sleep.
 * Return: the list, or NULL when memory or the pool's limit is exhausted.
 */
static inline struct net_buffer_list *ndis_nbl_alloc(struct ndis_pool *pool)
{
	struct ndis_obj *obj = ndis_obj_get(pool);

	return likely(obj) ? &container_of(obj, struct ndis_list_obj, obj)->nbl
			   : NULL;
}

/* The fields that every owner changes; the rest is tracked by obj->dirty */
static inline void ndis_nb_reset(const struct ndis_pool *pool,
				 struct net_buffer *nb)
{
	nb->CurrentMdlOffset = pool->data_size;
	nb->DataOffset = pool->data_size;
	nb->stDataLength = 0;
}

static inline void ndis_nbl_reset(const struct ndis_pool *pool,
				  struct net_buffer_list *nbl)
{
	struct ndis_list_obj *obj = ndis_nbl_obj(nbl);

	if (unlikely(obj->obj.dirty))
		ndis_nbl_reset_dirty(nbl);
	nbl->Next = NULL;
	ndis_nb_reset(pool, &obj->nb);
}

/**
 * ndis_nbl_free() - NdisFreeNetBufferList()
 * @nbl: one list; Next is not followed
 *
 * Frees the list with its preallocated NET_BUFFER, MDL and data, and with the
 * buffers that ndis_nbl_append() put behind them; never what the caller
 * attached. Whoever writes fields of the list other than through the functions
 * of these headers calls ndis_nbl_touch() first.
 *
 * Context: as enum ndis_pool_access says. Does not sleep.
 */
static inline void ndis_nbl_free(struct net_buffer_list *nbl)
{
	struct ndis_pool *pool = ndis_nbl_pool(nbl);

	ndis_nbl_reset(pool, nbl);
	ndis_obj_put(pool, &ndis_nbl_obj(nbl)->obj);
}

/**
 * ndis_nbl_touch() - announce that any field of a list may be written directly
 * @nbl: list
 *
 * The free of such a list restores all of it. The Windows-spelled allocation
 * functions do this for their callers.
 */
static inline void ndis_nbl_touch(struct net_buffer_list *nbl)
{
	ndis_nbl_obj(nbl)->obj.dirty |= NDIS_DIRTY_ALL;
}

/**
 * ndis_nb_alloc() - NdisAllocateNetBuffer(), NdisAllocateNetBufferMdlAndData()
 * @pool: a NET_BUFFER pool
 *
 * Context: as enum ndis_pool_access says. Does not sleep.
 * Return: the NET_BUFFER, or NULL when memory or the pool's limit is exhausted.
 */
static inline struct net_buffer *ndis_nb_alloc(struct ndis_pool *pool)
{
	struct ndis_obj *obj = ndis_obj_get(pool);

	return likely(obj) ? &container_of(obj, struct ndis_nb_obj, obj)->nb
			   : NULL;
}

/**
 * ndis_nb_free() - NdisFreeNetBuffer()
 * @nb: NET_BUFFER of an NB pool, not one that came inside a list
 *
 * Context: as enum ndis_pool_access says. Does not sleep.
 */
static inline void ndis_nb_free(struct net_buffer *nb)
{
	struct ndis_obj *obj = &ndis_nb_obj(nb)->obj;
	struct ndis_pool *pool = nb->NdisPoolHandle;

	if (unlikely(obj->dirty))
		ndis_nb_reset_dirty(nb);
	nb->Next = NULL;
	ndis_nb_reset(pool, nb);
	ndis_obj_put(pool, obj);
}

/**
 * ndis_nb_touch() - announce that any field of a NET_BUFFER may be written
 * @nb: NET_BUFFER of an NB pool
 */
static inline void ndis_nb_touch(struct net_buffer *nb)
{
	ndis_nb_obj(nb)->obj.dirty |= NDIS_DIRTY_ALL;
}

/**
 * ndis_nb_data() - first byte of the memory behind a NET_BUFFER with data
 * @nb: NET_BUFFER of a pool with data
 */
static inline void *ndis_nb_data(const struct net_buffer *nb)
{
	return nb->MdlChain->MappedSystemVa;
}

/**
 * ndis_nb_dma() - bus address of ndis_nb_data(), mapped for the pool's device
 * @nb: NET_BUFFER of an NB pool with data
 */
static inline dma_addr_t ndis_nb_dma(const struct net_buffer *nb)
{
	return ndis_nb_obj(nb)->obj.dma;
}

/**
 * ndis_nb_needs_sync() - does the device not see what the CPU writes?
 * @nb: NET_BUFFER of an NB pool with data and a device
 *
 * Return: true if each hand-over needs a dma_sync call.
 */
static inline bool ndis_nb_needs_sync(const struct net_buffer *nb)
{
	return ndis_nb_obj(nb)->obj.dma_sync;
}

#endif /* _NDIS_POOL_H */
