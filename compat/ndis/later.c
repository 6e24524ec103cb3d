// SPDX-License-Identifier: GPL-2.0-only
/*
 * What runs later: timers and work items; and what is only read later: the
 * debugger's messages.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <ndis.h>

#include "family.h"

/* --- timers ------------------------------------------------------------------------ */

struct ndis_timer {
	struct timer_list timer;
	spinlock_t lock;		/* of the three below, against the timer */
	unsigned long period;		/* jiffies; 0: once */
	void *context;
	bool dying;
	PNDIS_TIMER_FUNCTION function;
	void *default_context;
};

static void ndis_timer_fire(struct timer_list *timer)
{
	struct ndis_timer *t = container_of(timer, struct ndis_timer, timer);
	void *context;

	spin_lock(&t->lock);
	context = t->context;
	if (t->period && !t->dying)
		mod_timer(&t->timer, jiffies + t->period);
	spin_unlock(&t->lock);
	t->function(NULL, context, NULL, NULL);
}

/**
 * NdisAllocateTimerObject() - allocate a timer
 * @NdisHandle: adapter or driver handle; may be NULL
 * @TimerCharacteristics: revision 1
 * @TimerObject: receives the timer
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: NDIS_STATUS_SUCCESS, NDIS_STATUS_BAD_CHARACTERISTICS or
 * NDIS_STATUS_RESOURCES.
 */
NDIS_STATUS
NdisAllocateTimerObject(NDIS_HANDLE NdisHandle,
			PNDIS_TIMER_CHARACTERISTICS TimerCharacteristics,
			PNDIS_HANDLE TimerObject)
{
	PNDIS_TIMER_CHARACTERISTICS c = TimerCharacteristics;
	struct ndis_timer *t;

	if (!c || !TimerObject || !c->TimerFunction ||
	    c->Header.Type != NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS ||
	    c->Header.Revision < NDIS_TIMER_CHARACTERISTICS_REVISION_1 ||
	    c->Header.Size < NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1) {
		ndis_refuse("allocates a timer of bad characteristics");
		return NDIS_STATUS_BAD_CHARACTERISTICS;
	}

	if (ndis_fail(NDIS_SITE_TIMER))
		return NDIS_STATUS_RESOURCES;
	t = kzalloc(sizeof(*t), ndis_gfp());
	if (!t)
		return NDIS_STATUS_RESOURCES;

	ndis_count_alloc(NDIS_COUNT_SYNCS);
	timer_setup(&t->timer, ndis_timer_fire, 0);
	spin_lock_init(&t->lock);
	t->function = c->TimerFunction;
	t->default_context = c->FunctionContext;
	*TimerObject = t;
	return NDIS_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisAllocateTimerObject);

/**
 * NdisSetTimerObject() - start a timer, or start it again
 * @TimerObject: timer
 * @DueTime: units of 100 ns, negative for a time from now
 * @MillisecondsPeriod: fire again so often; 0: once
 * @FunctionContext: for the callback; NULL: as it was allocated with
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: TRUE if it was running already.
 */
BOOLEAN NdisSetTimerObject(NDIS_HANDLE TimerObject, LARGE_INTEGER DueTime,
			   LONG MillisecondsPeriod, PVOID FunctionContext)
{
	struct ndis_timer *t = TimerObject;
	bool running = false;

	if (!t || MillisecondsPeriod < 0) {
		ndis_refuse("sets timer %p with a period of %d ms", t,
			    MillisecondsPeriod);
		return FALSE;
	}

	spin_lock_bh(&t->lock);
	if (t->dying) {
		ndis_refuse("sets a timer that is being freed");
	} else {
		t->period = msecs_to_jiffies(MillisecondsPeriod);
		t->context = FunctionContext ?: t->default_context;
		running = mod_timer(&t->timer, jiffies +
				    ndis_time_to_jiffies(&DueTime));
	}
	spin_unlock_bh(&t->lock);
	return running;
}
EXPORT_SYMBOL_GPL(NdisSetTimerObject);

/**
 * NdisCancelTimerObject() - stop a timer
 * @TimerObject: timer
 *
 * A callback that has begun may still run; NdisFreeTimerObject() waits for it.
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: TRUE if it was running.
 */
BOOLEAN NdisCancelTimerObject(NDIS_HANDLE TimerObject)
{
	struct ndis_timer *t = TimerObject;
	bool running;

	if (!t) {
		ndis_refuse("cancels no timer");
		return FALSE;
	}

	/* Under the lock a periodic timer does not start itself again */
	spin_lock_bh(&t->lock);
	t->period = 0;
	running = timer_delete(&t->timer);
	spin_unlock_bh(&t->lock);
	return running;
}
EXPORT_SYMBOL_GPL(NdisCancelTimerObject);

/**
 * NdisFreeTimerObject() - free a timer
 * @TimerObject: timer; it may be running
 *
 * Waits for a callback that has begun.
 *
 * Context: process; PASSIVE_LEVEL; not from the callback.
 */
VOID NdisFreeTimerObject(NDIS_HANDLE TimerObject)
{
	struct ndis_timer *t = TimerObject;

	if (!t) {
		ndis_refuse("frees no timer");
		return;
	}

	spin_lock_bh(&t->lock);
	t->dying = true;
	spin_unlock_bh(&t->lock);
	timer_delete_sync(&t->timer);
	kfree(t);
	ndis_count_free(NDIS_COUNT_SYNCS);
}
EXPORT_SYMBOL_GPL(NdisFreeTimerObject);

/* --- work items ---------------------------------------------------------------------- */

struct ndis_work {
	struct work_struct work;
	NDIS_IO_WORKITEM_ROUTINE routine;
	void *context;
	bool freed;		/* by its own routine: it goes when that returns */
};

static void ndis_work_free(struct ndis_work *w)
{
	kfree(w);
	ndis_count_free(NDIS_COUNT_SYNCS);
}

static void ndis_work_run(struct work_struct *work)
{
	struct ndis_work *w = container_of(work, struct ndis_work, work);

	w->routine(w->context, w);
	if (w->freed)
		ndis_work_free(w);
}

/**
 * NdisAllocateIoWorkItem() - allocate a work item
 * @NdisObjectHandle: adapter or driver handle; may be NULL
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: the work item, or NULL.
 */
NDIS_HANDLE NdisAllocateIoWorkItem(NDIS_HANDLE NdisObjectHandle)
{
	struct ndis_work *w;

	if (ndis_fail(NDIS_SITE_WORK))
		return NULL;
	w = kzalloc(sizeof(*w), ndis_gfp());
	if (!w)
		return NULL;

	ndis_count_alloc(NDIS_COUNT_SYNCS);
	INIT_WORK(&w->work, ndis_work_run);
	return w;
}
EXPORT_SYMBOL_GPL(NdisAllocateIoWorkItem);

/**
 * NdisQueueIoWorkItem() - run a routine at PASSIVE_LEVEL
 * @NdisIoWorkItemHandle: work item that is not queued
 * @Routine: what to run
 * @WorkItemContext: for it
 *
 * A work item that waits to run is refused.
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisQueueIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle,
			 NDIS_IO_WORKITEM_ROUTINE Routine,
			 PVOID WorkItemContext)
{
	struct ndis_work *w = NdisIoWorkItemHandle;

	if (!w || !Routine || work_pending(&w->work)) {
		ndis_refuse("queues work item %p, which waits already or is none",
			    w);
		return;
	}
	w->routine = Routine;
	w->context = WorkItemContext;
	queue_work(ndis_wq, &w->work);
}
EXPORT_SYMBOL_GPL(NdisQueueIoWorkItem);

/**
 * NdisFreeIoWorkItem() - free a work item
 * @NdisIoWorkItemHandle: work item
 *
 * From outside it waits for a routine that has begun, and one that has not will
 * not run. From its own routine it goes when that returns.
 *
 * Context: process; PASSIVE_LEVEL.
 */
VOID NdisFreeIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle)
{
	struct ndis_work *w = NdisIoWorkItemHandle;

	if (!w) {
		ndis_refuse("frees no work item");
		return;
	}
	if (current_work() == &w->work) {
		w->freed = true;
		return;
	}
	cancel_work_sync(&w->work);
	ndis_work_free(w);
}
EXPORT_SYMBOL_GPL(NdisFreeIoWorkItem);

/* --- messages -------------------------------------------------------------------------- */

/* Ported sources have Windows's conversions, of which the compiler knows nothing */
#pragma GCC diagnostic ignored "-Wsuggest-attribute=format"

/**
 * DbgPrint() - write to the kernel's log
 * @Format: as printk()
 *
 * Context: any.
 * Return: STATUS_SUCCESS.
 */
ULONG DbgPrint(PCSTR Format, ...)
{
	va_list args;

	va_start(args, Format);
	vprintk(Format, args);
	va_end(args);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(DbgPrint);

/**
 * DbgPrintEx() - write to the kernel's log what is important enough
 * @ComponentId: ignored
 * @Level: DPFLTR_*_LEVEL; errors and warnings are written
 * @Format: as printk()
 *
 * Context: any.
 * Return: STATUS_SUCCESS.
 */
ULONG DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...)
{
	va_list args;

	if (Level > DPFLTR_WARNING_LEVEL)
		return STATUS_SUCCESS;
	va_start(args, Format);
	vprintk(Format, args);
	va_end(args);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(DbgPrintEx);
