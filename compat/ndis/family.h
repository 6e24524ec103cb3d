/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the Windows spelling share: what they count for the audit,
 * how a pointer is recognised as theirs, and how a misuse is reported.
 */
#ifndef _NDIS_FAMILY_H
#define _NDIS_FAMILY_H

#include <linux/gfp.h>
#include <linux/preempt.h>
#include <linux/seq_file.h>

#include "ndis_internal.h"

/* --- counted: debugfs ndis/stats has <name>_allocated and <name>_freed ---------- */

enum ndis_counted {
	NDIS_COUNT_MEMORY,	/* tagged blocks */
	NDIS_COUNT_MDLS,	/* MDL descriptors */
	NDIS_COUNT_RETREATS,	/* MDLs that a retreat put in front */
	NDIS_COUNT_CONTEXTS,	/* context blocks beside the pool's own */
	NDIS_COUNT_SGS,		/* mapped scatter-gather lists */
	NDIS_COUNT_SYNCS,	/* locks, timers, work items, DMA handles */
	NDIS_COUNTED,
};

void ndis_count_alloc(enum ndis_counted what);
void ndis_count_free(enum ndis_counted what);
void ndis_family_stats(struct seq_file *seq);

/* --- misuse --------------------------------------------------------------------- */

/* Of nobody's pool, or before one is known: tag and owner cannot be said */
#define ndis_refuse(fmt, ...) \
	pr_warn_ratelimited("%pS: " fmt "\n", __builtin_return_address(0), \
			    ##__VA_ARGS__)

/* Windows's allocators never sleep; these may where nobody can tell */
static inline gfp_t ndis_gfp(void)
{
	return (preemptible() && !in_softirq() ? GFP_KERNEL : GFP_ATOMIC) |
	       __GFP_NOWARN;
}

/* --- where a NET_BUFFER's private state is ------------------------------------------ */

/* Return: NULL for one that no pool has made */
static inline struct ndis_obj *ndis_nb_private(const struct net_buffer *nb)
{
	const struct ndis_pool *pool = nb->NdisPoolHandle;
	struct ndis_obj *obj;

	if (!pool)
		return NULL;
	obj = ndis_pool_is_nb(pool) ? &ndis_nb_obj(nb)->obj :
	      &container_of(nb, struct ndis_list_obj, nb)->obj;
	return obj->pool == pool ? obj : NULL;
}

/* Fields beside the usual ones are written: the free must restore them */
static inline void ndis_nb_dirty(const struct net_buffer *nb)
{
	struct ndis_obj *obj = ndis_nb_private(nb);

	if (obj)
		obj->dirty |= NDIS_DIRTY_ALL;
}

/* The NET_BUFFER that came with its list, which is known by address */
static inline bool ndis_nb_embedded(const struct net_buffer *nb)
{
	const struct ndis_pool *pool = nb->NdisPoolHandle;

	return pool && !ndis_pool_is_nb(pool);
}

/* --- mdl.c ------------------------------------------------------------------------- */

/* Where an MDL's bytes are, or NULL if nobody has said */
static inline void *ndis_mdl_va(const struct ndis_mdl *mdl)
{
	if (!(mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA |
			       MDL_SOURCE_IS_NONPAGED_POOL)))
		return NULL;
	return mdl->MappedSystemVa;
}

/* First address, mapped or not */
static inline void *ndis_mdl_start(const struct ndis_mdl *mdl)
{
	return mdl->StartVa + mdl->ByteOffset;
}

void ndis_mdl_init(struct ndis_mdl *mdl, void *va, u32 len);
struct ndis_mdl *ndis_mdl_part(const struct ndis_mdl *source, u32 offset,
			       u32 len);
bool ndis_mdl_put_part(struct ndis_mdl *mdl);
struct ndis_mdl *ndis_mdl_seek(struct ndis_mdl *mdl, u32 offset, u32 *left);

/* --- data.c, retreat.c --------------------------------------------------------------- */

bool ndis_nb_set_chain(struct net_buffer *nb, struct ndis_mdl *mdl, u32 offset,
		       size_t length);

void ndis_retreats_free(struct ndis_obj *obj);

/* --- context.c ----------------------------------------------------------------------- */

bool ndis_nbl_context_unbalanced(const struct net_buffer_list *nbl);
void ndis_nbl_contexts_free(struct net_buffer_list *nbl);

/* --- sync.c --------------------------------------------------------------------------- */

unsigned long ndis_time_to_jiffies(const union ndis_large_integer *time);

/* --- derive.c ------------------------------------------------------------------------- */

int ndis_derive_init(void);
void ndis_derive_exit(void);
bool ndis_derived_free(struct net_buffer_list *nbl);

/* --- memory.c ------------------------------------------------------------------------- */

void ndis_memory_report(void);

#endif /* _NDIS_FAMILY_H */
