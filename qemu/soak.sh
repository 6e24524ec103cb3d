#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# soak.sh [-d DRIVER] [-r FOLDER]: selftests/faults/soak in a guest for MINUTES (30), a
# line a round of changes, and memory over time as a picture, memory.svg. Exit 0 if
# nothing was lost and memory is flat; the rule is at the head of the test.

. "$(dirname "$0")/lib.sh"
cd "$TOP"

driver=e1000_nbl dir=$CACHE/results/soak-$(date +%Y%m%d-%H%M%S)
while getopts d:r: opt; do
	case $opt in
	d) driver=$OPTARG ;;
	r) dir=$OPTARG ;;
	*) exit 2 ;;
	esac
done
minutes=${MINUTES:-30} kernel=${KERNEL:-6.1}
[[ $minutes =~ ^[1-9][0-9]*$ ]] || die "MINUTES is a number: $minutes"
mkdir -p "$dir"
step "building the modules" qemu/modules.sh -b -k "$kernel" || exit 1

# What the guest says on its way, as it comes
follow() {
	local seen=0 n

	while sleep 5; do
		[ -f "$dir/console" ] || continue
		n=$(grep -ac 'faults: soak' "$dir/console" || :)
		[ "$n" = "$seen" ] || grep -a 'faults: soak' "$dir/console" | tail -n 1 |
			tr -d '\r' | sed 's/.*faults: soak: /  /' >&2
		seen=$n
	done
}

say "soak: $driver, Linux $kernel, $minutes minutes; seconds, KiB of slab and pages, receive lists, changes, bytes and datagrams:"
follow &
follower=$!
rc=0
qemu/boot.sh -q -B -F -N 3 -k "$kernel" -t $((minutes * 60 + 600)) -c "$dir/console" -- \
	"MINUTES=$minutes SEED=${SEED:-1} TEST_SECONDS=$((minutes * 60 + 500)) /selftests/run.sh --driver $driver faults/soak" \
	>"$dir/ktap" || rc=$?
kill "$follower"
sed -n 's/^ *# sample \([0-9]*\) slab=\([0-9]*\) pages=\([0-9]*\) lists=\([0-9]*\) .*/\1 \2 \3 \4/p' \
	"$dir/ktap" >"$dir/memory"

if [ -s "$dir/memory" ] && command -v gnuplot >/dev/null; then
	gnuplot <<-PLOT
		set terminal svg size 800,400 background "white"
		set output "$dir/memory.svg"
		set title "memory under traffic, changes and faults: $driver, Linux $kernel"
		set xlabel "minutes"
		set ylabel "KiB, from the first sample"
		set key outside
		stats "$dir/memory" using 2 every ::0::0 name "slab" nooutput
		stats "$dir/memory" using 3 every ::0::0 name "pages" nooutput
		plot "$dir/memory" using (\$1/60):(\$2-slab_min) with linespoints title "slab", \
		     "" using (\$1/60):(\$3-pages_min) with linespoints title "pages", \
		     "" using (\$1/60):4 with linespoints title "receive lists"
	PLOT
	say "the picture: $dir/memory.svg"
fi
sed -n 's/^ *# \(.* changes and faults in .*\|slab grew .*\|pages grew .*\|\(pools_created\|lists_allocated\) .*\)/\1/p' "$dir/ktap"
if [ $rc != 0 ]; then
	grep -aE '^ *(# failed|not ok)' "$dir/ktap" >&2 || tail -n 20 "$dir/ktap" >&2
	die "the soak failed ($rc): see $dir"
fi
