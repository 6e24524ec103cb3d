#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# exits.sh [PACKETS]: register accesses that leave the guest, per packet and per
# interrupt, and all of a probe, both drivers. Prints lines as guest.sh does.
# KERNEL and NIC as for bench.sh.

. "$(dirname "$0")/../../qemu/lib.sh"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/exits.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
cd "$TOP" || exit 1

qemu/boot.sh -q -B -i -k "${KERNEL:-6.1}" -n "${NIC:-e1000}" -N 6 -t 600 \
	-x "-trace memory_region_ops_* -D $tmp/trace" -- \
	"SPANS=1 PACKETS=${1:-50000} bash /selftests/bench/guest.sh exits" >"$tmp/spans" ||
	die "the guest failed: $(tail -n 5 "$tmp/spans")"
[ "$(grep -c '^span ' "$tmp/spans")" = 10 ] ||
	die "$(grep -c '^span ' "$tmp/spans") of 10 spans: $(tail -n 3 "$tmp/spans")"
awk -f selftests/bench/exits.awk "$tmp/spans" "$tmp/trace"
