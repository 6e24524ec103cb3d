/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Windows's base types over the kernel's, and what goes with them: calling
 * conventions that say nothing here, assertions, alignment, lists' heads.
 *
 * Windows is LLP64: LONG and ULONG have 32 bits. Pointer-sized integers are
 * ULONG_PTR and SIZE_T.
 */
#ifndef _NDIS_NTDEF_H
#define _NDIS_NTDEF_H

#include <ndis/linux.h>
#include <ndis/types.h>
#include <sal.h>

typedef void VOID;
typedef void *PVOID, *LPVOID;
typedef const void *PCVOID, *LPCVOID;
typedef void *HANDLE, **PHANDLE;

typedef char CHAR, *PCHAR, *LPSTR, *PSTR;
typedef const char *PCSTR, *LPCSTR;
typedef const char *PCCHAR;
typedef char CCHAR;
typedef short SHORT, *PSHORT;
typedef s16 CSHORT;
typedef s32 LONG, *PLONG;
typedef int INT, *PINT;
typedef u8 UCHAR, *PUCHAR;
typedef u8 BYTE, *PBYTE;
typedef u16 USHORT, *PUSHORT;
typedef u32 ULONG, *PULONG;
typedef unsigned int UINT, *PUINT;
typedef u8 BOOLEAN, *PBOOLEAN;
typedef u16 WCHAR, *PWCHAR, *PWSTR;
typedef const u16 *PCWSTR;

typedef s8 INT8, *PINT8;
typedef s16 INT16, *PINT16;
typedef s32 INT32, *PINT32;
typedef s64 INT64, *PINT64;
typedef u8 UINT8, *PUINT8;
typedef u16 UINT16, *PUINT16;
typedef u32 UINT32, *PUINT32;
typedef u64 UINT64, *PUINT64;
typedef s32 LONG32, *PLONG32;
typedef u32 ULONG32, *PULONG32;
typedef u32 DWORD32;
typedef s64 LONG64, *PLONG64;
typedef u64 ULONG64, *PULONG64;
typedef u64 DWORD64;
typedef s64 LONGLONG, *PLONGLONG;
typedef u64 ULONGLONG, *PULONGLONG;
typedef u64 DWORDLONG;

typedef long INT_PTR, *PINT_PTR;
typedef long LONG_PTR, *PLONG_PTR;
typedef uintptr_t UINT_PTR, *PUINT_PTR;
typedef uintptr_t ULONG_PTR, *PULONG_PTR;
typedef uintptr_t DWORD_PTR;
typedef size_t SIZE_T, *PSIZE_T;
typedef ssize_t SSIZE_T, *PSSIZE_T;
typedef uintptr_t KAFFINITY, *PKAFFINITY;
typedef uintptr_t PFN_NUMBER, *PPFN_NUMBER;

typedef s32 NTSTATUS, *PNTSTATUS;
typedef UCHAR KIRQL, *PKIRQL;
typedef CHAR KPROCESSOR_MODE;
typedef LONG KPRIORITY;

typedef union ndis_large_integer LARGE_INTEGER, *PLARGE_INTEGER;
typedef union ndis_large_integer PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

typedef union _ULARGE_INTEGER {
	struct {
		ULONG LowPart;
		ULONG HighPart;
	};
	struct {
		ULONG LowPart;
		ULONG HighPart;
	} u;
	ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _UNICODE_STRING {
	USHORT Length;
	USHORT MaximumLength;
	PWCHAR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _GUID {
	ULONG Data1;
	USHORT Data2;
	USHORT Data3;
	UCHAR Data4[8];
} GUID, *PGUID;

typedef struct _LIST_ENTRY {
	struct _LIST_ENTRY *Flink;
	struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
	struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

/* The kernel's ACPI headers have these two as well, with the same values */
#ifndef TRUE
#define TRUE	1
#endif
#ifndef FALSE
#define FALSE	0
#endif

#define CONST		const
#define MAXUCHAR	0xff
#define MAXUSHORT	0xffff
#define MAXSHORT	0x7fff
#define MAXULONG	0xffffffffu
#define MAXLONG		0x7fffffff
#define MAXULONG_PTR	(~(ULONG_PTR)0)
#define MAXSIZE_T	SIZE_MAX
#ifndef UCHAR_MAX
#define UCHAR_MAX	MAXUCHAR
#endif
#ifndef UINT16_MAX
#define UINT16_MAX	MAXUSHORT
#define UINT32_MAX	MAXULONG
#endif
#ifndef ULONG32_MAX
#define ULONG32_MAX	MAXULONG
#endif

#define NT_SUCCESS(Status)	((NTSTATUS)(Status) >= 0)
#define NT_INFORMATION(Status)	((ULONG)(Status) >> 30 == 1)
#define NT_WARNING(Status)	((ULONG)(Status) >> 30 == 2)
#define NT_ERROR(Status)	((ULONG)(Status) >> 30 == 3)

/* --- what compilers are told ------------------------------------------------ */

#define NTAPI
#define NTKERNELAPI
#define NTHALAPI
#define NTSYSAPI
#define FASTCALL
#define DECLSPEC_IMPORT
#define __cdecl
#define __stdcall
#define __fastcall
#define __int8		char
#define __int16		short
#define __int32		int
#define __int64		long long
#define __unaligned
#define UNALIGNED
#define RESTRICTED_POINTER
#define POINTER_64

#define DECLSPEC_ALIGN(x)	__aligned(x)
#define DECLSPEC_CACHEALIGN	____cacheline_aligned
#define DECLSPEC_NOINLINE	noinline
#define DECLSPEC_NORETURN	__noreturn
#define DECLSPEC_SELECTANY	__weak
#define DECLSPEC_DEPRECATED

/* __declspec(align(16)), __declspec(noinline), ... */
#define __declspec(x)			__ndis_declspec_##x
#define __ndis_declspec_align(x)	__aligned(x)
#define __ndis_declspec_noinline	noinline
#define __ndis_declspec_noreturn	__noreturn
#define __ndis_declspec_selectany	__weak
#define __ndis_declspec_restrict
#define __ndis_declspec_noalias
#define __ndis_declspec_novtable
#define __ndis_declspec_dllimport
#define __ndis_declspec_dllexport

#define __pragma(x)
#define SYSTEM_CACHE_ALIGNMENT_SIZE	SMP_CACHE_BYTES
#define MEMORY_ALLOCATION_ALIGNMENT	16

/* --- small macros ------------------------------------------------------------ */

#define UNREFERENCED_PARAMETER(P)	((void)(P))
#define DBG_UNREFERENCED_PARAMETER(P)	((void)(P))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(V)	((void)(V))

#define C_ASSERT(e)		static_assert(e)

/*
 * Debug builds only, as on Windows. What fails is reported and counted by the
 * kernel's warning machinery.
 */
#if defined(DBG) && DBG
#define NT_ASSERT(e)		WARN_ON_ONCE(!(e))
#else
#define NT_ASSERT(e)		((void)sizeof(!!(e)))
#endif
#ifndef ASSERT
#define ASSERT(e)		NT_ASSERT(e)
#endif
#define ASSERTMSG(msg, e)	NT_ASSERT(e)
#define NT_ASSERTMSG(msg, e)	NT_ASSERT(e)
#define NT_VERIFY(e)		((e) ? TRUE : FALSE)
#define NT_FRE_ASSERT(e)	WARN_ON_ONCE(!(e))
#ifndef __assume	/* newer kernels' is the compiler's own, as Microsoft's is */
#define __assume(e)		do { } while (0)
#endif

#define FIELD_OFFSET(type, field)	((LONG)offsetof(type, field))
#define UFIELD_OFFSET(type, field)	((ULONG)offsetof(type, field))
#define RTL_FIELD_SIZE(type, field)	sizeof_field(type, field)
#define RTL_SIZEOF_THROUGH_FIELD(type, field)	offsetofend(type, field)
#define RTL_CONTAINS_FIELD(Struct, Size, Field) \
	((SIZE_T)(Size) >= offsetofend(typeof(*(Struct)), Field))
#define RTL_NUMBER_OF(A)	ARRAY_SIZE(A)
#define ARRAYSIZE(A)		ARRAY_SIZE(A)
#define RTL_PTR_ADD(P, V)	((PVOID)((PUCHAR)(P) + (V)))
#define RTL_PTR_SUBTRACT(P, V)	((PVOID)((PUCHAR)(P) - (V)))
#define CONTAINING_RECORD(address, type, field) \
	((type *)((PUCHAR)(address) - offsetof(type, field)))

#define ALIGN_DOWN_BY(length, alignment) \
	((ULONG_PTR)(length) & ~((ULONG_PTR)(alignment) - 1))
#define ALIGN_UP_BY(length, alignment) \
	ALIGN_DOWN_BY((ULONG_PTR)(length) + (alignment) - 1, alignment)
#define ALIGN_UP(length, type)	ALIGN_UP_BY(length, sizeof(type))
#define ALIGN_DOWN_POINTER_BY(address, alignment) \
	((PVOID)ALIGN_DOWN_BY(address, alignment))
#define ALIGN_UP_POINTER_BY(address, alignment) \
	((PVOID)ALIGN_UP_BY(address, alignment))
#define ROUND_TO_SIZE(length, alignment)	ALIGN_UP_BY(length, alignment)

#define PtrToUlong(p)	((ULONG)(ULONG_PTR)(p))
#define PtrToLong(p)	((LONG)(LONG_PTR)(p))
#define PtrToUint(p)	((UINT)(UINT_PTR)(p))
#define UlongToPtr(u)	((PVOID)(ULONG_PTR)(ULONG)(u))
#define LongToPtr(l)	((PVOID)(LONG_PTR)(LONG)(l))
#define UintToPtr(u)	((PVOID)(UINT_PTR)(UINT)(u))
#define HandleToUlong(h)	((ULONG)(ULONG_PTR)(h))

static_assert(sizeof(ULONG) == 4 && sizeof(ULONG_PTR) == sizeof(void *));
static_assert(sizeof(LARGE_INTEGER) == 8);

#include <ndis/keywords.h>

#endif /* _NDIS_NTDEF_H */
