// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis_test_pool.ko: the kernel-spelled API of ndis.ko. The order is that in
 * which a person would look for a fault; the audit closes.
 */
#include <linux/module.h>

#include "pool_test.h"

static const struct ktap_case pool_cases[] = {
	{ "refused parameters", test_refused },
	{ "accepted parameters", test_accepted },
	{ "pools in debugfs", test_debugfs },
	{ "state after every way to free: any CPU", test_state_any },
	{ "state after every way to free: NAPI", test_state_napi },
	{ "freed objects are used again", test_reuse },
	{ "chains of lists", test_chain },
	{ "a chain of several pools' lists", test_chain_mixed },
	{ "context space", test_context },
	{ "context space refused", test_context_refused },
	{ "limit", test_limit },
	{ "memory exhausted", test_exhaustion },
	{ "10,000 objects out", test_many },
	{ "data mapped for a device", test_dma_mapped },
	{ "destroy of nothing", test_destroy_null },
	{ "destroy with objects out", test_destroy_late },
	{ "misuse", test_misuse },
	{ "all CPUs, process and softirq", test_cpus_any },
	{ "send: skb to MDL chain and back", test_send_chain },
	{ "send: errors leave nothing behind", test_send_errors },
	{ "send: a queue in flight", test_send_queue },
	{ "receive: one buffer", test_receive_single },
	{ "receive: two buffers to a page", test_receive_shared },
	{ "receive: appended buffers", test_receive_append },
	{ "receive: checksum and VLAN slots", test_receive_slots },
	{ "receive: a device that does not snoop", test_receive_sync },
	{ "receive: pages come back", test_receive_recycle },
	{ "receive: pool goes before its packets", test_receive_parked },
	{ "receive: a chain of several pools' lists", test_receive_mixed },
	{ "audit", test_audit },
};

static struct ktap *pool_report;

static int __init pool_test_init(void)
{
	int err = test_devices_create();

	if (err)
		return err;
	test_foreign_pools = ndis_stat("pools_created") -
			     ndis_stat("pools_destroyed");
	pool_report = ktap_run(KBUILD_MODNAME, pool_cases,
			       ARRAY_SIZE(pool_cases));
	if (IS_ERR(pool_report)) {
		test_devices_destroy();
		return PTR_ERR(pool_report);
	}
	return 0;
}

static void __exit pool_test_exit(void)
{
	ktap_release(pool_report);
	test_devices_destroy();
}

module_init(pool_test_init);
module_exit(pool_test_exit);

MODULE_DESCRIPTION("Tests of ndis.ko: pools, kernel spelling");
MODULE_LICENSE("GPL");
