// SPDX-License-Identifier: GPL-2.0-only
/* What a ported driver does wrong, through ndis.h and the VERIFY flag. */
#include "verify_test.h"

static NDIS_HANDLE win_lists(struct ktap *t, BOOLEAN nb, ULONG data_size)
{
	NET_BUFFER_LIST_POOL_PARAMETERS p = {
		.Header = {
			NDIS_OBJECT_TYPE_DEFAULT,
			NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_2,
			NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_2,
		},
		.fAllocateNetBuffer = nb,
		.PoolTag = 0x77667256,	/* 'wfrV' */
		.ContextSize = 32,
		.DataSize = data_size,
		.Flags = NET_BUFFER_LIST_POOL_FLAG_VERIFY,
	};
	NDIS_HANDLE pool = NdisAllocateNetBufferListPool(NULL, &p);

	ktap_expect(t, pool);
	return pool;
}

static NDIS_HANDLE win_buffers(struct ktap *t, ULONG data_size)
{
	NET_BUFFER_POOL_PARAMETERS p = {
		.Header = {
			NDIS_OBJECT_TYPE_DEFAULT,
			NET_BUFFER_POOL_PARAMETERS_REVISION_2,
			NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_2,
		},
		.PoolTag = 0x77667256,	/* 'wfrV' */
		.DataSize = data_size,
		.Flags = NET_BUFFER_POOL_FLAG_VERIFY,
	};
	NDIS_HANDLE pool = NdisAllocateNetBufferPool(NULL, &p);

	ktap_expect(t, pool);
	return pool;
}

void verify_context_left(struct ktap *t)
{
	NDIS_HANDLE pool = win_lists(t, TRUE, 0);
	struct verify_counts before;
	PNET_BUFFER_LIST nbl;

	if (!pool)
		return;
	verify_counts(&before);
	/* What came with the list goes with it, in the pool's space or beside */
	nbl = NdisAllocateNetBufferList(pool, 32, 0);
	NdisFreeNetBufferList(nbl);
	nbl = NdisAllocateNetBufferList(pool, 320, 16);
	NdisFreeNetBufferList(nbl);
	nbl = NdisAllocateNetBufferList(pool, 32, 0);
	NdisAllocateNetBufferListContext(nbl, 64, 0, 0);
	NdisFreeNetBufferListContext(nbl, 64);
	NdisFreeNetBufferList(nbl);
	verify_expect(t, &before, NULL, 0);

	/* What came later does not */
	nbl = NdisAllocateNetBufferList(pool, 0, 0);
	NdisAllocateNetBufferListContext(nbl, 16, 0, 0);
	NdisFreeNetBufferList(nbl);
	verify_expect(t, &before, "context_left", 1);
	nbl = NdisAllocateNetBufferList(pool, 32, 0);
	NdisAllocateNetBufferListContext(nbl, 160, 0, 0);
	NdisFreeNetBufferList(nbl);
	verify_expect(t, &before, "context_left", 2);
	NdisFreeNetBufferListPool(pool);
	verify_expect(t, &before, "context_left", 2);
}

void verify_retreat_left(struct ktap *t)
{
	NDIS_HANDLE lists = win_lists(t, TRUE, 0), nbs = win_buffers(t, 0);
	struct verify_counts before;
	PNET_BUFFER_LIST nbl;
	PNET_BUFFER nb;

	if (!lists || !nbs)
		return;
	verify_counts(&before);
	nbl = NdisAllocateNetBufferList(lists, 0, 0);
	nb = NdisAllocateNetBuffer(nbs, NULL, 0, 0);
	if (!ktap_expect(t, nbl && nb))
		return;
	NdisRetreatNetBufferListDataStart(nbl, 64, 0, NULL, NULL);
	NdisAdvanceNetBufferListDataStart(nbl, 64, TRUE, NULL);
	NdisRetreatNetBufferDataStart(nb, 14, 2, NULL);
	NdisAdvanceNetBufferDataStart(nb, 14, TRUE, NULL);
	verify_expect(t, &before, NULL, 0);

	NdisRetreatNetBufferListDataStart(nbl, 64, 0, NULL, NULL);
	NdisFreeNetBufferList(nbl);
	verify_expect(t, &before, "retreat_left", 1);
	NdisRetreatNetBufferDataStart(nb, 14, 2, NULL);
	NdisFreeNetBuffer(nb);
	verify_expect(t, &before, "retreat_left", 2);
	NdisFreeNetBufferListPool(lists);
	NdisFreeNetBufferPool(nbs);
	verify_expect(t, &before, "retreat_left", 2);
}

void verify_wrong_kind(struct ktap *t)
{
	NDIS_HANDLE lists = win_lists(t, TRUE, 0);
	NDIS_HANDLE data = win_lists(t, TRUE, 512);
	NDIS_HANDLE nbs = win_buffers(t, 0), nbs_data = win_buffers(t, 512);
	struct verify_counts before;
	PNET_BUFFER_LIST nbl;

	if (!lists || !data || !nbs || !nbs_data)
		return;
	verify_counts(&before);
	ktap_expect_ptr(t, NdisAllocateNetBufferList(nbs, 0, 0), NULL);
	nbl = NdisAllocateNetBufferAndNetBufferList(data, 0, 0, NULL, 0, 0);
	ktap_expect_ptr(t, nbl, NULL);
	ktap_expect_ptr(t, NdisAllocateNetBuffer(lists, NULL, 0, 0), NULL);
	ktap_expect_ptr(t, NdisAllocateNetBuffer(nbs_data, NULL, 0, 0), NULL);
	ktap_expect_ptr(t, NdisAllocateNetBufferMdlAndData(nbs), NULL);
	verify_expect(t, &before, "wrong_kind", 5);

	/* A list's own NET_BUFFER, before and after the list is freed */
	nbl = NdisAllocateNetBufferList(lists, 0, 0);
	if (ktap_expect(t, nbl)) {
		PNET_BUFFER nb = nbl->FirstNetBuffer;

		NdisFreeNetBuffer(nb);
		verify_expect(t, &before, "wrong_kind", 6);
		NdisFreeNetBufferList(nbl);
		NdisFreeNetBuffer(nb);
		verify_expect(t, &before, "wrong_kind", 7);
	}
	NdisFreeNetBufferListPool(lists);
	NdisFreeNetBufferListPool(data);
	NdisFreeNetBufferPool(nbs);
	NdisFreeNetBufferPool(nbs_data);
	verify_expect(t, &before, "wrong_kind", 7);
}

void verify_windows_double_free(struct ktap *t)
{
	NDIS_HANDLE lists = win_lists(t, TRUE, 0), nbs = win_buffers(t, 256);
	struct verify_counts before;
	PNET_BUFFER_LIST nbl;
	PNET_BUFFER nb;

	if (!lists || !nbs)
		return;
	verify_counts(&before);
	/* Its context and its NET_BUFFERs must not be looked for in poison */
	nbl = NdisAllocateNetBufferList(lists, 320, 0);
	NdisFreeNetBufferList(nbl);
	NdisFreeNetBufferList(nbl);
	verify_expect(t, &before, "double_free", 1);
	nb = NdisAllocateNetBufferMdlAndData(nbs);
	NdisFreeNetBuffer(nb);
	NdisFreeNetBuffer(nb);
	verify_expect(t, &before, "double_free", 2);

	/* Of no pool: refused, no more can be known */
	NdisFreeNetBufferList(NULL);
	NdisFreeNetBuffer(NULL);
	NdisFreeNetBufferListPool(lists);
	NdisFreeNetBufferPool(nbs);
	verify_expect(t, &before, "double_free", 2);
}
