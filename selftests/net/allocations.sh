#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# allocations: every allocation that the kernel makes fails in turn while the driver
# is loaded, bound, opened, resized; and at random under traffic. What cannot be had
# is refused; afterwards everything works, and nothing is out of its pool.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../inject_lib.sh"

# Receive lists that are out of their pools; one line says "none" without ndis.ko
out() {
	[ -r /sys/kernel/debug/ndis/pools ] || { echo none; return; }
	awk 'NR == 1 { for (i = 1; i <= NF; i++) { if ($i == "tag") t = i; if ($i == "live") l = i } next }
	     $t == "enRx" { n += $l }
	     END { print n + 0 }' /sys/kernel/debug/ndis/pools
}
is_out() { [ "$(out)" = "$1" ]; }

works() {
	wait_for 10 is_out "$OUT_BEFORE" || fail "$(out) receive lists are out, $OUT_BEFORE were before"
	net_setup
	ping -c 3 -i 0.05 -W 10 -q $B4
	ping -c 3 -i 0.05 -W 10 -q $B6
}

begin() {
	[ -z "$CABLED" ] || skip "not with somebody's cable"
	! intree || skip "it is about our driver"
	needs_injection
	net_setup
	inject_begin "$1"
}

load_driver() {
	begin modules
	unload "$DRIVER"
	OUT_BEFORE=$(out)
	nth "load $DRIVER" load "/modules/$DRIVER.ko" "$DRIVER"
	is_out "$OUT_BEFORE" || fail "$(out) receive lists are out, $OUT_BEFORE were before"
	unload ndis
	nth "load ndis" load /modules/ndis.ko ndis
	driver_load
	OUT_BEFORE=$(out)
	net_setup
	ping -c 3 -i 0.05 -W 10 -q $B4
}

probe() {
	begin all
	echo "$PCI_A" >"/sys/bus/pci/drivers/$DRIVER/unbind"
	defer "bind $PCI_A $DRIVER"
	OUT_BEFORE=$(out)
	nth probe write "/sys/bus/pci/drivers/$DRIVER/bind" "$PCI_A" \
		"/sys/bus/pci/drivers/$DRIVER/unbind" "$PCI_A"
	wait_for 10 is_out "$OUT_BEFORE" || fail "$(out) receive lists are out, $OUT_BEFORE were before"
	bind "$PCI_A" "$DRIVER"
	net_setup
	ping -c 3 -i 0.05 -W 10 -q $B4
}

# Small rings, because each of their buffers is an allocation
small_rings() {
	ethtool -G "$IF" rx "$1" tx "$2"
	defer "ethtool -G $IF rx 256 tx 256"
}

open_device() {
	local driver=/sys/bus/pci/drivers/$DRIVER

	begin all
	OUT_BEFORE=$(out)
	ip link set "$IF" down
	# with the pages that a new pool gets, and with those that it keeps
	nth "open the first time" first-up "$IF" $driver/bind "$PCI_A" $driver/unbind "$PCI_A"
	nth open up "$IF"
	ip link set "$IF" up
	works
}

settings() {
	begin all
	small_rings 128 128
	OUT_BEFORE=$(out)
	nth "rings 136, from 128" rings "$IF" 136 136 128 128
	nth "MTU 9000" mtu "$IF" 9000 1500
	nth "MTU 1500" mtu "$IF" 1500 9000
	ip link set "$IF" mtu 1500
	nth "self-test" test "$IF"
	modprobe 8021q
	nth "VLAN" vlan "$IF" 5
	works
}

bus_reset() {
	[ -e "/sys/bus/pci/devices/${PCI_A:-none}/reset" ] ||
		skip "the device has no PCI reset"
	begin all
	OUT_BEFORE=$(out)
	nth "bus reset" write "/sys/bus/pci/devices/$PCI_A/reset" 1
	works
}

# Of those with our code on the stack, each in turn of a hundred; how many there were
traffic() {
	local left kind

	begin modules
	OUT_BEFORE=$(out)
	traffic_start
	inject verbose 0
	inject times 1000000
	inject probability 3
	for _ in {1..10}; do
		datagrams_flow
	done
	inject probability 0
	for kind in failslab fail_page_alloc; do
		left=$(cat $INJECT/$kind/times)
		info "$kind: $((1000000 - left)) refused under traffic"
		[ "$left" -lt 1000000 ] || fail "nothing of $kind was refused"
	done
	traffic_stop
	works
}

t load_driver "both modules are loaded"
t probe "the driver is bound to a device"
t open_device "the interface is opened"
t settings "rings, MTU, self-test, VLAN"
t bus_reset "a reset of the bus"
t traffic "at random under traffic"
run
