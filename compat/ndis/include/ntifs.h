/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What a source that includes ntifs.h needs of it is in wdm.h */
#ifndef _NDIS_NTIFS_H
#define _NDIS_NTIFS_H

#include <wdm.h>

#endif /* _NDIS_NTIFS_H */
