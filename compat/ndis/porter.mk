# SPDX-License-Identifier: GPL-2.0-only
# porter.mk: how a source with Windows's habits is compiled. The Kbuild of a
# module that includes ndis.h includes this file; nothing else is needed:
#
#	include <path to>/compat/ndis/porter.mk
#	obj-m := mynic.o
#	mynic-y := hw.o rx.o tx.o

ndis-dir := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))

# compat/linux comes before the kernel's own headers: include_next shims
NOSTDINC_FLAGS += -I$(ndis-dir)../linux/include
include $(ndis-dir)../linux/features.mk
ccflags-y += -I$(ndis-dir)include $(compat-flags)

# Pool tags are characters in quotes, four of them. Declarations stand where
# they are needed, and #pragma warning and #pragma alloc_text everywhere.
ccflags-y += -Wno-multichar -Wno-declaration-after-statement -Wno-unknown-pragmas

# An inline function of a header has external linkage in Windows's C, so each
# file that needs a copy has one: the first stays (see ndis/keywords.h).
ldflags-y += -z muldefs
