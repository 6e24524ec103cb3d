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
#t reached "every site has failed, or it is said why not"

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
failed_at() { awk -v s="$1" '$1 == s { print $3 }' "$FAIL"; }

# What is out at the moment, row by row: created - destroyed, allocated - freed
outstanding() {
	awk '{ sign = 0; name = $1 }
		sub(/_(created|allocated)$/, "", name) { sign = 1 }
		!sign && sub(/_(destroyed|freed)$/, "", name) { sign = -1 }
		sign { left[name] += sign * $2 }
		END { for (n in left) if (left[n]) printf "%s=%d ", n, left[n] }' \
		/sys/kernel/debug/ndis/stats
}

all_back() { [ "$(outstanding)" = "$1" ]; }
scenario() { echo "$1" >"$SCENARIO/run"; }
refused() { cut -d' ' -f2 "$SCENARIO/steps"; }

# one MODE SITE NTH OUT: the scenario with the NTH allocation at SITE refused.
# Return: 1 when the scenario did not come by that often.
one() {
	local failed

	echo "$2 $3" >"$FAIL"
	scenario "$1" || fail "$2, call $3: not clean, the log says why"
	failed=$(failed_at "$2")
	echo off >"$FAIL"
	all_back "$4" || wait_for 5 all_back "$4" ||
		fail "$2, call $3: out are $(outstanding), not ${4:-none}"
	[ "$failed" -gt 0 ]
}

# sweep MODE: all sites; prints how often each failed
sweep() {
	local mode=$1 site nth total=0 out

	begin
	out=$(outstanding)
	scenario "$mode" || fail "the scenario fails although nothing is refused"
	[ "$(refused)" = 0 ] || fail "$(refused) steps refused for no reason"
	wait_for 5 all_back "$out" || fail "left by an undisturbed run: $(outstanding)"
	for site in $(sites); do
		nth=1
		while one "$mode" "$site" $nth "$out"; do
			nth=$((nth + 1))
			[ $nth -le $MOST ] || fail "$site: more than $MOST calls"
		done
		info "$site: failed $((nth - 1)) times"
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
