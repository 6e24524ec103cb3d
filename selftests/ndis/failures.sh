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

t known "the sites are known, and one that is not is refused"
t normal "each allocation fails in turn, pools in normal mode"
t verify "each allocation fails in turn, pools in verify mode"
t reached "every site was reached, or it is said why not"

# Sites that the scenario cannot reach, and what does: "site reason"
elsewhere() {
	:
}

begin() {
	load ndis
	load ndis_test_lib
	load ndis_test_failures
	echo off >"$FAIL"
}

sites() { awk '!/^#/ && NF >= 3 && $2 ~ /^[0-9]+$/ { print $1 }' "$FAIL"; }
failed_at() { awk -v s="$1" '$1 == s { print $3 }' "$FAIL"; }

# What is out at the moment: created - destroyed, allocated - freed, row by row
outstanding() {
	awk '{ sign = 0; name = $1 }
		sub(/_(created|allocated)$/, "", name) { sign = 1 }
		sign == 0 && sub(/_(destroyed|freed)$/, "", name) { sign = -1 }
		{ if (sign) left[name] += sign * $2 }
		END { for (n in left) if (left[n]) printf "%s=%d ", n, left[n] }' \
		/sys/kernel/debug/ndis/stats
}

scenario() { echo "$1" >"$SCENARIO/run"; }

# A deferred pool takes its time to go
all_back() { [ "$(outstanding)" = "$1" ]; }

# sweep MODE: all sites; prints how often each failed
sweep() {
	local mode=$1 site nth before total=0 out

	begin
	out=$(outstanding)
	scenario "$mode" || fail "the scenario fails although nothing is refused"
	[ "$(cut -d' ' -f2 "$SCENARIO/steps")" = 0 ] || fail "refused without a reason"
	wait_for 5 all_back "$out" || fail "out after an undisturbed run: $(outstanding)"
	for site in $(sites); do
		for ((nth = 1; nth <= MOST; nth++)); do
			before=$(failed_at "$site")
			echo "$site $nth" >"$FAIL"
			scenario "$mode" || fail "$site, hit $nth: not clean, see the log"
			echo off >"$FAIL"
			all_back "$out" || wait_for 5 all_back "$out" ||
				fail "$site, hit $nth: out are $(outstanding), not ${out:-none}"
			[ "$(failed_at "$site")" != "$before" ] || break
		done
		[ "$nth" -le "$MOST" ] || fail "$site: more than $MOST hits"
		info "$site: failed $((nth - 1)) times"
		total=$((total + nth - 1))
	done
	info "$total failures at $(sites | wc -l) sites"
	[ "$total" -gt 0 ]
}

known() {
	begin
	info "$(sites | wc -l) sites"
	[ "$(sites | wc -l)" -gt 0 ]
	if { echo "no_such_site 1" >"$FAIL"; } 2>/dev/null; then
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
		[ "$(failed_at "$site")" = 0 ] || continue
		reason=$(elsewhere | sed -n "s/^$site //p")
		if [ -n "$reason" ]; then
			info "$site: $reason"
		else
			missing+=" $site"
		fi
	done
	[ -z "$missing" ] || fail "never failed:$missing"
	unload ndis_test_failures
	unload ndis_test_lib
}

run
