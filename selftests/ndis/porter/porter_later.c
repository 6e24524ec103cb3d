// SPDX-License-Identifier: GPL-2.0-only
/* What runs later and what waits for it, as pause and halt handlers do */
#define NDIS_WINDOWS_SOURCE
#include "porter.h"

typedef struct _PORTER_LATER {
	NDIS_EVENT Done;
	NDIS_HANDLE Item;
	KIRQL Irql;
	LONG Runs;
} PORTER_LATER, *PPORTER_LATER;

static NDIS_TIMER_FUNCTION PorterTick;
static VOID PorterTick(PVOID Unused1, PVOID Context, PVOID Unused2,
		       PVOID Unused3)
{
	PPORTER_LATER l = Context;

	UNREFERENCED_PARAMETER(Unused1);
	l->Irql = KeGetCurrentIrql();
	if (InterlockedIncrement(&l->Runs) == 3)
		NdisSetEvent(&l->Done);
}

static NDIS_IO_WORKITEM_FUNCTION PorterWork, PorterWorkOnce;
static VOID PorterWork(PVOID Context, NDIS_HANDLE Item)
{
	PPORTER_LATER l = Context;

	l->Irql = KeGetCurrentIrql();
	l->Item = Item;
	InterlockedIncrement(&l->Runs);
	NdisSetEvent(&l->Done);
}

static VOID PorterWorkOnce(PVOID Context, NDIS_HANDLE Item)
{
	PPORTER_LATER l = Context;

	NdisFreeIoWorkItem(Item);
	NdisSetEvent(&l->Done);
}

void porter_test_timers(struct ktap *t)
{
	NDIS_TIMER_CHARACTERISTICS c = { 0 };
	LARGE_INTEGER due = { .QuadPart = -20 * 10000 };
	PORTER_LATER l = { 0 };
	NDIS_HANDLE timer;
	LONG runs;

	NdisInitializeEvent(&l.Done);
	c.TimerFunction = PorterTick;
	c.FunctionContext = &l;
	ktap_expect_eq(t, NdisAllocateTimerObject(NULL, &c, &timer),
		       NDIS_STATUS_BAD_CHARACTERISTICS);
	c.Header.Type = NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS;
	c.Header.Revision = NDIS_TIMER_CHARACTERISTICS_REVISION_1;
	c.Header.Size = NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1;
	if (!ktap_expect_eq(t, NdisAllocateTimerObject(NULL, &c, &timer),
			    NDIS_STATUS_SUCCESS))
		return;

	ktap_expect(t, !NdisCancelTimerObject(timer));
	ktap_expect(t, !NdisSetTimerObject(timer, due, 10, NULL));
	ktap_expect(t, NdisWaitEvent(&l.Done, 20000));
	ktap_expect_eq(t, l.Irql, DISPATCH_LEVEL);
	NdisCancelTimerObject(timer);
	NdisMSleep(30000);	/* for a callback that had begun */
	runs = l.Runs;
	ktap_expect(t, runs >= 3);
	NdisMSleep(60000);
	ktap_expect_eq(t, l.Runs, runs);

	/* Freed while it runs: no callback comes after */
	NdisSetTimerObject(timer, due, 1, &l);
	ktap_expect(t, NdisSetTimerObject(timer, due, 1, &l));
	NdisFreeTimerObject(timer);
	runs = l.Runs;
	NdisMSleep(60000);
	ktap_expect_eq(t, l.Runs, runs);
}

void porter_test_work(struct ktap *t)
{
	PORTER_LATER l = { 0 };
	NDIS_HANDLE item;

	NdisInitializeEvent(&l.Done);
	item = NdisAllocateIoWorkItem(NULL);
	if (!ktap_expect(t, item))
		return;
	NdisQueueIoWorkItem(item, PorterWork, &l);
	ktap_expect(t, NdisWaitEvent(&l.Done, 20000));
	ktap_expect_eq(t, l.Irql, PASSIVE_LEVEL);
	ktap_expect_ptr(t, l.Item, item);
	NdisResetEvent(&l.Done);
	NdisQueueIoWorkItem(item, PorterWork, &l);
	NdisFreeIoWorkItem(item);	/* waits for it, or it does not run */
	ktap_expect(t, l.Runs == 1 || l.Runs == 2);

	/* Freed by its own routine */
	NdisResetEvent(&l.Done);
	item = NdisAllocateIoWorkItem(NULL);
	if (!ktap_expect(t, item))
		return;
	NdisQueueIoWorkItem(item, PorterWorkOnce, &l);
	ktap_expect(t, NdisWaitEvent(&l.Done, 20000));
	/* its free comes after the routine's return */
	for (ULONG i = 0; i < 500 && ndis_stat("syncs_allocated") !=
	     ndis_stat("syncs_freed"); i++)
		NdisMSleep(10000);
	ktap_expect_eq(t, ndis_stat("syncs_freed"),
		       ndis_stat("syncs_allocated"));
}

void porter_test_events(struct ktap *t)
{
	LARGE_INTEGER now = { .QuadPart = 0 }, soon = { .QuadPart = -50000 };
	ULONGLONG begin = KeQueryInterruptTime();
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	ktap_expect_eq(t, KeWaitForSingleObject(&event, Executive, KernelMode,
						FALSE, &now), STATUS_TIMEOUT);
	ktap_expect_eq(t, KeWaitForSingleObject(&event, Executive, KernelMode,
						FALSE, &soon), STATUS_TIMEOUT);
	ktap_expect(t, KeQueryInterruptTime() - begin >= 50000);
	ktap_expect(t, !KeSetEvent(&event, IO_NO_INCREMENT, FALSE));
	ktap_expect(t, KeSetEvent(&event, IO_NO_INCREMENT, FALSE));
	for (ULONG i = 0; i < 2; i++)
		ktap_expect_eq(t, KeWaitForSingleObject(&event, Executive,
							KernelMode, FALSE,
							NULL), STATUS_SUCCESS);
	KeClearEvent(&event);
	ktap_expect(t, !KeReadStateEvent(&event));

	/* One passes and it is clear again */
	KeInitializeEvent(&event, SynchronizationEvent, TRUE);
	ktap_expect_eq(t, KeWaitForSingleObject(&event, Executive, KernelMode,
						FALSE, &now), STATUS_SUCCESS);
	ktap_expect_eq(t, KeWaitForSingleObject(&event, Executive, KernelMode,
						FALSE, &now), STATUS_TIMEOUT);
	ktap_expect_eq(t, KeDelayExecutionThread(KernelMode, FALSE, &soon),
		       STATUS_SUCCESS);
}
