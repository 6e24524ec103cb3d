/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NDIS_INTERNAL_H
#define _NDIS_INTERNAL_H

#include <linux/jump_label.h>
#include <ndis/net.h>

struct dentry;
struct seq_file;

#define NDIS_TAG_LEN	5	/* of a tag as text, with its NUL */
#define NDIS_DATA_MAX	SZ_64K	/* most DataSize that one object may have */

/* fail.c: every place that allocates, so that a test can make each fail; named there */
enum ndis_site {
	NDIS_SITE_POOL,
	NDIS_SITE_PAGE_POOL,
	NDIS_SITE_SLAB,
	NDIS_SITE_PAGE,
	NDIS_SITE_OBJECT,
	NDIS_SITE_CONTEXT,
	NDIS_SITE_MDL,
	NDIS_SITE_MEMORY,
	NDIS_SITE_MEMORY_PAGES,
	NDIS_SITE_RETREAT,
	NDIS_SITE_DMA,
	NDIS_SITE_SG,
	NDIS_SITE_SG_MAP,
	NDIS_SITE_RW_LOCK,
	NDIS_SITE_TIMER,
	NDIS_SITE_WORK,
	NDIS_SITE_SEND_MAP,
	NDIS_SITE_BUILD_SKB,
	NDIS_SITE_DRIVER,
	NDIS_SITE_ADAPTER,
	NDIS_SITE_SHARED,
	NDIS_SITE_SHARED_PAGES,
	NDIS_SITE_SHARED_MAP,
	NDIS_SITE_SHARED_COHERENT,
	NDIS_SITE_SENDS,
	NDIS_SITE_SEND_SKB,
	NDIS_SITE_OUT,
	NDIS_SITE_VERIFY,
	NDIS_SITE_VERIFY_RECORD,
	NDIS_SITE_COPY_SKB,
	NDIS_SITE_COPY_PAGE,
	NDIS_SITE_MAX,
};

DECLARE_STATIC_KEY_FALSE(ndis_fail_on);
bool __ndis_fail(enum ndis_site site);
void ndis_fail_init(struct dentry *debugfs);

/* Return: the caller shall behave as if its allocation had failed */
static inline bool ndis_fail(enum ndis_site site)
{
	return static_branch_unlikely(&ndis_fail_on) && __ndis_fail(site);
}

/* receive.c */
void ndis_skb_set_info(struct sk_buff *skb, const struct net_buffer_list *nbl,
		       bool rx_csum);

/* pool.c */
extern struct workqueue_struct *ndis_wq;
void ndis_pool_release_work(struct work_struct *work);
void ndis_pools_report_leaks(void);
__printf(3, 4) __cold
void __ndis_misuse(const struct ndis_pool *pool, const void *caller,
		   const char *fmt, ...);

/*
 * What Windows leaves undefined: said, and refused. @pool may be NULL. The caller
 * of the function that this stands in is named, unless @fmt begins with "%pS".
 */
#define ndis_misuse(pool, fmt, ...) \
	__ndis_misuse(pool, __builtin_return_address(0), fmt, ##__VA_ARGS__)

struct ndis_pool *ndis_nbl_pool_create_for(const struct ndis_pool_params *params,
					   const char *owner,
					   unsigned long caller);
struct ndis_pool *ndis_nb_pool_create_for(const struct ndis_pool_params *params,
					  const char *owner,
					  unsigned long caller);

/* object.c */
void ndis_obj_construct(struct ndis_pool *pool, struct ndis_obj *obj);
struct ndis_obj *ndis_obj_take(struct ndis_pool *pool);
void ndis_pool_drain(struct ndis_pool *pool);

/* miniport.c, miniport_debugfs.c */
int ndis_miniport_init(struct dentry *debugfs);
void ndis_miniport_exit(void);
void ndis_miniport_stats_show(struct seq_file *m);
void ndis_miniport_pending_show(struct seq_file *m);

/* xdp.c */
void ndis_xdp_free_frags(struct net_buffer_list *nbl);

/* debugfs.c */
void ndis_tag_string(char *s, u32 tag);
extern struct dentry *ndis_debugfs_dir;
void ndis_debugfs_init(void);
void ndis_debugfs_exit(void);

/* Sums over pools, live and dead, for the audit in debugfs */
struct ndis_totals {
	u64 pools_created;
	u64 pools_destroyed;
	u64 pools_deferred;
	u64 lists_allocated;
	u64 lists_freed;
	u64 nbs_allocated;
	u64 nbs_freed;
};

extern struct mutex ndis_pools_lock;	/* guards the two below */
extern struct list_head ndis_pools;
void ndis_totals_get(struct ndis_totals *totals);

/* @lo is free, and its part of a page is somebody else's or nobody's */
static inline void ndis_obj_bare(struct ndis_pool *pool,
				 struct ndis_list_obj *lo)
{
	lo->nbl.Next = pool->bare;
	pool->bare = &lo->nbl;
}

static inline bool ndis_pool_is_nb(const struct ndis_pool *pool)
{
	return pool->kind >= NDIS_KIND_NB;
}

static inline u32 ndis_trace_length(const struct net_buffer_list *nbl)
{
	return nbl->FirstNetBuffer ? nbl->FirstNetBuffer->DataLength : 0;
}

#endif /* _NDIS_INTERNAL_H */
