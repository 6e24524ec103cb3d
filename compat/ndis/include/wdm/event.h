/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Events: what pause and halt handlers wait for. Setting one never sleeps;
 * waiting does, at PASSIVE_LEVEL, unless the time to wait is zero.
 */
#ifndef _WDM_EVENT_H
#define _WDM_EVENT_H

#include <ntstatus.h>

typedef enum _EVENT_TYPE {
	NotificationEvent,	/* lets everybody through until it is cleared */
	SynchronizationEvent,	/* lets one through and clears itself */
} EVENT_TYPE;

typedef enum _KWAIT_REASON { Executive, FreePage, PageIn, UserRequest } KWAIT_REASON;

#define KernelMode	0
#define UserMode	1
#define IO_NO_INCREMENT	0
#define EVENT_INCREMENT	1

typedef struct _KEVENT {
	wait_queue_head_t Waiters;	/* its lock guards the two below */
	EVENT_TYPE Type;
	LONG Signalled;
} KEVENT, *PKEVENT, *PRKEVENT;

VOID ndis_event_init(PKEVENT Event, EVENT_TYPE Type, BOOLEAN State);
LONG KeSetEvent(PKEVENT Event, KPRIORITY Increment, BOOLEAN Wait);
LONG KeResetEvent(PKEVENT Event);
NTSTATUS ndis_event_wait(PKEVENT Event, const LARGE_INTEGER *Timeout);

#define KeInitializeEvent(Event, Type, State) ndis_event_init(Event, Type, State)
#define KeClearEvent(Event)	((void)KeResetEvent(Event))
#define KeReadStateEvent(Event)	READ_ONCE((Event)->Signalled)

/* Events are the only objects that can be waited for */
#define KeWaitForSingleObject(Object, WaitReason, WaitMode, Alertable, Timeout) \
	ndis_event_wait(Object, Timeout)

NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
				PLARGE_INTEGER Interval);

#endif /* _WDM_EVENT_H */
