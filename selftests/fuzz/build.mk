# SPDX-License-Identifier: GPL-2.0-only
# The fuzzers, for run.sh: make -f build.mk TOP= OUT= KDIR= [COVERAGE=1]
#
# The driver and what it uses of ndis.ko are compiled as they are, with the
# kernel's own headers; kernel/ takes the place of what the kernel links to them.

COMMON := $(KDIR:-amd64=-common)
FUZZ := $(TOP)/selftests/fuzz

driver := rx tx tx_ring xdp xdp_tx xsk hw link filter stats selftest netdev watchdog itr probe ethtool
ndis := pool object receive send xdp retreat
kernel := memory skb xdp core netdev
common := $(driver:%=$(OUT)/driver-%.o) $(ndis:%=$(OUT)/ndis-%.o) \
	  $(kernel:%=$(OUT)/kernel-%.o) $(OUT)/fuzz-model.o
rings := rings device host invariants

srctree := $(COMMON)
include $(TOP)/compat/linux/features.mk

arch := $(COMMON)/arch/x86/include
generated := $(KDIR)/arch/x86/include/generated
includes := -nostdinc -isystem $(shell clang -print-resource-dir)/include \
	-I$(TOP)/compat/linux/include \
	-I$(arch) -I$(generated) -I$(COMMON)/include -I$(KDIR)/include \
	-I$(arch)/uapi -I$(generated)/uapi \
	-I$(COMMON)/include/uapi -I$(KDIR)/include/generated/uapi \
	-include $(COMMON)/include/linux/compiler-version.h \
	-include $(COMMON)/include/linux/kconfig.h \
	-include $(FUZZ)/kernel/config.h \
	-include $(COMMON)/include/linux/compiler_types.h \
	-include $(FUZZ)/kernel/hooks.h \
	-I$(TOP)/compat/ndis/include -I$(TOP)/drivers/e1000_nbl -I$(FUZZ) -I$(FUZZ)/kernel

# The kernel's dialect. What it does with pointers on purpose is not looked at.
sanitize := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-sanitize=alignment,pointer-overflow,function
flags := $(includes) -D__KERNEL__ -DMODULE -DKBUILD_MODNAME='"fuzz"' \
	-DKBUILD_BASENAME='"fuzz"' -D__KBUILD_MODNAME=kmod_fuzz $(compat-flags) \
	-std=gnu11 -O1 -g -fno-PIE -fno-common -fshort-wchar -fno-strict-aliasing \
	-fno-strict-overflow -fno-delete-null-pointer-checks \
	-Wall -Werror -Wno-gnu -Wno-pointer-sign -Wno-unused -Wno-frame-address \
	-Wno-address-of-packed-member -Wno-macro-redefined -Wno-unknown-warning-option
ifdef COVERAGE
traced := -fprofile-instr-generate -fcoverage-mapping
link := $(traced)
else
flags += $(sanitize)
traced := -fsanitize=fuzzer-no-link
link := $(sanitize)
endif

all: $(OUT)/rings $(OUT)/regs

$(OUT)/rings: $(common) $(rings:%=$(OUT)/fuzz-%.o)
$(OUT)/regs: $(common) $(OUT)/fuzz-regs.o
$(OUT)/rings $(OUT)/regs:
	clang -no-pie -g $(link) -fsanitize=address,fuzzer -o $@ $^

compile = clang $(flags) $(1) -MMD -c -o $@ $<

$(OUT)/driver-%.o: $(TOP)/drivers/e1000_nbl/%.c
	$(call compile,$(traced))
$(OUT)/ndis-%.o: $(TOP)/compat/ndis/%.c
	$(call compile,$(traced))
$(OUT)/kernel-%.o: $(FUZZ)/kernel/%.c
	$(call compile)
$(OUT)/fuzz-%.o: $(FUZZ)/%.c
	$(call compile)

$(common) $(rings:%=$(OUT)/fuzz-%.o) $(OUT)/fuzz-regs.o: $(FUZZ)/build.mk
-include $(wildcard $(OUT)/*.d)

.PHONY: all
