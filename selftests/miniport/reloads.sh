#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# reloads: load, initialise, restart, pause, halt, unload, again and again under
# traffic; what was created was destroyed.

. "$(dirname "$0")/swnic.sh"
T_SETUP=net_setup

ROUNDS=${ROUNDS:-100}

# Frames of every size class, both ways; while there is no interface they fail,
# and go on
noise() {
	ping -q -i 0.002 -s 1400 $B4 >/dev/null 2>&1 &
	defer "kill $! 2>/dev/null"
	ip netns exec "$NS" ping -q -i 0.002 -s 8000 $A4 >/dev/null 2>&1 &
	defer "kill $! 2>/dev/null"
	ping -q -i 0.002 -s 60 $B6 >/dev/null 2>&1 &
	defer "kill $! 2>/dev/null"
}

# Like net_setup, with nothing that costs time
up() {
	ip link set "$PEER" netns "$NS"
	ip -batch - <<-BATCH
		addr add $A4/24 dev $IF
		addr add $A6/64 dev $IF nodad
		link set $IF up
	BATCH
	ip -n "$NS" -batch - <<-BATCH
		addr add $B4/24 dev $PEER
		addr add $B6/64 dev $PEER nodad
		link set $PEER up
	BATCH
}

nothing_left() {
	local a b pair

	for pair in pools_created:pools_destroyed lists_allocated:lists_freed \
		adapters_created:adapters_destroyed shared_allocated:shared_freed; do
		a=$(stat_of "${pair%:*}") b=$(stat_of "${pair#*:}")
		[ "$a" = "$b" ] || fail "round $1: ${pair%:*} $a, ${pair#*:} $b"
	done
}

# Each round: traffic is seen to pass, and the module goes while it does
load_unload() {
	local i

	defer driver_load
	noise
	for ((i = 1; i <= ROUNDS; i++)); do
		wait_for 30 moved || fail "round $i: no traffic"
		rmmod ndis_swnic || fail "round $i: rmmod"
		[ $((i % 10)) != 0 ] || nothing_left $i
		driver_load
		up
	done
	info "$ROUNDS rounds, lists allocated $(stat_of lists_allocated)"
}

moved() { [ "$(cat "/sys/class/net/$IF/statistics/rx_packets")" -gt 20 ]; }

t load_unload "$ROUNDS loads and unloads under traffic"
run
