// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tagged pool memory. Every block is on a table by its address, so that a free
 * of something else, a second free, or a free under another tag is told and
 * refused without a look at the memory in question.
 *
 *   below a page    | struct ndis_block | bytes ... |        slab
 *   a page or more  bytes ... (page aligned, split pages) + a struct beside
 *
 * Large blocks are single pages, each with its own count: one that a packet in
 * the stack still refers to outlives the free of its block.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hash.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <ndis.h>

#include "family.h"

#define NDIS_BUCKETS_LOG	8
#define NDIS_BLOCK_ALIGN	16	/* MEMORY_ALLOCATION_ALIGNMENT */

struct ndis_memory {
	struct hlist_node node;
	void *va;
	u32 size;
	u32 tag;
} __aligned(NDIS_BLOCK_ALIGN);

struct ndis_bucket {
	spinlock_t lock;	/* of the list */
	struct hlist_head blocks;
};

#define NDIS_BUCKET	{ .lock = __SPIN_LOCK_UNLOCKED(lock) }
static struct ndis_bucket ndis_buckets[1 << NDIS_BUCKETS_LOG] = {
	[0 ... (1 << NDIS_BUCKETS_LOG) - 1] = NDIS_BUCKET,
};

static atomic64_t ndis_allocated[NDIS_COUNTED], ndis_freed[NDIS_COUNTED];

static const char * const ndis_counted_names[NDIS_COUNTED] = {
	[NDIS_COUNT_MEMORY]	= "memory",
	[NDIS_COUNT_MDLS]	= "mdls",
	[NDIS_COUNT_RETREATS]	= "retreats",
	[NDIS_COUNT_CONTEXTS]	= "contexts",
	[NDIS_COUNT_SGS]	= "sgs",
	[NDIS_COUNT_SYNCS]	= "syncs",
};

void ndis_count_alloc(enum ndis_counted what)
{
	atomic64_inc(&ndis_allocated[what]);
}

void ndis_count_free(enum ndis_counted what)
{
	atomic64_inc(&ndis_freed[what]);
}

void ndis_family_stats(struct seq_file *seq)
{
	unsigned int i;

	for (i = 0; i < NDIS_COUNTED; i++)
		seq_printf(seq, "%s_allocated %lld\n%s_freed %lld\n",
			   ndis_counted_names[i],
			   atomic64_read(&ndis_allocated[i]),
			   ndis_counted_names[i],
			   atomic64_read(&ndis_freed[i]));
}

static struct ndis_bucket *ndis_bucket(const void *va)
{
	return &ndis_buckets[hash_ptr(va, NDIS_BUCKETS_LOG)];
}

/* Return: the block, off the table, or NULL; *@tag what it was allocated as */
static struct ndis_memory *ndis_memory_take(const void *va, bool check,
					    u32 *tag)
{
	struct ndis_bucket *bucket = ndis_bucket(va);
	struct ndis_memory *block, *found = NULL;

	spin_lock_bh(&bucket->lock);
	hlist_for_each_entry(block, &bucket->blocks, node) {
		if (block->va != va)
			continue;
		if (check && block->tag != *tag) {
			*tag = block->tag;
			break;
		}
		hlist_del(&block->node);
		found = block;
		break;
	}
	spin_unlock_bh(&bucket->lock);
	return found;
}

static void *ndis_memory_alloc(size_t size, u32 tag, gfp_t zero)
{
	gfp_t gfp = ndis_gfp() | zero;
	bool large = size >= PAGE_SIZE;
	struct ndis_memory *block;
	struct ndis_bucket *bucket;
	size_t total = sizeof(*block);

	/* Beyond a contiguous run there is no memory that a device can use */
	if (size > KMALLOC_MAX_SIZE || ndis_fail(NDIS_SITE_MEMORY))
		return NULL;

	/* Slab aligns powers of two by nature; 0 bytes have an address inside, too */
	if (!large)
		total = roundup_pow_of_two(total + max_t(size_t, size, 1));
	block = kmalloc(total, gfp);
	if (!block)
		return NULL;

	block->size = size;
	block->tag = tag;
	block->va = !large ? block + 1 : ndis_fail(NDIS_SITE_MEMORY_PAGES) ?
		    NULL : alloc_pages_exact(size, gfp);
	if (!block->va) {
		kfree(block);
		return NULL;
	}

	bucket = ndis_bucket(block->va);
	spin_lock_bh(&bucket->lock);
	hlist_add_head(&block->node, &bucket->blocks);
	spin_unlock_bh(&bucket->lock);
	ndis_count_alloc(NDIS_COUNT_MEMORY);
	return block->va;
}

static void ndis_memory_free(void *va, bool check, u32 tag, void *caller)
{
	struct ndis_memory *block;
	u32 asked = tag;

	block = ndis_memory_take(va, check, &tag);
	if (!block) {
		if (tag != asked)
			pr_warn_ratelimited("%pS: frees memory of tag %.4s as %.4s\n",
					    caller, (char *)&tag,
					    (char *)&asked);
		else
			pr_warn_ratelimited("%pS: frees memory that was not allocated or is free\n",
					    caller);
		return;
	}

	if (block->size >= PAGE_SIZE)
		free_pages_exact(block->va, block->size);
	kfree(block);
	ndis_count_free(NDIS_COUNT_MEMORY);
}

/* Module exit: nobody can free them any more */
void ndis_memory_report(void)
{
	struct ndis_memory *block;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ndis_buckets); i++)
		hlist_for_each_entry(block, &ndis_buckets[i].blocks, node)
			pr_warn("memory of tag %.4s was never freed, %u bytes\n",
				(char *)&block->tag, block->size);
}

/* --- executive ------------------------------------------------------------------- */

/**
 * ExAllocatePool2() - allocate pool memory
 * @Flags: POOL_FLAG_*; memory is zeroed unless POOL_FLAG_UNINITIALIZED
 * @NumberOfBytes: up to 4 MiB
 * @Tag: what it is freed with
 *
 * Context: any CPU, up to DISPATCH_LEVEL; may sleep at PASSIVE_LEVEL.
 * Return: the memory, page aligned from a page on, or NULL.
 */
PVOID ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag)
{
	if (!NumberOfBytes)
		return NULL;
	return ndis_memory_alloc(NumberOfBytes, Tag,
				 Flags & POOL_FLAG_UNINITIALIZED ? 0
								 : __GFP_ZERO);
}
EXPORT_SYMBOL_GPL(ExAllocatePool2);

/**
 * ExAllocatePoolWithTag() - allocate pool memory, not zeroed
 * @PoolType: ignored; all pool memory is non-paged
 * @NumberOfBytes: up to 4 MiB
 * @Tag: what it is freed with
 *
 * Context: any CPU, up to DISPATCH_LEVEL; may sleep at PASSIVE_LEVEL.
 * Return: the memory, or NULL.
 */
PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes,
			    ULONG Tag)
{
	return ndis_memory_alloc(NumberOfBytes, Tag, 0);
}
EXPORT_SYMBOL_GPL(ExAllocatePoolWithTag);

/**
 * ExAllocatePoolZero() - allocate pool memory, zeroed
 * @PoolType: ignored
 * @NumberOfBytes: up to 4 MiB
 * @Tag: what it is freed with
 *
 * Context: any CPU, up to DISPATCH_LEVEL; may sleep at PASSIVE_LEVEL.
 * Return: the memory, or NULL.
 */
PVOID ExAllocatePoolZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	return ndis_memory_alloc(NumberOfBytes, Tag, __GFP_ZERO);
}
EXPORT_SYMBOL_GPL(ExAllocatePoolZero);

/**
 * ExFreePoolWithTag() - free pool memory
 * @P: the memory
 * @Tag: what it was allocated with; 0: not checked
 *
 * Memory of another tag is refused, as is what is no pool memory.
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID ExFreePoolWithTag(PVOID P, ULONG Tag)
{
	ndis_memory_free(P, Tag, Tag, __builtin_return_address(0));
}
EXPORT_SYMBOL_GPL(ExFreePoolWithTag);

/**
 * ExFreePool() - free pool memory of any tag
 * @P: the memory
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID ExFreePool(PVOID P)
{
	ndis_memory_free(P, false, 0, __builtin_return_address(0));
}
EXPORT_SYMBOL_GPL(ExFreePool);

/* --- NDIS -------------------------------------------------------------------------- */

/**
 * ndis_allocate_memory() - NdisAllocateMemoryWithTagPriority()
 * @NdisHandle: adapter or driver handle; may be NULL
 * @Length: bytes, up to 4 MiB
 * @Tag: what it is reported with
 *
 * Context: any CPU, up to DISPATCH_LEVEL; may sleep at PASSIVE_LEVEL.
 * Return: the memory, not zeroed, freed by NdisFreeMemory(); or NULL.
 */
PVOID ndis_allocate_memory(NDIS_HANDLE NdisHandle, UINT Length, ULONG Tag)
{
	return ndis_memory_alloc(Length, Tag, 0);
}
EXPORT_SYMBOL_GPL(ndis_allocate_memory);

/**
 * NdisAllocateMemoryWithTag() - the older spelling
 * @VirtualAddress: receives the memory, or NULL
 * @Length: bytes
 * @Tag: what it is reported with
 *
 * Context: any CPU, up to DISPATCH_LEVEL; may sleep at PASSIVE_LEVEL.
 * Return: NDIS_STATUS_SUCCESS or NDIS_STATUS_RESOURCES.
 */
NDIS_STATUS NdisAllocateMemoryWithTag(PVOID *VirtualAddress, UINT Length,
				      ULONG Tag)
{
	*VirtualAddress = ndis_memory_alloc(Length, Tag, 0);
	return *VirtualAddress ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES;
}
EXPORT_SYMBOL_GPL(NdisAllocateMemoryWithTag);

/**
 * NdisFreeMemory() - free what NdisAllocateMemoryWithTagPriority() has allocated
 * @VirtualAddress: the memory
 * @Length: ignored, as on Windows for this kind of memory
 * @MemoryFlags: 0
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisFreeMemory(PVOID VirtualAddress, UINT Length, UINT MemoryFlags)
{
	ndis_memory_free(VirtualAddress, false, 0, __builtin_return_address(0));
}
EXPORT_SYMBOL_GPL(NdisFreeMemory);

/**
 * NdisFreeMemoryWithTagPriority() - free, and say under which tag
 * @NdisHandle: as it was allocated with
 * @VirtualAddress: the memory
 * @Tag: what it was allocated with; another is refused
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisFreeMemoryWithTagPriority(NDIS_HANDLE NdisHandle, PVOID VirtualAddress,
				   ULONG Tag)
{
	ndis_memory_free(VirtualAddress, true, Tag,
			 __builtin_return_address(0));
}
EXPORT_SYMBOL_GPL(NdisFreeMemoryWithTagPriority);

/* --- lookaside lists ---------------------------------------------------------------- */

/**
 * ExInitializeNPagedLookasideList() - remember a size and a tag
 * @Lookaside: list
 * @Allocate: what to allocate with; NULL: ExAllocatePoolWithTag()
 * @Free: what to free with; NULL: ExFreePool()
 * @Flags: ignored
 * @Size: bytes of each entry
 * @Tag: tag of each entry
 * @Depth: ignored
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside,
				     PALLOCATE_FUNCTION Allocate,
				     PFREE_FUNCTION Free, ULONG Flags,
				     SIZE_T Size, ULONG Tag, USHORT Depth)
{
	Lookaside->Allocate = Allocate ?: ExAllocatePoolWithTag;
	Lookaside->Free = Free ?: ExFreePool;
	Lookaside->Size = Size;
	Lookaside->Tag = Tag;
}
EXPORT_SYMBOL_GPL(ExInitializeNPagedLookasideList);

/**
 * ExDeleteNPagedLookasideList() - forget them
 * @Lookaside: list; entries that are out stay the caller's
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside)
{
	memset(Lookaside, 0, sizeof(*Lookaside));
}
EXPORT_SYMBOL_GPL(ExDeleteNPagedLookasideList);

/**
 * ExAllocateFromNPagedLookasideList() - allocate an entry
 * @Lookaside: list
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: the entry, or NULL.
 */
PVOID ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside)
{
	if (!Lookaside->Allocate) {
		ndis_refuse("allocates from a lookaside list that is deleted");
		return NULL;
	}
	return Lookaside->Allocate(NonPagedPoolNx, Lookaside->Size,
				   Lookaside->Tag);
}
EXPORT_SYMBOL_GPL(ExAllocateFromNPagedLookasideList);

/**
 * ExFreeToNPagedLookasideList() - free an entry
 * @Lookaside: list
 * @Entry: of this list
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID ExFreeToNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside, PVOID Entry)
{
	if (!Lookaside->Free) {
		ndis_refuse("frees to a lookaside list that is deleted");
		return;
	}
	Lookaside->Free(Entry);
}
EXPORT_SYMBOL_GPL(ExFreeToNPagedLookasideList);
