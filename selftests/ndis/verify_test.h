/* SPDX-License-Identifier: GPL-2.0-only */
/* Verify mode: each report, from pools of every kind and access. */
#ifndef _VERIFY_TEST_H
#define _VERIFY_TEST_H

#include <ndis.h>

#include "pool_test.h"

#define VERIFY_KINDS	8	/* of reports */

/* The counters in ndis/stats at one time */
struct verify_counts {
	u64 count[VERIFY_KINDS];
};

void verify_counts(struct verify_counts *counts);
/* Since @before there were @n reports of kind @name, and none of another */
bool verify_expect(struct ktap *t, const struct verify_counts *before,
		   const char *name, u64 n);

struct verify_pool {
	struct ndis_pool *pool;
	enum ndis_pool_kind kind;
	enum ndis_pool_access access;
};

bool verify_pool_create(struct ktap *t, struct verify_pool *p,
			enum ndis_pool_kind kind,
			enum ndis_pool_access access);
void verify_pool_destroy(struct verify_pool *p);
void verify_each_pool(struct ktap *t,
		      void (*fn)(struct ktap *t, struct verify_pool *p));

static inline bool verify_has_lists(const struct verify_pool *p)
{
	return p->kind < NDIS_KIND_NB;
}

void *verify_alloc(struct verify_pool *p);
void verify_free(struct verify_pool *p, void *obj);
bool verify_whole(struct ktap *t, struct verify_pool *p, const void *obj);

/* More than a quarantine takes: whatever is in there leaves it */
void verify_push_out(struct ktap *t, struct verify_pool *p);

void verify_quiet(struct ktap *t);
void verify_double_free(struct ktap *t);
void verify_write_after_free(struct ktap *t);
void verify_write_found_at_destroy(struct ktap *t);
void verify_next_set(struct ktap *t);
void verify_lists_out(struct ktap *t);
void verify_chains(struct ktap *t);

void verify_context_left(struct ktap *t);
void verify_retreat_left(struct ktap *t);
void verify_wrong_kind(struct ktap *t);
void verify_windows_double_free(struct ktap *t);

void verify_receive(struct ktap *t);
void verify_receive_freed(struct ktap *t);
void verify_receive_dropped(struct ktap *t);

#endif /* _VERIFY_TEST_H */
