// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Windows spelling of the pool functions: parameter checks, NULL instead
 * of an errno, and nothing else that pool.c and object.c do not do.
 *
 * A porter's code writes the fields of its lists directly, so each list is
 * handed out as touched and restored whole when it is freed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <ndis.h>

#include "family.h"
#include "verify.h"

/*
 * Real drivers pass the size of the newest struct with revision 1, so a larger
 * Size is fine; what lies behind the revision is then not looked at.
 */
static bool ndis_header_valid(const NDIS_OBJECT_HEADER *header, u16 size1,
			      u16 size2, const u32 *flags)
{
	if (header->Type != NDIS_OBJECT_TYPE_DEFAULT)
		return false;

	switch (header->Revision) {
	case 1:
		return header->Size >= size1;
	case 2:
		return header->Size >= size2 &&
		       !(*flags & ~NET_BUFFER_LIST_POOL_FLAG_VERIFY);
	default:
		return false;
	}
}

/* Flags are there from revision 2 on, and the same for both kinds of pools */
static bool ndis_wants_verify(const NDIS_OBJECT_HEADER *header,
			      const u32 *flags)
{
	return header->Revision >= 2 &&
	       *flags & NET_BUFFER_LIST_POOL_FLAG_VERIFY;
}

/**
 * __NdisAllocateNetBufferListPool() - ndis_nbl_pool_create()
 * @NdisHandle: adapter handle; may be NULL
 * @Parameters: revision 1 or 2
 * @owner: module that asks, filled in by NdisAllocateNetBufferListPool()
 *
 * The pool may be used from any CPU up to DISPATCH_LEVEL.
 *
 * Context: process; sleeps (Windows allows DISPATCH_LEVEL).
 * Return: the pool handle, or NULL.
 */
NDIS_HANDLE
__NdisAllocateNetBufferListPool(NDIS_HANDLE NdisHandle,
				NET_BUFFER_LIST_POOL_PARAMETERS *Parameters,
				const char *owner)
{
	struct ndis_pool_params params = { .access = NDIS_ACCESS_ANY };
	struct ndis_pool *pool;

	if (!Parameters ||
	    !ndis_header_valid(&Parameters->Header,
			       NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
			       NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_2,
			       &Parameters->Flags))
		return NULL;

	params.tag = Parameters->PoolTag;
	params.alloc_nb = Parameters->fAllocateNetBuffer;
	params.context_size = Parameters->ContextSize;
	params.data_size = Parameters->DataSize;
	params.verify = ndis_wants_verify(&Parameters->Header,
					  &Parameters->Flags);
	pool = ndis_nbl_pool_create_for(&params, owner, _RET_IP_);
	return IS_ERR(pool) ? NULL : pool;
}
EXPORT_SYMBOL_GPL(__NdisAllocateNetBufferListPool);

/**
 * __NdisAllocateNetBufferPool() - ndis_nb_pool_create()
 * @NdisHandle: adapter handle; may be NULL
 * @Parameters: revision 1 or 2
 * @owner: module that asks, filled in by NdisAllocateNetBufferPool()
 *
 * Context: process; sleeps.
 * Return: the pool handle, or NULL.
 */
NDIS_HANDLE
__NdisAllocateNetBufferPool(NDIS_HANDLE NdisHandle,
			    NET_BUFFER_POOL_PARAMETERS *Parameters,
			    const char *owner)
{
	struct ndis_pool_params params = { .access = NDIS_ACCESS_ANY };
	struct ndis_pool *pool;

	if (!Parameters ||
	    !ndis_header_valid(&Parameters->Header,
			       NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1,
			       NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_2,
			       &Parameters->Flags))
		return NULL;

	params.tag = Parameters->PoolTag;
	params.data_size = Parameters->DataSize;
	params.verify = ndis_wants_verify(&Parameters->Header,
					  &Parameters->Flags);
	pool = ndis_nb_pool_create_for(&params, owner, _RET_IP_);
	return IS_ERR(pool) ? NULL : pool;
}
EXPORT_SYMBOL_GPL(__NdisAllocateNetBufferPool);

/**
 * NdisFreeNetBufferListPool() - ndis_nbl_pool_destroy()
 * @PoolHandle: pool; every list should be back
 *
 * Context: process; sleeps.
 */
VOID NdisFreeNetBufferListPool(NDIS_HANDLE PoolHandle)
{
	ndis_nbl_pool_destroy(PoolHandle);
}
EXPORT_SYMBOL_GPL(NdisFreeNetBufferListPool);

/**
 * NdisFreeNetBufferPool() - ndis_nb_pool_destroy()
 * @PoolHandle: pool; every NET_BUFFER should be back
 *
 * Context: process; sleeps.
 */
VOID NdisFreeNetBufferPool(NDIS_HANDLE PoolHandle)
{
	ndis_nb_pool_destroy(PoolHandle);
}
EXPORT_SYMBOL_GPL(NdisFreeNetBufferPool);

static bool ndis_pool_kind_wrong(const struct ndis_pool *pool, bool wrong,
				 const char *function, const void *caller)
{
	if (!wrong)
		return false;

	if (!pool) {
		__ndis_misuse(NULL, caller, "%s() needs one", function);
		return true;
	}
	__ndis_misuse(pool, caller, "%s() is for another kind of pool",
		      function);
	if (ndis_verified(pool))
		ndis_verify_wrong_kind(pool);
	return true;
}

/**
 * NdisAllocateNetBufferList() - ndis_nbl_alloc()
 * @PoolHandle: NBL pool of any kind
 * @ContextSize: bytes of context space to reserve, or 0
 * @ContextBackFill: bytes to keep free in front of it
 *
 * Context: any CPU, up to DISPATCH_LEVEL. Does not sleep.
 * Return: the list, or NULL.
 */
PNET_BUFFER_LIST NdisAllocateNetBufferList(NDIS_HANDLE PoolHandle,
					   USHORT ContextSize,
					   USHORT ContextBackFill)
{
	struct ndis_pool *pool = PoolHandle;
	struct net_buffer_list *nbl;

	if (ndis_pool_kind_wrong(pool, !pool || ndis_pool_is_nb(pool),
				 __func__, __builtin_return_address(0)))
		return NULL;

	nbl = ndis_nbl_alloc(pool);
	if (!nbl)
		return NULL;

	ndis_nbl_touch(nbl);
	if (ContextSize &&
	    ndis_nbl_context_alloc(nbl, ContextSize, ContextBackFill)) {
		ndis_nbl_free(nbl);
		return NULL;
	}
	/* This much of it goes with the list */
	ndis_nbl_obj(nbl)->obj.context_taken = ContextSize;
	return nbl;
}
EXPORT_SYMBOL_GPL(NdisAllocateNetBufferList);

/**
 * NdisAllocateNetBufferAndNetBufferList() - ndis_nbl_alloc() with a chain
 * @PoolHandle: NBL pool with fAllocateNetBuffer and without DataSize
 * @ContextSize: bytes of context space to reserve, or 0
 * @ContextBackFill: bytes to keep free in front of it
 * @MdlChain: the caller's MDLs, which stay the caller's; may be NULL
 * @DataOffset: unused bytes in front of the data
 * @DataLength: bytes of data
 *
 * Context: any CPU, up to DISPATCH_LEVEL. Does not sleep.
 * Return: the list with its preallocated NET_BUFFER, or NULL.
 */
PNET_BUFFER_LIST
NdisAllocateNetBufferAndNetBufferList(NDIS_HANDLE PoolHandle,
				      USHORT ContextSize,
				      USHORT ContextBackFill, PMDL MdlChain,
				      ULONG DataOffset, SIZE_T DataLength)
{
	struct ndis_pool *pool = PoolHandle;
	struct net_buffer_list *nbl;

	if (ndis_pool_kind_wrong(pool, !pool || pool->kind != NDIS_KIND_LIST_NB,
				 __func__, __builtin_return_address(0)))
		return NULL;

	nbl = NdisAllocateNetBufferList(PoolHandle, ContextSize,
					ContextBackFill);
	if (!nbl)
		return NULL;

	if (!ndis_nb_set_chain(nbl->FirstNetBuffer, MdlChain, DataOffset,
			       DataLength)) {
		ndis_misuse(pool, "%pS gives an MDL chain that does not have byte %u",
			    __builtin_return_address(0), DataOffset);
		NdisFreeNetBufferList(nbl);
		return NULL;
	}
	return nbl;
}
EXPORT_SYMBOL_GPL(NdisAllocateNetBufferAndNetBufferList);

/**
 * NdisFreeNetBufferList() - ndis_nbl_free()
 * @NetBufferList: one list; Next is not followed
 *
 * With the embedded NET_BUFFER and what retreats have put in front of it, and
 * with the context space that is left. A derived list is reported and freed as
 * what it is.
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisFreeNetBufferList(PNET_BUFFER_LIST NetBufferList)
{
	struct ndis_pool *pool;

	if (!NetBufferList || !NetBufferList->NdisPoolHandle) {
		ndis_refuse("frees list %p, which is of no pool", NetBufferList);
		return;
	}
	if (ndis_derived_free(NetBufferList))
		return;
	pool = ndis_nbl_pool(NetBufferList);
	if (ndis_verified(pool) &&
	    !ndis_verify_begin_free(pool, &ndis_nbl_obj(NetBufferList)->obj))
		return;
	ndis_nbl_contexts_free(NetBufferList);
	ndis_nbl_free(NetBufferList);
}
EXPORT_SYMBOL_GPL(NdisFreeNetBufferList);

/**
 * NdisAllocateNetBuffer() - ndis_nb_alloc() with a chain
 * @PoolHandle: NB pool without DataSize
 * @MdlChain: the caller's MDLs, which stay the caller's; may be NULL
 * @DataOffset: unused bytes in front of the data
 * @DataLength: bytes of data
 *
 * Context: any CPU, up to DISPATCH_LEVEL. Does not sleep.
 * Return: the NET_BUFFER, or NULL.
 */
PNET_BUFFER NdisAllocateNetBuffer(NDIS_HANDLE PoolHandle, PMDL MdlChain,
				  ULONG DataOffset, SIZE_T DataLength)
{
	struct ndis_pool *pool = PoolHandle;
	struct net_buffer *nb;

	if (ndis_pool_kind_wrong(pool, !pool || pool->kind != NDIS_KIND_NB,
				 __func__, __builtin_return_address(0)))
		return NULL;

	nb = ndis_nb_alloc(pool);
	if (!nb)
		return NULL;

	ndis_nb_touch(nb);
	if (!ndis_nb_set_chain(nb, MdlChain, DataOffset, DataLength)) {
		ndis_misuse(pool, "%pS gives an MDL chain that does not have byte %u",
			    __builtin_return_address(0), DataOffset);
		ndis_nb_free(nb);
		return NULL;
	}
	return nb;
}
EXPORT_SYMBOL_GPL(NdisAllocateNetBuffer);

/**
 * NdisAllocateNetBufferMdlAndData() - ndis_nb_alloc()
 * @PoolHandle: NB pool with DataSize
 *
 * Context: any CPU, up to DISPATCH_LEVEL. Does not sleep.
 * Return: the NET_BUFFER with its MDL and data, or NULL.
 */
PNET_BUFFER NdisAllocateNetBufferMdlAndData(NDIS_HANDLE PoolHandle)
{
	struct ndis_pool *pool = PoolHandle;
	struct net_buffer *nb;

	if (ndis_pool_kind_wrong(pool, !pool || pool->kind != NDIS_KIND_NB_DATA,
				 __func__, __builtin_return_address(0)))
		return NULL;

	nb = ndis_nb_alloc(pool);
	if (nb)
		ndis_nb_touch(nb);
	return nb;
}
EXPORT_SYMBOL_GPL(NdisAllocateNetBufferMdlAndData);

/**
 * NdisFreeNetBuffer() - ndis_nb_free()
 * @NetBuffer: NET_BUFFER of an NB pool
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisFreeNetBuffer(PNET_BUFFER NetBuffer)
{
	struct ndis_pool *pool = NetBuffer ? NetBuffer->NdisPoolHandle : NULL;

	if (ndis_pool_kind_wrong(pool, !pool || !ndis_pool_is_nb(pool),
				 __func__, __builtin_return_address(0)))
		return;
	ndis_nb_free(NetBuffer);
}
EXPORT_SYMBOL_GPL(NdisFreeNetBuffer);

/**
 * NdisGetPoolFromNetBufferList() - ndis_nbl_pool()
 * @NetBufferList: list
 *
 * Return: the handle of its pool.
 */
NDIS_HANDLE NdisGetPoolFromNetBufferList(PNET_BUFFER_LIST NetBufferList)
{
	return NetBufferList->NdisPoolHandle;
}
EXPORT_SYMBOL_GPL(NdisGetPoolFromNetBufferList);

/**
 * NdisGetPoolFromNetBuffer() - the pool of a NET_BUFFER
 * @NetBuffer: of an NB pool, or preallocated in a list
 *
 * Return: the handle; a preallocated NET_BUFFER has its list's.
 */
NDIS_HANDLE NdisGetPoolFromNetBuffer(PNET_BUFFER NetBuffer)
{
	return NetBuffer->NdisPoolHandle;
}
EXPORT_SYMBOL_GPL(NdisGetPoolFromNetBuffer);
