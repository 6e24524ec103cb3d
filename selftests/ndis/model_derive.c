// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clones, fragments and reassembled lists of the model. While a list has any
 * of them nothing moves in it, so its arrays say what they must show.
 */
#include "model.h"

#define HEADER_BYTE	0xee

/* Random pools; none at all is allowed */
static NDIS_HANDLE pick(struct model *m, struct model_slot *s,
			NDIS_HANDLE *nb_pool)
{
	static const enum model_pool lists[] = {
		MODEL_LIST, MODEL_LIST_NB, MODEL_POOLS,
	};

	s->list_pool = lists[model_dice(m, ARRAY_SIZE(lists))];
	s->nb_pool = model_dice(m, 3) ? MODEL_NB : MODEL_POOLS;
	*nb_pool = s->nb_pool == MODEL_NB ? m->pool[MODEL_NB] : NULL;
	return s->list_pool == MODEL_POOLS ? NULL : m->pool[s->list_pool];
}

/* One list, and as many NET_BUFFERs as the layer saw fit, are out now */
static void count_derived(struct model *m, struct model_slot *s, u32 most)
{
	if (s->list_pool != MODEL_POOLS)
		m->live[s->list_pool]++;
	s->derived_nbs = 0;
	if (s->nb_pool == MODEL_POOLS)
		return;
	s->derived_nbs = ndis_pool_live(m->pool[MODEL_NB]) - m->live[MODEL_NB];
	if (s->derived_nbs > most)
		model_wrong(m, "%u NET_BUFFERs for %u", s->derived_nbs, most);
	m->live[MODEL_NB] += s->derived_nbs;
}

static void clone_nb(struct model *m, struct model_nb *n, PNET_BUFFER nb,
		     const struct model_nb *orig)
{
	u32 room = model_room(nb);

	n->nb = nb;
	n->nr_made = 0;
	n->nr_mdls = 0;
	n->hi = MODEL_FLAT;
	n->lo = n->hi - min_t(u32, room, MODEL_FLAT);
	n->start = n->lo + nb->DataOffset;
	n->len = orig->len;
	if (room > MODEL_FLAT || nb->DataOffset > room ||
	    nb->DataOffset + orig->len > room) {
		model_wrong(m, "a clone with %u of %u bytes at %u", n->len,
			    room, nb->DataOffset);
		return;
	}
	model_read(n, n->lo, room, n->flat + n->lo);
	if (memcmp(n->flat + n->start, orig->flat + orig->start, n->len))
		model_wrong(m, "a clone has other bytes");
}

static void derive_clone(struct model *m, struct model_slot *from,
			 struct model_slot *to)
{
	NDIS_HANDLE nb_pool, pool = pick(m, to, &nb_pool);
	unsigned int i = 0;
	PNET_BUFFER nb;

	to->flags = model_dice(m, 2) ? NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS : 0;
	model_note(m, "clone", to, NULL, from - m->slot, to->flags,
		   from->nr_nbs);
	to->nbl = NdisAllocateCloneNetBufferList(from->nbl, pool, nb_pool,
						 to->flags);
	if (!to->nbl) {
		model_wrong(m, "no clone");
		return;
	}
	count_derived(m, to, from->nr_nbs);
	for (nb = to->nbl->FirstNetBuffer; nb && !m->wrong; nb = nb->Next) {
		if (i == from->nr_nbs)
			break;
		clone_nb(m, &to->nb[i], nb, &from->nb[i]);
		i++;
	}
	to->nr_nbs = i;
	if (nb || i != from->nr_nbs)
		model_wrong(m, "a clone with another number of NET_BUFFERs");
}

/* The shortest and the longest data of a list */
static void lengths(const struct model_slot *s, u32 *shortest, u32 *longest)
{
	unsigned int i;

	*shortest = U32_MAX;
	*longest = 0;
	for (i = 0; i < s->nr_nbs; i++) {
		*shortest = min(*shortest, s->nb[i].len);
		*longest = max(*longest, s->nb[i].len);
	}
}

static void write_headers(struct model *m, struct model_slot *s)
{
	PNET_BUFFER nb;

	for (nb = s->nbl->FirstNetBuffer; nb; nb = nb->Next) {
		u8 *va = NdisGetDataBuffer(nb, s->header, NULL, 1, 0);

		if (va)
			memset(va, HEADER_BYTE, s->header);
		else
			model_wrong(m, "a header in pieces");
	}
}

static void derive_pieces(struct model *m, struct model_slot *from,
			  struct model_slot *to, u32 shortest, u32 longest)
{
	NDIS_HANDLE nb_pool, pool = pick(m, to, &nb_pool);
	u32 backfill = model_dice(m, 2) ? model_dice(m, 32) : 0, most = 1;

	to->from = model_dice(m, shortest);
	to->header = model_dice(m, 2) ? model_dice(m, 40) : 0;
	to->max = longest / 6 + 1 + model_dice(m, longest);
	if (to->kind == MODEL_FRAGMENT) {
		model_note(m, "fragment", to, NULL, to->from, to->max,
			   to->header);
		most = 7 * MODEL_NBS;
		to->nbl = NdisAllocateFragmentNetBufferList(from->nbl, pool,
							    nb_pool, to->from,
							    to->max, to->header,
							    backfill, 0);
	} else {
		/* One pool only, and not of lists alone */
		to->nb_pool = MODEL_POOLS;
		to->list_pool = pool ? MODEL_LIST_NB : MODEL_POOLS;
		pool = pool ? m->pool[MODEL_LIST_NB] : NULL;
		model_note(m, "reassemble", to, NULL, to->from, to->header,
			   backfill);
		to->nbl = NdisAllocateReassembledNetBufferList(from->nbl, pool,
							       to->from,
							       to->header,
							       backfill, 0);
	}
	if (!to->nbl) {
		model_wrong(m, "no list");
		return;
	}
	count_derived(m, to, most);
	if (to->header)
		write_headers(m, to);
}

/**
 * model_derive() - clone, fragment or reassemble
 * @m: model
 * @from: list to derive from
 * @to: free slot
 */
void model_derive(struct model *m, struct model_slot *from,
		  struct model_slot *to)
{
	u32 shortest, longest, dice = model_dice(m, 4);

	lengths(from, &shortest, &longest);
	to->kind = MODEL_CLONE;
	if (dice < 2 && shortest)
		to->kind = dice ? MODEL_FRAGMENT : MODEL_REASSEMBLED;
	to->handlers = !model_dice(m, 4);
	to->parent = from;
	to->nr_nbs = 0;
	to->nr_contexts = 0;
	to->children = 0;
	if (to->kind == MODEL_CLONE)
		derive_clone(m, from, to);
	else
		derive_pieces(m, from, to, shortest, longest);
	from->children++;
}

void model_underive(struct model *m, struct model_slot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_nbs; i++)
		model_strip(m, s, &s->nb[i]);
	s->parent->children--;
	s->parent = NULL;
	if (s->kind == MODEL_CLONE)
		NdisFreeCloneNetBufferList(s->nbl, s->flags);
	else if (s->kind == MODEL_FRAGMENT)
		NdisFreeFragmentNetBufferList(s->nbl, s->header, 0);
	else
		NdisFreeReassembledNetBufferList(s->nbl, s->header, 0);
	if (s->list_pool != MODEL_POOLS)
		m->live[s->list_pool]--;
	if (s->nb_pool != MODEL_POOLS)
		m->live[s->nb_pool] -= s->derived_nbs;
}

/* All of a NET_BUFFER's data into m->storage. Return: whether it was as long */
static bool all_data(struct model *m, PNET_BUFFER nb, u32 length)
{
	struct model_nb n = {
		.nb = nb, .lo = 0, .hi = model_room(nb),
		.start = nb->DataOffset, .len = length,
	};

	if (nb->stDataLength != length || n.start + length > n.hi ||
	    length > MODEL_STORAGE) {
		model_wrong(m, "%zu bytes at %u of %u, not %u",
			    nb->stDataLength, n.start, n.hi, length);
		return false;
	}
	model_read(&n, n.start, length, m->storage);
	return true;
}

static bool header_ok(struct model *m, const struct model_slot *s)
{
	if (!s->header || !memchr_inv(m->storage, HEADER_BYTE, s->header))
		return true;
	model_wrong(m, "a header changed");
	return false;
}

static void check_fragments(struct model *m, struct model_slot *s)
{
	PNET_BUFFER nb = s->nbl->FirstNetBuffer;
	const struct model_nb *orig;
	u32 pos, n, i;

	for (i = 0; i < s->parent->nr_nbs && !m->wrong; i++) {
		orig = &s->parent->nb[i];
		for (pos = s->from; pos < orig->len; pos += n, nb = nb->Next) {
			n = min(s->max, orig->len - pos);
			if (!nb) {
				model_wrong(m, "too few fragments");
				return;
			}
			if (!all_data(m, nb, s->header + n) || !header_ok(m, s))
				return;
			if (memcmp(m->storage + s->header,
				   orig->flat + orig->start + pos, n)) {
				model_wrong(m, "a fragment has other bytes");
				return;
			}
		}
	}
	if (nb && !m->wrong)
		model_wrong(m, "too many fragments");
}

static void check_reassembled(struct model *m, struct model_slot *s)
{
	PNET_BUFFER nb = s->nbl->FirstNetBuffer;
	const struct model_nb *orig;
	u32 total = s->header, i;

	for (i = 0; i < s->parent->nr_nbs; i++)
		total += s->parent->nb[i].len - s->from;
	if (!nb || nb->Next) {
		model_wrong(m, "not one NET_BUFFER");
		return;
	}
	if (!all_data(m, nb, total) || !header_ok(m, s))
		return;
	total = s->header;
	for (i = 0; i < s->parent->nr_nbs; i++) {
		orig = &s->parent->nb[i];
		if (memcmp(m->storage + total,
			   orig->flat + orig->start + s->from,
			   orig->len - s->from)) {
			model_wrong(m, "reassembled from other bytes");
			return;
		}
		total += orig->len - s->from;
	}
}

void model_check_derived(struct model *m, struct model_slot *s)
{
	if (s->kind == MODEL_FRAGMENT)
		check_fragments(m, s);
	else
		check_reassembled(m, s);
}
