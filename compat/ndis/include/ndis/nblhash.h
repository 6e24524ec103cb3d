/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Slots 8 and 9: the receive-side scaling hash, and what it was made of */
#ifndef _NDIS_NBLHASH_H
#define _NDIS_NBLHASH_H

#include <ndis/nblinfo.h>
#include <ntdef.h>

#define NDIS_HASH_FUNCTION_MASK		0x000000ff
#define NDIS_HASH_TYPE_MASK		0x00ffff00

#define NdisHashFunctionToeplitz	0x00000001
#define NdisHashFunctionReserved1	0x00000002
#define NdisHashFunctionReserved2	0x00000004
#define NdisHashFunctionReserved3	0x00000008

#define NDIS_HASH_IPV4			0x00000100
#define NDIS_HASH_TCP_IPV4		0x00000200
#define NDIS_HASH_IPV6			0x00000400
#define NDIS_HASH_IPV6_EX		0x00000800
#define NDIS_HASH_TCP_IPV6		0x00001000
#define NDIS_HASH_TCP_IPV6_EX		0x00002000
#define NDIS_HASH_UDP_IPV4		0x00004000
#define NDIS_HASH_UDP_IPV6		0x00008000
#define NDIS_HASH_UDP_IPV6_EX		0x00010000

#define NDIS_RSS_HASH_INFO_FROM_TYPE_AND_FUNC(_HashType, _HashFunction) \
	((_HashType) | (_HashFunction))
#define NDIS_RSS_HASH_TYPE_FROM_HASH_INFO(_HashInfo) \
	((_HashInfo) & NDIS_HASH_TYPE_MASK)
#define NDIS_RSS_HASH_FUNC_FROM_HASH_INFO(_HashInfo) \
	((_HashInfo) & NDIS_HASH_FUNCTION_MASK)

#define NET_BUFFER_LIST_GET_HASH_VALUE(_NBL) \
	PtrToUlong(NET_BUFFER_LIST_INFO(_NBL, NetBufferListHashValue))
#define NET_BUFFER_LIST_SET_HASH_VALUE(_NBL, _HashValue)		\
	((void)(NET_BUFFER_LIST_INFO(_NBL, NetBufferListHashValue) =	\
		UlongToPtr(_HashValue)))

#define NDIS_HASH_INFO_BITS(_NBL) \
	PtrToUlong(NET_BUFFER_LIST_INFO(_NBL, NetBufferListHashInfo))
#define NDIS_HASH_INFO_REPLACE(_NBL, _Mask, _Bits)			\
	((void)(NET_BUFFER_LIST_INFO(_NBL, NetBufferListHashInfo) =	\
		UlongToPtr((NDIS_HASH_INFO_BITS(_NBL) & ~(_Mask)) |	\
			   ((_Bits) & (_Mask)))))

#define NET_BUFFER_LIST_GET_HASH_TYPE(_NBL) \
	(NDIS_HASH_INFO_BITS(_NBL) & NDIS_HASH_TYPE_MASK)
#define NET_BUFFER_LIST_SET_HASH_TYPE(_NBL, _HashType) \
	NDIS_HASH_INFO_REPLACE(_NBL, NDIS_HASH_TYPE_MASK, _HashType)
#define NET_BUFFER_LIST_GET_HASH_FUNCTION(_NBL) \
	(NDIS_HASH_INFO_BITS(_NBL) & NDIS_HASH_FUNCTION_MASK)
#define NET_BUFFER_LIST_SET_HASH_FUNCTION(_NBL, _HashFunction) \
	NDIS_HASH_INFO_REPLACE(_NBL, NDIS_HASH_FUNCTION_MASK, _HashFunction)

#endif /* _NDIS_NBLHASH_H */
