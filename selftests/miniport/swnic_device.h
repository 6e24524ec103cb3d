/* SPDX-License-Identifier: GPL-2.0-only */
/* The device as the one who solders it in sees it: Linux side only */
#ifndef _SWNIC_DEVICE_H
#define _SWNIC_DEVICE_H

#include <linux/device.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "swnic_hw.h"

#define SWNIC_FRAME_MAX	16128	/* largest MTU, Ethernet header, tags */
#define SWNIC_PACKET_MAX (SZ_64K + 256)

struct swnic_ring {
	u64 base;
	u32 count;
	u32 head;
	u32 tail;
};

/**
 * struct swnic_hw - a device
 * @dev: for DMA
 * @peer: at the other end of the cable
 * @interrupt: the wire to the interrupt controller
 * @arg: its argument
 * @irq_lock: guards @icr and @mask
 * @icr: pending causes
 * @mask: unmasked causes
 * @tx_lock: guards the transmit side: @tx, @packet, @segment, @segs_done
 * @tx: transmit ring
 * @packet: the packet being sent, put together
 * @segment: a frame of it
 * @segs_done: of @packet, when the peer's ring was full
 * @rx_lock: guards the receive side, taken inside the peer's @tx_lock
 * @rx: receive ring
 * @ctrl: SWNIC_CTRL; each bit under its side's lock
 * @engine: moves frames from this device's ring to the peer's
 */
struct swnic_hw {
	struct device *dev;
	struct swnic_hw *peer;
	void (*interrupt)(void *arg);
	void *arg;

	spinlock_t irq_lock;		/* icr, mask */
	u32 icr;
	u32 mask;

	spinlock_t tx_lock;		/* the transmit side */
	struct swnic_ring tx;
	u8 *packet;
	u8 *segment;
	u32 segs_done;

	spinlock_t rx_lock;		/* the receive side */
	struct swnic_ring rx;
	u32 ctrl;

	struct work_struct engine;
};

struct swnic_hw *swnic_hw_create(struct device *dev,
				 void (*interrupt)(void *arg), void *arg);
void swnic_hw_join(struct swnic_hw *a, struct swnic_hw *b);
void swnic_hw_stop(struct swnic_hw *hw);
void swnic_hw_destroy(struct swnic_hw *hw);

/* swnic_offload.c */
u32 swnic_segments(const struct swnic_tx_desc *desc, const u8 *packet, u32 len);
u32 swnic_segment(const struct swnic_tx_desc *desc, const u8 *packet, u32 len,
		  u32 nr, u8 *frame);
u32 swnic_strip_vlan(u8 *frame, u32 len, struct swnic_rx_desc *desc);
void swnic_check_frame(const u8 *frame, u32 len, struct swnic_rx_desc *desc);

#endif /* _SWNIC_DEVICE_H */
