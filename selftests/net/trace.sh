#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# trace: a packet's way as ndis.ko's tracepoints tell it.

. "$(dirname "$0")/../lib.sh"

T_SETUP=net_setup
t received "ndis_indicate: a list for each packet, with device, tag and length"
t sent "ndis_send and ndis_complete: the same list, with device, tag and length"

# record EVENT...: what pings of 242 bytes on the wire fire
record() {
	! intree || skip "$DRIVER has no lists"
	ping_works $B4 || fail "no ping"
	trace_start "$@"
	ping -c 4 -i 0.2 -W 5 -q -s 200 $B4 >/dev/null || fail "no ping"
	# a completion may wait for the next interrupt
	ping -c 1 -W 5 -q $B4 >/dev/null || fail "no ping"
	trace_end
}

# lists EVENT TAG: the lists of a packet on this end, in order
lists() {
	sed -n "s/.* ndis_$1: dev=$IF nbl=\([0-9a-f]*\) tag=$2 owner=$DRIVER len=242 status=0x0$/\1/p" "$T_DIR/trace"
}

received() {
	record indicate
	info "$(grep -m 1 "dev=$IF" "$T_DIR/trace")"
	[ "$(lists indicate enRx | wc -l)" -ge 4 ] || fail "$(lists indicate enRx | wc -l) events"
	# the other end sees the requests
	grep -q "ndis_indicate: dev=$PEER .* len=242" "$T_DIR/trace"
}

sent() {
	local list

	record send complete
	info "$(grep -m 1 "dev=$IF" "$T_DIR/trace")"
	[ "$(lists send enTx | wc -l)" -ge 4 ] || fail "$(lists send enTx | wc -l) events"
	for list in $(lists send enTx | head -n 4); do
		[ "$(lists send enTx | grep -c "$list")" = "$(lists complete enTx | grep -c "$list")" ] ||
			fail "list $list is not completed as often as sent"
	done
}

run
