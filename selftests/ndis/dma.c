// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis_test_dma.ko: mappings that fail, for a PCI device's driver. The device gets
 * mapping operations of this module, which do what those without an IOMMU do, until
 * they are told to fail. In debugfs, ndis_test_dma/:
 *
 *	take, give	write: a PCI address, "0000:00:03.0", whose device has no driver
 *	nth		write: the N-th mapping from now on fails, once; 0: none.
 *			read: how many are still to come, as of /proc/self/fail-nth
 *	every		each of so many fails; 0: none
 *	calls, failed, mapped	mappings asked for, refused, there now
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/uaccess.h>

static struct dentry *dir;
static atomic_t calls, failed, mapped, nth;
static u32 every;

static bool fails(void)
{
	unsigned int call = atomic_inc_return(&calls);
	u32 step = READ_ONCE(every);

	if (atomic_dec_if_positive(&nth) == 0 || (step && call % step == 0)) {
		atomic_inc(&failed);
		return true;
	}
	atomic_inc(&mapped);
	return false;
}

/* They took pages until the flag for MMIO came, addresses since */
#ifdef DMA_ATTR_MMIO
static dma_addr_t map(struct device *dev, phys_addr_t phys, size_t size,
		      enum dma_data_direction dir, unsigned long attrs)
{
	return fails() ? DMA_MAPPING_ERROR : phys;
}

#define DMA_MAP	.map_phys = map, .unmap_phys = unmap
#else
static dma_addr_t map(struct device *dev, struct page *page,
		      unsigned long offset, size_t size,
		      enum dma_data_direction dir, unsigned long attrs)
{
	return fails() ? DMA_MAPPING_ERROR : page_to_phys(page) + offset;
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
	void *va;

	if (fails())
		return NULL;
	va = alloc_pages_exact(size, gfp | __GFP_ZERO);
	if (va)
		*addr = virt_to_phys(va);
	else
		atomic_dec(&mapped);
	return va;
}

static void coherent_free(struct device *dev, size_t size, void *va,
			  dma_addr_t addr, unsigned long attrs)
{
	free_pages_exact(va, size);
	atomic_dec(&mapped);
}

static const struct dma_map_ops ops = {
	.alloc = coherent,
	.free = coherent_free,
	DMA_MAP,
};

/* Only between two drivers: what one has mapped, it unmaps by the same operations */
static int set_ops(char *name, const struct dma_map_ops *to)
{
	unsigned int domain, bus, slot, function;
	struct pci_dev *pdev;
	int err = -EBUSY;

	if (sscanf(name, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
		return -EINVAL;
	pdev = pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, function));
	if (!pdev)
		return -ENODEV;
	device_lock(&pdev->dev);
	if (!pdev->dev.driver) {
		/* Not without this module */
		if (get_dma_ops(&pdev->dev) == &ops)
			module_put(THIS_MODULE);
		if (to)
			__module_get(THIS_MODULE);
		set_dma_ops(&pdev->dev, to);
		err = 0;
	}
	device_unlock(&pdev->dev);
	pci_dev_put(pdev);
	return err;
}

static ssize_t write_name(const char __user *buf, size_t count,
			  const struct dma_map_ops *to)
{
	char name[32] = "";
	int err;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	err = set_ops(name, to);
	return err ?: count;
}

static ssize_t take_write(struct file *file, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	return write_name(buf, count, &ops);
}

static ssize_t give_write(struct file *file, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	return write_name(buf, count, NULL);
}

static const struct file_operations take_fops = {
	.owner = THIS_MODULE, .open = simple_open, .write = take_write,
};

static const struct file_operations give_fops = {
	.owner = THIS_MODULE, .open = simple_open, .write = give_write,
};

/* To be read again without being opened again, which allocates */
static ssize_t nth_read(struct file *file, char __user *buf, size_t count,
			loff_t *ppos)
{
	char text[16];

	return simple_read_from_buffer(buf, count, ppos, text,
				       scnprintf(text, sizeof(text), "%d\n",
						 atomic_read(&nth)));
}

static ssize_t nth_write(struct file *file, const char __user *buf, size_t count,
			 loff_t *ppos)
{
	int value, err = kstrtoint_from_user(buf, count, 0, &value);

	if (!err)
		atomic_set(&nth, value);
	return err ?: count;
}

static const struct file_operations nth_fops = {
	.owner = THIS_MODULE, .open = simple_open,
	.read = nth_read, .write = nth_write, .llseek = default_llseek,
};

static int __init test_dma_init(void)
{
	dir = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file("take", 0200, dir, NULL, &take_fops);
	debugfs_create_file("give", 0200, dir, NULL, &give_fops);
	debugfs_create_file("nth", 0600, dir, NULL, &nth_fops);
	debugfs_create_u32("every", 0600, dir, &every);
	debugfs_create_atomic_t("calls", 0400, dir, &calls);
	debugfs_create_atomic_t("failed", 0400, dir, &failed);
	debugfs_create_atomic_t("mapped", 0400, dir, &mapped);
	return 0;
}

static void __exit test_dma_exit(void)
{
	debugfs_remove_recursive(dir);
}

module_init(test_dma_init);
module_exit(test_dma_exit);

MODULE_DESCRIPTION("Tests: mappings for DMA that fail");
MODULE_LICENSE("GPL");
