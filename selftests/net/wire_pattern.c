// SPDX-License-Identifier: GPL-2.0-only
/*
 * wire: bytes that can be told from all others, and checked from any offset
 * without knowing what was before.
 */
#include <string.h>

#include "wire.h"

static uint64_t mix(uint64_t x)
{
	x ^= x >> 31;
	x *= 0x9e3779b97f4a7c15ull;
	x ^= x >> 29;
	x *= 0xd6e8feb86659fd93ull;
	return x ^ x >> 32;
}

static uint64_t word(uint64_t seed, uint64_t offset)
{
	return mix(seed * 0x2545f4914f6cdd1dull + offset / 8);
}

void wire_fill(uint8_t *p, size_t len, uint64_t seed, uint64_t offset)
{
	uint64_t w = word(seed, offset);
	size_t i;

	for (i = 0; i < len; i++, offset++) {
		if (!(offset % 8)) {
			w = word(seed, offset);
			if (len - i >= 8) {
				memcpy(p + i, &w, 8);
				i += 7;
				offset += 7;
				continue;
			}
		}
		p[i] = w >> offset % 8 * 8;
	}
}

/* Index of the first byte that is not the pattern's, or -1 */
long wire_differs(const uint8_t *p, size_t len, uint64_t seed, uint64_t offset)
{
	uint64_t w = word(seed, offset);
	size_t i;

	for (i = 0; i < len; i++, offset++) {
		if (!(offset % 8)) {
			w = word(seed, offset);
			if (len - i >= 8 && !memcmp(p + i, &w, 8)) {
				i += 7;
				offset += 7;
				continue;
			}
		}
		if (p[i] != (uint8_t)(w >> offset % 8 * 8))
			return i;
	}
	return -1;
}

uint64_t wire_random(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15ull;
	return mix(*state);
}
