#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# run.sh: the demonstration: data through the driver in a guest, then the
# short benchmark. Exit 0 only if both went well.

. "$(dirname "$0")/lib.sh"
cd "$TOP"

kernel=${KERNEL:-6.1}
step "building the modules" qemu/modules.sh -b -k "$kernel" || exit 1
qemu/boot.sh -B -k "$kernel" -t 120 -- /selftests/demo.sh ||
	die "the demonstration failed (exit code $?)"
echo
selftests/bench/bench.sh --short ||
	die "the benchmark failed (exit code $?)"
