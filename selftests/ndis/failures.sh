#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# failures: every allocation of ndis.ko fails, one at a time. For each site in
# /sys/kernel/debug/ndis/fail, and each time that a scenario comes by it, the
# scenario is run with that one allocation refused; afterwards nothing is out.

. "$(dirname "$0")/module.sh"

FAIL=/sys/kernel/debug/ndis/fail
SCENARIO=/sys/kernel/debug/ndis_test_failures
MOST=400		# a scenario that never ends is a fault too

t known "sites are listed, and one that is not is refused"
t normal "each allocation fails in turn, pools in normal mode"
t verify "each allocation fails in turn, pools in verify mode"
t said "a trace says how a send ended that was not completed"
t reached "every site has failed, or it is said why not"

# Sites that this scenario cannot reach, and who does: "site reason"
elsewhere() {
	:
}

begin() {
	load ndis
	load ndis_test_failures
	echo off >"$FAIL"
}

sites() { awk '!/^#/ { print $1 }' "$FAIL"; }

# Asked after each of many runs, so without a fork. failed_at SITE: sets FAILED
failed_at() {
	local site failures

	FAILED=0
	while read -r site _ failures; do
		[ "$site" != "$1" ] || FAILED=$failures
	done <"$FAIL"
}

# What is out at the moment: sets OUT to the rows of created, allocated that
# are not those of destroyed, freed, and REPORTS to what verify mode has found
outstanding() {
	local name value
	local -A left=()

	while read -r name value; do
		case $name in
		*_created | *_allocated)
			name=${name%_*}
			left[$name]=$((${left[$name]:-0} + value))
			;;
		*_destroyed | *_freed)
			name=${name%_*}
			left[$name]=$((${left[$name]:-0} - value))
			;;
		verify_reports) REPORTS=$value ;;
		esac
	done </sys/kernel/debug/ndis/stats
	OUT=''
	read -r value <"$SCENARIO/mapped"
	[ "$value" = 0 ] || OUT="mapped $value "
	for name in "${!left[@]}"; do
		[ "${left[$name]}" = 0 ] || OUT+="$name ${left[$name]} "
	done
}

all_back() {
	outstanding
	[ "$OUT" = "$1" ]
}

scenario() { echo "$1" >"$SCENARIO/run"; }

# one MODE SITE NTH OUT: the scenario with the NTH allocation at SITE refused,
# or with all of them. Return: 1 when the scenario did not come by that often.
one() {
	echo "$2 $3" >"$FAIL"
	scenario "$1" || fail "$2, call $3: not clean, the log says why"
	failed_at "$2"
	echo off >"$FAIL"
	all_back "$4" || wait_for 5 all_back "$4" ||
		fail "$2, call $3: out are ${OUT:-none}, not ${4:-none}"
	[ "$REPORTS" = "$reports" ] || fail "$2, call $3: verify mode reports what nobody did"
	[ "$FAILED" -gt 0 ]
}

# sweep MODE: all sites; prints how often each failed
sweep() {
	local mode=$1 site nth total=0 out reports steps refused

	begin
	outstanding
	out=$OUT reports=$REPORTS
	scenario "$mode" || fail "the scenario fails although nothing is refused"
	read -r steps refused <"$SCENARIO/steps"
	info "$steps steps"
	[ "$refused" = 0 ] || fail "$refused steps refused for no reason"
	wait_for 5 all_back "$out" || fail "left by an undisturbed run: $OUT"
	for site in $(sites); do
		nth=1
		while one "$mode" "$site" $nth "$out"; do
			nth=$((nth + 1))
			[ $nth -le $MOST ] || fail "$site: more than $MOST calls"
		done
		info "$site: failed $((nth - 1)) times"
		[ $nth = 1 ] || one "$mode" "$site" all "$out"
		total=$((total + nth - 1))
		[ $nth = 1 ] || echo "$site" >>"$T_DIR/reached"
	done
	info "$total failures at $(sites | wc -l) sites"
	[ "$total" -gt 0 ]
}

known() {
	begin
	info "$(sites | wc -l) sites"
	[ "$(sites | wc -l)" -gt 0 ]
	if echo "no_such_site 1" >"$FAIL"; then
		fail "a site that there is not was armed"
	fi
}

normal() { sweep normal; }
verify() { sweep verify; }

# ended STATUS: events that say so
ended() { grep -c "ndis_complete: .* status=$1$" "$T_DIR/trace" || :; }

# The second piece of a packet cannot be mapped; another is mapped, and aborted
said() {
	begin
	trace_start complete
	echo "send_map 2" >"$FAIL"
	scenario normal
	echo off >"$FAIL"
	trace_end
	[ "$(ended 0xc000009a)" = 1 ] || fail "$(ended 0xc000009a) sends without memory"
	trace_start complete
	scenario normal
	trace_end
	[ "$(ended 0xc000009a)" = 0 ] || fail "$(ended 0xc000009a) sends without memory, for no reason"
	[ "$(ended 0xc001000c)" = 1 ] || fail "$(ended 0xc001000c) sends aborted"
}

# A site that was never made to fail is a site that nobody has tested
reached() {
	local site reason missing=''

	begin
	for site in $(sites); do
		! grep -qx "$site" "$T_DIR/reached" || continue
		reason=$(elsewhere | sed -n "s/^$site //p")
		[ -n "$reason" ] || missing+=" $site"
		info "$site: ${reason:-never failed}"
	done
	unload ndis_test_failures
	[ -z "$missing" ] || fail "never failed:$missing"
}

run
