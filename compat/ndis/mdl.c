// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory descriptors. All memory is kernel memory and mapped, so a descriptor
 * is an address and a length and costs one small allocation.
 *
 * A descriptor that was allocated here carries its own address, disguised, in
 * the field Process, which drivers leave alone. What does not is somebody
 * else's: a pool's, an array element, a copy, one that was freed before.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/io.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <ndis.h>

#include "family.h"

#define NDIS_MDL_CALLERS	0x6d646c31	/* freed by NdisFreeMdl() */
#define NDIS_MDL_DERIVED	0x6d646c32	/* freed with a derived list */

static void *ndis_mdl_mark(const struct ndis_mdl *mdl, u32 kind)
{
	return (void *)((uintptr_t)mdl ^ kind);
}

/* @va may be NULL, with @len 0 */
void ndis_mdl_init(struct ndis_mdl *mdl, void *va, u32 len)
{
	mdl->Next = NULL;
	mdl->Size = sizeof(*mdl);
	mdl->MdlFlags = 0;
	mdl->Process = NULL;
	ndis_mdl_set(mdl, va, len);
	/* Not before MmBuildMdlForNonPagedPool() */
	mdl->MappedSystemVa = NULL;
}

static struct ndis_mdl *ndis_mdl_alloc(void *va, u32 len, u32 kind)
{
	struct ndis_mdl *mdl;

	if (ndis_fail(NDIS_SITE_MDL))
		return NULL;
	mdl = kmalloc(sizeof(*mdl), ndis_gfp());
	if (!mdl)
		return NULL;

	ndis_mdl_init(mdl, va, len);
	mdl->MdlFlags = MDL_ALLOCATED_FIXED_SIZE;
	mdl->Process = ndis_mdl_mark(mdl, kind);
	ndis_count_alloc(NDIS_COUNT_MDLS);
	return mdl;
}

static void ndis_mdl_free(struct ndis_mdl *mdl)
{
	mdl->Process = NULL;
	kfree(mdl);
	ndis_count_free(NDIS_COUNT_MDLS);
}

/* Describe @len bytes from @offset of @source's. Return: NULL without memory */
struct ndis_mdl *ndis_mdl_part(const struct ndis_mdl *source, u32 offset,
			       u32 len)
{
	struct ndis_mdl *mdl;

	mdl = ndis_mdl_alloc(ndis_mdl_start(source) + offset, len,
			     NDIS_MDL_DERIVED);
	if (!mdl)
		return NULL;

	mdl->MdlFlags |= MDL_PARTIAL;
	if (ndis_mdl_va(source)) {
		mdl->MappedSystemVa = ndis_mdl_va(source) + offset;
		mdl->MdlFlags |= MDL_MAPPED_TO_SYSTEM_VA;
	}
	return mdl;
}

/* Return: false, and nothing done, for what ndis_mdl_part() has not made */
bool ndis_mdl_put_part(struct ndis_mdl *mdl)
{
	if (mdl->Process != ndis_mdl_mark(mdl, NDIS_MDL_DERIVED))
		return false;

	ndis_mdl_free(mdl);
	return true;
}

/*
 * The MDL of a chain that holds byte @offset, which is byte *@left of it. At the
 * very end that is the last MDL, never NULL. Return: NULL outside the chain.
 */
struct ndis_mdl *ndis_mdl_seek(struct ndis_mdl *mdl, u32 offset, u32 *left)
{
	if (!mdl)
		return NULL;

	while (offset >= mdl->ByteCount && mdl->Next) {
		offset -= mdl->ByteCount;
		mdl = mdl->Next;
	}
	*left = offset;
	return offset <= mdl->ByteCount ? mdl : NULL;
}

/**
 * IoAllocateMdl() - allocate a descriptor of a buffer
 * @VirtualAddress: the buffer; NULL for the target of IoBuildPartialMdl()
 * @Length: its bytes
 * @SecondaryBuffer: with @Irp only
 * @ChargeQuota: ignored
 * @Irp: NULL; there are no IRPs here
 *
 * The system address is known after MmBuildMdlForNonPagedPool().
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: the descriptor, freed by IoFreeMdl(), or NULL.
 */
PMDL IoAllocateMdl(PVOID VirtualAddress, ULONG Length, BOOLEAN SecondaryBuffer,
		   BOOLEAN ChargeQuota, struct _IRP *Irp)
{
	if (Irp) {
		ndis_refuse("an MDL for an IRP");
		return NULL;
	}
	if ((uintptr_t)VirtualAddress + Length < (uintptr_t)VirtualAddress) {
		ndis_refuse("an MDL over the end of memory");
		return NULL;
	}
	return ndis_mdl_alloc(VirtualAddress, Length, NDIS_MDL_CALLERS);
}
EXPORT_SYMBOL_GPL(IoAllocateMdl);

/**
 * IoFreeMdl() - free what IoAllocateMdl() or NdisAllocateMdl() has allocated
 * @Mdl: descriptor; its buffer stays
 *
 * A pool's MDL, a retreat's or a clone's is refused.
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID IoFreeMdl(PMDL Mdl)
{
	if (!Mdl || Mdl->Process != ndis_mdl_mark(Mdl, NDIS_MDL_CALLERS)) {
		ndis_refuse("frees MDL %p, which was not allocated as one or is free",
			    Mdl);
		return;
	}
	ndis_mdl_free(Mdl);
}
EXPORT_SYMBOL_GPL(IoFreeMdl);

/**
 * NdisAllocateMdl() - allocate a descriptor of non-paged memory
 * @NdisHandle: adapter handle; may be NULL
 * @VirtualAddress: the buffer
 * @Length: its bytes
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 * Return: the descriptor with its system address, freed by NdisFreeMdl(), or
 * NULL.
 */
PMDL NdisAllocateMdl(NDIS_HANDLE NdisHandle, PVOID VirtualAddress, UINT Length)
{
	struct ndis_mdl *mdl;

	if (!VirtualAddress ||
	    (uintptr_t)VirtualAddress + Length < (uintptr_t)VirtualAddress) {
		ndis_refuse("an MDL of %u bytes at %p", Length, VirtualAddress);
		return NULL;
	}

	mdl = ndis_mdl_alloc(VirtualAddress, Length, NDIS_MDL_CALLERS);
	if (mdl)
		MmBuildMdlForNonPagedPool(mdl);
	return mdl;
}
EXPORT_SYMBOL_GPL(NdisAllocateMdl);

/**
 * NdisFreeMdl() - free a descriptor
 * @Mdl: from NdisAllocateMdl(); the buffer stays
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisFreeMdl(PMDL Mdl)
{
	if (!Mdl || Mdl->Process != ndis_mdl_mark(Mdl, NDIS_MDL_CALLERS)) {
		ndis_refuse("frees MDL %p, which was not allocated as one or is free",
			    Mdl);
		return;
	}
	ndis_mdl_free(Mdl);
}
EXPORT_SYMBOL_GPL(NdisFreeMdl);

/**
 * IoBuildPartialMdl() - make a descriptor describe a part of another's buffer
 * @SourceMdl: descriptor of the whole
 * @TargetMdl: descriptor to fill in; its Next stays
 * @VirtualAddress: first byte, in terms of MmGetMdlVirtualAddress(@SourceMdl)
 * @Length: bytes; 0: up to the end of the whole
 *
 * A part that is not within the whole is refused and the target stays as it is.
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID IoBuildPartialMdl(PMDL SourceMdl, PMDL TargetMdl, PVOID VirtualAddress,
		       ULONG Length)
{
	uintptr_t offset;
	u16 mapped;

	if (!SourceMdl || !TargetMdl) {
		ndis_refuse("a partial MDL of %p in %p", SourceMdl, TargetMdl);
		return;
	}
	offset = VirtualAddress - ndis_mdl_start(SourceMdl);
	if (offset > SourceMdl->ByteCount ||
	    Length > SourceMdl->ByteCount - offset) {
		ndis_refuse("a partial MDL of %u bytes at %ld of %u", Length,
			    (long)offset, SourceMdl->ByteCount);
		return;
	}

	mapped = SourceMdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA |
					MDL_SOURCE_IS_NONPAGED_POOL);
	ndis_mdl_set(TargetMdl, VirtualAddress,
		     Length ?: SourceMdl->ByteCount - offset);
	TargetMdl->MappedSystemVa = mapped ? SourceMdl->MappedSystemVa + offset
					   : NULL;
	TargetMdl->MdlFlags &= MDL_ALLOCATED_FIXED_SIZE;
	TargetMdl->MdlFlags |= MDL_PARTIAL | mapped;
}
EXPORT_SYMBOL_GPL(IoBuildPartialMdl);

/**
 * MmGetPhysicalAddress() - what address the CPU's bus has for kernel memory
 * @BaseAddress: of the linear mapping or vmalloc
 *
 * A device may see memory elsewhere; ask for a scatter-gather list instead.
 *
 * Context: any.
 * Return: the address, 0 for memory that is neither.
 */
PHYSICAL_ADDRESS MmGetPhysicalAddress(PVOID BaseAddress)
{
	PHYSICAL_ADDRESS address = { .QuadPart = 0 };

	if (is_vmalloc_addr(BaseAddress))
		address.QuadPart = page_to_phys(vmalloc_to_page(BaseAddress)) +
				   offset_in_page(BaseAddress);
	else if (virt_addr_valid(BaseAddress))
		address.QuadPart = virt_to_phys(BaseAddress);
	return address;
}
EXPORT_SYMBOL_GPL(MmGetPhysicalAddress);
