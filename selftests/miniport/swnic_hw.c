// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device's engine and registers.
 *
 *   TDT -> engine: gather a packet -> offloads -> frame -> peer's receive ring
 *       -> DD in both rings -> interrupts
 *
 * Nothing is lost on the cable: while the peer receives but has no descriptor,
 * the sender waits for its RDT. A peer that does not receive gets nothing, and the
 * frame counts as sent.
 */
#include <linux/dma-direct.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "swnic_device.h"

#define SWNIC_BATCH	64	/* packets between two interrupts */

/* What the bus does with an address */
static void *swnic_dma(struct swnic_hw *hw, u64 addr)
{
	return phys_to_virt(dma_to_phys(hw->dev, addr));
}

static void *swnic_ring_desc(struct swnic_hw *hw, struct swnic_ring *ring,
			     u32 i, size_t size)
{
	return swnic_dma(hw, ring->base + i * size);
}

static u32 swnic_ring_next(const struct swnic_ring *ring, u32 i)
{
	return i + 1 < ring->count ? i + 1 : 0;
}

/* Context: BH off. The line is level triggered: it is up while a cause is */
static void swnic_raise(struct swnic_hw *hw, u32 causes)
{
	unsigned long flags;
	bool up;

	spin_lock_irqsave(&hw->irq_lock, flags);
	hw->icr |= causes;
	up = hw->icr & hw->mask;
	spin_unlock_irqrestore(&hw->irq_lock, flags);
	if (!up)
		return;
	/* As from an interrupt controller */
	local_irq_save(flags);
	hw->interrupt(hw->arg);
	local_irq_restore(flags);
}

/* --- the engine --------------------------------------------------------------- */

/*
 * Context: peer's tx_lock. Return: false if the frame has to wait for a
 * descriptor.
 */
static bool swnic_receive(struct swnic_hw *hw, u8 *frame, u32 len, bool *raise)
{
	struct swnic_rx_desc *desc;
	bool room = true;

	spin_lock_bh(&hw->rx_lock);
	if (!(hw->ctrl & SWNIC_CTRL_RXEN))
		goto out;
	if (hw->rx.head == hw->rx.tail) {
		room = false;
		goto out;
	}
	desc = swnic_ring_desc(hw, &hw->rx, hw->rx.head, sizeof(*desc));
	desc->status = 0;
	len = swnic_strip_vlan(frame, len, desc);
	if (len > desc->size)
		goto out;
	swnic_check_frame(frame, len, desc);
	memcpy(swnic_dma(hw, desc->addr), frame, len);
	desc->len = len;
	/* The frame and all about it, then the sign that it is there */
	smp_store_release(&desc->status, desc->status | SWNIC_DD);
	hw->rx.head = swnic_ring_next(&hw->rx, hw->rx.head);
	*raise = true;
out:
	spin_unlock_bh(&hw->rx_lock);
	return room;
}

/* Context: tx_lock. Return: bytes of the packet at the head; its descriptors */
static u32 swnic_gather(struct swnic_hw *hw, u32 *nr)
{
	struct swnic_tx_desc *desc;
	u32 i = hw->tx.head, len = 0;

	*nr = 0;
	do {
		desc = swnic_ring_desc(hw, &hw->tx, i, sizeof(*desc));
		if (len + desc->len <= SWNIC_PACKET_MAX)
			memcpy(hw->packet + len, swnic_dma(hw, desc->addr),
			       desc->len);
		len += desc->len;
		i = swnic_ring_next(&hw->tx, i);
		(*nr)++;
	} while (!(desc->cmd & SWNIC_TX_EOP) && i != hw->tx.tail);
	return min_t(u32, len, SWNIC_PACKET_MAX);
}

/* Context: tx_lock. Return: false if the rest waits for the peer */
static bool swnic_send_one(struct swnic_hw *hw, bool *raise)
{
	struct swnic_tx_desc *first, *desc;
	u32 len, nr, segs, frame_len;

	first = swnic_ring_desc(hw, &hw->tx, hw->tx.head, sizeof(*first));
	len = swnic_gather(hw, &nr);
	segs = swnic_segments(first, hw->packet, len);
	for (; hw->segs_done < segs; hw->segs_done++) {
		frame_len = swnic_segment(first, hw->packet, len,
					  hw->segs_done, hw->segment);
		if (!swnic_receive(hw->peer, hw->segment, frame_len, raise))
			return false;
	}
	hw->segs_done = 0;
	while (nr--) {
		desc = swnic_ring_desc(hw, &hw->tx, hw->tx.head, sizeof(*desc));
		smp_store_release(&desc->status, SWNIC_DD);
		hw->tx.head = swnic_ring_next(&hw->tx, hw->tx.head);
	}
	return true;
}

/* Return: whether there is more that can be sent now */
static bool swnic_send_batch(struct swnic_hw *hw)
{
	bool more, sent = false, received = false;
	unsigned int i;

	local_bh_disable();
	spin_lock(&hw->tx_lock);
	for (i = 0; i < SWNIC_BATCH; i++) {
		more = hw->ctrl & SWNIC_CTRL_TXEN && hw->tx.head != hw->tx.tail;
		if (!more)
			break;
		more = swnic_send_one(hw, &received);
		if (!more)
			break;
		sent = true;
	}
	spin_unlock(&hw->tx_lock);
	if (received)
		swnic_raise(hw->peer, SWNIC_INT_RX);
	if (sent)
		swnic_raise(hw, SWNIC_INT_TX);
	local_bh_enable();
	return more;
}

static void swnic_engine(struct work_struct *work)
{
	struct swnic_hw *hw = container_of(work, struct swnic_hw, engine);

	while (swnic_send_batch(hw))
		cond_resched();
}

static void swnic_kick(struct swnic_hw *hw)
{
	queue_work(system_highpri_wq, &hw->engine);
}

/* --- registers ---------------------------------------------------------------- */

static bool swnic_link(const struct swnic_hw *hw)
{
	return hw->peer && READ_ONCE(hw->ctrl) & READ_ONCE(hw->peer->ctrl) &
			   SWNIC_CTRL_RXEN;
}

/*
 * Once an enable bit is off and this has returned, the device touches no memory
 * of that side any more.
 */
static void swnic_write_ctrl(struct swnic_hw *hw, u32 value)
{
	bool was = swnic_link(hw);

	spin_lock_bh(&hw->tx_lock);
	spin_lock(&hw->rx_lock);
	hw->ctrl = value;
	if (!(value & SWNIC_CTRL_TXEN))
		hw->segs_done = 0;
	spin_unlock(&hw->rx_lock);
	spin_unlock_bh(&hw->tx_lock);
	if (!hw->peer)
		return;
	/* What the peer held back for us goes nowhere now */
	swnic_kick(hw->peer);
	if (swnic_link(hw) != was) {
		local_bh_disable();
		swnic_raise(hw, SWNIC_INT_LINK);
		swnic_raise(hw->peer, SWNIC_INT_LINK);
		local_bh_enable();
	}
}

static void swnic_write_ring(struct swnic_ring *ring, spinlock_t *lock,
			     unsigned int reg, u32 value)
{
	spin_lock_bh(lock);
	switch (reg) {
	case SWNIC_TDBAL:
		ring->base = (ring->base & ~(u64)U32_MAX) | value;
		break;
	case SWNIC_TDBAH:
		ring->base = (u32)ring->base | (u64)value << 32;
		break;
	case SWNIC_TDLEN:
		ring->count = value;
		ring->head = 0;
		ring->tail = 0;
		break;
	case SWNIC_TDT:
		ring->tail = value;
		break;
	}
	spin_unlock_bh(lock);
}

/**
 * swnic_hw_write() - write a register
 * @hw: device
 * @reg: SWNIC_*
 * @value: what
 */
void swnic_hw_write(struct swnic_hw *hw, unsigned int reg, unsigned int value)
{
	unsigned long flags;

	switch (reg) {
	case SWNIC_CTRL:
		swnic_write_ctrl(hw, value);
		break;
	case SWNIC_IMS:
	case SWNIC_IMC:
		spin_lock_irqsave(&hw->irq_lock, flags);
		if (reg == SWNIC_IMS)
			hw->mask |= value;
		else
			hw->mask &= ~value;
		spin_unlock_irqrestore(&hw->irq_lock, flags);
		if (reg == SWNIC_IMS)
			swnic_raise(hw, 0);
		break;
	case SWNIC_TDBAL:
	case SWNIC_TDBAH:
	case SWNIC_TDLEN:
		swnic_write_ring(&hw->tx, &hw->tx_lock, reg, value);
		break;
	case SWNIC_TDT:
		swnic_write_ring(&hw->tx, &hw->tx_lock, reg, value);
		swnic_kick(hw);
		break;
	case SWNIC_RDBAL:
	case SWNIC_RDBAH:
	case SWNIC_RDLEN:
		swnic_write_ring(&hw->rx, &hw->rx_lock,
				 reg - SWNIC_RDBAL + SWNIC_TDBAL, value);
		break;
	case SWNIC_RDT:
		swnic_write_ring(&hw->rx, &hw->rx_lock, SWNIC_TDT, value);
		if (hw->peer)
			swnic_kick(hw->peer);
		break;
	}
}

/**
 * swnic_hw_read() - read a register
 * @hw: device
 * @reg: SWNIC_*
 *
 * Return: its value.
 */
unsigned int swnic_hw_read(struct swnic_hw *hw, unsigned int reg)
{
	unsigned long flags;
	u32 value = 0;

	switch (reg) {
	case SWNIC_CTRL:
		return READ_ONCE(hw->ctrl);
	case SWNIC_STATUS:
		return swnic_link(hw) ? SWNIC_STATUS_LINK : 0;
	case SWNIC_ICR:
		spin_lock_irqsave(&hw->irq_lock, flags);
		/* What is masked stays pending */
		value = hw->icr & hw->mask;
		hw->icr &= ~value;
		spin_unlock_irqrestore(&hw->irq_lock, flags);
		return value;
	default:
		return 0;
	}
}

/* --- soldering ---------------------------------------------------------------- */

struct swnic_hw *swnic_hw_create(struct device *dev,
				 void (*interrupt)(void *arg), void *arg)
{
	struct swnic_hw *hw = kzalloc(sizeof(*hw), GFP_KERNEL);

	if (!hw)
		return NULL;
	hw->packet = vzalloc(SWNIC_PACKET_MAX);
	hw->segment = vzalloc(SWNIC_PACKET_MAX);
	if (!hw->packet || !hw->segment) {
		vfree(hw->packet);
		vfree(hw->segment);
		kfree(hw);
		return NULL;
	}
	hw->dev = dev;
	hw->interrupt = interrupt;
	hw->arg = arg;
	spin_lock_init(&hw->irq_lock);
	spin_lock_init(&hw->tx_lock);
	spin_lock_init(&hw->rx_lock);
	INIT_WORK(&hw->engine, swnic_engine);
	return hw;
}

/* Context: both idle */
void swnic_hw_join(struct swnic_hw *a, struct swnic_hw *b)
{
	a->peer = b;
	b->peer = a;
}

/* Power off: no DMA, no interrupt when this returns. The peer is not yet gone */
void swnic_hw_stop(struct swnic_hw *hw)
{
	swnic_hw_write(hw, SWNIC_IMC, SWNIC_INT_ALL);
	swnic_hw_write(hw, SWNIC_CTRL, 0);
	cancel_work_sync(&hw->engine);
}

void swnic_hw_destroy(struct swnic_hw *hw)
{
	if (!hw)
		return;
	cancel_work_sync(&hw->engine);
	vfree(hw->packet);
	vfree(hw->segment);
	kfree(hw);
}
