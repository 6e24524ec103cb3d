/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Levels. DISPATCH_LEVEL is softirq context, or a process with bottom halves
 * disabled; above it is hard interrupt, where none of this may be called.
 */
#ifndef _WDM_IRQL_H
#define _WDM_IRQL_H

#include <ntdef.h>

#define PASSIVE_LEVEL	0
#define LOW_LEVEL	0
#define APC_LEVEL	1
#define DISPATCH_LEVEL	2
#define CLOCK_LEVEL	13
#define HIGH_LEVEL	15

static inline KIRQL KeGetCurrentIrql(void)
{
	if (in_nmi() || in_hardirq())
		return HIGH_LEVEL;
	if (ndis_in_softirq() || irqs_disabled())
		return DISPATCH_LEVEL;
	return PASSIVE_LEVEL;
}

static inline VOID KeRaiseIrql(KIRQL NewIrql, PKIRQL OldIrql)
{
	*OldIrql = KeGetCurrentIrql();
	if (NewIrql >= DISPATCH_LEVEL && *OldIrql < DISPATCH_LEVEL)
		local_bh_disable();
}

static inline KIRQL KeRaiseIrqlToDpcLevel(void)
{
	KIRQL irql;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	return irql;
}

static inline VOID KeLowerIrql(KIRQL NewIrql)
{
	if (NewIrql < DISPATCH_LEVEL)
		local_bh_enable();
}

#define NDIS_RAISE_IRQL_TO_DISPATCH(OldIrql) \
	KeRaiseIrql(DISPATCH_LEVEL, OldIrql)
#define NDIS_LOWER_IRQL(OldIrql, CurrentIrql)				\
do {									\
	(void)(CurrentIrql);						\
	KeLowerIrql(OldIrql);						\
} while (0)
#define NDIS_CURRENT_IRQL()	KeGetCurrentIrql()
#define NdisGetCurrentIrql()	KeGetCurrentIrql()
#define PAGED_CODE()		NT_ASSERT(KeGetCurrentIrql() <= APC_LEVEL)
#define PAGED_CODE_LOCKED()	do { } while (0)

#define KeStallExecutionProcessor(Microseconds)	udelay(Microseconds)
#define NdisStallExecution(Microseconds)	udelay(Microseconds)

/* PASSIVE_LEVEL */
static inline VOID NdisMSleep(ULONG Microseconds)
{
	usleep_range(Microseconds, Microseconds + Microseconds / 4 + 1);
}

#define KeGetCurrentProcessorNumber()		raw_smp_processor_id()
#define KeGetCurrentProcessorNumberEx(Number)	raw_smp_processor_id()
#define KeGetCurrentProcessorIndex()		raw_smp_processor_id()
#define KeQueryActiveProcessorCount(Mask)	num_online_cpus()
#define KeQueryActiveProcessorCountEx(Group)	num_online_cpus()
#define KeQueryMaximumProcessorCountEx(Group)	nr_cpu_ids
#define NdisSystemActiveProcessorCount(Mask)	num_online_cpus()
#define NdisGroupActiveProcessorCount(Group)	num_online_cpus()
#define NdisGroupMaxProcessorCount(Group)	nr_cpu_ids
#define NdisSystemProcessorCount()		num_online_cpus()
#define NdisCurrentProcessorIndex()		raw_smp_processor_id()
#define ALL_PROCESSOR_GROUPS			0xffff

/* Units of 100 ns since boot, and since 1601 */
static inline ULONGLONG KeQueryInterruptTime(void)
{
	return ktime_get_ns() / 100;
}

static inline VOID KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
	CurrentTime->QuadPart = ktime_get_real_ns() / 100 +
				116444736000000000LL;
}

#define KeQuerySystemTimePrecise	KeQuerySystemTime
#define NdisGetCurrentSystemTime	KeQuerySystemTime

static inline LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER Frequency)
{
	LARGE_INTEGER now;

	if (Frequency)
		Frequency->QuadPart = NSEC_PER_SEC;
	now.QuadPart = ktime_get_ns();
	return now;
}

#define NdisQueryPerformanceCounter(Frequency) \
	KeQueryPerformanceCounter(Frequency)

#endif /* _WDM_IRQL_H */
