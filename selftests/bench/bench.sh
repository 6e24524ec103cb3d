#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# bench.sh [--short] [--out DIR] [--kernel 6.1]: guest instructions per packet and
# paired wall clock, the in-tree e1000 beside e1000_nbl. Prints a table, writes
# bench.json to DIR. Exit 1 if a figure is missing, frames were lost, or ours costs
# over 1 % more instructions than in-tree; the wall clock is never a verdict.

. "$(dirname "$0")/../../qemu/lib.sh"

usage() { die "usage: bench.sh [--short] [--out DIR] [--kernel 6.1]"; }

mode=full out=$CACHE/results/bench kernel=${KERNEL:-6.1}
while [ $# -gt 0 ]; do
	case $1 in
	--short) mode=short ;;
	--out) out=${2:-}; shift ;;
	--kernel) kernel=${2:-}; shift ;;
	*) usage ;;
	esac
	shift || usage
done
nic=${NIC:-e1000}
# measuring.md: the wall clock is TCG's unless somebody asks for another
export ACCEL=${ACCEL:-tcg}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$TOP" || exit 1

# measure KIND PACKETS [options of boot.sh]
# shellcheck disable=SC2317 # step calls it
measure() {
	local kind=$1 packets=$2
	shift 2

	qemu/boot.sh -q -B -k "$kernel" -n "$nic" -N 6 -t 900 "$@" -- \
		"PACKETS=$packets bash /selftests/bench/guest.sh $kind $mode" >"$out/$kind.txt" ||
		{ tail -n 5 "$out/$kind.txt"; return 1; }
}

# For the short form: the guest that counts has one thread and leaves a core to
# the other; what it takes, it takes from both halves of a pair.
# shellcheck disable=SC2317 # step calls it
both() {
	local wallclock status=0

	measure wallclock 300000 &
	wallclock=$!
	measure instructions 50000 -i || status=1
	wait "$wallclock" || status=1
	return "$status"
}

json() {
	local kver
	kver=$(qemu/kernel.sh "$kernel" | sed -n "s/^KVER=//p")
	awk -v kernel="$kver" -v nic="$nic" -v mode="$mode" -v accel="$ACCEL" \
		-v qemu="$(qemu-system-x86_64 --version | sed -n '1s/.*version \([0-9.]*\).*/\1/p')" '
		BEGIN {
			printf "{\"kernel\": \"%s\", \"qemu\": \"%s\", \"nic\": \"%s\", \"mode\": \"%s\",\n", kernel, qemu, nic, mode
			printf " \"wallclock\": \"%s\", \"figures\": [", accel
		}
		NF == 10 {
			gsub("_", " ", $2)
			printf "%s\n  {\"kind\": \"%s\", \"row\": \"%s\", \"driver\": \"%s\", \"value\": %s, \"packets\": %s, \"lost\": %s, " \
				"\"size\": %s, \"burst\": %s, \"ring\": %s, \"nics\": %s}",
				n++ ? "," : "", $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
		}
		END { print "\n]}" }' "$out"/instructions.txt "$out"/wallclock.txt >"$out/bench.json"
}

# Exit 1 when a row is void or ours is the dearer one
table() {
	awk -v mode="$mode" '
	function name(row) { gsub("_", " ", row); return row }
	function median(list, n,   i, j, t) {
		for (i = 2; i <= n; i++)
			for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
				t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
			}
		return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
	}
	function lines(title, list, n,   i) {
		if (n) printf "\n%-34s %12s\n", title, "instructions"
		for (i = 1; i <= n; i++) printf "%-34s %12.1f\n", name(list[i]), cost[list[i]]
	}
	NF != 10 { next }
	$3 == "pktgen" { alone[++na] = $2; cost[$2] = $4 }
	$1 == "instructions" && $3 != "pktgen" {
		if (!($2 in seen)) { seen[$2] = 1; rows[++nr] = $2 }
		value[$2, $3] = $4; lost[$2] += $6
	}
	$1 == "allocations" { made[$2, $3] = $4 / 1000; if (!($2 in alloc)) { alloc[$2] = 1; allocs[++nl] = $2 } }
	$1 == "pairs" { pair[++np] = $2; cost[$2] = $4 }
	$1 == "wallclock" {
		if (!($2 in known)) { known[$2] = 1; walls[++nw] = $2 }
		wall[$2, $3, ++turns[$2, $3]] = $4; gone[$2] += $6
	}
	END {
		printf "%-34s %12s %12s %8s\n", "guest instructions per packet", "in-tree e1000", "e1000_nbl", "ratio"
		for (i = 1; i <= nr; i++) {
			r = rows[i]; a = value[r, "e1000"]; b = value[r, "e1000_nbl"]
			if (a + 0 <= 0 || b + 0 <= 0) { bad++; printf "%-34s no figure\n", name(r); continue }
			printf "%-34s %12.1f %12.1f %8.2f", name(r), a, b, b / a
			if (lost[r]) { bad++; printf "  void: %d frames lost", lost[r] }
			else if (b > a * 1.01) { worse++; printf "  worse" }
			else if (b > a) printf "  same, within 1 %%"
			print ""
		}
		if (nr < (mode == "short" ? 5 : 14)) { bad++; print "rows are missing" }
		if (nl) printf "\n%-34s %12s %12s\n", "slab and page allocations a packet", "in-tree", "e1000_nbl"
		for (i = 1; i <= nl; i++) printf "%-34s %12.3f %12.3f\n", name(allocs[i]), made[allocs[i], "e1000"], made[allocs[i], "e1000_nbl"]
		if (mode == "full") lines("subtracted from TX", alone, na)
		lines("one alloc + free", pair, np)
		printf "\n%-34s %12s %12s %8s  %s\n", "wall clock, in turn", "in-tree e1000", "e1000_nbl", "ratio", "pairs: least to most"
		for (i = 1; i <= nw; i++) {
			w = walls[i]; n = turns[w, "e1000_nbl"]
			split("", ratio); split("", x); split("", y)
			for (j = 1; j <= n; j++) {
				x[j] = wall[w, "e1000", j]; y[j] = wall[w, "e1000_nbl", j]
				if (x[j] + 0 <= 0 || y[j] + 0 <= 0) { bad++; n = 0; break }
				ratio[j] = y[j] / x[j]
			}
			if (gone[w]) { bad++; printf "%-34s void: %d frames lost\n", name(w), gone[w]; continue }
			if (!n) { printf "%-34s no figure\n", name(w); continue }
			m = median(ratio, n)
			printf "%-34s %12.0f %12.0f %8.2f  %d: %.2f to %.2f\n", name(w), median(x, n), median(y, n), m, n, ratio[1], ratio[n]
		}
		if (nw < (mode == "short" ? 1 : 2)) { bad++; print "rows are missing" }
		print "\nInstructions: less is better, repeatable; wall clock: more is better, a median of ratios."
		if (bad) print "FAILED: " bad " rows without a good figure"
		else if (worse) print "FAILED: e1000_nbl costs more than in-tree in " worse " rows"
		else print "e1000_nbl costs no more than in-tree in any row"
		exit bad || worse
	}' "$out/instructions.txt" "$out/wallclock.txt"
}

rm -f "$out"/*.txt "$out/bench.json"
step "building the modules" qemu/modules.sh -b -k "$kernel"
if [ $mode = short ]; then
	step "counting instructions, wall clock beside it" both || die "a guest failed: $out/*.txt"
else
	step "counting instructions" measure instructions 200000 -i ||
		die "the guest that counts instructions failed: $out/instructions.txt"
	step "wall clock, in turn" measure wallclock 1000000 ||
		die "the guest for the wall clock failed: $out/wallclock.txt"
fi
echo
json
status=0
table || status=1
say "every figure: $out/bench.json"
exit $status
