#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# vlan: tags inserted, stripped and filtered by the device or by the stack, in
# every combination; also priority tags and a tag in a tag.

. "$(dirname "$0")/../lib.sh"

IDS="1 5 100 4094"

# one_end DEV HOST: a VLAN each, 198.51.100.16, .32 and on
one_end() {
	local id n=0

	for id in $IDS; do
		n=$((n + 16))
		echo "link add link $1 name v$id type vlan id $id"
		echo "addr add 198.51.100.$((n + $2))/28 dev v$id"
		echo "link set v$id addrgenmode none"
		echo "link set v$id up"
	done
}

setup() {
	net_setup
	one_end "$IF" 1 | ip -batch -
	one_end "$PEER" 2 | ip -n "$NS" -batch -
}
T_SETUP=setup

# Frames of one id arrive at that id's interface, and byte for byte
exchange() {
	local id n=0

	for id in $IDS; do
		n=$((n + 16))
		ping -c 1 -W 10 198.51.100.$((n + 2)) >/dev/null || fail "no ping on VLAN $id"
	done
	sweep_both v100 v100 14-80/3 100-1514/201 1514
	# untagged beside tagged
	sweep_both "$IF" "$PEER" 60 1514
}

file() {
	head -c 300001 /dev/urandom >"$T_DIR/in"
	wire copy tcp - 198.51.100.49 "$NS" 198.51.100.50 "$T_DIR/in" "$T_DIR/out"
	cmp "$T_DIR/in" "$T_DIR/out"
	wire copy udp "$NS" 198.51.100.50 - 198.51.100.49 "$T_DIR/in" "$T_DIR/out"
	cmp "$T_DIR/in" "$T_DIR/out"
}

combine() {
	local f=$1 state=$2 seen
	shift 2

	if feature_fixed "$f"; then
		info "$f is fixed: $(feature "$f")"
	else
		set_feature "$f" "$state" || info "ethtool -K $f $state returns an error"
		seen=$(feature "$f")
		info "$f: $seen"
		# The device inserts only while it strips (CTRL.VME enables both): a
		# driver may refuse the half, if it says so
		[[ $seen = "$state"* ]] || [ "$f: $seen" = "txvlan: off [requested on]" ] ||
			fail "$f is $seen, not $state"
	fi
	if [ $# -gt 0 ]; then combine "$@"; else wait_link; fi
}

all_on() { combine rxvlan on txvlan on rx-vlan-filter on; exchange; file; }
insert_only() { combine rxvlan off txvlan on rx-vlan-filter on; exchange; file; }
strip_only() { combine rxvlan on txvlan off rx-vlan-filter on; exchange; file; }
no_filter() { combine rxvlan on txvlan on rx-vlan-filter off; exchange; }
all_off() { combine rxvlan off txvlan off rx-vlan-filter off; exchange; file; }

# One end strips in hardware, the other sends tags as data: what is on the
# wire is a tag, not a private understanding of two equal drivers.
unequal() {
	ethtool -K "$IF" rxvlan on txvlan on >/dev/null
	peer ethtool -K "$PEER" rxvlan off txvlan off >/dev/null 2>&1 ||
		skip "the peer's VLAN offloads are fixed"
	exchange
	ethtool -K "$IF" rxvlan off txvlan off >/dev/null
	peer ethtool -K "$PEER" rxvlan on txvlan on >/dev/null
	exchange
}

# Priority and tag survive: the receiver's counters per priority are not
# shown, so look at the tag itself.
tag() {
	ip link set v100 type vlan egress 0:5
	combine rxvlan off
	peer timeout 60 tcpdump -Uni "$PEER" -c 1 -e vlan 100 and icmp >"$T_DIR/dump" 2>"$T_DIR/err" &
	wait_for 30 grep -q listening "$T_DIR/err" || fail "tcpdump: $(cat "$T_DIR/err")"
	wait_for 20 ping_works 198.51.100.50 || fail "no ping"
	wait $!
	cat "$T_DIR/dump"
	grep -q 'vlan 100, p 5' "$T_DIR/dump"
}

filtered() {
	local before after

	feature_fixed rx-vlan-filter && skip "the filter is fixed"
	combine rx-vlan-filter on
	ip link del v5
	# a foreign tag must not reach anyone; a known one still does
	! ping_works 198.51.100.34 || fail "VLAN 5 answers although it is deleted"
	ping -c 1 -W 10 198.51.100.50 >/dev/null || fail "VLAN 100 is gone too"
	ip link add link "$IF" name v5 type vlan id 5
	ip addr add 198.51.100.33/28 dev v5
	ip link set v5 up
	wait_for 20 ping_works 198.51.100.34 || fail "VLAN 5 stays deaf after it was added again"
}

# The ids survive what resets the device
survives() {
	ip link set "$IF" down
	ip link set "$IF" up
	wait_link
	has_rings || { exchange; return; }
	ethtool -G "$IF" rx 512
	wait_link
	exchange
	ethtool -G "$IF" rx 256
}

# all of them, as a trunk would
many() {
	local id

	for id in {3001..3100}; do
		echo "link add link $IF name w$id type vlan id $id"
	done | ip -batch -
	ip link set w3001 up
	ip link set w3100 up
	exchange
	for id in {3001..3100}; do
		echo "link del w$id"
	done | ip -batch -
	ping -c 1 -W 10 198.51.100.50 >/dev/null
}

qinq() {
	ip link add link v100 name q7 type vlan id 7
	ip -n "$NS" link add link v100 name q7 type vlan id 7
	ip link set q7 up
	ip -n "$NS" link set q7 up
	# the inner tag takes 4 bytes of the outer one's MTU
	ip link set q7 mtu 1496
	ip -n "$NS" link set q7 mtu 1496
	sweep_both q7 q7 60 61 1000 1505-1510
}

jumbo() {
	ip link set "$IF" mtu 9000
	ip -n "$NS" link set "$PEER" mtu 9000
	ip link set v100 mtu 9000
	ip -n "$NS" link set v100 mtu 9000
	wait_link
	sweep_both v100 v100 60 61 9013 9014 60-9014/509
}

t all_on "insert, strip and filter on"
t insert_only "strip off"
t strip_only "insert off"
t no_filter "filter off"
t all_off "all off"
t unequal "the ends differ"
t tag "id and priority are on the wire"
t filtered "a deleted id is filtered, an added one heard"
t survives "ids survive down/up and a new ring"
t many "100 ids added and deleted"
t qinq "a tag in a tag"
t jumbo "VLAN frames at MTU 9000"
run
