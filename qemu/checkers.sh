#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# checkers.sh: in a guest with a debug kernel, after its command: what do the kernel's
# checkers know that no line of the log says? Our modules go first, because what only
# they point to is then lost; kmemleak believes in a leak when it saw it twice. Prints
# what was looked at, with "found: " what is wrong; exit 1 if anything is.

found=0
find_fault() {
	printf 'found: %s\n' "$*"
	found=1
}

# Ours are those in /modules. One may hold another, or be held for a moment.
unload_ours() {
	local file name round left=

	for ((round = 0; round < 50; round++)); do
		left=
		for file in /modules/*.ko; do
			name=${file##*/} name=${name%.ko}
			grep -q "^$name " /proc/modules || continue
			rmmod "$name" 2>/dev/null || left+=" $name"
		done
		[ -n "$left" ] || return 0
		sleep 0.2
	done
	find_fault "modules that do not unload:$left"
}

# The objects that kmemleak knows
tracked() { awk '$1 == "kmemleak_object" { print $2 }' /proc/slabinfo; }

leaks() {
	local file=/sys/kernel/debug/kmemleak start=$SECONDS scan

	# What is younger than five seconds is not reported
	sleep 6
	for scan in 1 2; do
		if ! echo scan >$file; then
			find_fault "kmemleak has given up"
			return
		fi
	done
	cat $file >/run/leaks
	printf 'kmemleak: two scans of %s objects in %s s, %s leaks\n' "$(tracked)" \
		$((SECONDS - start)) "$(grep -c '^unreferenced object' /run/leaks)"
	[ ! -s /run/leaks ] || find_fault "leaks: $(cat /run/leaks)"
}

# Lockdep turns itself off at its first report, and when one of its tables is full
locks() {
	local on classes chains

	read -r on classes chains < <(awk -F: '
		{ gsub(/^ +| +$/, "", $1) }
		$1 == "debug_locks" { on = $2 + 0 }
		$1 == "lock-classes" { classes = $2 + 0 }
		$1 == "dependency chains" { chains = $2 + 0 }
		END { print on + 0, classes + 0, chains + 0 }' /proc/lockdep_stats)
	printf 'lockdep: %s classes, %s chains\n' "$classes" "$chains"
	[ "$on" = 1 ] || find_fault "lockdep has turned itself off"
}

mappings() {
	local dir=/sys/kernel/debug/dma-api errors

	errors=$(cat $dir/error_count)
	printf 'DMA-API: %s errors, %s mappings left, room for %s\n' "$errors" \
		"$(grep -c . $dir/dump)" "$(cat $dir/nr_total_entries)"
	[ "$(cat $dir/disabled)" = N ] || find_fault "DMA-API debugging has turned itself off"
	[ "$errors" = 0 ] || find_fault "$errors errors of DMA-API"
	! grep -E '(e1000_nbl|ndis)' $dir/dump || find_fault "mappings of ours are left"
}

[ -e /sys/kernel/debug/kmemleak ] || exit 0
unload_ours
locks
mappings
leaks
exit $found
