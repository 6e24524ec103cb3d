/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Tagged pool memory. All of it is non-paged, and a free checks the tag.
 *
 * A block of a page or more is page aligned, as on Windows, and is its own
 * pages: a packet received into it can go up the stack without a copy. A
 * smaller one is aligned to 16 bytes.
 *
 * Context: up to DISPATCH_LEVEL. At PASSIVE_LEVEL an allocation may sleep, which
 * Windows's never does; so do not allocate under rcu_read_lock() there.
 */
#ifndef _WDM_MEMORY_H
#define _WDM_MEMORY_H

#include <ntstatus.h>

typedef enum _POOL_TYPE {
	NonPagedPool,
	NonPagedPoolExecute = NonPagedPool,
	PagedPool,
	NonPagedPoolMustSucceed,
	DontUseThisType,
	NonPagedPoolCacheAligned,
	PagedPoolCacheAligned,
	NonPagedPoolNx = 512,
	NonPagedPoolNxCacheAligned = NonPagedPoolNx + 4,
} POOL_TYPE;

typedef enum _EX_POOL_PRIORITY {
	LowPoolPriority,
	NormalPoolPriority = 16,
	HighPoolPriority = 32,
} EX_POOL_PRIORITY;

typedef ULONG64 POOL_FLAGS;
#define POOL_FLAG_USE_QUOTA		0x01ull
#define POOL_FLAG_UNINITIALIZED		0x02ull
#define POOL_FLAG_SESSION		0x04ull
#define POOL_FLAG_CACHE_ALIGNED		0x08ull
#define POOL_FLAG_RAISE_ON_FAILURE	0x20ull
#define POOL_FLAG_NON_PAGED		0x40ull
#define POOL_FLAG_NON_PAGED_EXECUTE	0x80ull
#define POOL_FLAG_PAGED			0x100ull

typedef PVOID ALLOCATE_FUNCTION(POOL_TYPE PoolType, SIZE_T NumberOfBytes,
				ULONG Tag);
typedef ALLOCATE_FUNCTION *PALLOCATE_FUNCTION;
typedef VOID FREE_FUNCTION(PVOID Buffer);
typedef FREE_FUNCTION *PFREE_FUNCTION;

PVOID ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag);
PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes,
			    ULONG Tag);
PVOID ExAllocatePoolZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag);
VOID ExFreePoolWithTag(PVOID P, ULONG Tag);
VOID ExFreePool(PVOID P);

#define ExAllocatePool(PoolType, NumberOfBytes) \
	ExAllocatePoolWithTag(PoolType, NumberOfBytes, 0x656e6f4e)
#define ExAllocatePoolUninitialized(PoolType, NumberOfBytes, Tag) \
	ExAllocatePoolWithTag(PoolType, NumberOfBytes, Tag)
#define ExAllocatePoolWithTagPriority(PoolType, NumberOfBytes, Tag, Priority) \
	ExAllocatePoolWithTag(PoolType, NumberOfBytes, Tag)
#define ExFreePool2(P, Tag, Parameters, Count)	ExFreePoolWithTag(P, Tag)

/*
 * Lookaside lists. Slab caches keep free objects per CPU already, so one of
 * these is no more than a size and a tag, unless it brings its own functions.
 */
typedef struct _NPAGED_LOOKASIDE_LIST {
	PALLOCATE_FUNCTION Allocate;
	PFREE_FUNCTION Free;
	SIZE_T Size;
	ULONG Tag;
} NPAGED_LOOKASIDE_LIST, *PNPAGED_LOOKASIDE_LIST;
typedef NPAGED_LOOKASIDE_LIST LOOKASIDE_LIST_EX, *PLOOKASIDE_LIST_EX;

VOID ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside,
				     PALLOCATE_FUNCTION Allocate,
				     PFREE_FUNCTION Free, ULONG Flags,
				     SIZE_T Size, ULONG Tag, USHORT Depth);
VOID ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside);
PVOID ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside);
VOID ExFreeToNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside, PVOID Entry);

#define NdisInitializeNPagedLookasideList	ExInitializeNPagedLookasideList
#define NdisDeleteNPagedLookasideList		ExDeleteNPagedLookasideList
#define NdisAllocateFromNPagedLookasideList	ExAllocateFromNPagedLookasideList
#define NdisFreeToNPagedLookasideList		ExFreeToNPagedLookasideList

#endif /* _WDM_MEMORY_H */
