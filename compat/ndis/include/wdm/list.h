/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Lists: doubly linked LIST_ENTRYs, which the caller serialises, and SLISTs,
 * which serialise themselves and may be used at any level.
 */
#ifndef _WDM_LIST_H
#define _WDM_LIST_H

#include <wdm/spinlock.h>

static inline VOID InitializeListHead(PLIST_ENTRY ListHead)
{
	ListHead->Flink = ListHead;
	ListHead->Blink = ListHead;
}

static inline BOOLEAN IsListEmpty(const LIST_ENTRY *ListHead)
{
	return ListHead->Flink == ListHead;
}

static inline VOID ndis_list_insert(PLIST_ENTRY Entry, PLIST_ENTRY before,
				    PLIST_ENTRY after)
{
	Entry->Blink = before;
	Entry->Flink = after;
	before->Flink = Entry;
	after->Blink = Entry;
}

static inline VOID InsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
	ndis_list_insert(Entry, ListHead, ListHead->Flink);
}

static inline VOID InsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
	ndis_list_insert(Entry, ListHead->Blink, ListHead);
}

/* Return: TRUE if the list is empty now */
static inline BOOLEAN RemoveEntryList(PLIST_ENTRY Entry)
{
	PLIST_ENTRY before = Entry->Blink, after = Entry->Flink;

	before->Flink = after;
	after->Blink = before;
	return before == after;
}

/* Return: the entry; the head itself if there is none */
static inline PLIST_ENTRY RemoveHeadList(PLIST_ENTRY ListHead)
{
	PLIST_ENTRY entry = ListHead->Flink;

	RemoveEntryList(entry);
	return entry;
}

static inline PLIST_ENTRY RemoveTailList(PLIST_ENTRY ListHead)
{
	PLIST_ENTRY entry = ListHead->Blink;

	RemoveEntryList(entry);
	return entry;
}

/* @ListToAppend has no head of its own: its first entry stands for all */
static inline VOID AppendTailList(PLIST_ENTRY ListHead,
				  PLIST_ENTRY ListToAppend)
{
	PLIST_ENTRY last = ListHead->Blink, end = ListToAppend->Blink;

	last->Flink = ListToAppend;
	ListToAppend->Blink = last;
	end->Flink = ListHead;
	ListHead->Blink = end;
}

static inline VOID PushEntryList(PSINGLE_LIST_ENTRY ListHead,
				 PSINGLE_LIST_ENTRY Entry)
{
	Entry->Next = ListHead->Next;
	ListHead->Next = Entry;
}

static inline PSINGLE_LIST_ENTRY PopEntryList(PSINGLE_LIST_ENTRY ListHead)
{
	PSINGLE_LIST_ENTRY entry = ListHead->Next;

	if (entry)
		ListHead->Next = entry->Next;
	return entry;
}

/* --- with the lock that the caller names -------------------------------------- */

PLIST_ENTRY ExInterlockedInsertHeadList(PLIST_ENTRY ListHead,
					PLIST_ENTRY ListEntry,
					PKSPIN_LOCK Lock);
PLIST_ENTRY ExInterlockedInsertTailList(PLIST_ENTRY ListHead,
					PLIST_ENTRY ListEntry,
					PKSPIN_LOCK Lock);
PLIST_ENTRY ExInterlockedRemoveHeadList(PLIST_ENTRY ListHead,
					PKSPIN_LOCK Lock);

#define NdisInterlockedInsertHeadList(Head, Entry, Lock) \
	ExInterlockedInsertHeadList(Head, Entry, &(Lock)->SpinLock)
#define NdisInterlockedInsertTailList(Head, Entry, Lock) \
	ExInterlockedInsertTailList(Head, Entry, &(Lock)->SpinLock)
#define NdisInterlockedRemoveHeadList(Head, Lock) \
	ExInterlockedRemoveHeadList(Head, &(Lock)->SpinLock)

/* --- SLISTs --------------------------------------------------------------------- */

typedef struct ndis_slist_entry SLIST_ENTRY, *PSLIST_ENTRY;
typedef struct ndis_slist_header SLIST_HEADER, *PSLIST_HEADER;

VOID InitializeSListHead(PSLIST_HEADER SListHead);
PSLIST_ENTRY InterlockedPushEntrySList(PSLIST_HEADER ListHead,
				       PSLIST_ENTRY ListEntry);
PSLIST_ENTRY InterlockedPopEntrySList(PSLIST_HEADER ListHead);
PSLIST_ENTRY InterlockedFlushSList(PSLIST_HEADER ListHead);
USHORT QueryDepthSList(PSLIST_HEADER SListHead);

#define ExInitializeSListHead(Head)		InitializeSListHead(Head)
#define ExQueryDepthSList(Head)			QueryDepthSList(Head)
#define ExInterlockedFlushSList(Head)		InterlockedFlushSList(Head)
#define RtlFirstEntrySList(Head)		((Head)->Next)

/* The lock is from a time when SLISTs needed one */
#define ExInterlockedPushEntrySList(Head, Entry, Lock) \
	InterlockedPushEntrySList(Head, Entry)
#define ExInterlockedPopEntrySList(Head, Lock) \
	InterlockedPopEntrySList(Head)
#define NdisInitializeSListHead(Head)		InitializeSListHead(Head)
#define NdisInterlockedPushEntrySList(Head, Entry, Lock) \
	InterlockedPushEntrySList(Head, Entry)
#define NdisInterlockedPopEntrySList(Head, Lock) \
	InterlockedPopEntrySList(Head)
#define NdisQueryDepthSList(Head)		QueryDepthSList(Head)

#endif /* _WDM_LIST_H */
