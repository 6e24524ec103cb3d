// SPDX-License-Identifier: GPL-2.0-only
/*
 * Send: every list is accepted; what the ring has no room for waits.
 *
 *   send -> TxWaiting -> (control block, scatter-gather list) -> descriptors
 *        -> the device -> reap -> complete, when the last NET_BUFFER is through
 */
#include "swnic.h"

/* A packet's elements, and then one that is never used */
#define SWNIC_TX_ROOM	(SWNIC_MAX_SG + 1)

NDIS_STATUS SwnicTxInitialize(PSWNIC_ADAPTER Adapter)
{
	PVOID Va;
	ULONG i;

	NdisMAllocateSharedMemory(Adapter->MiniportHandle,
				  SWNIC_TX_RING * sizeof(*Adapter->TxDesc),
				  FALSE, &Va, &Adapter->TxDescPa);
	if (!Va)
		return NDIS_STATUS_RESOURCES;
	Adapter->TxDesc = Va;
	Adapter->Tcbs =
		NdisAllocateMemoryWithTagPriority(Adapter->MiniportHandle,
						  SWNIC_TX_TCBS *
						  sizeof(SWNIC_TCB), SWNIC_TAG,
						  NormalPoolPriority);
	if (!Adapter->Tcbs)
		return NDIS_STATUS_RESOURCES;
	NdisZeroMemory(Adapter->Tcbs, SWNIC_TX_TCBS * sizeof(SWNIC_TCB));
	for (i = 0; i < SWNIC_TX_TCBS; i++)
		Adapter->Tcbs[i].Adapter = Adapter;
	return NDIS_STATUS_SUCCESS;
}

VOID SwnicTxRelease(PSWNIC_ADAPTER Adapter)
{
	if (Adapter->Tcbs)
		NdisFreeMemory(Adapter->Tcbs, 0, 0);
	if (Adapter->TxDesc)
		NdisMFreeSharedMemory(Adapter->MiniportHandle,
				      SWNIC_TX_RING * sizeof(*Adapter->TxDesc),
				      FALSE, (PVOID)Adapter->TxDesc,
				      Adapter->TxDescPa);
}

VOID SwnicTxStart(PSWNIC_ADAPTER Adapter)
{
	NdisAcquireSpinLock(&Adapter->TxLock);
	Adapter->TcbHead = 0;
	Adapter->TxTail = 0;
	Adapter->TxUsed = 0;
	swnic_hw_write(Adapter->Hw, SWNIC_TDBAL, Adapter->TxDescPa.LowPart);
	swnic_hw_write(Adapter->Hw, SWNIC_TDBAH, Adapter->TxDescPa.HighPart);
	swnic_hw_write(Adapter->Hw, SWNIC_TDLEN, SWNIC_TX_RING);
	Adapter->TxRunning = TRUE;
	NdisReleaseSpinLock(&Adapter->TxLock);
}

/* What the list wants of the device, for a packet's first descriptor */
static ULONG SwnicTxOffload(PNET_BUFFER_LIST Nbl,
			    volatile struct swnic_tx_desc *Desc)
{
	NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO Lso;
	NDIS_TCP_IP_CHECKSUM_NET_BUFFER_LIST_INFO Checksum;
	NDIS_NET_BUFFER_LIST_8021Q_INFO Vlan;
	ULONG Command = 0;

	Vlan.Value = NET_BUFFER_LIST_INFO(Nbl, Ieee8021QNetBufferListInfo);
	if (Vlan.Value) {
		Desc->vlan = (USHORT)(Vlan.TagHeader.VlanId |
				      Vlan.TagHeader.CanonicalFormatId << 12 |
				      Vlan.TagHeader.UserPriority << 13);
		Command |= SWNIC_TX_VLAN;
	}
	Lso.Value = NET_BUFFER_LIST_INFO(Nbl, TcpLargeSendNetBufferListInfo);
	if (Lso.Value) {
		Desc->mss = (USHORT)Lso.LsoV2Transmit.MSS;
		Desc->l4 = (USHORT)Lso.LsoV2Transmit.TcpHeaderOffset;
		return Command | SWNIC_TX_LSO;
	}
	Checksum.Value = NET_BUFFER_LIST_INFO(Nbl,
					      TcpIpChecksumNetBufferListInfo);
	Desc->l4 = (USHORT)Checksum.Transmit.TcpHeaderOffset;
	if (Checksum.Transmit.TcpChecksum)
		Command |= SWNIC_TX_TCP_CSUM;
	if (Checksum.Transmit.UdpChecksum)
		Command |= SWNIC_TX_UDP_CSUM;
	return Command;
}

/* NDIS calls this with the bus addresses, at DISPATCH_LEVEL */
VOID SwnicProcessSgList(PDEVICE_OBJECT DeviceObject, PVOID Reserved,
			PSCATTER_GATHER_LIST SGL, PVOID Context)
{
	PSWNIC_TCB Tcb = Context;
	PSWNIC_ADAPTER Adapter = Tcb->Adapter;
	volatile struct swnic_tx_desc *Desc = NULL;
	ULONG Command = 0, i;

	UNREFERENCED_PARAMETER(DeviceObject);
	UNREFERENCED_PARAMETER(Reserved);
	NdisDprAcquireSpinLock(&Adapter->TxLock);
	Tcb->Sgl = SGL;
	Tcb->Failed = !SGL->NumberOfElements ||
		      SGL->NumberOfElements > SWNIC_MAX_SG;
	for (i = 0; !Tcb->Failed && i < SGL->NumberOfElements; i++) {
		Desc = &Adapter->TxDesc[Adapter->TxTail];
		if (!i)
			Command = SwnicTxOffload(Tcb->Nbl, Desc);
		Desc->addr = SGL->Elements[i].Address.QuadPart;
		Desc->len = SGL->Elements[i].Length;
		Desc->cmd = Command;
		Desc->status = 0;
		Tcb->Last = Adapter->TxTail;
		Adapter->TxTail = (Adapter->TxTail + 1) % SWNIC_TX_RING;
	}
	if (Desc) {
		Adapter->TxUsed += SGL->NumberOfElements;
		Desc->cmd |= SWNIC_TX_EOP;
	}
	NdisDprReleaseSpinLock(&Adapter->TxLock);
}

/* TxLock. The NET_BUFFER is through; return: its list, if that was the last */
static PNET_BUFFER_LIST SwnicTxEnd(PNET_BUFFER_LIST Nbl, NDIS_STATUS Status)
{
	if (Status != NDIS_STATUS_SUCCESS)
		NET_BUFFER_LIST_STATUS(Nbl) = Status;
	return --SWNIC_NBS_LEFT(Nbl) ? NULL : Nbl;
}

static VOID SwnicTxComplete(PSWNIC_ADAPTER Adapter, NBL_QUEUE *Queue)
{
	if (!NdisIsNblQueueEmpty(Queue))
		NdisMSendNetBufferListsComplete(Adapter->MiniportHandle,
						NdisPopAllFromNblQueue(Queue),
						NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
}

/* TxLock. A control block for the next NET_BUFFER that waits, or NULL */
static PSWNIC_TCB SwnicTxNext(PSWNIC_ADAPTER Adapter)
{
	PNET_BUFFER_LIST Nbl = NdisGetNblChainFromNblQueue(&Adapter->TxWaiting);
	PSWNIC_TCB Tcb;

	if (!Nbl || !Adapter->TxRunning || Adapter->TcbCount == SWNIC_TX_TCBS ||
	    Adapter->TxUsed + SWNIC_TX_ROOM > SWNIC_TX_RING)
		return NULL;
	Tcb = &Adapter->Tcbs[(Adapter->TcbHead + Adapter->TcbCount) %
			     SWNIC_TX_TCBS];
	Adapter->TcbCount++;
	Tcb->Nbl = Nbl;
	Tcb->Nb = SWNIC_NEXT_NB(Nbl);
	Tcb->Sgl = NULL;
	Tcb->Failed = FALSE;
	SWNIC_NEXT_NB(Nbl) = NET_BUFFER_NEXT_NB(Tcb->Nb);
	if (!SWNIC_NEXT_NB(Nbl))
		NdisPopFirstNblFromNblQueue(&Adapter->TxWaiting);
	return Tcb;
}

/* Addresses for a NET_BUFFER. Return: FALSE and the control block is free again */
static BOOLEAN SwnicTxMap(PSWNIC_ADAPTER Adapter, PSWNIC_TCB Tcb,
			  NBL_QUEUE *Done)
{
	NDIS_STATUS Status;
	PNET_BUFFER_LIST Nbl;

	Status = NdisMAllocateNetBufferSGList(Adapter->DmaHandle, Tcb->Nb, Tcb,
					      NDIS_SG_LIST_WRITE_TO_DEVICE,
					      Tcb->SgBuffer,
					      sizeof(Tcb->SgBuffer));
	if (Status == NDIS_STATUS_SUCCESS && !Tcb->Failed)
		return TRUE;

	if (Tcb->Sgl)
		NdisMFreeNetBufferSGList(Adapter->DmaHandle, Tcb->Sgl, Tcb->Nb);
	NdisDprAcquireSpinLock(&Adapter->TxLock);
	/* It is the newest: whoever sends is alone in that */
	Adapter->TcbCount--;
	Nbl = SwnicTxEnd(Tcb->Nbl, NDIS_STATUS_RESOURCES);
	NdisDprReleaseSpinLock(&Adapter->TxLock);
	if (Nbl)
		NdisAppendSingleNblToNblQueue(Done, Nbl);
	return FALSE;
}

/*
 * DISPATCH_LEVEL. What waits goes to the device, as far as there is room. One at
 * a time does it, so that the order stays; NDIS maps without our lock.
 */
static VOID SwnicTxSend(PSWNIC_ADAPTER Adapter)
{
	BOOLEAN Posted = FALSE;
	NBL_QUEUE Done;
	PSWNIC_TCB Tcb;

	NdisInitializeNblQueue(&Done);
	NdisDprAcquireSpinLock(&Adapter->TxLock);
	if (Adapter->TxSending) {
		NdisDprReleaseSpinLock(&Adapter->TxLock);
		return;
	}
	Adapter->TxSending = TRUE;
	while ((Tcb = SwnicTxNext(Adapter))) {
		NdisDprReleaseSpinLock(&Adapter->TxLock);
		if (SwnicTxMap(Adapter, Tcb, &Done))
			Posted = TRUE;
		NdisDprAcquireSpinLock(&Adapter->TxLock);
	}
	Adapter->TxSending = FALSE;
	if (Posted && Adapter->TxRunning) {
		KeMemoryBarrier();
		swnic_hw_write(Adapter->Hw, SWNIC_TDT, Adapter->TxTail);
	}
	NdisDprReleaseSpinLock(&Adapter->TxLock);
	SwnicTxComplete(Adapter, &Done);
}

VOID SwnicSendNetBufferLists(NDIS_HANDLE MiniportAdapterContext,
			     PNET_BUFFER_LIST NetBufferLists,
			     NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
	PSWNIC_ADAPTER Adapter = MiniportAdapterContext;
	PNET_BUFFER_LIST Nbl, Next;
	KIRQL OldIrql;

	UNREFERENCED_PARAMETER(PortNumber);
	UNREFERENCED_PARAMETER(SendFlags);
	KeRaiseIrql(DISPATCH_LEVEL, &OldIrql);
	NdisDprAcquireSpinLock(&Adapter->TxLock);
	for (Nbl = NetBufferLists; Nbl; Nbl = Next) {
		Next = NET_BUFFER_LIST_NEXT_NBL(Nbl);
		NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_SUCCESS;
		SWNIC_NEXT_NB(Nbl) = NET_BUFFER_LIST_FIRST_NB(Nbl);
		SWNIC_NBS_LEFT(Nbl) =
			NdisNumNbsInNbChain(NET_BUFFER_LIST_FIRST_NB(Nbl));
		NdisAppendSingleNblToNblQueue(&Adapter->TxWaiting, Nbl);
	}
	NdisDprReleaseSpinLock(&Adapter->TxLock);
	SwnicTxSend(Adapter);
	KeLowerIrql(OldIrql);
}

/*
 * DISPATCH_LEVEL. Control blocks in front that the device is done with, or all
 * of them, and their lists to @Done.
 */
static VOID SwnicTxCollect(PSWNIC_ADAPTER Adapter, BOOLEAN All, NBL_QUEUE *Done)
{
	NDIS_STATUS Status = All ? NDIS_STATUS_PAUSED : NDIS_STATUS_SUCCESS;
	PNET_BUFFER_LIST Nbl;
	PSWNIC_TCB Tcb;

	NdisDprAcquireSpinLock(&Adapter->TxLock);
	while (Adapter->TcbCount) {
		Tcb = &Adapter->Tcbs[Adapter->TcbHead];
		/* No addresses yet: NDIS is at it */
		if (!Tcb->Sgl || Tcb->Failed ||
		    (!All && !(Adapter->TxDesc[Tcb->Last].status & SWNIC_DD)))
			break;
		Adapter->TxUsed -= Tcb->Sgl->NumberOfElements;
		NdisMFreeNetBufferSGList(Adapter->DmaHandle, Tcb->Sgl, Tcb->Nb);
		Nbl = SwnicTxEnd(Tcb->Nbl, Status);
		if (Nbl)
			NdisAppendSingleNblToNblQueue(Done, Nbl);
		Adapter->TcbHead = (Adapter->TcbHead + 1) % SWNIC_TX_TCBS;
		Adapter->TcbCount--;
	}
	NdisDprReleaseSpinLock(&Adapter->TxLock);
}

/* In the DPC */
VOID SwnicTxReap(PSWNIC_ADAPTER Adapter)
{
	NBL_QUEUE Done;

	NdisInitializeNblQueue(&Done);
	SwnicTxCollect(Adapter, FALSE, &Done);
	SwnicTxComplete(Adapter, &Done);
	SwnicTxSend(Adapter);
}

/* TxLock. Lists that wait and of which nothing is in the ring, aborted */
static VOID SwnicTxAbortWaiting(PSWNIC_ADAPTER Adapter, PVOID CancelId,
				NDIS_STATUS Status, NBL_QUEUE *Done)
{
	PNET_BUFFER_LIST Nbl;
	NBL_QUEUE Keep;

	NdisInitializeNblQueue(&Keep);
	while ((Nbl = NdisPopFirstNblFromNblQueue(&Adapter->TxWaiting))) {
		if (CancelId &&
		    (NDIS_GET_NET_BUFFER_LIST_CANCEL_ID(Nbl) != CancelId ||
		     SWNIC_NEXT_NB(Nbl) != NET_BUFFER_LIST_FIRST_NB(Nbl))) {
			NdisAppendSingleNblToNblQueue(&Keep, Nbl);
			continue;
		}
		NET_BUFFER_LIST_STATUS(Nbl) = Status;
		NdisAppendSingleNblToNblQueue(Done, Nbl);
	}
	NdisAppendNblQueueToNblQueueFast(&Adapter->TxWaiting, &Keep);
}

VOID SwnicCancelSend(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId)
{
	PSWNIC_ADAPTER Adapter = MiniportAdapterContext;
	NBL_QUEUE Done;

	NdisInitializeNblQueue(&Done);
	NdisAcquireSpinLock(&Adapter->TxLock);
	SwnicTxAbortWaiting(Adapter, CancelId, NDIS_STATUS_REQUEST_ABORTED,
			    &Done);
	NdisReleaseSpinLock(&Adapter->TxLock);
	SwnicTxComplete(Adapter, &Done);
}

/* The device is off and sends no more: everything is completed, as it is */
VOID SwnicTxStop(PSWNIC_ADAPTER Adapter)
{
	NBL_QUEUE Done;
	KIRQL OldIrql;

	NdisInitializeNblQueue(&Done);
	KeRaiseIrql(DISPATCH_LEVEL, &OldIrql);
	NdisDprAcquireSpinLock(&Adapter->TxLock);
	Adapter->TxRunning = FALSE;
	/* Whoever maps just now sees that afterwards */
	while (Adapter->TxSending) {
		NdisDprReleaseSpinLock(&Adapter->TxLock);
		KeStallExecutionProcessor(1);
		NdisDprAcquireSpinLock(&Adapter->TxLock);
	}
	NdisDprReleaseSpinLock(&Adapter->TxLock);
	SwnicTxCollect(Adapter, TRUE, &Done);
	NdisDprAcquireSpinLock(&Adapter->TxLock);
	SwnicTxAbortWaiting(Adapter, NULL, NDIS_STATUS_PAUSED, &Done);
	NdisDprReleaseSpinLock(&Adapter->TxLock);
	SwnicTxComplete(Adapter, &Done);
	KeLowerIrql(OldIrql);
}
