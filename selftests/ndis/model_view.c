// SPDX-License-Identifier: GPL-2.0-only
/*
 * What moves the view of the model and what looks through it.
 */
#include "model.h"

static PMDL model_mdl_handler(PULONG size)
{
	PVOID va;
	PMDL mdl;

	va = NdisAllocateMemoryWithTagPriority(NULL, *size, MODEL_TAG,
					       NormalPoolPriority);
	if (!va)
		return NULL;
	mdl = NdisAllocateMdl(NULL, va, *size);
	if (!mdl)
		NdisFreeMemory(va, 0, 0);
	return mdl;
}

static VOID model_mdl_free_handler(PMDL mdl)
{
	PVOID va = MmGetMdlVirtualAddress(mdl);

	NdisFreeMdl(mdl);
	NdisFreeMemory(va, 0, 0);
}

static NET_BUFFER_ALLOCATE_MDL_HANDLER taker(const struct model_slot *s)
{
	return s->handlers ? model_mdl_handler : NULL;
}

static NET_BUFFER_FREE_MDL_HANDLER giver(const struct model_slot *s)
{
	return s->handlers ? model_mdl_free_handler : NULL;
}

static bool derived(const struct model_slot *s)
{
	return s->parent;
}

/*
 * Room in the array, in the list of made MDLs; and a derived list must not use
 * half of its headroom, which is the parent's.
 */
bool model_can_retreat(const struct model_slot *s, const struct model_nb *n,
		       u32 delta, u32 backfill)
{
	u32 unused = n->start - n->lo;

	if (delta <= unused)
		return true;
	if (derived(s) && unused)
		return false;
	return n->nr_made < MODEL_MADE && n->lo >= delta + backfill;
}

/* What the layer chose, if it had a choice, and what must be so anyway */
static void model_retreated(struct model *m, struct model_nb *n, u32 delta,
			    u32 backfill)
{
	u32 unused = n->start - n->lo, room = model_room(n->nb);
	struct model_made *made;
	u32 old_lo = n->lo;

	n->len += delta;
	n->start -= delta;
	if (delta <= unused)
		return;

	made = &n->made[n->nr_made++];
	made->lo = old_lo;
	if (!unused && room != n->hi - old_lo + delta + backfill)
		model_wrong(m, "a retreat by %u + %u made %u more", delta,
			    backfill, room - (n->hi - old_lo));
	if (room < n->hi - n->start || room > n->hi) {
		model_wrong(m, "a retreat by %u + %u left room for %u", delta,
			    backfill, room);
		return;
	}
	n->lo = n->hi - room;
	made->end = n->lo + n->nb->MdlChain->ByteCount;
	model_fill(m, n, n->lo, n->start + delta);
}

void model_retreat(struct model *m, struct model_slot *s, struct model_nb *n)
{
	u32 unused = n->start - n->lo, delta, backfill;
	NDIS_STATUS status;

	delta = unused && model_dice(m, 2) ? 1 + model_dice(m, unused)
					   : model_dice(m, 96);
	backfill = model_dice(m, 2) ? model_dice(m, 64) : 0;
	if (!model_can_retreat(s, n, delta, backfill))
		return;
	model_note(m, "retreat", s, n, delta, backfill, unused);
	status = NdisRetreatNetBufferDataStart(n->nb, delta, backfill, taker(s));
	if (status)
		model_wrong(m, "status %x", status);
	else
		model_retreated(m, n, delta, backfill);
}

static void model_advanced(struct model_nb *n, u32 delta, bool free_mdl)
{
	n->start += delta;
	n->len -= delta;
	while (free_mdl && n->nr_made &&
	       n->made[n->nr_made - 1].end <= n->start)
		n->lo = n->made[--n->nr_made].lo;
}

void model_advance(struct model *m, struct model_slot *s, struct model_nb *n)
{
	u32 delta = model_dice(m, 4) ? model_dice(m, n->len + 1) : n->len;
	bool free_mdl = model_dice(m, 2);

	model_note(m, "advance", s, n, delta, free_mdl, n->len);
	NdisAdvanceNetBufferDataStart(n->nb, delta, free_mdl, giver(s));
	model_advanced(n, delta, free_mdl);
}

/* All NET_BUFFERs of a list at once */
void model_list_move(struct model *m, struct model_slot *s)
{
	u32 shortest = U32_MAX, delta, backfill = model_dice(m, 32);
	bool retreat = model_dice(m, 2), free_mdl = model_dice(m, 2);
	NDIS_STATUS status;
	unsigned int i;

	for (i = 0; i < s->nr_nbs; i++)
		shortest = min(shortest, s->nb[i].len);
	delta = retreat ? model_dice(m, 80) : model_dice(m, shortest + 1);
	for (i = 0; i < s->nr_nbs && retreat; i++)
		if (!model_can_retreat(s, &s->nb[i], delta, backfill))
			return;
	if (retreat) {
		model_note(m, "list retreat", s, NULL, delta, backfill, 0);
		status = NdisRetreatNetBufferListDataStart(s->nbl, delta,
							   backfill, taker(s),
							   giver(s));
		if (status)
			model_wrong(m, "status %x", status);
		for (i = 0; i < s->nr_nbs && !m->wrong; i++)
			model_retreated(m, &s->nb[i], delta, backfill);
		return;
	}
	model_note(m, "list advance", s, NULL, delta, free_mdl, 0);
	NdisAdvanceNetBufferListDataStart(s->nbl, delta, free_mdl, giver(s));
	for (i = 0; i < s->nr_nbs; i++)
		model_advanced(&s->nb[i], delta, free_mdl);
}

/* Before a free: no MDL that a retreat made may be left */
void model_strip(struct model *m, struct model_slot *s, struct model_nb *n)
{
	if (!n->nr_made)
		return;
	model_note(m, "strip", s, n, n->start - n->lo, n->len, n->nr_made);
	if (NdisRetreatNetBufferDataStart(n->nb, n->nb->DataOffset, 0, NULL))
		model_wrong(m, "no retreat to the start");
	/* The data may have been cut to end in a made MDL: all of it is data */
	n->start = n->lo;
	n->len = n->hi - n->lo;
	n->nb->DataLength = n->len;
	NdisAdvanceNetBufferDataStart(n->nb, n->nb->DataLength, TRUE, giver(s));
	model_advanced(n, n->len, true);
	if (n->nr_made)
		model_wrong(m, "model: an MDL is left");
}

void model_adjust(struct model *m, struct model_slot *s, struct model_nb *n)
{
	model_note(m, "adjust", s, n, n->start - n->lo, 0, 0);
	n->nb->CurrentMdl = NULL;
	n->nb->CurrentMdlOffset = 0xdeadbeef;
	NdisAdjustNetBufferCurrentMdl(n->nb);
}

/* A driver that cuts what came in, or announces more of the room */
void model_trim(struct model *m, struct model_slot *s, struct model_nb *n)
{
	if (n->hi == n->start)
		return;
	n->len = 1 + model_dice(m, n->hi - n->start);
	model_note(m, "trim", s, n, n->len, 0, 0);
	n->nb->DataLength = n->len;
	/* With no data CurrentMdl may have been the MDL before */
	NdisAdjustNetBufferCurrentMdl(n->nb);
	model_fill(m, n, n->start, n->start + n->len);
}

/* Where the first used byte is and how many follow it in that MDL */
static u8 *first_piece(const NET_BUFFER *nb, u32 *left)
{
	u32 skip = nb->DataOffset;
	const MDL *mdl = nb->MdlChain;

	while (mdl && skip >= mdl->ByteCount) {
		skip -= mdl->ByteCount;
		mdl = mdl->Next;
	}
	*left = mdl ? mdl->ByteCount - skip : 0;
	return mdl ? (u8 *)mdl->MappedSystemVa + skip : NULL;
}

void model_get(struct model *m, struct model_slot *s, struct model_nb *n)
{
	u32 bytes = 1 + model_dice(m, n->len + 8), left;
	u32 multiple = BIT(model_dice(m, 3) ? 0 : model_dice(m, 14));
	u32 offset = model_dice(m, multiple);
	u8 *storage = model_dice(m, 3) ? m->storage : NULL;
	u8 *va = first_piece(n->nb, &left), *want = storage, *is;

	model_note(m, "get", s, n, bytes, multiple, offset);
	if (bytes > n->len)
		want = NULL;
	else if (left >= bytes && (uintptr_t)va % multiple == offset)
		want = va;
	is = NdisGetDataBuffer(n->nb, bytes, storage, multiple, offset);
	if (is != want)
		model_wrong(m, "%u of %u bytes: %s instead of %s", bytes,
			    n->len, is == va ? "a pointer" :
			    is ? "a copy" : "nothing", want == va && va ?
			    "a pointer" : want ? "a copy" : "nothing");
	else if (is && memcmp(is, n->flat + n->start, bytes))
		model_wrong(m, "%u bytes are not those of the data", bytes);
}

static struct model_nb *any_nb(struct model *m, struct model_slot **slot)
{
	struct model_slot *s = &m->slot[model_dice(m, MODEL_SLOTS)];

	*slot = s;
	if (s->kind == MODEL_EMPTY || !s->nr_nbs)
		return NULL;
	return &s->nb[model_dice(m, s->nr_nbs)];
}

/* Into @n from any other, clones too */
void model_copy(struct model *m, struct model_slot *s, struct model_nb *n)
{
	u32 room = n->hi - n->start, to, from, bytes, want;
	struct model_slot *other;
	struct model_nb *src = any_nb(m, &other);
	ULONG copied = 0xdead;
	NDIS_STATUS status;

	if (!src || src == n)
		return;
	to = model_dice(m, room + 4);
	from = model_dice(m, src->len + 4);
	bytes = model_dice(m, room + src->len + 4);
	want = to > room || from > src->len ? 0 :
	       min3(bytes, room - to, src->len - from);
	model_note(m, "copy", s, n, to, from, bytes);
	status = NdisCopyFromNetBufferToNetBuffer(n->nb, to, bytes, src->nb,
						  from, &copied);
	if (status || copied != want)
		model_wrong(m, "status %x, %u copied of %u, not %u", status,
			    copied, bytes, want);
	else if (want)
		memcpy(n->flat + n->start + to, src->flat + src->start + from,
		       want);
}
