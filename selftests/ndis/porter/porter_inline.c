// SPDX-License-Identifier: GPL-2.0-only
/*
 * Takes the address of every inline function of porter.h, and calls them all.
 * porter_other.c does the same, so that the linker sees each of them twice.
 */
#include "porter.h"

static PORTER_FUNCTION *table[PORTER_FUNCTIONS] = {
	PorterInline, PorterUnderscored, PorterExtern, PorterForced,
	PorterStatic, PorterStaticForced, PorterLarge,
};

PORTER_FUNCTION **PorterTableInline(void)
{
	return table;
}

ULONG PorterSumInline(ULONG a, ULONG b)
{
	return PorterInline(a, b) + PorterUnderscored(a, b) +
	       PorterExtern(a, b) + PorterForced(a, b) + PorterStatic(a, b) +
	       PorterStaticForced(a, b);
}
