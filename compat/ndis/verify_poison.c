// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verify mode: a freed object is filled with a pattern. Whoever writes to it
 * changes the pattern, and is found out when the object leaves its quarantine.
 *
 *   | ndis_obj | NET_BUFFER_LIST | NET_BUFFER | MDL.. | context | room | data |
 *   |   stays  | 6b 6b 6b .. H ..6b 6b .. H ..6b 6b 6b ..                     |
 *
 * H, the pool handles, stay, because a second free reads them to come here.
 */
#include <linux/poison.h>
#include <linux/string.h>

#include "verify.h"

/* Where an object's handles are, and where it ends */
struct ndis_poison_map {
	struct ndis_pool **handle[2];
	unsigned int handles;
	u8 *start;
	u8 *end;
};

static void ndis_poison_map(struct ndis_poison_map *map,
			    struct ndis_pool *pool,
			    const struct ndis_verify_record *r)
{
	struct ndis_list_obj *lo;
	struct ndis_nb_obj *no;

	if (ndis_pool_is_nb(pool)) {
		no = container_of(r->obj, struct ndis_nb_obj, obj);
		map->handle[0] = (struct ndis_pool **)&no->nb.NdisPoolHandle;
		map->handles = 1;
	} else {
		lo = container_of(r->obj, struct ndis_list_obj, obj);
		map->handle[0] = (struct ndis_pool **)&lo->nbl.NdisPoolHandle;
		map->handle[1] = (struct ndis_pool **)&lo->nb.NdisPoolHandle;
		map->handles = 2;
	}
	map->start = (u8 *)(r->obj + 1);
	map->end = (u8 *)r->obj + pool->size;
	/* Data that an skb still refers to is not ours alone */
	if (pool->data_size && !r->data_shared)
		map->end = (u8 *)r->obj + pool->data_offset + pool->data_size;
}

/* Context: lock of @pool held */
void ndis_verify_poison(struct ndis_pool *pool, struct ndis_verify_record *r)
{
	struct ndis_poison_map map;
	unsigned int i;

	ndis_poison_map(&map, pool, r);
	memset(map.start, POISON_FREE, map.end - map.start);
	for (i = 0; i < map.handles; i++)
		*map.handle[i] = pool;
}

/* Return: the first byte in @start .. @end that is no poison, or NULL */
static u8 *ndis_poison_find(u8 *start, u8 *end)
{
	return start < end ? memchr_inv(start, POISON_FREE, end - start) : NULL;
}

/* Return: the first byte that was changed, or NULL */
static u8 *ndis_poison_changed(struct ndis_pool *pool,
			       const struct ndis_poison_map *map)
{
	u8 *pos = map->start, *bad;
	unsigned int i;

	for (i = 0; i < map->handles; i++) {
		bad = ndis_poison_find(pos, (u8 *)map->handle[i]);
		if (bad)
			return bad;
		if (*map->handle[i] != pool)
			return (u8 *)map->handle[i];
		pos = (u8 *)(map->handle[i] + 1);
	}
	return ndis_poison_find(pos, map->end);
}

/* The part of an object that @offset is in, which is made to count from there */
static const char *ndis_poison_part(const struct ndis_pool *pool, u32 *offset)
{
	u32 nb = ndis_pool_is_nb(pool) ? offsetof(struct ndis_nb_obj, nb)
				       : offsetof(struct ndis_list_obj, nb);

	if (*offset >= pool->size && pool->data_size) {
		if (*offset < pool->data_offset) {
			*offset -= pool->size;
			return "headroom";
		}
		*offset -= pool->data_offset;
		return "data";
	}
	if (*offset >= nb + sizeof(struct net_buffer)) {
		*offset -= nb + sizeof(struct net_buffer);
		return "MDLs and context";
	}
	if (*offset >= nb) {
		*offset -= nb;
		return "NET_BUFFER";
	}
	*offset -= offsetof(struct ndis_list_obj, nbl);
	return "NET_BUFFER_LIST";
}

/*
 * Is an object in quarantine as it was left? Context: lock of @pool held.
 * Return: false, and @report filled in, if not
 */
bool ndis_verify_poison_ok(struct ndis_pool *pool,
			   const struct ndis_verify_record *r,
			   struct ndis_verify_report *report)
{
	struct ndis_poison_map map;
	u8 *first, *last;

	ndis_poison_map(&map, pool, r);
	first = ndis_poison_changed(pool, &map);
	if (likely(!first))
		return true;

	ndis_verify_report_fill(report, NDIS_VERIFY_WRITE_AFTER_FREE, pool,
				r->obj, r);
	/* The bytes in a row that are not poison, up to what is shown */
	for (last = first; last < map.end && last - first < NDIS_VERIFY_BYTES;
	     last++)
		if (*last == POISON_FREE)
			break;
	report->len = max_t(u32, last - first, 1);
	memcpy(report->bytes, first, report->len);
	report->offset = first - (u8 *)r->obj;
	report->where = ndis_poison_part(pool, &report->offset);
	return false;
}
