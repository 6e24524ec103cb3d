#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# check.sh: every test there is: lint as one, then selftests/run.sh in one guest
# per NIC model. The last line is "N passed, N failed"; exit 0 only if none
# failed and some passed. NICS and KERNEL choose fewer.

. "$(dirname "$0")/lib.sh"
cd "$TOP"

nics=${NICS:-e1000 e1000-82545em e1000-82544gc}
kernel=${KERNEL:-6.1}
logs=$CACHE/results/check
rm -rf "$logs"
mkdir -p "$logs"
totals=$logs/totals
start=$SECONDS

lint() {
	if step "lint" qemu/lint.sh; then
		echo "ok      lint"
		echo "1 0 0" >>"$totals"
	else
		echo "FAILED  lint (make lint says more)"
		echo "0 1 0" >>"$totals"
	fi
}

# A guest that ends badly after its last case is a failure of its own.
guest() {
	local nic=$1 rc=0

	echo "--- Linux $kernel, $nic"
	{
		qemu/boot.sh -B -k "$kernel" -n "$nic" -t 900 -c "$logs/$nic.console" -- \
			/selftests/run.sh || echo "$?" >"$logs/$nic.rc"
	} | tee "$logs/$nic.ktap" |
		awk -v label="$nic " -v TOTALS="$totals" -f qemu/ktap.awk
	[ ! -f "$logs/$nic.rc" ] || rc=$(cat "$logs/$nic.rc")
	if [ "$rc" -gt 1 ]; then
		echo "FAILED  $nic the guest ended with $rc; its log: $logs/$nic.console"
		echo "0 1 0" >>"$totals"
	elif [ "$rc" = 1 ] && ! tail -n 1 "$totals" | grep -qE '^[0-9]+ [1-9]'; then
		echo "FAILED  $nic run.sh ended with 1, and no case said why"
		echo "0 1 0" >>"$totals"
	fi
}

step "building the modules" qemu/modules.sh -b -k "$kernel" ||
	{ echo "0 passed, 1 failed"; exit 1; }
lint
for nic in $nics; do
	guest "$nic"
done

read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p, f, s }' "$totals")
echo "--- $((SECONDS - start)) s, $skipped skipped; the guests' output and logs: $logs"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
