#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# xsk: AF_XDP on libxdp, copy and zero-copy, which the kernel must confirm; every
# frame's bytes are looked at, in the socket's memory and back at the sender.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../xdp_lib.sh"
T_SETUP=xdp_setup
generic=0
[ "$XDP_MODE" = native ] || generic=1

# xsk_start rx|echo|tx copy|zerocopy [option]...: until it is bound
xsk_start() {
	XSK=$T_DIR/xsk
	rm -f "$XSK" "$XSK.out"
	"$XDP" xsk "$IF" 0 "$PINS" "$@" status="$XSK" \
		generic="$generic" >"$XSK.out" 2>&1 &
	XSK_PID=$!
	defer "kill -9 $XSK_PID 2>/dev/null; wait $XSK_PID 2>/dev/null"
	wait_for 60 xsk_there
}

xsk_there() {
	[ -s "$XSK" ] && return
	kill -0 "$XSK_PID" 2>/dev/null || fail "$(cat "$XSK.out")"
	return 1
}

xsk_at() { cut -d' ' -f"$1" "$XSK"; }	# 1: received, 2: sent

xsk_stop() {
	kill -TERM "$XSK_PID"
	wait "$XSK_PID" || fail "xdp xsk: $(cat "$XSK.out")"
	XSK_SAID=$(cat "$XSK.out")
	info "$XSK_SAID"
	says "$XSK_SAID" wrong 0 foreign 0 rx_invalid 0 tx_invalid 0
}

got() { [ "$(xsk_at 1)" -ge "$1" ]; }

to_socket() {
	attach verdict
	judge_by verdict=redirect flags=$xsk
}

# receives MODE [option]...: 2000 frames, no more and no less
receives() {
	local out

	xsk_start rx "$@"
	to_socket
	out=$(judge count=2000 size=60-1514)
	says "$out" rx 2000 stack 0 back 0
	wait_for 30 got 2000 || fail "the socket has $(xsk_at 1) of 2000 frames"
	xsk_stop
	says "$XSK_SAID" rx 2000 rx_dropped 0
	detach
	balanced
}

# echoes MODE [option]...
echoes() {
	local out

	xsk_start echo "$@"
	to_socket
	out=$(judge count=2000 size=60-1514 follow=1)
	says "$out" rx 2000 back 2000 stack 0
	xsk_stop
	says "$XSK_SAID" rx 2000 tx 2000 in_flight 0
	detach
	balanced
}

copy_rx() { receives copy; }
copy_echo() { echoes copy; }
zero_rx() { receives zerocopy; receives zerocopy wakeup=0; }
zero_echo() { echoes zerocopy; echoes zerocopy wakeup=0; }

# The driver must be told, and only when it asks
need_wakeup() {
	echoes zerocopy
	[ "$(field wakeups "$XSK_SAID")" -gt 0 ] || fail "nobody was woken, and nobody asked for it"
}

# Sockets come and go under traffic, with and without one nothing is damaged
bind_unbind() {	# bind_unbind MODE
	local i

	attach verdict
	judge_by verdict=redirect flags=$xsk
	judge_start size=60-1514 stall=300
	for i in 1 2 3; do
		judge_moves
		xsk_start echo "$1"
		wait_for 60 got 200 || fail "the socket receives nothing: $(cat "$XSK")"
		judge_moves
		kill -TERM "$XSK_PID"
		wait "$XSK_PID" || fail "xdp xsk: $(cat "$XSK.out")"
		info "$(cat "$XSK.out")"
	done
	judge_stop
	says "$OUT" wrong 0 twice 0 stack 0
	detach
	says "$(judge count=200 size=60-1514 follow=1)" stack 200
	balanced
}
copy_bind() { bind_unbind copy; }
zero_bind() { bind_unbind zerocopy; }

# A reset, down and up with a socket bound
zero_reset() {
	xsk_start rx zerocopy
	to_socket
	judge_start size=60-1514 stall=300
	judge_moves
	ethtool -t "$IF" offline >/dev/null || :
	wait_link
	judge_moves
	ip link set "$IF" down
	ip link set "$IF" up
	wait_link
	judge_moves
	judge_stop
	says "$OUT" wrong 0 twice 0 stack 0 back 0
	judge_by verdict=redirect flags=$xsk
	says "$(judge count=500 size=60-1514)" rx 500
	xsk_stop
	detach
	balanced
}

# What the program would send to a port that is down comes back to the socket, each
# chunk once: all of them wait while the socket's program sleeps
zero_redirect() {
	local before

	redirect_to_third
	xsk_start rx zerocopy
	attach verdict
	ip link set "$THIRD" down
	before=$(driver_counts redirect_errors)
	judge_by verdict=redirect flags=$swap
	says "$(judge count=2000 size=60-1514)" rx 2000 stack 0 back 0
	! has_driver_counts || [ $(($(driver_counts redirect_errors) - before)) = 2000 ]
	ip link set "$THIRD" up
	judge_by verdict=redirect flags=$xsk
	kill -STOP "$XSK_PID"
	says "$(judge count=1000 size=60-1514)" rx 1000 stack 0 back 0
	kill -CONT "$XSK_PID"
	wait_for 30 got 1000 || fail "the socket has $(xsk_at 1) of 1000 frames"
	xsk_stop
	says "$XSK_SAID" rx 1000 rx_dropped 0
	wait_for 60 has_carrier "$THIRD"
	detach
	balanced
}

# Sending goes on after a reset, although nothing is received that would wake it
zero_tx_reset() {
	local i

	attach verdict
	xsk_start tx zerocopy size=700 to="$(peer cat "/sys/class/net/$PEER/address")"
	for i in 1 2 3; do
		sent_some || fail "nothing is sent after $(xsk_at 2) frames"
		ethtool -t "$IF" offline >/dev/null || :
		wait_link
	done
	sent_some || fail "nothing is sent after $(xsk_at 2) frames"
	xsk_stop
	detach
	balanced
}
sent() { [ "$(xsk_at 2)" -gt "$1" ]; }
sent_some() { wait_for 20 sent $(($(xsk_at 2) + 10000)); }

# Killed without a word
zero_killed() {
	xsk_start echo zerocopy
	to_socket
	judge_start size=60-1514 stall=300
	wait_for 60 got 200
	kill -9 "$XSK_PID"
	wait "$XSK_PID" || :
	judge_moves
	judge_stop
	detach
	says "$(judge count=200 size=60-1514 follow=1)" stack 200
	balanced
}

# Chunks of half a page, in aligned mode
small_chunks() {
	receives copy chunk=2048
	receives zerocopy chunk=2048
	echoes zerocopy chunk=2048
}

# Chunks that lie anywhere: supported, or refused with an errno that says so
unaligned() {
	local out

	receives copy unaligned=1 chunk=3000 shift=100
	if out=$("$XDP" xsk "$IF" 0 "$PINS" rx zerocopy unaligned=1 chunk=3000 shift=100 idle=1 2>&1); then
		receives zerocopy unaligned=1 chunk=3000 shift=100
	else
		info "refused: $out"
		grep -qiE 'not supported|invalid' <<<"$out" || fail "refused without a reason: $out"
	fi
	echoes zerocopy
}

# No queue of that number, no room for a frame
refusals() {
	refused 'Invalid|argument|such' "$XDP" xsk "$IF" 9 "$PINS" rx zerocopy idle=1
	refused 'Invalid|argument' "$XDP" xsk "$IF" 0 "$PINS" rx zerocopy chunk=1024 idle=1
	# the second one that wants the queue
	xsk_start rx zerocopy
	refused 'busy' "$XDP" xsk "$IF" 0 "$PINS" rx zerocopy idle=1
	# frames that would not fit into its memory
	refused 'Invalid|argument' ip link set "$IF" mtu 9000
	xsk_stop
	receives zerocopy
}

# Sending alone, while nobody receives
sends() {	# sends MODE
	local out before now

	before=$(peer cat "/sys/class/net/$PEER/statistics/rx_packets")
	out=$("$XDP" xsk "$IF" 0 "$PINS" tx "$1" count=3000 size=700 \
		generic="$generic" \
		to="$(peer cat "/sys/class/net/$PEER/address")")
	info "$out"
	says "$out" tx 3000 in_flight 0 tx_invalid 0
	arrived() { [ $(($(peer cat "/sys/class/net/$PEER/statistics/rx_packets") - before)) -ge 3000 ]; }
	wait_for 20 arrived || fail "not all of them arrived"
}
zero_tx() { attach verdict; sends zerocopy; balanced; }
copy_tx() { attach verdict; sends copy; balanced; }

t copy_rx "copy: receive"
t copy_tx "copy: send"
t copy_echo "copy: receive and send back"
t copy_bind "copy: bound and unbound under traffic"
t zero_rx "zero-copy: receive"
t zero_tx "zero-copy: send"
t zero_echo "zero-copy: receive and send back"
t need_wakeup "zero-copy: need_wakeup"
t zero_bind "zero-copy: bound and unbound under traffic"
t zero_reset "zero-copy: reset, down and up"
t zero_redirect "zero-copy: redirected to a port that is down"
t zero_tx_reset "zero-copy: send, and reset"
t zero_killed "zero-copy: the program is killed"
t small_chunks "chunks of 2,048 bytes"
t unaligned "unaligned chunks"
t refusals "what cannot be bound"
run
