// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis.ko: NDIS 6 network data pools on page_pool, slab and the NAPI skb cache.
 *
 * A library: it calls the kernel and is called by drivers. It registers no
 * device, owns no ring and leaves no pointer to its own code in an skb, so it
 * can be removed while packets that it indicated are still in the stack.
 */
#include <linux/module.h>

#include "family.h"
#include "verify.h"

static int __init ndis_init(void)
{
	int err;

	ndis_wq = alloc_workqueue("ndis", WQ_PERCPU, 0);
	if (!ndis_wq)
		return -ENOMEM;

	ndis_debugfs_init();
	ndis_fail_init(ndis_debugfs_dir);
	ndis_verify_init(ndis_debugfs_dir);
	err = ndis_derive_init();
	if (err)
		goto err_debugfs;
	err = ndis_miniport_init(ndis_debugfs_dir);
	if (err)
		goto err_derive;
	return 0;

err_derive:
	ndis_derive_exit();
err_debugfs:
	ndis_debugfs_exit();
	destroy_workqueue(ndis_wq);
	return err;
}

static void __exit ndis_exit(void)
{
	ndis_debugfs_exit();
	ndis_miniport_exit();
	ndis_derive_exit();
	ndis_memory_report();
	/* Waits for the last deferred pool: its work dropped our reference */
	destroy_workqueue(ndis_wq);
	ndis_pools_report_leaks();
}

module_init(ndis_init);
module_exit(ndis_exit);

MODULE_DESCRIPTION("NDIS 6 network data pools");
MODULE_LICENSE("GPL");
