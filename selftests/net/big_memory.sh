#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# big_memory: in a machine with memory above 4 GiB, how many buffers bounce
# through swiotlb while data moves: by our driver, and by the one in the tree.
# on request: it wants a guest of 6 GiB (qemu/boot.sh -m 6G)

. "$(dirname "$0")/../lib.sh"

T=/sys/kernel/tracing

setup() {
	local kb

	kb=$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)
	[ "$kb" -gt $((5 * 1024 * 1024)) ] || skip "this machine has $((kb / 1024)) MiB, the test wants 6 GiB"
	[ -d $T/events/swiotlb/swiotlb_bounced ] || skip "the kernel has no tracepoint swiotlb_bounced"
}
T_SETUP=setup

bounces() {	# events of the tracepoint, those lost to a full buffer as well
	awk '/^(entries|overrun):/ { n += $2 } END { print n + 0 }' $T/per_cpu/cpu*/stats
}

io_tlb() { cat /sys/kernel/debug/swiotlb/io_tlb_used 2>/dev/null || echo '?'; }

# measure DRIVER: bounces of its two devices while 8 MB go over and back
measure() {
	DRIVER=$1
	bind "$PCI_A" "$1"
	bind "$PCI_B" "$1"
	rm -f "$T_DIR/state"
	echo 0 >$T/events/swiotlb/swiotlb_bounced/enable
	echo "dev_name == \"$PCI_A\" || dev_name == \"$PCI_B\"" \
		>$T/events/swiotlb/swiotlb_bounced/filter
	echo >$T/trace
	echo 1 >$T/events/swiotlb/swiotlb_bounced/enable
	net_setup
	head -c 4000000 /dev/urandom >"$T_DIR/in"
	wire copy tcp - $A4 "$NS" $B4 "$T_DIR/in" "$T_DIR/out"
	cmp "$T_DIR/in" "$T_DIR/out"
	wire copy udp "$NS" $B6 - $A6 "$T_DIR/in" "$T_DIR/out"
	cmp "$T_DIR/in" "$T_DIR/out"
	echo 0 >$T/events/swiotlb/swiotlb_bounced/enable
	echo "$1: $(bounces) buffers bounced through swiotlb, io_tlb_used $(io_tlb)" |
		tee "$T_DIR/line"
}

ours() {
	measure $OURS
	grep -q "^$OURS: 0 buffers" "$T_DIR/line"
}

# The count can count: the driver in the tree has a 32-bit DMA mask
counts() {
	modprobe e1000 || skip "this kernel has no e1000 to compare"
	defer "bind $PCI_A $OURS; bind $PCI_B $OURS; rmmod e1000"
	measure e1000
	! grep -q "^e1000: 0 buffers" "$T_DIR/line" ||
		skip "e1000 bounced nothing: no buffer lay above 4 GiB"
}

t ours "our driver bounces nothing"
t counts "the driver in the tree, beside it"
run
