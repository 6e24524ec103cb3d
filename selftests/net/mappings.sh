#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# mappings: every mapping for DMA fails in turn while the interface is opened and
# changed, and one in many under traffic. The device has a test module's mapping
# operations meanwhile, so any kernel will do.

. "$(dirname "$0")/../lib.sh"

NTH=$SELFTESTS/net/nth
DMA=/sys/kernel/debug/ndis_test_dma

# On another driver nothing says that its mappings are these
begin() {
	[ -z "$CABLED" ] || skip "it would take the interface from its owner"
	! intree || skip "it is about our driver"
	net_setup
	grep -q ^ndis_test_dma /proc/modules || insmod /modules/ndis_test_dma.ko || skip "there is no ndis_test_dma.ko"
	release "$PCI_A"
	echo "$PCI_A" >$DMA/take
	bind "$PCI_A" "$DRIVER"
	defer give
	net_setup
}

give() {
	echo 0 >$DMA/every
	echo 0 >$DMA/nth
	release "$PCI_A"
	echo "$PCI_A" >$DMA/give
	bind "$PCI_A" "$DRIVER"
	rmmod ndis_test_dma
}

nth() {
	local what=$1 out
	shift

	out=$("$NTH" -f $DMA/nth "$@") || fail "$what: see above"
	info "$what: $out"
	[[ $out != failures=0\ * ]] || fail "$what: nothing is mapped, so nothing was tested"
}

# And what the driver has mapped, it has unmapped when it goes
works() {
	net_setup
	ping -c 3 -i 0.05 -W 10 -q -s 1400 $B4
	release "$PCI_A"
	info "$(cat $DMA/failed) of $(cat $DMA/calls) mappings failed"
	wait_for 10 none_mapped || fail "$(cat $DMA/mapped) mappings are left"
}
none_mapped() { [ "$(cat $DMA/mapped)" = 0 ]; }

# Pages that a pool keeps stay mapped: of a new pool, each is mapped. They are many of
# a kind, and each time the driver is bound anew: one in eleven fails
opened() {
	local driver=/sys/bus/pci/drivers/$DRIVER

	begin
	ip link set "$IF" down
	nth "open" -s 11 first-up "$IF" $driver/bind "$PCI_A" $driver/unbind "$PCI_A"
	works
}

changed() {
	begin
	ethtool -G "$IF" rx 128 tx 128
	nth "rings 136, from 128" rings "$IF" 136 136 128 128
	# without a mapping of their own
	"$NTH" -f $DMA/nth mtu "$IF" 9000 1500
	"$NTH" -f $DMA/nth test "$IF"
	"$NTH" -f $DMA/nth xdp "$IF"
	nth AF_XDP xsk "$IF"
	works
}

many_failed() { [ "$(cat $DMA/failed)" -ge 50 ]; }

# Packets that are copied are not mapped, so none of them is
traffic() {
	begin
	ethtool --set-tunable "$IF" tx-copybreak 0
	net_setup
	traffic_start
	echo 50 >$DMA/every
	wait_for 120 many_failed || fail "only $(cat $DMA/failed) mappings failed"
	datagrams_flow
	echo 0 >$DMA/every
	traffic_stop
	works
}

t opened "the interface is opened, mappings fail in turn"
t changed "rings, MTU, self-test, XDP, AF_XDP, each mapping fails in turn"
t traffic "under traffic, each fiftieth mapping fails"
run
