/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Spin locks. To acquire one raises to DISPATCH_LEVEL, that is, disables bottom
 * halves; the AtDpcLevel and Dpr spellings are for those who are there already.
 * The level that a lock has saved is not needed to go back: the kernel counts.
 *
 * Initialising is a macro so that lockdep tells locks apart by the line that
 * initialises them.
 */
#ifndef _WDM_SPINLOCK_H
#define _WDM_SPINLOCK_H

#include <wdm/irql.h>

typedef spinlock_t KSPIN_LOCK, *PKSPIN_LOCK;

typedef struct _KLOCK_QUEUE_HANDLE {
	PKSPIN_LOCK Lock;
	KIRQL OldIrql;
} KLOCK_QUEUE_HANDLE, *PKLOCK_QUEUE_HANDLE;

#define KeInitializeSpinLock(SpinLock)	spin_lock_init(SpinLock)

static inline KIRQL KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock)
	__acquires(SpinLock)
{
	KIRQL irql = KeGetCurrentIrql();

	spin_lock_bh(SpinLock);
	return irql;
}

#define KeAcquireSpinLock(SpinLock, OldIrql) \
	((void)(*(OldIrql) = KeAcquireSpinLockRaiseToDpc(SpinLock)))

static inline VOID KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
	__releases(SpinLock)
{
	spin_unlock_bh(SpinLock);
}

static inline VOID KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
	__acquires(SpinLock)
{
	spin_lock(SpinLock);
}

static inline VOID KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock)
	__releases(SpinLock)
{
	spin_unlock(SpinLock);
}

/* Return: TRUE if it was free and is the caller's now; at DISPATCH_LEVEL */
#define KeTryToAcquireSpinLockAtDpcLevel(SpinLock) \
	((BOOLEAN)spin_trylock(SpinLock))

static inline VOID KeAcquireInStackQueuedSpinLock(PKSPIN_LOCK SpinLock,
						  PKLOCK_QUEUE_HANDLE Handle)
	__acquires(SpinLock)
{
	Handle->Lock = SpinLock;
	Handle->OldIrql = KeAcquireSpinLockRaiseToDpc(SpinLock);
}

static inline VOID KeReleaseInStackQueuedSpinLock(PKLOCK_QUEUE_HANDLE Handle)
	__releases(Handle->Lock)
{
	KeReleaseSpinLock(Handle->Lock, Handle->OldIrql);
}

static inline VOID
KeAcquireInStackQueuedSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock,
					 PKLOCK_QUEUE_HANDLE Handle)
	__acquires(SpinLock)
{
	Handle->Lock = SpinLock;
	KeAcquireSpinLockAtDpcLevel(SpinLock);
}

static inline VOID
KeReleaseInStackQueuedSpinLockFromDpcLevel(PKLOCK_QUEUE_HANDLE Handle)
	__releases(Handle->Lock)
{
	KeReleaseSpinLockFromDpcLevel(Handle->Lock);
}

#endif /* _WDM_SPINLOCK_H */
