#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# trust.sh: what the driver survives, in one table, with the one in the tree beside it.
# Everything in it is from runs made now; a line appears when its run is over. SHORT=1
# makes few rounds, a short soak and no other kernel: a quarter of an hour instead of
# three. ONLY names some of them. Exit 0 if nothing of ours failed.

. "$(dirname "$0")/lib.sh"
cd "$TOP"

kernel=${KERNEL:-6.1}
if [ -n "${SHORT:-}" ]; then
	rounds=20 minutes=${MINUTES:-3} descriptors=500000 kernels=$kernel debug=''
else
	rounds=1000 minutes=${MINUTES:-30} descriptors=10000000 kernels='6.1 6.12 7.3 6.1-rt' debug=6.12-debug
fi
rounds=${ROUNDS:-$rounds} descriptors=${DESCRIPTORS:-$descriptors}
logs=$CACHE/results/trust-$(date +%Y%m%d-%H%M%S)-$$
mkdir -p "$logs"
start=$SECONDS failed=0
OURS=e1000_nbl INTREE=e1000

# row WHAT OURS IN-TREE [failed]
row() {
	printf '%-44s %-34s %s%s\n' "$1" "$2" "$3" "${4:+   FAILED}" | tee -a "$logs/table"
	[ -z "${4:-}" ] || failed=$((failed + 1))
}

# guest NAME DRIVER KERNEL SECONDS SETTINGS TESTS...: its output in $logs/NAME-DRIVER.ktap,
# its end in RC. A stall or a warning of the other driver's is a figure, no end.
guest() {
	local log=$logs/$1-$2 driver=$2 k=$3 limit=$4 settings=$5 append=
	shift 5

	RC=0
	[ "$driver" = $OURS ] || append=panic_on_warn=0
	qemu/boot.sh -q -B -F -k "$k" -N 3 -t "$limit" -c "$log.console" ${append:+-a "$append"} -- \
		"$settings TEST_SECONDS=$limit /selftests/run.sh --driver $driver $*" \
		>"$log.ktap" 2>"$log.err" || RC=$?
}

# cases NAME DRIVER [TEST]: "passed of planned", of one test or of all but the audit
cases() {
	awk -v only="${3:-}" '
		/^ *# Subtest: / { name = $3 }
		/^ *KTAP version/ { next }
		/^    1\.\.[0-9]+/ { sub(/^ *1\.\./, ""); if (wanted()) planned += $0; next }
		/^    (not )?ok [0-9]/ && wanted() {
			if ($0 ~ /# SKIP fails on/) next
			if ($0 ~ /# SKIP/) { planned--; next }
			passed += $1 == "ok"
		}
		function wanted() { return only == "" ? name != "audit" : name == only }
		END { printf "%d of %d", passed, planned }' "$logs/$1-$2.ktap"
}

# said NAME DRIVER PATTERN: what a case has said of itself, the last time
said() { sed -n "s/^ *# \($3\).*/\1/p" "$logs/$1-$2.ktap" | tail -n 1; }

# ended NAME DRIVER: how, if not well
ended() {
	case $RC in
	0) ;;
	123) echo ", the kernel warned" ;;
	124) echo ", and hung" ;;
	125) echo ", and the kernel died" ;;
	*) [ "$2" = $INTREE ] || echo ", see $logs/$1-$2.ktap" ;;
	esac
}

# both NAME SECONDS SETTINGS TESTS...: with either driver; sets OURS_RC, END_OURS, END_INTREE
both() {
	local name=$1 limit=$2 settings=$3
	shift 3

	guest "$name" $OURS "$kernel" "$limit" "$settings" "$@"
	OURS_RC=$RC END_OURS=$(ended "$name" $OURS)
	guest "$name" $INTREE "$kernel" "$limit" "$settings" "$@"
	END_INTREE=$(ended "$name" $INTREE)
}
bad() { [ "$1" = 0 ] || echo failed; }

# --- the parts ------------------------------------------------------------------------

on_kernels() {
	local k

	for k in $kernels; do
		step "$k: building" qemu/modules.sh -b -k "$k" || { row "Linux $k" "does not build" '' failed; continue; }
		guest "kernel-$k" $OURS "$k" 900 '' net/ping net/integrity faults/unload
		row "Linux $k: traffic, unload; cases" "$(cases "kernel-$k" $OURS)$(ended "kernel-$k" $OURS)" '' "$(bad $RC)"
	done
}

device_faults() {
	local t

	both faults 1500 '' faults/device faults/machine faults/unload
	for t in device machine unload; do
		row "faults: $t; cases" "$(cases faults $OURS $t)" "$(cases faults $INTREE $t)"
	done
	row "faults: pools, lists, log afterwards; cases" "$(cases faults $OURS audit)$END_OURS" \
		"$(cases faults $INTREE audit)$END_INTREE" "$(bad $OURS_RC)"
}

# Its own guests, which end in another kernel
another_kernel() {
	local d text=()

	for d in $OURS $INTREE; do
		RC=0
		qemu/boot.sh -q -B -F -k "$kernel" -N 2 -t 400 -c "$logs/kexec-$d.console" -- \
			"/selftests/faults/kexec.sh $d" >"$logs/kexec-$d.ktap" 2>"$logs/kexec-$d.err" || RC=$?
		[ $d != $OURS ] || OURS_RC=$RC
		text+=("$(grep -c '^ok ' "$logs/kexec-$d.ktap" || :) of 4$(ended kexec $d)")
	done
	row "kexec under traffic; cases" "${text[0]}" "${text[1]}" "$(bad $OURS_RC)"
}

many_rounds() {
	both rounds $((rounds * 12 + 300)) "ROUNDS=$rounds" faults/rounds
	row "load, traffic, unload; rounds" "$(said rounds $OURS '[0-9]* rounds')$END_OURS" \
		"$(said rounds $INTREE '[0-9]* rounds')$END_INTREE" "$(bad $OURS_RC)"
	row "  frames received meanwhile" "$(said rounds $OURS '.* rounds, [0-9]*' | sed 's/.*, //')" \
		"$(said rounds $INTREE '.* rounds, [0-9]*' | sed 's/.*, //')"
}

long_run() {
	local d rc=0 text=()

	for d in $OURS $INTREE; do
		MINUTES=$minutes qemu/soak.sh -d $d -r "$logs/soak-$d" >"$logs/soak-$d.out" 2>"$logs/soak-$d.err" ||
			[ $d != $OURS ] || rc=1
		text+=("$(sed -n 's/ changes and faults.*//p' "$logs/soak-$d.out")")
		text+=("$(sed -n 's/.* grew by \(-*[0-9]*\) .*/\1/p' "$logs/soak-$d.out" | paste -sd/)")
	done
	row "soak of $minutes minutes; changes and faults" "${text[0]:-failed}" "${text[2]:-does not get through}" "$(bad $rc)"
	row "  growth of slab/pages, KiB" "${text[1]}" "${text[3]}"
	row "  memory over time" "$logs/soak-$OURS/memory.svg" ''
}

failures() {
	guest failures $OURS "$kernel" 900 '' ndis/failures
	row "each allocation of ndis.ko fails in turn" "$(said failures $OURS '[0-9]* failures at [0-9]* sites')$(ended failures $OURS)" '' "$(bad $RC)"
	[ -n "$debug" ] && [ -x qemu/debugkernel.sh ] || return 0
	step "$debug: building" qemu/modules.sh -b -k $debug || { row "Linux $debug" "does not build" '' failed; return 0; }
	guest debug $OURS $debug 3600 '' ndis/allocations net/allocations xdp/allocations
	row "each allocation below the driver; cases" "$(cases debug $OURS)$(ended debug $OURS)" '' "$(bad $RC)"
}

hostile_device() {
	local rc=0 log=$logs/fuzz

	DESCRIPTORS=$descriptors selftests/fuzz/run.sh >"$log" 2>"$log.err" || rc=1
	row "hostile device: descriptors" "$(awk '/^descriptors/ { n += $NF } END { print n + 0 }' "$log")" '' "$(bad $rc)"
	row "hostile device: register reads" "$(awk '/^register reads/ { print $NF }' "$log")" ''
	row "hostile device: findings" "$(awk '/^findings/ { print $NF }' "$log")" ''
}

# All cases that there are, as make check runs them
tests() {
	row "tests and their cases" "$(find selftests/{ndis,net,xdp,miniport,faults} -name '*.sh' -exec grep -ch '^t ' {} + | awk '{ n += $1; t += $1 > 0 } END { print t " tests, " n " cases" }')" ''
}

step "building the modules" qemu/modules.sh -b -k "$kernel" || exit 1
row "Linux $kernel${SHORT:+, short}" "$OURS" "$INTREE"
for part in ${ONLY:-tests device_faults another_kernel failures hostile_device on_kernels many_rounds long_run}; do
	say "  ($((SECONDS - start)) s; $part)"
	$part
done
say "--- $((SECONDS - start)) s; the table and all logs: $logs"
[ $failed = 0 ] || die "$failed of the lines above failed"
