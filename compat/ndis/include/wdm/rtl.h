/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Run-time library: memory, byte order, strings for the log */
#ifndef _WDM_RTL_H
#define _WDM_RTL_H

#include <ntstatus.h>

#define RtlZeroMemory(Destination, Length) \
	((void)memset(Destination, 0, Length))
#define RtlFillMemory(Destination, Length, Fill) \
	((void)memset(Destination, Fill, Length))
#define RtlCopyMemory(Destination, Source, Length) \
	((void)memcpy(Destination, Source, Length))
#define RtlMoveMemory(Destination, Source, Length) \
	((void)memmove(Destination, Source, Length))
#define RtlCopyBytes		RtlCopyMemory
#define RtlZeroBytes		RtlZeroMemory
#define RtlCopyVolatileMemory	RtlCopyMemory
#define RtlEqualMemory(Source1, Source2, Length) \
	(!memcmp(Source1, Source2, Length))
#define RtlSecureZeroMemory(Destination, Length) \
	memzero_explicit(Destination, Length)

/* Return: the number of bytes up to the first that differs */
static inline SIZE_T RtlCompareMemory(const VOID *Source1, const VOID *Source2,
				      SIZE_T Length)
{
	const UCHAR *a = Source1, *b = Source2;
	SIZE_T i;

	for (i = 0; i < Length && a[i] == b[i]; i++)
		;
	return i;
}

#define RtlUshortByteSwap(Value)	swab16(Value)
#define RtlUlongByteSwap(Value)		swab32(Value)
#define RtlUlonglongByteSwap(Value)	swab64(Value)
#define _byteswap_ushort(Value)		swab16(Value)
#define _byteswap_ulong(Value)		swab32(Value)
#define _byteswap_uint64(Value)		swab64(Value)

#define RtlNumberOfSetBits32(Value)	hweight32(Value)
#define PopulationCount64(Value)	hweight64(Value)

static inline BOOLEAN _BitScanForward(ULONG *Index, ULONG Mask)
{
	*Index = Mask ? __ffs(Mask) : 0;
	return !!Mask;
}

static inline BOOLEAN _BitScanReverse(ULONG *Index, ULONG Mask)
{
	*Index = Mask ? __fls(Mask) : 0;
	return !!Mask;
}

#define PF_TEMPORAL_LEVEL_1	1
#define PF_NON_TEMPORAL_LEVEL_ALL	0
#define PreFetchCacheLine(Level, Address)	prefetch(Address)

/* --- the debugger's log is the kernel's ------------------------------------- */

#define DPFLTR_ERROR_LEVEL	0
#define DPFLTR_WARNING_LEVEL	1
#define DPFLTR_TRACE_LEVEL	2
#define DPFLTR_INFO_LEVEL	3
#define DPFLTR_IHVNETWORK_ID	81
#define DPFLTR_IHVDRIVER_ID	77

/*
 * Of Windows's own conversions the kernel's printk knows none: %I64x is %llx
 * here, %wZ has no counterpart.
 */
ULONG DbgPrint(PCSTR Format, ...);
ULONG DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...);

#if defined(DBG) && DBG
#define KdPrint(args)	((void)DbgPrint args)
#define KdPrintEx(args)	((void)DbgPrintEx args)
#else
#define KdPrint(args)	do { } while (0)
#define KdPrintEx(args)	do { } while (0)
#endif

#define DbgBreakPoint()	WARN_ON_ONCE(1)
#define KdBreakPoint()	do { } while (0)

#endif /* _WDM_RTL_H */
