// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis_test_failures.ko: a scenario that allocates all there is to allocate,
 * and copes with whatever is refused. failures.sh arms one site of ndis.ko after
 * the other and writes to the file "run" in this module's debugfs folder:
 *
 *	run	write: go through the scenario; an error says that a refusal left
 *		something changed, which the log explains
 *	steps	how many steps the last run took, and how many were refused
 *	mapped	what is mapped for the device, now
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "failures.h"

static struct dentry *dir;
static struct platform_device *device;
static DEFINE_MUTEX(run_lock);
static struct scenario last;		/* under run_lock */
static u8 *memory;
static atomic_t mapped;

/* Return: whether it was there; what was refused is counted */
bool got(struct scenario *s, const void *object)
{
	s->steps++;
	if (object)
		return true;
	s->refused++;
	return false;
}

bool done(struct scenario *s, NDIS_STATUS status)
{
	s->steps++;
	if (status == NDIS_STATUS_SUCCESS)
		return true;
	s->refused++;
	return false;
}

void scenario_wrong(struct scenario *s, const char *what)
{
	pr_warn("%s\n", what);
	s->wrong = true;
}

/* --- the device: nobody else sees a mapping that is not undone ---------------------- */

#ifdef DMA_ATTR_MMIO
static dma_addr_t map(struct device *dev, phys_addr_t phys, size_t size,
		      enum dma_data_direction dir, unsigned long attrs)
{
	atomic_inc(&mapped);
	return phys;
}

#define DMA_MAP	.map_phys = map, .unmap_phys = unmap
#else
static dma_addr_t map(struct device *dev, struct page *page,
		      unsigned long offset, size_t size,
		      enum dma_data_direction dir, unsigned long attrs)
{
	atomic_inc(&mapped);
	return page_to_phys(page) + offset;
}

#define DMA_MAP	.map_page = map, .unmap_page = unmap
#endif

static void unmap(struct device *dev, dma_addr_t addr, size_t size,
		  enum dma_data_direction dir, unsigned long attrs)
{
	atomic_dec(&mapped);
}

static void *coherent(struct device *dev, size_t size, dma_addr_t *addr,
		      gfp_t gfp, unsigned long attrs)
{
	void *va = alloc_pages_exact(size, gfp | __GFP_ZERO);

	if (!va)
		return NULL;
	atomic_inc(&mapped);
	*addr = virt_to_phys(va);
	return va;
}

static void coherent_free(struct device *dev, size_t size, void *va,
			  dma_addr_t addr, unsigned long attrs)
{
	free_pages_exact(va, size);
	atomic_dec(&mapped);
}

static const struct dma_map_ops counting_ops = {
	.alloc = coherent,
	.free = coherent_free,
	DMA_MAP,
};

/* --- pools ------------------------------------------------------------------------- */

static NDIS_HANDLE list_pool(struct scenario *s, BOOLEAN nb, USHORT space,
			     ULONG data)
{
	NET_BUFFER_LIST_POOL_PARAMETERS p = {
		.Header = { NDIS_OBJECT_TYPE_DEFAULT, 2, 20 },
		.fAllocateNetBuffer = nb, .ContextSize = space,
		.PoolTag = FAILURES_TAG, .DataSize = data,
		.Flags = s->verify ? NET_BUFFER_LIST_POOL_FLAG_VERIFY : 0,
	};
	NDIS_HANDLE pool = NdisAllocateNetBufferListPool(NULL, &p);

	got(s, pool);
	return pool;
}

static NDIS_HANDLE nb_pool(struct scenario *s, ULONG data)
{
	NET_BUFFER_POOL_PARAMETERS p = {
		.Header = { NDIS_OBJECT_TYPE_DEFAULT, 2, 16 },
		.PoolTag = FAILURES_TAG, .DataSize = data,
		.Flags = s->verify ? NET_BUFFER_POOL_FLAG_VERIFY : 0,
	};
	NDIS_HANDLE pool = NdisAllocateNetBufferPool(NULL, &p);

	got(s, pool);
	return pool;
}

static void pools_create(struct scenario *s)
{
	s->list = list_pool(s, FALSE, 0, 0);
	s->list_nb = list_pool(s, TRUE, 0, 0);
	s->list_data = list_pool(s, TRUE, 0, FAILURES_DATA);
	s->list_space = list_pool(s, TRUE, 64, 0);
	s->nb = nb_pool(s, 0);
	s->nb_data = nb_pool(s, FAILURES_DATA);
}

static void pools_destroy(struct scenario *s)
{
	NdisFreeNetBufferPool(s->nb_data);
	NdisFreeNetBufferPool(s->nb);
	NdisFreeNetBufferListPool(s->list_space);
	NdisFreeNetBufferListPool(s->list_data);
	NdisFreeNetBufferListPool(s->list_nb);
	NdisFreeNetBufferListPool(s->list);
}

/* --- the file "run" ------------------------------------------------------------------ */

static void scenario(struct scenario *s)
{
	s->mem = memory;
	s->dev = &device->dev;
	scenario_stack(s);
	pools_create(s);
	scenario_lists(s);
	scenario_data(s);
	scenario_derive(s);
	scenario_memory(s);
	scenario_miniport(s);
	pools_destroy(s);
}

static ssize_t run_write(struct file *file, const char __user *buf,
			 size_t count, loff_t *ppos)
{
	char word[16] = { };
	int err = 0;

	if (count >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, buf, count))
		return -EFAULT;

	mutex_lock(&run_lock);
	memset(&last, 0, sizeof(last));
	last.verify = !strncmp(word, "verify", 6);
	scenario(&last);
	if (last.wrong)
		err = -EIO;
	mutex_unlock(&run_lock);
	return err ?: count;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = run_write,
};

static int steps_show(struct seq_file *m, void *v)
{
	mutex_lock(&run_lock);
	seq_printf(m, "%u %u\n", last.steps, last.refused);
	mutex_unlock(&run_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(steps);

static int __init failures_init(void)
{
	int err;

	memory = (u8 *)__get_free_pages(GFP_KERNEL, get_order(FAILURES_MEM));
	if (!memory)
		return -ENOMEM;
	device = platform_device_register_simple("ndis_test_failures", -1, NULL,
						 0);
	if (IS_ERR(device)) {
		err = PTR_ERR(device);
		goto err_memory;
	}
	set_dma_ops(&device->dev, &counting_ops);
	err = dma_coerce_mask_and_coherent(&device->dev, DMA_BIT_MASK(64));
	if (err)
		goto err_device;
	dir = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file("run", 0200, dir, NULL, &run_fops);
	debugfs_create_file("steps", 0400, dir, NULL, &steps_fops);
	debugfs_create_atomic_t("mapped", 0400, dir, &mapped);
	return 0;

err_device:
	platform_device_unregister(device);
err_memory:
	free_pages((unsigned long)memory, get_order(FAILURES_MEM));
	return err;
}

static void __exit failures_exit(void)
{
	debugfs_remove_recursive(dir);
	platform_device_unregister(device);
	free_pages((unsigned long)memory, get_order(FAILURES_MEM));
}

module_init(failures_init);
module_exit(failures_exit);

MODULE_DESCRIPTION("Tests of ndis.ko: allocations that fail");
MODULE_LICENSE("GPL");
