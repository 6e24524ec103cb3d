// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracepoints' bodies, and what the inline paths call when one is on: a
 * header can test a tracepoint, but only its module can fire it.
 */
#include <linux/module.h>

#include <ndis/status.h>

#include "ndis_internal.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* What the owner of @obj knows it by */
static const void *ndis_trace_name(const struct ndis_pool *pool,
				   const struct ndis_obj *obj)
{
	if (!obj)
		return NULL;
	if (ndis_pool_is_nb(pool))
		return &container_of(obj, struct ndis_nb_obj, obj)->nb;
	return &container_of(obj, struct ndis_list_obj, obj)->nbl;
}

/**
 * ndis_trace_alloc() - fire ndis_alloc
 * @pool: pool
 * @obj: object that is handed out, counted; NULL: there was none
 *
 * Context: any.
 */
void ndis_trace_alloc(const struct ndis_pool *pool, const struct ndis_obj *obj)
{
	trace_ndis_alloc(pool, ndis_trace_name(pool, obj));
}
EXPORT_SYMBOL_GPL(ndis_trace_alloc);

/**
 * ndis_trace_free() - fire ndis_free
 * @pool: pool
 * @obj: object that is back, counted
 *
 * Context: any.
 */
void ndis_trace_free(const struct ndis_pool *pool, const struct ndis_obj *obj)
{
	trace_ndis_free(pool, ndis_trace_name(pool, obj));
}
EXPORT_SYMBOL_GPL(ndis_trace_free);

/**
 * ndis_trace_send() - fire ndis_send
 * @nbl: list that describes a packet, which it owns
 *
 * Context: any.
 */
void ndis_trace_send(const struct net_buffer_list *nbl)
{
	const struct sk_buff *skb = ndis_nbl_obj(nbl)->obj.skb;

	trace_ndis_send(skb->dev, nbl, skb->len, NDIS_STATUS_SUCCESS);
}
EXPORT_SYMBOL_GPL(ndis_trace_send);

/**
 * ndis_trace_complete() - fire ndis_complete
 * @nbl: list that still owns its packet
 * @status: NDIS_STATUS
 *
 * Context: any.
 */
void ndis_trace_complete(const struct net_buffer_list *nbl, s32 status)
{
	const struct sk_buff *skb = ndis_nbl_obj(nbl)->obj.skb;

	trace_ndis_complete(skb->dev, nbl, skb->len, status);
}
EXPORT_SYMBOL_GPL(ndis_trace_complete);

/* Tested by the inline paths of pool.h and net.h, in whatever module */
EXPORT_TRACEPOINT_SYMBOL_GPL(ndis_alloc);
EXPORT_TRACEPOINT_SYMBOL_GPL(ndis_free);
EXPORT_TRACEPOINT_SYMBOL_GPL(ndis_send);
EXPORT_TRACEPOINT_SYMBOL_GPL(ndis_complete);
