// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive: buffers are made once, with their lists, and go round.
 *
 *   RxFree -> posted in the ring -> the device fills it -> indicated -> out
 *     ^                                                                  |
 *     +--------------- MiniportReturnNetBufferLists ---------------------+
 *
 * When few are left that are not out, frames are indicated with RESOURCES: the
 * buffers are back at once, and the ring does not run dry.
 */
#include "swnic.h"

static VOID SwnicRxBufferFree(PSWNIC_ADAPTER Adapter, PSWNIC_RX_BUFFER Buffer)
{
	if (Buffer->Nbl)
		NdisFreeNetBufferList(Buffer->Nbl);
	if (Buffer->Mdl)
		NdisFreeMdl(Buffer->Mdl);
	if (Buffer->Va)
		NdisMFreeSharedMemory(Adapter->MiniportHandle,
				      SWNIC_BUFFER_SIZE, TRUE, Buffer->Va,
				      Buffer->Pa);
}

static NDIS_STATUS SwnicRxBufferMake(PSWNIC_ADAPTER Adapter,
				     PSWNIC_RX_BUFFER Buffer)
{
	NdisMAllocateSharedMemory(Adapter->MiniportHandle, SWNIC_BUFFER_SIZE,
				  TRUE, &Buffer->Va, &Buffer->Pa);
	if (!Buffer->Va)
		return NDIS_STATUS_RESOURCES;
	Buffer->Mdl = NdisAllocateMdl(Adapter->MiniportHandle, Buffer->Va,
				      SWNIC_BUFFER_SIZE);
	if (!Buffer->Mdl)
		return NDIS_STATUS_RESOURCES;
	Buffer->Nbl = NdisAllocateNetBufferAndNetBufferList(Adapter->RxPool, 0,
							    0, Buffer->Mdl, 0,
							    0);
	if (!Buffer->Nbl)
		return NDIS_STATUS_RESOURCES;
	Buffer->Nbl->SourceHandle = Adapter->MiniportHandle;
	SWNIC_BUFFER_OF(Buffer->Nbl) = Buffer;
	return NDIS_STATUS_SUCCESS;
}

static NDIS_HANDLE SwnicRxPoolMake(PSWNIC_ADAPTER Adapter)
{
	NET_BUFFER_LIST_POOL_PARAMETERS Parameters;

	NdisZeroMemory(&Parameters, sizeof(Parameters));
	Parameters.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	Parameters.Header.Revision = NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1;
	Parameters.Header.Size =
		NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1;
	Parameters.ProtocolId = NDIS_PROTOCOL_ID_DEFAULT;
	Parameters.fAllocateNetBuffer = TRUE;
	Parameters.PoolTag = SWNIC_TAG;
	return NdisAllocateNetBufferListPool(Adapter->MiniportHandle,
					     &Parameters);
}

NDIS_STATUS SwnicRxInitialize(PSWNIC_ADAPTER Adapter)
{
	NDIS_STATUS Status;
	PVOID Va;
	ULONG i;

	Adapter->RxPool = SwnicRxPoolMake(Adapter);
	if (!Adapter->RxPool)
		return NDIS_STATUS_RESOURCES;
	NdisMAllocateSharedMemory(Adapter->MiniportHandle,
				  SWNIC_RX_RING * sizeof(*Adapter->RxDesc),
				  FALSE, &Va, &Adapter->RxDescPa);
	if (!Va)
		return NDIS_STATUS_RESOURCES;
	Adapter->RxDesc = Va;
	Adapter->RxBuffers =
		NdisAllocateMemoryWithTagPriority(Adapter->MiniportHandle,
						  SWNIC_RX_BUFFERS *
						  sizeof(SWNIC_RX_BUFFER),
						  SWNIC_TAG,
						  NormalPoolPriority);
	if (!Adapter->RxBuffers)
		return NDIS_STATUS_RESOURCES;
	NdisZeroMemory(Adapter->RxBuffers,
		       SWNIC_RX_BUFFERS * sizeof(SWNIC_RX_BUFFER));
	for (i = 0; i < SWNIC_RX_BUFFERS; i++) {
		Status = SwnicRxBufferMake(Adapter, &Adapter->RxBuffers[i]);
		if (Status != NDIS_STATUS_SUCCESS)
			return Status;
		Adapter->RxFree[Adapter->RxFreeCount++] = &Adapter->RxBuffers[i];
	}
	return NDIS_STATUS_SUCCESS;
}

/* Every list first, then the pool, in reverse order of initialise */
VOID SwnicRxRelease(PSWNIC_ADAPTER Adapter)
{
	ULONG i;

	if (Adapter->RxBuffers) {
		for (i = 0; i < SWNIC_RX_BUFFERS; i++)
			SwnicRxBufferFree(Adapter, &Adapter->RxBuffers[i]);
		NdisFreeMemory(Adapter->RxBuffers, 0, 0);
	}
	if (Adapter->RxDesc)
		NdisMFreeSharedMemory(Adapter->MiniportHandle,
				      SWNIC_RX_RING * sizeof(*Adapter->RxDesc),
				      FALSE, (PVOID)Adapter->RxDesc,
				      Adapter->RxDescPa);
	if (Adapter->RxPool)
		NdisFreeNetBufferListPool(Adapter->RxPool);
}

/* RxLock. Free buffers go to the device, as many as the ring takes */
static VOID SwnicRxPost(PSWNIC_ADAPTER Adapter)
{
	volatile struct swnic_rx_desc *Desc;
	PSWNIC_RX_BUFFER Buffer;
	ULONG Posted = 0;

	if (!Adapter->Running)
		return;
	while (Adapter->RxFreeCount && Adapter->RxPosted < SWNIC_RX_RING - 1) {
		Buffer = Adapter->RxFree[--Adapter->RxFreeCount];
		Adapter->RxSlot[Adapter->RxTail] = Buffer;
		Desc = &Adapter->RxDesc[Adapter->RxTail];
		Desc->addr = Buffer->Pa.QuadPart;
		Desc->size = SWNIC_BUFFER_SIZE;
		Desc->status = 0;
		Adapter->RxTail = (Adapter->RxTail + 1) % SWNIC_RX_RING;
		Adapter->RxPosted++;
		Posted++;
	}
	if (Posted) {
		KeMemoryBarrier();
		swnic_hw_write(Adapter->Hw, SWNIC_RDT, Adapter->RxTail);
	}
}

/* The device is off: what was posted is free again; then the ring is new */
VOID SwnicRxStart(PSWNIC_ADAPTER Adapter)
{
	NdisAcquireSpinLock(&Adapter->RxLock);
	while (Adapter->RxPosted) {
		Adapter->RxFree[Adapter->RxFreeCount++] =
			Adapter->RxSlot[Adapter->RxNext];
		Adapter->RxNext = (Adapter->RxNext + 1) % SWNIC_RX_RING;
		Adapter->RxPosted--;
	}
	Adapter->RxNext = 0;
	Adapter->RxTail = 0;
	Adapter->PausePending = FALSE;
	Adapter->Running = TRUE;
	swnic_hw_write(Adapter->Hw, SWNIC_RDBAL, Adapter->RxDescPa.LowPart);
	swnic_hw_write(Adapter->Hw, SWNIC_RDBAH, Adapter->RxDescPa.HighPart);
	swnic_hw_write(Adapter->Hw, SWNIC_RDLEN, SWNIC_RX_RING);
	SwnicRxPost(Adapter);
	NdisReleaseSpinLock(&Adapter->RxLock);
}

/* What the device found out, in NDIS's words */
static VOID SwnicRxSetInfo(PNET_BUFFER_LIST Nbl,
			   volatile struct swnic_rx_desc *Desc)
{
	NDIS_TCP_IP_CHECKSUM_NET_BUFFER_LIST_INFO Checksum;
	NDIS_NET_BUFFER_LIST_8021Q_INFO Vlan;
	ULONG Bits = Desc->status;

	Checksum.Value = NULL;
	Checksum.Receive.TcpChecksumSucceeded = !!(Bits & SWNIC_RX_TCP_OK);
	Checksum.Receive.TcpChecksumFailed = !!(Bits & SWNIC_RX_TCP_BAD);
	Checksum.Receive.UdpChecksumSucceeded = !!(Bits & SWNIC_RX_UDP_OK);
	Checksum.Receive.UdpChecksumFailed = !!(Bits & SWNIC_RX_UDP_BAD);
	Checksum.Receive.IpChecksumSucceeded = !!(Bits & SWNIC_RX_IP_OK);
	Checksum.Receive.IpChecksumFailed = !!(Bits & SWNIC_RX_IP_BAD);
	NET_BUFFER_LIST_INFO(Nbl, TcpIpChecksumNetBufferListInfo) =
		Checksum.Value;

	Vlan.Value = NULL;
	if (Bits & SWNIC_RX_VLAN) {
		Vlan.TagHeader.VlanId = Desc->vlan & 0xfff;
		Vlan.TagHeader.CanonicalFormatId = Desc->vlan >> 12 & 1;
		Vlan.TagHeader.UserPriority = Desc->vlan >> 13;
	}
	NET_BUFFER_LIST_INFO(Nbl, Ieee8021QNetBufferListInfo) = Vlan.Value;

	NET_BUFFER_LIST_SET_HASH_VALUE(Nbl, Desc->hash);
	NET_BUFFER_LIST_SET_HASH_TYPE(Nbl, Bits & SWNIC_RX_HASH4 ?
					   NDIS_HASH_TCP_IPV4 :
					   Bits & SWNIC_RX_HASH6 ?
					   NDIS_HASH_TCP_IPV6 : 0);
}

/* RxLock. Return: the list of the next filled buffer, or NULL */
static PNET_BUFFER_LIST SwnicRxTake(PSWNIC_ADAPTER Adapter)
{
	volatile struct swnic_rx_desc *Desc;
	PNET_BUFFER_LIST Nbl;
	PNET_BUFFER Nb;

	if (!Adapter->Running || !Adapter->RxPosted)
		return NULL;
	Desc = &Adapter->RxDesc[Adapter->RxNext];
	if (!(Desc->status & SWNIC_DD))
		return NULL;
	KeMemoryBarrier();

	Nbl = Adapter->RxSlot[Adapter->RxNext]->Nbl;
	Nb = NET_BUFFER_LIST_FIRST_NB(Nbl);
	NET_BUFFER_DATA_LENGTH(Nb) = Desc->len;
	SwnicRxSetInfo(Nbl, Desc);
	NET_BUFFER_LIST_NEXT_NBL(Nbl) = NULL;
	Adapter->RxSlot[Adapter->RxNext] = NULL;
	Adapter->RxNext = (Adapter->RxNext + 1) % SWNIC_RX_RING;
	Adapter->RxPosted--;
	Adapter->RxOut++;
	return Nbl;
}

/* RxLock. A chain is back, from wherever it was */
static BOOLEAN SwnicRxPutBack(PSWNIC_ADAPTER Adapter, PNET_BUFFER_LIST Nbl)
{
	BOOLEAN PauseDone;

	for (; Nbl; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl)) {
		Adapter->RxFree[Adapter->RxFreeCount++] = SWNIC_BUFFER_OF(Nbl);
		Adapter->RxOut--;
	}
	SwnicRxPost(Adapter);
	PauseDone = Adapter->PausePending && !Adapter->RxOut;
	if (PauseDone)
		Adapter->PausePending = FALSE;
	return PauseDone;
}

VOID SwnicReturnNetBufferLists(NDIS_HANDLE MiniportAdapterContext,
			       PNET_BUFFER_LIST NetBufferLists,
			       ULONG ReturnFlags)
{
	PSWNIC_ADAPTER Adapter = MiniportAdapterContext;
	BOOLEAN PauseDone;

	UNREFERENCED_PARAMETER(ReturnFlags);
	NdisAcquireSpinLock(&Adapter->RxLock);
	PauseDone = SwnicRxPutBack(Adapter, NetBufferLists);
	NdisReleaseSpinLock(&Adapter->RxLock);
	if (PauseDone)
		NdisMPauseComplete(Adapter->MiniportHandle);
}

static VOID SwnicRxIndicate(PSWNIC_ADAPTER Adapter, NBL_COUNTED_QUEUE *Queue,
			    BOOLEAN Low)
{
	ULONG Flags = NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL;
	ULONG Count = (ULONG)Queue->NblCount;
	PNET_BUFFER_LIST Nbls;

	if (NdisIsNblCountedQueueEmpty(Queue))
		return;
	if (Low)
		Flags |= NDIS_RECEIVE_FLAGS_RESOURCES;
	Nbls = NdisPopAllFromNblCountedQueue(Queue);
	NdisMIndicateReceiveNetBufferLists(Adapter->MiniportHandle, Nbls,
					   NDIS_DEFAULT_PORT_NUMBER, Count,
					   Flags);
	if (Low)
		SwnicReturnNetBufferLists(Adapter, Nbls,
					  NDIS_RETURN_FLAGS_DISPATCH_LEVEL);
}

/* In the DPC. Return: whether there is more than MaxNbls */
BOOLEAN SwnicRxPoll(PSWNIC_ADAPTER Adapter, ULONG MaxNbls)
{
	NBL_COUNTED_QUEUE Queue;
	BOOLEAN Low = FALSE;
	PNET_BUFFER_LIST Nbl;
	ULONG Done;

	NdisInitializeNblCountedQueue(&Queue);
	NdisDprAcquireSpinLock(&Adapter->RxLock);
	for (Done = 0; Done < MaxNbls; Done++) {
		/* From here on they are wanted back at once */
		if (!Low && SWNIC_RX_BUFFERS - Adapter->RxOut < SWNIC_RX_LOW) {
			Low = TRUE;
			Adapter->RxLowIndications++;
			NdisDprReleaseSpinLock(&Adapter->RxLock);
			SwnicRxIndicate(Adapter, &Queue, FALSE);
			NdisDprAcquireSpinLock(&Adapter->RxLock);
		}
		Nbl = SwnicRxTake(Adapter);
		if (!Nbl)
			break;
		NdisAppendSingleNblToNblCountedQueue(&Queue, Nbl);
	}
	SwnicRxPost(Adapter);
	NdisDprReleaseSpinLock(&Adapter->RxLock);
	SwnicRxIndicate(Adapter, &Queue, Low);
	return Done == MaxNbls;
}
