/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NDIS_INTERNAL_H
#define _NDIS_INTERNAL_H

#include <ndis/net.h>

struct dentry;
struct seq_file;

#define NDIS_DATA_MAX	SZ_64K	/* most DataSize that one object may have */

/* pool.c */
extern struct workqueue_struct *ndis_wq;
void ndis_pool_release_work(struct work_struct *work);
void ndis_pools_report_leaks(void);
__printf(2, 3) __cold
void ndis_misuse(const struct ndis_pool *pool, const char *fmt, ...);

/* object.c */
void ndis_obj_construct(struct ndis_pool *pool, struct ndis_obj *obj);
int ndis_magazines_create(struct ndis_pool *pool);
void ndis_magazines_destroy(struct ndis_pool *pool);
void ndis_pool_drain(struct ndis_pool *pool);

/* miniport.c, miniport_debugfs.c */
int ndis_miniport_init(struct dentry *debugfs);
void ndis_miniport_exit(void);
void ndis_miniport_stats_show(struct seq_file *m);

/* debugfs.c */
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

static inline bool ndis_pool_is_nb(const struct ndis_pool *pool)
{
	return pool->kind >= NDIS_KIND_NB;
}

#endif /* _NDIS_INTERNAL_H */
