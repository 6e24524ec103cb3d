// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/ndis: pools, a line each; pending, what is out and who has
 * it; and the sums that an audit compares after a driver is gone.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "family.h"
#include "verify.h"

struct dentry *ndis_debugfs_dir;

static const char * const ndis_kind_names[] = {
	[NDIS_KIND_LIST]	 = "list",
	[NDIS_KIND_LIST_NB]	 = "list+nb",
	[NDIS_KIND_LIST_NB_DATA] = "list+nb+data",
	[NDIS_KIND_NB]		 = "nb",
	[NDIS_KIND_NB_DATA]	 = "nb+data",
};

static const char * const ndis_access_names[] = {
	[NDIS_ACCESS_ANY]	= "any",
	[NDIS_ACCESS_NAPI]	= "napi",
};

/* @s has NDIS_TAG_LEN bytes; what does not print is a dot */
void ndis_tag_string(char *s, u32 tag)
{
	unsigned int i;

	for (i = 0; i < 4; i++, tag >>= 8)
		s[i] = isgraph(tag & 0xff) ? tag & 0xff : '.';
	s[4] = '\0';
}

/* Allocations, in thousandths, that needed no new memory */
static u32 pool_hits(const struct ndis_pool *pool, u64 allocated)
{
	u64 built = min(READ_ONCE(pool->built), allocated);

	return allocated ? div64_u64((allocated - built) * 1000, allocated) : 0;
}

static void pool_show(struct seq_file *m, const struct ndis_pool *pool,
		      unsigned int nr)
{
	/* What is taken back is read first, so that live is never below 0 */
	u64 freed = READ_ONCE(pool->freed);
	u64 allocated = READ_ONCE(pool->allocated);
	char tag[NDIS_TAG_LEN], flags[24];
	u32 hits;

	ndis_tag_string(tag, pool->tag);
	hits = pool_hits(pool, allocated);
	snprintf(flags, sizeof(flags), "%s%s%s%s", ndis_access_names[pool->asked],
		 pool->part ? ",shared" : "", pool->verify ? ",verify" : "",
		 pool->dying ? ",dying" : "");
	seq_printf(m, "%-4u %-4s %-16s %-12s %-16s %6u %7u %5u %8llu %8llu %12llu %12llu %3u.%u %s\n",
		   nr, tag, pool->owner, ndis_kind_names[pool->kind], flags,
		   pool->size, pool->context_size, pool->data_size,
		   allocated - freed, pool->high, allocated, freed,
		   hits / 10, hits % 10, pool->creator);
}

static int pools_show(struct seq_file *m, void *v)
{
	struct ndis_pool *pool;
	unsigned int i = 0;

	seq_printf(m, "%-4s %-4s %-16s %-12s %-16s %6s %7s %5s %8s %8s %12s %12s %5s %s\n",
		   "pool", "tag", "owner", "kind", "flags", "struct", "context",
		   "data", "live", "high", "alloc", "free", "hit%", "by");
	mutex_lock(&ndis_pools_lock);
	list_for_each_entry(pool, &ndis_pools, node)
		pool_show(m, pool, i++);
	mutex_unlock(&ndis_pools_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pools);

/* What is out of its pool, then what of that a miniport's adapter knows */
static int pending_show(struct seq_file *m, void *v)
{
	struct ndis_pool *pool;
	char tag[NDIS_TAG_LEN];
	u64 live;

	mutex_lock(&ndis_pools_lock);
	list_for_each_entry(pool, &ndis_pools, node) {
		live = ndis_pool_live(pool);
		if (!live)
			continue;
		ndis_tag_string(tag, pool->tag);
		seq_printf(m, "pool %s of %s: %llu out, created by %s\n", tag,
			   pool->owner, live, pool->creator);
		if (pool->verify)
			ndis_verify_pending_show(m, pool);
	}
	mutex_unlock(&ndis_pools_lock);
	ndis_miniport_pending_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pending);

static int stats_show(struct seq_file *m, void *v)
{
	struct ndis_totals t;

	mutex_lock(&ndis_pools_lock);
	ndis_totals_get(&t);
	mutex_unlock(&ndis_pools_lock);

	seq_printf(m, "pools_created %llu\n", t.pools_created);
	seq_printf(m, "pools_destroyed %llu\n", t.pools_destroyed);
	seq_printf(m, "pools_deferred %llu\n", t.pools_deferred);
	seq_printf(m, "lists_allocated %llu\n", t.lists_allocated);
	seq_printf(m, "lists_freed %llu\n", t.lists_freed);
	seq_printf(m, "nbs_allocated %llu\n", t.nbs_allocated);
	seq_printf(m, "nbs_freed %llu\n", t.nbs_freed);
	ndis_family_stats(m);
	ndis_verify_stats_show(m);
	ndis_miniport_stats_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

void ndis_debugfs_init(void)
{
	ndis_debugfs_dir = debugfs_create_dir("ndis", NULL);
	debugfs_create_file("pools", 0400, ndis_debugfs_dir, NULL, &pools_fops);
	debugfs_create_file("pending", 0400, ndis_debugfs_dir, NULL,
			    &pending_fops);
	debugfs_create_file("stats", 0400, ndis_debugfs_dir, NULL, &stats_fops);
}

void ndis_debugfs_exit(void)
{
	debugfs_remove_recursive(ndis_debugfs_dir);
}
