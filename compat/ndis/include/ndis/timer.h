/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What runs later: events to wait for, timers, work items.
 *
 * NdisFreeTimerObject() and NdisFreeIoWorkItem() wait for a callback that runs,
 * so that none is left when the miniport that owns it has halted.
 */
#ifndef _NDIS_TIMER_H
#define _NDIS_TIMER_H

#include <ndis/objectheader.h>
#include <ndis/status.h>
#include <wdm/event.h>

/* --- events: PASSIVE_LEVEL to wait, any level to set ----------------------------- */

typedef struct _NDIS_EVENT {
	KEVENT Event;
} NDIS_EVENT, *PNDIS_EVENT;

#define NdisInitializeEvent(_Event) \
	KeInitializeEvent(&(_Event)->Event, NotificationEvent, FALSE)
#define NdisSetEvent(_Event)	((void)KeSetEvent(&(_Event)->Event, 0, FALSE))
#define NdisResetEvent(_Event)	((void)KeResetEvent(&(_Event)->Event))

/* @MsToWait 0 waits for ever. Return: TRUE if the event was set */
BOOLEAN NdisWaitEvent(PNDIS_EVENT Event, UINT MsToWait);

/* --- timers: the callback runs at DISPATCH_LEVEL ---------------------------------- */

typedef VOID NDIS_TIMER_FUNCTION(PVOID SystemSpecific1, PVOID FunctionContext,
				 PVOID SystemSpecific2, PVOID SystemSpecific3);
typedef NDIS_TIMER_FUNCTION *PNDIS_TIMER_FUNCTION;

typedef struct _NDIS_TIMER_CHARACTERISTICS {
	NDIS_OBJECT_HEADER Header;
	ULONG AllocationTag;
	PNDIS_TIMER_FUNCTION TimerFunction;
	PVOID FunctionContext;
} NDIS_TIMER_CHARACTERISTICS, *PNDIS_TIMER_CHARACTERISTICS;

#define NDIS_TIMER_CHARACTERISTICS_REVISION_1	1
#define NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_TIMER_CHARACTERISTICS, FunctionContext)

NDIS_STATUS
NdisAllocateTimerObject(NDIS_HANDLE NdisHandle,
			PNDIS_TIMER_CHARACTERISTICS TimerCharacteristics,
			PNDIS_HANDLE TimerObject);
BOOLEAN NdisSetTimerObject(NDIS_HANDLE TimerObject, LARGE_INTEGER DueTime,
			   LONG MillisecondsPeriod, PVOID FunctionContext);
BOOLEAN NdisCancelTimerObject(NDIS_HANDLE TimerObject);
VOID NdisFreeTimerObject(NDIS_HANDLE TimerObject);

/* --- work items: the routine runs at PASSIVE_LEVEL -------------------------------- */

typedef VOID NDIS_IO_WORKITEM_FUNCTION(PVOID WorkItemContext,
				       NDIS_HANDLE NdisIoWorkItemHandle);
typedef NDIS_IO_WORKITEM_FUNCTION *NDIS_IO_WORKITEM_ROUTINE;
typedef NDIS_IO_WORKITEM_FUNCTION NDIS_IO_WORKITEM;

NDIS_HANDLE NdisAllocateIoWorkItem(NDIS_HANDLE NdisObjectHandle);
VOID NdisQueueIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle,
			 NDIS_IO_WORKITEM_ROUTINE Routine,
			 PVOID WorkItemContext);
VOID NdisFreeIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle);

#endif /* _NDIS_TIMER_H */
