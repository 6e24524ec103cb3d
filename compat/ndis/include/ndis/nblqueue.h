/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Queues of lists: a chain with a pointer to its end, so that appending does
 * not walk. The chain in a queue is always ended by NULL. The caller serialises.
 *
 *   First --> NBL --> NBL --> NULL
 *                      Last --^   the place where the next one goes
 */
#ifndef _NDIS_NBLQUEUE_H
#define _NDIS_NBLQUEUE_H

#include <ndis/nblchain.h>

typedef struct _NBL_QUEUE {
	NET_BUFFER_LIST *First;
	NET_BUFFER_LIST **Last;
} NBL_QUEUE, *PNBL_QUEUE;

typedef struct _NBL_COUNTED_QUEUE {
	NBL_QUEUE Queue;
	SIZE_T NblCount;
} NBL_COUNTED_QUEUE, *PNBL_COUNTED_QUEUE;

static inline VOID NdisInitializeNblQueue(NBL_QUEUE *Queue)
{
	Queue->First = NULL;
	Queue->Last = &Queue->First;
}

static inline BOOLEAN NdisIsNblQueueEmpty(const NBL_QUEUE *Queue)
{
	return !Queue->First;
}

static inline PNET_BUFFER_LIST NdisGetNblChainFromNblQueue(const NBL_QUEUE *Queue)
{
	return Queue->First;
}

/* Fast: the caller knows the last list of the chain */
static inline VOID NdisAppendNblChainToNblQueueFast(NBL_QUEUE *Queue,
						    NET_BUFFER_LIST *First,
						    NET_BUFFER_LIST *Last)
{
	Last->Next = NULL;
	*Queue->Last = First;
	Queue->Last = &Last->Next;
}

static inline VOID NdisAppendNblChainToNblQueue(NBL_QUEUE *Queue,
						NET_BUFFER_LIST *NblChain)
{
	NdisAppendNblChainToNblQueueFast(Queue, NblChain,
					 NdisLastNblInNblChain(NblChain));
}

static inline VOID NdisAppendSingleNblToNblQueue(NBL_QUEUE *Queue,
						 NET_BUFFER_LIST *Nbl)
{
	NdisAppendNblChainToNblQueueFast(Queue, Nbl, Nbl);
}

static inline VOID NdisPrependNblChainToNblQueueFast(NBL_QUEUE *Queue,
						     NET_BUFFER_LIST *First,
						     NET_BUFFER_LIST *Last)
{
	if (!Queue->First)
		Queue->Last = &Last->Next;
	Last->Next = Queue->First;
	Queue->First = First;
}

static inline VOID NdisPrependNblChainToNblQueue(NBL_QUEUE *Queue,
						 NET_BUFFER_LIST *NblChain)
{
	NdisPrependNblChainToNblQueueFast(Queue, NblChain,
					  NdisLastNblInNblChain(NblChain));
}

/* The source is empty afterwards, of both of these */
static inline VOID NdisAppendNblQueueToNblQueueFast(NBL_QUEUE *Destination,
						    NBL_QUEUE *Source)
{
	if (!Source->First)
		return;
	*Destination->Last = Source->First;
	Destination->Last = Source->Last;
	NdisInitializeNblQueue(Source);
}

static inline VOID NdisPrependNblQueueToNblQueueFast(NBL_QUEUE *Destination,
						     NBL_QUEUE *Source)
{
	NdisAppendNblQueueToNblQueueFast(Source, Destination);
	NdisAppendNblQueueToNblQueueFast(Destination, Source);
}

static inline PNET_BUFFER_LIST NdisPopAllFromNblQueue(NBL_QUEUE *Queue)
{
	NET_BUFFER_LIST *first = Queue->First;

	NdisInitializeNblQueue(Queue);
	return first;
}

/* Return: the first list, linked to nothing; NULL if there is none */
static inline PNET_BUFFER_LIST NdisPopFirstNblFromNblQueue(NBL_QUEUE *Queue)
{
	NET_BUFFER_LIST *nbl = Queue->First;

	if (!nbl)
		return NULL;
	Queue->First = nbl->Next;
	if (!Queue->First)
		Queue->Last = &Queue->First;
	nbl->Next = NULL;
	return nbl;
}

/* --- counted ---------------------------------------------------------------------- */

static inline VOID NdisInitializeNblCountedQueue(NBL_COUNTED_QUEUE *Queue)
{
	NdisInitializeNblQueue(&Queue->Queue);
	Queue->NblCount = 0;
}

static inline BOOLEAN NdisIsNblCountedQueueEmpty(const NBL_COUNTED_QUEUE *Queue)
{
	return !Queue->Queue.First;
}

static inline PNET_BUFFER_LIST
NdisGetNblChainFromNblCountedQueue(const NBL_COUNTED_QUEUE *Queue)
{
	return Queue->Queue.First;
}

static inline VOID
NdisAppendNblChainToNblCountedQueueFast(NBL_COUNTED_QUEUE *Queue,
					NET_BUFFER_LIST *First,
					NET_BUFFER_LIST *Last, SIZE_T Count)
{
	NdisAppendNblChainToNblQueueFast(&Queue->Queue, First, Last);
	Queue->NblCount += Count;
}

static inline VOID NdisAppendNblChainToNblCountedQueue(NBL_COUNTED_QUEUE *Queue,
						       NET_BUFFER_LIST *NblChain)
{
	SIZE_T n;
	NET_BUFFER_LIST *last = NdisLastNblInNblChainWithCount(NblChain, &n);

	NdisAppendNblChainToNblCountedQueueFast(Queue, NblChain, last, n);
}

static inline VOID NdisAppendSingleNblToNblCountedQueue(NBL_COUNTED_QUEUE *Queue,
							NET_BUFFER_LIST *Nbl)
{
	NdisAppendNblChainToNblCountedQueueFast(Queue, Nbl, Nbl, 1);
}

static inline VOID
NdisPrependNblChainToNblCountedQueueFast(NBL_COUNTED_QUEUE *Queue,
					 NET_BUFFER_LIST *First,
					 NET_BUFFER_LIST *Last, SIZE_T Count)
{
	NdisPrependNblChainToNblQueueFast(&Queue->Queue, First, Last);
	Queue->NblCount += Count;
}

static inline VOID
NdisAppendNblCountedQueueToNblCountedQueueFast(NBL_COUNTED_QUEUE *Destination,
					       NBL_COUNTED_QUEUE *Source)
{
	NdisAppendNblQueueToNblQueueFast(&Destination->Queue, &Source->Queue);
	Destination->NblCount += Source->NblCount;
	Source->NblCount = 0;
}

static inline PNET_BUFFER_LIST
NdisPopAllFromNblCountedQueue(NBL_COUNTED_QUEUE *Queue)
{
	Queue->NblCount = 0;
	return NdisPopAllFromNblQueue(&Queue->Queue);
}

static inline PNET_BUFFER_LIST
NdisPopFirstNblFromNblCountedQueue(NBL_COUNTED_QUEUE *Queue)
{
	NET_BUFFER_LIST *nbl = NdisPopFirstNblFromNblQueue(&Queue->Queue);

	if (nbl)
		Queue->NblCount--;
	return nbl;
}

#endif /* _NDIS_NBLQUEUE_H */
