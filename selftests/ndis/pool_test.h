/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _POOL_TEST_H
#define _POOL_TEST_H

#include <linux/dma-direction.h>
#include <linux/netdevice.h>
#include <linux/xarray.h>
#include <ndis/net.h>

#include "ndis_test.h"

/* --- a pool with the state that its objects must have (pool_state.c) -------- */

struct test_pool {
	struct ndis_pool *pool;
	struct ndis_pool_params params;
	struct ndis_state state;
};

bool test_pool_create(struct ktap *t, struct test_pool *tp,
		      enum ndis_pool_kind kind,
		      const struct ndis_pool_params *params);
void test_pool_destroy(struct ktap *t, struct test_pool *tp);

static inline bool test_pool_has_lists(const struct test_pool *tp)
{
	return tp->state.kind < NDIS_KIND_NB;
}

/* An object is a list or a NET_BUFFER, as the pool's kind says */
void *test_obj_alloc(struct test_pool *tp);
void test_obj_free(struct test_pool *tp, void *obj);
bool test_obj_ok(struct test_pool *tp, const void *obj, struct ndis_wrong *wrong);
bool test_obj_expect(struct ktap *t, struct test_pool *tp, const void *obj,
		     const char *when);
struct net_buffer *test_obj_nb(struct test_pool *tp, void *obj);
void **test_obj_next(struct test_pool *tp, void *obj);
void test_obj_scribble(struct test_pool *tp, void *obj);

const char *test_kind_name(enum ndis_pool_kind kind);

/* --- devices without hardware (test_device.c) -------------------------------- */

/* Bus addresses of the counting devices are this far from physical ones */
#define TEST_BUS_OFFSET		BIT_ULL(40)

enum test_device {
	TEST_DEV_DIRECT,	/* the platform's own DMA */
	TEST_DEV_COUNT,		/* counts and checks what is mapped */
	TEST_DEV_SYNC,		/* the same, and does not snoop */
	TEST_DEV_32BIT,		/* the platform's, reaches 4 GiB */
	TEST_DEV_NR,
};

struct test_dma {
	struct xarray live;		/* bus address -> size, direction */
	atomic_t maps;
	atomic_t unmaps;
	atomic_t for_cpu;
	atomic_t for_device;
	atomic_t errors;		/* calls that fit no live mapping */
	atomic_t budget;		/* mappings until they fail */
	dma_addr_t sync_addr;
	size_t sync_len;
};

extern struct test_dma test_dma;

int test_devices_create(void);
void test_devices_destroy(void);
struct device *test_device(enum test_device which);

static inline int test_dma_live(void)
{
	return atomic_read(&test_dma.maps) - atomic_read(&test_dma.unmaps);
}

/* --- a netdev with a NAPI and nothing behind it (test_netdev.c) -------------- */

struct test_net {
	struct net_device *dev;
	struct napi_struct napi;
	struct sk_buff_head received;
	struct completion polled;
	void (*fn)(struct test_net *net, void *arg);
	void *arg;
};

struct test_net *test_net_create(void);
void test_net_destroy(struct test_net *net);
bool test_net_poll(struct test_net *net,
		   void (*fn)(struct test_net *net, void *arg), void *arg);

/* Pools that were there before the first case */
extern u64 test_foreign_pools;

/* --- the cases --------------------------------------------------------------- */

void test_refused(struct ktap *t);
void test_accepted(struct ktap *t);
void test_debugfs(struct ktap *t);

void test_state_any(struct ktap *t);
void test_state_napi(struct ktap *t);
void test_reuse(struct ktap *t);

void test_chain(struct ktap *t);
void test_chain_mixed(struct ktap *t);

void test_context(struct ktap *t);
void test_context_refused(struct ktap *t);

void test_limit(struct ktap *t);
void test_exhaustion(struct ktap *t);
void test_many(struct ktap *t);
void test_dma_mapped(struct ktap *t);
void test_destroy_null(struct ktap *t);
void test_destroy_late(struct ktap *t);
void test_misuse(struct ktap *t);
void test_audit(struct ktap *t);

void test_cpus_any(struct ktap *t);

void test_send_chain(struct ktap *t);
void test_send_errors(struct ktap *t);
void test_send_queue(struct ktap *t);

void test_receive_single(struct ktap *t);
void test_receive_shared(struct ktap *t);
void test_receive_append(struct ktap *t);
void test_receive_slots(struct ktap *t);
void test_receive_sync(struct ktap *t);
void test_receive_recycle(struct ktap *t);
void test_receive_parked(struct ktap *t);
void test_receive_mixed(struct ktap *t);

#endif /* _POOL_TEST_H */
