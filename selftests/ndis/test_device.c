// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices without hardware. Two of them have DMA operations of our own: each
 * mapping is entered in a table, each unmapping and sync must fit an entry,
 * and mappings fail when a budget is used up.
 */
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/platform_device.h>

#include "pool_test.h"

static struct platform_device *test_devices[TEST_DEV_NR];

struct test_dma test_dma = {
	.live	= XARRAY_INIT(test_dma.live, XA_FLAGS_LOCK_IRQ),
	.budget	= ATOMIC_INIT(INT_MAX),
};

static void *test_dma_entry(size_t size, enum dma_data_direction dir)
{
	return xa_mk_value(size << 2 | dir);
}

static dma_addr_t test_dma_map(phys_addr_t phys, size_t size,
			       enum dma_data_direction dir)
{
	dma_addr_t addr = phys + TEST_BUS_OFFSET;
	unsigned long flags;
	int err;

	if (atomic_dec_return(&test_dma.budget) < 0)
		return DMA_MAPPING_ERROR;
	xa_lock_irqsave(&test_dma.live, flags);
	err = __xa_insert(&test_dma.live, addr, test_dma_entry(size, dir),
			  GFP_ATOMIC);
	xa_unlock_irqrestore(&test_dma.live, flags);
	if (err)
		atomic_inc(&test_dma.errors);
	atomic_inc(&test_dma.maps);
	return addr;
}

static void test_dma_unmap(dma_addr_t addr, size_t size,
			   enum dma_data_direction dir)
{
	unsigned long flags;
	void *entry;

	xa_lock_irqsave(&test_dma.live, flags);
	entry = __xa_erase(&test_dma.live, addr);
	xa_unlock_irqrestore(&test_dma.live, flags);
	if (entry != test_dma_entry(size, dir))
		atomic_inc(&test_dma.errors);
	atomic_inc(&test_dma.unmaps);
}

/* A part of a mapping may be synced: find the one that it is a part of */
static void test_dma_sync(dma_addr_t addr, size_t size,
			  enum dma_data_direction dir)
{
	unsigned long value, index = 0, base = 0;
	void *entry, *found = NULL;

	xa_for_each_range(&test_dma.live, index, entry, addr & PAGE_MASK, addr) {
		found = entry;
		base = index;
	}
	value = found ? xa_to_value(found) : 0;
	if (!found || (value & 3) != dir || addr + size > base + (value >> 2))
		atomic_inc(&test_dma.errors);
	test_dma.sync_addr = addr;
	test_dma.sync_len = size;
}

static void test_dma_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir)
{
	test_dma_sync(addr, size, dir);
	atomic_inc(&test_dma.for_cpu);
}

static void test_dma_for_device(struct device *dev, dma_addr_t addr,
				size_t size, enum dma_data_direction dir)
{
	test_dma_sync(addr, size, dir);
	atomic_inc(&test_dma.for_device);
}

/* The operations took pages until the flag for MMIO came, addresses since */
#ifdef DMA_ATTR_MMIO
static dma_addr_t test_dma_op_map(struct device *dev, phys_addr_t phys,
				  size_t size, enum dma_data_direction dir,
				  unsigned long attrs)
{
	return test_dma_map(phys, size, dir);
}

#define TEST_DMA_MAP	.map_phys = test_dma_op_map, .unmap_phys = test_dma_op_unmap
#else
static dma_addr_t test_dma_op_map(struct device *dev, struct page *page,
				  unsigned long offset, size_t size,
				  enum dma_data_direction dir,
				  unsigned long attrs)
{
	return test_dma_map(page_to_phys(page) + offset, size, dir);
}

#define TEST_DMA_MAP	.map_page = test_dma_op_map, .unmap_page = test_dma_op_unmap
#endif

static void test_dma_op_unmap(struct device *dev, dma_addr_t addr, size_t size,
			      enum dma_data_direction dir, unsigned long attrs)
{
	test_dma_unmap(addr, size, dir);
}

static const struct dma_map_ops test_dma_count_ops = {
	TEST_DMA_MAP,
};

static const struct dma_map_ops test_dma_sync_ops = {
	TEST_DMA_MAP,
	.sync_single_for_cpu	= test_dma_for_cpu,
	.sync_single_for_device	= test_dma_for_device,
};

static const struct {
	const struct dma_map_ops *ops;
	u64 mask;
} test_device_table[TEST_DEV_NR] = {
	[TEST_DEV_DIRECT] = { NULL, DMA_BIT_MASK(64) },
	[TEST_DEV_COUNT] = { &test_dma_count_ops, DMA_BIT_MASK(64) },
	[TEST_DEV_SYNC] = { &test_dma_sync_ops, DMA_BIT_MASK(64) },
	[TEST_DEV_32BIT] = { NULL, DMA_BIT_MASK(32) },
};

struct device *test_device(enum test_device which)
{
	return &test_devices[which]->dev;
}

int test_devices_create(void)
{
	struct platform_device *pdev;
	unsigned int i;
	int err;

	for (i = 0; i < TEST_DEV_NR; i++) {
		pdev = platform_device_register_simple("ndis_test", i, NULL, 0);
		if (IS_ERR(pdev)) {
			test_devices_destroy();
			return PTR_ERR(pdev);
		}
		test_devices[i] = pdev;
		set_dma_ops(&pdev->dev, test_device_table[i].ops);
		err = dma_set_mask_and_coherent(&pdev->dev,
						test_device_table[i].mask);
		if (err) {
			test_devices_destroy();
			return err;
		}
	}
	return 0;
}

void test_devices_destroy(void)
{
	unsigned int i;

	for (i = 0; i < TEST_DEV_NR; i++) {
		platform_device_unregister(test_devices[i]);
		test_devices[i] = NULL;
	}
	xa_destroy(&test_dma.live);
}
