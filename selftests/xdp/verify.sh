#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# verify: pages that leave by XDP and come back, with the pools in verify mode:
# freed ones are poisoned, and nobody writes there or frees one twice.

. "$(dirname "$0")/../lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)
SWITCH=/sys/kernel/debug/ndis/verify

all() {	# all release | all bind: the devices get new pools
	local dev

	for dev in "$PCI_A" "$PCI_B" "$PCI_C"; do
		[ -z "$dev" ] || "$1" "$dev" "$DRIVER"
	done
}

verified() {	# verified TEST CASE...
	local test=$1 before
	shift

	! intree || skip "$DRIVER has no pools"
	[ -z "$CABLED" ] || skip "it would take the interface from its owner"
	defer "echo 0 >$SWITCH; all release; all bind"
	echo 1 >$SWITCH
	all release
	all bind
	grep -q "$OURS .*verify" /sys/kernel/debug/ndis/pools ||
		fail "no pool of $OURS is in verify mode"
	before=$(stat_of verify_reports)
	CASES="$*" bash "$HERE/$test.sh" || fail "xdp/$test fails in verify mode"
	# what is in quarantine is looked at when the pools go
	all release
	grep '^verify_' /sys/kernel/debug/ndis/stats
	[ "$(stat_of verify_reports)" = "$before" ] || fail "something was reported"
}

one_buffer() { SIZES='60 1514' verified verdicts reset_{pass,drop,tx,redirect}_{60,1514}; }
fragments() { verified adjust fragments metadata; }
bad() { verified bad unknown too_short port_down itself larger_than_port; }
sockets() { verified xsk copy_echo zero_echo zero_redirect; }

t one_buffer "every verdict in verify mode"
t fragments "frames of several buffers in verify mode"
t bad "redirects that fail in verify mode"
t sockets "AF_XDP in verify mode"
run
