#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# trace: what a debugger sees of pools: ndis.ko's tracepoints and debugfs, held
# against ndis_test_trace.ko, which does known numbers of operations when it is
# loaded. The events of traffic are net/trace's and miniport/trace's.

. "$(dirname "$0")/module.sh"

DEBUG=/sys/kernel/debug/ndis
MODULE=ndis_test_trace

t there "eight events in system ndis, all off"
t counted "an event for each create, destroy, alloc and free, with tag and owner"
t nothing "an allocation that fails is an event without an object"
t high "live counts up to the limit and back"
t destroyed "destroy says what is out"
t filtered "events can be filtered, and counted by tag in the kernel"
t trace_cmd "trace-cmd records and prints them"
t silent "off they are silent"
t pools "debugfs: a pool's line"
t stats "debugfs: the sums that the audit compares tell what is out"
t pending "debugfs: what is out, and since when no more"
t verified "debugfs: in verify mode each list with its holder, age and stack"
t private "debugfs: for root alone"

begin() {
	[ -d $EVENTS ] || mount -t tracefs tracefs $TRACING 2>/dev/null || :
	load ndis
	unload $MODULE
	[ -d $EVENTS ] || fail "no $EVENTS"
	echo 0 >$EVENTS/enable
	echo 4096 >$TRACING/buffer_size_kb
	echo >$TRACING/trace
	defer "echo 0 >$EVENTS/enable; echo >$TRACING/trace; unload $MODULE"
}

# The module's life with all events on, in $T_DIR/trace
record() {
	begin
	echo 1 >$EVENTS/enable
	load $MODULE
	unload $MODULE
	echo 0 >$EVENTS/enable
	cat $TRACING/trace >"$T_DIR/trace"
	! grep -q 'LOST' "$T_DIR/trace" || fail "events are lost"
}

# count EVENT TAG WORDS: events of a tag that say so
count() { grep " $1: " "$T_DIR/trace" | grep " tag=$2 owner=$MODULE " | grep -c -- "$3" || :; }

expect() {	# expect NUMBER EVENT TAG [WORDS]
	local n

	n=$(count "$2" "$3" "${4:-.}")
	[ "$n" = "$1" ] || {
		grep " tag=$3 " "$T_DIR/trace" | head -n 5
		fail "$n events $2 of $3 ${4:+with $4}, not $1"
	}
}

there() {
	local e

	begin
	for e in pool_create pool_destroy alloc free indicate return send complete; do
		[ "$(cat "$EVENTS/ndis_$e/enable")" = 0 ] || fail "ndis_$e is on"
	done
	[ "$(find $EVENTS -mindepth 1 -maxdepth 1 -type d | wc -l)" = 8 ]
}

counted() {
	local tag

	record
	info "$(grep -m 1 ndis_pool_create "$T_DIR/trace")"
	for tag in TrNa TrNd TrAn TrAd; do
		expect 1 ndis_pool_create $tag 'caller=lists[.a-z0-9]*+.*\[ndis_test_trace\]'
		expect 162 ndis_alloc $tag
		expect 161 ndis_free $tag
		expect 1 ndis_pool_destroy $tag 'allocated=16[01] live=0'
	done
	expect 1 ndis_pool_create TrNd 'kind=list+nb+data access=napi .* data=1600'
	expect 1 ndis_pool_create TrAn 'kind=list+nb access=any .* data=0'
	expect 25 ndis_alloc Tr.K
	expect 25 ndis_free Tr.K
	expect 2 ndis_alloc TrVf
	expect 2 ndis_free TrVf
}

nothing() {
	local tag

	record
	for tag in TrNa TrNd TrAn TrAd; do
		expect 1 ndis_alloc $tag 'obj=0* live=80'
	done
	expect 1 ndis_alloc TrLa 'obj=0* live=1'
}

high() {
	local tag n

	record
	for tag in TrNa TrNd TrAn TrAd; do
		# as a single, as one that fails, and as the last of a chain
		n=$(count ndis_alloc $tag 'live=80')
		[ "$n" -ge 3 ] || fail "$n allocations of $tag at live=80"
		expect 0 ndis_alloc $tag 'live=81'
		n=$(count ndis_free $tag 'live=0')
		[ "$n" -ge 2 ] || fail "$n frees of $tag to live=0"
	done
}

destroyed() {
	record
	expect 1 ndis_pool_destroy TrLa 'allocated=1 live=1'
	# its list came back later
	grep " tag=TrLa " "$T_DIR/trace" | tail -n 1 | grep -q 'ndis_free: .* live=0'
}

filtered() {
	begin
	echo 'tag == "TrAn" && live == 80' >$EVENTS/ndis_alloc/filter
	defer "echo 0 >$EVENTS/ndis_alloc/filter"
	echo 'hist:keys=tag' >$EVENTS/ndis_free/trigger
	defer "echo '!hist:keys=tag' >$EVENTS/ndis_free/trigger"
	echo 1 >$EVENTS/ndis_alloc/enable
	load $MODULE
	cat $TRACING/trace >"$T_DIR/trace"
	! grep -v '^#' "$T_DIR/trace" | grep -v 'tag=TrAn .* live=80$' ||
		fail "the filter lets others by"
	[ "$(count ndis_alloc TrAn live=80)" -ge 2 ]
	grep -q 'tag: TrAn *} hitcount: *161$' $EVENTS/ndis_free/hist || {
		cat $EVENTS/ndis_free/hist
		fail "no histogram of frees"
	}
}

# trace-cmd knows the events' formats from their own descriptions
trace_cmd() {
	local e

	command -v trace-cmd >/dev/null || skip "no trace-cmd here"
	begin
	trace-cmd record -q -b 4096 -o "$T_DIR/trace.dat" -e ndis \
		insmod "/modules/$MODULE.ko" >/dev/null
	trace-cmd report -q "$T_DIR/trace.dat" >"$T_DIR/trace"
	grep -m 2 'ndis_' "$T_DIR/trace"
	expect 162 ndis_alloc TrNa
	expect 161 ndis_free TrNa
	expect 1 ndis_pool_create TrNa
}

silent() {
	begin
	load $MODULE
	! grep -q 'ndis_' $TRACING/trace || fail "events although all are off"
}

# column NAME: of the kept pool's line
column() {
	awk -v name="$1" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
		$2 == "Tr.K" { print $c }' $DEBUG/pools
}

pools() {
	local want

	begin
	load $MODULE
	info "$(grep Tr.K $DEBUG/pools)"
	for want in owner=$MODULE kind=list+nb flags=any context=32 data=0 live=3 high=5 \
		    alloc=25 free=22 hit%=80.0; do
		[ "$(column "${want%%=*}")" = "${want#*=}" ] ||
			fail "${want%%=*} is $(column "${want%%=*}"), not ${want#*=}"
	done
	# 624 bytes of structures, 16 of the context's header, 32 of context
	[ "$(column struct)" = 704 ] || fail "struct is $(column struct)"
	grep -q ' Tr\.K .* keep[.a-z0-9]*+0x[0-9a-f/x]* \[ndis_test_trace\]$' $DEBUG/pools ||
		fail "created by $(column by)"
	unload $MODULE
	[ -z "$(column owner)" ] || fail "a pool that was destroyed is listed"
}

# out NAME A B: how many more were A than B
out() { echo $(($(stat_of "$1_$2") - $(stat_of "$1_$3"))); }

# The audit of each suite believes them
stats() {
	local deferred

	begin
	deferred=$(stat_of pools_deferred)
	load $MODULE
	[ "$(out pools created destroyed) $(out lists allocated freed) $(out nbs allocated freed)" = "3 4 1" ] ||
		fail "out are $(out pools created destroyed) pools, $(out lists allocated freed) lists, $(out nbs allocated freed) NET_BUFFERs"
	[ "$(stat_of pools_deferred)" = $((deferred + 1)) ] ||
		fail "$deferred pools deferred before, $(stat_of pools_deferred) after one"
	unload $MODULE
	[ "$(out pools created destroyed) $(out lists allocated freed) $(out nbs allocated freed)" = "0 0 0" ]
}

pending() {
	local line="^pool Tr\.K of $MODULE: 3 out, created by keep[.a-z0-9]*+0x.* \[$MODULE\]$"

	begin
	load $MODULE
	grep -q "$line" $DEBUG/pending || { cat $DEBUG/pending; fail "the kept lists are not pending"; }
	unload $MODULE
	! grep -q 'Tr\.K' $DEBUG/pending || fail "lists that are back are pending"
}

# Milliseconds that the verified list is out
age() {
	sed -n '/^pool TrVf of/,/^[^ ]/s/^ list [0-9a-f]* out for \([0-9]*\) ms, held by its owner, allocated by insmod\[[0-9]*\] in a task$/\1/p' $DEBUG/pending
}

verified() {
	local first

	begin
	load $MODULE
	grep -A 9 '^pool TrVf of' $DEBUG/pending
	grep -q ' TrVf .* any,verify .* keep_verified[.a-z0-9]*+' $DEBUG/pools
	first=$(age)
	[ "$(wc -w <<<"$first")" = 1 ] || fail "not one list with its age"
	sed -n '/^pool TrVf of/,$p' $DEBUG/pending |
		grep -q '^   keep_verified[.a-z0-9]*+0x.* \[ndis_test_trace\]$' ||
		fail "the stack does not name who allocated"
	sleep 1
	[ "$(age)" -ge $((first + 900)) ] || fail "$first ms, a second later $(age)"
}

private() {
	local f

	begin
	for f in "$DEBUG"/*; do
		[[ "$(stat -c %a "$f")" = [246]00 ]] || fail "$f is $(stat -c %a "$f")"
		! unshare -S 65534 -G 65534 cat "$f" 2>/dev/null || fail "anybody reads $f"
	done
	# the user exists as far as that goes
	unshare -S 65534 -G 65534 cat /proc/self/status | grep -q '^Uid:.*65534'
}

run
