/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The header that NDIS's parameter structures begin with */
#ifndef _NDIS_OBJECTHEADER_H
#define _NDIS_OBJECTHEADER_H

#include <ndis/types.h>
#include <ntdef.h>

typedef void *NDIS_HANDLE, **PNDIS_HANDLE;
typedef ULONG NDIS_PORT_NUMBER, *PNDIS_PORT_NUMBER;
typedef PHYSICAL_ADDRESS NDIS_PHYSICAL_ADDRESS, *PNDIS_PHYSICAL_ADDRESS;
typedef UNICODE_STRING NDIS_STRING, *PNDIS_STRING;

#define NDIS_DEFAULT_PORT_NUMBER	0

typedef struct _NDIS_OBJECT_HEADER {
	UCHAR Type;
	UCHAR Revision;
	USHORT Size;
} NDIS_OBJECT_HEADER, *PNDIS_OBJECT_HEADER;

#define NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION	0x83
#define NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS	0x97

/* The size of a structure as it was when @field was its last member */
#define RTL_SIZEOF_UP_TO(type, field)	offsetofend(type, field)

static_assert(sizeof(NDIS_OBJECT_HEADER) == 4);

#endif /* _NDIS_OBJECTHEADER_H */
