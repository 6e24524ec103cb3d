/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Memory descriptor lists. All memory is the kernel's and mapped, so an MDL is
 * an address and a length; there is no array of page frames behind it. What a
 * WDK macro yields as an lvalue is one here.
 */
#ifndef _WDM_MDL_H
#define _WDM_MDL_H

#include <ndis/types.h>
#include <ntstatus.h>

typedef struct ndis_mdl MDL, *PMDL, *PMDLX;
#define _MDL	ndis_mdl

#define MDL_PAGES_LOCKED		0x0002
#define MDL_PARTIAL_HAS_BEEN_MAPPED	0x0020
#define MDL_IO_PAGE_READ		0x0040
#define MDL_WRITE_OPERATION		0x0080
#define MDL_PARENT_MAPPED_SYSTEM_VA	0x0100
#define MDL_NETWORK_HEADER		0x1000

/* Flags beside it, MdlMappingNoExecute among them, are tolerated */
typedef enum _MM_PAGE_PRIORITY {
	LowPagePriority,
	NormalPagePriority = 16,
	HighPagePriority = 32,
} MM_PAGE_PRIORITY;

#define MdlMappingNoWrite	0x80000000
#define MdlMappingNoExecute	0x40000000
#define MdlMappingWithGuardPtes	0x20000000

#define BYTE_OFFSET(Va)		((ULONG)((ULONG_PTR)(Va) & (PAGE_SIZE - 1)))
#define BYTES_TO_PAGES(Size) \
	((SIZE_T)(Size) / PAGE_SIZE + !!((SIZE_T)(Size) % PAGE_SIZE))
#define ROUND_TO_PAGES(Size)	ALIGN_UP_BY(Size, PAGE_SIZE)
#define ADDRESS_AND_SIZE_TO_SPAN_PAGES(Va, Size) \
	((ULONG)BYTES_TO_PAGES((SIZE_T)BYTE_OFFSET(Va) + (SIZE_T)(Size)))

/* On Windows a page frame number per page follows; size and Size count them */
#define MmSizeOfMdl(Base, Length) \
	(sizeof(MDL) + sizeof(PFN_NUMBER) * \
	 ADDRESS_AND_SIZE_TO_SPAN_PAGES(Base, Length))

#define MmGetMdlByteCount(Mdl)		((Mdl)->ByteCount)
#define MmGetMdlByteOffset(Mdl)		((Mdl)->ByteOffset)
#define MmGetMdlVirtualAddress(Mdl) \
	((PVOID)((PUCHAR)(Mdl)->StartVa + (Mdl)->ByteOffset))
#define MmGetMdlBaseVa(Mdl)		((Mdl)->StartVa)
#define MmPrepareMdlForReuse(Mdl)	((void)(Mdl))

/**
 * MmInitializeMdl() - describe a buffer in memory that the caller brings
 * @Mdl: MmSizeOfMdl() bytes, or sizeof(MDL) if no partial MDL is built in it
 * @BaseVa: the buffer
 * @Length: its bytes
 *
 * The system address is known after MmBuildMdlForNonPagedPool().
 */
static inline VOID MmInitializeMdl(PMDL Mdl, PVOID BaseVa, SIZE_T Length)
{
	SIZE_T size = MmSizeOfMdl(BaseVa, Length);

	Mdl->Next = NULL;
	Mdl->Size = size < S16_MAX ? size : S16_MAX;
	Mdl->MdlFlags = 0;
	Mdl->Process = NULL;
	Mdl->MappedSystemVa = NULL;
	Mdl->StartVa = (PVOID)((ULONG_PTR)BaseVa & PAGE_MASK);
	Mdl->ByteOffset = BYTE_OFFSET(BaseVa);
	Mdl->ByteCount = Length;
}

/**
 * MmBuildMdlForNonPagedPool() - fill in the address of a kernel buffer
 * @Mdl: initialised
 */
static inline VOID MmBuildMdlForNonPagedPool(PMDL Mdl)
{
	Mdl->MappedSystemVa = MmGetMdlVirtualAddress(Mdl);
	Mdl->MdlFlags |= MDL_SOURCE_IS_NONPAGED_POOL;
}

/**
 * MmGetSystemAddressForMdlSafe() - the address to read and write at
 * @Mdl: MDL
 * @Priority: ignored; nothing has to be mapped
 *
 * Return: the address, NULL for an MDL that describes nothing.
 */
static inline PVOID MmGetSystemAddressForMdlSafe(PMDL Mdl, ULONG Priority)
{
	if (!(Mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA |
			       MDL_SOURCE_IS_NONPAGED_POOL)) && Mdl->StartVa) {
		Mdl->MappedSystemVa = MmGetMdlVirtualAddress(Mdl);
		Mdl->MdlFlags |= MDL_MAPPED_TO_SYSTEM_VA;
	}
	return Mdl->MappedSystemVa;
}

#define MmGetSystemAddressForMdl(Mdl) \
	MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority)

/* Kernel memory is never paged out */
#define MmProbeAndLockPages(Mdl, AccessMode, Operation)	\
	((void)((Mdl)->MdlFlags |= MDL_PAGES_LOCKED))
#define MmUnlockPages(Mdl)	((void)((Mdl)->MdlFlags &= ~MDL_PAGES_LOCKED))

struct _IRP;

PMDL IoAllocateMdl(PVOID VirtualAddress, ULONG Length, BOOLEAN SecondaryBuffer,
		   BOOLEAN ChargeQuota, struct _IRP *Irp);
VOID IoFreeMdl(PMDL Mdl);
VOID IoBuildPartialMdl(PMDL SourceMdl, PMDL TargetMdl, PVOID VirtualAddress,
		       ULONG Length);

PHYSICAL_ADDRESS MmGetPhysicalAddress(PVOID BaseAddress);

static_assert(sizeof(MDL) == 48);
static_assert(offsetof(MDL, Next) == 0 && offsetof(MDL, Size) == 8);
static_assert(offsetof(MDL, MdlFlags) == 10 && offsetof(MDL, Process) == 16);
static_assert(offsetof(MDL, MappedSystemVa) == 24);
static_assert(offsetof(MDL, StartVa) == 32 && offsetof(MDL, ByteCount) == 40);
static_assert(offsetof(MDL, ByteOffset) == 44);

#endif /* _WDM_MDL_H */
