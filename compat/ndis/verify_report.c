// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verify mode: what is said, how often, and to whom.
 *
 *   ndis: verify: double free of list 00000000c0ffee00, pool Tag1 of module
 *   ndis:  allocated by insmod[77] on CPU 0, in a task, 12 ms ago
 *   ndis:    function+0x12/0x34 [module]
 *   ndis:  freed by ...
 *   ndis:  found by ...
 *
 * Reports are warnings in the log and never WARN(): the kernel is fine. Each
 * kind is counted, and limited in its rate alone.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/stacktrace.h>

#include "verify.h"

/* Pools that are created from now on are verified, whatever their owner says */
bool ndis_verify_default;

static const char * const ndis_verify_names[] = {
	[NDIS_VERIFY_DOUBLE_FREE]	= "double_free",
	[NDIS_VERIFY_WRITE_AFTER_FREE]	= "write_after_free",
	[NDIS_VERIFY_USE_AFTER_FREE]	= "use_after_free",
	[NDIS_VERIFY_NEXT_SET]		= "next_set",
	[NDIS_VERIFY_CONTEXT_LEFT]	= "context_left",
	[NDIS_VERIFY_RETREAT_LEFT]	= "retreat_left",
	[NDIS_VERIFY_WRONG_KIND]	= "wrong_kind",
	[NDIS_VERIFY_LISTS_OUT]		= "lists_out",
};

static_assert(ARRAY_SIZE(ndis_verify_names) == NDIS_VERIFY_MAX);

static const char * const ndis_verify_texts[] = {
	[NDIS_VERIFY_DOUBLE_FREE]	= "double free of",
	[NDIS_VERIFY_WRITE_AFTER_FREE]	= "write after free to",
	[NDIS_VERIFY_USE_AFTER_FREE]	= "use after free of",
	[NDIS_VERIFY_NEXT_SET]		= "free with Next set of",
	[NDIS_VERIFY_CONTEXT_LEFT]	= "free with context space left allocated of",
	[NDIS_VERIFY_RETREAT_LEFT]	= "free with MDLs of a retreat left of",
	[NDIS_VERIFY_WRONG_KIND]	= "function for another kind of pool, given",
	[NDIS_VERIFY_LISTS_OUT]		= "pool destroyed without",
};

static atomic64_t ndis_verify_counts[NDIS_VERIFY_MAX];
static struct ratelimit_state ndis_verify_limits[NDIS_VERIFY_MAX];

void ndis_verify_count(enum ndis_verify_kind kind, u32 n)
{
	atomic64_add(n, &ndis_verify_counts[kind]);
}

void ndis_verify_stats_show(struct seq_file *m)
{
	u64 sum = 0, count;
	unsigned int i;

	for (i = 0; i < NDIS_VERIFY_MAX; i++) {
		count = atomic64_read(&ndis_verify_counts[i]);
		seq_printf(m, "verify_%s %llu\n", ndis_verify_names[i], count);
		sum += count;
	}
	seq_printf(m, "verify_reports %llu\n", sum);
}

static const char *ndis_verify_context(void)
{
	if (in_hardirq())
		return "in a hard interrupt";
	if (in_serving_softirq())
		return "in a softirq";
	return "in a task";
}

/* Context: any */
noinline void ndis_verify_take_trace(struct ndis_verify_trace *trace)
{
	/* Without this function and that of verify.c which calls it */
	trace->nr = stack_trace_save(trace->entries, NDIS_VERIFY_DEPTH, 2);
	trace->when = jiffies;
	trace->context = ndis_verify_context();
	trace->cpu = raw_smp_processor_id();
	trace->pid = current->pid;
	strscpy(trace->comm, current->comm, sizeof(trace->comm));
}

static const void *ndis_verify_name(const struct ndis_pool *pool,
				    const struct ndis_obj *obj)
{
	if (!obj)
		return NULL;
	return ndis_pool_is_nb(pool) ?
	       (void *)&container_of(obj, struct ndis_nb_obj, obj)->nb :
	       (void *)&container_of(obj, struct ndis_list_obj, obj)->nbl;
}

static const char *ndis_verify_holder(enum ndis_verify_state state)
{
	switch (state) {
	case NDIS_VERIFY_LIVE:
		return "its owner";
	case NDIS_VERIFY_APPENDING:
	case NDIS_VERIFY_APPENDED:
		return "another list, as part of it";
	case NDIS_VERIFY_INDICATED:
		return "an indication";
	default:
		return "a free under way";
	}
}

/* An object that is out, for ndis/pending. Context: the pool's lock */
void ndis_verify_record_show(struct seq_file *m, const struct ndis_pool *pool,
			     const struct ndis_verify_record *r)
{
	const struct ndis_verify_trace *by = &r->allocated;
	unsigned int i;

	seq_printf(m, " %s %p out for %u ms, held by %s, allocated by %s[%d] %s\n",
		   ndis_pool_is_nb(pool) ? "NET_BUFFER" : "list",
		   ndis_verify_name(pool, r->obj),
		   jiffies_to_msecs(jiffies - by->when),
		   ndis_verify_holder(r->state), by->comm, by->pid,
		   by->context);
	for (i = 0; i < by->nr; i++)
		seq_printf(m, "   %pS\n", (void *)by->entries[i]);
}

/*
 * All that a report takes from the pool, its lock held. @obj NULL: of the pool
 * itself. @r NULL: nothing is known.
 */
void ndis_verify_report_fill(struct ndis_verify_report *report,
			     enum ndis_verify_kind kind,
			     const struct ndis_pool *pool,
			     const struct ndis_obj *obj,
			     const struct ndis_verify_record *r)
{
	memset(report, 0, sizeof(*report));
	report->kind = kind;
	report->tag = pool->tag;
	memcpy(report->owner, pool->owner, sizeof(report->owner));
	report->name = ndis_verify_name(pool, obj);
	report->nb = ndis_pool_is_nb(pool);
	if (!r)
		return;
	report->allocated = r->allocated;
	report->freed = r->freed;
}

static void ndis_verify_print_trace(const char *what,
				    const struct ndis_verify_trace *trace)
{
	unsigned int i;

	if (!trace->context)
		return;
	pr_warn(" %s %s[%d] on CPU %u, %s, %u ms ago\n", what, trace->comm,
		trace->pid, trace->cpu, trace->context,
		jiffies_to_msecs(jiffies - trace->when));
	for (i = 0; i < trace->nr; i++)
		pr_warn("   %pS\n", (void *)trace->entries[i]);
}

/* Context: any, no lock held. @report need not be of a pool that still exists */
void ndis_verify_report(const struct ndis_verify_report *report)
{
	const char *what = report->nb ? "NET_BUFFER" : "list";

	ndis_verify_count(report->kind, 1);
	if (!__ratelimit(&ndis_verify_limits[report->kind]))
		return;

	if (report->name)
		pr_warn("verify: %s %s %p, pool %.4s of %s\n",
			ndis_verify_texts[report->kind], what, report->name,
			(const char *)&report->tag, report->owner);
	else
		pr_warn("verify: %s pool %.4s of %s\n",
			ndis_verify_texts[report->kind],
			(const char *)&report->tag, report->owner);
	if (report->where)
		pr_warn(" %s byte %u, not poison any more: %*ph\n",
			report->where, report->offset, (int)report->len,
			report->bytes);
	if (report->name && !report->allocated.context)
		pr_warn(" never allocated, or gone long ago\n");
	ndis_verify_print_trace("allocated by", &report->allocated);
	ndis_verify_print_trace("freed by", &report->freed);
	ndis_verify_print_trace("found by", &report->now);
}

void ndis_verify_init(struct dentry *debugfs)
{
	unsigned int i;

	for (i = 0; i < NDIS_VERIFY_MAX; i++)
		ratelimit_state_init(&ndis_verify_limits[i],
				     DEFAULT_RATELIMIT_INTERVAL,
				     DEFAULT_RATELIMIT_BURST);
	debugfs_create_bool("verify", 0600, debugfs, &ndis_verify_default);
}
