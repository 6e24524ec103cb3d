/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The part of wdm.h that buffer management uses: executive, kernel, memory
 * manager, I/O manager and run-time library, a header each.
 */
#ifndef _NDIS_WDM_H
#define _NDIS_WDM_H

#include <ntdef.h>
#include <ntstatus.h>
#include <wdm/rtl.h>
#include <wdm/interlocked.h>
#include <wdm/list.h>
#include <wdm/irql.h>
#include <wdm/spinlock.h>
#include <wdm/event.h>
#include <wdm/memory.h>
#include <wdm/mdl.h>

#endif /* _NDIS_WDM_H */
