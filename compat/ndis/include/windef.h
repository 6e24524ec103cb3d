/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The names of user mode that find their way into drivers */
#ifndef _NDIS_WINDEF_H
#define _NDIS_WINDEF_H

#include <ntdef.h>

typedef int BOOL, *PBOOL;
typedef u16 WORD, *PWORD;
typedef u32 DWORD, *PDWORD, *LPDWORD;

#ifndef LOWORD
#define LOBYTE(w)	((BYTE)((w) & 0xff))
#define HIBYTE(w)	((BYTE)((w) >> 8 & 0xff))
#define LOWORD(l)	((WORD)((l) & 0xffff))
#define HIWORD(l)	((WORD)((l) >> 16 & 0xffff))
#define MAKEWORD(a, b)	((WORD)((BYTE)(a) | (WORD)(BYTE)(b) << 8))
#endif

#endif /* _NDIS_WINDEF_H */
