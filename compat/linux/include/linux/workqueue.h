/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Since 6.17 a queue says that its work stays on the CPU that queued it, and the
 * system's queue of that kind has another name; before, it was so unless one said
 * otherwise. COMPAT_HAS_WQ_PERCPU is from features.mk.
 */
#ifndef _COMPAT_LINUX_WORKQUEUE_H
#define _COMPAT_LINUX_WORKQUEUE_H

#include_next <linux/workqueue.h>

#ifndef COMPAT_HAS_WQ_PERCPU
#define WQ_PERCPU		0
#define system_percpu_wq	system_wq
#endif

#endif /* _COMPAT_LINUX_WORKQUEUE_H */
