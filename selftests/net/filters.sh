#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# filters: up to 10,000 frames at an even pace, half of them to a group, while
# the receiver changes its mind 100 times about what else it wants to hear. Every
# frame is counted.

. "$(dirname "$0")/../lib.sh"

# Room for what comes while a busy machine does not run the guest: the question is
# what the filters lose, not what a short ring does
setup() {
	net_setup
	ethtool -G "$IF" rx 4096 2>/dev/null || :
	wait_link
}
T_SETUP=setup

FRAMES=10000 CHANGES=100

during() {
	local out rc=0

	out=$(wire stream "$NS" "$PEER" - "$IF" $FRAMES $CHANGES "$1") || rc=$?
	info "$CHANGES changes ($1): $out"
	if [ $rc != 0 ] && intree; then
		skip "$DRIVER: ${out%% twice*} with $CHANGES changes ($1)"
	fi
	return $rc
}

none() { FRAMES=2000 CHANGES=0; during multicast; }
promisc() { during promisc; }
multicast() { during multicast; }
allmulti() { FRAMES=2000; during allmulti; }
unicast() { FRAMES=2000; during unicast; }

# The same by ip(8), as a person would: here changes come as fast as they can
by_command() {
	local stream i=0 rc=0

	FRAMES=2000
	"$WIRE" stream "$NS" "$PEER" - "$IF" $FRAMES 0 multicast >"$T_DIR/out" &
	stream=$!
	while kill -0 $stream 2>/dev/null; do
		ip -batch - <<-BATCH
			link set $IF promisc on
			maddr add 01:00:5e:90:20:01 dev $IF
			link set $IF promisc off
			link set $IF allmulticast on
			maddr del 01:00:5e:90:20:01 dev $IF
			link set $IF allmulticast off
		BATCH
		i=$((i + 6))
	done
	wait $stream || rc=$?
	info "$i changes by ip(8): $(cat "$T_DIR/out")"
	if [ $rc != 0 ] && intree; then
		skip "$DRIVER: $(sed 's/ twice.*//' "$T_DIR/out") with $i changes by ip(8)"
	fi
	return $rc
}

# After all that the filter is what it should be: a foreign address is not
# heard, unless promiscuous.
foreign() {
	local heard

	heard=$(listen_foreign)
	[ "$heard" = no ] || fail "a frame to a foreign address was heard without promiscuous mode"
	ip link set "$IF" promisc on
	wait_for 10 ping_works $B4
	heard=$(listen_foreign)
	[ "$heard" = yes ] || fail "a frame to a foreign address was not heard in promiscuous mode"
	ip link set "$IF" promisc off
	wait_for 10 ping_works $B4
	heard=$(listen_foreign)
	[ "$heard" = no ] || fail "promiscuous mode does not end"
}

# The peer pings a neighbour it believes to be at 02:..:99; then one that is
# here, behind it: whatever the first left, it left before the answer came.
listen_foreign() {
	local pid n

	peer ip neigh replace 192.0.2.99 lladdr 02:00:00:00:00:99 dev "$PEER"
	timeout 120 tcpdump --immediate-mode -eplni "$IF" \
		"ether dst 02:00:00:00:00:99 or (icmp and dst host $A4)" >"$T_DIR/heard" 2>"$T_DIR/err" &
	pid=$!
	wait_for 30 grep -q 'listening' "$T_DIR/err" || return 1
	peer ping -c 3 -i 0.02 -W 0.2 192.0.2.99 >/dev/null || :
	peer ping -c 1 -W 10 $A4 >/dev/null
	# frames stay in order: with this one seen, nothing before it is missing
	wait_for 20 grep -q "> $A4: ICMP echo request" "$T_DIR/heard" || return 1
	kill -INT $pid
	wait $pid || :
	n=$(grep -c '> 02:00:00:00:00:99' "$T_DIR/heard" || :)
	if [ "$n" -gt 0 ]; then echo yes; else echo no; fi
}

t none "no change: the count itself is right"
t promisc "promiscuous mode 100 times"
t allmulti "all-multicast mode 100 times"
t multicast "100 groups joined, 76 left"
t unicast "100 unicast addresses added, 76 removed"
t by_command "both by ip(8), as fast as it can"
t foreign "foreign addresses are heard in promiscuous mode alone"
run
