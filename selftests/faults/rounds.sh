#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# rounds: load, traffic, unload, again and again (ROUNDS=1000 for a long run). TCP and
# UDP go on both ways, every byte looked at, while the modules go and come; what was created was destroyed each time, and
# memory is what it was.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../faults_lib.sh"
T_SETUP=faults_setup

ROUNDS=${ROUNDS:-20}

# As net_setup, with nothing that costs time
up() {
	wait_for 30 ends_exist || fail "round $1: no interfaces"
	! peer_is_here || ip link set "$PEER" netns "$NS"
	net_sysctl "$IF"
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

	for pair in pools_created:pools_destroyed lists_allocated:lists_freed; do
		a=$(stat_of "${pair%:*}") b=$(stat_of "${pair#*:}")
		[ "$a" = "$b" ] || fail "round $1: ${pair%:*} $a, ${pair#*:} $b"
	done
}

load_unload() {
	local i frames=0

	[ -n "$OWN_MODULES" ] || skip "other interfaces use $DRIVER"
	defer driver_load
	traffic_start
	for ((i = 1; i <= ROUNDS; i++)); do
		datagrams_flow
		frames=$((frames + $(cat "/sys/class/net/$IF/statistics/rx_packets")))
		rmmod "$DRIVER" || fail "round $i: rmmod $DRIVER"
		if ! intree; then
			nothing_left $i
			rmmod ndis || fail "round $i: rmmod ndis"
		fi
		[ $i != $((ROUNDS / 5)) ] || memory >"$T_DIR/early"
		[ $i != "$ROUNDS" ] || memory >"$T_DIR/late"
		[ $((i % 50)) != 0 ] || progress "round $i of $ROUNDS: $(memory)"
		driver_load
		[ $i = "$ROUNDS" ] || up $i
	done
	up $((ROUNDS + 1))
	wait_link
	traffic_stop
	info "$ROUNDS rounds, $frames frames received; memory $(cat "$T_DIR/early"), then $(cat "$T_DIR/late")"
	flat "$(cat "$T_DIR/early")" "$(cat "$T_DIR/late")"
}

t load_unload "$ROUNDS loads and unloads under traffic"
run
