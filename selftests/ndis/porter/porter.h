/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every file of this module sees, as the headers of a miniport are
 * written: inline functions of each kind, without prototypes, seen by several
 * files, some of which need their addresses.
 */
#ifndef _PORTER_H
#define _PORTER_H

#include <ndis.h>
#include "../ndis_test.h"

#ifndef __CHECKER__	/* sparse warns of it, whatever it is told */
#define PORTER_TAG	'tPDN'
#else
#define PORTER_TAG	0x7450444e
#endif

typedef ULONG PORTER_FUNCTION(ULONG a, ULONG b);

#ifdef __CHECKER__	/* sparse wants to know each of them before */
PORTER_FUNCTION PorterInline, PorterUnderscored, PorterExtern, PorterForced;
PORTER_FUNCTION PorterLarge;
#endif

inline ULONG PorterInline(ULONG a, ULONG b)
{
	return a + b;
}

__inline ULONG PorterUnderscored(ULONG a, ULONG b)
{
	return a - b;
}

#ifndef __CHECKER__	/* sparse takes extern for a mistake */
extern
#endif
inline ULONG PorterExtern(ULONG a, ULONG b)
{
	return a * b;
}

FORCEINLINE ULONG PorterForced(ULONG a, ULONG b)
{
	return a ^ b;
}

static inline ULONG PorterStatic(ULONG a, ULONG b)
{
	return a | b;
}

static __forceinline ULONG PorterStaticForced(ULONG a, ULONG b)
{
	return a & b;
}

/* Larger than gcc would inline, and with a variable of its own */
inline ULONG PorterLarge(ULONG a, ULONG b)
{
	static LONG calls;
	ULONG i, sum = 0;

	for (i = 0; i < a; i++)
		sum += swab32(i * b) ^ (sum >> 3);
	for (i = 0; i < b; i++)
		sum ^= swab32(i * a) + (sum << 5);
	return sum + InterlockedIncrement(&calls);
}

/* One table of all of them in each file that has asked */
PORTER_FUNCTION **PorterTableInline(void);
PORTER_FUNCTION **PorterTableOther(void);
#define PORTER_FUNCTIONS	7

ULONG PorterSumInline(ULONG a, ULONG b);
ULONG PorterSumOther(ULONG a, ULONG b);

void porter_test_names(struct ktap *t);
void porter_test_memory(struct ktap *t);
void porter_test_lookaside(struct ktap *t);
void porter_test_locks(struct ktap *t);
void porter_test_timers(struct ktap *t);
void porter_test_work(struct ktap *t);
void porter_test_events(struct ktap *t);

#endif /* _PORTER_H */
