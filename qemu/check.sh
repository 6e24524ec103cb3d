#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# check.sh: every test there is: lint as one, instructions per packet as one, the two
# fuzzers' short runs as one, then selftests/run.sh in one guest per NIC model, all of
# it on the first and what depends on the model on the others, some of it on newer
# kernels and on PREEMPT_RT. On a debug kernel (KERNEL=6.12-debug): all tests, on one
# model, and nothing else. The last line is "N passed, N failed"; exit 0 only if none
# failed and some passed. NICS and KERNEL choose; JOBS guests run at a time.

. "$(dirname "$0")/lib.sh"
cd "$TOP"

jobs=${JOBS:-$(nproc)}
kernel=${KERNEL:-6.1}
# Its checkers make everything several times as long
case $kernel in
*-debug) debug=y slow=4 nics=${NICS:-e1000} ;;
*) debug='' slow=1 nics=${NICS:-e1000 e1000-82545em e1000-82544gc} ;;
esac
# Some of it on others too, unless one is asked for
others=$([ "$kernel" != 6.1 ] || echo 6.12 7.3 6.1-rt)
logs=$CACHE/results/check-$(date +%Y%m%d-%H%M%S)-$$
mkdir -p "$logs"
start=$SECONDS

lint() {
	if step "lint" qemu/lint.sh; then
		echo "ok      lint"
		echo "1 0 0" >"$logs/lint.totals"
	else
		echo "FAILED  lint (make lint says more)"
		echo "0 1 0" >"$logs/lint.totals"
	fi
}

# What a packet costs, held to committed figures.
instructions() {
	if selftests/bench/gate.sh; then
		echo "ok      instructions per packet"
		echo "1 0 0" >"$logs/instructions.totals"
	else
		echo "FAILED  instructions per packet (above; selftests/bench/gate.sh repeats it)"
		echo "0 1 0" >"$logs/instructions.totals"
	fi
}

# The driver's own files against a hostile device, the same few thousand runs each time
fuzzed() {
	if selftests/fuzz/run.sh -q >"$logs/fuzz.log"; then
		echo "ok      fuzzers: $(sed -n 's/  */ /gp' "$logs/fuzz.log" | grep -E '^(descriptors|register|runs)' | paste -sd, )"
		echo "1 0 0" >"$logs/fuzz.totals"
	else
		tail -n 30 "$logs/fuzz.log"
		echo "FAILED  fuzzers (above; $logs/fuzz.log)"
		echo "0 1 0" >"$logs/fuzz.totals"
	fi
}

# What depends on the model; the first NIC gets everything.
model_tests='net/link net/ping net/integrity net/frames net/vlan net/filters net/tools'

# Memory above 4 GiB, and the test that wants it, if this machine has so much.
big_enough() {
	[ "$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)" -gt $((7 << 20)) ]
}

# Of suite xdp: the first NIC has the many small cases, the others what takes
# minutes, the newer kernels what only they have. XDP redirects to the third NIC.
xdp_short='xdp/adjust xdp/allocations xdp/attach xdp/bad xdp/clients xdp/xsk'
newer_tests='net/ping net/introspection net/statistics net/integrity xdp/adjust xdp/clients xdp/xsk'
# What leans on the kernel's locks, threads and pages: where a lock may sleep, and where
# pages and packets come back another way
lean_tests='ndis/contract ndis/pool net/ping net/integrity xdp/xsk'

# guest NIC KERNEL TESTS [MEMORY]
# A guest that ends badly after its last case is a failure of its own.
guest() {
	local label="$2 $1" log=$logs/$2-$1-${3%%[ /]*} rc=0 flags=''

	[[ $3 != faults* ]] || flags=-F
	{
		qemu/boot.sh -B $flags -k "$2" -n "$1" -N 3 ${4:+-m "$4"} -t $((1200 * slow)) \
			-c "$log.console" -- \
			TEST_SECONDS=$((600 * slow)) /selftests/run.sh "$3" || echo "$?" >"$log.rc"
	} | tee "$log.ktap" |
		awk -v label="$label " -v TOTALS="$log.totals" -f qemu/ktap.awk
	sed -n "s/^# checkers: /        $label: /p" "$log.ktap"
	[ ! -f "$log.rc" ] || rc=$(cat "$log.rc")
	if [ "$rc" -gt 1 ]; then
		echo "FAILED  $label the guest ended with $rc; its log: $log.console"
		echo "0 1 0" >>"$log.totals"
	elif [ "$rc" = 1 ] && ! grep -qE '^[0-9]+ [1-9]' "$log.totals"; then
		echo "FAILED  $label run.sh ended with 1, and no case said why"
		echo "0 1 0" >>"$log.totals"
	fi
}

# start NIC KERNEL TESTS [MEMORY]: when there is room for it
running=0
start() {
	if [ $running -ge "$jobs" ]; then
		wait -n
		running=$((running - 1))
	fi
	guest "$@" &
	running=$((running + 1))
}

# What a NIC is tested with. The first gets a guest for each suite: one that dies takes
# no other with it.
start_nic() {
	local tests=$model_tests mem=''

	if [ "$1" = "$first" ]; then
		start "$1" "$kernel" "ndis miniport"
		start "$1" "$kernel" "$xdp_short"
		# PCI hotplug is ACPI's, which is not used for PCI on a debug kernel
		[ -n "$debug" ] || start "$1" "$kernel" faults
		tests=net
		if [ -z "$debug" ] && big_enough; then
			mem=6G tests="$tests net/big_memory"
		fi
	fi
	[ "$1" != "${second:-$first}" ] || tests="$tests xdp/verdicts xdp/million"
	[ "$1" != "${third:-$first}" ] || tests="$tests xdp/verify"
	start "$1" "$kernel" "$tests" "$mem"
}

for k in $kernel $others; do
	step "building the modules for $k" qemu/modules.sh -b -k "$k" ||
		{ echo "0 passed, 1 failed"; exit 1; }
done
if [ -z "$debug" ]; then
	lint
	instructions
	fuzzed
fi
read -r first second third _ <<<"$nics"
for nic in $nics; do
	start_nic "$nic"
done
for k in $others; do
	case $k in
	6.12) start "$first" "$k" "$newer_tests" ;;
	*) start "$first" "$k" "$lean_tests" ;;
	esac
done
wait

# Beside: what the driver in the tree loses while filters change. Not counted.
beside() {
	qemu/boot.sh -q -B -k "$kernel" -t 300 -c "$logs/intree.console" -- \
		/selftests/run.sh --driver e1000 net/filters >"$logs/intree.ktap" || :
	sed -n 's/^ *# \([0-9]* changes (.*\)/in-tree e1000: \1/p' "$logs/intree.ktap"
}
[ -n "$debug" ] || beside

read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p, f, s }' "$logs"/*.totals)
echo "--- $((SECONDS - start)) s, $skipped skipped; the guests' output and logs: $logs"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
