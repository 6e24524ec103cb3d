#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# trace: the tracepoints of the miniport seam: what goes comes back.

. "$(dirname "$0")/swnic.sh"

T_SETUP=net_setup
t received "ndis_indicate, then ndis_return of the same list"
t sent "ndis_send, then ndis_complete of the same list"

record() {	# record EVENT...: what pings of 442 bytes on the wire fire
	ping_works $B4 || fail "no ping"
	trace_start "$@"
	ping -c 4 -i 0.2 -W 5 -q -s 400 $B4 >/dev/null || fail "no ping"
	# the stack's last list is back when the reaper has looked
	sleep 1
	trace_end
}

# lists EVENT TAG: the lists of a ping on this end, sorted
lists() {
	sed -n "s/.* ndis_$1: dev=$IF nbl=\([0-9a-f]*\) tag=$2 owner=$DRIVER len=442 .*/\1/p" \
		"$T_DIR/trace" | sort
}

pairs() {	# pairs EVENT EVENT TAG
	local there back

	record "$1" "$2"
	info "$(grep -m 1 "ndis_$1: dev=$IF" "$T_DIR/trace")"
	info "$(grep -m 1 "ndis_$2: dev=$IF" "$T_DIR/trace")"
	there=$(lists "$1" "$3") back=$(lists "$2" "$3")
	[ "$(wc -w <<<"$there")" = 4 ] || fail "$(wc -w <<<"$there") of 4 events"
	[ "$there" = "$back" ] || fail "there: $there, back: $back"
}

received() { pairs indicate return Swnc; }
sent() { pairs send complete ndTx; }

run
