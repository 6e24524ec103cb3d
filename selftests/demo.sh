#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# demo.sh: what "make run" shows of the driver, in a guest: two NICs, a file each
# way, the pools while it moves. Exit 0 only if every byte arrived and nothing
# was left behind.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

MIB=${MIB:-32}
T_DIR=$(mktemp -d) work=$T_DIR
trap 'rm -rf "$work"' EXIT

# lib.sh's word for "this cannot go on"
fail() {
	echo "demo: $*"
	exit 1
}

find_nics() {
	local dev found=()

	driver_load
	for dev in "/sys/bus/pci/drivers/$DRIVER"/0*; do
		[ -e "$dev/net" ] && found+=("${dev##*/}")
	done
	[ ${#found[@]} -ge 2 ] || fail "$DRIVER has bound ${#found[@]} NICs, two are needed"
	PCI_A=${found[0]} PCI_B=${found[1]}
}

introduce() {
	local dev

	echo "kernel  $(uname -sr)"
	for dev in "$PCI_A" "$PCI_B"; do
		echo "NIC     $dev $(cut -c3- "/sys/bus/pci/devices/$dev/vendor"):$(
			cut -c3- "/sys/bus/pci/devices/$dev/device"), driver $DRIVER"
	done
}

moved() { cat "/sys/class/net/$IF/statistics/rx_bytes"; }
has_moved() { [ "$(moved)" -gt $((seen + 1000000)) ]; }

# receive FILE PORT [in the peer's namespace]; send FILE ADDRESS PORT
receive() { "${@:3}" socat -u "TCP-LISTEN:$2,reuseaddr" "OPEN:$1,creat,trunc"; }
transmit() { "${@:4}" socat -u "OPEN:$1" "TCP:$2:$3,retry=50,interval=0.1"; }

# Both files at once, and the pools in the middle of it
transfer() {
	local seen pid pids=()

	seen=$(moved)
	receive "$work/east.got" 5001 ip netns exec "$NS" & pids+=($!)
	receive "$work/west.got" 5002 & pids+=($!)
	transmit "$work/east" $B4 5001 & pids+=($!)
	transmit "$work/west" $A4 5002 ip netns exec "$NS" & pids+=($!)
	wait_for 60 has_moved || fail "no data moves"
	if [ "$DRIVER" = "$OURS" ]; then
		echo
		echo "pools while traffic flows (/sys/kernel/debug/ndis/pools):"
		cat /sys/kernel/debug/ndis/pools
	fi
	for pid in "${pids[@]}"; do
		wait "$pid" || fail "a transfer broke off"
	done
}

same() {
	local sent got

	sent=$(sha256sum <"$work/$2") got=$(sha256sum <"$work/$2.got")
	printf '%s  %d bytes  sent %.16s...  received %.16s...  ' "$1" \
		"$(stat -c %s "$work/$2.got")" "$sent" "$got"
	if [ "$sent" = "$got" ]; then
		echo match
	else
		echo DIFFERENT
		return 1
	fi
}

compare() {
	local bad=0

	echo
	echo "SHA-256, TCP, both ways at once:"
	same "$IF -> $PEER" east || bad=1
	same "$PEER -> $IF" west || bad=1
	return $bad
}

nothing_left() {
	local a b

	ip netns del "$NS"
	unload "$DRIVER"
	[ "$DRIVER" = "$OURS" ] || return 0
	a=$(stat_of pools_created) b=$(stat_of pools_destroyed)
	[ "$a" = "$b" ] || fail "$a pools created, $b destroyed"
	echo "driver removed: $a pools created, $b destroyed; $(stat_of lists_allocated
		) lists allocated, $(stat_of lists_freed) freed"
	[ "$(stat_of lists_allocated)" = "$(stat_of lists_freed)" ] || fail "lists were lost"
	unload ndis
}

find_nics
introduce
net_setup
head -c "${MIB}M" /dev/urandom >"$work/east"
head -c "${MIB}M" /dev/urandom >"$work/west"
transfer
compare
nothing_left
