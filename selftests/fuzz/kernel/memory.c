// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: pages, each with a poisoned one behind it, slab and kmalloc by way of
 * malloc(), DMA mappings that are noted, and a page_pool that recycles as the
 * kernel's does: what comes back from it was not constructed again.
 *
 * A page that nobody owns is poisoned, so that AddressSanitizer sees whoever
 * touches it. Physical, bus and virtual addresses are the same.
 *
 * A page of a page_pool that cuts them is two pieces. It is the driver's as long as
 * page_pool has not got both back; which of them the stack has is noted.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>
#include <net/page_pool.h>

#include "fuzz.h"

#define FUZZ_PAGES	2048
#define FUZZ_MAPPINGS	8192	/* a power of two */

static u8 arena[FUZZ_PAGES * 2 * PAGE_SIZE] __aligned(PAGE_SIZE);
static struct page pages[FUZZ_PAGES * 2];
static u8 owner[FUZZ_PAGES * 2];
static u32 visits[FUZZ_PAGES * 2 * 2], walk;	/* of each half */
static u8 stack_halves[FUZZ_PAGES * 2];		/* bit 0: the stack has the first, ... */
static unsigned int free_list[FUZZ_PAGES], nr_free;

unsigned long page_offset_base, vmemmap_base, phys_base;
struct fuzz_fail fuzz_fail;
bool fuzz_dma_sync;
static unsigned int driver_pages;	/* not cut */
static unsigned int nr_allocs;	/* kmalloc and slab objects that exist */

bool fuzz_fails(unsigned int *counter)
{
	return *counter && !--*counter;
}

/* --- pages ---------------------------------------------------------------- */

static unsigned int arena_index(const struct page *page)
{
	unsigned int i = page - pages;

	fuzz_check(page >= pages && i < ARRAY_SIZE(pages) && i % 2 == 0,
		   "no page: %p", page);
	return i;
}

bool fuzz_is_page(const void *p)
{
	return (u8 *)p >= arena && (u8 *)p < arena + sizeof(arena);
}

enum fuzz_owner fuzz_page_owner(const struct page *page)
{
	return owner[arena_index(page)];
}

bool fuzz_is_cut(const struct page *page)
{
	return page->pp && page->pp->p.flags & PP_FLAG_PAGE_FRAG;
}

static unsigned int half_of(const void *p)
{
	return offset_in_page(p) / (PAGE_SIZE / 2);
}

/* A piece goes to the stack, or back: then nobody may touch it */
void fuzz_half_move(const void *p, enum fuzz_owner to)
{
	struct page *page = virt_to_page(p);
	u8 *halves = &stack_halves[arena_index(page)];
	u8 bit = BIT(half_of(p));

	fuzz_check(fuzz_page_owner(page) == FUZZ_DRIVER,
		   "half of a page moves that is %u's", fuzz_page_owner(page));
	fuzz_check(!(*halves & bit) == (to == FUZZ_STACK),
		   "half of a page goes where it is");
	*halves ^= bit;
	if (to != FUZZ_STACK)
		__asan_poison_memory_region((void *)((uintptr_t)p & ~2047UL), 2048);
}

unsigned int fuzz_driver_pieces(void)
{
	unsigned int i, n = driver_pages;

	for (i = 0; i < ARRAY_SIZE(pages); i += 2)
		if (owner[i] == FUZZ_DRIVER && fuzz_is_cut(&pages[i]))
			n += atomic_long_read(&pages[i].pp_frag_count) -
			     (stack_halves[i] & 1) - (stack_halves[i] >> 1);
	return n;
}

bool fuzz_visit(const void *p)
{
	const struct page *page = virt_to_page(p);
	u32 *last = &visits[arena_index(page) * 2 +
			    (fuzz_is_cut(page) ? half_of(p) : 0)];
	bool first = *last != walk;

	*last = walk;
	return first;
}

void fuzz_pages_walk(void)
{
	walk++;
}

void fuzz_page_move(struct page *page, enum fuzz_owner from, enum fuzz_owner to)
{
	unsigned int i = arena_index(page);
	bool was_free = from == FUZZ_FREE || from == FUZZ_POOL;
	bool is_free = to == FUZZ_FREE || to == FUZZ_POOL;

	fuzz_check(owner[i] == from, "page %u is %u's, not %u's, and was to be %u's",
		   i / 2, owner[i], from, to);
	owner[i] = to;
	fuzz_check(!stack_halves[i], "the stack has a part of page %u", i / 2);
	if (!fuzz_is_cut(page))
		driver_pages += (to == FUZZ_DRIVER) - (from == FUZZ_DRIVER);
	if (is_free && !was_free)
		__asan_poison_memory_region(&arena[i * PAGE_SIZE], PAGE_SIZE);
	else if (was_free && !is_free)
		__asan_unpoison_memory_region(&arena[i * PAGE_SIZE], PAGE_SIZE);
}

struct page *fuzz_page_alloc(enum fuzz_owner to)
{
	struct page *page;
	unsigned int i;

	if (fuzz_fails(&fuzz_fail.page) || !nr_free)
		return NULL;
	i = free_list[--nr_free];
	page = &pages[i];
	memset(page, 0, sizeof(*page));
	atomic_set(&page->_refcount, 1);
	fuzz_page_move(page, FUZZ_FREE, to);
	/* Nobody may rely on what is in there */
	memset(&arena[i * PAGE_SIZE], 0xa5, PAGE_SIZE);
	return page;
}

void fuzz_page_free(struct page *page)
{
	unsigned int i = arena_index(page);

	fuzz_page_move(page, owner[i], FUZZ_FREE);
	free_list[nr_free++] = i;
}

/* --- kmalloc, slab -------------------------------------------------------- */

struct kmem_cache {
	unsigned int size;
};

struct kmem_cache *kmalloc_caches[NR_KMALLOC_TYPES][KMALLOC_SHIFT_HIGH + 1];

static void *fuzz_kmalloc(size_t size, gfp_t gfp)
{
	void *p;

	if (fuzz_fails(&fuzz_fail.kmalloc))
		return NULL;
	p = malloc(size);
	memset(p, gfp & __GFP_ZERO ? 0 : 0xa5, size);
	nr_allocs++;
	return p;
}

void *__kmalloc(size_t size, gfp_t gfp)
{
	return fuzz_kmalloc(size, gfp);
}

void *kmalloc_trace(struct kmem_cache *cache, gfp_t gfp, size_t size)
{
	return fuzz_kmalloc(size, gfp);
}

void *kmalloc_large(size_t size, gfp_t gfp)
{
	return fuzz_kmalloc(size, gfp);
}

void *kvmalloc_node(size_t size, gfp_t gfp, int node)
{
	return fuzz_kmalloc(size, gfp);
}

void kfree(const void *p)
{
	if (!p)
		return;
	nr_allocs--;
	free((void *)p);
}

void kvfree(const void *p)
{
	kfree(p);
}

bool is_vmalloc_addr(const void *p)
{
	return false;
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, slab_flags_t flags,
				     void (*ctor)(void *p))
{
	struct kmem_cache *cache = fuzz_kmalloc(sizeof(*cache), 0);

	if (cache)
		cache->size = size;
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	kfree(cache);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	return fuzz_kmalloc(cache->size, gfp);
}

void kmem_cache_free(struct kmem_cache *cache, void *p)
{
	kfree(p);
}

/* --- DMA ------------------------------------------------------------------ */

struct fuzz_mapping {
	dma_addr_t addr;	/* 0: empty; 1: was in use */
	size_t size;
};

static struct fuzz_mapping mappings[FUZZ_MAPPINGS];
static unsigned int nr_mappings, nr_coherent;

static struct fuzz_mapping *mapping_slot(dma_addr_t addr, unsigned int n)
{
	return &mappings[((addr * 0x9e3779b97f4a7c15ULL >> 40) + n) % FUZZ_MAPPINGS];
}

static dma_addr_t fuzz_map(void *p, size_t size)
{
	unsigned int n = 0;

	fuzz_check(size && !__asan_region_is_poisoned(p, size),
		   "%zu bytes at %p are mapped for DMA, not all of them allocated",
		   size, p);
	while (mapping_slot((dma_addr_t)p, n)->addr > 1)
		fuzz_check(++n < FUZZ_MAPPINGS, "too many DMA mappings");
	mapping_slot((dma_addr_t)p, n)->addr = (dma_addr_t)p;
	mapping_slot((dma_addr_t)p, n)->size = size;
	nr_mappings++;
	return (dma_addr_t)p;
}

static void fuzz_unmap(dma_addr_t addr, size_t size)
{
	struct fuzz_mapping *m;
	unsigned int n;

	for (n = 0; n < FUZZ_MAPPINGS; n++) {
		m = mapping_slot(addr, n);
		if (!m->addr)
			break;
		if (m->addr != addr || m->size != size)
			continue;
		m->addr = 1;
		/* Keeps chains short: an empty one behind ends them all */
		if (!mapping_slot(addr, n + 1)->addr)
			for (; m->addr == 1; m = mapping_slot(addr, --n))
				m->addr = 0;
		nr_mappings--;
		return;
	}
	fuzz_bug("%#llx, %zu bytes, is unmapped and was not mapped", addr, size);
}

dma_addr_t dma_map_page_attrs(struct device *dev, struct page *page,
			      size_t offset, size_t size,
			      enum dma_data_direction dir, unsigned long attrs)
{
	if (fuzz_fails(&fuzz_fail.map))
		return DMA_MAPPING_ERROR;
	return fuzz_map(page_address(page) + offset, size);
}

void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr, size_t size,
			  enum dma_data_direction dir, unsigned long attrs)
{
	fuzz_unmap(addr, size);
}

void *dma_alloc_attrs(struct device *dev, size_t size, dma_addr_t *dma,
		      gfp_t gfp, unsigned long attrs)
{
	void *p = fuzz_kmalloc(size, gfp | __GFP_ZERO);

	*dma = (dma_addr_t)p;
	nr_coherent += !!p;
	return p;
}

void dma_free_attrs(struct device *dev, size_t size, void *p, dma_addr_t dma,
		    unsigned long attrs)
{
	nr_coherent--;
	kfree(p);
}

bool dma_need_sync(struct device *dev, dma_addr_t addr)
{
	return fuzz_dma_sync;
}

/* What is not the driver's any more is nobody's to look at */
static void fuzz_sync(dma_addr_t addr, size_t size)
{
	fuzz_check(!__asan_region_is_poisoned((void *)addr, size),
		   "%zu bytes at %#llx are synced, not all of them allocated",
		   size, addr);
}

void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir)
{
	fuzz_sync(addr, size);
}

void dma_sync_single_for_device(struct device *dev, dma_addr_t addr,
				size_t size, enum dma_data_direction dir)
{
	fuzz_sync(addr, size);
}

int dma_set_mask(struct device *dev, u64 mask)
{
	*dev->dma_mask = mask;
	return 0;
}

int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	dev->coherent_dma_mask = mask;
	return 0;
}

/* --- page_pool ------------------------------------------------------------ */

struct page_pool *page_pool_create(const struct page_pool_params *params)
{
	struct page_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);

	if (!pool)
		return ERR_PTR(-ENOMEM);
	pool->p = *params;
	refcount_set(&pool->user_cnt, 1);
	return pool;
}

struct page *page_pool_alloc_pages(struct page_pool *pool, gfp_t gfp)
{
	struct page *page;
	dma_addr_t addr;

	fuzz_check(!pool->destroy_cnt, "allocation from a page_pool that is gone");
	if (pool->alloc.count) {
		if (fuzz_fails(&fuzz_fail.page))
			return NULL;
		page = pool->alloc.cache[--pool->alloc.count];
		fuzz_page_move(page, FUZZ_POOL, FUZZ_DRIVER);
		return page;
	}
	page = fuzz_page_alloc(FUZZ_STACK);
	if (!page)
		return NULL;
	if (pool->p.flags & PP_FLAG_DMA_MAP) {
		addr = dma_map_page_attrs(pool->p.dev, page, 0, PAGE_SIZE,
					  pool->p.dma_dir, 0);
		if (addr == DMA_MAPPING_ERROR) {
			fuzz_page_free(page);
			return NULL;
		}
		page_pool_set_dma_addr(page, addr);
	}
	page->pp = pool;
	page->pp_magic = PP_SIGNATURE;
	fuzz_page_move(page, FUZZ_STACK, FUZZ_DRIVER);
	pool->pages_state_hold_cnt++;
	if (pool->p.init_callback)
		pool->p.init_callback(page, pool->p.init_arg);
	return page;
}

static void pool_free_if_unused(struct page_pool *pool)
{
	if (!refcount_read(&pool->user_cnt) && !pool->pages_state_hold_cnt)
		kfree(pool);
}

static void pool_release_page(struct page_pool *pool, struct page *page)
{
	if (pool->p.flags & PP_FLAG_DMA_MAP)
		fuzz_unmap(page_pool_get_dma_addr(page), PAGE_SIZE);
	fuzz_page_move(page, fuzz_page_owner(page), FUZZ_STACK);
	page->pp_magic = 0;
	page->pp = NULL;
	pool->pages_state_hold_cnt--;
	fuzz_page_free(page);
}

void page_pool_put_defragged_page(struct page_pool *pool, struct page *page,
				  unsigned int dma_sync_size, bool allow_direct)
{
	fuzz_check(fuzz_page_owner(page) >= FUZZ_DRIVER,
		   "a page goes to page_pool that nobody has");
	fuzz_check(page->pp == pool, "a page goes to a page_pool that is not its own");
	if (pool->destroy_cnt || pool->alloc.count == PP_ALLOC_CACHE_SIZE ||
	    page_ref_count(page) != 1) {
		pool_release_page(pool, page);
		if (pool->destroy_cnt)
			pool_free_if_unused(pool);
		return;
	}
	fuzz_page_move(page, fuzz_page_owner(page), FUZZ_POOL);
	pool->alloc.cache[pool->alloc.count++] = page;
}

/* XDP holds a reference while a receive queue is registered with it */
void page_pool_destroy(struct page_pool *pool)
{
	if (!pool || !page_pool_put(pool))
		return;
	pool->destroy_cnt = 1;
	while (pool->alloc.count)
		pool_release_page(pool, pool->alloc.cache[--pool->alloc.count]);
	pool_free_if_unused(pool);
}

/* --- before and after each run -------------------------------------------- */

void fuzz_memory_start(void)
{
	unsigned int i;

	if (!vmemmap_base) {
		vmemmap_base = (unsigned long)pages -
			       ((unsigned long)arena >> PAGE_SHIFT) * sizeof(*pages);
		__asan_poison_memory_region(arena, sizeof(arena));
		for (i = 0; i < FUZZ_PAGES; i++)
			free_list[i] = 2 * (FUZZ_PAGES - 1 - i);
		nr_free = FUZZ_PAGES;
	}
	memset(&fuzz_fail, 0, sizeof(fuzz_fail));
}

void fuzz_memory_end(void)
{
	fuzz_check(nr_free == FUZZ_PAGES, "%u pages are lost",
		   FUZZ_PAGES - nr_free);
	fuzz_check(!nr_mappings, "%u DMA mappings are left", nr_mappings);
	fuzz_check(!nr_coherent, "%u rings are left", nr_coherent);
	fuzz_check(!nr_allocs, "%u allocations are left", nr_allocs);
}
