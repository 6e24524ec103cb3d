# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What every test script shares: KTAP, waiting, the two ends of the cable, the
# modules. Sourced, not run; run.sh sets the variables below.
#
#   cable:  IF in this namespace, PEER in the namespace $NS
#           192.0.2.1, 2001:db8::1   <->   192.0.2.2, 2001:db8::2
#           THIRD, where there is one and a test wants it, in this one

SELFTESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
WIRE=$SELFTESTS/net/wire
NS=ndis-peer
A4=192.0.2.1 B4=192.0.2.2 A6=2001:db8::1 B6=2001:db8::2
: "${OURS:=e1000_nbl}"		# the module that holds it

: "${DRIVER:=$OURS}"		# the driver under test
: "${PCI_A:=}" "${PCI_B:=}" "${PCI_C:=}"	# PCI addresses, or empty: not a PCI device
: "${IF:=}" "${PEER:=}" "${THIRD:=}"	# interface names, as they are now
: "${OWN_MODULES:=}"		# y: nobody else uses the driver, it may be unloaded
: "${CABLED:=}"			# y: two interfaces that a person named
export OURS DRIVER PCI_A PCI_B PCI_C IF PEER THIRD OWN_MODULES CABLED

export LC_ALL=C
# Where Debian keeps ip and ethtool, for a root shell without login
PATH=$PATH:/usr/sbin:/sbin

# --- KTAP --------------------------------------------------------------------
#
# A script names its cases, then runs them:
#
#	t carrier "carrier comes with the link"
#	run
#
# T_SETUP, if set, runs before each: net_setup, for tests of the cable.
# A case is a function that runs in a subshell with "set -e": whatever fails
# fails the case, and the line that did is printed. `skip REASON` ends it too.
# T_TEARDOWN, if set, runs after the last. CASES="carrier ..." runs only those.

T_NAMES=() T_TEXTS=() T_SETUP='' T_TEARDOWN=''

t() {
	T_NAMES+=("$1")
	T_TEXTS+=("$2")
}

info() { printf '# %s\n' "$*"; }

fail() {
	printf 'failed: %s\n' "$*"
	trap - ERR
	exit 1
}

skip() {
	printf '%s\n' "$*" >"$T_DIR/skip"
	trap - ERR
	exit 4
}

# Of the driver in the tree a test asks what it asks of ours, but it may fail:
# that is information.
intree() { [ "$DRIVER" != "$OURS" ]; }

# defer CMD...: run at the end of the case, the last one first
DEFERRED=()
defer() { DEFERRED=("$*" "${DEFERRED[@]}"); }

t_cleanup() {
	local cmd

	trap - ERR
	set +eE
	for cmd in "${DEFERRED[@]}"; do
		eval "$cmd"
	done
}

run() {
	local i rc status=0 text start

	for i in "${!T_NAMES[@]}"; do
		[ -z "${CASES:-}" ] || [[ " $CASES " = *" ${T_NAMES[i]} "* ]] ||
			unset "T_NAMES[i]" "T_TEXTS[i]"
	done
	T_NAMES=("${T_NAMES[@]}") T_TEXTS=("${T_TEXTS[@]}")

	T_DIR=$(mktemp -d "${TMPDIR:-/tmp}/selftest.XXXXXX")
	trap 'rm -rf "$T_DIR"' EXIT
	echo "KTAP version 1"
	echo "1..${#T_NAMES[@]}"
	for i in "${!T_NAMES[@]}"; do
		text="$((i + 1)) ${T_NAMES[i]}: ${T_TEXTS[i]}"
		rm -f "$T_DIR/skip"
		start=$SECONDS
		(
			set -eEu
			trap t_cleanup EXIT
			trap 'echo "failed: ${FUNCNAME[0]:-}, line $LINENO: $BASH_COMMAND"' ERR
			$T_SETUP
			"${T_NAMES[i]}"
		) >"$T_DIR/log" 2>&1
		rc=$?
		awk '{ sub(/^# /, ""); print "# " $0 }' "$T_DIR/log"
		[ $((SECONDS - start)) -lt 5 ] || info "${T_NAMES[i]} took $((SECONDS - start)) s"
		if [ $rc = 0 ]; then
			echo "ok $text"
		elif [ $rc = 4 ] && [ -s "$T_DIR/skip" ]; then
			echo "ok $text # SKIP $(head -n 1 "$T_DIR/skip")"
		elif intree; then
			echo "ok $text # SKIP fails on $DRIVER, as printed above"
		else
			echo "not ok $text"
			status=1
		fi
	done
	$T_TEARDOWN
	exit $status
}

# A program takes its time to start where every instruction is emulated; what
# is asked again and again is asked without one.
nap() {
	[ -p "$T_DIR/nap" ] || mkfifo "$T_DIR/nap"
	read -rt 0.05 <>"$T_DIR/nap" || :
}

# wait_for SECONDS CMD...: until CMD succeeds. The limit is generous because
# an emulated machine is slow; no test depends on how long it took.
wait_for() {
	local until=$((SECONDS + $1))
	shift

	while ! "$@"; do
		if [ $SECONDS -gt $until ]; then
			return 1
		fi
		nap
	done
}

# refused WORDS CMD...: CMD must fail, and say why in words that include
# WORDS (an extended regular expression)
refused() {
	local words=$1 out
	shift

	if out=$("$@" 2>&1); then
		fail "accepted: $*"
	fi
	info "$* -> ${out//$'\n'/; }"
	grep -Eq "$words" <<<"$out" || fail "the refusal does not say: $words"
}

# --- the kernel's log ----------------------------------------------------------

# Whatever the kernel says above "notice", or that reads like trouble
LOG_TROUBLE='WARNING:|BUG:|Oops|general protection fault|Call Trace|possible .*locking'
LOG_TROUBLE+='|suspicious RCU|refcount_t:|bad page state|list_(add|del) corruption'
LOG_TROUBLE+='|DMA-API:|KASAN|UBSAN|kmemleak|blocked for more|stall|nobody cared|stalled pool'
LOG_TROUBLE+='|NETDEV WATCHDOG|Detected Tx Unit Hang|swiotlb buffer is full'
LOG_TROUBLE+='|page allocation failure|scheduling while atomic|unregister_netdevice: waiting'

log_mark() { echo "selftests: mark $1" >/dev/kmsg; }

# log_since MARK: what the kernel said since, without what we made it say
log_since() {
	dmesg -r | awk -v mark="selftests: mark $1" '
		index($0, mark) { n = 0; next }
		{ line[n++] = $0 }
		END { for (i = 0; i < n; i++) print line[i] }' |
		grep -v 'selftests: '
}

# The core answers a write to sysfs, which has no other way, with a line of its own
LOG_ANSWERS='mtu (greater|less) than device (maximum|minimum)'

log_trouble() {
	log_since "$1" | grep -E "^<[0-3]>|$LOG_TROUBLE" | grep -vE "$LOG_ANSWERS"
}

# --- the two ends --------------------------------------------------------------

peer() { ip netns exec "$NS" "$@"; }

# by_pci ADDRESS [ip netns exec NS]: the interface's present name
by_pci() {
	local pci=$1
	shift
	"$@" ls "/sys/bus/pci/devices/$pci/net" 2>/dev/null || :
}

has_carrier() {
	local c=0

	{ read -r c <"/sys/class/net/$1/carrier"; } 2>/dev/null || :
	[ "$c" = 1 ]
}

peer_carrier() { [[ $(ip -n "$NS" link show "$PEER" up 2>/dev/null) = *LOWER_UP* ]]; }

link_ready() { has_carrier "$IF" && peer_carrier; }
wait_link() { wait_for 60 link_ready || fail "no carrier within a minute"; }

# net_sysctl DEV...: no traffic of the stack's own making
net_sysctl() {
	local dev

	for dev in "$@"; do
		echo 0 >"/proc/sys/net/ipv6/conf/$dev/accept_dad"
		echo 0 >"/proc/sys/net/ipv6/conf/$dev/accept_ra"
		echo 0 >"/proc/sys/net/ipv6/conf/$dev/router_solicitations"
	done
}

# Both ends up with their addresses, all as by default, whatever was before.
# After a reload the interfaces are new ones, and both in this namespace.
net_setup() {
	[ ! -e "$T_DIR/state" ] || [ "$(net_state)" != "$(cat "$T_DIR/state")" ] || return 0
	[ -e "/run/netns/$NS" ] || ip netns add "$NS"
	if [ -n "$PCI_A" ]; then
		wait_for 30 ends_exist || fail "no interface at $PCI_A and $PCI_B"
	fi
	if peer_is_here; then
		ip link set "$PEER" netns "$NS"
	fi
	end_setup "$IF" $A4 $A6
	peer bash -c "set -e; $(declare -f end_setup net_sysctl)
		ip link set lo up
		end_setup $PEER $B4 $B6"
	wait_link
	net_state >"$T_DIR/state"
}

# After a reload a third interface may have the name that the peer has in there
peer_is_here() {
	if [ -n "$PCI_B" ]; then
		[ -n "$(by_pci "$PCI_B")" ]
	else
		[ -e "/sys/class/net/$PEER" ]
	fi
}

end_setup() {	# end_setup DEV ADDRESS4 ADDRESS6, in its namespace
	ip -o link show type vlan |
		sed -n 's/^[0-9]*: \([^@]*\)@'"$1"':.*/link del \1/p' | ip -force -batch -
	# below 1280 IPv6 has left the interface
	ip link set "$1" mtu 1500
	net_sysctl "$1"
	# rx-checksumming is off by default in the driver in the tree
	ethtool -K "$1" rx on tx on sg on tso on gso on gro on rxvlan on txvlan on \
		rx-vlan-filter on >/dev/null 2>&1 || :
	ip -batch - <<-BATCH
		link set $1 promisc off allmulticast off
		link set $1 up
		addr replace $2/24 dev $1
		addr replace $3/64 dev $1 nodad
	BATCH
}

# What a test may have changed; interfaces by their index, so new ones count
net_state() {
	ip -d addr
	ethtool -k "$IF" 2>&1
	peer bash -c "ip -d addr; ethtool -k $PEER 2>&1"
}

ends_exist() {
	IF=$(by_pci "$PCI_A")
	PEER=$(by_pci "$PCI_B" ip netns exec "$NS")
	[ -n "$PEER" ] || PEER=$(by_pci "$PCI_B")
	[ -n "$IF" ] && [ -n "$PEER" ]
}

# set_feature NAME on|off: at both ends; false where it is fixed
set_feature() {
	ethtool -K "$IF" "$1" "$2" >/dev/null 2>&1 || return 1
	peer ethtool -K "$PEER" "$1" "$2" >/dev/null 2>&1
}

feature_name() {	# as in ethtool -k
	case $1 in
	rx) echo rx-checksumming ;;
	tx) echo tx-checksumming ;;
	sg) echo scatter-gather ;;
	tso) echo tcp-segmentation-offload ;;
	gso) echo generic-segmentation-offload ;;
	gro) echo generic-receive-offload ;;
	rxvlan) echo rx-vlan-offload ;;
	txvlan) echo tx-vlan-offload ;;
	*) echo "$1" ;;
	esac
}

# feature NAME: "on", "off", perhaps "[fixed]" behind it
feature() { ethtool -k "$IF" | sed -n "s/^$(feature_name "$1"): //p"; }
# Can the rings be resized at all?
has_rings() { ethtool -g "$IF" >/dev/null 2>&1; }

feature_fixed() { [[ $(feature "$1") = *fixed* ]]; }

# No word but the test's: exact counts need silence
net_quiet() {
	echo 1 >"/proc/sys/net/ipv6/conf/$IF/disable_ipv6"
	peer bash -c "echo 1 >/proc/sys/net/ipv6/conf/$PEER/disable_ipv6"
	ip link set "$IF" arp off
	ip -n "$NS" link set "$PEER" arp off
	defer "echo 0 >/proc/sys/net/ipv6/conf/$IF/disable_ipv6;" \
		"peer bash -c 'echo 0 >/proc/sys/net/ipv6/conf/$PEER/disable_ipv6';" \
		"ip link set $IF arp on; ip -n $NS link set $PEER arp on"
}

# --- traffic -------------------------------------------------------------------

# In the background call "$WIRE" itself: a function would be a shell's child
wire() { "$WIRE" "$@"; }

# both CMD SIZES...: from this end to the other, then back
sweep_both() {
	wire sweep - "$1" "$NS" "$2" "${@:3}"
	wire sweep "$NS" "$2" - "$1" "${@:3}"
}

# TCP and UDP both ways, every byte checked, until traffic_stop
traffic_start() {
	TRAFFIC=$T_DIR/traffic.${1:-4}
	rm -f "$TRAFFIC"
	if [ "${1:-4}" = 6 ]; then
		"$WIRE" traffic - $A6 "$NS" $B6 "$TRAFFIC" &
	else
		"$WIRE" traffic - $A4 "$NS" $B4 "$TRAFFIC" &
	fi
	TRAFFIC_PID=$!
	defer "kill -9 $TRAFFIC_PID 2>/dev/null; wait $TRAFFIC_PID 2>/dev/null"
	TRAFFIC_SEEN='0 0 0 0 0'
	traffic_flows
}

# Every flow has moved since the last call
traffic_flows() {
	wait_for 90 traffic_moved ||
		fail "traffic stands still: '$TRAFFIC_SEEN' -> '$(cat "$TRAFFIC")'"
	TRAFFIC_SEEN=$TRAFFIC_NOW
}

# The same for the datagrams alone, which need no retransmission
datagrams_flow() {
	wait_for 90 traffic_moved udp ||
		fail "datagrams stand still: '$TRAFFIC_SEEN' -> '$(cat "$TRAFFIC")'"
	TRAFFIC_SEEN=$TRAFFIC_NOW
}

traffic_moved() {
	local was now i

	kill -0 "$TRAFFIC_PID" 2>/dev/null || fail "the traffic generator ended"
	[ -s "$TRAFFIC" ] || return 1
	read -r TRAFFIC_NOW <"$TRAFFIC" || return 1
	read -ra was <<<"$TRAFFIC_SEEN"
	read -ra now <<<"$TRAFFIC_NOW"
	[ ${#now[@]} = 5 ] || return 1
	[ "${now[4]}" = 0 ] || fail "${now[4]} pieces arrived with wrong bytes"
	for i in 0 1 2 3; do
		[ "${1:-}" != udp ] || [ "$i" -ge 2 ] || continue
		[ "${now[i]}" -gt "${was[i]}" ] || return 1
	done
}

traffic_stop() {
	traffic_flows
	kill -TERM "$TRAFFIC_PID"
	wait "$TRAFFIC_PID" || fail "wrong bytes, or a flow without any"
}

ping_works() { ping -c 1 -W 0.5 -q "$@" >/dev/null 2>&1; }

# --- tracepoints ----------------------------------------------------------------

TRACING=/sys/kernel/tracing
EVENTS=$TRACING/events/ndis

# trace_start EVENT...: of ndis.ko's; trace_end: what they said is in $T_DIR/trace
trace_start() {
	local e

	[ -d $EVENTS ] || mount -t tracefs tracefs $TRACING 2>/dev/null || :
	[ -d $EVENTS ] || fail "no $EVENTS"
	echo 0 >$TRACING/events/enable
	echo 2048 >$TRACING/buffer_size_kb
	defer "echo 0 >$EVENTS/enable; echo >$TRACING/trace"
	echo >$TRACING/trace
	for e in "$@"; do
		echo 1 >"$EVENTS/ndis_$e/enable"
	done
}

trace_end() {
	echo 0 >$EVENTS/enable
	cat $TRACING/trace >"$T_DIR/trace"
}

# kernel_since 6.10
kernel_since() { printf '%s\n' "$1" "$(uname -r)" | sort -VC; }

# --- modules -------------------------------------------------------------------

# /modules in a guest; on a host the installed ones
load() {
	grep -q "^$1 " /proc/modules && return
	if [ -e "/modules/$1.ko" ] && [ "$1" != e1000 ]; then
		insmod "/modules/$1.ko"
	else
		modprobe "$1"
	fi
}

unload() {
	local i

	# a reference may be on its way out
	for ((i = 0; i < 100; i++)); do
		grep -q "^$1 " /proc/modules || return 0
		rmmod "$1" 2>/dev/null && return 0
		sleep 0.1
	done
	rmmod "$1"
}

driver_load() {
	[ "$DRIVER" != $OURS ] || load ndis
	load "$DRIVER"
}

# bind PCI DRIVER: this device to this driver and to no other
bind() {
	local dev=/sys/bus/pci/devices/$1

	echo "$2" >"$dev/driver_override"
	if [ -e "$dev/driver" ]; then
		[ "$(basename "$(readlink "$dev/driver")")" != "$2" ] || return 0
		echo "$1" >"$dev/driver/unbind"
	fi
	echo "$1" >/sys/bus/pci/drivers_probe
	[ -e "$dev/driver" ] || fail "$2 does not take $1"
}

release() {	# release PCI: no driver, any driver may have it
	local dev=/sys/bus/pci/devices/$1

	[ ! -e "$dev/driver" ] || echo "$1" >"$dev/driver/unbind"
	echo >"$dev/driver_override"
}

stat_of() {	# stat_of NAME: of ndis.ko
	awk -v n="$1" '$1 == n { print $2; found = 1 } END { exit !found }' \
		/sys/kernel/debug/ndis/stats
}
