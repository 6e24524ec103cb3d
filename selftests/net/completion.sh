#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# completion: small packets are copied, so nobody waits for them, and the device is
# asked to report few of them. What waits for a report gets one all the same.

. "$(dirname "$0")/../lib.sh"

setup() {
	net_setup
	LIMITS=/sys/class/net/$IF/queues/tx-0/byte_queue_limits
}
T_SETUP=setup

# Bytes that are the device's and that it has not reported
inflight() { cat "$LIMITS/inflight"; }
none_inflight() { [ "$(inflight)" = 0 ]; }
sent() { cat "/sys/class/net/$IF/statistics/tx_packets"; }
own() { ethtool -S "$IF" | awk -v name="$1:" '$1 == name { print $2 }'; }

# to_peer SIZES...: frames, each of which has to arrive
to_peer() { wire sweep - "$IF" "$NS" "$PEER" "$@"; }

# A mapped packet is reported, and what was sent before it with it; the kernel may
# send a word of its own behind it
flush() {
	to_peer 1514x1 >/dev/null
	none_inflight || { nap; none_inflight; }
}
all_reported() { wait_for 20 flush || fail "$(inflight) bytes are still out"; }

unreported() {
	local before

	intree && skip "the driver in the tree asks for every report"
	net_quiet
	all_reported
	before=$(sent)
	to_peer 60x20
	[ "$(sent)" = $((before + 20)) ] || fail "$(($(sent) - before)) of 20 count as sent"
	[ "$(inflight)" = 1200 ] || fail "$(inflight) bytes are out, not 1200"
	all_reported
}

# Mixed with what is mapped, and more than a ring of them
mixed() {
	sweep_both "$IF" "$PEER" 60x600 1514x3 60-200 1514x1 60x2000 200-300 60x1
	all_reported
}

# The queue stops at nearly every packet, and each stop has to end. Linux's pfifo_fast,
# which takes no lock, lets neighbours change places when that happens on a busy
# machine, with any driver.
stopping() {
	defer "tc qdisc del dev $IF root"
	tc qdisc replace dev "$IF" root pfifo
	defer "cat $T_DIR/limit >$LIMITS/limit_max"
	cat "$LIMITS/limit_max" >"$T_DIR/limit"
	local bytes

	for bytes in 60 200 3000; do
		echo $bytes >"$LIMITS/limit_max"
		to_peer 60x1000 60-200 1514x20 60x500
	done
	all_reported
}

# The smallest ring, where a run has the least room, with checksums and tags
small_ring() {
	has_rings || skip "no ring sizes"
	defer "ethtool -G $IF tx 256; wait_link"
	ethtool -G "$IF" tx 128
	wait_link
	to_peer 60x2000 60-300 1514x200 60x300
	traffic_start
	traffic_stop
	all_reported
}

# pktgen's burst, with softirqs off and one doorbell, is longer than the ring: only then
# does the queue stop for want of room, as NAPI is asked to look before. Both sorts
full() {
	local before set size

	intree && skip "stops are not counted"
	modprobe pktgen 2>"$T_DIR/err" || skip "no pktgen: $(cat "$T_DIR/err")"
	has_rings || skip "no ring sizes"
	defer "echo rem_device_all >/proc/net/pktgen/kpktgend_0; ethtool -G $IF tx 256; wait_link"
	ethtool -G "$IF" tx 128
	wait_link
	for size in 60 1514; do
		before=$(own tx_queue_0_stops)
		echo "add_device $IF" >/proc/net/pktgen/kpktgend_0
		for set in "count 3000" "clone_skb 1000" "burst 300" "pkt_size $size" \
			   "delay 0" "dst 192.0.2.99" "dst_mac 02:00:00:00:00:99"; do
			echo "$set" >"/proc/net/pktgen/$IF"
		done
		echo start >/proc/net/pktgen/pgctrl
		grep -q "Result: OK" "/proc/net/pktgen/$IF" ||
			fail "pktgen: $(tail -n 1 "/proc/net/pktgen/$IF")"
		echo rem_device_all >/proc/net/pktgen/kpktgend_0
		info "$size bytes: $(($(own tx_queue_0_stops) - before)) stops"
		[ "$(own tx_queue_0_stops)" -gt "$before" ] || fail "the queue never stopped"
	done
	to_peer 60x300 1514x10
	all_reported
}

# With copies that nobody has been told of
down_up() {
	local before dropped resets

	net_quiet
	all_reported
	before=$(sent) dropped=$(cat "/sys/class/net/$IF/statistics/tx_dropped")
	resets=$(own resets)
	to_peer 60x30
	ip link set "$IF" down
	ip link set "$IF" up
	wait_link
	[ "$(inflight)" = 0 ] || fail "$(inflight) bytes are out of a new ring"
	[ "$(sent)" = $((before + 30)) ] || fail "$(($(sent) - before)) of 30 count as sent"
	[ "$(cat "/sys/class/net/$IF/statistics/tx_dropped")" = "$dropped" ] ||
		fail "frames that arrived count as dropped"
	[ "$(own resets)" = "$resets" ] || fail "the device was reset"
	to_peer 60x300 1514x10
	all_reported
}

# Without copies every packet is reported
no_copies() {
	intree && skip "the driver in the tree copies nothing"
	net_quiet
	defer "ethtool --set-tunable $IF tx-copybreak 128"
	ethtool --set-tunable "$IF" tx-copybreak 0
	to_peer 60x20
	wait_for 20 none_inflight || fail "$(inflight) bytes are still out"
}

t unreported "20 copies stay unreported and count as sent"
t mixed "copies and mapped packets in turn"
t stopping "byte queue limits of 60 to 3,000 bytes"
t small_ring "a ring of 128"
t full "bursts longer than the ring"
t down_up "down and up, with unreported copies"
t no_copies "tx-copybreak 0"
run
