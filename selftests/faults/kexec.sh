#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# on request: it ends the kernel that it runs in
# kexec.sh [DRIVER]: another kernel is booted from this one under traffic, and nothing
# resets the devices in between. What the driver's shutdown left on would write to the
# new kernel's memory. For a guest of its own, as its only command:
#
#	qemu/boot.sh -F -- /selftests/faults/kexec.sh

DRIVER=${1:-e1000_nbl}
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../faults_lib.sh"

T_DIR=$(mktemp -d)
NEXT=$T_DIR/root

set -eE
trap 'echo "not ok 1 traffic: line $LINENO: $BASH_COMMAND"' ERR
echo "KTAP version 1"
echo "1..4"

# The kernel after this one: busybox, our modules, and the second half of the test
mkdir -p "$NEXT"/{dev,proc,sys,bin}
cp /usr/bin/busybox "$NEXT/bin/"
cp "$WIRE" "$POKE" "$SELFTESTS/faults/after_kexec.sh" "$NEXT/"
if [ "$DRIVER" = e1000_nbl ]; then
	cp /modules/{ndis,e1000_nbl}.ko "$NEXT/"
	echo "ndis e1000_nbl" >"$NEXT/load"
else
	cp "/lib/modules/$(uname -r)/kernel/drivers/net/ethernet/intel/e1000/e1000.ko" "$NEXT/"
	echo e1000 >"$NEXT/load"
fi
mv "$NEXT/after_kexec.sh" "$NEXT/init"
for dev in /sys/bus/pci/devices/*; do
	[ "$(cat "$dev/vendor")$(cat "$dev/class")" != 0x80860x020000 ] || NICS="${NICS:-} ${dev##*/}"
done
read -r PCI_A PCI_B _ <<<"$NICS"
echo "$PCI_A $PCI_B" >"$NEXT/nics"
(cd "$NEXT" && find . | cpio -o -H newc 2>/dev/null) >"$T_DIR/initrd"

driver_load
bind "$PCI_A" "$DRIVER"
bind "$PCI_B" "$DRIVER"
net_setup
traffic_start
traffic_flows
echo "ok 1 traffic: it flows as the kernel ends"
sync
"$SELFTESTS/faults/kexec" /job/vmlinuz "$T_DIR/initrd" \
	"$(sed 's/ *initrd=[^ ]*//' /proc/cmdline) iomem=relaxed"
