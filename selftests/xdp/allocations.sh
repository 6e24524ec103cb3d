#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# allocations: every allocation that the kernel makes fails in turn while a program is
# attached and an AF_XDP socket bound; and at random while frames go their ways. A frame
# may be lost for want of memory; none is damaged or comes twice, and no list is lost.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../xdp_lib.sh"
. "$(dirname "$0")/../inject_lib.sh"
T_SETUP=xdp_setup

begin() {
	[ "$XDP_MODE" = native ] || skip "it is about the driver's own XDP"
	[ -z "$CABLED" ] || skip "not with somebody's cable"
	! intree || skip "it is about our driver"
	inject_begin "$1"
}

# Small rings, because each of their buffers is an allocation
small_rings() {
	ethtool -G "$IF" rx 128 tx 128
	defer "ethtool -G $IF rx 256 tx 256"
	wait_link
	LIVE=$(live)
}

attach_fails() {
	begin all
	small_rings
	nth "attach" xdp "$IF"
	mtu_all 9000
	nth "attach, MTU 9000" xdp "$IF"
	mtu_all 1500
	all_pass
}

bind_fails() {
	begin all
	small_rings
	nth "AF_XDP" xsk "$IF"
	wait_for 30 all_pass
}

all_pass() {
	wait_received
	says "$(judge count=200 size=60-1514 follow=1)" stack 200
	balanced
}

# at_random VERDICT: fragments too
at_random() {
	local size left kind flags=0 refused=0

	[ "$1" = pass ] || flags=$swap
	[ "$1" != redirect ] || redirect_to_third
	begin modules
	prepare_for 9014
	LIVE=$(live)
	judge_by verdict="$1" flags=$flags
	attach verdict
	inject verbose 0
	inject times 1000000
	for size in 60-1514 9014; do
		judge_start size=$size stall=300
		inject probability 5
		for _ in {1..10}; do judge_moves; done
		inject probability 0
		judge_moves
		judge_stop
		says "$OUT" wrong 0 twice 0
	done
	for kind in failslab fail_page_alloc; do
		left=$(cat $INJECT/$kind/times)
		refused=$((refused + 1000000 - left))
		info "$kind: $((1000000 - left)) refused"
	done
	[ $refused -gt 0 ] || [ "$1" = tx ] || fail "nothing was refused"
	# and then none is lost
	OUT=$(judge count=300 size=60-1514 follow=1)
	says "$OUT" rx 300 wrong 0
	detach
	balanced
}

pass_random() { at_random pass; }
tx_random() { at_random tx; }
redirect_random() { at_random redirect; }

t attach_fails "a program is attached"
t bind_fails "an AF_XDP socket is bound without copying"
t pass_random "XDP_PASS, allocations fail at random"
t tx_random "XDP_TX, allocations fail at random"
t redirect_random "XDP_REDIRECT, allocations fail at random"
run
