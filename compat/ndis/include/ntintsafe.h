/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Sums and products of sizes that say when they do not fit: on overflow the
 * result is the type's greatest value and the status an error.
 */
#ifndef _NDIS_NTINTSAFE_H
#define _NDIS_NTINTSAFE_H

#include <ntstatus.h>

#define NDIS_INTSAFE_RESULT(failed, result, max)			\
({									\
	bool __failed = (failed);					\
									\
	if (__failed)							\
		*(result) = (max);					\
	__failed ? STATUS_INTEGER_OVERFLOW : STATUS_SUCCESS;		\
})

#define NDIS_INTSAFE(Name, type, max)					\
static inline NTSTATUS Rtl##Name##Add(type a, type b, type *result)	\
{									\
	return NDIS_INTSAFE_RESULT(check_add_overflow(a, b, result),	\
				   result, max);			\
}									\
static inline NTSTATUS Rtl##Name##Sub(type a, type b, type *result)	\
{									\
	return NDIS_INTSAFE_RESULT(check_sub_overflow(a, b, result),	\
				   result, max);			\
}									\
static inline NTSTATUS Rtl##Name##Mult(type a, type b, type *result)	\
{									\
	return NDIS_INTSAFE_RESULT(check_mul_overflow(a, b, result),	\
				   result, max);			\
}

NDIS_INTSAFE(UShort, USHORT, U16_MAX)
NDIS_INTSAFE(ULong, ULONG, U32_MAX)
NDIS_INTSAFE(UInt, UINT, UINT_MAX)
NDIS_INTSAFE(UInt16, UINT16, U16_MAX)
NDIS_INTSAFE(UInt32, UINT32, U32_MAX)
NDIS_INTSAFE(UInt64, UINT64, U64_MAX)
NDIS_INTSAFE(ULongLong, ULONGLONG, U64_MAX)
NDIS_INTSAFE(ULongPtr, ULONG_PTR, ULONG_MAX)
NDIS_INTSAFE(SizeT, SIZE_T, SIZE_MAX)

#define NDIS_INTSAFE_CONVERT(From, from, To, to, max)			\
static inline NTSTATUS Rtl##From##To##To(from value, to *result)	\
{									\
	*result = value;						\
	return NDIS_INTSAFE_RESULT(value > (max), result, max);		\
}

NDIS_INTSAFE_CONVERT(ULong, ULONG, UShort, USHORT, U16_MAX)
NDIS_INTSAFE_CONVERT(ULong, ULONG, UChar, UCHAR, U8_MAX)
NDIS_INTSAFE_CONVERT(SizeT, SIZE_T, ULong, ULONG, U32_MAX)
NDIS_INTSAFE_CONVERT(SizeT, SIZE_T, UShort, USHORT, U16_MAX)
NDIS_INTSAFE_CONVERT(SizeT, SIZE_T, UInt32, UINT32, U32_MAX)
NDIS_INTSAFE_CONVERT(ULongLong, ULONGLONG, ULong, ULONG, U32_MAX)

#endif /* _NDIS_NTINTSAFE_H */
