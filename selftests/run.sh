#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# run.sh: all tests, or those named, as KTAP. The same script on a host with two
# cabled interfaces (--if A --peer B) and in a guest, where it takes the first
# two NICs of the class (the first three for suites xdp and faults, if there is a
# third) and binds them to the driver itself.

here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

usage() {
	cat <<-USAGE
	usage: run.sh [--driver $OURS|e1000] [--if A --peer B [--third C]] [--list]
	              [suite | suite/test]...
	  --driver   driver under test (default $OURS); with the one in the tree,
	             what it cannot do is printed, and not a failure
	  --if A     interface under test, with its driver bound
	  --peer B   the interface cabled to it; it goes into a namespace meanwhile
	  --third C  one more with the driver under test, on the same segment: what
	             suite xdp redirects to
	USAGE
}

driver='' cabled='' wanted=() list=''
while [ $# -gt 0 ]; do
	case $1 in
	--driver) driver=$2; shift ;;
	--if) IF=$2 cabled=y; shift ;;
	--peer) PEER=$2; shift ;;
	--third) THIRD=$2; shift ;;
	--list) list=y ;;
	-h | --help) usage; exit 0 ;;
	-*) usage >&2; exit 2 ;;
	*) wanted+=("$1") ;;
	esac
	shift
done
[ ${#wanted[@]} -gt 0 ] || wanted=(ndis miniport net xdp)

# Tests of a suite, in the order in which a person would look for a fault. A
# script that says "on request" runs only when it is named.
tests_of() {
	local dir=$here/$1 first='' name all

	[ "$1" != net ] || first='link ping integrity frames vlan offload'
	[ "$1" != miniport ] || first='seam ping integrity frames vlan offload'
	all=$(cd "$dir" && grep -L '^# on request' ./*.sh 2>/dev/null | sed 's|^\./||; s|\.sh$||')
	for name in $first; do
		grep -qx "$name" <<<"$all" && echo "$name"
	done
	for name in $all; do
		[[ " $first " = *" $name "* ]] || echo "$name"
	done
}

suites=()
declare -A tests
for w in "${wanted[@]}"; do
	suite=${w%%/*}
	[ -d "$here/$suite" ] || { echo "run.sh: no suite $suite" >&2; exit 2; }
	[ -n "${tests[$suite]:-}" ] || suites+=("$suite")
	if [ "$w" = "$suite" ]; then
		tests[$suite]=$(tests_of "$suite")
	else
		[ -f "$here/$w.sh" ] || { echo "run.sh: no test $w" >&2; exit 2; }
		tests[$suite]+=" ${w#*/}"
	fi
done
if [ -n "$list" ]; then
	for suite in "${suites[@]}"; do
		for name in ${tests[$suite]}; do echo "$suite/$name"; done
	done
	exit 0
fi
[ "$(id -u)" = 0 ] || { echo "run.sh: must be root" >&2; exit 2; }

# --- the interfaces --------------------------------------------------------------

bus_of() { ethtool -i "$1" | sed -n 's/^bus-info: //p'; }
driver_of() { ethtool -i "$1" | sed -n 's/^driver: //p'; }

# On a host: those the person named, with the driver they have.
take_cabled() {
	local has users

	[ -n "$PEER" ] || { usage >&2; exit 2; }
	has=$(driver_of "$IF")
	if [ -n "$driver" ] && [ "$driver" != "$has" ]; then
		echo "run.sh: $IF is bound to $has, not to $driver" >&2
		exit 2
	fi
	DRIVER=$has
	PCI_A=$(bus_of "$IF") PCI_B=$(bus_of "$PEER")
	[ -e "/sys/bus/pci/devices/$PCI_A" ] && [ -e "/sys/bus/pci/devices/$PCI_B" ] ||
		PCI_A='' PCI_B=''
	# other interfaces that live from the same module stay untouched
	users=$(find "/sys/bus/pci/drivers/$DRIVER" -name '0*:*' 2>/dev/null |
		grep -vcE "/($PCI_A|$PCI_B)\$")
	[ -n "$PCI_A" ] && [ "$users" = 0 ] && OWN_MODULES=y
	CABLED=y
	export DRIVER PCI_A PCI_B IF PEER OWN_MODULES
}

# In a guest: the first two of the class.
take_first_two() {
	local dev id found=()

	DRIVER=${driver:-$OURS}
	for dev in /sys/bus/pci/devices/*; do
		id=$(cat "$dev/vendor"):$(cat "$dev/device")
		case $id in
		0x8086:0x100e | 0x8086:0x100f | 0x8086:0x100c | 0x8086:0x1008)
			found+=("${dev##*/}")
			;;
		esac
	done
	PCI_C=${found[2]:-}
	if [ ${#found[@]} -lt 2 ]; then
		echo "run.sh: no two NICs of the class; name two interfaces: --if A --peer B" >&2
		exit 2
	fi
	PCI_A=${found[0]} PCI_B=${found[1]} OWN_MODULES=y
	export DRIVER PCI_A PCI_B PCI_C OWN_MODULES
}

# The software NIC is both ends of its own cable (miniport/swnic.sh says it too,
# for who runs a script by hand).
suite_env() {
	[ "$1" != miniport ] ||
		echo OURS=ndis_swnic DRIVER=ndis_swnic PCI_A= PCI_B= CABLED= OWN_MODULES=y
}

suite_begin() {
	log_mark "suite $1"
	if [ -n "$cabled" ]; then
		return
	fi
	if [ "$1" = miniport ]; then
		[ -z "$PCI_A" ] || { release "$PCI_A"; release "$PCI_B"; }
		unload "$OURS"; unload ndis_swnic; unload ndis
		ip netns del "$NS" 2>/dev/null
	elif [ "$1" != ndis ]; then
		# from nothing, so that the audit's counters start at zero
		release "$PCI_A"; release "$PCI_B"
		[ -z "$PCI_C" ] || release "$PCI_C"
		unload "$OURS"; unload ndis
		echo "$DRIVER" >"/sys/bus/pci/devices/$PCI_A/driver_override"
		echo "$DRIVER" >"/sys/bus/pci/devices/$PCI_B/driver_override"
		driver_load
		bind "$PCI_A" "$DRIVER"; bind "$PCI_B" "$DRIVER"
		[ "$1" = net ] || [ -z "$PCI_C" ] || bind "$PCI_C" "$DRIVER"
		ip link del dev "$NS" 2>/dev/null
	fi
}

cabled_end() {
	local dev

	[ -e "/run/netns/$NS" ] || return
	for dev in "$IF" "$PEER"; do
		ip -n "$NS" link set "$dev" netns 1 2>/dev/null
		ip addr del $A4/24 dev "$dev" 2>/dev/null
		ip addr del $A6/64 dev "$dev" 2>/dev/null
		ip addr del $B4/24 dev "$dev" 2>/dev/null
		ip addr del $B6/64 dev "$dev" 2>/dev/null
	done
	ip netns del "$NS"
}

# --- running ---------------------------------------------------------------------

passed=0 failed=0 skipped=0

# run_test INDENT NUMBER NAME CMD...: passes the script's KTAP on, one level
# down, as it comes; a case of its plan that did not report is a failure.
run_test() {
	local indent=$1 number=$2 name=$3 line plan=-1 seen=0 bad=0 rc start=$SECONDS
	shift 3

	while IFS= read -r line; do
		case $line in
		1..*) [ "$plan" -ge 0 ] || plan=${line#1..} ;;
		'ok '*'# SKIP'*) seen=$((seen + 1)) skipped=$((skipped + 1)) ;;
		'ok '*) seen=$((seen + 1)) passed=$((passed + 1)) ;;
		'not ok '*) seen=$((seen + 1)) failed=$((failed + 1)) bad=$((bad + 1)) ;;
		'rc '[0-9]*) rc=${line#rc }; continue ;;
		esac
		echo "$indent  $line"
		[ "$line" != "KTAP version 1" ] || echo "$indent  # Subtest: $name"
	done < <(timeout -k 10 "${TEST_SECONDS:-600}" "$@" </dev/null 2>&1; echo "rc $?")
	if [ "$seen" != "$plan" ] || { [ "${rc:-1}" != 0 ] && [ $bad = 0 ]; }; then
		echo "$indent# $name: $seen of $plan cases reported, exit code ${rc:-none}"
		failed=$((failed + 1)) bad=$((bad + 1))
	fi
	info "$name took $((SECONDS - start)) s" | sed "s/^/$indent/"
	if [ $bad = 0 ]; then
		echo "${indent}ok $number $name"
	else
		echo "${indent}not ok $number $name"
		return 1
	fi
}

if [ -n "$cabled" ]; then
	take_cabled
elif [[ " ${suites[*]} " =~ " net "|" xdp "|" faults " ]]; then
	take_first_two
else
	DRIVER=${driver:-$OURS} OWN_MODULES=y
fi
if [ ! -x "$WIRE" ] && [[ " ${suites[*]} " =~ " net "|" xdp "|" faults " ]]; then
	make -s -C "$here/net" >&2 || exit 2
fi
if [ ! -x "$here/xdp/xdp" ] && [[ " ${suites[*]} " = *" xdp "* ]]; then
	make -s -C "$here/xdp" >&2 || exit 2
fi
if [ ! -x "$here/faults/poke" ] && [[ " ${suites[*]} " = *" faults "* ]]; then
	make -s -C "$here/faults" >&2 || exit 2
fi

# Linux patches a branch of its receive path when the first socket asks for time
# stamps and when the last one goes, and ping asks. QEMU's TCG can stay for ever at
# an instruction that is being patched, on all CPUs: one such socket stays, to
# which nobody sends.
keep_timestamps() {
	ip link set lo up
	socat -u UDP4-RECV:9,bind=127.0.0.1,so-timestamp=1 OPEN:/dev/null </dev/null >&2 &
	# shellcheck disable=SC2064 # this one, now
	trap "kill $! 2>/dev/null" EXIT
}
[ -z "$OWN_MODULES" ] || keep_timestamps

echo "KTAP version 1"
echo "1..${#suites[@]}"
info "driver $DRIVER, kernel $(uname -r), NICs${PCI_A:+ $PCI_A $(lspci_id=$(cat "/sys/bus/pci/devices/$PCI_A/device"); echo "$lspci_id") $PCI_B}${cabled:+ $IF $PEER}"
n=0
for suite in "${suites[@]}"; do
	n=$((n + 1)) bad=0 i=0
	read -d "" -ra names <<<"${tests[$suite]}"
	read -ra env < <(suite_env "$suite")
	suite_begin "$suite"
	echo "  KTAP version 1"
	echo "  # Subtest: $suite"
	echo "  1..$((${#names[@]} + 1))"
	for name in "${names[@]}"; do
		i=$((i + 1))
		run_test "  " $i "$name" env "${env[@]}" bash "$here/$suite/$name.sh" || bad=1
	done
	CASES='' run_test "  " $((i + 1)) audit env "${env[@]}" bash "$here/audit.sh" "$suite" || bad=1
	if [ $bad = 0 ]; then echo "ok $n $suite"; else echo "not ok $n $suite"; fi
done
[ -z "$cabled" ] || cabled_end
info "Totals: pass:$passed fail:$failed skip:$skipped"
[ $failed = 0 ]
