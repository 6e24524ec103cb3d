#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# accel.sh VMLINUZ: print kvm or tcg. A /dev/kvm that opens is no proof, so a
# kernel is booted with it once, for 10 s at most; the answer is remembered per
# guest kernel and machine. ACCEL=kvm or ACCEL=tcg decides without asking.

. "$(dirname "$0")/lib.sh"

if [ -n "${ACCEL:-}" ]; then
	echo "$ACCEL"
	exit
fi
if [ ! -w /dev/kvm ]; then
	echo tcg
	exit
fi

machine=$(cat /etc/machine-id /sys/class/dmi/id/product_name /proc/version \
		2>/dev/null
	grep -m 1 'model name' /proc/cpuinfo
	echo "$1"
	qemu-system-x86_64 --version)
answer=$CACHE/accel/$(printf '%s' "$machine" | sha256sum | cut -c1-16)

# Without a root file system the kernel panics, and so QEMU ends: that is a yes.
probe() {
	local log

	[ ! -f "$answer" ] || return 0
	say "does KVM work here? (a boot of at most 10 s; the answer is remembered)"
	log=$(mktemp)
	{
		timeout -k 1 10 qemu-system-x86_64 -nodefaults -no-user-config \
			-display none -no-reboot -accel kvm -cpu host -smp 2 -m 512M \
			-kernel "$1" -append "console=ttyS0 panic=-1" -serial "file:$log" </dev/null
	} >/dev/null 2>&1 || :
	if grep -q 'Kernel panic' "$log"; then
		echo kvm >"$answer.new"
	else
		say "/dev/kvm opens, but no guest boots with it: the CPU is emulated (ACCEL=kvm insists)"
		echo tcg >"$answer.new"
	fi
	rm -f "$log"
	mv "$answer.new" "$answer"
}

mkdir -p "$CACHE/accel"
with_lock "accel" probe "$1"
cat "$answer"
