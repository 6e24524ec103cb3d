/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * NDIS 6 in Windows spelling, for people who port a miniport. The objects are
 * those of ndis/pool.h; the kernel-doc of each function says what its twin is
 * called there. A subject a header, under the names that newer WDKs give them:
 *
 *   ndis/nbl.h          structures, flags      ndis/nblapi.h   pools, data start,
 *   ndis/nblaccessors.h accessors                              context, clones
 *   ndis/nbl{info,checksum,lso,uso,rsc,8021q,hash}.h  out-of-band slots
 *   ndis/nbl{chain,queue}.h  chains of lists   ndis/nbl{receive,send}.h  flags
 *   ndis/{memory,lock,timer,sg}.h              what a miniport allocates
 *   ndis/miniport.h     the seam: an adapter, its handlers, NdisM functions
 */
#ifndef _NDIS_H
#define _NDIS_H

/* The newest version whose part of the API is here */
#define NDIS_SUPPORT_NDIS6	1
#define NDIS_SUPPORT_NDIS61	1
#define NDIS_SUPPORT_NDIS620	1
#define NDIS_SUPPORT_NDIS630	1
#define NDIS_SUPPORT_NDIS640	1
#define NDIS_SUPPORT_NDIS650	1
#define NDIS_SUPPORT_NDIS680	1
#define NDIS_SUPPORT_NDIS683	1

#include <ndis/pool.h>
#include <wdm.h>
#include <ndis/objectheader.h>
#include <ndis/status.h>
#include <ndis/nbl.h>
#include <ndis/nblinfo.h>
#include <ndis/nblaccessors.h>
#include <ndis/nblapi.h>
#include <ndis/nblchecksum.h>
#include <ndis/nbllso.h>
#include <ndis/nbluso.h>
#include <ndis/nblrsc.h>
#include <ndis/nbl8021q.h>
#include <ndis/nblhash.h>
#include <ndis/nblchain.h>
#include <ndis/nblqueue.h>
#include <ndis/nblreceive.h>
#include <ndis/nblsend.h>
#include <ndis/memory.h>
#include <ndis/lock.h>
#include <ndis/timer.h>
#include <ndis/sg.h>
#include <ndis/miniport.h>

#endif /* _NDIS_H */
