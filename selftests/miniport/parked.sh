#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# parked: received lists sit in a socket whose reader sleeps. Pause ends all the
# same and names the holder; traffic goes on after restart; halt gives the lists
# back by force and every byte is still there; a reader that is done lets them go
# home; and when few are left, frames are copied.

. "$(dirname "$0")/swnic.sh"
T_SETUP=net_setup

SIZE=350001	# in datagrams of 1400 bytes: fewer than the miniport has buffers

stopped() { grep -q '^State:.T' "/proc/$READER/status"; }
of() { ethtool -S "$IF" | awk -v n="$1:" '$1 == n { print $2 }'; }
out() { awk -v n="$IF" '$1 == n { for (i = 2; i < NF; i++) if ($i == "out") print $(i + 1) }' \
	/sys/kernel/debug/ndis/adapters; }
out_is() { test "$(out)" "$1" "$2"; }
flowed() { [ "$(of "$1")" -ge "$2" ]; }
said() { log_since parked | grep -E "$1"; }

# A reader that has stopped, and $1 bytes that wait for it
park() {
	free_at_once
	log_mark parked
	head -c "$1" /dev/urandom >"$T_DIR/in"
	"$WIRE" hold udp - $A4 7100 "$T_DIR/out" >"$T_DIR/reader" &
	READER=$!
	defer "kill -9 $READER 2>/dev/null; wait $READER 2>/dev/null"
	wait_for 20 grep -q ready "$T_DIR/reader"
	# while a neighbour is not known only the newest datagrams wait for it
	wait_for 20 peer ping -q -c 1 -W 1 $A4
	wire push udp "$NS" $A4 7100 "$T_DIR/in"
	wait_for 20 stopped || fail "the reader did not stop"
}

drain() {
	kill -CONT "$READER"
	wait "$READER" || fail "the reader failed"
	cmp "$T_DIR/in" "$T_DIR/out" || fail "the bytes changed while they were parked"
}

# Lent lists are listed with holder, age and whose frame it is
listed() {
	park $SIZE
	wait_for 20 out_is -ge $((SIZE / 1400)) || fail "$(out) lists are out"
	info "$(grep -m 2 ' held by ' /sys/kernel/debug/ndis/pending)"
	grep -qE "^$IF list .*\(Swnc\), 1442 bytes, out for [0-9]+ ms, held by the stack: 192.0.2.2 > 192.0.2.1 UDP port [0-9]+ > 7100" \
		/sys/kernel/debug/ndis/pending
	drain
	wait_for 20 out_is -eq 0 || fail "$(out) lists did not come back"
	! grep 'held by the stack' /sys/kernel/debug/ndis/pending
}

paused() {
	local start=$SECONDS before

	park $SIZE
	before=$(of pause_late)
	ip link set "$IF" down
	[ $((SECONDS - start)) -lt 30 ] || fail "the pause took $((SECONDS - start)) s"
	said "$IF of ndis_swnic: pause goes on after 2000 ms without [0-9]+ lists"
	said "$IF: list .*held by the stack: 192.0.2.2 > 192.0.2.1 UDP port [0-9]+ > 7100"
	ip link set "$IF" up
	wait_link
	[ "$(of pause_late)" = $((before + 1)) ] || fail "pause_late is $(of pause_late)"
	# the buffers that are left carry the traffic, those parked stay as they are
	ping -q -f -c 300 -s 1400 -W 10 $B4
	sweep_both "$IF" "$PEER" 60-1514/101
	drain
	wait_for 20 out_is -eq 0 || fail "$(out) lists did not come back"
	[ "$(of rx_forced)" = 0 ] || fail "lists were taken back by force"
}

# All in vain, and then the reader wakes up while the interface is down
late() {
	park $SIZE
	ip link set "$IF" down
	drain
	wait_for 20 out_is -eq 0 || fail "$(out) lists did not come back"
	ip link set "$IF" up
	wait_link
	ping -q -c 2 -i 0.1 -W 10 $B4
}

stir() {
	head -c 60000000 /dev/zero >/tmp/stir 2>/dev/null || :
	rm -f /tmp/stir
}

halted() {
	park $SIZE
	defer driver_load
	timeout 60 rmmod ndis_swnic || fail "rmmod ndis_swnic"
	said "held by the stack" >/dev/null
	[ "$(stat_of pools_created)" = "$(stat_of pools_destroyed)" ]
	[ "$(stat_of lists_allocated)" = "$(stat_of lists_freed)" ]
	timeout 60 rmmod ndis || fail "rmmod ndis"
	stir
	drain
}

# More datagrams than buffers: the last ones are indicated with RESOURCES
low() {
	local resources

	resources=$(of rx_copy_resources)
	park 900001
	info "out $(out), rx_copy_resources $(of rx_copy_resources)"
	[ "$(of rx_copy_resources)" -gt "$resources" ] || fail "nothing was indicated with RESOURCES"
	[ "$(of rx_dropped)" = 0 ]
	ping -q -f -c 300 -s 1400 -W 10 $B4
	drain
	wait_for 20 out_is -eq 0 || fail "$(out) lists did not come back"
}

# What is lent and what is copied, by size; nothing for any other reason
counted() {
	local zero small

	net_quiet
	zero=$(of rx_zero_copy) small=$(of rx_copy_small)
	# quiet: these frames and no others; they are of no protocol, so that all
	# of their headers is Ethernet's
	wire sweep "$NS" "$PEER" - "$IF" 60x100 256x50 257x70 1514x30
	[ $(($(of rx_copy_small) - small)) = 150 ] || fail "rx_copy_small grew by $(($(of rx_copy_small) - small))"
	[ $(($(of rx_zero_copy) - zero)) = 100 ] || fail "rx_zero_copy grew by $(($(of rx_zero_copy) - zero))"
	[ "$(of rx_copy_memory)" = 0 ]
	[ "$(of rx_copy_shared)" = 0 ]
	[ "$(of rx_copied)" = $(($(of rx_copy_small) + $(of rx_copy_resources) + $(of rx_copy_other))) ]
	wait_for 20 out_is -eq 0
	[ "$(of rx_returned)" -ge "$(of rx_zero_copy)" ]
}

t listed "lists that are out are listed, and come back"
t counted "copied and lent frames are counted, with reasons"
t paused "pause is bounded and names the holder; traffic goes on"
t late "lists that come back after the pause"
t low "few buffers left: RESOURCES"
t halted "halt forces lists; the bytes outlive both modules"
run
