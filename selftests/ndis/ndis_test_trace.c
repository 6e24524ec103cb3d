// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis_test_trace.ko: known numbers of operations on pools with known tags, for
 * tests of what a debugger sees. They are done when it is loaded; then a pool
 * stays with lists out, until it is unloaded.
 */
#include <linux/module.h>

#include <ndis/pool.h>

#define LIMIT	80		/* more than a magazine */
#define KEPT	3

static struct ndis_pool *kept_pool;
static struct net_buffer_list *kept[KEPT];
static struct ndis_pool *verified_pool;
static struct net_buffer_list *verified;
static struct ndis_pool *buffer_pool;
static struct net_buffer *buffer;

/* Events: alloc LIMIT + 2 (one of them of nothing), free LIMIT + 1 */
static int singles(struct ndis_pool *pool)
{
	static struct net_buffer_list *nbl[LIMIT];
	unsigned int i;

	for (i = 0; i < LIMIT; i++) {
		nbl[i] = ndis_nbl_alloc(pool);
		if (!nbl[i])
			return -ENOMEM;
	}
	if (ndis_nbl_alloc(pool))
		return -EINVAL;
	for (i = 0; i < LIMIT; i++)
		ndis_nbl_free(nbl[i]);

	nbl[0] = ndis_nbl_alloc(pool);
	if (!nbl[0])
		return -ENOMEM;
	ndis_nbl_free(nbl[0]);
	return 0;
}

/* Events: alloc and free LIMIT each */
static int chain(struct ndis_pool *pool)
{
	struct net_buffer_list *nbl;

	if (ndis_nbl_alloc_chain(pool, &nbl, LIMIT + 20) != LIMIT)
		return -EINVAL;
	ndis_nbl_free_chain(nbl);
	return 0;
}

static noinline int lists(u32 tag, enum ndis_pool_access access, u32 data_size)
{
	struct ndis_pool_params params = {
		.tag = tag, .alloc_nb = true, .data_size = data_size,
		.access = access, .limit = LIMIT,
	};
	struct ndis_pool *pool = ndis_nbl_pool_create(&params);
	int err;

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	local_bh_disable();
	err = singles(pool) ?: chain(pool);
	local_bh_enable();
	ndis_nbl_pool_destroy(pool);
	return err;
}

/* Events: alloc 2 (one of nothing), destroy with one out, then its free */
static int late(u32 tag)
{
	struct ndis_pool_params params = {
		.tag = tag, .data_size = 100, .limit = 1,
	};
	struct ndis_pool *pool = ndis_nb_pool_create(&params);
	struct net_buffer *nb;

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	nb = ndis_nb_alloc(pool);
	if (!nb || ndis_nb_alloc(pool))
		return -ENOMEM;
	ndis_nb_pool_destroy(pool);
	ndis_nb_free(nb);
	return 0;
}

/* 25 allocations, 5 of them of new memory; 3 out, 5 at most */
static noinline int keep(u32 tag)
{
	struct ndis_pool_params params = {
		.tag = tag, .alloc_nb = true, .context_size = 32,
	};
	struct net_buffer_list *nbl[5] = { };
	struct ndis_pool *pool = ndis_nbl_pool_create(&params);
	unsigned int i, round;

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	kept_pool = pool;
	for (round = 0; round < 5; round++) {
		for (i = 0; i < ARRAY_SIZE(nbl); i++)
			nbl[i] = ndis_nbl_alloc(pool);
		for (i = 0; i < ARRAY_SIZE(nbl); i++) {
			if (round == 4 && i < KEPT)
				kept[i] = nbl[i];
			else if (nbl[i])
				ndis_nbl_free(nbl[i]);
		}
	}
	return kept[KEPT - 1] ? 0 : -ENOMEM;
}

/* One out, in verify mode. Events: alloc 2, free 2 when it has let go */
static noinline int keep_verified(u32 tag)
{
	struct ndis_pool_params params = {
		.tag = tag, .alloc_nb = true, .verify = true,
	};
	struct ndis_pool *pool = ndis_nbl_pool_create(&params);
	struct net_buffer_list *nbl;

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	verified_pool = pool;
	nbl = ndis_nbl_alloc(pool);
	verified = ndis_nbl_alloc(pool);
	if (nbl)
		ndis_nbl_free(nbl);
	return nbl && verified ? 0 : -ENOMEM;
}

/* A NET_BUFFER out */
static int keep_buffer(u32 tag)
{
	struct ndis_pool_params params = { .tag = tag };
	struct ndis_pool *pool = ndis_nb_pool_create(&params);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	buffer_pool = pool;
	buffer = ndis_nb_alloc(pool);
	return buffer ? 0 : -ENOMEM;
}

static void let_go(void)
{
	unsigned int i;

	if (buffer)
		ndis_nb_free(buffer);
	ndis_nb_pool_destroy(buffer_pool);

	if (verified)
		ndis_nbl_free(verified);
	ndis_nbl_pool_destroy(verified_pool);

	for (i = 0; i < KEPT; i++)
		if (kept[i])
			ndis_nbl_free(kept[i]);
	ndis_nbl_pool_destroy(kept_pool);
}

static int __init trace_test_init(void)
{
	int err;

	err = lists(NDIS_POOL_TAG('T', 'r', 'N', 'a'), NDIS_ACCESS_NAPI, 0) ?:
	      lists(NDIS_POOL_TAG('T', 'r', 'N', 'd'), NDIS_ACCESS_NAPI, 1600) ?:
	      lists(NDIS_POOL_TAG('T', 'r', 'A', 'n'), NDIS_ACCESS_ANY, 0) ?:
	      lists(NDIS_POOL_TAG('T', 'r', 'A', 'd'), NDIS_ACCESS_ANY, 1600) ?:
	      late(NDIS_POOL_TAG('T', 'r', 'L', 'a')) ?:
	      keep(NDIS_POOL_TAG('T', 'r', 1, 'K')) ?:
	      keep_verified(NDIS_POOL_TAG('T', 'r', 'V', 'f')) ?:
	      keep_buffer(NDIS_POOL_TAG('T', 'r', 'N', 'b'));
	if (err)
		let_go();
	return err;
}

static void __exit trace_test_exit(void)
{
	let_go();
}

module_init(trace_test_init);
module_exit(trace_test_exit);

MODULE_DESCRIPTION("Operations on NDIS pools, for those who watch");
MODULE_LICENSE("GPL");
