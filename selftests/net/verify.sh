#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# verify: the driver's pools in verify mode. Every frame of ping and integrity
# goes through poisoned buffers, and there is nothing to report.

. "$(dirname "$0")/../lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)
SWITCH=/sys/kernel/debug/ndis/verify

# Both devices get new pools
rebind() {
	release "$PCI_A"; release "$PCI_B"
	bind "$PCI_A" "$DRIVER"; bind "$PCI_B" "$DRIVER"
}

verified() {
	! intree || skip "$DRIVER has no pools"
	[ -z "$CABLED" ] || skip "it would take the interface from its owner"
	defer "echo 0 >$SWITCH; rebind"
	echo 1 >$SWITCH
	rebind
	grep -q "$OURS .*verify" /sys/kernel/debug/ndis/pools ||
		fail "no pool of $OURS is in verify mode"
	before=$(stat_of verify_reports)
	bash "$HERE/$1.sh" || fail "net/$1 fails in verify mode"
	grep "$OURS" /sys/kernel/debug/ndis/pools
	# what is in quarantine is looked at when the pools go
	release "$PCI_A"; release "$PCI_B"
	grep '^verify_' /sys/kernel/debug/ndis/stats
	[ "$(stat_of verify_reports)" = "$before" ] || fail "something was reported"
}

ping_verified() { verified ping; }
integrity_verified() { verified integrity; }

t ping_verified "net/ping in verify mode"
t integrity_verified "net/integrity in verify mode"
run
