/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* NDIS's locks: a spin lock that keeps its level, and a reader-writer lock */
#ifndef _NDIS_LOCK_H
#define _NDIS_LOCK_H

#include <ndis/objectheader.h>
#include <wdm/spinlock.h>

typedef struct _NDIS_SPIN_LOCK {
	KSPIN_LOCK SpinLock;
	KIRQL OldIrql;
} NDIS_SPIN_LOCK, *PNDIS_SPIN_LOCK;

#define NdisAllocateSpinLock(_SpinLock)	spin_lock_init(&(_SpinLock)->SpinLock)
#define NdisFreeSpinLock(_SpinLock)	((void)(_SpinLock))
#define NdisInitializeSpinLock		NdisAllocateSpinLock

static inline VOID NdisAcquireSpinLock(PNDIS_SPIN_LOCK SpinLock)
	__acquires(&SpinLock->SpinLock)
{
	KIRQL irql = KeAcquireSpinLockRaiseToDpc(&SpinLock->SpinLock);

	SpinLock->OldIrql = irql;
}

static inline VOID NdisReleaseSpinLock(PNDIS_SPIN_LOCK SpinLock)
	__releases(&SpinLock->SpinLock)
{
	KeReleaseSpinLock(&SpinLock->SpinLock, SpinLock->OldIrql);
}

static inline VOID NdisDprAcquireSpinLock(PNDIS_SPIN_LOCK SpinLock)
	__acquires(&SpinLock->SpinLock)
{
	KeAcquireSpinLockAtDpcLevel(&SpinLock->SpinLock);
}

static inline VOID NdisDprReleaseSpinLock(PNDIS_SPIN_LOCK SpinLock)
	__releases(&SpinLock->SpinLock)
{
	KeReleaseSpinLockFromDpcLevel(&SpinLock->SpinLock);
}

/* --- reader-writer ---------------------------------------------------------------- */

typedef struct ndis_rw_lock NDIS_RW_LOCK_EX, *PNDIS_RW_LOCK_EX;

typedef struct _LOCK_STATE_EX {
	KIRQL OldIrql;
	UCHAR LockState;	/* 1: held for reading, 2: for writing */
	UCHAR Flags;
} LOCK_STATE_EX, *PLOCK_STATE_EX;

#define NDIS_RWL_AT_DISPATCH_LEVEL	1

PNDIS_RW_LOCK_EX NdisAllocateRWLock(NDIS_HANDLE NdisHandle);
VOID NdisFreeRWLock(PNDIS_RW_LOCK_EX Lock);
VOID NdisAcquireRWLockRead(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState,
			   UCHAR Flags);
VOID NdisAcquireRWLockWrite(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState,
			    UCHAR Flags);
VOID NdisReleaseRWLock(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState);

#endif /* _NDIS_LOCK_H */
