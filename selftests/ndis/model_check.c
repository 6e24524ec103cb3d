// SPDX-License-Identifier: GPL-2.0-only
/*
 * The comparison: everything that a NET_BUFFER says of itself against the four
 * positions, and every byte of its chain, unused ones too, against the array.
 */
#include "model.h"

u32 model_room(const NET_BUFFER *nb)
{
	const MDL *mdl;
	u32 room = 0;

	for (mdl = nb->MdlChain; mdl; mdl = mdl->Next)
		room += mdl->ByteCount;
	return room;
}

/* Memory under positions [from, to) of the flat array, one MDL at a time */
struct walk {
	const MDL *mdl;		/* that is looked at next */
	u32 at;			/* where it begins */
	u32 from, to;
	u8 *va;			/* the present piece */
	u32 n;
};

static struct walk walk_begin(const struct model_nb *n, u32 from, u32 to)
{
	return (struct walk){
		.mdl = n->nb->MdlChain, .at = n->lo, .from = from, .to = to,
	};
}

static bool walk_on(struct walk *w)
{
	u32 first, last;

	for (; w->mdl; w->at += w->mdl->ByteCount, w->mdl = w->mdl->Next) {
		first = max(w->at, w->from);
		last = min(w->at + w->mdl->ByteCount, w->to);
		if (first >= last)
			continue;
		w->va = (u8 *)w->mdl->MappedSystemVa + first - w->at;
		w->n = last - first;
		w->from = last;
		return true;
	}
	return false;
}

/* What lies in memory at positions [from, from + count) */
void model_read(const struct model_nb *n, u32 from, u32 count, u8 *to)
{
	struct walk w = walk_begin(n, from, from + count);

	for (; walk_on(&w); to += w.n)
		memcpy(to, w.va, w.n);
}

/* New bytes at positions [from, to), in memory and in the array */
void model_fill(struct model *m, struct model_nb *n, u32 from, u32 to)
{
	struct walk w = walk_begin(n, from, to);
	u32 dice = prandom_u32_state(&m->rnd), i;
	u8 *flat = n->flat + from;

	for (i = 0; from + i < to; i++)
		flat[i] = dice + i * 3;
	for (; walk_on(&w); flat += w.n)
		memcpy(w.va, flat, w.n);
	if (flat != n->flat + to)
		model_wrong(m, "the chain has no byte at %u of %u..%u",
			    (u32)(flat - n->flat), n->lo, n->hi);
}

/* CurrentMdl and its offset name the byte at DataOffset */
static const char *current_wrong(const NET_BUFFER *nb)
{
	const MDL *mdl = nb->MdlChain;
	u32 before = 0;

	if (!mdl)
		return nb->CurrentMdl || nb->CurrentMdlOffset ?
		       "CurrentMdl without a chain" : NULL;
	for (; mdl && mdl != nb->CurrentMdl; mdl = mdl->Next)
		before += mdl->ByteCount;
	if (!mdl)
		return "CurrentMdl is not in the chain";
	if (nb->CurrentMdlOffset > mdl->ByteCount)
		return "CurrentMdlOffset is outside CurrentMdl";
	if (before + nb->CurrentMdlOffset != nb->DataOffset)
		return "CurrentMdl names another byte than DataOffset";
	if (nb->DataLength && nb->CurrentMdlOffset == mdl->ByteCount)
		return "CurrentMdl does not hold the first byte";
	return NULL;
}

static void check_bytes(struct model *m, const struct model_nb *n)
{
	struct walk w = walk_begin(n, n->lo, n->hi);
	const u8 *flat = n->flat + n->lo;
	u32 i;

	for (; walk_on(&w); flat += w.n) {
		if (!memcmp(w.va, flat, w.n))
			continue;
		for (i = 0; w.va[i] == flat[i]; i++)
			;
		model_wrong(m, "byte %u of the chain is %02x, not %02x",
			    (u32)(flat - n->flat) + i - n->lo, w.va[i], flat[i]);
		return;
	}
}

static void check_nb(struct model *m, const struct model_nb *n)
{
	const NET_BUFFER *nb = n->nb;
	const char *wrong = current_wrong(nb);

	if (nb->stDataLength != n->len)
		model_wrong(m, "DataLength is %zu, not %u", nb->stDataLength,
			    n->len);
	else if (nb->DataOffset != n->start - n->lo)
		model_wrong(m, "DataOffset is %u, not %u", nb->DataOffset,
			    n->start - n->lo);
	else if (model_room(nb) != n->hi - n->lo)
		model_wrong(m, "the MDLs add up to %u, not %u", model_room(nb),
			    n->hi - n->lo);
	else if (wrong)
		model_wrong(m, "%s", wrong);
	else
		check_bytes(m, n);
}

static void check_contexts(struct model *m, const struct model_slot *s)
{
	const struct model_context *c;
	unsigned int i;

	for (i = 0; i < s->nr_contexts; i++) {
		c = &s->context[i];
		if (memchr_inv(c->start, c->fill, c->size))
			model_wrong(m, "context %u of %u changed", i,
				    s->nr_contexts);
	}
	if (!s->nr_contexts)
		return;
	c = &s->context[s->nr_contexts - 1];
	if (NET_BUFFER_LIST_CONTEXT_DATA_START(s->nbl) != c->start)
		model_wrong(m, "the newest context has moved");
}

/**
 * model_check_slot() - compare one list with its model
 * @m: model
 * @s: slot
 */
void model_check_slot(struct model *m, struct model_slot *s)
{
	PNET_BUFFER nb;
	unsigned int i;

	if (s->kind == MODEL_EMPTY)
		return;
	if (s->kind == MODEL_FRAGMENT || s->kind == MODEL_REASSEMBLED) {
		model_check_derived(m, s);
		return;
	}
	nb = s->nbl->FirstNetBuffer;
	for (i = 0; i < s->nr_nbs && !m->wrong; i++, nb = nb->Next) {
		if (nb != s->nb[i].nb) {
			model_wrong(m, "NET_BUFFER %u is another one", i);
			return;
		}
		check_nb(m, &s->nb[i]);
	}
	if (!m->wrong && nb)
		model_wrong(m, "more than %u NET_BUFFERs", s->nr_nbs);
	if (!m->wrong)
		check_contexts(m, s);
}

void model_check_all(struct model *m)
{
	unsigned int i;

	for (i = 0; i < MODEL_POOLS && !m->wrong; i++)
		if (ndis_pool_live(m->pool[i]) != m->live[i])
			model_wrong(m, "pool %u counts %llu out, not %llu", i,
				    ndis_pool_live(m->pool[i]), m->live[i]);
	for (i = 0; i < MODEL_SLOTS && !m->wrong; i++)
		model_check_slot(m, &m->slot[i]);
}
