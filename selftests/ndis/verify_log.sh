#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# verify_log: what a person sees of verify mode: the switch, and the reports.

. "$(dirname "$0")/module.sh"

SWITCH=/sys/kernel/debug/ndis/verify

reports() { stat_of "verify_$1"; }

# A module that has been told nothing: its pools are verified all the same
switch() {
	local log=$T_DIR/report kinds doubles writes

	load ndis
	[ "$(cat $SWITCH)" = N ] || fail "it is on although nobody asked for it"
	defer "echo 0 >$SWITCH"
	echo 1 >$SWITCH
	[ "$(cat $SWITCH)" = Y ]
	kinds=$(reports wrong_kind) doubles=$(reports double_free)
	writes=$(reports write_after_free)
	run_module ndis_test_windows >"$log" || {
		cat "$log"
		fail "the pool functions do not do the same in verify mode"
	}
	[ "$(reports wrong_kind)" -gt "$kinds" ] || fail "no pool was in verify mode"
	[ "$(reports double_free)" = "$doubles" ]
	[ "$(reports write_after_free)" = "$writes" ]
}

# Without it the same module is not looked at
off() {
	local before

	load ndis
	[ "$(cat $SWITCH)" = N ]
	before=$(reports reports)
	run_module ndis_test_windows >/dev/null
	[ "$(reports reports)" = "$before" ]
}

# said MARK WORDS...: one report, in which the words come in this order
said() {
	local words
	words=$(printf '.*%s' "${@:2}")

	log_since "$1" | tr '\n' ' ' | grep -Eq "$words" || {
		log_since "$1" | grep 'ndis: ' | head -n 60
		fail "the log does not say: ${*:2}"
	}
}

words() {
	# Reports are rate-limited, and the tests before this one made many
	unload ndis
	log_mark "verify words"
	run_module ndis_test_verify >/dev/null
	said "verify words" "verify: double free of list" "pool Vrfy of ndis_test_verify" \
		"allocated by insmod" "double_free_pool.*ndis_test_verify" \
		"freed by insmod" "double_free_pool.*ndis_test_verify" \
		"found by insmod" "double_free_pool.*ndis_test_verify"
	said "verify words" "verify: write after free to" "poison any more: 17" \
		"allocated by" "write_pool" "freed by" "write_pool"
	said "verify words" "verify: pool destroyed without" "verify_lists_out"
	said "verify words" "of no pool" || said "verify words" "no pool: "
}

t switch "debugfs switches it on for pools created later"
t off "off again, nobody looks"
t words "reports say pool, owner, and both stacks"
run
