/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The kernel's headers, all that ours and a miniport's glue need, ahead of
 * ndis/keywords.h: whichever header a ported source includes first, the kernel
 * is read as the kernel wrote it.
 */
#ifndef _NDIS_LINUX_H
#define _NDIS_LINUX_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bottom_half.h>
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/swab.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <net/page_pool/helpers.h>

/*
 * Of what our headers use after ndis/keywords.h: on PREEMPT_RT a macro that
 * wants "current", which a Windows source takes for itself.
 */
static inline bool ndis_in_softirq(void)
{
	return in_softirq();
}

#endif /* _NDIS_LINUX_H */
