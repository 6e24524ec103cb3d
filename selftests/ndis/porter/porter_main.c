// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis_test_porter.ko: ndis.h from the outside. That it compiles and links is
 * half of the test; the other half is what its functions do in each file.
 */
#include <linux/module.h>

#include "porter.h"

static struct ktap *report;

/* Each file has its functions, and what has external linkage is one */
static void test_inline(struct ktap *t)
{
	PORTER_FUNCTION **one = PorterTableInline();
	PORTER_FUNCTION **two = PorterTableOther();
	static const ULONG want[] = { 1017, 983, 17000, 1017, 1017, 0 };
	ULONG i, first;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		if (!ktap_expect_eq(t, one[i](1000, 17), want[i]))
			ktap_diag(t, "function %u", i);
		ktap_expect_eq(t, two[i](1000, 17), want[i]);
	}
	ktap_expect_ptr(t, one[6], two[6]);
	ktap_expect_ptr(t, one[0], PorterInline);
	ktap_expect_ptr(t, one[2], PorterExtern);
	first = one[6](3, 5);
	ktap_expect_eq(t, two[6](3, 5), first + 1);
	ktap_expect_eq(t, PorterSumInline(1000, 17), PorterSumOther(1000, 17));
}

static const struct ktap_case cases[] = {
	{ "porter: inline functions in several files", test_inline },
	{ "porter: names, types and macros", porter_test_names },
	{ "porter: tagged memory", porter_test_memory },
	{ "porter: lookaside lists", porter_test_lookaside },
	{ "porter: lists and locks", porter_test_locks },
	{ "porter: timers", porter_test_timers },
	{ "porter: work items", porter_test_work },
	{ "porter: events", porter_test_events },
};

static int __init porter_init(void)
{
	report = ktap_run(KBUILD_MODNAME, cases, ARRAY_SIZE(cases));
	return PTR_ERR_OR_ZERO(report);
}

static void __exit porter_exit(void)
{
	ktap_release(report);
}

module_init(porter_init);
module_exit(porter_exit);

MODULE_DESCRIPTION("Tests of ndis.h as a client of several files sees it");
MODULE_LICENSE("GPL");
