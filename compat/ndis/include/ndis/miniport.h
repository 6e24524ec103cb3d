/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a miniport says to NDIS and NDIS to it, in Windows spelling: the handlers
 * it registers, the attributes it sets, receive, send, state, interrupts, shared
 * memory. ndis.h includes this behind its own types; the Linux side of the same
 * seam is ndis/adapter.h.
 *
 * Structures hold the members that miniports of Ethernet NICs use, in Windows's
 * order; what is left out has no meaning on Linux. Numbers are Windows's.
 */
#ifndef _NDIS_MINIPORT_H
#define _NDIS_MINIPORT_H

#include <ndis/nbl.h>
#include <ndis/status.h>
#include <ndis/objectheader.h>

struct device;
struct module;

/* --- object types of the headers --------------------------------------------- */

#define NDIS_OBJECT_TYPE_MINIPORT_INIT_PARAMETERS			0x81
#define NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT				0x84
#define NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS		0x8a
#define NDIS_OBJECT_TYPE_STATUS_INDICATION				0x98
#define NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES	0x9e
#define NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES		0x9f
#define NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES		0xa0
#define NDIS_OBJECT_TYPE_OFFLOAD					0xa7

/* --- starting, stopping ------------------------------------------------------ */

/* Linux has no driver and device objects: these stay opaque, and NULL */
typedef struct _DRIVER_OBJECT *PDRIVER_OBJECT;
typedef struct _NDIS_RESOURCE_LIST *PNDIS_RESOURCE_LIST;
typedef struct _NDIS_RESTART_ATTRIBUTES *PNDIS_RESTART_ATTRIBUTES;
typedef struct _NDIS_OID_REQUEST *PNDIS_OID_REQUEST;
typedef struct _NET_DEVICE_PNP_EVENT *PNET_DEVICE_PNP_EVENT;

typedef ULONG NET_IFINDEX, *PNET_IFINDEX;

typedef struct _NDIS_MINIPORT_INIT_PARAMETERS {
	NDIS_OBJECT_HEADER Header;
	ULONG Flags;
	PNDIS_RESOURCE_LIST AllocatedResources;
	NDIS_HANDLE IMDeviceInstanceContext;
	NDIS_HANDLE MiniportAddDeviceContext;
	NET_IFINDEX IfIndex;
} NDIS_MINIPORT_INIT_PARAMETERS, *PNDIS_MINIPORT_INIT_PARAMETERS;

#define NDIS_MINIPORT_INIT_PARAMETERS_REVISION_1	1

typedef enum _NDIS_HALT_ACTION {
	NdisHaltDeviceDisabled,
	NdisHaltDeviceInstanceDeInitialized,
	NdisHaltDevicePoweredDown,
	NdisHaltDeviceSurpriseRemoved,
	NdisHaltDeviceFailed,
	NdisHaltDeviceInitializationFailed,
	NdisHaltDeviceStopped,
} NDIS_HALT_ACTION, *PNDIS_HALT_ACTION;

typedef enum _NDIS_SHUTDOWN_ACTION {
	NdisShutdownPowerOff,
	NdisShutdownBugCheck,
} NDIS_SHUTDOWN_ACTION, *PNDIS_SHUTDOWN_ACTION;

#define NDIS_PAUSE_NDIS_INTERNAL	0x00000001
#define NDIS_PAUSE_LOW_POWER		0x00000002
#define NDIS_PAUSE_BIND_PROTOCOL	0x00000004
#define NDIS_PAUSE_UNBIND_PROTOCOL	0x00000008
#define NDIS_PAUSE_ATTACH_FILTER	0x00000010
#define NDIS_PAUSE_DETACH_FILTER	0x00000020
#define NDIS_PAUSE_FILTER_RESTART_STACK	0x00000040
#define NDIS_PAUSE_MINIPORT_DEVICE_REMOVE 0x00000080

typedef struct _NDIS_MINIPORT_PAUSE_PARAMETERS {
	NDIS_OBJECT_HEADER Header;
	ULONG Flags;
	ULONG PauseReason;
} NDIS_MINIPORT_PAUSE_PARAMETERS, *PNDIS_MINIPORT_PAUSE_PARAMETERS;

#define NDIS_MINIPORT_PAUSE_PARAMETERS_REVISION_1	1

typedef struct _NDIS_MINIPORT_RESTART_PARAMETERS {
	NDIS_OBJECT_HEADER Header;
	PNDIS_RESTART_ATTRIBUTES RestartAttributes;
	NET_IFINDEX BoundIfIndex;
	ULONG Flags;
} NDIS_MINIPORT_RESTART_PARAMETERS, *PNDIS_MINIPORT_RESTART_PARAMETERS;

#define NDIS_MINIPORT_RESTART_PARAMETERS_REVISION_1	1

/* --- the handlers ------------------------------------------------------------ */

typedef NDIS_STATUS (SET_OPTIONS)(NDIS_HANDLE NdisDriverHandle,
				  NDIS_HANDLE DriverContext);
typedef NDIS_STATUS (MINIPORT_INITIALIZE)(NDIS_HANDLE NdisMiniportHandle,
					  NDIS_HANDLE MiniportDriverContext,
					  PNDIS_MINIPORT_INIT_PARAMETERS
					  MiniportInitParameters);
typedef VOID (MINIPORT_HALT)(NDIS_HANDLE MiniportAdapterContext,
			     NDIS_HALT_ACTION HaltAction);
typedef NTSTATUS (DRIVER_INITIALIZE)(PDRIVER_OBJECT DriverObject,
				     PUNICODE_STRING RegistryPath);
typedef VOID (MINIPORT_UNLOAD)(PDRIVER_OBJECT DriverObject);
typedef NDIS_STATUS (MINIPORT_PAUSE)(NDIS_HANDLE MiniportAdapterContext,
				     PNDIS_MINIPORT_PAUSE_PARAMETERS
				     PauseParameters);
typedef NDIS_STATUS (MINIPORT_RESTART)(NDIS_HANDLE MiniportAdapterContext,
				       PNDIS_MINIPORT_RESTART_PARAMETERS
				       RestartParameters);
typedef NDIS_STATUS (MINIPORT_OID_REQUEST)(NDIS_HANDLE MiniportAdapterContext,
					   PNDIS_OID_REQUEST OidRequest);
typedef VOID (MINIPORT_SEND_NET_BUFFER_LISTS)(NDIS_HANDLE MiniportAdapterContext,
					      PNET_BUFFER_LIST NetBufferLists,
					      NDIS_PORT_NUMBER PortNumber,
					      ULONG SendFlags);
typedef VOID (MINIPORT_RETURN_NET_BUFFER_LISTS)(NDIS_HANDLE MiniportAdapterContext,
						PNET_BUFFER_LIST NetBufferLists,
						ULONG ReturnFlags);
typedef VOID (MINIPORT_CANCEL_SEND)(NDIS_HANDLE MiniportAdapterContext,
				    PVOID CancelId);
typedef BOOLEAN (MINIPORT_CHECK_FOR_HANG)(NDIS_HANDLE MiniportAdapterContext);
typedef NDIS_STATUS (MINIPORT_RESET)(NDIS_HANDLE MiniportAdapterContext,
				     PBOOLEAN AddressingReset);
typedef VOID (MINIPORT_DEVICE_PNP_EVENT_NOTIFY)(NDIS_HANDLE MiniportAdapterContext,
						PNET_DEVICE_PNP_EVENT
						NetDevicePnPEvent);
typedef VOID (MINIPORT_SHUTDOWN)(NDIS_HANDLE MiniportAdapterContext,
				 NDIS_SHUTDOWN_ACTION ShutdownAction);
typedef VOID (MINIPORT_CANCEL_OID_REQUEST)(NDIS_HANDLE MiniportAdapterContext,
					   PVOID RequestId);

typedef SET_OPTIONS (*SET_OPTIONS_HANDLER);
typedef MINIPORT_INITIALIZE (*MINIPORT_INITIALIZE_HANDLER);
typedef MINIPORT_HALT (*MINIPORT_HALT_HANDLER);
typedef MINIPORT_UNLOAD (*MINIPORT_DRIVER_UNLOAD);
typedef MINIPORT_PAUSE (*MINIPORT_PAUSE_HANDLER);
typedef MINIPORT_RESTART (*MINIPORT_RESTART_HANDLER);
typedef MINIPORT_OID_REQUEST (*MINIPORT_OID_REQUEST_HANDLER);
typedef MINIPORT_SEND_NET_BUFFER_LISTS (*MINIPORT_SEND_NET_BUFFER_LISTS_HANDLER);
typedef MINIPORT_RETURN_NET_BUFFER_LISTS (*MINIPORT_RETURN_NET_BUFFER_LISTS_HANDLER);
typedef MINIPORT_CANCEL_SEND (*MINIPORT_CANCEL_SEND_HANDLER);
typedef MINIPORT_CHECK_FOR_HANG (*MINIPORT_CHECK_FOR_HANG_HANDLER);
typedef MINIPORT_RESET (*MINIPORT_RESET_HANDLER);
typedef MINIPORT_DEVICE_PNP_EVENT_NOTIFY (*MINIPORT_DEVICE_PNP_EVENT_NOTIFY_HANDLER);
typedef MINIPORT_SHUTDOWN (*MINIPORT_SHUTDOWN_HANDLER);
typedef MINIPORT_CANCEL_OID_REQUEST (*MINIPORT_CANCEL_OID_REQUEST_HANDLER);

/*
 * Called: InitializeHandlerEx, HaltHandlerEx, UnloadHandler, PauseHandler,
 * RestartHandler, SendNetBufferListsHandler, ReturnNetBufferListsHandler (these
 * must be there), CheckForHangHandlerEx, ResetHandlerEx. The others may be set
 * and are not called: Linux says it in other ways (ethtool, ndo).
 */
typedef struct _NDIS_MINIPORT_DRIVER_CHARACTERISTICS {
	NDIS_OBJECT_HEADER Header;
	UCHAR MajorNdisVersion;
	UCHAR MinorNdisVersion;
	UCHAR MajorDriverVersion;
	UCHAR MinorDriverVersion;
	ULONG Flags;
	SET_OPTIONS_HANDLER SetOptionsHandler;
	MINIPORT_INITIALIZE_HANDLER InitializeHandlerEx;
	MINIPORT_HALT_HANDLER HaltHandlerEx;
	MINIPORT_DRIVER_UNLOAD UnloadHandler;
	MINIPORT_PAUSE_HANDLER PauseHandler;
	MINIPORT_RESTART_HANDLER RestartHandler;
	MINIPORT_OID_REQUEST_HANDLER OidRequestHandler;
	MINIPORT_SEND_NET_BUFFER_LISTS_HANDLER SendNetBufferListsHandler;
	MINIPORT_RETURN_NET_BUFFER_LISTS_HANDLER ReturnNetBufferListsHandler;
	MINIPORT_CANCEL_SEND_HANDLER CancelSendHandler;
	MINIPORT_CHECK_FOR_HANG_HANDLER CheckForHangHandlerEx;
	MINIPORT_RESET_HANDLER ResetHandlerEx;
	MINIPORT_DEVICE_PNP_EVENT_NOTIFY_HANDLER DevicePnPEventNotifyHandler;
	MINIPORT_SHUTDOWN_HANDLER ShutdownHandlerEx;
	MINIPORT_CANCEL_OID_REQUEST_HANDLER CancelOidRequestHandler;
} NDIS_MINIPORT_DRIVER_CHARACTERISTICS, *PNDIS_MINIPORT_DRIVER_CHARACTERISTICS;

#define NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1	1
#define NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2	2
#define NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_3	3
#define NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1 \
	sizeof(NDIS_MINIPORT_DRIVER_CHARACTERISTICS)
#define NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2 \
	sizeof(NDIS_MINIPORT_DRIVER_CHARACTERISTICS)

/* --- attributes -------------------------------------------------------------- */

typedef enum _NDIS_INTERFACE_TYPE {
	NdisInterfaceInternal = 0,
	NdisInterfacePci = 5,
} NDIS_INTERFACE_TYPE, *PNDIS_INTERFACE_TYPE;

typedef enum _NDIS_MEDIUM {
	NdisMedium802_3 = 0,
} NDIS_MEDIUM, *PNDIS_MEDIUM;

typedef enum _NDIS_PHYSICAL_MEDIUM {
	NdisPhysicalMediumUnspecified = 0,
	NdisPhysicalMedium802_3 = 14,
} NDIS_PHYSICAL_MEDIUM, *PNDIS_PHYSICAL_MEDIUM;

typedef enum _NDIS_MEDIA_CONNECT_STATE {
	MediaConnectStateUnknown,
	MediaConnectStateConnected,
	MediaConnectStateDisconnected,
} NDIS_MEDIA_CONNECT_STATE, *PNDIS_MEDIA_CONNECT_STATE;

typedef enum _NDIS_MEDIA_DUPLEX_STATE {
	MediaDuplexStateUnknown,
	MediaDuplexStateHalf,
	MediaDuplexStateFull,
} NDIS_MEDIA_DUPLEX_STATE, *PNDIS_MEDIA_DUPLEX_STATE;

#define NDIS_MAX_PHYS_ADDRESS_LENGTH	32
#define NDIS_LINK_SPEED_UNKNOWN		(~(ULONG64)0)

#define NDIS_MINIPORT_ATTRIBUTES_HARDWARE_DEVICE	0x00000001
#define NDIS_MINIPORT_ATTRIBUTES_NDIS_WDM		0x00000002
#define NDIS_MINIPORT_ATTRIBUTES_SURPRISE_REMOVE_OK	0x00000004
#define NDIS_MINIPORT_ATTRIBUTES_NO_HALT_ON_SUSPEND	0x00000010
#define NDIS_MINIPORT_ATTRIBUTES_BUS_MASTER		0x00000080

#define NDIS_MAC_OPTION_COPY_LOOKAHEAD_DATA	0x00000001
#define NDIS_MAC_OPTION_TRANSFERS_NOT_PEND	0x00000004
#define NDIS_MAC_OPTION_NO_LOOPBACK		0x00000008
#define NDIS_MAC_OPTION_8021P_PRIORITY		0x00000040
#define NDIS_MAC_OPTION_8021Q_VLAN		0x00000200

#define NDIS_PACKET_TYPE_DIRECTED	0x00000001
#define NDIS_PACKET_TYPE_MULTICAST	0x00000002
#define NDIS_PACKET_TYPE_ALL_MULTICAST	0x00000004
#define NDIS_PACKET_TYPE_BROADCAST	0x00000008
#define NDIS_PACKET_TYPE_PROMISCUOUS	0x00000020

typedef struct _NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES {
	NDIS_OBJECT_HEADER Header;
	NDIS_HANDLE MiniportAdapterContext;
	ULONG AttributeFlags;
	ULONG CheckForHangTimeInSeconds;
	NDIS_INTERFACE_TYPE InterfaceType;
} NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
	*PNDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES;

#define NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1	1
#define NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1 \
	sizeof(NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES)

typedef struct _NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES {
	NDIS_OBJECT_HEADER Header;
	ULONG Flags;
	NDIS_MEDIUM MediaType;
	NDIS_PHYSICAL_MEDIUM PhysicalMediumType;
	ULONG MtuSize;
	ULONG64 MaxXmitLinkSpeed;
	ULONG64 XmitLinkSpeed;
	ULONG64 MaxRcvLinkSpeed;
	ULONG64 RcvLinkSpeed;
	NDIS_MEDIA_CONNECT_STATE MediaConnectState;
	NDIS_MEDIA_DUPLEX_STATE MediaDuplexState;
	ULONG LookaheadSize;
	ULONG MacOptions;
	ULONG SupportedPacketFilters;
	ULONG MaxMulticastListSize;
	USHORT MacAddressLength;
	UCHAR PermanentMacAddress[NDIS_MAX_PHYS_ADDRESS_LENGTH];
	UCHAR CurrentMacAddress[NDIS_MAX_PHYS_ADDRESS_LENGTH];
	ULONG SupportedStatistics;
	ULONG SupportedPauseFunctions;
	ULONG DataBackFillSize;
	ULONG ContextBackFillSize;
	ULONG *SupportedOidList;
	ULONG SupportedOidListLength;
} NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
	*PNDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES;

#define NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1	1
#define NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2	2
#define NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1 \
	sizeof(NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES)
#define NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2 \
	sizeof(NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES)

#define NDIS_OFFLOAD_NOT_SUPPORTED	0
#define NDIS_OFFLOAD_SUPPORTED		1
#define NDIS_OFFLOAD_SET_NO_CHANGE	0
#define NDIS_OFFLOAD_SET_ON		1
#define NDIS_OFFLOAD_SET_OFF		2

#define NDIS_ENCAPSULATION_NOT_SUPPORTED		0x00000000
#define NDIS_ENCAPSULATION_NULL				0x00000001
#define NDIS_ENCAPSULATION_IEEE_802_3			0x00000002
#define NDIS_ENCAPSULATION_IEEE_802_3_P_AND_Q		0x00000004
#define NDIS_ENCAPSULATION_IEEE_802_3_P_AND_Q_IN_OOB	0x00000008

typedef struct _NDIS_TCP_IP_CHECKSUM_OFFLOAD {
	struct {
		ULONG Encapsulation;
		ULONG IpOptionsSupported:2;
		ULONG TcpOptionsSupported:2;
		ULONG TcpChecksum:2;
		ULONG UdpChecksum:2;
		ULONG IpChecksum:2;
	} IPv4Transmit, IPv4Receive;
	struct {
		ULONG Encapsulation;
		ULONG IpExtensionHeadersSupported:2;
		ULONG TcpOptionsSupported:2;
		ULONG TcpChecksum:2;
		ULONG UdpChecksum:2;
	} IPv6Transmit, IPv6Receive;
} NDIS_TCP_IP_CHECKSUM_OFFLOAD, *PNDIS_TCP_IP_CHECKSUM_OFFLOAD;

typedef struct _NDIS_TCP_LARGE_SEND_OFFLOAD_V2 {
	struct {
		ULONG Encapsulation;
		ULONG MaxOffLoadSize;
		ULONG MinSegmentCount;
	} IPv4;
	struct {
		ULONG Encapsulation;
		ULONG MaxOffLoadSize;
		ULONG MinSegmentCount;
		ULONG IpExtensionHeadersSupported:2;
		ULONG TcpOptionsSupported:2;
	} IPv6;
} NDIS_TCP_LARGE_SEND_OFFLOAD_V2, *PNDIS_TCP_LARGE_SEND_OFFLOAD_V2;

typedef struct _NDIS_OFFLOAD {
	NDIS_OBJECT_HEADER Header;
	NDIS_TCP_IP_CHECKSUM_OFFLOAD Checksum;
	NDIS_TCP_LARGE_SEND_OFFLOAD_V2 LsoV2;
	ULONG Flags;
} NDIS_OFFLOAD, *PNDIS_OFFLOAD;

#define NDIS_OFFLOAD_REVISION_1		1
#define NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_1	sizeof(NDIS_OFFLOAD)

typedef struct _NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES {
	NDIS_OBJECT_HEADER Header;
	PNDIS_OFFLOAD DefaultOffloadConfiguration;
	PNDIS_OFFLOAD HardwareOffloadCapabilities;
} NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES,
	*PNDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES;

#define NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES_REVISION_1	1
#define NDIS_SIZEOF_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES_REVISION_1 \
	sizeof(NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES)

typedef union _NDIS_MINIPORT_ADAPTER_ATTRIBUTES {
	NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES RegistrationAttributes;
	NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES GeneralAttributes;
	NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES OffloadAttributes;
} NDIS_MINIPORT_ADAPTER_ATTRIBUTES, *PNDIS_MINIPORT_ADAPTER_ATTRIBUTES;

/* --- link state --------------------------------------------------------------- */

typedef struct _NDIS_LINK_STATE {
	NDIS_OBJECT_HEADER Header;
	NDIS_MEDIA_CONNECT_STATE MediaConnectState;
	NDIS_MEDIA_DUPLEX_STATE MediaDuplexState;
	ULONG64 XmitLinkSpeed;
	ULONG64 RcvLinkSpeed;
	ULONG PauseFunctions;
	ULONG AutoNegotiationFlags;
} NDIS_LINK_STATE, *PNDIS_LINK_STATE;

#define NDIS_LINK_STATE_REVISION_1		1
#define NDIS_SIZEOF_LINK_STATE_REVISION_1	sizeof(NDIS_LINK_STATE)

typedef struct _NDIS_STATUS_INDICATION {
	NDIS_OBJECT_HEADER Header;
	NDIS_HANDLE SourceHandle;
	NDIS_PORT_NUMBER PortNumber;
	NDIS_STATUS StatusCode;
	ULONG Flags;
	NDIS_HANDLE DestinationHandle;
	PVOID RequestId;
	PVOID StatusBuffer;
	ULONG StatusBufferSize;
} NDIS_STATUS_INDICATION, *PNDIS_STATUS_INDICATION;

#define NDIS_STATUS_INDICATION_REVISION_1	1
#define NDIS_SIZEOF_STATUS_INDICATION_REVISION_1 sizeof(NDIS_STATUS_INDICATION)

/* --- interrupts --------------------------------------------------------------- */

/* What NAPI calls the budget */
typedef struct _NDIS_RECEIVE_THROTTLE_PARAMETERS {
	ULONG MaxNblsToIndicate;
	ULONG MoreNblsPending:1;
} NDIS_RECEIVE_THROTTLE_PARAMETERS, *PNDIS_RECEIVE_THROTTLE_PARAMETERS;

#define NDIS_INDICATE_ALL_NBLS		(~0u)

typedef BOOLEAN (MINIPORT_ISR)(PVOID MiniportInterruptContext,
			       PBOOLEAN QueueDefaultInterruptDpc,
			       PULONG TargetProcessors);
typedef VOID (MINIPORT_INTERRUPT_DPC)(PVOID MiniportInterruptContext,
				      PVOID MiniportDpcContext,
				      PVOID ReceiveThrottleParameters,
				      PVOID NdisReserved2);
typedef VOID (MINIPORT_DISABLE_INTERRUPT)(PVOID MiniportInterruptContext);
typedef VOID (MINIPORT_ENABLE_INTERRUPT)(PVOID MiniportInterruptContext);
typedef BOOLEAN (MINIPORT_SYNCHRONIZE_INTERRUPT)(PVOID SynchronizeContext);

typedef MINIPORT_ISR (*MINIPORT_ISR_HANDLER);
typedef MINIPORT_INTERRUPT_DPC (*MINIPORT_INTERRUPT_DPC_HANDLER);
typedef MINIPORT_DISABLE_INTERRUPT (*MINIPORT_DISABLE_INTERRUPT_HANDLER);
typedef MINIPORT_ENABLE_INTERRUPT (*MINIPORT_ENABLE_INTERRUPT_HANDLER);
typedef MINIPORT_SYNCHRONIZE_INTERRUPT (*MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER);

typedef enum _NDIS_INTERRUPT_TYPE {
	NDIS_CONNECT_LINE_BASED = 1,
	NDIS_CONNECT_MESSAGE_BASED = 2,
} NDIS_INTERRUPT_TYPE, *PNDIS_INTERRUPT_TYPE;

typedef struct _NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS {
	NDIS_OBJECT_HEADER Header;
	MINIPORT_ISR_HANDLER InterruptHandler;
	MINIPORT_INTERRUPT_DPC_HANDLER InterruptDpcHandler;
	MINIPORT_DISABLE_INTERRUPT_HANDLER DisableInterruptHandler;
	MINIPORT_ENABLE_INTERRUPT_HANDLER EnableInterruptHandler;
	BOOLEAN MsiSupported;
	BOOLEAN MsiSyncWithAllMessages;
	NDIS_INTERRUPT_TYPE InterruptType;	/* out */
} NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS,
	*PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS;

#define NDIS_MINIPORT_INTERRUPT_REVISION_1	1
#define NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1 \
	sizeof(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS)

/* --- functions ---------------------------------------------------------------- */

NDIS_STATUS
__NdisMRegisterMiniportDriver(PDRIVER_OBJECT DriverObject,
			      PUNICODE_STRING RegistryPath,
			      NDIS_HANDLE MiniportDriverContext,
			      PNDIS_MINIPORT_DRIVER_CHARACTERISTICS
			      MiniportDriverCharacteristics,
			      PNDIS_HANDLE NdisMiniportDriverHandle,
			      struct module *owner);

/* The module that registers owns the handlers */
#define NdisMRegisterMiniportDriver(_Object, _Path, _Context, _Chars, _Handle) \
	__NdisMRegisterMiniportDriver(_Object, _Path, _Context, _Chars, \
				      _Handle, THIS_MODULE)

VOID NdisMDeregisterMiniportDriver(NDIS_HANDLE NdisMiniportDriverHandle);

NDIS_STATUS NdisMSetMiniportAttributes(NDIS_HANDLE NdisMiniportHandle,
				       PNDIS_MINIPORT_ADAPTER_ATTRIBUTES
				       MiniportAttributes);

VOID NdisMIndicateReceiveNetBufferLists(NDIS_HANDLE MiniportAdapterHandle,
					PNET_BUFFER_LIST NetBufferLists,
					NDIS_PORT_NUMBER PortNumber,
					ULONG NumberOfNetBufferLists,
					ULONG ReceiveFlags);
VOID NdisReturnNetBufferLists(NDIS_HANDLE NdisBindingHandle,
			      PNET_BUFFER_LIST NetBufferLists,
			      ULONG ReturnFlags);
VOID NdisMSendNetBufferListsComplete(NDIS_HANDLE MiniportAdapterHandle,
				     PNET_BUFFER_LIST NetBufferLists,
				     ULONG SendCompleteFlags);
VOID NdisMPauseComplete(NDIS_HANDLE MiniportAdapterHandle);
VOID NdisMRestartComplete(NDIS_HANDLE MiniportAdapterHandle,
			  NDIS_STATUS Status);
VOID NdisMResetComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status,
			BOOLEAN AddressingReset);
VOID NdisMIndicateStatusEx(NDIS_HANDLE MiniportAdapterHandle,
			   PNDIS_STATUS_INDICATION StatusIndication);

NDIS_STATUS NdisMRegisterInterruptEx(NDIS_HANDLE MiniportAdapterHandle,
				     NDIS_HANDLE MiniportInterruptContext,
				     PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS
				     MiniportInterruptCharacteristics,
				     PNDIS_HANDLE NdisInterruptHandle);
VOID NdisMDeregisterInterruptEx(NDIS_HANDLE NdisInterruptHandle);
BOOLEAN NdisMSynchronizeWithInterruptEx(NDIS_HANDLE NdisInterruptHandle,
					ULONG MessageId,
					MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER
					SynchronizeFunction,
					PVOID SynchronizeContext);

VOID NdisMAllocateSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length,
			       BOOLEAN Cached, PVOID *VirtualAddress,
			       PNDIS_PHYSICAL_ADDRESS PhysicalAddress);
VOID NdisMFreeSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length,
			   BOOLEAN Cached, PVOID VirtualAddress,
			   NDIS_PHYSICAL_ADDRESS PhysicalAddress);

/* Kernel-spelled, for the DMA functions: the device behind an adapter's handle */
struct device *ndis_handle_dev(NDIS_HANDLE MiniportAdapterHandle);

#endif /* _NDIS_MINIPORT_H */
