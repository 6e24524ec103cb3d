# SPDX-License-Identifier: GPL-2.0-only
# The front door; "make help" lists it. The work is done by the scripts it calls.

KERNEL ?=
NIC ?= e1000
export NIC KDIR

# Without KERNEL: a guest has Debian's 6.1, modules are for the running kernel.
guest_kernel := $(or $(KERNEL),$(if $(DEBUG),6.12,6.1))$(if $(DEBUG),-debug)
# A debug kernel is built here
guest_needs := guest $(if $(findstring -debug,$(guest_kernel)),debug)
KDIR ?= /lib/modules/$(shell uname -r)/build
build_for = $(if $(KERNEL),-k $(KERNEL),-d "$(KDIR)")
build_needs = $(if $(KERNEL),$(guest_needs),host)

run check bench figures profile lint shell soak trust: export KERNEL := $(guest_kernel)

help:
	@echo "make run       boot a guest, move data through the driver, compare with the in-tree one"
	@echo "make check     every test, on three NIC models; ends with N passed, N failed"
	@echo "               DEBUG=1: on a kernel with all of its checkers, built once"
	@echo "make bench     everything measured beside in-tree: a table and report.html; BASE=old bench.json: what changed"
	@echo "make figures   measure anew the figures that make check holds the driver to"
	@echo "make profile   where a packet's instructions go: ROW=tx60|rx1514|drop60|..., FUNCTION=name for one"
	@echo "make fuzz      the driver against a hostile device, until DESCRIPTORS=10000000 are looked at"
	@echo "make soak      MINUTES=30 of traffic, changes and faults; memory over time as a picture"
	@echo "make trust     what the driver survives, in one table, in-tree beside it: three hours; SHORT=1: a quarter"
	@echo "make upstream  the kernel's own driver tests, unmodified, ours beside in-tree: KERNEL=6.12|7.3"
	@echo "make shell     a guest with a prompt; modules in /modules, tests in /selftests"
	@echo "make modules   build for the running kernel (KDIR=...) or a guest's (KERNEL=6.1)"
	@echo "make install   install them for the running kernel (as root)"
	@echo "make lint      W=1, sparse, checkpatch, kernel-doc, shellcheck"
	@echo "make clean     remove what was built; make distclean: the whole cache"
	@echo
	@echo "KERNEL=6.1|6.12|7.3|6.1-rt|6.12-debug|... NIC=e1000|e1000-82545em|e1000-82544gc ACCEL=tcg|kvm"

run:
	@qemu/deps.sh $(guest_needs)
	@qemu/run.sh

check:
	@qemu/deps.sh $(guest_needs) lint fuzz
	@qemu/check.sh

bench:
	@qemu/deps.sh guest bench
	@selftests/bench/bench.sh $(if $(BASE),--base "$(BASE)")

figures:
	@qemu/deps.sh guest
	@selftests/bench/gate.sh --accept

profile:
	@qemu/deps.sh guest
	@selftests/bench/profile.sh $(if $(FUNCTION),-a "$(FUNCTION)") $(or $(ROW),tx1514)

fuzz:
	@qemu/deps.sh guest fuzz
	@selftests/fuzz/run.sh

soak:
	@qemu/deps.sh guest bench
	@qemu/soak.sh

trust:
	@qemu/deps.sh guest bench fuzz
	@qemu/trust.sh

upstream:
	@qemu/deps.sh guest
	@KERNEL=$(or $(KERNEL),6.12) qemu/upstream.sh $(TESTS)

shell:
	@qemu/deps.sh $(guest_needs)
	@qemu/boot.sh

lint:
	@qemu/deps.sh guest lint
	@qemu/lint.sh

modules:
	@qemu/deps.sh $(build_needs)
	@qemu/modules.sh -b $(build_for)

install:
	@qemu/deps.sh host
	@qemu/modules.sh -i -d "$(KDIR)"

clean:
	@qemu/clean.sh

distclean:
	@qemu/clean.sh all

.PHONY: help run check bench figures profile fuzz soak trust shell upstream lint modules install clean distclean
