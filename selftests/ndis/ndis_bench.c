// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis_bench.ko: what an allocation and its free cost, beside what the kernel
 * offers for the same end. It measures when it is loaded; the results are in
 * /sys/kernel/debug/ndis_bench, a line each: name, nanoseconds per pair. Under
 * "-icount shift=0" a nanosecond is an instruction.
 */
#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/seq_file.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include <ndis/pool.h>

#define PAIRS		204800
#define CHUNK		6400	/* pairs with softirqs disabled at a time */
#define BULK		32
#define OBJECT_SIZE	640	/* a list with its NET_BUFFER and private part */

/* Where the loops find what they use, so that a loop is nothing but its pairs */
struct bench_env {
	struct ndis_pool *pool;
	struct page_pool *pages;
	struct kmem_cache *slab;
};

struct bench {
	const char *name;
	int (*create)(struct bench_env *env);
	bool (*run)(struct bench_env *env);	/* CHUNK pairs; false: failed */
	void (*destroy)(struct bench_env *env);
	u64 ns;
};

/* --- ours ------------------------------------------------------------------------ */

static int pool_create(struct bench_env *env, bool nb_pool, bool nb,
		       u32 data_size, enum ndis_pool_access access)
{
	struct ndis_pool_params params = {
		.tag = NDIS_POOL_TAG('B', 'n', 'c', 'h'),
		.alloc_nb = nb, .data_size = data_size, .access = access,
		.headroom = data_size ? 256 : 0,
	};

	env->pool = nb_pool ? ndis_nb_pool_create(&params)
			    : ndis_nbl_pool_create(&params);
	return PTR_ERR_OR_ZERO(env->pool);
}

static int create_napi_data(struct bench_env *env)
{
	return pool_create(env, false, true, 2048, NDIS_ACCESS_NAPI);
}

static int create_napi(struct bench_env *env)
{
	return pool_create(env, false, true, 0, NDIS_ACCESS_NAPI);
}

static int create_any_data(struct bench_env *env)
{
	return pool_create(env, false, true, 2048, NDIS_ACCESS_ANY);
}

static int create_any(struct bench_env *env)
{
	return pool_create(env, false, true, 0, NDIS_ACCESS_ANY);
}

static int create_nb_napi(struct bench_env *env)
{
	return pool_create(env, true, true, 0, NDIS_ACCESS_NAPI);
}

static int create_nb_any(struct bench_env *env)
{
	return pool_create(env, true, true, 0, NDIS_ACCESS_ANY);
}

static void destroy_nbl(struct bench_env *env)
{
	ndis_nbl_pool_destroy(env->pool);
}

static void destroy_nb(struct bench_env *env)
{
	ndis_nb_pool_destroy(env->pool);
}

static bool run_nbl(struct bench_env *env)
{
	struct ndis_pool *pool = env->pool;
	struct net_buffer_list *nbl;
	unsigned int i;

	for (i = 0; i < CHUNK; i++) {
		nbl = ndis_nbl_alloc(pool);
		if (unlikely(!nbl))
			return false;
		ndis_nbl_free(nbl);
	}
	return true;
}

static bool run_nbl_bulk(struct bench_env *env)
{
	struct net_buffer_list *nbl[BULK];
	struct ndis_pool *pool = env->pool;
	unsigned int i, j;

	for (i = 0; i < CHUNK / BULK; i++) {
		for (j = 0; j < BULK; j++) {
			nbl[j] = ndis_nbl_alloc(pool);
			if (unlikely(!nbl[j]))
				return false;
		}
		for (j = 0; j < BULK; j++)
			ndis_nbl_free(nbl[j]);
	}
	return true;
}

static bool run_nbl_chain(struct bench_env *env)
{
	struct ndis_pool *pool = env->pool;
	struct net_buffer_list *chain;
	unsigned int i;

	for (i = 0; i < CHUNK / BULK; i++) {
		if (unlikely(ndis_nbl_alloc_chain(pool, &chain, BULK) != BULK))
			return false;
		ndis_nbl_free_chain(chain);
	}
	return true;
}

static bool run_nb(struct bench_env *env)
{
	struct ndis_pool *pool = env->pool;
	struct net_buffer *nb;
	unsigned int i;

	for (i = 0; i < CHUNK; i++) {
		nb = ndis_nb_alloc(pool);
		if (unlikely(!nb))
			return false;
		ndis_nb_free(nb);
	}
	return true;
}

/* --- the kernel's ----------------------------------------------------------------- */

static int create_pages(struct bench_env *env)
{
	struct page_pool_params params = {
		.pool_size = 1024, .nid = NUMA_NO_NODE,
	};

	env->pages = page_pool_create(&params);
	return PTR_ERR_OR_ZERO(env->pages);
}

static void destroy_pages(struct bench_env *env)
{
	page_pool_destroy(env->pages);
}

static bool run_pages(struct bench_env *env, bool direct)
{
	struct page_pool *pages = env->pages;
	struct page *page;
	unsigned int i;

	for (i = 0; i < CHUNK; i++) {
		page = page_pool_alloc_pages(pages, GFP_ATOMIC | __GFP_NOWARN);
		if (unlikely(!page))
			return false;
		page_pool_put_full_page(pages, page, direct);
	}
	return true;
}

static bool run_pages_direct(struct bench_env *env)
{
	return run_pages(env, true);
}

static bool run_pages_ring(struct bench_env *env)
{
	return run_pages(env, false);
}

static int create_slab(struct bench_env *env)
{
	env->slab = kmem_cache_create("ndis_bench", OBJECT_SIZE, SMP_CACHE_BYTES,
				      0, NULL);
	return env->slab ? 0 : -ENOMEM;
}

static void destroy_slab(struct bench_env *env)
{
	kmem_cache_destroy(env->slab);
}

static bool run_slab(struct bench_env *env)
{
	struct kmem_cache *slab = env->slab;
	unsigned int i;
	void *obj;

	for (i = 0; i < CHUNK; i++) {
		obj = kmem_cache_alloc(slab, GFP_ATOMIC);
		if (unlikely(!obj))
			return false;
		kmem_cache_free(slab, obj);
	}
	return true;
}

static bool run_slab_bulk(struct bench_env *env)
{
	struct kmem_cache *slab = env->slab;
	void *obj[BULK];
	unsigned int i;

	for (i = 0; i < CHUNK / BULK; i++) {
		if (unlikely(!kmem_cache_alloc_bulk(slab, GFP_ATOMIC, BULK, obj)))
			return false;
		kmem_cache_free_bulk(slab, BULK, obj);
	}
	return true;
}

static int create_nothing(struct bench_env *env)
{
	return 0;
}

static void destroy_nothing(struct bench_env *env)
{
}

static bool run_skb(struct bench_env *env)
{
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < CHUNK; i++) {
		skb = netdev_alloc_skb(NULL, 1536);
		if (unlikely(!skb))
			return false;
		consume_skb(skb);
	}
	return true;
}

/* --- measuring --------------------------------------------------------------------- */

static struct bench benches[] = {
	{ "napi_list_nb_data", create_napi_data, run_nbl, destroy_nbl },
	{ "napi_list_nb", create_napi, run_nbl, destroy_nbl },
	{ "any_list_nb_data", create_any_data, run_nbl, destroy_nbl },
	{ "any_list_nb", create_any, run_nbl, destroy_nbl },
	{ "napi_nb", create_nb_napi, run_nb, destroy_nb },
	{ "any_nb", create_nb_any, run_nb, destroy_nb },
	{ "napi_list_nb_data_bulk32", create_napi_data, run_nbl_bulk, destroy_nbl },
	{ "napi_list_nb_bulk32", create_napi, run_nbl_bulk, destroy_nbl },
	{ "any_list_nb_bulk32", create_any, run_nbl_bulk, destroy_nbl },
	{ "napi_list_nb_data_chain32", create_napi_data, run_nbl_chain, destroy_nbl },
	{ "napi_list_nb_chain32", create_napi, run_nbl_chain, destroy_nbl },
	{ "any_list_nb_chain32", create_any, run_nbl_chain, destroy_nbl },
	{ "page_pool_direct", create_pages, run_pages_direct, destroy_pages },
	{ "page_pool_ring", create_pages, run_pages_ring, destroy_pages },
	{ "kmem_cache_640", create_slab, run_slab, destroy_slab },
	{ "kmem_cache_640_bulk32", create_slab, run_slab_bulk, destroy_slab },
	{ "netdev_alloc_skb_1536", create_nothing, run_skb, destroy_nothing },
};

/* Chunk by chunk, so that nothing else of the machine has to wait for all */
static int bench_run(struct bench *b)
{
	struct bench_env env;
	unsigned int done;
	ktime_t start;
	bool ok;
	int err;

	err = b->create(&env);
	if (err)
		return err;

	local_bh_disable();
	ok = b->run(&env);	/* warm */
	local_bh_enable();
	for (done = 0; ok && done < PAIRS; done += CHUNK) {
		local_bh_disable();
		start = ktime_get();
		ok = b->run(&env);
		b->ns += ktime_to_ns(ktime_sub(ktime_get(), start));
		local_bh_enable();
		cond_resched();
	}
	b->destroy(&env);
	return ok ? 0 : -ENOMEM;
}

static int bench_show(struct seq_file *m, void *v)
{
	unsigned int i;
	u64 tenths;

	for (i = 0; i < ARRAY_SIZE(benches); i++) {
		tenths = benches[i].ns * 10 / PAIRS;
		seq_printf(m, "%s %llu.%llu\n", benches[i].name, tenths / 10,
			   tenths % 10);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bench);

static struct dentry *bench_file;

static int __init ndis_bench_init(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(benches); i++) {
		err = bench_run(&benches[i]);
		if (err) {
			pr_err("%s: error %d\n", benches[i].name, err);
			return err;
		}
	}
	bench_file = debugfs_create_file("ndis_bench", 0400, NULL, NULL,
					 &bench_fops);
	return 0;
}

static void __exit ndis_bench_exit(void)
{
	debugfs_remove(bench_file);
}

module_init(ndis_bench_init);
module_exit(ndis_bench_exit);

MODULE_DESCRIPTION("Cost of an allocation from NDIS pools and beside them");
MODULE_LICENSE("GPL");
