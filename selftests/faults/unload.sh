#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# unload: both modules go while somebody still has what is theirs: packet sockets with
# frames that nobody has read, AF_XDP sockets, programs, redirection. Sockets of UDP and
# TCP are net/held's.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../xdp_lib.sh"
T_SETUP=unload_setup

unload_setup() {
	[ -n "$OWN_MODULES" ] || skip "other interfaces use $DRIVER"
	xdp_setup
	defer "rm -f $T_DIR/xdp $T_DIR/state"	# the interfaces will be new ones
	defer driver_load
}

# They must go within a minute, whoever waits for what
unload_both() {
	timeout 60 rmmod "$DRIVER" || fail "rmmod $DRIVER"
	intree || timeout 60 rmmod ndis || fail "rmmod ndis"
}

# Memory that was given back wrongly is somebody else's soon
stir() {
	head -c 30000000 /dev/zero >/tmp/stir 2>/dev/null || :
	rm -f /tmp/stir
}

# Again from nothing: frames of all sizes arrive, and no list is missing
works_again() {
	driver_load
	for dev in "$PCI_A" "$PCI_B" ${PCI_C:+"$PCI_C"}; do bind "$dev" "$DRIVER"; done
	rm -f "$T_DIR/xdp" "$T_DIR/state"
	xdp_names
	xdp_quiet
	sweep_both "$IF" "$PEER" 60-1514/31 1514x20 >/dev/null
	balanced
}

is_stopped() { grep -q '^State:.T' "/proc/$1/status"; }

packet_sockets() { awk 'NR > 1 && $3 == 3 { n++ } END { print n + 0 }' /proc/net/packet; }
one_more() { [ "$(packet_sockets)" -gt "$1" ]; }
# Bytes of memory in the fullest
unread() { awk 'NR > 1 && $7 > most { most = $7 } END { print most + 0 }' /proc/net/packet; }

# In the queue of a packet socket, as they came: pages of a pool that is no more
packet_socket() {
	local reader before

	before=$(packet_sockets)
	socat -u INTERFACE:"$IF" OPEN:/dev/null 2>"$T_DIR/socat" &
	reader=$!
	defer "kill -9 $reader 2>/dev/null"
	wait_for 20 one_more "$before" || fail "socat has no socket: $(cat "$T_DIR/socat")"
	kill -STOP $reader
	wait_for 20 is_stopped $reader
	wire sweep "$NS" "$PEER" - "$IF" 1000x100 >/dev/null
	[ "$(unread)" -gt 100000 ] || fail "nothing waits: $(cat /proc/net/packet)"
	unload_both
	stir
	info "$(unread) bytes of memory are held after both modules have gone"
	[ "$(unread)" -gt 100000 ] || fail "nothing waits any more: $(cat /proc/net/packet)"
	kill -CONT $reader
	wait $reader || :
	works_again
}

# xsk_gone MODE: bound, receiving and sending back as they go
xsk_gone() {
	local status=$T_DIR/xsk pid

	[ "$XDP_MODE" = native ] && ! intree || skip "$DRIVER has no native XDP"
	"$XDP" xsk "$IF" 0 "$PINS" echo "$1" status="$status" generic=0 >"$status.out" 2>&1 &
	pid=$!
	defer "kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null"
	wait_for 60 test -s "$status" || fail "no socket: $(cat "$status.out")"
	attach verdict
	judge_by verdict=redirect flags=$xsk
	judge_start size=60-1514 stall=300
	judge_moves back
	unload_both
	kill -9 "$JUDGE_PID" 2>/dev/null || :	# it has no interface any more
	stir
	# The memory is the program's still, unless a send without a device has ended it
	info "it has received $(cut -d' ' -f1 "$status") frames"
	kill -9 $pid 2>/dev/null || :
	works_again
}
xsk_copy() { xsk_gone copy; }
xsk_zero() { xsk_gone zerocopy; }

# Programs attached, frames sent back, frames on their way to another port
xdp_gone() {
	[ "$XDP_MODE" = native ] && ! intree || skip "$DRIVER has no native XDP"
	attach verdict
	judge_by verdict="$1" flags=$swap
	judge_start size=60-1514 stall=300 either=1
	judge_moves
	unload_both
	kill -9 "$JUDGE_PID" 2>/dev/null || :	# it has no interface any more
	stir
	works_again
}
xdp_tx() { xdp_gone tx; }
xdp_redirect() {
	redirect_to_third
	xdp_gone redirect
}

t packet_socket "packets unread in a packet socket"
t xsk_copy "an AF_XDP socket, copy"
t xsk_zero "an AF_XDP socket, zero-copy"
t xdp_tx "a program that sends back"
t xdp_redirect "a program that redirects to another port"
run
