// SPDX-License-Identifier: GPL-2.0-only
/* What a pool can be made of, and what debugfs says of it. */
#include <linux/slab.h>

#include "pool_test.h"

#define TEST_TAG	NDIS_POOL_TAG('T', 'e', 's', 't')

struct param_row {
	const char *name;
	bool nb;			/* a NET_BUFFER pool */
	struct ndis_pool_params params;
};

static const struct param_row refused[] = {
	{ "data without NET_BUFFER", false,
	  { .data_size = 2048 } },
	{ "context not a multiple of a pointer", false,
	  { .alloc_nb = true, .context_size = 12 } },
	{ "more data than an object may have", false,
	  { .alloc_nb = true, .data_size = SZ_64K + 1 } },
	{ "more data than 32 bits can add to", false,
	  { .alloc_nb = true, .data_size = U32_MAX } },
	{ "MDLs for a list without NET_BUFFER", false,
	  { .nr_mdls = 4 } },
	{ "MDLs beside data", false,
	  { .alloc_nb = true, .data_size = 2048, .nr_mdls = 4 } },
	{ "more MDLs than an skb has parts", false,
	  { .alloc_nb = true, .nr_mdls = NDIS_MAX_MDLS + 1 } },
	{ "as many MDLs as the field can say", false,
	  { .alloc_nb = true, .nr_mdls = U16_MAX } },
	{ "an access that does not exist", false,
	  { .alloc_nb = true, .access = NDIS_ACCESS_NAPI + 1 } },
	{ "shared pages for whoever comes", false,
	  { .alloc_nb = true, .data_size = 1536, .share_pages = true } },
	{ "shared pages without data", false,
	  { .alloc_nb = true, .access = NDIS_ACCESS_NAPI, .share_pages = true } },
	{ "NET_BUFFER: shared pages", true,
	  { .data_size = 1536, .access = NDIS_ACCESS_NAPI, .share_pages = true } },
	{ "NET_BUFFER: context", true,
	  { .context_size = 16 } },
	{ "NET_BUFFER: MDLs", true,
	  { .nr_mdls = 4 } },
	{ "NET_BUFFER: more data than an object may have", true,
	  { .data_size = SZ_64K + 1 } },
};

static struct ndis_pool *row_create(const struct param_row *row)
{
	return row->nb ? ndis_nb_pool_create(&row->params)
		       : ndis_nbl_pool_create(&row->params);
}

static void row_destroy(const struct param_row *row, struct ndis_pool *pool)
{
	if (row->nb)
		ndis_nb_pool_destroy(pool);
	else
		ndis_nbl_pool_destroy(pool);
}

/* -EINVAL, and no pool counted */
void test_refused(struct ktap *t)
{
	u64 created = ndis_stat("pools_created");
	struct ndis_pool *pool;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		pool = row_create(&refused[i]);
		if (PTR_ERR_OR_ZERO(pool) == -EINVAL)
			continue;
		ktap_fail(t, __FILE__, __LINE__, "%s: %d", refused[i].name,
			  PTR_ERR_OR_ZERO(pool));
		row_destroy(&refused[i], pool);
	}
	ktap_expect_eq(t, ndis_stat("pools_created"), created);
}

static const struct param_row accepted[] = {
	{ "nothing but a list", false, { } },
	{ "one byte of data", false, { .alloc_nb = true, .data_size = 1 } },
	{ "odd data", false, { .alloc_nb = true, .data_size = 1515 } },
	{ "as much as fits a page with headroom", false,
	  { .alloc_nb = true, .data_size = 2560, .headroom = 256 } },
	{ "more than a page", false,
	  { .alloc_nb = true, .data_size = 9018, .headroom = 256 } },
	{ "the most", false, { .alloc_nb = true, .data_size = SZ_64K } },
	{ "the most context, and some of everything", false,
	  { .alloc_nb = true, .data_size = SZ_16K, .headroom = 4096,
	    .context_size = 65528 } },
	{ "context of one pointer", false, { .context_size = sizeof(void *) } },
	{ "context and data", false,
	  { .alloc_nb = true, .data_size = 1536, .context_size = 64 } },
	{ "MDLs for any skb", false,
	  { .alloc_nb = true, .nr_mdls = NDIS_MAX_MDLS } },
	{ "small ring", false,
	  { .alloc_nb = true, .data_size = 1536, .cache_pages = 2 } },
	{ "NET_BUFFER", true, { } },
	{ "NET_BUFFER: odd data", true, { .data_size = 193 } },
	{ "NET_BUFFER: alloc_nb means nothing", true, { .alloc_nb = true } },
	{ "NET_BUFFER: the most", true, { .data_size = SZ_64K } },
};

static enum ndis_pool_kind row_kind(const struct param_row *row)
{
	if (row->nb)
		return row->params.data_size ? NDIS_KIND_NB_DATA : NDIS_KIND_NB;
	if (!row->params.alloc_nb)
		return NDIS_KIND_LIST;
	return row->params.data_size ? NDIS_KIND_LIST_NB_DATA
				     : NDIS_KIND_LIST_NB;
}

/* All bytes of data are there, behind the headroom, and inside the object */
static void check_data(struct ktap *t, struct test_pool *tp, void *obj)
{
	struct net_buffer *nb = test_obj_nb(tp, obj);
	u32 size = tp->params.data_size;
	void *data;

	if (!size)
		return;
	data = ndis_nb_data(nb);
	ktap_expect(t, data - (void *)(nb->MdlChain + 1) >= tp->params.headroom);
	ktap_expect(t, virt_to_head_page(data) == virt_to_head_page(obj));
	ktap_expect(t, virt_to_head_page(data + size - 1) ==
		       virt_to_head_page(obj));
	/* An init_callback that did not run would show here or next time */
	memset(data - tp->params.headroom, 0x5a, tp->params.headroom + size);
	test_obj_expect(t, tp, obj, "after its data was written");
}

/* Each access, and one object is right: the rest is for the state tests */
void test_accepted(struct ktap *t)
{
	enum ndis_pool_access access;
	struct ndis_pool_params p;
	struct test_pool tp;
	unsigned int i;
	void *obj;

	for (i = 0; i < ARRAY_SIZE(accepted); i++) {
		for (access = 0; access <= NDIS_ACCESS_NAPI; access++) {
			p = accepted[i].params;
			p.access = access;
			if (!test_pool_create(t, &tp, row_kind(&accepted[i]), &p)) {
				ktap_diag(t, "refused: %s", accepted[i].name);
				continue;
			}
			local_bh_disable();
			obj = test_obj_alloc(&tp);
			if (ktap_expect(t, obj)) {
				test_obj_expect(t, &tp, obj, accepted[i].name);
				check_data(t, &tp, obj);
				test_obj_free(&tp, obj);
			}
			local_bh_enable();
			test_pool_destroy(t, &tp);
		}
	}
}

/* "owner kind flags struct context data live high alloc free" */
void test_debugfs(struct ktap *t)
{
	u64 created = ndis_stat("pools_created");
	u64 gone = ndis_stat("pools_destroyed");
	u64 out = ndis_stat("lists_allocated");
	u64 back = ndis_stat("lists_freed");
	struct ndis_pool_params p = {
		.tag = TEST_TAG, .alloc_nb = true, .data_size = 1600,
		.context_size = 48,
	};
	struct ndis_pool *pool = ndis_nbl_pool_create(&p);
	unsigned int context, data, live, high, allocs, frees, size;
	char owner[32], kind[16], flags[8];
	struct net_buffer_list *nbl[3];
	char line[NDIS_LINE_LEN];
	int n;

	if (!ktap_expect(t, !IS_ERR(pool)))
		return;
	nbl[0] = ndis_nbl_alloc(pool);
	nbl[1] = ndis_nbl_alloc(pool);
	nbl[2] = ndis_nbl_alloc(pool);
	ndis_nbl_free(nbl[1]);

	if (!ktap_expect(t, ndis_pools_line("Test", line)))
		line[0] = '\0';
	n = sscanf(line, "%31s %15s %7s %u %u %u %u %u %u %u", owner, kind,
		   flags, &size, &context, &data, &live, &high, &allocs, &frees);
	if (ktap_expect_eq(t, n, 10)) {
		ktap_expect(t, !strcmp(owner, KBUILD_MODNAME));
		ktap_expect(t, !strcmp(kind, "list+nb+data"));
		ktap_expect(t, !strcmp(flags, "any"));
		ktap_expect(t, size >= 80 + 368 + 176 + 48 + 48);
		ktap_expect_eq(t, context, 48);
		ktap_expect_eq(t, data, 1600);
		ktap_expect_eq(t, live, 2);
		ktap_expect_eq(t, high, 3);
		ktap_expect_eq(t, allocs, 3);
		ktap_expect_eq(t, frees, 1);
	}
	ktap_expect_eq(t, ndis_stat("pools_created"), created + 1);
	ktap_expect_eq(t, ndis_stat("pools_destroyed"), gone);
	ktap_expect_eq(t, ndis_stat("lists_allocated"), out + 3);
	ktap_expect_eq(t, ndis_stat("lists_freed"), back + 1);

	ndis_nbl_free(nbl[0]);
	ndis_nbl_free(nbl[2]);
	ndis_nbl_pool_destroy(pool);
	ktap_expect(t, !ndis_pools_line("Test", line));
	ktap_expect_eq(t, ndis_stat("pools_destroyed"), gone + 1);
	ktap_expect_eq(t, ndis_stat("lists_allocated"), out + 3);
	ktap_expect_eq(t, ndis_stat("lists_freed"), back + 3);
}
