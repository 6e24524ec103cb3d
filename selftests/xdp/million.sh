#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# million: a million frames of 60 to 1514 bytes through each verdict; what was sent
# is the sum of the verdict counters, the program's and the driver's.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../xdp_lib.sh"
T_SETUP=million_setup

# A model with a small ring drops what comes in bursts
million_setup() {
	xdp_setup
	ethtool -G "$IF" rx 4096
	defer ethtool -G "$IF" rx 256
	wait_link
	LIVE=$(live)
}

: "${FRAMES:=1000000}"
names='aborted drop pass tx redirect'

sums() {	# of the driver's verdicts
	local name sum=0

	for name in $names; do
		sum=$((sum + $(driver_counts "$name")))
	done
	echo "$sum"
}

peer_received() { peer cat "/sys/class/net/$PEER/statistics/rx_packets"; }

flood() {	# flood VERDICT KEY=VALUE...
	local verdict=$1 before='' out name sum=0 start ms
	shift

	judge_by verdict="$verdict" "$@"
	attach verdict
	! has_driver_counts || before=$(sums)
	start=$(date +%s%N)
	out=$("$WIRE" flood "$NS" "$PEER" - "$IF" count="$FRAMES" size=60-1514 ahead=2048)
	ms=$((($(date +%s%N) - start) / 1000000))
	info "$out, $ms ms, $((FRAMES / (ms + 1))) frames/ms"
	info "$("$XDP" counts "$PINS")"
	says "$out" sent "$FRAMES" rx "$FRAMES" stalls 0
	for name in $names unknown; do
		sum=$((sum + $(counted "$name")))
	done
	[ "$sum" = "$FRAMES" ] || fail "sent $FRAMES, sum of verdicts $sum"
	if [ -n "$before" ]; then
		sum=$(($(sums) - before))
		[ "$sum" = "$FRAMES" ] || fail "sent $FRAMES, sum of the driver's verdicts $sum"
	fi
	balanced
}

all_of() { [ "$(counted "$1")" = "$FRAMES" ]; }

# The last of them are on their way when the sender is done
came_back_is() { [ $(($(peer_received) - $1)) = "$2" ]; }
returned() {	# returned BEFORE WANTED
	wait_for 20 came_back_is "$1" "$2" ||
		fail "$(($(peer_received) - $1)) frames came back, not $2"
}

drop() { flood drop; all_of drop; }
aborted() { flood aborted; all_of aborted; }
pass() { flood pass; all_of pass; }

tx() {
	local before

	before=$(peer_received)
	flood tx flags=$swap
	all_of tx
	returned "$before" "$FRAMES"
}

redirect() {
	local before

	redirect_to_third
	# nothing that is on its way finds the port full
	ethtool -G "$THIRD" tx 4096
	defer ethtool -G "$THIRD" tx 256
	wait_for 60 has_carrier "$THIRD"
	before=$(peer_received)
	flood redirect flags=$swap
	all_of redirect
	returned "$before" "$FRAMES"
}

# A verdict for each frame by chance
mixed() {
	local before FRAMES=$((FRAMES / 4))

	before=$(peer_received)
	flood pass flags=$((swap | mix))
	returned "$before" "$(counted tx)"
}

t drop "XDP_DROP"
t aborted "XDP_ABORTED"
t pass "XDP_PASS"
t tx "XDP_TX"
t redirect "XDP_REDIRECT"
t mixed "PASS, DROP, ABORTED and TX by chance"
run
