// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists with locks of their own, reader-writer locks and events: what drivers
 * order their buffers and their ends with.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
/* Needs cpu_relax(), and does not include what has it */
#include <linux/bit_spinlock.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <ndis.h>

#include "family.h"

/* --- SLISTs: any level, so interrupts are off while the lock bit is held --------- */

#define NDIS_SLIST_LOCK		0	/* bit of Depth; the count is above it */
#define NDIS_SLIST_ONE		2

static unsigned long ndis_slist_lock(PSLIST_HEADER head)
	__acquires(bitlock)
{
	unsigned long flags;

	local_irq_save(flags);
	bit_spin_lock(NDIS_SLIST_LOCK, &head->Depth);
	return flags;
}

static void ndis_slist_unlock(PSLIST_HEADER head, unsigned long flags)
	__releases(bitlock)
{
	bit_spin_unlock(NDIS_SLIST_LOCK, &head->Depth);
	local_irq_restore(flags);
}

/**
 * InitializeSListHead() - an empty list
 * @SListHead: 16 bytes, aligned to 16
 *
 * Context: any.
 */
VOID InitializeSListHead(PSLIST_HEADER SListHead)
{
	SListHead->Next = NULL;
	SListHead->Depth = 0;
}
EXPORT_SYMBOL_GPL(InitializeSListHead);

/**
 * InterlockedPushEntrySList() - put an entry on top
 * @ListHead: list
 * @ListEntry: entry
 *
 * Context: any.
 * Return: the entry that was on top before, or NULL.
 */
PSLIST_ENTRY InterlockedPushEntrySList(PSLIST_HEADER ListHead,
				       PSLIST_ENTRY ListEntry)
{
	unsigned long flags = ndis_slist_lock(ListHead);
	PSLIST_ENTRY top = ListHead->Next;

	ListEntry->Next = top;
	ListHead->Next = ListEntry;
	ListHead->Depth += NDIS_SLIST_ONE;
	ndis_slist_unlock(ListHead, flags);
	return top;
}
EXPORT_SYMBOL_GPL(InterlockedPushEntrySList);

/**
 * InterlockedPopEntrySList() - take the entry on top
 * @ListHead: list
 *
 * Context: any.
 * Return: the entry, or NULL.
 */
PSLIST_ENTRY InterlockedPopEntrySList(PSLIST_HEADER ListHead)
{
	unsigned long flags = ndis_slist_lock(ListHead);
	PSLIST_ENTRY top = ListHead->Next;

	if (top) {
		ListHead->Next = top->Next;
		ListHead->Depth -= NDIS_SLIST_ONE;
	}
	ndis_slist_unlock(ListHead, flags);
	return top;
}
EXPORT_SYMBOL_GPL(InterlockedPopEntrySList);

/**
 * InterlockedFlushSList() - take all
 * @ListHead: list
 *
 * Context: any.
 * Return: the entries, linked by Next, last in first; or NULL.
 */
PSLIST_ENTRY InterlockedFlushSList(PSLIST_HEADER ListHead)
{
	unsigned long flags = ndis_slist_lock(ListHead);
	PSLIST_ENTRY top = ListHead->Next;

	ListHead->Next = NULL;
	ListHead->Depth = BIT(NDIS_SLIST_LOCK);
	ndis_slist_unlock(ListHead, flags);
	return top;
}
EXPORT_SYMBOL_GPL(InterlockedFlushSList);

/**
 * QueryDepthSList() - how many there are
 * @SListHead: list
 *
 * Context: any.
 * Return: entries, modulo 65,536 as on Windows.
 */
USHORT QueryDepthSList(PSLIST_HEADER SListHead)
{
	return READ_ONCE(SListHead->Depth) / NDIS_SLIST_ONE;
}
EXPORT_SYMBOL_GPL(QueryDepthSList);

/* --- doubly linked lists with the caller's lock ------------------------------------ */

/**
 * ExInterlockedInsertHeadList() - put an entry first
 * @ListHead: list
 * @ListEntry: entry
 * @Lock: lock of the list
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: the entry that was first before, or NULL.
 */
PLIST_ENTRY ExInterlockedInsertHeadList(PLIST_ENTRY ListHead,
					PLIST_ENTRY ListEntry,
					PKSPIN_LOCK Lock)
{
	PLIST_ENTRY first;

	spin_lock_bh(Lock);
	first = IsListEmpty(ListHead) ? NULL : ListHead->Flink;
	InsertHeadList(ListHead, ListEntry);
	spin_unlock_bh(Lock);
	return first;
}
EXPORT_SYMBOL_GPL(ExInterlockedInsertHeadList);

/**
 * ExInterlockedInsertTailList() - put an entry last
 * @ListHead: list
 * @ListEntry: entry
 * @Lock: lock of the list
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: the entry that was last before, or NULL.
 */
PLIST_ENTRY ExInterlockedInsertTailList(PLIST_ENTRY ListHead,
					PLIST_ENTRY ListEntry,
					PKSPIN_LOCK Lock)
{
	PLIST_ENTRY last;

	spin_lock_bh(Lock);
	last = IsListEmpty(ListHead) ? NULL : ListHead->Blink;
	InsertTailList(ListHead, ListEntry);
	spin_unlock_bh(Lock);
	return last;
}
EXPORT_SYMBOL_GPL(ExInterlockedInsertTailList);

/**
 * ExInterlockedRemoveHeadList() - take the first entry
 * @ListHead: list
 * @Lock: lock of the list
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: the entry, or NULL.
 */
PLIST_ENTRY ExInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock)
{
	PLIST_ENTRY first;

	spin_lock_bh(Lock);
	first = IsListEmpty(ListHead) ? NULL : RemoveHeadList(ListHead);
	spin_unlock_bh(Lock);
	return first;
}
EXPORT_SYMBOL_GPL(ExInterlockedRemoveHeadList);

/* --- reader-writer locks -------------------------------------------------------------- */

struct ndis_rw_lock {
	rwlock_t lock;
};

#define NDIS_RWL_READ	1
#define NDIS_RWL_WRITE	2

/**
 * NdisAllocateRWLock() - allocate a reader-writer lock
 * @NdisHandle: adapter or driver handle; may be NULL
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: the lock, or NULL.
 */
PNDIS_RW_LOCK_EX NdisAllocateRWLock(NDIS_HANDLE NdisHandle)
{
	struct ndis_rw_lock *lock;

	if (ndis_fail(NDIS_SITE_RW_LOCK))
		return NULL;
	lock = kmalloc(sizeof(*lock), ndis_gfp());
	if (!lock)
		return NULL;

	rwlock_init(&lock->lock);
	ndis_count_alloc(NDIS_COUNT_SYNCS);
	return lock;
}
EXPORT_SYMBOL_GPL(NdisAllocateRWLock);

/**
 * NdisFreeRWLock() - free a reader-writer lock
 * @Lock: lock that nobody holds
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisFreeRWLock(PNDIS_RW_LOCK_EX Lock)
{
	if (!Lock) {
		ndis_refuse("frees no lock");
		return;
	}
	kfree(Lock);
	ndis_count_free(NDIS_COUNT_SYNCS);
}
EXPORT_SYMBOL_GPL(NdisFreeRWLock);

/**
 * NdisAcquireRWLockRead() - acquire for reading, with others who read
 * @Lock: lock
 * @LockState: the caller's, for the release
 * @Flags: NDIS_RWL_AT_DISPATCH_LEVEL or 0; makes no difference here
 *
 * Context: any CPU, up to DISPATCH_LEVEL; DISPATCH_LEVEL until the release.
 */
VOID NdisAcquireRWLockRead(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState,
			   UCHAR Flags)
	__acquires(Lock->lock)
{
	LockState->OldIrql = KeGetCurrentIrql();
	LockState->Flags = Flags;
	read_lock_bh(&Lock->lock);
	LockState->LockState = NDIS_RWL_READ;
}
EXPORT_SYMBOL_GPL(NdisAcquireRWLockRead);

/**
 * NdisAcquireRWLockWrite() - acquire for writing, alone
 * @Lock: lock
 * @LockState: the caller's, for the release
 * @Flags: NDIS_RWL_AT_DISPATCH_LEVEL or 0; makes no difference here
 *
 * Context: any CPU, up to DISPATCH_LEVEL; DISPATCH_LEVEL until the release.
 */
VOID NdisAcquireRWLockWrite(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState,
			    UCHAR Flags)
	__acquires(Lock->lock)
{
	LockState->OldIrql = KeGetCurrentIrql();
	LockState->Flags = Flags;
	write_lock_bh(&Lock->lock);
	LockState->LockState = NDIS_RWL_WRITE;
}
EXPORT_SYMBOL_GPL(NdisAcquireRWLockWrite);

/**
 * NdisReleaseRWLock() - release
 * @Lock: lock
 * @LockState: as it was acquired with
 *
 * Context: whoever has acquired it.
 */
VOID NdisReleaseRWLock(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState)
	__releases(Lock->lock)
{
	u8 state = LockState->LockState;

	LockState->LockState = 0;
	if (state == NDIS_RWL_READ) {
		read_unlock_bh(&Lock->lock);
	} else if (state == NDIS_RWL_WRITE) {
		write_unlock_bh(&Lock->lock);
	} else {
		__release(Lock->lock);
		ndis_refuse("releases a lock that it does not hold");
	}
}
EXPORT_SYMBOL_GPL(NdisReleaseRWLock);

/* --- events ----------------------------------------------------------------------------- */

/**
 * ndis_event_init() - KeInitializeEvent()
 * @Event: event
 * @Type: who is let through, see EVENT_TYPE
 * @State: TRUE: set
 *
 * Context: any.
 */
VOID ndis_event_init(PKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
	init_waitqueue_head(&Event->Waiters);
	Event->Type = Type;
	Event->Signalled = !!State;
}
EXPORT_SYMBOL_GPL(ndis_event_init);

/**
 * KeSetEvent() - let waiters through
 * @Event: event
 * @Increment: ignored
 * @Wait: ignored
 *
 * The event is not looked at any more once a waiter can return, so it may be on
 * the waiter's stack.
 *
 * Context: any.
 * Return: nonzero if it was set before.
 */
LONG KeSetEvent(PKEVENT Event, KPRIORITY Increment, BOOLEAN Wait)
{
	unsigned long flags;
	LONG before;

	spin_lock_irqsave(&Event->Waiters.lock, flags);
	before = Event->Signalled;
	Event->Signalled = 1;
	wake_up_all_locked(&Event->Waiters);
	spin_unlock_irqrestore(&Event->Waiters.lock, flags);
	return before;
}
EXPORT_SYMBOL_GPL(KeSetEvent);

/**
 * KeResetEvent() - clear an event
 * @Event: event
 *
 * Context: any.
 * Return: nonzero if it was set before.
 */
LONG KeResetEvent(PKEVENT Event)
{
	unsigned long flags;
	LONG before;

	spin_lock_irqsave(&Event->Waiters.lock, flags);
	before = Event->Signalled;
	Event->Signalled = 0;
	spin_unlock_irqrestore(&Event->Waiters.lock, flags);
	return before;
}
EXPORT_SYMBOL_GPL(KeResetEvent);

/* Under the lock that the setter holds to its end, see KeSetEvent() */
static bool ndis_event_take(PKEVENT event)
{
	unsigned long flags;
	bool set;

	spin_lock_irqsave(&event->Waiters.lock, flags);
	set = event->Signalled;
	if (event->Type == SynchronizationEvent)
		event->Signalled = 0;
	spin_unlock_irqrestore(&event->Waiters.lock, flags);
	return set;
}

/* Windows's times: 100 ns, negative from now on, positive since 1601 */
unsigned long ndis_time_to_jiffies(const LARGE_INTEGER *time)
{
	s64 units = -time->QuadPart;
	LARGE_INTEGER now;

	if (time->QuadPart > 0) {
		KeQuerySystemTime(&now);
		units = time->QuadPart - now.QuadPart;
	}
	if (units <= 0)
		return 0;
	return nsecs_to_jiffies(min_t(u64, units, U64_MAX / 200) * 100) + 1;
}

/**
 * ndis_event_wait() - KeWaitForSingleObject() of an event
 * @Event: event
 * @Timeout: units of 100 ns, negative for a time from now; NULL: for ever
 *
 * Context: process; PASSIVE_LEVEL. With a timeout of 0 any.
 * Return: STATUS_SUCCESS or STATUS_TIMEOUT.
 */
NTSTATUS ndis_event_wait(PKEVENT Event, const LARGE_INTEGER *Timeout)
{
	unsigned long jiffies_left;

	if (!Timeout) {
		wait_event_idle(Event->Waiters, ndis_event_take(Event));
		return STATUS_SUCCESS;
	}

	jiffies_left = ndis_time_to_jiffies(Timeout);
	if (!jiffies_left)
		return ndis_event_take(Event) ? STATUS_SUCCESS : STATUS_TIMEOUT;
	return wait_event_idle_timeout(Event->Waiters, ndis_event_take(Event),
				       jiffies_left) ? STATUS_SUCCESS
						     : STATUS_TIMEOUT;
}
EXPORT_SYMBOL_GPL(ndis_event_wait);

/**
 * NdisWaitEvent() - wait for an event
 * @Event: event
 * @MsToWait: milliseconds; 0: for ever
 *
 * Context: process; PASSIVE_LEVEL.
 * Return: TRUE if it was set, FALSE if time is up.
 */
BOOLEAN NdisWaitEvent(PNDIS_EVENT Event, UINT MsToWait)
{
	LARGE_INTEGER time = { .QuadPart = -(s64)MsToWait * 10000 };

	return ndis_event_wait(&Event->Event, MsToWait ? &time : NULL) ==
	       STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisWaitEvent);

/**
 * KeDelayExecutionThread() - sleep
 * @WaitMode: ignored
 * @Alertable: ignored
 * @Interval: units of 100 ns, negative for a time from now
 *
 * Context: process; PASSIVE_LEVEL.
 * Return: STATUS_SUCCESS.
 */
NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
				PLARGE_INTEGER Interval)
{
	unsigned long left = ndis_time_to_jiffies(Interval);

	if (left)
		schedule_timeout_idle(left);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(KeDelayExecutionThread);
