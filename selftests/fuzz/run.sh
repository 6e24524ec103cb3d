#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# run.sh [-q] [-r FILE]: fuzz the driver against a hostile device, in a process.
#
#   DESCRIPTORS=10000000   until the driver has looked at so many, and longer
#                          for the registers: a third of the time
#   -q         the seeds and a few thousand runs, the same ones each time
#   -r FILE    replay a finding (FUZZ_LOG=1: with the driver's log)
#
# What is built, and the corpus, are in the cache. Exit 1: a finding.

. "$(dirname "$0")/../../qemu/lib.sh"

fuzz=$TOP/selftests/fuzz
dir=$CACHE/fuzz
descriptors=${DESCRIPTORS:-10000000}
quick='' replay=''
while getopts qr: opt; do
	case $opt in
	q) quick=y ;;
	r) replay=$OPTARG ;;
	*) exit 2 ;;
	esac
done
[[ $descriptors =~ ^[0-9]+$ ]] || die "DESCRIPTORS is a number: $descriptors"

# Our own books find leaks; a page that nobody owns is poisoned
export ASAN_OPTIONS=quarantine_size_mb=16:malloc_context_size=8:detect_leaks=0
export UBSAN_OPTIONS=print_stacktrace=1
out=$CACHE/build/fuzz-$(printf '%s' "$TOP" | sha256sum | cut -c1-8)

build() {
	local env
	env=$("$TOP/qemu/kernel.sh" 6.1)
	eval "$env"
	mkdir -p "$out${1:+-$1}"
	nice -n 10 make -s -j"$(nproc)" -f "$fuzz/build.mk" TOP="$TOP" KDIR="$KDIR" \
		OUT="$out${1:+-$1}" COVERAGE="${1:-}"
}

# "60*(00 7f)": sixty times the two bytes
expand() {
	local rest=$* all='' n part

	while [[ $rest =~ ^([^*]*)\ ([0-9]+)\*\(([^\)]*)\)(.*)$ ]]; do
		all="$all ${BASH_REMATCH[1]}"
		n=${BASH_REMATCH[2]} part=${BASH_REMATCH[3]} rest=${BASH_REMATCH[4]}
		while [ "$n" -gt 0 ]; do
			all="$all $part"
			n=$((n - 1))
		done
	done
	all=$(tr -s ' ' '\n' <<<"$all $rest" | sed '/./s/^/\\x/' | tr -d '\n')
	printf '%b' "$all"
}

seeds() {
	local target name bytes

	rm -rf "$out/seeds"
	mkdir -p "$out/seeds/rings" "$out/seeds/regs"
	while read -r target name bytes; do
		case $target in
		rings | regs) expand "$bytes" >"$out/seeds/$target/$name" ;;
		'' | '#') ;;
		*) die "$fuzz/seeds: what is \"$target $name\"?" ;;
		esac
	done <"$fuzz/seeds"
}

# The last of what a fuzzer has said of itself: total LOG NAME
total() { grep -ao "^totals:.* $2 [0-9]*" "$1" | tail -n 1 | grep -o '[0-9]*$' || echo 0; }
last_of() { grep -ao "$2: [0-9]*" "$1" | tail -n 1 | grep -o '[0-9]*$' || echo 0; }

progress() {
	local log=$1 target=$2 start=$3

	say "  $target: $((SECONDS - start)) s, $(total "$log" runs) runs, coverage $(last_of "$log" cov)$(
		[ "$target" != rings ] || echo ", $(($(total "$log" rx) + $(total "$log" tx))) descriptors")"
}

# fuzz TARGET LIBFUZZER-OPTIONS...
fuzz_target() {
	local target=$1 log=$out/$1.log start=$SECONDS tick=15 pid
	shift

	mkdir -p "$dir/findings" "$dir/corpus/$target"
	nice -n 10 "$out/$target" -timeout=20 -max_len=1024 -len_control=0 \
		-artifact_prefix="$dir/findings/$target-" "$@" >"$log" 2>&1 &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		sleep 1
		if [ $((SECONDS - start)) -ge $tick ]; then
			progress "$log" "$target" "$start"
			tick=$((tick + 15))
		fi
	done
	took=$((SECONDS - start))
	wait "$pid" && return
	grep -aE -m 1 '^finding:|runtime error|ERROR: AddressSanitizer|^WARN:|libFuzzer: (timeout|out)' "$log" >&2 || :
	grep -aE '^ +#[0-9]+ ' "$log" | grep -aE 'drivers/e1000_nbl|compat/ndis' |
		head -n 8 | sed "s|$TOP/||" >&2
	file=$(grep -ao "$dir/findings/[^ ]*" "$log" | tail -n 1)
	say "$target: a finding; all of it is in $log"
	[ -z "$file" ] || say "again: ${fuzz#"$TOP/"}/run.sh -r $file"
	findings=$((findings + 1))
}

# Which lines of the driver the corpus reaches
coverage() {
	build 1 || die "the fuzzers do not build for coverage"
	for target in rings regs; do
		LLVM_PROFILE_FILE=$out-1/$target.raw "$out-1/$target" -runs=0 \
			"$dir/corpus/$target" "$out/seeds/$target" >"$out-1/$target.log" 2>&1 ||
			die "the corpus does not run: see $out-1/$target.log"
	done
	llvm-profdata merge -o "$out-1/all" "$out-1"/{rings,regs}.raw
	llvm-cov report "$out-1/rings" -object "$out-1/regs" -instr-profile="$out-1/all" \
		"$TOP"/drivers/e1000_nbl/*.c "$TOP"/compat/ndis/{receive,send,xdp,object}.c |
		awk '$1 ~ /\.c$/ { printf "%-34s %6d of %5d lines  %s\n", $1, $8 - $9, $8, $10 }' \
		>"$out/coverage"
}

row() { printf '%-34s %16s\n' "$1" "$2"; }

table() {
	local log=$out/rings.log

	echo
	row "descriptors received" "$(total "$log" rx)"
	row "descriptors of transmit completed" "$(total "$log" tx)"
	row "runs against descriptors" "$(total "$log" runs)"
	row "polls" "$(total "$log" polls)"
	row "branches of driver and pools seen" "$(last_of "$log" cov)"
	row "runs against registers" "$(total "$out/regs.log" runs)"
	row "register reads" "$(total "$out/regs.log" reads)"
	row "branches seen" "$(last_of "$out/regs.log" cov)"
	row "findings" "$findings"
	echo
	sed -n 's/^call: *//p' "$out/regs.log"
}

if [ -n "$replay" ]; then
	build || die "the fuzzers do not build: see above"
	case ${replay##*/} in
	rings-* | regs-*) target=${replay##*/} ;;
	*) die "a finding is named rings-... or regs-...: ${replay##*/}" ;;
	esac
	exec "$out/${target%%-*}" "$replay"
fi

step "building the fuzzers" build || die "the fuzzers do not build: see above"
seeds
findings=0
if [ -n "$quick" ]; then
	# A corpus in the cache would make runs differ: none is read or written
	fuzz_target rings -seed=1 -runs=2500 "$out/seeds/rings"
	fuzz_target regs -seed=1 -runs=5000 "$out/seeds/regs"
else
	say "until $descriptors descriptors are looked at:"
	FUZZ_DESCRIPTORS=$descriptors fuzz_target rings "$dir/corpus/rings" "$out/seeds/rings"
	fuzz_target regs -max_total_time=$((took / 3 + 5)) "$dir/corpus/regs" "$out/seeds/regs"
fi
table
[ $findings = 0 ] || exit 1
[ -z "$quick" ] || exit 0
echo
step "looking at the lines that were reached" coverage || die "see above"
cat "$out/coverage"
