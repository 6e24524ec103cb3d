// SPDX-License-Identifier: GPL-2.0-only
/* The same as porter_inline.c: the linker must cope with two of everything */
#include "porter.h"

static PORTER_FUNCTION *table[PORTER_FUNCTIONS] = {
	PorterInline, PorterUnderscored, PorterExtern, PorterForced,
	PorterStatic, PorterStaticForced, PorterLarge,
};

PORTER_FUNCTION **PorterTableOther(void)
{
	return table;
}

ULONG PorterSumOther(ULONG a, ULONG b)
{
	return PorterInline(a, b) + PorterUnderscored(a, b) +
	       PorterExtern(a, b) + PorterForced(a, b) + PorterStatic(a, b) +
	       PorterStaticForced(a, b);
}
