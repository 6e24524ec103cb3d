# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of XDP share. Sourced after lib.sh, not run.
#
#   PEER sends to IF, whose program decides; what it sends back by itself or
#   through THIRD, a port on the same segment, the sender gets.

XDP=$SELFTESTS/xdp/xdp
PINS=/sys/fs/bpf/selftest
# XDP_MODE=generic tries the tests out on a driver without XDP
: "${XDP_MODE:=native}"
HOOK=xdpdrv
[ "$XDP_MODE" = native ] || HOOK=xdpgeneric

ethertype=0x88b5 swap=1 xsk=2 mix=4

# Quiet, no program anywhere, new counters. What no case changed stays as it is.
xdp_setup() {
	xdp_names
	if [ ! -e "$T_DIR/xdp" ] || [ "$(xdp_state)" != "$(cat "$T_DIR/xdp")" ]; then
		xdp_restore
		xdp_quiet
		xdp_state >"$T_DIR/xdp"
	fi
	load_programs verdict
	defer 'rm -rf "$PINS"'
	defer no_program "$IF"
	LIVE=$(live)
}
T_TEARDOWN=xdp_end

xdp_names() {
	[ -z "$PCI_A" ] || ends_exist || :
	[ -z "$PCI_C" ] || THIRD=$(by_pci "$PCI_C")
}

xdp_state() {
	[ -e "/sys/class/net/${IF:-none}" ] || return 0
	ip link
	ip -n "$NS" link 2>&1
	ethtool -g "$IF"
}

# Both ends as net_setup knows them, and no program
xdp_restore() {
	local dev

	xdp_names
	for dev in "$IF" "$THIRD"; do
		[ -e "/sys/class/net/${dev:-none}" ] || continue
		no_program "$dev"
		echo 0 >"/proc/sys/net/ipv6/conf/$dev/disable_ipv6"
		ip link set "$dev" arp on
	done
	[ ! -e "/sys/class/net/${IF:-none}" ] ||
		ethtool -G "$IF" rx 256 tx 256 2>/dev/null || :
	[ ! -e "/run/netns/$NS" ] || peer bash -c "
		[ ! -e /sys/class/net/$PEER ] || {
			echo 0 >/proc/sys/net/ipv6/conf/$PEER/disable_ipv6
			ip link set $PEER arp on
		}"
	rm -f "$T_DIR/state"
}

xdp_end() {
	xdp_restore
	[ ! -e "$T_DIR/ring" ] || peer ethtool -G "$PEER" rx "$(cat "$T_DIR/ring")" || :
}

xdp_quiet() {
	local DEFERRED=()	# it stays quiet

	net_setup
	net_quiet
	third_setup
	peer_ring
	wait_link
}

# load_programs OBJECT [DIR [DEV]]: "verdict", and "other" to replace it with; for
# DEV alone, if it asks for hints
load_programs() {
	local dir=${2:-$PINS}

	rm -rf "$dir"
	"$XDP" load "$SELFTESTS/xdp/$1.bpf.o" "$dir" ${3:+"$3"}
}

no_program() {
	ip link set dev "$1" xdpdrv off 2>/dev/null || :
	ip link set dev "$1" xdpgeneric off 2>/dev/null || :
}

# The frames' last receiver must not be where they are lost: QEMU's model drops
# what arrives too fast for a small ring
peer_ring() {
	local now

	now=$(peer ethtool -g "$PEER" | awk '$1 == "RX:" { n = $2 } END { print n }')
	[ "$now" != 4096 ] || return 0
	echo "$now" >"$T_DIR/ring"
	peer ethtool -G "$PEER" rx 4096
}

third_setup() {
	[ -n "$THIRD" ] || return 0
	echo 1 >"/proc/sys/net/ipv6/conf/$THIRD/disable_ipv6"
	ip link set "$THIRD" arp off mtu 1500 up
	wait_for 60 has_carrier "$THIRD" || fail "$THIRD has no carrier"
}

needs_third() { [ -n "$THIRD" ] || skip "there is no third interface (--third, boot.sh -N 3)"; }

# What the first entry of "ports" leads to. It has no program: under QEMU it
# hears frames to IF too, where the groups it is in have the same hash.
redirect_to_third() {
	needs_third
	"$XDP" port "$PINS" 0 "$THIRD"
}

# attach PROGRAM [DEV]: replaces another; in this mode or not at all
attach() {
	local dev=${2:-$IF}

	ip -force link set dev "$dev" $HOOK pinned "$PINS/$1"
	attached "$dev"
}

attached() {
	[ "$(program_mode "$1")" = "$([ $HOOK = xdpdrv ] && echo xdp || echo $HOOK)" ] ||
		fail "$1 has $(program_mode "$1"), not $HOOK"
}

# xdp, xdpgeneric or nothing
program_mode() { ip link show dev "$1" | sed -n '1s|.* mtu [0-9]* \(xdp[a-z]*\).*|\1|p'; }

detach() { ip link set dev "${1:-$IF}" $HOOK off; }

# judge_by KEY=VALUE...: what the program is to do with the test's frames
judge_by() { "$XDP" set "$PINS" ethertype=$ethertype "$@"; }

# counted NAME: by the program
counted() { field "$1" "$("$XDP" counts "$PINS")"; }

# field NAME TEXT: of "name=value name=value"
field() {
	local text=" $2"

	[[ $text = *" $1="* ]] || fail "no $1 in: $2"
	text=${text#*" $1="}
	echo "${text%%[[:space:]]*}"
}

# says TEXT NAME VALUE [NAME VALUE]...: what a tool reported
says() {
	local text=$1
	shift

	while [ $# -gt 0 ]; do
		[ "$(field "$1" "$text")" = "$2" ] || fail "$1 is not $2: $text"
		shift 2
	done
}

# driver_counts NAME: ethtool -S, all queues: pass, drop, tx_errors ...
driver_counts() {
	ethtool -S "${2:-$IF}" | awk -v q="^ *[rt]x_queue_[0-9]+_xdp_$1:" '
		$0 ~ q { s += $2; n = 1 }
		END { print n ? s : "none" }'
}

# What went wrong in sending, both interfaces
xdp_errors() { echo "$(driver_counts '[a-z_]*errors') $(driver_counts '[a-z_]*errors' "${THIRD:-$IF}")"; }

has_driver_counts() { ! intree && [ "$XDP_MODE" = native ]; }

mtu_all() {
	local dev

	ip link set "$IF" mtu "$1"
	ip -n "$NS" link set "$PEER" mtu "$1"
	[ -z "$THIRD" ] || ip link set "$THIRD" mtu "$1"
	wait_link
	[ -z "$THIRD" ] || wait_for 60 has_carrier "$THIRD"
}

# For frames of SIZE: the MTU, and programs that take fragments
prepare_for() {
	[ "$1" -gt 1514 ] || return 0
	mtu_all 9000
	load_programs verdict_frags
}

# --- frames --------------------------------------------------------------------

# judge OPTION...: to the end; prints what wire says
judge() { "$WIRE" judge "$NS" "$PEER" - "$IF" "$@"; }

# After an interface came up: QEMU's model keeps what comes in the first second
wait_received() {
	wait_link
	wait_for 30 one_received || fail "$IF receives nothing"
}
one_received() { [ "$(field rx "$(judge count=1 size=60 follow=1)")" = 1 ]; }

judge_start() {
	JUDGE=$T_DIR/judge
	rm -f "$JUDGE" "$JUDGE.out"
	"$WIRE" judge "$NS" "$PEER" - "$IF" "$@" status="$JUDGE" >"$JUDGE.out" &
	JUDGE_PID=$!
	defer "kill -9 $JUDGE_PID 2>/dev/null; wait $JUDGE_PID 2>/dev/null"
	wait_for 30 test -s "$JUDGE" || fail "no frames are sent"
}

# Some more frames were sent since the last call, and found where they belong:
# judge_moves [sent|stack|back]
judge_moves() {
	local was

	was=$(judge_at "${1:-sent}")
	wait_for 60 judge_beyond "${1:-sent}" $((was + 100)) ||
		fail "${1:-sent} stands still at $was: $(cat "$JUDGE")"
}
judge_at() {
	local now

	read -ra now <"$JUDGE"
	case $1 in
	sent) echo "${now[0]}" ;;
	stack) echo "${now[1]}" ;;
	back) echo "${now[2]}" ;;
	esac
}
judge_beyond() {
	kill -0 "$JUDGE_PID" 2>/dev/null || fail "wire judge ended: $(cat "$JUDGE.out")"
	[ "$(judge_at "$1")" -gt "$2" ]
}

judge_stop() {
	kill -TERM "$JUDGE_PID"
	wait "$JUDGE_PID" || fail "wrong frames: $(cat "$JUDGE.out")"
	OUT=$(cat "$JUDGE.out")
	info "$OUT"
}

# --- nothing leaked --------------------------------------------------------------

# Receive lists that are out of their pools: those in the rings, at rest
live() {
	! intree || { echo 0; return; }
	awk 'NR == 1 { for (i = 1; i <= NF; i++) { if ($i == "tag") t = i; if ($i == "live") l = i } next }
	     $t ~ /^enR[xp]$/ { n += $l }
	     END { print n + 0 }' /sys/kernel/debug/ndis/pools
}

is_live() { [ "$(live)" = "$1" ]; }

# Every list is back: as many out as when the case began
balanced() {
	wait_for 10 is_live "$LIVE" ||
		fail "$(live) receive lists are out of their pools, $LIVE were before"
}
