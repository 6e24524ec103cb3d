#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# gate.sh [--accept]: does a packet cost more instructions than figures.json says? A
# few rows of ours, counted in two guests at a time. Exit 1: over 3 % more, or no
# figure. --accept writes what is measured to figures.json; the commit says why.

. "$(dirname "$0")/../../qemu/lib.sh"
cd "$TOP" || exit 1

accept=''
case ${1:-} in
--accept) accept=y ;;
?*) die "usage: gate.sh [--accept]" ;;
esac
kernel=${KERNEL:-6.1}
gate=selftests/bench/gate.py
tmp=$(mktemp -d "${TMPDIR:-/tmp}/gate.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

# guest TIME FILE PACKETS ROWS...: as many packets as in figures.json, or a tick weighs
# another part. Each time with other memory: which of its two states the slab of skb
# heads is in while a receiver runs, some 55 instructions a frame, comes of that.
guest() {
	local mem=$((1024 + 128 * $1))M out=$2 packets=$3
	shift 3
	qemu/boot.sh -q -B -k "$kernel" -n e1000 -m "$mem" -i -N 6 -t 600 -- \
		"DRIVERS=e1000_nbl PACKETS=$packets bash /selftests/bench/guest.sh instructions $*" >"$out" ||
		{ tail -n 5 "$out"; return 1; }
}

measure() {
	local status=0

	guest "$1" "$tmp/$1.plain" 200000 short &
	# which is 500,000 for a row of ours
	guest "$1" "$tmp/$1.xdp" 100000 xdp drop tx redirect || status=1
	wait $! || status=1
	return $status
}

step "building the modules" qemu/modules.sh -b -k "$kernel"
kver=$(qemu/kernel.sh "$kernel" | sed -n 's/^KVER=//p')
# A tick may be in both runs of a row, or in what is subtracted from it: a row that is
# off is measured again, and of three the middle one counts. The committed figures are
# the highest of three.
for try in 1 2 3; do
	step "counting instructions, time $try" measure $try || die "a guest failed"
	[ -z "$accept" ] || continue
	status=0
	"$gate" check "$kver" $try "$tmp"/* || status=$?
	[ $status = 2 ] || exit $status
done
[ -n "$accept" ] || exit 1
"$gate" accept "$kver" "$tmp"/*
