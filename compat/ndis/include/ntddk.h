/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What a source that includes ntddk.h needs of it is in wdm.h */
#ifndef _NDIS_NTDDK_H
#define _NDIS_NTDDK_H

#include <wdm.h>

#endif /* _NDIS_NTDDK_H */
