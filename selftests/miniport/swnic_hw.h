/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device: a NIC with one transmit and one receive ring in shared memory,
 * registers, an interrupt; two of them are joined by a cable. As a data sheet
 * would have it: the miniport sees this and no more.
 *
 * Both rings: the driver writes descriptors up to the tail, the device works from
 * its head to there, sets DD, and raises a cause. A descriptor whose tail would
 * meet the head is never posted: the ring holds one less than its size.
 */
#ifndef _SWNIC_HW_H
#define _SWNIC_HW_H

struct swnic_hw;

/* Registers */
#define SWNIC_CTRL	0x00	/* SWNIC_CTRL_* */
#define SWNIC_STATUS	0x04	/* read only, SWNIC_STATUS_* */
#define SWNIC_ICR	0x08	/* pending causes, cleared by reading */
#define SWNIC_IMS	0x0c	/* write: unmask causes */
#define SWNIC_IMC	0x10	/* write: mask causes */
#define SWNIC_TDBAL	0x20	/* transmit ring: bus address, */
#define SWNIC_TDBAH	0x24
#define SWNIC_TDLEN	0x28	/* descriptors; writing sets the head to 0 */
#define SWNIC_TDT	0x2c	/* tail */
#define SWNIC_RDBAL	0x30	/* receive ring */
#define SWNIC_RDBAH	0x34
#define SWNIC_RDLEN	0x38
#define SWNIC_RDT	0x3c

#define SWNIC_CTRL_TXEN		0x1
#define SWNIC_CTRL_RXEN		0x2
#define SWNIC_STATUS_LINK	0x1

#define SWNIC_INT_TX		0x1
#define SWNIC_INT_RX		0x2
#define SWNIC_INT_LINK		0x4
#define SWNIC_INT_ALL		0x7

/* Transmit descriptor; cmd's offloads count in a packet's first */
struct swnic_tx_desc {
	unsigned long long addr;
	unsigned int len;
	unsigned int cmd;
	unsigned short mss;
	unsigned short l4;		/* offset of the TCP or UDP header */
	unsigned short vlan;		/* tag control information */
	unsigned short reserved;
	unsigned int status;
	unsigned int reserved2;
};

#define SWNIC_TX_EOP		0x01
#define SWNIC_TX_TCP_CSUM	0x02	/* the field holds the pseudo header's sum */
#define SWNIC_TX_UDP_CSUM	0x04
#define SWNIC_TX_LSO		0x08	/* the same, without the length */
#define SWNIC_TX_VLAN		0x10

/* Receive descriptor; a frame has one, and is lost if it does not fit */
struct swnic_rx_desc {
	unsigned long long addr;
	unsigned int size;
	unsigned int len;
	unsigned int status;
	unsigned int hash;
	unsigned short vlan;
	unsigned short reserved[3];
};

#define SWNIC_DD		0x01	/* in both: the device is done with it */
#define SWNIC_RX_TCP_OK		0x02
#define SWNIC_RX_TCP_BAD	0x04
#define SWNIC_RX_UDP_OK		0x08
#define SWNIC_RX_UDP_BAD	0x10
#define SWNIC_RX_IP_OK		0x20
#define SWNIC_RX_IP_BAD		0x40
#define SWNIC_RX_VLAN		0x80	/* stripped, in vlan */
#define SWNIC_RX_HASH4		0x100	/* over addresses and ports, IPv4 */
#define SWNIC_RX_HASH6		0x200

unsigned int swnic_hw_read(struct swnic_hw *hw, unsigned int reg);
void swnic_hw_write(struct swnic_hw *hw, unsigned int reg, unsigned int value);

#endif /* _SWNIC_HW_H */
