/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints, system "ndis":
 *
 *   ndis_pool_create, ndis_pool_destroy	a pool's life
 *   ndis_alloc, ndis_free			an object leaves its pool, is back
 *   ndis_indicate, ndis_return			a received list goes up, comes back
 *   ndis_send, ndis_complete			a sent list goes down, comes back
 *
 * Names are arrays and not __string(), which has changed its form over time. The
 * caller is text, because the trace may be read when its module is gone.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ndis

#if !defined(_NDIS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _NDIS_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "ndis_internal.h"

#define ndis_show_kind(kind)						\
	__print_symbolic(kind,						\
			 { NDIS_KIND_LIST,		"list" },	\
			 { NDIS_KIND_LIST_NB,		"list+nb" },	\
			 { NDIS_KIND_LIST_NB_DATA,	"list+nb+data" }, \
			 { NDIS_KIND_NB,		"nb" },		\
			 { NDIS_KIND_NB_DATA,		"nb+data" })

#define ndis_show_access(access)					\
	__print_symbolic(access,					\
			 { NDIS_ACCESS_ANY,		"any" },	\
			 { NDIS_ACCESS_NAPI,		"napi" })

TRACE_EVENT(ndis_pool_create,

	TP_PROTO(const struct ndis_pool *pool),

	TP_ARGS(pool),

	TP_STRUCT__entry(
		__field(const void *, pool)
		__array(char, tag, NDIS_TAG_LEN)
		__array(char, owner, NDIS_OWNER_LEN)
		__array(char, caller, NDIS_CREATOR_LEN)
		__field(u32, kind)
		__field(u32, access)
		__field(u32, size)
		__field(u32, context_size)
		__field(u32, data_size)
	),

	TP_fast_assign(
		__entry->pool = pool;
		ndis_tag_string(__entry->tag, pool->tag);
		memcpy(__entry->owner, pool->owner, NDIS_OWNER_LEN);
		memcpy(__entry->caller, pool->creator, NDIS_CREATOR_LEN);
		__entry->kind = pool->kind;
		__entry->access = pool->access;
		__entry->size = pool->size;
		__entry->context_size = pool->context_size;
		__entry->data_size = pool->data_size;
	),

	TP_printk("pool=%p tag=%s owner=%s caller=%s kind=%s access=%s size=%u context=%u data=%u",
		  __entry->pool, __entry->tag, __entry->owner,
		  __entry->caller, ndis_show_kind(__entry->kind),
		  ndis_show_access(__entry->access), __entry->size,
		  __entry->context_size, __entry->data_size)
);

TRACE_EVENT(ndis_pool_destroy,

	TP_PROTO(const struct ndis_pool *pool, u64 live),

	TP_ARGS(pool, live),

	TP_STRUCT__entry(
		__field(const void *, pool)
		__array(char, tag, NDIS_TAG_LEN)
		__array(char, owner, NDIS_OWNER_LEN)
		__field(u64, allocated)
		__field(u64, live)
	),

	TP_fast_assign(
		__entry->pool = pool;
		ndis_tag_string(__entry->tag, pool->tag);
		memcpy(__entry->owner, pool->owner, NDIS_OWNER_LEN);
		__entry->allocated = pool->allocated;
		__entry->live = live;
	),

	TP_printk("pool=%p tag=%s owner=%s allocated=%llu live=%llu",
		  __entry->pool, __entry->tag, __entry->owner,
		  __entry->allocated, __entry->live)
);

/* obj: the list, or the NET_BUFFER of an NB pool; NULL: there was none to have */
DECLARE_EVENT_CLASS(ndis_object,

	TP_PROTO(const struct ndis_pool *pool, const void *obj),

	TP_ARGS(pool, obj),

	TP_STRUCT__entry(
		__field(const void *, pool)
		__field(const void *, obj)
		__array(char, tag, NDIS_TAG_LEN)
		__array(char, owner, NDIS_OWNER_LEN)
		__field(u64, live)
	),

	TP_fast_assign(
		__entry->pool = pool;
		__entry->obj = obj;
		ndis_tag_string(__entry->tag, pool->tag);
		memcpy(__entry->owner, pool->owner, NDIS_OWNER_LEN);
		__entry->live = ndis_pool_live(pool);
	),

	TP_printk("pool=%p tag=%s owner=%s obj=%p live=%llu", __entry->pool,
		  __entry->tag, __entry->owner, __entry->obj, __entry->live)
);

DEFINE_EVENT(ndis_object, ndis_alloc,
	TP_PROTO(const struct ndis_pool *pool, const void *obj),
	TP_ARGS(pool, obj));

DEFINE_EVENT(ndis_object, ndis_free,
	TP_PROTO(const struct ndis_pool *pool, const void *obj),
	TP_ARGS(pool, obj));

/* A list between a driver and the stack; len: bytes of its packet */
DECLARE_EVENT_CLASS(ndis_list,

	TP_PROTO(const struct net_device *dev,
		 const struct net_buffer_list *nbl, u32 len, s32 status),

	TP_ARGS(dev, nbl, len, status),

	TP_STRUCT__entry(
		__array(char, dev, IFNAMSIZ)
		__field(const void *, nbl)
		__array(char, tag, NDIS_TAG_LEN)
		__array(char, owner, NDIS_OWNER_LEN)
		__field(u32, len)
		__field(s32, status)
	),

	TP_fast_assign(
		const struct ndis_pool *pool = nbl->NdisPoolHandle;

		strscpy(__entry->dev, dev ? dev->name : "", IFNAMSIZ);
		__entry->nbl = nbl;
		ndis_tag_string(__entry->tag, pool ? pool->tag : 0);
		strscpy(__entry->owner, pool ? pool->owner : "",
			NDIS_OWNER_LEN);
		__entry->len = len;
		__entry->status = status;
	),

	TP_printk("dev=%s nbl=%p tag=%s owner=%s len=%u status=0x%x",
		  __entry->dev, __entry->nbl, __entry->tag, __entry->owner,
		  __entry->len, __entry->status)
);

#define NDIS_LIST_EVENT(name)						\
DEFINE_EVENT(ndis_list, name,						\
	TP_PROTO(const struct net_device *dev,				\
		 const struct net_buffer_list *nbl, u32 len, s32 status), \
	TP_ARGS(dev, nbl, len, status))

NDIS_LIST_EVENT(ndis_indicate);
NDIS_LIST_EVENT(ndis_return);
NDIS_LIST_EVENT(ndis_send);
NDIS_LIST_EVENT(ndis_complete);

#endif /* _NDIS_TRACE_H */

/* Kbuild adds this folder to the include path */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
