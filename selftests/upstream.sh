#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# upstream.sh DRIVER LIMIT TEST...: in a guest of qemu/upstream.sh: the kernel's own tests
# of drivers, below /upstream, with the other end of the cable as remote endpoint. A line
# a case: "RESULT DRIVER TEST CASE pass|fail|skip"; what the test said is in front of it.

DRIVER=$1 limit=$2
shift 2
. "$(dirname "$0")/lib.sh"

T_DIR=$(mktemp -d)
set -- "$DRIVER" "$@"
cards=()
for dev in /sys/bus/pci/devices/*; do
	[ "$(cat "$dev/vendor"):$(cat "$dev/device")" != 0x8086:0x100e ] || cards+=("${dev##*/}")
done
PCI_A=${cards[0]} PCI_B=${cards[1]}
driver_load
bind "$PCI_A" "$DRIVER"
bind "$PCI_B" "$DRIVER"
shift

# One KTAP line to "CASE pass|fail|skip"; xfail is the test's own word for "not here"
results() {
	sed -nE 's/^(not )?ok [0-9]+ *-? *([^ #]+) *(#.*)?$/\2 \1\3/p' "$1" |
		sed -E 's/^([^ ]+) not +# *(SKIP|XFAIL).*/\1 skip/I; t
			s/^([^ ]+) not .*/\1 fail/; t
			s/^([^ ]+) +# *(SKIP|XFAIL).*/\1 skip/I; t
			s/^([^ ]+).*/\1 pass/'
}

one() {
	local test=$1 rc=0

	net_setup
	(
		cd "/upstream/tools/testing/selftests/drivers/net/$(dirname "$test")" || exit
		export NETIF=$IF LOCAL_V4=$A4 REMOTE_V4=$B4 LOCAL_V6=$A6 REMOTE_V6=$B6 \
			REMOTE_TYPE=netns REMOTE_ARGS=$NS PYTHONDONTWRITEBYTECODE=1
		exec timeout -k 5 "$limit" "./$(basename "$test")"
	) >"$T_DIR/out" 2>&1 </dev/null || rc=$?
	cat "$T_DIR/out"
	results "$T_DIR/out" | sed "s|^|RESULT $DRIVER $test |"
	grep -qE '^(not )?ok ' "$T_DIR/out" && [ $rc != 124 ] && [ $rc != 137 ] && return
	case $rc in
	0) rc='pass' ;;
	4) rc='skip' ;;
	*) rc='fail' ;;
	esac
	echo "RESULT $DRIVER $test (whole) $rc"
}

mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
for test; do
	echo "--- $DRIVER: $test"
	one "$test"
done
release "$PCI_A"
release "$PCI_B"
