/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The software NIC's miniport: what its files share. Windows-spelled from here
 * on; nothing below knows of Linux.
 */
#ifndef _SWNIC_H
#define _SWNIC_H

#include <ndis.h>

#include "swnic_hw.h"

#define SWNIC_TAG		0x636e7753	/* 'cnwS'; sparse knows no such constant */
#define SWNIC_MTU		16110
#define SWNIC_BUFFER_SIZE	16128	/* a frame, its tag stripped */
#define SWNIC_RX_RING		256
#define SWNIC_RX_BUFFERS	512
#define SWNIC_RX_LOW		64	/* fewer free: indicate with RESOURCES */
#define SWNIC_TX_RING		1024
#define SWNIC_TX_TCBS		256
#define SWNIC_MAX_SG		32
#define SWNIC_LSO_MAX		65536

typedef struct _SWNIC_ADAPTER SWNIC_ADAPTER, *PSWNIC_ADAPTER;

/* A receive buffer with its list, made once, recycled ever after */
typedef struct _SWNIC_RX_BUFFER {
	PVOID Va;
	NDIS_PHYSICAL_ADDRESS Pa;
	PMDL Mdl;
	PNET_BUFFER_LIST Nbl;
} SWNIC_RX_BUFFER, *PSWNIC_RX_BUFFER;

/* Transmit control block: one NET_BUFFER on its way through the ring */
typedef struct _SWNIC_TCB {
	PSWNIC_ADAPTER Adapter;
	PNET_BUFFER_LIST Nbl;
	PNET_BUFFER Nb;
	PSCATTER_GATHER_LIST Sgl;
	ULONG Last;			/* descriptor that ends it */
	BOOLEAN Failed;
	DECLSPEC_ALIGN(16) UCHAR SgBuffer[sizeof(SCATTER_GATHER_LIST) +
		SWNIC_MAX_SG * sizeof(SCATTER_GATHER_ELEMENT)];
} SWNIC_TCB, *PSWNIC_TCB;

struct _SWNIC_ADAPTER {
	NDIS_HANDLE MiniportHandle;
	NDIS_HANDLE InterruptHandle;
	NDIS_HANDLE DmaHandle;
	struct swnic_hw *Hw;
	LONG Causes;			/* from the ISR to the DPC */

	/* Receive: RxLock */
	NDIS_SPIN_LOCK RxLock;
	BOOLEAN Running;
	BOOLEAN PausePending;
	NDIS_HANDLE RxPool;
	volatile struct swnic_rx_desc *RxDesc;
	NDIS_PHYSICAL_ADDRESS RxDescPa;
	PSWNIC_RX_BUFFER RxBuffers;	/* all of them */
	PSWNIC_RX_BUFFER RxSlot[SWNIC_RX_RING];	/* posted, by descriptor */
	PSWNIC_RX_BUFFER RxFree[SWNIC_RX_BUFFERS];	/* neither posted nor out */
	ULONG RxFreeCount;
	ULONG RxPosted;
	ULONG RxNext;			/* descriptor to look at */
	ULONG RxTail;			/* descriptor to post to */
	ULONG RxOut;			/* indicated, not returned */
	ULONG RxLowIndications;

	/* Transmit: TxLock */
	NDIS_SPIN_LOCK TxLock;
	volatile struct swnic_tx_desc *TxDesc;
	NDIS_PHYSICAL_ADDRESS TxDescPa;
	PSWNIC_TCB Tcbs;		/* ring, in the order of descriptors */
	ULONG TcbHead;
	ULONG TcbCount;
	ULONG TxTail;
	ULONG TxUsed;
	NBL_QUEUE TxWaiting;
	BOOLEAN TxRunning;
	BOOLEAN TxSending;		/* somebody empties TxWaiting */
};

/* What a list of ours means by MiniportReserved */
#define SWNIC_BUFFER_OF(_Nbl)	((_Nbl)->MiniportReserved[0])
/* Of a send: NET_BUFFERs that are not through, and the next one to send */
#define SWNIC_NBS_LEFT(_Nbl)	(*(ULONG_PTR *)&(_Nbl)->MiniportReserved[0])
#define SWNIC_NEXT_NB(_Nbl)	((_Nbl)->MiniportReserved[1])

extern NDIS_HANDLE SwnicDriverHandle;

NTSTATUS SwnicDriverEntry(PDRIVER_OBJECT DriverObject,
			  PUNICODE_STRING RegistryPath);

/* swnic_rx.c */
NDIS_STATUS SwnicRxInitialize(PSWNIC_ADAPTER Adapter);
VOID SwnicRxRelease(PSWNIC_ADAPTER Adapter);
VOID SwnicRxStart(PSWNIC_ADAPTER Adapter);
BOOLEAN SwnicRxPoll(PSWNIC_ADAPTER Adapter, ULONG MaxNbls);
MINIPORT_RETURN_NET_BUFFER_LISTS SwnicReturnNetBufferLists;

/* swnic_tx.c */
NDIS_STATUS SwnicTxInitialize(PSWNIC_ADAPTER Adapter);
VOID SwnicTxRelease(PSWNIC_ADAPTER Adapter);
VOID SwnicTxStart(PSWNIC_ADAPTER Adapter);
VOID SwnicTxStop(PSWNIC_ADAPTER Adapter);
VOID SwnicTxReap(PSWNIC_ADAPTER Adapter);
MINIPORT_PROCESS_SG_LIST SwnicProcessSgList;
MINIPORT_SEND_NET_BUFFER_LISTS SwnicSendNetBufferLists;
MINIPORT_CANCEL_SEND SwnicCancelSend;

#endif /* _SWNIC_H */
