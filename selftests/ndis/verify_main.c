// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis_test_verify.ko: verify mode of ndis.ko. What is wrong is reported once
 * and as what it is, what is right is not reported, and nothing is corrupted.
 */
#include <linux/module.h>

#include "verify_test.h"

static const char * const names[VERIFY_KINDS] = {
	"double_free", "write_after_free", "use_after_free", "next_set",
	"context_left", "retreat_left", "wrong_kind", "lists_out",
};

void verify_counts(struct verify_counts *counts)
{
	char name[40];
	unsigned int i;

	for (i = 0; i < VERIFY_KINDS; i++) {
		snprintf(name, sizeof(name), "verify_%s", names[i]);
		counts->count[i] = ndis_stat(name);
	}
}

bool verify_expect(struct ktap *t, const struct verify_counts *before,
		   const char *name, u64 n)
{
	struct verify_counts now;
	bool ok = true;
	unsigned int i;

	verify_counts(&now);
	for (i = 0; i < VERIFY_KINDS; i++) {
		u64 is = now.count[i] - before->count[i];
		u64 want = name && !strcmp(name, names[i]) ? n : 0;

		if (is == want)
			continue;
		ktap_fail(t, __FILE__, __LINE__, "%s: %llu reports, not %llu",
			  names[i], is, want);
		ok = false;
	}
	return ok;
}

bool verify_pool_create(struct ktap *t, struct verify_pool *p,
			enum ndis_pool_kind kind, enum ndis_pool_access access)
{
	struct ndis_pool_params params = {
		.tag = NDIS_POOL_TAG('V', 'r', 'f', 'y'),
		.access = access,
		.alloc_nb = kind != NDIS_KIND_LIST,
		.context_size = kind < NDIS_KIND_NB ? 64 : 0,
		.verify = true,
	};

	if (kind == NDIS_KIND_LIST_NB_DATA || kind == NDIS_KIND_NB_DATA)
		params.data_size = 1024;
	p->kind = kind;
	p->access = access;
	p->pool = kind >= NDIS_KIND_NB ? ndis_nb_pool_create(&params) :
					 ndis_nbl_pool_create(&params);
	return ktap_expect_eq(t, PTR_ERR_OR_ZERO(p->pool), 0);
}

void verify_pool_destroy(struct verify_pool *p)
{
	if (verify_has_lists(p))
		ndis_nbl_pool_destroy(p->pool);
	else
		ndis_nb_pool_destroy(p->pool);
}

void verify_each_pool(struct ktap *t,
		      void (*fn)(struct ktap *t, struct verify_pool *p))
{
	enum ndis_pool_access access;
	enum ndis_pool_kind kind;
	struct verify_pool p;

	for (access = 0; access <= NDIS_ACCESS_NAPI; access++)
		for (kind = NDIS_KIND_LIST; kind <= NDIS_KIND_NB_DATA; kind++) {
			if (!verify_pool_create(t, &p, kind, access))
				continue;
			fn(t, &p);
			ktap_expect_eq(t, ndis_pool_live(p.pool), 0);
			ktap_expect_eq(t, p.pool->allocated, p.pool->freed);
			verify_pool_destroy(&p);
			if (ktap_failed(t)) {
				ktap_diag(t, "kind %u, access %u", kind, access);
				return;
			}
			cond_resched();
		}
}

void *verify_alloc(struct verify_pool *p)
{
	return verify_has_lists(p) ? (void *)ndis_nbl_alloc(p->pool)
				   : (void *)ndis_nb_alloc(p->pool);
}

void verify_free(struct verify_pool *p, void *obj)
{
	if (verify_has_lists(p))
		ndis_nbl_free(obj);
	else
		ndis_nb_free(obj);
}

bool verify_whole(struct ktap *t, struct verify_pool *p, const void *obj)
{
	struct ndis_state s = {
		.pool = p->pool,
		.kind = p->kind,
		.data_size = p->pool->data_size,
		.context_size = p->pool->context_size,
	};

	return verify_has_lists(p) ? ktap_expect_nbl(t, obj, &s, "in verify mode")
				   : ktap_expect_nb(t, obj, &s, "in verify mode");
}

void verify_push_out(struct ktap *t, struct verify_pool *p)
{
	unsigned int i;
	void *obj;

	for (i = 0; i < 70; i++) {
		obj = verify_alloc(p);
		if (!ktap_expect(t, obj) || !verify_whole(t, p, obj))
			return;
		verify_free(p, obj);
	}
}

static void verify_audit(struct ktap *t)
{
	ktap_expect_eq(t, ndis_stat("lists_allocated"), ndis_stat("lists_freed"));
	ktap_expect_eq(t, ndis_stat("nbs_allocated"), ndis_stat("nbs_freed"));
	ktap_expect_eq(t, ndis_stat("contexts_allocated"),
		       ndis_stat("contexts_freed"));
	ktap_expect_eq(t, ndis_stat("retreats_allocated"),
		       ndis_stat("retreats_freed"));
}

static const struct ktap_case verify_cases[] = {
	{ "what is right is not reported", verify_quiet },
	{ "double free", verify_double_free },
	{ "write after free, every part of an object", verify_write_after_free },
	{ "write after free, found at destroy", verify_write_found_at_destroy },
	{ "Next set at free", verify_next_set },
	{ "lists out at destroy", verify_lists_out },
	{ "chains", verify_chains },
	{ "context space left at free", verify_context_left },
	{ "retreats left at free", verify_retreat_left },
	{ "wrong kind of pool", verify_wrong_kind },
	{ "NdisFreeNetBufferList twice, of NULL", verify_windows_double_free },
	{ "indicated and appended lists", verify_receive },
	{ "freed lists indicated and appended", verify_receive_freed },
	{ "indicated without a NAPI", verify_receive_dropped },
	{ "audit", verify_audit },
};

static struct ktap *verify_report;

static int __init verify_test_init(void)
{
	verify_report = ktap_run(KBUILD_MODNAME, verify_cases,
				 ARRAY_SIZE(verify_cases));
	return PTR_ERR_OR_ZERO(verify_report);
}

static void __exit verify_test_exit(void)
{
	ktap_release(verify_report);
}

module_init(verify_test_init);
module_exit(verify_test_exit);

MODULE_DESCRIPTION("Tests of ndis.ko: verify mode");
MODULE_LICENSE("GPL");
