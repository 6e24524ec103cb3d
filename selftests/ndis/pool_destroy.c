// SPDX-License-Identifier: GPL-2.0-only
/* The ends of a pool: of its limit, of memory, of itself. */
#include <linux/delay.h>
#include <linux/slab.h>

#include "pool_test.h"

u64 test_foreign_pools;

/* Take all that there is. Return: how many; obj has room for max */
static unsigned int take_all(struct ktap *t, struct test_pool *tp, void **obj,
			     unsigned int max)
{
	unsigned int n;

	for (n = 0; n < max; n++) {
		obj[n] = test_obj_alloc(tp);
		if (!obj[n])
			break;
		test_obj_expect(t, tp, obj[n], "up to the end");
	}
	return n;
}

static void free_all(struct test_pool *tp, void **obj, unsigned int n)
{
	while (n--)
		test_obj_free(tp, obj[n]);
}

/* There is no more; what there is nevertheless goes back */
static void expect_none(struct ktap *t, struct test_pool *tp)
{
	void *obj = test_obj_alloc(tp);

	ktap_expect_ptr(t, obj, NULL);
	if (obj)
		test_obj_free(tp, obj);
}

static void walk_limit(struct ktap *t, struct test_pool *tp, void **obj)
{
	u32 limit = tp->params.limit;
	unsigned int i, n;

	/* From behind, from the magazine, and from both */
	for (i = 0; i < 70; i++) {
		n = take_all(t, tp, obj, limit + 10);
		ktap_expect_eq(t, n, limit);
		ktap_expect_eq(t, ndis_pool_live(tp->pool), n);
		if (!n)
			return;
		expect_none(t, tp);
		ktap_expect_eq(t, ndis_pool_live(tp->pool), n);

		/* One back, one more */
		test_obj_free(tp, obj[0]);
		obj[0] = test_obj_alloc(tp);
		ktap_expect(t, obj[0]);
		expect_none(t, tp);
		ktap_expect_eq(t, tp->pool->high, limit);
		free_all(tp, obj, n);
		if (ktap_failed(t))
			return;
	}
}

void test_limit(struct ktap *t)
{
	static const u32 limits[] = { 1, NDIS_MAGAZINE, 200 };
	enum ndis_pool_access access;
	enum ndis_pool_kind kind;
	struct test_pool tp;
	unsigned int i;
	void **obj;

	obj = kcalloc(200 + 10, sizeof(*obj), GFP_KERNEL);
	if (!ktap_expect(t, obj))
		return;
	for (access = 0; access <= NDIS_ACCESS_NAPI; access++) {
		for (kind = NDIS_KIND_LIST; kind <= NDIS_KIND_NB_DATA; kind++) {
			struct ndis_pool_params params = { .access = access };

			for (i = 0; i < ARRAY_SIZE(limits); i++) {
				params.limit = limits[i];
				if (!test_pool_create(t, &tp, kind, &params))
					continue;
				local_bh_disable();
				walk_limit(t, &tp, obj);
				local_bh_enable();
				test_pool_destroy(t, &tp);
			}
		}
	}
	kfree(obj);
}

/* Pages that cannot be mapped are pages that are not there */
void test_exhaustion(struct ktap *t)
{
	static const enum ndis_pool_kind kinds[] = {
		NDIS_KIND_LIST_NB_DATA, NDIS_KIND_NB_DATA,
	};
	struct ndis_pool_params params = {
		.dev = test_device(TEST_DEV_COUNT),
	};
	struct test_pool tp;
	unsigned int i, n;
	void *obj[32];

	for (params.access = 0; params.access <= NDIS_ACCESS_NAPI;
	     params.access++) {
		for (i = 0; i < ARRAY_SIZE(kinds); i++) {
			if (!test_pool_create(t, &tp, kinds[i], &params))
				continue;
			local_bh_disable();
			atomic_set(&test_dma.budget, 10);
			n = take_all(t, &tp, obj, ARRAY_SIZE(obj));
			ktap_expect_eq(t, n, 10);
			expect_none(t, &tp);
			ktap_expect_eq(t, ndis_pool_live(tp.pool), n);
			ktap_expect_eq(t, tp.pool->high, n);

			/* There is memory again */
			atomic_set(&test_dma.budget, INT_MAX);
			n += take_all(t, &tp, obj + n, ARRAY_SIZE(obj) - n);
			ktap_expect_eq(t, n, ARRAY_SIZE(obj));
			free_all(&tp, obj, n);
			local_bh_enable();
			test_pool_destroy(t, &tp);
			ktap_expect_eq(t, test_dma_live(), 0);
		}
	}
}

void test_many(struct ktap *t)
{
	const unsigned int n = 10000;
	enum ndis_pool_kind kind;
	struct test_pool tp;
	unsigned int i;
	void **obj;

	obj = kvcalloc(n, sizeof(*obj), GFP_KERNEL);
	if (!ktap_expect(t, obj))
		return;
	for (kind = NDIS_KIND_LIST; kind <= NDIS_KIND_NB_DATA; kind++) {
		struct ndis_pool_params params = {
			.access = kind % (NDIS_ACCESS_NAPI + 1),
		};

		if (!test_pool_create(t, &tp, kind, &params))
			continue;
		for (i = 0; i < 2; i++) {
			local_bh_disable();
			ktap_expect_eq(t, take_all(t, &tp, obj, n), n);
			ktap_expect_eq(t, tp.pool->high, n);
			local_bh_enable();
			if (ktap_failed(t))
				goto out;
			local_bh_disable();
			free_all(&tp, obj, n);
			local_bh_enable();
			cond_resched();
		}
		test_pool_destroy(t, &tp);
	}
out:
	kvfree(obj);
}

/* The bus address is that of the data, in a mapping of the whole page */
static void check_mapped(struct ktap *t, struct test_pool *tp, void *obj)
{
	u32 size = tp->state.data_size;
	phys_addr_t page, data;
	dma_addr_t dma;

	data = virt_to_phys(ndis_nb_data(test_obj_nb(tp, obj)));
	page = page_to_phys(virt_to_head_page(obj));
	dma = test_pool_has_lists(tp) ? ndis_nbl_for_device(obj)
				      : ndis_nb_dma(obj);
	if (tp->params.dev == test_device(TEST_DEV_COUNT)) {
		u64 want = (u64)tp->pool->page_size << 2 | DMA_BIDIRECTIONAL;

		ktap_expect_eq(t, dma, data + TEST_BUS_OFFSET);
		ktap_expect_ptr(t, xa_load(&test_dma.live, page + TEST_BUS_OFFSET),
				xa_mk_value(want));
	} else if (tp->params.dev == test_device(TEST_DEV_32BIT)) {
		ktap_expect(t, data + size <= BIT_ULL(32));
		ktap_expect(t, dma + size <= BIT_ULL(32));
	}
	ktap_expect(t, dma && dma != DMA_MAPPING_ERROR);
}

void test_dma_mapped(struct ktap *t)
{
	static const enum test_device devices[] = {
		TEST_DEV_DIRECT, TEST_DEV_COUNT, TEST_DEV_32BIT,
	};
	static const u32 sizes[] = { 2048, 9018 };
	int before = atomic_read(&test_dma.maps);
	unsigned int d, s, n;
	struct test_pool tp;
	void *obj[100];

	for (d = 0; d < ARRAY_SIZE(devices); d++) {
		for (s = 0; s < 2 * ARRAY_SIZE(sizes); s++) {
			struct ndis_pool_params params = {
				.access = NDIS_ACCESS_NAPI,
				.dev = test_device(devices[d]),
				.data_size = sizes[s / 2],
				.headroom = 256,
			};

			if (!test_pool_create(t, &tp, s & 1 ? NDIS_KIND_NB_DATA :
					      NDIS_KIND_LIST_NB_DATA, &params))
				continue;
			local_bh_disable();
			n = take_all(t, &tp, obj, ARRAY_SIZE(obj));
			ktap_expect_eq(t, n, ARRAY_SIZE(obj));
			while (n--) {
				check_mapped(t, &tp, obj[n]);
				test_obj_free(&tp, obj[n]);
			}
			local_bh_enable();
			test_pool_destroy(t, &tp);
			ktap_expect_eq(t, test_dma_live(), 0);
		}
	}
	ktap_expect(t, atomic_read(&test_dma.maps) > before);
	ktap_expect_eq(t, atomic_read(&test_dma.errors), 0);
}

void test_destroy_null(struct ktap *t)
{
	u64 gone = ndis_stat("pools_destroyed");

	ndis_nbl_pool_destroy(NULL);
	ndis_nb_pool_destroy(NULL);
	ndis_nbl_pool_destroy(ERR_PTR(-EINVAL));
	ndis_nb_pool_destroy(ERR_PTR(-ENOMEM));
	ktap_expect_eq(t, ndis_stat("pools_destroyed"), gone);
}

/* --- destroy with objects out -------------------------------------------------- */

static bool wait_stat(const char *name, u64 value)
{
	unsigned int i;

	for (i = 0; i < 500 && ndis_stat(name) != value; i++)
		msleep(20);
	return ndis_stat(name) == value;
}

struct late {
	struct test_pool tp;
	const char *tag;
	void *obj[4];
};

static bool late_create(struct ktap *t, struct late *l,
			enum ndis_pool_kind kind, enum ndis_pool_access access,
			const char *tag)
{
	struct ndis_pool_params params = {
		.tag = NDIS_POOL_TAG(tag[0], tag[1], tag[2], tag[3]),
		.dev = test_device(TEST_DEV_COUNT),
		.access = access,
	};
	unsigned int i;

	l->tag = tag;
	if (!test_pool_create(t, &l->tp, kind, &params))
		return false;
	local_bh_disable();
	for (i = 0; i < ARRAY_SIZE(l->obj); i++)
		l->obj[i] = test_obj_alloc(&l->tp);
	/* One is free, three are out: all three in one frame where they can */
	test_obj_free(&l->tp, l->obj[3]);
	if (kind == NDIS_KIND_LIST_NB_DATA)
		ndis_nbl_append(l->obj[0], l->obj[1]);
	local_bh_enable();
	return true;
}

static void late_destroy(struct ktap *t, struct late *l)
{
	u64 deferred = ndis_stat("pools_deferred");
	u64 gone = ndis_stat("pools_destroyed");
	char line[NDIS_LINE_LEN];

	if (test_pool_has_lists(&l->tp))
		ndis_nbl_pool_destroy(l->tp.pool);
	else
		ndis_nb_pool_destroy(l->tp.pool);
	ktap_expect_eq(t, ndis_stat("pools_deferred"), deferred + 1);
	ktap_expect_eq(t, ndis_stat("pools_destroyed"), gone);
	if (ktap_expect(t, ndis_pools_line(l->tag, line))) {
		ktap_expect(t, strstr(line, ",dying "));
		ktap_expect(t, strstr(line, " 3 4 4 1"));
	}
}

/* The last one takes the pool with it, all before do not */
static void late_free(struct ktap *t, struct late *l)
{
	const char *freed = test_pool_has_lists(&l->tp) ? "lists_freed"
							: "nbs_freed";
	u64 gone = ndis_stat("pools_destroyed"), back = ndis_stat(freed);
	char line[NDIS_LINE_LEN];

	test_obj_free(&l->tp, l->obj[0]);
	if (l->tp.state.kind != NDIS_KIND_LIST_NB_DATA)
		test_obj_free(&l->tp, l->obj[1]);
	msleep(50);
	ktap_expect_eq(t, ndis_stat("pools_destroyed"), gone);
	if (ktap_expect(t, ndis_pools_line(l->tag, line)))
		ktap_expect(t, strstr(line, " 1 4 4 3"));

	test_obj_free(&l->tp, l->obj[2]);
	ktap_expect(t, wait_stat("pools_destroyed", gone + 1));
	ktap_expect(t, !ndis_pools_line(l->tag, line));
	ktap_expect_eq(t, ndis_stat(freed), back + 3);
}

/* Two at a time, the second first, back in the other order */
void test_destroy_late(struct ktap *t)
{
	enum ndis_pool_access access;
	enum ndis_pool_kind kind;
	struct late a, b;

	for (access = 0; access <= NDIS_ACCESS_NAPI; access++) {
		for (kind = NDIS_KIND_LIST; kind <= NDIS_KIND_NB_DATA; kind++) {
			if (!late_create(t, &a, kind, access, "LatA") ||
			    !late_create(t, &b, kind, access, "LatB"))
				return;
			late_destroy(t, &b);
			late_destroy(t, &a);
			late_free(t, &a);
			late_free(t, &b);
			if (ktap_failed(t))
				return;
		}
	}
	ktap_expect_eq(t, test_dma_live(), 0);
}

/* Said in the log and refused; nothing is counted, nothing breaks */
void test_misuse(struct ktap *t)
{
	u64 gone = ndis_stat("pools_destroyed");
	u64 deferred = ndis_stat("pools_deferred");
	struct ndis_pool_params params = { .context_size = 64 };
	struct net_buffer_list *nbl;
	struct test_pool tp;

	if (!test_pool_create(t, &tp, NDIS_KIND_LIST_NB, &params))
		return;
	nbl = ndis_nbl_alloc(tp.pool);

	/* More context back than was taken */
	ndis_nbl_context_free(nbl, 8);
	ktap_expect_nbl(t, nbl, &tp.state, "after a wrong context free");
	ktap_expect_eq(t, ndis_nbl_context_alloc(nbl, 16, 0), 0);
	ndis_nbl_context_free(nbl, 24);
	ktap_expect_eq(t, nbl->Context->Offset, 48);
	ndis_nbl_context_free(nbl, 16);

	/* Destroyed twice, and used between */
	ndis_nbl_pool_destroy(tp.pool);
	ktap_expect_ptr(t, ndis_nbl_alloc(tp.pool), NULL);
	ndis_nbl_pool_destroy(tp.pool);
	ktap_expect_eq(t, ndis_stat("pools_deferred"), deferred + 1);
	ktap_expect_eq(t, ndis_stat("pools_destroyed"), gone);
	ndis_nbl_free(nbl);
	ktap_expect(t, wait_stat("pools_destroyed", gone + 1));
}

/*
 * Last: whatever the cases before have done, nothing of it is left. Another
 * driver's pools may exist on a machine that is in use; they stay as they are.
 */
void test_audit(struct ktap *t)
{
	u64 created = ndis_stat("pools_created");
	u64 gone = ndis_stat("pools_destroyed");
	u64 lists = ndis_stat("lists_allocated"), nbs = ndis_stat("nbs_allocated");

	ktap_diag(t, "pools %llu, deferred %llu, lists %llu, NET_BUFFERs %llu, mapped %d",
		  created, ndis_stat("pools_deferred"), lists, nbs,
		  atomic_read(&test_dma.maps));
	ktap_expect(t, created > 0 && lists > 0 && nbs > 0);
	ktap_expect_eq(t, test_dma_live(), 0);
	ktap_expect_eq(t, atomic_read(&test_dma.errors), 0);
	ktap_expect_eq(t, created - gone, test_foreign_pools);
	if (test_foreign_pools) {
		ktap_diag(t, "other modules have pools: sums not compared");
		return;
	}
	ktap_expect_eq(t, ndis_stat("lists_freed"), lists);
	ktap_expect_eq(t, ndis_stat("nbs_freed"), nbs);
}
