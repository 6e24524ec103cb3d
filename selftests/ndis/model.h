/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model of the data view that is simple enough to be right: each NET_BUFFER is
 * a flat array of bytes and four positions in it.
 *
 *   flat  |.......|  unused  |   data   |  room  |
 *                 lo         start      +len     hi
 *
 * [lo, hi) is what the MDL chain describes: DataOffset is start - lo. A retreat
 * moves start (and, with a new MDL, lo) down, an advance moves it up. Random
 * operations are done to both, and then both are compared.
 */
#ifndef _MODEL_H
#define _MODEL_H

#include <linux/prandom.h>
#include <ndis.h>

#include "ndis_test.h"

#define MODEL_SLOTS	24	/* lists at a time */
#define MODEL_NBS	3	/* NET_BUFFERs of a list */
#define MODEL_FLAT	2048	/* bytes of a flat array */
#define MODEL_STORAGE	(4 * MODEL_FLAT)
#define MODEL_ROOM	640	/* most bytes of a chain as it is allocated */
#define MODEL_DATA	256	/* DataSize of pools with data */
#define MODEL_SPACE	64	/* ContextSize of the pool with context */
#define MODEL_MDLS	4	/* the caller's, of a chain */
#define MODEL_MADE	6	/* MDLs that retreats made, of a NET_BUFFER */
#define MODEL_CONTEXTS	6
#define MODEL_LOG	24	/* operations that are kept for the report */
#define MODEL_TAG	0x6c646f4d	/* 'Modl' */

enum model_pool {
	MODEL_LIST,
	MODEL_LIST_NB,
	MODEL_LIST_DATA,
	MODEL_LIST_SPACE,
	MODEL_NB,
	MODEL_NB_DATA,
	MODEL_POOLS,
};

/* Where a list comes from */
enum model_kind {
	MODEL_EMPTY,		/* the slot is free */
	MODEL_DATA_LIST,	/* from a pool with data */
	MODEL_CHAIN_LIST,	/* with NET_BUFFER, over a chain of ours */
	MODEL_CHAIN_NBS,	/* with NET_BUFFERs of an NB pool, over chains */
	MODEL_DATA_NBS,		/* with NET_BUFFERs of an NB pool with data */
	MODEL_SPACE_LIST,	/* with context space, and no data at all */
	MODEL_CLONE,
	MODEL_FRAGMENT,
	MODEL_REASSEMBLED,
};

/* An MDL that a retreat has put in front */
struct model_made {
	u32 end;		/* first position behind it */
	u32 lo;			/* where the chain began without it */
};

struct model_nb {
	PNET_BUFFER nb;
	u8 *flat;
	u32 lo, hi, start, len;
	PMDL mdl[MODEL_MDLS];	/* the caller's */
	unsigned int nr_mdls;
	struct model_made made[MODEL_MADE];
	unsigned int nr_made;
	u8 *mem;		/* under the caller's MDLs, MODEL_ROOM bytes */
};

struct model_context {
	u8 *start;
	u16 size;
	u8 fill;
};

struct model_slot {
	enum model_kind kind;
	PNET_BUFFER_LIST nbl;
	struct model_nb nb[MODEL_NBS];
	unsigned int nr_nbs;
	struct model_context context[MODEL_CONTEXTS];
	unsigned int nr_contexts;
	bool handlers;		/* retreats use handlers of ours */
	struct model_slot *parent;
	unsigned int children;	/* while there are any, nothing moves */
	/* derived lists: how */
	ULONG flags;
	u32 from, max, header;
	enum model_pool list_pool, nb_pool;	/* of a clone and its like */
	unsigned int derived_nbs;
};

struct model_op {
	const char *name;
	u32 slot, nb, a, b, c;
};

struct model {
	struct ktap *t;
	struct rnd_state rnd;
	u64 seed;
	bool verify;
	bool wrong;
	NDIS_HANDLE pool[MODEL_POOLS];
	u64 live[MODEL_POOLS];		/* what the pools should count */
	struct model_slot slot[MODEL_SLOTS];
	u8 *storage;			/* MODEL_STORAGE bytes */
	u64 done;			/* operations */
	struct model_op log[MODEL_LOG];
	u64 tally[16];			/* by operation */
};

static inline u32 model_dice(struct model *m, u32 below)
{
	return prandom_u32_state(&m->rnd) % below;
}

/* model_main.c */
__printf(2, 3) void model_wrong(struct model *m, const char *fmt, ...);
void model_note(struct model *m, const char *name, const struct model_slot *s,
		const struct model_nb *n, u32 a, u32 b, u32 c);

/* model_check.c */
void model_check_slot(struct model *m, struct model_slot *s);
void model_check_all(struct model *m);
void model_read(const struct model_nb *n, u32 from, u32 count, u8 *to);
u32 model_room(const NET_BUFFER *nb);
void model_fill(struct model *m, struct model_nb *n, u32 from, u32 to);

/* model_lists.c */
void model_alloc(struct model *m, struct model_slot *s);
void model_free(struct model *m, struct model_slot *s);
void model_context_push(struct model *m, struct model_slot *s);
void model_context_pop(struct model *m, struct model_slot *s);

/* model_view.c */
bool model_can_retreat(const struct model_slot *s, const struct model_nb *n,
		       u32 delta, u32 backfill);
void model_retreat(struct model *m, struct model_slot *s, struct model_nb *n);
void model_advance(struct model *m, struct model_slot *s, struct model_nb *n);
void model_list_move(struct model *m, struct model_slot *s);
void model_strip(struct model *m, struct model_slot *s, struct model_nb *n);
void model_adjust(struct model *m, struct model_slot *s, struct model_nb *n);
void model_get(struct model *m, struct model_slot *s, struct model_nb *n);
void model_copy(struct model *m, struct model_slot *s, struct model_nb *n);
void model_trim(struct model *m, struct model_slot *s, struct model_nb *n);

/* model_derive.c */
void model_derive(struct model *m, struct model_slot *from,
		  struct model_slot *to);
void model_underive(struct model *m, struct model_slot *s);
void model_check_derived(struct model *m, struct model_slot *s);

#endif /* _MODEL_H */
