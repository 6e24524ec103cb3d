/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included in front of everything: the kernel's own headers, configured for a
 * process. What is gone would patch code at run time, ask the processor for what
 * a process may not do, or check what the sanitizers check better.
 */
#undef CONFIG_CC_IS_GCC
#undef CONFIG_DEBUG_LIST
#undef CONFIG_FORTIFY_SOURCE
#undef CONFIG_HARDENED_USERCOPY
#undef CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP
#undef CONFIG_JUMP_LABEL
#undef CONFIG_PARAVIRT
#undef CONFIG_PARAVIRT_SPINLOCKS
#undef CONFIG_PARAVIRT_XXL
#undef CONFIG_PREEMPT
#undef CONFIG_PREEMPTION
#undef CONFIG_PREEMPT_BUILD
#undef CONFIG_PREEMPT_COUNT
#undef CONFIG_PREEMPT_DYNAMIC
#undef CONFIG_PREEMPT_RCU
#undef CONFIG_RETPOLINE
#undef CONFIG_TRACEPOINTS

/*
 * The device may write while it is being read: each READ_ONCE() is a moment at
 * which it can (device.c). The kernel's header takes this definition for its own.
 */
extern unsigned int fuzz_armed;
void fuzz_look(const volatile void *p);

#define __READ_ONCE(x)							\
	(*((fuzz_armed ? fuzz_look(&(x)) : (void)0),			\
	   (const volatile __unqual_scalar_typeof(x) *)&(x)))
