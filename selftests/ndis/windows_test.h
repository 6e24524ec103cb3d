/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _WINDOWS_TEST_H
#define _WINDOWS_TEST_H

#include <ndis.h>

#include "ndis_test.h"

/* As a miniport writes it */
NDIS_HANDLE win_nbl_pool(struct ktap *t, BOOLEAN alloc_nb, USHORT context_size,
			 ULONG data_size);
NDIS_HANDLE win_nb_pool(struct ktap *t, ULONG data_size);

/* Objects that are out; a handle is a pool, which only a test may know */
static inline u64 win_live(NDIS_HANDLE pool)
{
	return ndis_pool_live(pool);
}

void test_win_list(struct ktap *t);
void test_win_list_chain(struct ktap *t);
void test_win_buffer_chain(struct ktap *t);
void test_win_buffer_data(struct ktap *t);
void test_win_refused(struct ktap *t);
void test_win_written(struct ktap *t);
void test_win_relinked(struct ktap *t);
void test_win_context(struct ktap *t);
void test_win_handles(struct ktap *t);

#endif /* _WINDOWS_TEST_H */
