// SPDX-License-Identifier: GPL-2.0-only
/*
 * State after allocation: what the contract promises is built here, from the
 * contract and not from the layer's code, and compared byte by byte. A
 * difference is then looked up in the table of fields, to say its name.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "ndis_test.h"

struct field {
	const char *name;
	u16 offset;
	u16 size;	/* of an element */
	u16 count;
};

/* Sizes are the x64 layout's: a pointer has 8 bytes */
#define FIELD(type, member, size, count) \
	{ #member, offsetof(type, member), size, count }

static const struct field nbl_fields[] = {
	FIELD(struct net_buffer_list, Next, 8, 1),
	FIELD(struct net_buffer_list, FirstNetBuffer, 8, 1),
	FIELD(struct net_buffer_list, Context, 8, 1),
	FIELD(struct net_buffer_list, ParentNetBufferList, 8, 1),
	FIELD(struct net_buffer_list, NdisPoolHandle, 8, 1),
	FIELD(struct net_buffer_list, NdisReserved, 8, 2),
	FIELD(struct net_buffer_list, ProtocolReserved, 8, 4),
	FIELD(struct net_buffer_list, MiniportReserved, 8, 2),
	FIELD(struct net_buffer_list, Scratch, 8, 1),
	FIELD(struct net_buffer_list, SourceHandle, 8, 1),
	FIELD(struct net_buffer_list, NblFlags, 4, 1),
	FIELD(struct net_buffer_list, ChildRefCount, 4, 1),
	FIELD(struct net_buffer_list, Flags, 4, 1),
	FIELD(struct net_buffer_list, Status, 4, 1),
	FIELD(struct net_buffer_list, NetBufferListInfo, 8, 27),
	{ }
};

static const struct field nb_fields[] = {
	FIELD(struct net_buffer, Next, 8, 1),
	FIELD(struct net_buffer, CurrentMdl, 8, 1),
	FIELD(struct net_buffer, CurrentMdlOffset, 4, 1),
	FIELD(struct net_buffer, stDataLength, 8, 1),
	FIELD(struct net_buffer, MdlChain, 8, 1),
	FIELD(struct net_buffer, DataOffset, 4, 1),
	FIELD(struct net_buffer, ChecksumBias, 2, 1),
	FIELD(struct net_buffer, Reserved, 2, 1),
	FIELD(struct net_buffer, NdisPoolHandle, 8, 1),
	FIELD(struct net_buffer, NdisReserved, 8, 2),
	FIELD(struct net_buffer, ProtocolReserved, 8, 6),
	FIELD(struct net_buffer, MiniportReserved, 8, 4),
	FIELD(struct net_buffer, DataPhysicalAddress, 8, 1),
	FIELD(struct net_buffer, ScatterGatherList, 8, 1),
	{ }
};

static bool wrong_is(struct ndis_wrong *wrong, const char *field, u64 is,
		     u64 want)
{
	*wrong = (struct ndis_wrong){ .field = field, .is = is, .want = want };
	return false;
}

static bool same(struct ndis_wrong *wrong, const char *field, u64 is, u64 want)
{
	return is == want || wrong_is(wrong, field, is, want);
}

static bool same_ptr(struct ndis_wrong *wrong, const char *field,
		     const void *is, const void *want)
{
	return same(wrong, field, (uintptr_t)is, (uintptr_t)want);
}

/* Bytes that no field covers are padding, which the contract is silent about */
static bool same_fields(const void *is, const void *want,
			const struct field *field, struct ndis_wrong *wrong)
{
	unsigned int i;

	for (; field->name; field++) {
		for (i = 0; i < field->count; i++) {
			u32 offset = field->offset + i * field->size;

			if (!memcmp(is + offset, want + offset, field->size))
				continue;
			wrong->field = field->name;
			wrong->index = i;
			wrong->is = 0;
			wrong->want = 0;
			memcpy(&wrong->is, is + offset, field->size);
			memcpy(&wrong->want, want + offset, field->size);
			return false;
		}
	}
	return true;
}

/* The MDL that a pool with data bundles with each NET_BUFFER */
static bool bundled_mdl_ok(const struct net_buffer *nb,
			   const struct ndis_state *s, struct ndis_wrong *wrong)
{
	const struct ndis_mdl *mdl = nb->MdlChain;
	s16 flags = MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL;
	uintptr_t va;

	if (!mdl)
		return wrong_is(wrong, "MdlChain", 0, 1);
	va = (uintptr_t)mdl->MappedSystemVa;

	/*
	 * Behind what describes it or, where two share a page, elsewhere, so that no
	 * write of data can reach that
	 */
	return same_ptr(wrong, "MDL Next", mdl->Next, NULL) &&
	       same(wrong, "MDL Size", mdl->Size, sizeof(*mdl)) &&
	       same(wrong, "MDL MdlFlags", mdl->MdlFlags & flags, flags) &&
	       same_ptr(wrong, "MDL Process", mdl->Process, NULL) &&
	       same(wrong, "MDL ByteCount", mdl->ByteCount, s->data_size) &&
	       same(wrong, "MDL ByteOffset", mdl->ByteOffset,
		    offset_in_page(va)) &&
	       same(wrong, "MDL StartVa", (uintptr_t)mdl->StartVa,
		    va & PAGE_MASK) &&
	       same(wrong, "MDL before data", va >= (uintptr_t)(mdl + 1) ||
		    virt_to_head_page((void *)va) != virt_to_head_page(mdl),
		    true) &&
	       same(wrong, "data aligned", va % SMP_CACHE_BYTES, 0);
}

static bool nb_ok(const struct net_buffer *nb, const struct ndis_state *s,
		  struct ndis_wrong *wrong)
{
	bool data = s->kind == NDIS_KIND_LIST_NB_DATA ||
		    s->kind == NDIS_KIND_NB_DATA;
	struct net_buffer want;

	memset(&want, 0, sizeof(want));
	want.NdisPoolHandle = s->pool;
	if (data) {
		/* All of it is backfill; where the MDL lies is the layer's */
		want.MdlChain = nb->MdlChain;
		want.CurrentMdl = nb->MdlChain;
		want.CurrentMdlOffset = s->data_size;
		want.DataOffset = s->data_size;
	} else {
		want.MdlChain = s->mdl;
		want.CurrentMdl = s->current_mdl;
		want.CurrentMdlOffset = s->current_offset;
		want.DataOffset = s->offset;
		want.stDataLength = s->length;
	}
	if (!same_fields(nb, &want, nb_fields, wrong))
		return false;
	return !data || bundled_mdl_ok(nb, s, wrong);
}

/* The context that the pool preallocates: all of it free, in one block */
static bool context_ok(const struct net_buffer_list *nbl,
		       const struct ndis_state *s, struct ndis_wrong *wrong)
{
	const struct ndis_nbl_context *context = nbl->Context;

	if (s->any_context)
		return true;
	if (!s->context_size)
		return same_ptr(wrong, "Context", context, NULL);
	if (!context)
		return wrong_is(wrong, "Context", 0, 1);
	return same_ptr(wrong, "Context Next", context->Next, NULL) &&
	       same(wrong, "Context Size", context->Size, s->context_size) &&
	       same(wrong, "Context Offset", context->Offset,
		    s->context_size) &&
	       same(wrong, "Context aligned",
		    (uintptr_t)context->ContextData % sizeof(void *), 0);
}

/**
 * ndis_nbl_state_ok() - is a list as the contract promises?
 * @nbl: list as allocated
 * @s: what is promised
 * @wrong: receives the first field that is not so
 */
bool ndis_nbl_state_ok(const struct net_buffer_list *nbl,
		       const struct ndis_state *s, struct ndis_wrong *wrong)
{
	struct net_buffer_list want;
	struct net_buffer *nb = NULL;

	/* The embedded NET_BUFFER sits right behind its list */
	if (s->kind != NDIS_KIND_LIST)
		nb = (struct net_buffer *)(nbl + 1);

	memset(&want, 0, sizeof(want));
	want.FirstNetBuffer = nb;
	want.NdisPoolHandle = s->pool;
	want.Context = nbl->Context;
	return same_fields(nbl, &want, nbl_fields, wrong) &&
	       context_ok(nbl, s, wrong) && (!nb || nb_ok(nb, s, wrong));
}
EXPORT_SYMBOL_GPL(ndis_nbl_state_ok);

/**
 * ndis_nb_state_ok() - is a NET_BUFFER as the contract promises?
 * @nb: as allocated
 * @s: what is promised
 * @wrong: receives the first field that is not so
 */
bool ndis_nb_state_ok(const struct net_buffer *nb, const struct ndis_state *s,
		      struct ndis_wrong *wrong)
{
	return nb_ok(nb, s, wrong);
}
EXPORT_SYMBOL_GPL(ndis_nb_state_ok);

static bool expect_state(struct ktap *t, bool ok, const struct ndis_wrong *w,
			 const char *when)
{
	if (!ok)
		ktap_fail(t, __FILE__, __LINE__,
			  "%s[%u] is 0x%llx, not 0x%llx %s", w->field, w->index,
			  w->is, w->want, when);
	return ok;
}

bool ktap_expect_nbl(struct ktap *t, const struct net_buffer_list *nbl,
		     const struct ndis_state *state, const char *when)
{
	struct ndis_wrong wrong;

	return expect_state(t, ndis_nbl_state_ok(nbl, state, &wrong), &wrong,
			    when);
}
EXPORT_SYMBOL_GPL(ktap_expect_nbl);

bool ktap_expect_nb(struct ktap *t, const struct net_buffer *nb,
		    const struct ndis_state *state, const char *when)
{
	struct ndis_wrong wrong;

	return expect_state(t, ndis_nb_state_ok(nb, state, &wrong), &wrong,
			    when);
}
EXPORT_SYMBOL_GPL(ktap_expect_nb);
