// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists and context space of the model: allocation of every kind, free.
 */
#include "model.h"

/* --- NET_BUFFERs over chains of the caller's -------------------------------------- */

static void drop_chain(struct model_nb *n)
{
	while (n->nr_mdls)
		NdisFreeMdl(n->mdl[--n->nr_mdls]);
}

/* 0 to MODEL_MDLS MDLs, some of them empty */
static bool make_chain(struct model *m, struct model_nb *n)
{
	unsigned int i, nr = model_dice(m, MODEL_MDLS + 1);
	u32 bytes, room = 0;

	for (i = 0; i < nr; i++) {
		bytes = model_dice(m, 8) ?
			model_dice(m, MODEL_ROOM / MODEL_MDLS) : 0;
		n->mdl[i] = NdisAllocateMdl(NULL, n->mem + room,
					    max(bytes, 1U));
		if (!n->mdl[i]) {
			drop_chain(n);
			return false;
		}
		n->nr_mdls++;
		NdisAdjustMdlLength(n->mdl[i], bytes);
		if (i)
			NDIS_MDL_LINKAGE(n->mdl[i - 1]) = n->mdl[i];
		room += bytes;
	}
	n->hi = MODEL_FLAT;
	n->lo = MODEL_FLAT - room;
	n->start = n->lo + (room ? model_dice(m, room + 1) : 0);
	n->len = n->hi - n->start;
	n->len -= n->len && model_dice(m, 2) ? model_dice(m, n->len) : 0;
	return true;
}

/* A pool's own MDL: all of it is unused at first */
static void model_nb_data(struct model_nb *n, PNET_BUFFER nb)
{
	n->nb = nb;
	n->hi = MODEL_FLAT;
	n->lo = MODEL_FLAT - MODEL_DATA;
	n->start = n->hi;
	n->len = 0;
}

static void reset_nb(struct model_nb *n)
{
	n->nb = NULL;
	n->nr_made = 0;
	n->nr_mdls = 0;
	n->lo = MODEL_FLAT;
	n->hi = MODEL_FLAT;
	n->start = MODEL_FLAT;
	n->len = 0;
}

/* --- allocation --------------------------------------------------------------------- */

static bool alloc_chain_list(struct model *m, struct model_slot *s)
{
	NDIS_HANDLE pool = m->pool[MODEL_LIST_NB];
	struct model_nb *n = &s->nb[0];
	PMDL first;

	if (!make_chain(m, n))
		return false;
	first = n->nr_mdls ? n->mdl[0] : NULL;
	s->nbl = NdisAllocateNetBufferAndNetBufferList(pool, 0, 0, first,
						       n->start - n->lo, n->len);
	if (!s->nbl) {
		drop_chain(n);
		return false;
	}
	m->live[MODEL_LIST_NB]++;
	n->nb = s->nbl->FirstNetBuffer;
	s->nr_nbs = 1;
	return true;
}

static bool add_nb(struct model *m, struct model_slot *s)
{
	struct model_nb *n = &s->nb[s->nr_nbs];

	if (s->kind == MODEL_DATA_NBS) {
		model_nb_data(n, NdisAllocateNetBufferMdlAndData(m->pool[MODEL_NB_DATA]));
		m->live[MODEL_NB_DATA] += !!n->nb;
	} else {
		if (!make_chain(m, n))
			return false;
		n->nb = NdisAllocateNetBuffer(m->pool[MODEL_NB],
					      n->nr_mdls ? n->mdl[0] : NULL,
					      n->start - n->lo, n->len);
		m->live[MODEL_NB] += !!n->nb;
		if (!n->nb)
			drop_chain(n);
	}
	if (!n->nb)
		return false;
	if (s->nr_nbs)
		s->nb[s->nr_nbs - 1].nb->Next = n->nb;
	else
		s->nbl->FirstNetBuffer = n->nb;
	s->nr_nbs++;
	return true;
}

static bool alloc_nbs(struct model *m, struct model_slot *s)
{
	unsigned int i, nr = 1 + model_dice(m, MODEL_NBS);

	s->nbl = NdisAllocateNetBufferList(m->pool[MODEL_LIST], 0, 0);
	if (!s->nbl)
		return false;
	m->live[MODEL_LIST]++;
	for (i = 0; i < nr; i++)
		if (!add_nb(m, s))
			return false;
	return true;
}

static bool alloc_embedded(struct model *m, struct model_slot *s)
{
	bool data = s->kind == MODEL_DATA_LIST;
	enum model_pool which = data ? MODEL_LIST_DATA : MODEL_LIST_SPACE;

	s->nbl = NdisAllocateNetBufferList(m->pool[which], 0, 0);
	if (!s->nbl)
		return false;
	m->live[which]++;
	s->nr_nbs = 1;
	if (data)
		model_nb_data(&s->nb[0], s->nbl->FirstNetBuffer);
	else
		s->nb[0].nb = s->nbl->FirstNetBuffer;
	return true;
}

/**
 * model_alloc() - put a new list of any kind into a slot
 * @m: model
 * @s: free slot
 */
void model_alloc(struct model *m, struct model_slot *s)
{
	unsigned int i;
	bool ok;

	s->kind = MODEL_DATA_LIST +
		  model_dice(m, MODEL_SPACE_LIST - MODEL_DATA_LIST + 1);
	s->handlers = !model_dice(m, 4);
	s->nbl = NULL;
	s->nr_nbs = 0;
	s->nr_contexts = 0;
	s->children = 0;
	s->parent = NULL;
	for (i = 0; i < MODEL_NBS; i++)
		reset_nb(&s->nb[i]);
	model_note(m, "alloc", s, NULL, s->kind, s->handlers, 0);

	if (s->kind == MODEL_CHAIN_LIST)
		ok = alloc_chain_list(m, s);
	else if (s->kind == MODEL_CHAIN_NBS || s->kind == MODEL_DATA_NBS)
		ok = alloc_nbs(m, s);
	else
		ok = alloc_embedded(m, s);
	if (!ok) {
		model_wrong(m, "out of memory");
		return;
	}
	for (i = 0; i < s->nr_nbs; i++)
		model_fill(m, &s->nb[i], s->nb[i].lo, s->nb[i].hi);
}

/**
 * model_free() - free the list in a slot, as a driver in order does
 * @m: model
 * @s: slot without children
 */
void model_free(struct model *m, struct model_slot *s)
{
	unsigned int i;

	model_note(m, "free", s, NULL, s->kind, 0, 0);
	while (s->nr_contexts)
		model_context_pop(m, s);
	for (i = 0; i < s->nr_nbs && !s->parent; i++)
		model_strip(m, s, &s->nb[i]);
	if (s->parent) {
		model_underive(m, s);
		s->kind = MODEL_EMPTY;
		return;
	}
	switch (s->kind) {
	case MODEL_DATA_NBS:
	case MODEL_CHAIN_NBS:
		for (i = 0; i < s->nr_nbs; i++) {
			s->nb[i].nb->Next = NULL;
			NdisFreeNetBuffer(s->nb[i].nb);
		}
		m->live[s->kind == MODEL_DATA_NBS ? MODEL_NB_DATA :
						    MODEL_NB] -= s->nr_nbs;
		s->nbl->FirstNetBuffer = NULL;
		m->live[MODEL_LIST]--;
		break;
	case MODEL_CHAIN_LIST:
		m->live[MODEL_LIST_NB]--;
		break;
	case MODEL_DATA_LIST:
		m->live[MODEL_LIST_DATA]--;
		break;
	default:
		m->live[MODEL_LIST_SPACE]--;
		break;
	}
	NdisFreeNetBufferList(s->nbl);
	for (i = 0; i < s->nr_nbs; i++)
		drop_chain(&s->nb[i]);
	s->kind = MODEL_EMPTY;
}

/* --- context ------------------------------------------------------------------------ */

void model_context_push(struct model *m, struct model_slot *s)
{
	u16 size = 8 * (1 + model_dice(m, 12)), fill = 8 * model_dice(m, 8);
	u16 offset = s->nbl->Context ? s->nbl->Context->Offset : 0;
	PNET_BUFFER_LIST_CONTEXT before = s->nbl->Context, now;
	struct model_context *c = &s->context[s->nr_contexts];
	bool ok;

	if (s->nr_contexts == MODEL_CONTEXTS)
		return;
	model_note(m, "context push", s, NULL, size, fill, offset);
	if (NdisAllocateNetBufferListContext(s->nbl, size, fill, MODEL_TAG)) {
		model_wrong(m, "no context");
		return;
	}
	now = s->nbl->Context;
	if (offset >= size)
		ok = now == before && now->Offset == offset - size;
	else
		ok = now != before && now->Next == before &&
		     now->Size == size + fill && now->Offset == fill;
	if (!ok)
		model_wrong(m, "a context of %u + %u with %u unused", size,
			    fill, offset);
	c->start = NET_BUFFER_LIST_CONTEXT_DATA_START(s->nbl);
	c->size = size;
	c->fill = prandom_u32_state(&m->rnd);
	memset(c->start, c->fill, size);
	s->nr_contexts++;
}

void model_context_pop(struct model *m, struct model_slot *s)
{
	if (!s->nr_contexts)
		return;
	s->nr_contexts--;
	model_note(m, "context pop", s, NULL, s->context[s->nr_contexts].size,
		   0, 0);
	NdisFreeNetBufferListContext(s->nbl, s->context[s->nr_contexts].size);
}
