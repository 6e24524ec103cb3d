#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# rounds: pause and restart, again and again under traffic.

. "$(dirname "$0")/swnic.sh"
T_SETUP=net_setup

ROUNDS=${ROUNDS:-100}

of() { ethtool -S "$1" | awk -v n="$2:" '$1 == n { print $2 }'; }

# Pause and restart while flows that must not lose a byte go on
pause_restart() {
	local i

	free_at_once	# or each pause waits for what an idle CPU keeps
	traffic_start
	for ((i = 1; i <= ROUNDS; i++)); do
		ip link set "$IF" down
		ip link set "$IF" up
		[ $((i % 25)) != 0 ] || { wait_link; datagrams_flow; }
	done
	wait_link
	traffic_stop
	[ "$(of "$IF" tx_forced)" = 0 ] || fail "sends were taken back by force"
	[ "$(of "$IF" rx_forced)" = 0 ] || fail "lists were taken back by force"
}

t pause_restart "$ROUNDS pauses and restarts under traffic"
run
