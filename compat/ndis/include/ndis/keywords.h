/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What Microsoft's compiler means by words that the kernel's headers define
 * for themselves. Included last by each header that a ported source includes;
 * kernel headers that come after it still compile.
 *
 * inline: in the kernel a gnu_inline function; `inline f()' is then emitted by
 * every file that sees it, and `extern inline f()' by none. Microsoft's
 * compiler emits both wherever they are needed and lets the linker keep one.
 * So here the word says nothing: each file has its copy, gcc inlines what is
 * small anyway, and porter.mk tells the linker to keep the first of several.
 * `static inline' and an inline function's address work as everywhere.
 *
 * min, max: the kernel's insist on equal types, Microsoft's compare USHORTs
 * with ULONGs. These convert as C does, and still evaluate once.
 */
#ifndef _NDIS_KEYWORDS_H
#define _NDIS_KEYWORDS_H

#undef inline
#undef __inline
#undef __inline__	/* from here on the compiler's own keyword */
#define inline		__attribute__((__unused__))
#define __inline	inline

#define NDIS_ALWAYS_INLINE \
	__inline__ __attribute__((__gnu_inline__, __always_inline__, __unused__))

/* The kernel's macros and later headers want what they ask for */
#ifdef asm_inline
#undef asm_inline
#ifdef CONFIG_CC_HAS_ASM_INLINE
#define asm_inline	asm __inline__
#else
#define asm_inline	asm
#endif
#endif
#undef __always_inline
#define __always_inline	NDIS_ALWAYS_INLINE notrace

#define __forceinline	NDIS_ALWAYS_INLINE
#define FORCEINLINE	__forceinline
#define CFORCEINLINE	__forceinline
#define INLINE		inline
#define NOINLINE	noinline

/* Windows compilers do not ask for prototypes of what is not static */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmissing-declarations"
#endif

#undef min
#undef max
#define min(a, b)	min_t(typeof(1 ? (a) : (b)), a, b)
#define max(a, b)	max_t(typeof(1 ? (a) : (b)), a, b)

/* Sixteen-bit miniports' annotations, and older ones of the WDK */
#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif

/*
 * A file that is Windows-spelled from top to bottom and includes no kernel
 * header after this point may say so before it includes ndis.h. It gets back
 * the names that kernel macros would take from it.
 */
#ifdef NDIS_WINDOWS_SOURCE
#undef current
#undef PAGE_ALIGN
#define PAGE_ALIGN(Va)	((PVOID)((ULONG_PTR)(Va) & PAGE_MASK))
#define __in
#define __out
#endif

#endif /* _NDIS_KEYWORDS_H */
