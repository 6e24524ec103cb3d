/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract's rows as cases. A case is a body that is run in process
 * context, in softirq, and on two CPUs at once, each with pools in normal and
 * in verify mode. What it took it gives back: that is looked at after each.
 */
#ifndef _CONTRACT_H
#define _CONTRACT_H

#include <ndis.h>

#include "ndis_test.h"

#define CONTRACT_TAG	0x74636f43	/* 'Coct' */
#define CONTRACT_DATA	512		/* DataSize of pools with data */
#define CONTRACT_SPACE	64		/* ContextSize of the pool with context */
#define CONTRACT_MEM	SZ_16K		/* env.mem */

/**
 * struct env - what a body works with
 * @list: pool of lists alone
 * @list_nb: pool of lists with a NET_BUFFER
 * @list_data: pool of lists with a NET_BUFFER and CONTRACT_DATA bytes
 * @list_space: as @list_nb, with CONTRACT_SPACE bytes of context
 * @nb: pool of NET_BUFFERs
 * @nb_data: pool of NET_BUFFERs with CONTRACT_DATA bytes
 * @mem: CONTRACT_MEM bytes, page aligned, of this body alone
 * @verify: the pools are in verify mode
 * @shared: another CPU uses the pools at the same time
 */
struct env {
	NDIS_HANDLE list;
	NDIS_HANDLE list_nb;
	NDIS_HANDLE list_data;
	NDIS_HANDLE list_space;
	NDIS_HANDLE nb;
	NDIS_HANDLE nb_data;
	u8 *mem;
	bool verify;
	bool shared;
};

typedef void (*contract_fn)(struct ktap *t, struct env *e);

#define CONTRACT_SLEEPS	BIT(0)	/* creates pools: not for softirq */
#define CONTRACT_MISUSE	BIT(1)	/* verify mode has something to report */

void contract_run(struct ktap *t, contract_fn body, unsigned int flags);

/* CONTRACT_CASE(name, flags) { body, with t and e } */
#define CONTRACT_CASE(name, flags)					\
static void name##_body(struct ktap *t, struct env *e);		\
static void name(struct ktap *t)					\
{									\
	contract_run(t, name##_body, flags);				\
}									\
static void name##_body(struct ktap *t, struct env *e)

struct contract_section {
	const struct ktap_case *cases;
	unsigned int count;
};

/* Each file calls its table "cases" */
#define CONTRACT_SECTION(name) \
	const struct contract_section name = { cases, ARRAY_SIZE(cases) }

extern const struct contract_section contract_pools;
extern const struct contract_section contract_alloc;
extern const struct contract_section contract_state;
extern const struct contract_section contract_move;
extern const struct contract_section contract_lists;
extern const struct contract_section contract_view;
extern const struct contract_section contract_context;
extern const struct contract_section contract_derive;
extern const struct contract_section contract_mdl;
extern const struct contract_section contract_meta;
extern const struct contract_section contract_helpers;
extern const struct contract_section contract_verify;
extern const struct contract_section contract_bad;

void contract_helpers_init(void);

/* --- pools as a miniport makes them (contract_main.c) --------------------------- */

NDIS_HANDLE contract_nbl_pool(BOOLEAN alloc_nb, USHORT context_size,
			      ULONG data_size, bool verify);
NDIS_HANDLE contract_nb_pool(ULONG data_size, bool verify);

/* --- chains of the caller's (contract_chain.c) ----------------------------------- */

#define CHAIN_MDLS	4

struct chain {
	PMDL mdl[CHAIN_MDLS];
	unsigned int nr;
	MDL before[CHAIN_MDLS];
};

/* Byte @pos of a chain, or of anything else that a test fills */
static inline u8 chain_byte(u32 pos)
{
	return pos * 7 + (pos >> 8) + 1;
}

PMDL chain_make(struct ktap *t, struct env *e, struct chain *c,
		unsigned int nr, const u32 *bytes);
void chain_free(struct chain *c);
void chain_unchanged(struct ktap *t, const struct chain *c);
u32 chain_room(const MDL *mdl);
unsigned int chain_count(const MDL *mdl);

/* The longest name of the API, short enough for a line */
static inline PNET_BUFFER_LIST
list_over(NDIS_HANDLE pool, USHORT size, USHORT backfill, PMDL mdl, ULONG offset,
	  SIZE_T length)
{
	return NdisAllocateNetBufferAndNetBufferList(pool, size, backfill, mdl,
						     offset, length);
}

PNET_BUFFER nb_over_chain(struct ktap *t, struct env *e, struct chain *c,
			  unsigned int nr, const u32 *bytes, u32 offset,
			  u32 length);

/* --- the view of a NET_BUFFER on its chain ------------------------------------------ */

bool expect_view(struct ktap *t, const NET_BUFFER *nb, u32 length,
		 const char *when);
bool expect_bytes(struct ktap *t, const NET_BUFFER *nb, u32 pos, u32 n,
		  u32 from, const char *when);
void fill_bytes(const NET_BUFFER *nb, u32 pos, u32 n, u32 from);

#endif /* _CONTRACT_H */
