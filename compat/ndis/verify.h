/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verify mode: what an owner does with freed objects, and with those it frees,
 * is looked at. verify.c keeps a record of each object, verify_report.c says
 * what is wrong with it.
 */
#ifndef _NDIS_VERIFY_H
#define _NDIS_VERIFY_H

#include <linux/jump_label.h>
#include <linux/list.h>

#include "ndis_internal.h"

#define NDIS_VERIFY_DEPTH	12	/* entries of a stack that is kept */
#define NDIS_VERIFY_BYTES	16	/* of changed memory that are shown */
#define NDIS_VERIFY_OUT_SHOWN	8	/* lists that are out at destroy */

/* What is reported, and counted each in debugfs ndis/stats */
enum ndis_verify_kind {
	NDIS_VERIFY_DOUBLE_FREE,
	NDIS_VERIFY_WRITE_AFTER_FREE,
	NDIS_VERIFY_USE_AFTER_FREE,
	NDIS_VERIFY_NEXT_SET,
	NDIS_VERIFY_CONTEXT_LEFT,
	NDIS_VERIFY_RETREAT_LEFT,
	NDIS_VERIFY_WRONG_KIND,
	NDIS_VERIFY_LISTS_OUT,
	NDIS_VERIFY_MAX,
};

/* Who did something, and when */
struct ndis_verify_trace {
	unsigned long entries[NDIS_VERIFY_DEPTH];
	unsigned long when;		/* jiffies */
	const char *context;		/* NULL: never happened */
	u32 nr;
	u32 cpu;
	pid_t pid;
	char comm[TASK_COMM_LEN];
};

/* An object between its allocation and the end of its quarantine */
enum ndis_verify_state {
	NDIS_VERIFY_LIVE,		/* its owner's */
	NDIS_VERIFY_CHECKED,		/* being freed, and looked at */
	NDIS_VERIFY_FREEING,		/* being freed, and restored */
	NDIS_VERIFY_APPENDING,		/* becomes part of another list */
	NDIS_VERIFY_APPENDED,		/* is part of another list */
	NDIS_VERIFY_INDICATED,		/* becomes an skb */
	NDIS_VERIFY_QUARANTINED,	/* freed and poisoned */
};

struct ndis_verify_record {
	struct hlist_node hash;
	struct list_head node;		/* on out, or on quarantine */
	struct ndis_obj *obj;
	enum ndis_verify_state state;
	bool data_shared;		/* not poisoned: others read it */
	struct ndis_verify_trace allocated;
	struct ndis_verify_trace freed;
};

/*
 * What is wrong, so that it can be said without the pool's lock: the console
 * may transmit through a driver whose pool this is.
 */
struct ndis_verify_report {
	enum ndis_verify_kind kind;
	u32 tag;
	char owner[NDIS_OWNER_LEN];
	const void *name;		/* what the owner knows the object by */
	bool nb;
	struct ndis_verify_trace allocated;
	struct ndis_verify_trace freed;
	struct ndis_verify_trace now;
	const char *where;		/* write after free: in which part */
	u32 offset;
	u32 len;
	u8 bytes[NDIS_VERIFY_BYTES];
};

DECLARE_STATIC_KEY_FALSE(ndis_verify_on);

/* A nop while there is no pool in verify mode */
static inline bool ndis_verified(const struct ndis_pool *pool)
{
	return static_branch_unlikely(&ndis_verify_on) && pool->verify;
}

/* verify.c */
int ndis_verify_create(struct ndis_pool *pool);
void ndis_verify_close(struct ndis_pool *pool);
void ndis_verify_destroy(struct ndis_pool *pool);
struct ndis_obj *ndis_verify_get(struct ndis_pool *pool);
void ndis_verify_put(struct ndis_pool *pool, struct ndis_obj *obj);
bool ndis_verify_begin_free(struct ndis_pool *pool, struct ndis_obj *obj);
bool ndis_verify_restore(struct ndis_pool *pool, struct ndis_obj *obj);
bool ndis_verify_live(struct ndis_pool *pool, struct ndis_obj *obj,
		      enum ndis_verify_kind kind);
bool ndis_verify_append(struct ndis_pool *pool, struct ndis_obj *obj);
void ndis_verify_detach(struct ndis_pool *pool, struct ndis_obj *obj);
void ndis_verify_gone(struct ndis_pool *pool, struct ndis_obj *obj);
struct net_buffer_list *ndis_verify_indicate(struct ndis_pool *pool,
					     struct net_buffer_list *chain);
void ndis_verify_dropped(struct ndis_pool *pool, struct ndis_obj *obj);
void ndis_verify_wrong_kind(const struct ndis_pool *pool);
void ndis_verify_pending_show(struct seq_file *m, struct ndis_pool *pool);

/* verify_poison.c */
void ndis_verify_poison(struct ndis_pool *pool, struct ndis_verify_record *r);
bool ndis_verify_poison_ok(struct ndis_pool *pool,
			   const struct ndis_verify_record *r,
			   struct ndis_verify_report *report);

/* verify_report.c */
extern bool ndis_verify_default;
void ndis_verify_init(struct dentry *debugfs);
void ndis_verify_stats_show(struct seq_file *m);
void ndis_verify_record_show(struct seq_file *m, const struct ndis_pool *pool,
			     const struct ndis_verify_record *r);
void ndis_verify_take_trace(struct ndis_verify_trace *trace);
void ndis_verify_report_fill(struct ndis_verify_report *report,
			     enum ndis_verify_kind kind,
			     const struct ndis_pool *pool,
			     const struct ndis_obj *obj,
			     const struct ndis_verify_record *r);
void ndis_verify_report(const struct ndis_verify_report *report);
void ndis_verify_count(enum ndis_verify_kind kind, u32 n);

#endif /* _NDIS_VERIFY_H */
