#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# bench.sh [--short] [--out DIR] [--kernel 6.1] [--base OLD.json]: guest instructions
# per packet and paired wall clock, the in-tree e1000 beside e1000_nbl. Writes
# bench.json and, without --short, report.html to DIR and prints a table. Exit 1 if a
# figure is missing, frames were lost, or ours costs over 1 % more instructions than
# in-tree; the wall clock is never a verdict.

. "$(dirname "$0")/../../qemu/lib.sh"

usage() { die "usage: bench.sh [--short] [--out DIR] [--kernel 6.1] [--base OLD.json]"; }

mode=full out=$CACHE/results/bench kernel=${KERNEL:-6.1} base=''
while [ $# -gt 0 ]; do
	case $1 in
	--short) mode=short ;;
	--out) out=${2:-}; shift ;;
	--kernel) kernel=${2:-}; shift ;;
	--base) base=${2:-}; shift ;;
	*) usage ;;
	esac
	shift || usage
done
nic=${NIC:-e1000}
# README.md: the wall clock is TCG's unless somebody asks for another
export ACCEL=${ACCEL:-tcg} KERNEL=$kernel NIC=$nic
mkdir -p "$out"
out=$(cd "$out" && pwd)
if [ -n "$base" ]; then
	[ -r "$base" ] || die "BASE: no file $base"
	# It may be the one that is about to be written
	cp "$base" "$out/base.new"
fi
cd "$TOP" || exit 1
bench=selftests/bench
exec 4>&2	# past step, which keeps what its command says

# measure KIND PACKETS NICS [options of boot.sh]
measure() {
	local kind=$1 packets=$2 nics=$3
	shift 3

	qemu/boot.sh -q -B -k "$kernel" -n "$nic" -N "$nics" -t 900 "$@" -- \
		"PACKETS=$packets bash /selftests/bench/guest.sh $kind $mode" >"$out/$kind.txt" ||
		{ tail -n 5 "$out/$kind.txt"; return 1; }
}

# For the short form: the guest that counts has one thread and leaves a core to
# the other; what it takes, it takes from both halves of a pair.
# shellcheck disable=SC2317 # step calls it
both() {
	local wallclock status=0

	measure wallclock 300000 6 &
	wallclock=$!
	measure instructions 50000 6 -i || status=1
	wait "$wallclock" || status=1
	return "$status"
}

# Whose functions are in the report. Of a receiver's those of sending as many bytes are
# subtracted; rows of tx first.
PROFILES="tx60:e1000 tx60:e1000_nbl tx1514:e1000 tx1514:e1000_nbl
	rx60:e1000 rx60:e1000_nbl drop60:e1000 drop60:e1000_nbl"

part() {
	local start=$SECONDS
	"${@:2}" || { echo "failed: $1" >&4; return 1; }
	echo "  done: $1, $((SECONDS - start)) s" >&4
}

# shellcheck disable=SC2317 # step calls them
exits() { $bench/exits.sh >"$out/exits.txt"; }

# shellcheck disable=SC2086,SC2317 # words
profiles() { $bench/profile.sh -r "$out" $PROFILES; }

# What counts has one thread and is not disturbed by others, so two at a time. All of
# them, even after one has failed.
# shellcheck disable=SC2317 # step calls it
counting() {
	local rows status=0

	part "rows" measure instructions 200000 6 -i &
	rows=$!
	part "register accesses" exits || status=1
	part "number of NICs" measure nics 200000 17 -i || status=1
	part "functions" profiles || status=1
	wait "$rows" || status=1
	return "$status"
}

commit() {
	git describe --always --dirty=", changed" 2>/dev/null || echo "none: no git here"
}

collect() {
	local kver what args=()

	kver=$(qemu/kernel.sh "$kernel" | sed -n "s/^KVER=//p")
	for what in $PROFILES; do
		[ ! -s "$out/${what/:/-}.profile" ] || args+=(-p "$out/${what/:/-}.profile")
	done
	$bench/table.py collect "$out/bench.json" "kernel=$kver" "nic=$nic" "mode=$mode" \
		"wallclock=$ACCEL" "date=$(date -u '+%Y-%m-%d %H:%M UTC')" "commit=$(commit)" \
		"qemu=$(qemu-system-x86_64 --version | sed -n '1s/.*version \([0-9.]*\).*/\1/p')" \
		"${args[@]}" "$out"/*.txt
}

rm -f "$out"/*.txt "$out"/*.profile "$out"/{bench,base}.json "$out/report.html"
[ -z "$base" ] || { mv "$out/base.new" "$out/base.json"; base=$out/base.json; }
status=0
step "building the modules" qemu/modules.sh -b -k "$kernel"
if [ $mode = short ]; then
	step "counting instructions, wall clock beside it" both || die "a guest failed: $out/*.txt"
else
	step "counting instructions" counting || { say "a guest failed: $out/*.txt"; status=1; }
	step "wall clock, in turn" measure wallclock 1000000 6 ||
		{ say "the guest for the wall clock failed: $out/wallclock.txt"; status=1; }
fi
collect
$bench/table.py print "$out/bench.json" ${base:+"$base"} || status=1
say "every figure: $out/bench.json"
if [ $mode = full ]; then
	$bench/report.py "$out/bench.json" "$out/report.html" ${base:+"$base"}
	say "the report: $out/report.html"
fi
exit $status
