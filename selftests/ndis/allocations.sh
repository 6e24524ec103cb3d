#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# allocations: what failures does to the sites of ndis.ko, by the kernel's own fault
# injection to each allocation beneath them: slab caches and their debugfs files, page
# pools, mappings. The scenario says what a refusal left changed.

. "$(dirname "$0")/module.sh"
. "$(dirname "$0")/../inject_lib.sh"

SCENARIO=/sys/kernel/debug/ndis_test_failures

counters() { awk '/_(created|allocated) / { n += $2 } /_(destroyed|freed) / { n -= $2 } END { print n + 0 }' /sys/kernel/debug/ndis/stats; }
are_out() { [ "$(counters)" = "$1" ]; }

scenario() {
	local before

	needs_injection
	load ndis
	load ndis_test_failures
	echo off >/sys/kernel/debug/ndis/fail
	echo "$1" >"$SCENARIO/run"
	before=$(counters)
	inject_begin modules
	nth "scenario, $1" write "$SCENARIO/run" "$1"
	[[ $NTH_SAYS = *" refused=0 "* ]] || fail "the scenario found something changed, the log says what"
	wait_for 10 are_out "$before" || fail "$(counters) are out, $before were before"
	[ "$(cat "$SCENARIO/mapped")" = 0 ] || fail "$(cat "$SCENARIO/mapped") mappings are left"
}

normal() { scenario normal; }
verify() { scenario verify; }
gone() { unload ndis_test_failures; }
T_TEARDOWN=gone

t normal "pools in normal mode"
t verify "pools in verify mode"
run
