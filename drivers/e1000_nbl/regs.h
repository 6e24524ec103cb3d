/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers and descriptors of the 8254x family.
 * Source: PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's
 * Manual (317453), chapters 3 (descriptors) and 13 (registers).
 */
#ifndef _ENBL_REGS_H
#define _ENBL_REGS_H

#include <linux/bits.h>
#include <linux/types.h>

/* I/O space: the address of a register, then its value */
#define ENBL_IOADDR		0x0
#define ENBL_IODATA		0x4

#define ENBL_CTRL		0x0000	/* device control */
#define   CTRL_FD		BIT(0)
#define   CTRL_ASDE		BIT(5)	/* speed from the PHY */
#define   CTRL_SLU		BIT(6)	/* set link up */
#define   CTRL_ILOS		BIT(7)
#define   CTRL_SPEED		GENMASK(9, 8)
#define   CTRL_FRCSPD		BIT(11)
#define   CTRL_FRCDPX		BIT(12)
#define   CTRL_ADVD3WUC		BIT(20)	/* wake up from D3cold */
#define   CTRL_PHY_PWR		BIT(21)	/* PHY power management */
#define   CTRL_RST		BIT(26)
#define   CTRL_RFCE		BIT(27)	/* obey received pause frames */
#define   CTRL_TFCE		BIT(28)	/* send pause frames */
#define   CTRL_VME		BIT(30)	/* strip 802.1Q tags */
#define   CTRL_PHY_RST		BIT(31)
#define ENBL_STATUS		0x0008	/* device status */
#define   STATUS_FD		BIT(0)
#define   STATUS_LU		BIT(1)
#define   STATUS_TXOFF		BIT(4)	/* the partner asked for a pause */
#define   STATUS_SPEED		GENMASK(7, 6)
#define   STATUS_PCIX		BIT(13)
#define ENBL_EECD		0x0010	/* EEPROM control: bit by bit */
#define   EECD_SK		BIT(0)
#define   EECD_CS		BIT(1)
#define   EECD_DI		BIT(2)
#define   EECD_DO		BIT(3)
#define   EECD_REQ		BIT(6)
#define   EECD_GNT		BIT(7)
#define   EECD_SIZE		BIT(9)
#define ENBL_EERD		0x0014	/* EEPROM read: a word at a time */
#define   EERD_START		BIT(0)
#define   EERD_DONE		BIT(4)
#define   EERD_ADDR		GENMASK(15, 8)
#define   EERD_DATA		GENMASK(31, 16)
#define ENBL_CTRL_EXT		0x0018
#define   CTRL_EXT_EE_RST	BIT(13)	/* read the EEPROM again */
#define ENBL_MDIC		0x0020	/* PHY access */
#define   MDIC_DATA		GENMASK(15, 0)
#define   MDIC_REG		GENMASK(20, 16)
#define   MDIC_PHY		GENMASK(25, 21)
#define   MDIC_WRITE		BIT(26)
#define   MDIC_READ		BIT(27)
#define   MDIC_READY		BIT(28)
#define   MDIC_ERROR		BIT(30)
#define ENBL_FCAL		0x0028	/* pause frames: address, type */
#define ENBL_FCAH		0x002c
#define ENBL_FCT		0x0030
#define ENBL_VET		0x0038	/* VLAN Ethertype */
#define ENBL_ICR		0x00c0	/* interrupt causes; reading clears */
#define ENBL_ITR		0x00c4	/* least interval, in 256 ns */
#define ENBL_ICS		0x00c8	/* set causes */
#define ENBL_IMS		0x00d0	/* unmask */
#define ENBL_IMC		0x00d8	/* mask */
#define   INT_TXDW		BIT(0)	/* TX descriptor written back */
#define   INT_LSC		BIT(2)	/* link changed */
#define   INT_RXSEQ		BIT(3)
#define   INT_RXDMT0		BIT(4)	/* RX descriptors run low */
#define   INT_RXO		BIT(6)	/* RX overrun */
#define   INT_RXT0		BIT(7)	/* frame received */
#define ENBL_RCTL		0x0100	/* receive control */
#define   RCTL_EN		BIT(1)
#define   RCTL_UPE		BIT(3)	/* unicast promiscuous */
#define   RCTL_MPE		BIT(4)	/* multicast promiscuous */
#define   RCTL_LPE		BIT(5)	/* frames above 1522 bytes */
#define   RCTL_BAM		BIT(15)	/* broadcast */
#define   RCTL_VFE		BIT(18)	/* VLAN filter */
#define   RCTL_SECRC		BIT(26)	/* strip the FCS */
					/* buffer size: 0 is 2,048 bytes */
#define ENBL_FCTTV		0x0170
#define ENBL_TCTL		0x0400	/* transmit control */
#define   TCTL_EN		BIT(1)
#define   TCTL_PSP		BIT(3)	/* pad short packets */
#define   TCTL_CT		GENMASK(11, 4)
#define   TCTL_COLD		GENMASK(21, 12)
#define   TCTL_RTLC		BIT(24)
#define ENBL_TIPG		0x0410	/* inter-packet gap */
#define ENBL_LEDCTL		0x0e00
#define ENBL_PBA		0x1000	/* packet buffer: KiB for receive */
#define ENBL_FCRTL		0x2160	/* pause thresholds */
#define   FCRTL_XONE		BIT(31)
#define ENBL_FCRTH		0x2168
#define ENBL_RDBAL		0x2800
#define ENBL_RDBAH		0x2804
#define ENBL_RDLEN		0x2808
#define ENBL_RDH		0x2810
#define ENBL_RDT		0x2818
#define ENBL_RDTR		0x2820
#define ENBL_RXDCTL		0x2828
#define ENBL_RADV		0x282c
#define ENBL_TDBAL		0x3800
#define ENBL_TDBAH		0x3804
#define ENBL_TDLEN		0x3808
#define ENBL_TDH		0x3810
#define ENBL_TDT		0x3818
#define ENBL_TIDV		0x3820
#define ENBL_TXDCTL		0x3828
#define   TXDCTL_GRAN		BIT(24)
#define   TXDCTL_WTHRESH	GENMASK(21, 16)
#define ENBL_TADV		0x382c
#define ENBL_RXCSUM		0x5000
#define   RXCSUM_IPOFL		BIT(8)
#define   RXCSUM_TUOFL		BIT(9)
#define ENBL_MTA(n)		(0x5200 + 4 * (n))	/* 4,096-bit hash */
#define   ENBL_MTA_SIZE		128
#define ENBL_RAL(n)		(0x5400 + 8 * (n))	/* exact addresses */
#define ENBL_RAH(n)		(0x5404 + 8 * (n))
#define   RAH_AV		BIT(31)
#define   ENBL_RAR_SIZE		16
#define ENBL_VFTA(n)		(0x5600 + 4 * (n))	/* VLAN bitmap */
#define   ENBL_VFTA_SIZE	128
#define ENBL_WUC		0x5800	/* wake up */
#define   WUC_PME_EN		BIT(1)
#define ENBL_WUFC		0x5808
#define   WUFC_MAG		BIT(1)
#define   WUFC_EX		BIT(2)
#define   WUFC_MC		BIT(3)
#define   WUFC_BC		BIT(4)
#define ENBL_WUS		0x5810
#define ENBL_MANC		0x5820
#define   MANC_ARP_EN		BIT(13)

/* Statistics: 32 bits, cleared by reading; chapter 13.7 */
#define ENBL_CRCERRS		0x4000
#define ENBL_ALGNERRC		0x4004
#define ENBL_SYMERRS		0x4008
#define ENBL_RXERRC		0x400c
#define ENBL_MPC		0x4010
#define ENBL_SCC		0x4014
#define ENBL_ECOL		0x4018
#define ENBL_MCC		0x401c
#define ENBL_LATECOL		0x4020
#define ENBL_COLC		0x4028
#define ENBL_DC			0x4030
#define ENBL_TNCRS		0x4034
#define ENBL_SEC		0x4038
#define ENBL_CEXTERR		0x403c
#define ENBL_RLEC		0x4040
#define ENBL_XONRXC		0x4048
#define ENBL_XONTXC		0x404c
#define ENBL_XOFFRXC		0x4050
#define ENBL_XOFFTXC		0x4054
#define ENBL_FCRUC		0x4058
#define ENBL_PRC64		0x405c
#define ENBL_PRC127		0x4060
#define ENBL_PRC255		0x4064
#define ENBL_PRC511		0x4068
#define ENBL_PRC1023		0x406c
#define ENBL_PRC1522		0x4070
#define ENBL_GPRC		0x4074
#define ENBL_BPRC		0x4078
#define ENBL_MPRC		0x407c
#define ENBL_GPTC		0x4080
#define ENBL_GORCL		0x4088
#define ENBL_GOTCL		0x4090
#define ENBL_RNBC		0x40a0
#define ENBL_RUC		0x40a4
#define ENBL_RFC		0x40a8
#define ENBL_ROC		0x40ac
#define ENBL_RJC		0x40b0
#define ENBL_TORL		0x40c0
#define ENBL_TOTL		0x40c8
#define ENBL_TPR		0x40d0
#define ENBL_TPT		0x40d4
#define ENBL_PTC64		0x40d8
#define ENBL_PTC127		0x40dc
#define ENBL_PTC255		0x40e0
#define ENBL_PTC511		0x40e4
#define ENBL_PTC1023		0x40e8
#define ENBL_PTC1522		0x40ec
#define ENBL_MPTC		0x40f0
#define ENBL_BPTC		0x40f4
#define ENBL_TSCTC		0x40f8
#define ENBL_TSCTFC		0x40fc

/* Receive descriptor; the device writes the second half */
struct enbl_rx_desc {
	__le64 addr;
	__le64 wb;
};

#define RXD_LENGTH		GENMASK_ULL(15, 0)
#define RXD_DD			BIT_ULL(32)	/* done */
#define RXD_EOP			BIT_ULL(33)	/* last of the frame */
#define RXD_IXSM		BIT_ULL(34)	/* ignore the checksum bits */
#define RXD_VP			BIT_ULL(35)	/* tag stripped */
#define RXD_TCPCS		BIT_ULL(37)	/* TCP or UDP checksum looked at */
#define RXD_ERR_FRAME		(GENMASK_ULL(42, 40) | BIT_ULL(44) | \
				 BIT_ULL(47))	/* CE SE SEQ, CXE, RXE */
#define RXD_ERR_TCPE		BIT_ULL(45)
#define RXD_SPECIAL		GENMASK_ULL(63, 48)

/* Transmit data descriptor: address, then command and length, then options */
struct enbl_tx_desc {
	__le64 addr;
	__le64 cmd;
};

#define TXD_LENGTH		GENMASK_ULL(19, 0)
#define TXD_DTYP_DATA		BIT_ULL(20)
#define TXD_EOP			BIT_ULL(24)	/* last of the packet */
#define TXD_IFCS		BIT_ULL(25)	/* append the FCS */
#define TXD_TSE			BIT_ULL(26)	/* segment it */
#define TXD_RS			BIT_ULL(27)	/* report status */
#define TXD_DEXT		BIT_ULL(29)	/* not a legacy descriptor */
#define TXD_VLE			BIT_ULL(30)	/* insert a tag */
#define TXD_DD			BIT_ULL(32)	/* done */
#define TXD_IXSM		BIT_ULL(40)	/* insert the IP checksum */
#define TXD_TXSM		BIT_ULL(41)	/* insert the TCP or UDP checksum */
#define TXD_VLAN		GENMASK_ULL(63, 48)

/* Transmit context descriptor: where checksums lie, how to segment */
#define TXC_IPCSS		GENMASK_ULL(7, 0)	/* first quadword */
#define TXC_IPCSO		GENMASK_ULL(15, 8)
#define TXC_IPCSE		GENMASK_ULL(31, 16)
#define TXC_TUCSS		GENMASK_ULL(39, 32)
#define TXC_TUCSO		GENMASK_ULL(47, 40)
#define TXC_PAYLEN		GENMASK_ULL(19, 0)	/* second quadword */
#define TXC_TCP			BIT_ULL(24)
#define TXC_IPV4		BIT_ULL(25)
#define TXC_TSE			BIT_ULL(26)
#define TXC_HDRLEN		GENMASK_ULL(47, 40)
#define TXC_MSS			GENMASK_ULL(63, 48)

#endif /* _ENBL_REGS_H */
