#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# bad: programs and users that do what they should not. Each is counted, nothing
# leaks, and frames flow as before.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../xdp_lib.sh"
T_SETUP=xdp_setup

# Everything still works: to be asked last
still_works() {
	judge_by verdict=tx flags=$swap
	says "$(judge count=200 size=60-1514 follow=1)" back 200
	balanced
}

# gone COUNT KEY=VALUE...: frames that nobody gets
gone() {
	local count=$1 out
	shift

	out=$(judge count="$count" "$@")
	says "$out" sent "$count" rx "$count" stack 0 back 0
}

# grown_by NAME BEFORE WANTED
grown_by() {
	local now

	has_driver_counts || return 0
	now=$(driver_counts "$1")
	info "$1: +$((now - $2)), wanted $3"
	[ $((now - $2)) = "$3" ] || fail "$1 grew by $((now - $2)), not by $3"
}

# traced EVENT CMD...: how often the event fires; sets EVENTS
traced() {
	local t=/sys/kernel/tracing event=$1
	shift

	echo 0 >"$t/tracing_on"
	echo >"$t/trace"
	echo 1 >"$t/events/xdp/$event/enable"
	echo 1 >"$t/tracing_on"
	"$@"
	echo 0 >"$t/events/xdp/$event/enable"
	EVENTS=$(grep -c "$event:" "$t/trace" || :)
	info "$event: $EVENTS"
}

unknown() {
	local before code

	attach verdict
	before=$(driver_counts aborted)
	for code in 5 77 4294967295; do
		judge_by verdict=$code
		traced xdp_exception gone 100 size=60-1514
		[ "$EVENTS" = 100 ] || fail "$EVENTS of 100 told to the tracepoint"
	done
	[ "$(counted unknown)" = 300 ]
	grown_by aborted "$before" 300
	still_works
}

aborted() {
	local before

	attach verdict
	before=$(driver_counts aborted)
	judge_by verdict=aborted
	traced xdp_exception gone 100 size=60-1514
	[ "$EVENTS" = 100 ] || fail "$EVENTS of 100 told to the tracepoint"
	grown_by aborted "$before" 100
	still_works
}

# No longer a frame: the kernel refuses, what is left is one
too_short() {
	attach verdict
	judge_by verdict=tx flags=$swap head=1000
	says "$(judge count=50 size=60)" rx 50 back 50
	judge_by verdict=tx flags=$swap tail=-100
	says "$(judge count=50 size=60)" rx 50 back 50
	[ "$(counted refused)" = 100 ] || fail "$("$XDP" counts "$PINS")"
	# an Ethernet header and nothing else is allowed
	judge_by verdict=tx flags=$swap head=46
	says "$(judge_quietly count=50 size=60)" rx 50
	judge_by verdict=pass head=46
	says "$(judge_quietly count=50 size=60)" rx 50
	[ "$(counted refused)" = 100 ] || fail "$("$XDP" counts "$PINS")"
	still_works
}

# judge without a word about frames that cannot be recognised
judge_quietly() { judge "$@" 2>/dev/null || :; }

too_long() {
	attach verdict
	judge_by verdict=tx flags=$swap head=-1000
	says "$(judge count=50 size=60-1514)" rx 50 back 50
	judge_by verdict=tx flags=$swap tail=4000
	says "$(judge count=50 size=60-1514)" rx 50 back 50
	[ "$(counted refused)" = 100 ] || fail "$("$XDP" counts "$PINS")"
	still_works
}

# What grew beyond the MTU is sent or counted; the port lives
beyond_mtu() {
	local before out

	attach verdict
	before=$(driver_counts tx_errors)
	judge_by verdict=tx flags=$swap tail=200
	out=$(judge count=100 size=1514 tail=200)
	says "$out" rx 100 stack 0
	info "sent back $(field back "$out") of 100, errors +$(($(driver_counts tx_errors) - before)): $out"
	still_works
}

# through the map to a port that is down
port_down() {
	local before

	redirect_to_third
	attach verdict
	ip link set "$THIRD" down
	before=$(driver_counts redirect_errors)
	judge_by verdict=redirect flags=$swap
	traced xdp_redirect_err gone 200 size=60-1514
	grown_by redirect_errors "$before" 200
	[ "$EVENTS" = 200 ] || fail "$EVENTS of 200 told to the tracepoint"
	ip link set "$THIRD" up
	wait_for 60 has_carrier "$THIRD"
	still_works
}

# A port that went down while frames were on their way to it
port_flaps() {
	local i

	redirect_to_third
	attach verdict
	judge_by verdict=redirect flags=$swap
	judge_start size=60-1514 stall=300
	judge_moves
	for i in 1 2 3; do
		ip link set "$THIRD" down
		judge_moves
		ip link set "$THIRD" up
		wait_for 60 has_carrier "$THIRD"
		judge_moves back
	done
	judge_stop
	still_works
}

# The port is the one that it came in by: as good as XDP_TX
itself() {
	attach verdict
	"$XDP" port "$PINS" 0 "$IF"
	judge_by verdict=redirect flags=$swap
	says "$(judge count=500 size=60-1514 follow=1)" rx 500 back 500
	[ "$(counted redirect)" = 500 ]
	still_works
}

# Nothing in the map: the helper says XDP_ABORTED
no_entry() {
	attach verdict
	"$XDP" port "$PINS" 0 "$IF"
	"$XDP" port "$PINS" 0 none
	judge_by verdict=redirect flags=$swap
	gone 100 size=60-1514
	[ "$(counted aborted)" = 100 ]
	still_works
}

entry_vanishes() {
	local full=0

	redirect_to_third
	attach verdict
	judge_by verdict=redirect flags=$swap
	! has_driver_counts || full=$(driver_counts xmit_errors "$THIRD")
	judge_start size=60-1514
	judge_moves back
	"$XDP" flap "$PINS" 0 "$THIRD" 300
	judge_moves back
	judge_stop
	! has_driver_counts || full=$(($(driver_counts xmit_errors "$THIRD") - full))
	info "$("$XDP" counts "$PINS"), $THIRD had no room for $full"
	says "$OUT" stack 0 rx "$(field sent "$OUT")" back $(($(counted redirect) - full))
	[ "$(counted aborted)" -gt 0 ] || fail "no frame met a missing entry"
	still_works
}

# A ring of the smallest size for more than it can hold
port_full() {
	local errors out

	redirect_to_third
	ethtool -G "$THIRD" tx 128
	wait_for 60 has_carrier "$THIRD"
	errors=$(driver_counts xmit_errors "$THIRD")
	attach verdict
	judge_by verdict=redirect flags=$swap
	out=$("$WIRE" flood "$NS" "$PEER" - "$IF" count=20000 size=60-1514 ahead=200)
	says "$out" sent 20000 rx 20000
	! has_driver_counts || errors=$(($(driver_counts xmit_errors "$THIRD") - errors))
	info "$out, $THIRD refused $errors, counted $(driver_counts redirect_errors)"
	ethtool -G "$THIRD" tx 256
	wait_for 60 has_carrier "$THIRD"
	judge_by verdict=redirect flags=$swap
	says "$(judge count=200 size=60-1514 follow=1)" back 200
	still_works
}

# Frames of 9,014 bytes to a port with an MTU of 1,500
larger_than_port() {
	local before

	prepare_for 9014
	redirect_to_third
	ip link set "$THIRD" mtu 1500
	wait_for 60 has_carrier "$THIRD"
	LIVE=$(live)
	attach verdict
	judge_by verdict=redirect flags=$swap
	before=$(driver_counts redirect_errors)
	gone 50 size=2000-9014
	grown_by redirect_errors "$before" 50
	still_works_large
}

still_works_large() {
	judge_by verdict=tx flags=$swap
	says "$(judge count=100 size=60-9014 follow=1)" back 100
	balanced
}

t unknown "codes that are no verdict"
t aborted "XDP_ABORTED is told to the tracepoint"
t too_short "a frame cut below its Ethernet header"
t too_long "a frame grown past its room"
t beyond_mtu "XDP_TX of more than the MTU"
t port_down "redirect to a port that is down"
t port_flaps "redirect to a port that goes down and comes up"
t itself "redirect to the same interface"
t no_entry "redirect by a map without an entry"
t entry_vanishes "redirect by an entry that vanishes"
t port_full "redirect to a port whose ring is full"
t larger_than_port "redirect of more than the port's MTU"
run
