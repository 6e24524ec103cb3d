/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Chains: lists linked by Next, NET_BUFFERs linked by Next; NULL is no chain */
#ifndef _NDIS_NBLCHAIN_H
#define _NDIS_NBLCHAIN_H

#include <ndis/nblaccessors.h>

#ifndef NDIS_ASSERT
#define NDIS_ASSERT(e)	NT_ASSERT(e)
#endif

/* Return: lists in the chain */
static inline SIZE_T NdisNumNblsInNblChain(const NET_BUFFER_LIST *Nbl)
{
	SIZE_T n = 0;

	for (; Nbl; Nbl = Nbl->Next)
		n++;
	return n;
}

/* Return: NET_BUFFERs in the chain */
static inline SIZE_T NdisNumNbsInNbChain(const NET_BUFFER *Nb)
{
	SIZE_T n = 0;

	for (; Nb; Nb = Nb->Next)
		n++;
	return n;
}

/* Return: NET_BUFFERs in all lists of the chain */
static inline SIZE_T NdisNumNbsInNblChain(const NET_BUFFER_LIST *Nbl)
{
	SIZE_T n = 0;

	for (; Nbl; Nbl = Nbl->Next)
		n += NdisNumNbsInNbChain(Nbl->FirstNetBuffer);
	return n;
}

/* Return: bytes of used data */
static inline ULONG64 NdisNumDataBytesInNbChain(const NET_BUFFER *Nb)
{
	ULONG64 bytes = 0;

	for (; Nb; Nb = Nb->Next)
		bytes += Nb->DataLength;
	return bytes;
}

static inline ULONG64 NdisNumDataBytesInNblChain(const NET_BUFFER_LIST *Nbl)
{
	ULONG64 bytes = 0;

	for (; Nbl; Nbl = Nbl->Next)
		bytes += NdisNumDataBytesInNbChain(Nbl->FirstNetBuffer);
	return bytes;
}

/* Return: the last list of a chain, which is not NULL; *Count lists in it */
static inline PNET_BUFFER_LIST
NdisLastNblInNblChainWithCount(const NET_BUFFER_LIST *Nbl, SIZE_T *Count)
{
	SIZE_T n = 1;

	for (; Nbl->Next; Nbl = Nbl->Next)
		n++;
	*Count = n;
	return (PNET_BUFFER_LIST)Nbl;
}

static inline PNET_BUFFER_LIST NdisLastNblInNblChain(const NET_BUFFER_LIST *Nbl)
{
	SIZE_T n;

	return NdisLastNblInNblChainWithCount(Nbl, &n);
}

static inline PNET_BUFFER NdisLastNbInNbChainWithCount(const NET_BUFFER *Nb,
						       SIZE_T *Count)
{
	SIZE_T n = 1;

	for (; Nb->Next; Nb = Nb->Next)
		n++;
	*Count = n;
	return (PNET_BUFFER)Nb;
}

static inline PNET_BUFFER NdisLastNbInNbChain(const NET_BUFFER *Nb)
{
	SIZE_T n;

	return NdisLastNbInNbChainWithCount(Nb, &n);
}

static inline VOID NdisSetStatusInNblChain(PNET_BUFFER_LIST Nbl,
					   NDIS_STATUS NdisStatus)
{
	for (; Nbl; Nbl = Nbl->Next)
		Nbl->Status = NdisStatus;
}

#endif /* _NDIS_NBLCHAIN_H */
