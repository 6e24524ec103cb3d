/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Interlocked operations: full barriers, like the kernel's atomics that return
 * a value. The Acquire, Release and NoFence spellings are the same functions,
 * which is more than they ask for.
 */
#ifndef _WDM_INTERLOCKED_H
#define _WDM_INTERLOCKED_H

#include <ntdef.h>

static_assert(sizeof(atomic_t) == sizeof(LONG));
static_assert(sizeof(atomic64_t) == sizeof(LONG64));

static inline LONG InterlockedIncrement(LONG volatile *Addend)
{
	return atomic_inc_return((atomic_t *)Addend);
}

static inline LONG InterlockedDecrement(LONG volatile *Addend)
{
	return atomic_dec_return((atomic_t *)Addend);
}

/* Return: the sum */
static inline LONG InterlockedAdd(LONG volatile *Addend, LONG Value)
{
	return atomic_add_return(Value, (atomic_t *)Addend);
}

/* Return: what was there before, as with all that follow */
static inline LONG InterlockedExchangeAdd(LONG volatile *Addend, LONG Value)
{
	return atomic_fetch_add(Value, (atomic_t *)Addend);
}

static inline LONG InterlockedExchange(LONG volatile *Target, LONG Value)
{
	return atomic_xchg((atomic_t *)Target, Value);
}

static inline LONG InterlockedCompareExchange(LONG volatile *Destination,
					      LONG Exchange, LONG Comparand)
{
	return atomic_cmpxchg((atomic_t *)Destination, Comparand, Exchange);
}

static inline LONG InterlockedAnd(LONG volatile *Destination, LONG Value)
{
	return atomic_fetch_and(Value, (atomic_t *)Destination);
}

static inline LONG InterlockedOr(LONG volatile *Destination, LONG Value)
{
	return atomic_fetch_or(Value, (atomic_t *)Destination);
}

static inline LONG InterlockedXor(LONG volatile *Destination, LONG Value)
{
	return atomic_fetch_xor(Value, (atomic_t *)Destination);
}

static inline LONG64 InterlockedIncrement64(LONG64 volatile *Addend)
{
	return atomic64_inc_return((atomic64_t *)Addend);
}

static inline LONG64 InterlockedDecrement64(LONG64 volatile *Addend)
{
	return atomic64_dec_return((atomic64_t *)Addend);
}

static inline LONG64 InterlockedAdd64(LONG64 volatile *Addend, LONG64 Value)
{
	return atomic64_add_return(Value, (atomic64_t *)Addend);
}

static inline LONG64 InterlockedExchangeAdd64(LONG64 volatile *Addend,
					      LONG64 Value)
{
	return atomic64_fetch_add(Value, (atomic64_t *)Addend);
}

static inline LONG64 InterlockedExchange64(LONG64 volatile *Target,
					   LONG64 Value)
{
	return atomic64_xchg((atomic64_t *)Target, Value);
}

static inline LONG64 InterlockedCompareExchange64(LONG64 volatile *Destination,
						  LONG64 Exchange,
						  LONG64 Comparand)
{
	return atomic64_cmpxchg((atomic64_t *)Destination, Comparand, Exchange);
}

static inline LONG64 InterlockedAnd64(LONG64 volatile *Destination,
				      LONG64 Value)
{
	return atomic64_fetch_and(Value, (atomic64_t *)Destination);
}

static inline LONG64 InterlockedOr64(LONG64 volatile *Destination,
				     LONG64 Value)
{
	return atomic64_fetch_or(Value, (atomic64_t *)Destination);
}

static inline PVOID ndis_exchange_pointer(PVOID volatile *Target, PVOID Value)
{
	return (PVOID)atomic_long_xchg((atomic_long_t *)Target, (long)Value);
}

static inline PVOID ndis_compare_exchange_pointer(PVOID volatile *Destination,
						  PVOID Exchange,
						  PVOID Comparand)
{
	return (PVOID)atomic_long_cmpxchg((atomic_long_t *)Destination,
					  (long)Comparand, (long)Exchange);
}

/* Any pointer type, without a cast, as Microsoft's compiler takes it */
#define InterlockedExchangePointer(Target, Value) \
	ndis_exchange_pointer((PVOID volatile *)(Target), (PVOID)(Value))
#define InterlockedCompareExchangePointer(Destination, Exchange, Comparand) \
	ndis_compare_exchange_pointer((PVOID volatile *)(Destination),	\
				      (PVOID)(Exchange), (PVOID)(Comparand))

static inline BOOLEAN InterlockedBitTestAndSet(LONG volatile *Base, LONG Bit)
{
	LONG mask = 1u << (Bit & 31);

	return !!(InterlockedOr(Base + (Bit >> 5), mask) & mask);
}

static inline BOOLEAN InterlockedBitTestAndReset(LONG volatile *Base, LONG Bit)
{
	LONG mask = 1u << (Bit & 31);

	return !!(InterlockedAnd(Base + (Bit >> 5), ~mask) & mask);
}

#define InterlockedIncrementAcquire		InterlockedIncrement
#define InterlockedIncrementRelease		InterlockedIncrement
#define InterlockedIncrementNoFence		InterlockedIncrement
#define InterlockedDecrementAcquire		InterlockedDecrement
#define InterlockedDecrementRelease		InterlockedDecrement
#define InterlockedDecrementNoFence		InterlockedDecrement
#define InterlockedAddNoFence			InterlockedAdd
#define InterlockedExchangeAcquire		InterlockedExchange
#define InterlockedExchangeNoFence		InterlockedExchange
#define InterlockedExchangeAddNoFence		InterlockedExchangeAdd
#define InterlockedCompareExchangeAcquire	InterlockedCompareExchange
#define InterlockedCompareExchangeRelease	InterlockedCompareExchange
#define InterlockedCompareExchangeNoFence	InterlockedCompareExchange
#define InterlockedIncrementNoFence64		InterlockedIncrement64
#define InterlockedDecrementNoFence64		InterlockedDecrement64
#define InterlockedExchangeAddNoFence64		InterlockedExchangeAdd64
#define InterlockedIncrementSizeT(a) \
	((SIZE_T)InterlockedIncrement64((LONG64 volatile *)(a)))
#define InterlockedDecrementSizeT(a) \
	((SIZE_T)InterlockedDecrement64((LONG64 volatile *)(a)))

#define NdisInterlockedIncrement(Addend)	InterlockedIncrement(Addend)
#define NdisInterlockedDecrement(Addend)	InterlockedDecrement(Addend)

#define ReadAcquire(Source)		smp_load_acquire(Source)
#define ReadNoFence(Source)		READ_ONCE(*(Source))
#define ReadULongAcquire(Source)	smp_load_acquire(Source)
#define ReadULongNoFence(Source)	READ_ONCE(*(Source))
#define ReadPointerAcquire(Source)	smp_load_acquire(Source)
#define ReadPointerNoFence(Source)	READ_ONCE(*(Source))
#define WriteRelease(Destination, Value)	smp_store_release(Destination, Value)
#define WriteNoFence(Destination, Value)	WRITE_ONCE(*(Destination), Value)
#define WriteULongRelease(Destination, Value) \
	smp_store_release(Destination, Value)
#define WriteULongNoFence(Destination, Value) \
	WRITE_ONCE(*(Destination), Value)
#define WritePointerRelease(Destination, Value) \
	smp_store_release(Destination, Value)
#define WritePointerNoFence(Destination, Value) \
	WRITE_ONCE(*(Destination), Value)
#define KeMemoryBarrier()		smp_mb()
#define MemoryBarrier()			smp_mb()
#define KeMemoryBarrierWithoutFence()	barrier()
#define _ReadWriteBarrier()		barrier()
#define _ReadBarrier()			barrier()
#define _WriteBarrier()			barrier()
#define YieldProcessor()		cpu_relax()

#endif /* _WDM_INTERLOCKED_H */
