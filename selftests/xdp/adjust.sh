#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# adjust: what a program may do to a frame before it decides: more or fewer bytes
# in front and behind, metadata; every byte is compared where the frame arrives.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../xdp_lib.sh"
T_SETUP=xdp_setup

# through HEAD TAIL SIZE [KEY=VALUE...]: every frame by PASS, and sent back
through() {
	local head=$1 tail=$2 size=$3 out
	shift 3

	judge_by verdict=pass head="$head" tail="$tail" "$@"
	out=$(judge count=200 size="$size" head="$head" tail="$tail" follow=1)
	says "$out" sent 200 stack 200 back 0 plain 0
	judge_by verdict=tx head="$head" tail="$tail" flags=$swap "$@"
	out=$(judge count=200 size="$size" head="$head" tail="$tail" follow=1)
	says "$out" sent 200 back 200 stack 0 plain 0
	info "head $head, tail $tail, $size bytes: 200 passed, 200 came back"
}

none_refused() { [ "$(counted refused)" = 0 ] || fail "$("$XDP" counts "$PINS")"; }

head_cut() {
	attach verdict
	through 1 0 60-1514
	through 32 0 80-1514
	through 40 0 100-1514
	none_refused
	balanced
}

# up to what an encapsulation needs
head_grown() {
	attach verdict
	through -4 0 60-1450
	through -50 0 60-1450
	through -64 0 60-1450
	none_refused
	balanced
}

tail_cut() {
	attach verdict
	through 0 -1 60-1514
	through 0 -30 60-1514
	through 0 -100 200-1514
	none_refused
	balanced
}

tail_grown() {
	attach verdict
	through 0 1 60-1450
	through 0 64 60-1450
	through 0 200 60-1314
	none_refused
	balanced
}

both_ends() {
	attach verdict
	through -16 -7 100-1450
	through 12 33 100-1450
	none_refused
	balanced
}

# The last fragment grows and shrinks, a whole one goes
fragments() {
	prepare_for 9014
	LIVE=$(live)
	attach verdict
	through 0 0 60-9014
	through -20 0 3000-8900
	through 24 0 3000-9014
	through 0 -40 2040-8900
	through 0 -2100 4200-9014
	through -8 -3 2020-2120
	# a fragment of 2,048 bytes has no room: the last one is never full here
	through 0 16 2200-3900
	through 0 16 4200-5900
	none_refused
	balanced
}

# At tc's ingress it is there, right before the frame
metadata() {
	local n

	attach verdict
	tc qdisc add dev "$IF" clsact
	defer tc qdisc del dev "$IF" clsact
	tc filter add dev "$IF" ingress bpf da object-pinned "$PINS/meta_check"
	for n in 8 16 32; do
		judge_by verdict=pass meta=$n
		says "$(judge count=100 size=60-1514 follow=1)" stack 100
	done
	# it moves along with the head
	judge_by verdict=pass meta=8 head=-8
	says "$(judge count=100 size=60-1400 head=-8 follow=1)" stack 100
	[ "$(counted meta_good) $(counted meta_bad)" = "400 0" ] ||
		fail "$("$XDP" counts "$PINS")"
	judge_by verdict=pass
	says "$(judge count=50 size=60-1514 follow=1)" stack 50
	[ "$(counted meta_bad)" = 50 ] || fail "frames without metadata have some"
	none_refused
	balanced
}

# The tag is with the packet as it was without a program
vlan_link() {
	ip link add link "$IF" name v9 type vlan id 9
	defer ip link del v9
	ip -n "$NS" link add link "$PEER" name v9 type vlan id 9
	defer ip -n "$NS" link del v9
	ip link set v9 up
	ip -n "$NS" link set v9 up
}

vlan() {
	local rxvlan

	vlan_link
	defer ethtool -K "$IF" rxvlan on txvlan on
	for rxvlan in on off; do
		ethtool -K "$IF" rxvlan $rxvlan
		wait_link
		attach verdict
		judge_by verdict=pass ethertype=0
		wire sweep "$NS" v9 - v9 60-1514/31 1514
		info "rxvlan $rxvlan: $("$XDP" counts "$PINS")"
		detach
	done
	[ "$(counted pass)" -ge 90 ]
	balanced
}

# What hardware took off, a program can ask for
vlan_hint() {
	kernel_since 6.8 || skip "kernel $(uname -r) has no hint for tags"
	vlan_link
	load_programs hints "$PINS/hints" "$IF"
	ip link set dev "$IF" $HOOK pinned "$PINS/hints/hints"
	attached "$IF"
	wire sweep "$NS" v9 - v9 900x50
	says "$(judge count=50 size=60-1514 follow=1)" stack 50
	says "$("$XDP" counts "$PINS/hints")" vlan_good 50 vlan_bad 0 other 50
	balanced
}

# TCP with checksum offload, segmentation and GRO around a program
streams() {
	ip link set "$IF" arp on
	ip -n "$NS" link set "$PEER" arp on
	attach verdict
	judge_by verdict=pass ethertype=0
	traffic_start
	datagrams_flow
	detach
	datagrams_flow
	attach other
	traffic_stop
	[ "$(counted pass)" -gt 100 ] || fail "the program saw $(counted pass) frames"
}

t head_cut "bytes are cut off the head"
t head_grown "the head grows"
t tail_cut "bytes are cut off the tail"
t tail_grown "the tail grows"
t both_ends "both ends at once"
t fragments "the same in frames of several buffers"
t metadata "metadata reaches tc"
t vlan "VLAN tags after XDP_PASS"
t vlan_hint "the VLAN tag as a hint"
t streams "TCP and UDP through XDP_PASS"
run
