// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hostile device: it writes what it likes to descriptors, whenever it likes,
 * also while the driver reads them. It does not write beyond a buffer: to keep a
 * device from that is the IOMMU's part.
 */
#include <linux/bitfield.h>
#include <linux/in.h>

#include "rings.h"

/* At the fuzz_armed'th look at a descriptor the device changes it */
unsigned int fuzz_armed;
static u64 change;
static s8 change_at;	/* descriptors from the one that is being read */

/* What the stack, or GRO's short cut, looks at in a frame: any, or UDP's start */
static void write_frame(u8 *frame, u8 kind)
{
	memset(frame, kind, 64);
	if (kind % 4 == 1) {
		frame[12] = 0x08;
		frame[13] = 0x00;
		frame[ETH_HLEN + 9] = IPPROTO_UDP;
	} else if (kind % 4 == 2) {
		frame[12] = 0x86;
		frame[13] = 0xdd;
		frame[ETH_HLEN + 6] = IPPROTO_UDP;
	}
}

static void rx_write(u16 i, u64 wb)
{
	struct enbl_rx_ring *rx = &rings.queue->rx;
	dma_addr_t addr = rx->xsk[i] ? xsk_buff_xdp_get_dma(rx->xsk[i]) :
				       ndis_nbl_for_device(rx->nbl[i]);

	write_frame((u8 *)addr, wb >> 56);
	rx->desc[i].wb = cpu_to_le64(wb);
}

static void rx_write_next(u64 wb)
{
	if (!rings.queue->rx.desc)
		return;
	rx_write(rings.head % rings.queue->rx.count, wb);
	rings.head = (rings.head + 1) % rings.queue->rx.count;
}

/* Any length, but often one at an edge; any status and error, but often none */
static u64 random_wb(u64 r)
{
	static const u16 edges[] = { 0, 1, ETH_HLEN - 1, ETH_HLEN, ETH_ZLEN,
				     ENBL_RX_BUF_SHORT, ENBL_RX_BUF_SHORT + 1,
				     ENBL_RX_BUF - 1, ENBL_RX_BUF,
				     ENBL_RX_BUF + 1, ENBL_MAX_FRAME, U16_MAX };
	u64 wb = r & (RXD_SPECIAL | GENMASK_ULL(31, 16) | RXD_VP | RXD_TCPCS |
		      RXD_IXSM);

	wb |= r & 0x100 ? FIELD_PREP(RXD_LENGTH, r >> 20 & 0x7ff) :
			  edges[(r >> 20) % ARRAY_SIZE(edges)];
	/* A frame that is not done holds up all behind it */
	if (r >> 40 & 0xff)
		wb |= RXD_DD;
	if (r & 0x3000)
		wb |= RXD_EOP;
	if (!(r & 0x1c000))
		wb |= r << 8 & GENMASK_ULL(47, 40);
	return wb;
}

void device_receive(void)
{
	unsigned int n = fuzz_u8(&rings.in) + 1;
	u64 state = fuzz_u16(&rings.in) | 1ULL << 32;

	while (n--)
		rx_write_next(random_wb(fuzz_random(&state)));
}

void device_receive_raw(void)
{
	rx_write_next(fuzz_u64(&rings.in));
}

/* Out of order: any slot */
void device_receive_at(void)
{
	struct enbl_rx_ring *rx = &rings.queue->rx;
	u16 i = fuzz_u8(&rings.in);
	u64 wb = fuzz_u64(&rings.in);

	if (rx->desc)
		rx_write(i % rx->count, wb);
}

void device_receive_good(void)
{
	unsigned int n = fuzz_u8(&rings.in) % 128 + 1;
	u16 len = fuzz_u16(&rings.in) % (ENBL_RX_BUF + 1);
	u64 special = fuzz_u8(&rings.in);

	while (n--)
		rx_write_next(RXD_DD | RXD_EOP | len | special << 56 |
			      (special & 1 ? RXD_VP : 0) |
			      (special & 2 ? RXD_TCPCS : 0));
}

/* Frames of several buffers, as they are and with an end that is missing */
void device_receive_long(void)
{
	unsigned int n = fuzz_u8(&rings.in) % 16 + 1;
	unsigned int bufs = fuzz_u8(&rings.in) % 10;
	u16 last = fuzz_u16(&rings.in) % (ENBL_RX_BUF + 2);
	unsigned int i;

	while (n--) {
		for (i = 0; i < bufs; i++)
			rx_write_next(RXD_DD | ENBL_RX_BUF);
		rx_write_next(RXD_DD | RXD_EOP | last);
	}
}

/* The next @n descriptors, in order, as a real device does */
void device_sent(void)
{
	struct enbl_tx_ring *tx = &rings.queue->tx;
	unsigned int n = fuzz_u8(&rings.in);
	u16 i;

	if (!tx->desc)
		return;
	for (i = tx->next_to_clean; n-- && i != tx->next_to_use;
	     i = enbl_tx_next(tx, i))
		tx->desc[i].cmd |= cpu_to_le64(TXD_DD);
}

/* Both words of any slot */
void device_write_tx(void)
{
	struct enbl_tx_ring *tx = &rings.queue->tx;
	u16 i = fuzz_u16(&rings.in);
	u64 cmd = fuzz_u64(&rings.in);

	if (!tx->desc)
		return;
	tx->desc[i % tx->count].cmd = cpu_to_le64(cmd);
	if (i & BIT(15))
		tx->desc[i % tx->count].addr = cpu_to_le64(~cmd);
}

void device_arm(void)
{
	fuzz_armed = fuzz_u8(&rings.in) + 1;
	change_at = fuzz_u8(&rings.in) % 8 - 3;
	change = fuzz_u64(&rings.in);
}

static bool is_in(const volatile void *p, const void *ring, size_t size)
{
	return ring && p >= ring && p < ring + size;
}

void fuzz_look(const volatile void *p)
{
	struct enbl_rx_ring *rx = &rings.queue->rx;
	struct enbl_tx_ring *tx = &rings.queue->tx;
	unsigned int i;

	if (is_in(p, rx->desc, rx->count * sizeof(*rx->desc))) {
		if (--fuzz_armed)
			return;
		i = (const struct enbl_rx_desc *)p - rx->desc;
		rx->desc[(i + change_at + rx->count) % rx->count].wb ^=
			cpu_to_le64(change);
	} else if (is_in(p, tx->desc, tx->count * sizeof(*tx->desc))) {
		if (--fuzz_armed)
			return;
		i = (const struct enbl_tx_desc *)p - tx->desc;
		tx->desc[(i + change_at + tx->count) % tx->count].cmd ^=
			cpu_to_le64(change);
	}
}

/* The driver starts the ring anew: so does the device */
static void written(u32 reg, u32 val)
{
	if (reg == ENBL_RDH)
		rings.head = val;
}

void device_start(void)
{
	fuzz_armed = 0;
	model.written = written;
}
