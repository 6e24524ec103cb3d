#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# moderation: how long the device waits between two interrupts, set by hand or by the
# driver: longer while frames come fast enough, not while a ring fills, not when idle.

. "$(dirname "$0")/../lib.sh"

setup() {
	net_setup
	intree && skip "the driver in the tree has its own ways"
	ETHTOOL_ADAPTIVE=$(adaptive)
	defer "ethtool -C $IF adaptive-rx $ETHTOOL_ADAPTIVE"
}
T_SETUP=setup

adaptive() { ethtool -c "$IF" | sed -n 's/^Adaptive RX: \([a-z]*\).*/\1/p'; }
usecs() { ethtool -c "$IF" | sed -n 's/^rx-usecs:[[:space:]]*//p'; }
# What the device was told last
in_force() { ethtool -S "$IF" | awk '$1 == "interrupt_us:" { print $2 }'; }
waits() { [ "$(in_force)" = "$1" ]; }

by_hand() {
	local us

	for us in 0 300 20; do
		ethtool -C "$IF" adaptive-rx off rx-usecs $us
		[ "$(adaptive) $(usecs) $(in_force)" = "off $us $us" ] ||
			fail "off $us: $(adaptive) $(usecs) $(in_force)"
	done
	ip link set "$IF" down
	ethtool -C "$IF" rx-usecs 70
	ip link set "$IF" up
	wait_link
	[ "$(adaptive) $(usecs) $(in_force)" = "off 70 70" ] ||
		fail "set while down: $(adaptive) $(usecs) $(in_force)"
	ethtool -C "$IF" rx-usecs 50
}

# One of the two holds, and a command that leaves open which is refused
both_ways() {
	ethtool -C "$IF" adaptive-rx on
	refused 'adaptive-rx off' ethtool -C "$IF" rx-usecs $(($(usecs) + 10))
	ethtool -C "$IF" adaptive-rx off rx-usecs 90
	refused 'adaptive-rx off' ethtool -C "$IF" adaptive-rx on rx-usecs 100
	[ "$(adaptive) $(usecs) $(in_force)" = "off 90 90" ] ||
		fail "refused, and changed: $(adaptive) $(usecs) $(in_force)"
	ethtool -C "$IF" adaptive-rx on
	[ "$(adaptive)" = on ] || fail "not on"
	waits 50 || fail "begins with $(in_force) us"
	ethtool -C "$IF" adaptive-rx off
	waits 90 || fail "off again, and $(in_force) us"
	ethtool -C "$IF" rx-usecs 50
}

# generate RATE: frames from the peer, so many in a second, 0: all it can
generate() {
	local set

	peer bash -c 'echo stop >/proc/net/pktgen/pgctrl; echo rem_device_all >/proc/net/pktgen/kpktgend_0
		echo "add_device $1" >/proc/net/pktgen/kpktgend_0' - "$PEER"
	for set in "count 0" "clone_skb 1000" "pkt_size 60" "delay 0" "ratep $1" \
		   "dst $A4" "dst_mac $(<"/sys/class/net/$IF/address")"; do
		[ "$set" = "ratep 0" ] || peer bash -c 'echo "$1" >"/proc/net/pktgen/$2"' - "$set" "$PEER"
	done
	peer bash -c 'echo start >/proc/net/pktgen/pgctrl' &
}

generator() {
	modprobe pktgen 2>"$T_DIR/err" || skip "no pktgen: $(cat "$T_DIR/err")"
	defer "peer bash -c 'echo stop >/proc/net/pktgen/pgctrl; echo rem_device_all >/proc/net/pktgen/kpktgend_0'; wait"
}

received() { cat "/sys/class/net/$IF/statistics/rx_packets"; }

# Sets RATE, frames a second
rate() {
	local before start stop

	start=$(date +%s%N) before=$(received)
	sleep 1
	RATE=$(($(received) - before)) stop=$(date +%s%N)
	RATE=$((RATE * 1000000 / ((stop - start) / 1000)))
	info "$RATE frames a second"
}

receive_ring() {
	defer "ethtool -G $IF rx $(ethtool -g "$IF" | awk '/^RX:/ { n = $2 } END { print n }'); wait_link"
	ethtool -G "$IF" rx "$1"
	wait_link
	waits 50 || fail "begins with $(in_force) us"
}

# Above the driver's 20,000 a second; a quarter of such a ring never comes at once
longer() {
	ethtool -C "$IF" adaptive-rx on
	receive_ring 4096
	generator
	generate 60000
	if ! wait_for 20 waits 256; then
		rate
		[ "$RATE" -gt 40000 ] || skip "only $RATE frames a second: too few to wait for"
		fail "$RATE frames a second, and never longer: $(in_force) us"
	fi
	peer bash -c 'echo stop >/proc/net/pktgen/pgctrl'
	wait
	# Nothing comes, nothing is decided: the next frame's interrupt does
	pinged() { ping_works $B4; waits 50; }
	wait_for 30 pinged || fail "idle, and $(in_force) us"
}

# Off, nothing of that happens
fixed() {
	ethtool -C "$IF" adaptive-rx off rx-usecs 50
	generator
	generate 60000
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		nap
		waits 50 || fail "off, and $(in_force) us"
	done
}

# More than a quarter of the ring at once: no time to wait
rush() {
	ethtool -C "$IF" adaptive-rx on
	receive_ring 128
	generator
	generate 0
	rate
	[ "$RATE" -gt 40000 ] || skip "only $RATE frames a second: too few to wait for anyway"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		nap
		waits 50 || fail "$(in_force) us, and a ring of 128 fills"
	done
}

t by_hand "a fixed time, set by hand, also while down"
t both_ways "adaptive or a fixed time, not both"
t longer "longer under load, and short again when idle"
t fixed "a fixed time stays as it is under load"
t rush "short while a ring fills"
run
