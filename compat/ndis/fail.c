// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocations that fail when a test asks for it. Debian's kernels have no fault
 * injection, so each site where this module allocates calls ndis_fail() first.
 *
 *   cat fail                   site, calls and failures since the last command
 *   echo "mdl 3" > fail        the third call from now fails, once
 *   echo "mdl all" > fail      each call fails
 *   echo watch > fail          calls are counted, none fails
 *   echo off > fail            as it was
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "ndis_internal.h"

DEFINE_STATIC_KEY_FALSE(ndis_fail_on);

static const char * const ndis_site_names[] = {
	[NDIS_SITE_POOL]	= "pool",
	[NDIS_SITE_PAGE_POOL]	= "page_pool",
	[NDIS_SITE_SLAB]	= "slab",
	[NDIS_SITE_PAGE]	= "page",
	[NDIS_SITE_OBJECT]	= "object",
	[NDIS_SITE_CONTEXT]	= "context",
	[NDIS_SITE_MDL]		= "mdl",
	[NDIS_SITE_MEMORY]	= "memory",
	[NDIS_SITE_MEMORY_PAGES]	= "memory_pages",
	[NDIS_SITE_RETREAT]	= "retreat",
	[NDIS_SITE_DMA]		= "dma",
	[NDIS_SITE_SG]		= "sg",
	[NDIS_SITE_SG_MAP]	= "sg_map",
	[NDIS_SITE_RW_LOCK]	= "rw_lock",
	[NDIS_SITE_TIMER]	= "timer",
	[NDIS_SITE_WORK]	= "work",
	[NDIS_SITE_SEND_MAP]	= "send_map",
	[NDIS_SITE_BUILD_SKB]	= "build_skb",
	[NDIS_SITE_DRIVER]	= "driver",
	[NDIS_SITE_ADAPTER]	= "adapter",
	[NDIS_SITE_SHARED]	= "shared",
	[NDIS_SITE_SHARED_PAGES]	= "shared_pages",
	[NDIS_SITE_SHARED_MAP]	= "shared_map",
	[NDIS_SITE_SHARED_COHERENT]	= "shared_coherent",
	[NDIS_SITE_SENDS]	= "sends",
	[NDIS_SITE_SEND_SKB]	= "send_skb",
	[NDIS_SITE_OUT]		= "out",
	[NDIS_SITE_VERIFY]	= "verify",
	[NDIS_SITE_VERIFY_RECORD]	= "verify_record",
	[NDIS_SITE_COPY_SKB]	= "copy_skb",
	[NDIS_SITE_COPY_PAGE]	= "copy_page",
};

static_assert(ARRAY_SIZE(ndis_site_names) == NDIS_SITE_MAX);

static atomic_t ndis_site_calls[NDIS_SITE_MAX];
static atomic_t ndis_site_failures[NDIS_SITE_MAX];
/* Calls until one fails; 0: never; UINT_MAX: all fail. Changed under the mutex */
static unsigned int ndis_site_nth[NDIS_SITE_MAX];
static DEFINE_MUTEX(ndis_fail_mutex);

/* Context: any. Return: this call shall fail */
bool __ndis_fail(enum ndis_site site)
{
	unsigned int nth = READ_ONCE(ndis_site_nth[site]);
	unsigned int call = atomic_inc_return(&ndis_site_calls[site]);

	if (nth != UINT_MAX && nth != call)
		return false;
	atomic_inc(&ndis_site_failures[site]);
	return true;
}

static int fail_show(struct seq_file *m, void *v)
{
	unsigned int i;

	seq_printf(m, "# %-16s %10s %10s\n", "site", "calls", "failures");
	for (i = 0; i < NDIS_SITE_MAX; i++)
		seq_printf(m, "%-18s %10u %10u\n", ndis_site_names[i],
			   atomic_read(&ndis_site_calls[i]),
			   atomic_read(&ndis_site_failures[i]));
	return 0;
}

/* All counters from zero, and @site, if there is one, fails at call @nth */
static void ndis_fail_arm(int site, unsigned int nth)
{
	unsigned int i;

	for (i = 0; i < NDIS_SITE_MAX; i++) {
		WRITE_ONCE(ndis_site_nth[i], 0);
		atomic_set(&ndis_site_calls[i], 0);
		atomic_set(&ndis_site_failures[i], 0);
	}
	if (site >= 0)
		WRITE_ONCE(ndis_site_nth[site], nth);
	static_branch_enable(&ndis_fail_on);
}

static int ndis_fail_command(char *command)
{
	char *name = strim(command), *arg;
	unsigned int nth;
	int site;

	if (!strcmp(name, "off")) {
		static_branch_disable(&ndis_fail_on);
		return 0;
	}
	if (!strcmp(name, "watch")) {
		ndis_fail_arm(-1, 0);
		return 0;
	}

	arg = strchr(name, ' ');
	if (!arg)
		return -EINVAL;
	*arg++ = '\0';
	arg = skip_spaces(arg);
	if (!strcmp(arg, "all"))
		nth = UINT_MAX;
	else if (kstrtouint(arg, 10, &nth) || !nth)
		return -EINVAL;

	site = match_string(ndis_site_names, NDIS_SITE_MAX, name);
	if (site < 0)
		return site;
	ndis_fail_arm(site, nth);
	return 0;
}

static ssize_t fail_write(struct file *file, const char __user *buf,
			  size_t size, loff_t *pos)
{
	char command[64];
	int err;

	if (size >= sizeof(command))
		return -EINVAL;
	if (copy_from_user(command, buf, size))
		return -EFAULT;
	command[size] = '\0';

	mutex_lock(&ndis_fail_mutex);
	err = ndis_fail_command(command);
	mutex_unlock(&ndis_fail_mutex);
	return err ?: size;
}

static int fail_open(struct inode *inode, struct file *file)
{
	return single_open(file, fail_show, NULL);
}

static const struct file_operations fail_fops = {
	.owner = THIS_MODULE,
	.open = fail_open,
	.read = seq_read,
	.write = fail_write,
	.llseek = seq_lseek,
	.release = single_release,
};

void ndis_fail_init(struct dentry *debugfs)
{
	debugfs_create_file("fail", 0600, debugfs, NULL, &fail_fops);
}
