// SPDX-License-Identifier: GPL-2.0-only
/*
 * KTAP: run the cases, keep the report for debugfs, say it in the log as well,
 * so that a case which kills the kernel is known by the lines before.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "ndis_test.h"

#define KTAP_REPORT_SIZE	SZ_64K
#define KTAP_FAILS_SHOWN	8	/* per case; the rest is counted */

struct ktap {
	const char *module;
	struct dentry *dir;
	struct debugfs_blob_wrapper report;
	spinlock_t lock;		/* guards all below, and the report */
	unsigned int fails;		/* of the present case */
	char line[256];
};

static __printf(3, 0) void ktap_vline(struct ktap *t, const char *prefix,
				      const char *fmt, va_list args)
{
	char *report = t->report.data;
	size_t left = KTAP_REPORT_SIZE - t->report.size;
	int n;

	lockdep_assert_held(&t->lock);
	n = scnprintf(t->line, sizeof(t->line), "%s", prefix);
	vscnprintf(t->line + n, sizeof(t->line) - n, fmt, args);
	pr_info("%s: %s\n", t->module, t->line);
	t->report.size += scnprintf(report + t->report.size, left, "%s\n",
				    t->line);
}

static __printf(2, 3) void ktap_line(struct ktap *t, const char *fmt, ...)
{
	unsigned long flags;
	va_list args;

	va_start(args, fmt);
	spin_lock_irqsave(&t->lock, flags);
	ktap_vline(t, "", fmt, args);
	spin_unlock_irqrestore(&t->lock, flags);
	va_end(args);
}

void ktap_diag(struct ktap *t, const char *fmt, ...)
{
	unsigned long flags;
	va_list args;

	va_start(args, fmt);
	spin_lock_irqsave(&t->lock, flags);
	ktap_vline(t, "# ", fmt, args);
	spin_unlock_irqrestore(&t->lock, flags);
	va_end(args);
}
EXPORT_SYMBOL_GPL(ktap_diag);

void ktap_fail(struct ktap *t, const char *file, int line, const char *fmt, ...)
{
	unsigned long flags;
	char prefix[48];
	va_list args;

	scnprintf(prefix, sizeof(prefix), "# %s:%d: ", kbasename(file), line);
	va_start(args, fmt);
	spin_lock_irqsave(&t->lock, flags);
	if (t->fails++ < KTAP_FAILS_SHOWN)
		ktap_vline(t, prefix, fmt, args);
	spin_unlock_irqrestore(&t->lock, flags);
	va_end(args);
}
EXPORT_SYMBOL_GPL(ktap_fail);

bool ktap_failed(const struct ktap *t)
{
	return READ_ONCE(t->fails);
}
EXPORT_SYMBOL_GPL(ktap_failed);

static void ktap_run_case(struct ktap *t, unsigned int number,
			  const struct ktap_case *c)
{
	t->fails = 0;
	c->run(t);
	if (t->fails > KTAP_FAILS_SHOWN)
		ktap_diag(t, "and %u more", t->fails - KTAP_FAILS_SHOWN);
	ktap_line(t, "%s %u %s", t->fails ? "not ok" : "ok", number, c->name);
}

/**
 * ktap_run() - run the cases of a module
 * @module: its name, and that of its debugfs folder
 * @cases: in order
 * @count: how many
 *
 * Context: process; sleeps.
 * Return: for ktap_release(), or an ERR_PTR when nothing was run.
 */
struct ktap *ktap_run(const char *module, const struct ktap_case *cases,
		      unsigned int count)
{
	struct ktap *t = kzalloc(sizeof(*t), GFP_KERNEL);
	unsigned int i;

	if (!t)
		return ERR_PTR(-ENOMEM);
	t->module = module;
	spin_lock_init(&t->lock);
	t->report.data = kvzalloc(KTAP_REPORT_SIZE, GFP_KERNEL);
	if (!t->report.data) {
		kfree(t);
		return ERR_PTR(-ENOMEM);
	}

	ktap_line(t, "KTAP version 1");
	ktap_line(t, "1..%u", count);
	for (i = 0; i < count; i++) {
		ktap_run_case(t, i + 1, &cases[i]);
		cond_resched();
	}

	t->dir = debugfs_create_dir(module, NULL);
	debugfs_create_blob("results", 0400, t->dir, &t->report);
	return t;
}
EXPORT_SYMBOL_GPL(ktap_run);

void ktap_release(struct ktap *t)
{
	debugfs_remove_recursive(t->dir);
	kvfree(t->report.data);
	kfree(t);
}
EXPORT_SYMBOL_GPL(ktap_release);

/* --- reading ndis.ko's debugfs from inside --------------------------------- */

/* Of who loads this: newer kernels' threads have a root with nothing in it */
static struct path ktap_root;

/*
 * kernel_read() does not take files that can only be read to user space. But a
 * single_open() file will show itself into whatever buffer it is given.
 */
char *ndis_debugfs_show(const char *path)
{
	struct seq_file *m;
	struct file *file;
	char *text;

	file = file_open_root(&ktap_root, path, O_RDONLY, 0);
	if (IS_ERR(file)) {
		pr_err("%s: error %ld\n", path, PTR_ERR(file));
		return NULL;
	}
	m = file->private_data;
	m->size = SZ_64K;
	m->count = 0;
	m->buf = kvzalloc(m->size, GFP_KERNEL);
	if (m->buf)
		m->op->show(m, SEQ_START_TOKEN);
	text = m->buf;
	m->buf = NULL;
	filp_close(file, NULL);
	return text;
}

/**
 * ndis_stat() - one of the sums in /sys/kernel/debug/ndis/stats
 * @name: which
 *
 * Return: its value, U64_MAX if there is none.
 */
u64 ndis_stat(const char *name)
{
	char *text = ndis_debugfs_show("/sys/kernel/debug/ndis/stats");
	char *line, *rest = text;
	size_t len = strlen(name);
	u64 value = U64_MAX;

	while (rest && (line = strsep(&rest, "\n")))
		if (!strncmp(line, name, len) && line[len] == ' ' &&
		    kstrtou64(line + len + 1, 10, &value))
			value = U64_MAX;
	kvfree(text);
	return value;
}
EXPORT_SYMBOL_GPL(ndis_stat);

/**
 * ndis_pools_line() - a pool's line in /sys/kernel/debug/ndis/pools
 * @tag: its tag as four characters
 * @line: NDIS_LINE_LEN bytes: what stands behind the tag, single-spaced
 *
 * Return: whether there is such a pool.
 */
bool ndis_pools_line(const char *tag, char *line)
{
	char *text = ndis_debugfs_show("/sys/kernel/debug/ndis/pools");
	char *l, *word, *rest = text;
	bool found = false;
	int n = 0;

	while (!found && rest && (l = strsep(&rest, "\n"))) {
		unsigned int column = 0;

		while ((word = strsep(&l, " "))) {
			if (!*word)
				continue;
			if (++column == 2)
				found = !strcmp(word, tag);
			else if (column > 2 && found)
				n += scnprintf(line + n, NDIS_LINE_LEN - n,
					       "%s%s", n ? " " : "", word);
		}
	}
	kvfree(text);
	return found;
}
EXPORT_SYMBOL_GPL(ndis_pools_line);

static int __init ktap_init(void)
{
	return kern_path("/", LOOKUP_FOLLOW, &ktap_root);
}
module_init(ktap_init);

static void __exit ktap_exit(void)
{
	path_put(&ktap_root);
}
module_exit(ktap_exit);

MODULE_DESCRIPTION("KTAP and the NDIS contract's state, for tests of ndis.ko");
MODULE_LICENSE("GPL");
