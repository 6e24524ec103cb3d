// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software NIC's miniport: driver entry, initialise, pause, restart, halt,
 * interrupt and DPC.
 */
#include "swnic.h"

NDIS_HANDLE SwnicDriverHandle;

static ULONG SwnicRead(PSWNIC_ADAPTER Adapter, ULONG Register)
{
	return swnic_hw_read(Adapter->Hw, Register);
}

static VOID SwnicWrite(PSWNIC_ADAPTER Adapter, ULONG Register, ULONG Value)
{
	swnic_hw_write(Adapter->Hw, Register, Value);
}

/* --- interrupt ------------------------------------------------------------------ */

static BOOLEAN SwnicInterrupt(PVOID MiniportInterruptContext,
			      PBOOLEAN QueueDefaultInterruptDpc,
			      PULONG TargetProcessors)
{
	PSWNIC_ADAPTER Adapter = MiniportInterruptContext;
	ULONG Causes = SwnicRead(Adapter, SWNIC_ICR);

	UNREFERENCED_PARAMETER(TargetProcessors);
	if (!Causes)
		return FALSE;
	SwnicWrite(Adapter, SWNIC_IMC, SWNIC_INT_ALL);
	InterlockedOr(&Adapter->Causes, Causes);
	*QueueDefaultInterruptDpc = TRUE;
	return TRUE;
}

static VOID SwnicIndicateLink(PSWNIC_ADAPTER Adapter)
{
	NDIS_STATUS_INDICATION Indication;
	NDIS_LINK_STATE Link;

	NdisZeroMemory(&Link, sizeof(Link));
	Link.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	Link.Header.Revision = NDIS_LINK_STATE_REVISION_1;
	Link.Header.Size = NDIS_SIZEOF_LINK_STATE_REVISION_1;
	Link.MediaConnectState = MediaConnectStateDisconnected;
	Link.MediaDuplexState = MediaDuplexStateFull;
	Link.XmitLinkSpeed = 10000000000ULL;
	Link.RcvLinkSpeed = 10000000000ULL;
	if (SwnicRead(Adapter, SWNIC_STATUS) & SWNIC_STATUS_LINK)
		Link.MediaConnectState = MediaConnectStateConnected;

	NdisZeroMemory(&Indication, sizeof(Indication));
	Indication.Header.Type = NDIS_OBJECT_TYPE_STATUS_INDICATION;
	Indication.Header.Revision = NDIS_STATUS_INDICATION_REVISION_1;
	Indication.Header.Size = NDIS_SIZEOF_STATUS_INDICATION_REVISION_1;
	Indication.SourceHandle = Adapter->MiniportHandle;
	Indication.StatusCode = NDIS_STATUS_LINK_STATE;
	Indication.StatusBuffer = &Link;
	Indication.StatusBufferSize = sizeof(Link);
	NdisMIndicateStatusEx(Adapter->MiniportHandle, &Indication);
}

static VOID SwnicInterruptDpc(PVOID MiniportInterruptContext,
			      PVOID MiniportDpcContext,
			      PVOID ReceiveThrottleParameters,
			      PVOID NdisReserved2)
{
	PNDIS_RECEIVE_THROTTLE_PARAMETERS Throttle = ReceiveThrottleParameters;
	PSWNIC_ADAPTER Adapter = MiniportInterruptContext;
	ULONG Causes = InterlockedExchange(&Adapter->Causes, 0);

	UNREFERENCED_PARAMETER(MiniportDpcContext);
	UNREFERENCED_PARAMETER(NdisReserved2);
	if (Causes & SWNIC_INT_LINK)
		SwnicIndicateLink(Adapter);
	SwnicTxReap(Adapter);
	if (SwnicRxPoll(Adapter, Throttle->MaxNblsToIndicate))
		Throttle->MoreNblsPending = 1;
	else
		SwnicWrite(Adapter, SWNIC_IMS, SWNIC_INT_ALL);
}

static VOID SwnicDisableInterrupt(PVOID MiniportInterruptContext)
{
	SwnicWrite(MiniportInterruptContext, SWNIC_IMC, SWNIC_INT_ALL);
}

static VOID SwnicEnableInterrupt(PVOID MiniportInterruptContext)
{
	SwnicWrite(MiniportInterruptContext, SWNIC_IMS, SWNIC_INT_ALL);
}

static NDIS_STATUS SwnicRegisterInterrupt(PSWNIC_ADAPTER Adapter)
{
	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS Interrupt;

	NdisZeroMemory(&Interrupt, sizeof(Interrupt));
	Interrupt.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT;
	Interrupt.Header.Revision = NDIS_MINIPORT_INTERRUPT_REVISION_1;
	Interrupt.Header.Size =
		NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1;
	Interrupt.InterruptHandler = SwnicInterrupt;
	Interrupt.InterruptDpcHandler = SwnicInterruptDpc;
	Interrupt.DisableInterruptHandler = SwnicDisableInterrupt;
	Interrupt.EnableInterruptHandler = SwnicEnableInterrupt;
	return NdisMRegisterInterruptEx(Adapter->MiniportHandle, Adapter,
					&Interrupt, &Adapter->InterruptHandle);
}

/* --- initialise ----------------------------------------------------------------- */

static NDIS_STATUS SwnicSetRegistration(PSWNIC_ADAPTER Adapter)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES Attributes;

	NdisZeroMemory(&Attributes, sizeof(Attributes));
	Attributes.RegistrationAttributes.Header.Type =
		NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES;
	Attributes.RegistrationAttributes.Header.Revision =
		NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1;
	Attributes.RegistrationAttributes.Header.Size =
		NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1;
	Attributes.RegistrationAttributes.MiniportAdapterContext = Adapter;
	Attributes.RegistrationAttributes.AttributeFlags =
		NDIS_MINIPORT_ATTRIBUTES_HARDWARE_DEVICE |
		NDIS_MINIPORT_ATTRIBUTES_BUS_MASTER;
	Attributes.RegistrationAttributes.InterfaceType = NdisInterfacePci;
	return NdisMSetMiniportAttributes(Adapter->MiniportHandle, &Attributes);
}

static NDIS_STATUS SwnicSetGeneral(PSWNIC_ADAPTER Adapter, UCHAR Number)
{
	UCHAR Address[] = { 0x02, 0x53, 0x57, 0x4e, 0x49, Number };
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES Attributes;
	PNDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES General =
		&Attributes.GeneralAttributes;

	NdisZeroMemory(&Attributes, sizeof(Attributes));
	General->Header.Type =
		NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES;
	General->Header.Revision =
		NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1;
	General->Header.Size =
		NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1;
	General->MediaType = NdisMedium802_3;
	General->PhysicalMediumType = NdisPhysicalMedium802_3;
	General->MtuSize = SWNIC_MTU;
	General->XmitLinkSpeed = NDIS_LINK_SPEED_UNKNOWN;
	General->RcvLinkSpeed = NDIS_LINK_SPEED_UNKNOWN;
	General->MediaConnectState = MediaConnectStateDisconnected;
	General->MediaDuplexState = MediaDuplexStateFull;
	General->MacOptions = NDIS_MAC_OPTION_NO_LOOPBACK |
			      NDIS_MAC_OPTION_8021P_PRIORITY |
			      NDIS_MAC_OPTION_8021Q_VLAN;
	General->SupportedPacketFilters = NDIS_PACKET_TYPE_DIRECTED |
					  NDIS_PACKET_TYPE_MULTICAST |
					  NDIS_PACKET_TYPE_BROADCAST |
					  NDIS_PACKET_TYPE_PROMISCUOUS;
	General->MacAddressLength = sizeof(Address);
	NdisMoveMemory(General->PermanentMacAddress, Address, sizeof(Address));
	NdisMoveMemory(General->CurrentMacAddress, Address, sizeof(Address));
	return NdisMSetMiniportAttributes(Adapter->MiniportHandle, &Attributes);
}

static NDIS_STATUS SwnicSetOffload(PSWNIC_ADAPTER Adapter)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES Attributes;
	NDIS_OFFLOAD Offload;

	NdisZeroMemory(&Offload, sizeof(Offload));
	Offload.Header.Type = NDIS_OBJECT_TYPE_OFFLOAD;
	Offload.Header.Revision = NDIS_OFFLOAD_REVISION_1;
	Offload.Header.Size = NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_1;
	Offload.Checksum.IPv4Transmit.Encapsulation =
		NDIS_ENCAPSULATION_IEEE_802_3_P_AND_Q_IN_OOB;
	Offload.Checksum.IPv4Transmit.TcpChecksum = NDIS_OFFLOAD_SUPPORTED;
	Offload.Checksum.IPv4Transmit.UdpChecksum = NDIS_OFFLOAD_SUPPORTED;
	Offload.Checksum.IPv4Receive = Offload.Checksum.IPv4Transmit;
	Offload.Checksum.IPv6Transmit.Encapsulation =
		NDIS_ENCAPSULATION_IEEE_802_3_P_AND_Q_IN_OOB;
	Offload.Checksum.IPv6Transmit.TcpChecksum = NDIS_OFFLOAD_SUPPORTED;
	Offload.Checksum.IPv6Transmit.UdpChecksum = NDIS_OFFLOAD_SUPPORTED;
	Offload.Checksum.IPv6Receive = Offload.Checksum.IPv6Transmit;
	Offload.LsoV2.IPv4.Encapsulation =
		NDIS_ENCAPSULATION_IEEE_802_3_P_AND_Q_IN_OOB;
	Offload.LsoV2.IPv4.MaxOffLoadSize = SWNIC_LSO_MAX;
	Offload.LsoV2.IPv4.MinSegmentCount = 2;
	Offload.LsoV2.IPv6.Encapsulation =
		NDIS_ENCAPSULATION_IEEE_802_3_P_AND_Q_IN_OOB;
	Offload.LsoV2.IPv6.MaxOffLoadSize = SWNIC_LSO_MAX;
	Offload.LsoV2.IPv6.MinSegmentCount = 2;

	NdisZeroMemory(&Attributes, sizeof(Attributes));
	Attributes.OffloadAttributes.Header.Type =
		NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES;
	Attributes.OffloadAttributes.Header.Revision =
		NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES_REVISION_1;
	Attributes.OffloadAttributes.Header.Size =
		NDIS_SIZEOF_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES_REVISION_1;
	Attributes.OffloadAttributes.DefaultOffloadConfiguration = &Offload;
	Attributes.OffloadAttributes.HardwareOffloadCapabilities = &Offload;
	return NdisMSetMiniportAttributes(Adapter->MiniportHandle, &Attributes);
}

static NDIS_STATUS SwnicRegisterDma(PSWNIC_ADAPTER Adapter)
{
	NDIS_SG_DMA_DESCRIPTION Description;

	NdisZeroMemory(&Description, sizeof(Description));
	Description.Header.Type = NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION;
	Description.Header.Revision = NDIS_SG_DMA_DESCRIPTION_REVISION_1;
	Description.Header.Size = NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1;
	Description.Flags = NDIS_SG_DMA_64_BIT_ADDRESS;
	Description.MaximumPhysicalMapping = SWNIC_LSO_MAX + 256;
	Description.ProcessSGListHandler = SwnicProcessSgList;
	return NdisMRegisterScatterGatherDma(Adapter->MiniportHandle,
					     &Description, &Adapter->DmaHandle);
}

/* Initialise reversed; any part may not have come to be */
static VOID SwnicFree(PSWNIC_ADAPTER Adapter)
{
	if (Adapter->InterruptHandle)
		NdisMDeregisterInterruptEx(Adapter->InterruptHandle);
	SwnicTxRelease(Adapter);
	SwnicRxRelease(Adapter);
	if (Adapter->DmaHandle)
		NdisMDeregisterScatterGatherDma(Adapter->DmaHandle);
	NdisFreeSpinLock(&Adapter->RxLock);
	NdisFreeSpinLock(&Adapter->TxLock);
	NdisFreeMemory(Adapter, 0, 0);
}

static NDIS_STATUS SwnicInitialize(NDIS_HANDLE NdisMiniportHandle,
				   NDIS_HANDLE MiniportDriverContext,
				   PNDIS_MINIPORT_INIT_PARAMETERS
				   MiniportInitParameters)
{
	static LONG Instances;
	PSWNIC_ADAPTER Adapter;
	NDIS_STATUS Status;

	UNREFERENCED_PARAMETER(MiniportDriverContext);
	Adapter = NdisAllocateMemoryWithTagPriority(NdisMiniportHandle,
						    sizeof(*Adapter), SWNIC_TAG,
						    NormalPoolPriority);
	if (!Adapter)
		return NDIS_STATUS_RESOURCES;
	NdisZeroMemory(Adapter, sizeof(*Adapter));
	Adapter->MiniportHandle = NdisMiniportHandle;
	/* Where a bus would say where the registers are */
	Adapter->Hw = MiniportInitParameters->MiniportAddDeviceContext;
	NdisAllocateSpinLock(&Adapter->RxLock);
	NdisAllocateSpinLock(&Adapter->TxLock);
	NdisInitializeNblQueue(&Adapter->TxWaiting);

	Status = SwnicSetRegistration(Adapter);
	if (Status == NDIS_STATUS_SUCCESS)
		Status = SwnicSetGeneral(Adapter,
					 (UCHAR)InterlockedIncrement(&Instances));
	if (Status == NDIS_STATUS_SUCCESS)
		Status = SwnicSetOffload(Adapter);
	if (Status == NDIS_STATUS_SUCCESS)
		Status = SwnicRegisterDma(Adapter);
	if (Status == NDIS_STATUS_SUCCESS)
		Status = SwnicRxInitialize(Adapter);
	if (Status == NDIS_STATUS_SUCCESS)
		Status = SwnicTxInitialize(Adapter);
	if (Status == NDIS_STATUS_SUCCESS)
		Status = SwnicRegisterInterrupt(Adapter);
	if (Status != NDIS_STATUS_SUCCESS)
		SwnicFree(Adapter);
	return Status;
}

/* --- states --------------------------------------------------------------------- */

static NDIS_STATUS SwnicRestart(NDIS_HANDLE MiniportAdapterContext,
				PNDIS_MINIPORT_RESTART_PARAMETERS
				RestartParameters)
{
	PSWNIC_ADAPTER Adapter = MiniportAdapterContext;

	UNREFERENCED_PARAMETER(RestartParameters);
	SwnicTxStart(Adapter);
	SwnicRxStart(Adapter);
	SwnicWrite(Adapter, SWNIC_CTRL, SWNIC_CTRL_TXEN | SWNIC_CTRL_RXEN);
	/* The cable may have been there before us: no edge, no cause */
	SwnicIndicateLink(Adapter);
	SwnicEnableInterrupt(Adapter);
	return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS SwnicPause(NDIS_HANDLE MiniportAdapterContext,
			      PNDIS_MINIPORT_PAUSE_PARAMETERS PauseParameters)
{
	PSWNIC_ADAPTER Adapter = MiniportAdapterContext;
	NDIS_STATUS Status = NDIS_STATUS_SUCCESS;

	UNREFERENCED_PARAMETER(PauseParameters);
	/* After these two lines the device touches neither ring */
	SwnicWrite(Adapter, SWNIC_IMC, SWNIC_INT_ALL);
	SwnicWrite(Adapter, SWNIC_CTRL, 0);
	SwnicTxStop(Adapter);

	NdisAcquireSpinLock(&Adapter->RxLock);
	Adapter->Running = FALSE;
	if (Adapter->RxOut) {
		Adapter->PausePending = TRUE;
		Status = NDIS_STATUS_PENDING;
	}
	NdisReleaseSpinLock(&Adapter->RxLock);
	return Status;
}

static VOID SwnicHalt(NDIS_HANDLE MiniportAdapterContext,
		      NDIS_HALT_ACTION HaltAction)
{
	UNREFERENCED_PARAMETER(HaltAction);
	SwnicFree(MiniportAdapterContext);
}

/* --- driver --------------------------------------------------------------------- */

static VOID SwnicUnload(PDRIVER_OBJECT DriverObject)
{
	UNREFERENCED_PARAMETER(DriverObject);
	NdisMDeregisterMiniportDriver(SwnicDriverHandle);
	SwnicDriverHandle = NULL;
}

NTSTATUS SwnicDriverEntry(PDRIVER_OBJECT DriverObject,
			  PUNICODE_STRING RegistryPath)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS Characteristics;

	NdisZeroMemory(&Characteristics, sizeof(Characteristics));
	Characteristics.Header.Type =
		NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS;
	Characteristics.Header.Revision =
		NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1;
	Characteristics.Header.Size =
		NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1;
	Characteristics.MajorNdisVersion = 6;
	Characteristics.MinorNdisVersion = 20;
	Characteristics.InitializeHandlerEx = SwnicInitialize;
	Characteristics.HaltHandlerEx = SwnicHalt;
	Characteristics.UnloadHandler = SwnicUnload;
	Characteristics.PauseHandler = SwnicPause;
	Characteristics.RestartHandler = SwnicRestart;
	Characteristics.SendNetBufferListsHandler = SwnicSendNetBufferLists;
	Characteristics.ReturnNetBufferListsHandler = SwnicReturnNetBufferLists;
	Characteristics.CancelSendHandler = SwnicCancelSend;
	return NdisMRegisterMiniportDriver(DriverObject, RegistryPath, NULL,
					   &Characteristics,
					   &SwnicDriverHandle);
}
