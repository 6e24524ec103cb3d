#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# settings: every ethtool set under traffic. TCP and UDP run both ways and every
# byte is checked; after each change all flows must move again, and the setting
# must read back. Settings out of range are refused with their limits.

. "$(dirname "$0")/../lib.sh"

setup() {
	net_setup
	traffic_start
}
T_SETUP=setup

# The interface's: may ours be asked for more than the one in the tree offers?
lacks() { skip "$DRIVER does not offer $1"; }

ring_now() { ethtool -g "$IF" | awk -v r="$1:" '/^Current/ { c = 1 } c && $1 == r { print $2 }'; }

# The smallest ring is the driver's to choose; it says so when it refuses less
ring_min() {
	local said

	if said=$(ethtool -G "$IF" rx 1 2>&1); then
		echo 80	# the driver in the tree takes less without a word
		ethtool -G "$IF" rx 256
	else
		sed -n 's/.*[^0-9]\([0-9]\+\) to 4096.*/\1/p' <<<"$said"
	fi
}

ring() {
	local r g min

	min=$(ring_min)
	info "from $min to 4096"
	[ "$min" -le 256 ]
	for r in "256 256" "$min $min" "4096 4096" "$min 1024" "1000 $min" "256 256"; do
		set -- $r
		ethtool -G "$IF" rx "$1" tx "$2"
		g=$(ring_now RX)/$(ring_now TX)
		[ "$g" = "$1/$2" ] || fail "rings of $1/$2 are $g"
		datagrams_flow
	done
	traffic_stop
}

ring_while_down() {
	ip link set "$IF" down
	ethtool -G "$IF" rx 512 tx 512
	ip link set "$IF" up
	[ "$(ring_now RX)" = 512 ]
	wait_link
	ip addr replace $A6/64 dev "$IF" nodad
	traffic_stop
	ethtool -G "$IF" rx 256 tx 256
}

ring_limits() {
	local max

	max=$(ethtool -g "$IF" | awk '/^RX:/ { print $2; exit }')
	info "largest ring: $max"
	[ "$max" = 4096 ]
	# above: the kernel itself refuses, and names the attribute
	refused 'exceeds maximum|4096' ethtool -G "$IF" rx $((max + 1))
	refused 'exceeds maximum|4096' ethtool -G "$IF" tx 1000000
	# below: the driver's own words
	refused '[0-9]+.*4096' ethtool -G "$IF" rx 1
	refused '[0-9]+.*4096' ethtool -G "$IF" tx 1
	refused '[0-9]+.*4096' ethtool -G "$IF" rx 0
	refused '.' ethtool -G "$IF" rx-mini 64
	traffic_stop
}

coalesce() {
	local c u

	ethtool -c "$IF" >/dev/null 2>&1 || lacks "coalescing by ethtool"
	c=$(ethtool -c "$IF" | tr -s ' \t\n' ' ')
	info "$c"
	for u in 0 500 20; do
		ethtool -C "$IF" rx-usecs $u 2>/dev/null || ethtool -C "$IF" adaptive-rx off rx-usecs $u
		info "rx-usecs $u -> $(ethtool -c "$IF" | grep '^rx-usecs:')"
		datagrams_flow
	done
	if ethtool -C "$IF" adaptive-rx on 2>/dev/null; then
		ethtool -c "$IF" | grep -q 'Adaptive RX: on'
		datagrams_flow
	fi
	traffic_stop
}

coalesce_limits() {
	ethtool -c "$IF" >/dev/null 2>&1 || lacks "coalescing by ethtool"
	refused '[0-9]+' ethtool -C "$IF" rx-usecs 10000000
	traffic_stop
}

channels() {
	ethtool -l "$IF" >/dev/null 2>&1 || lacks "channels"
	ethtool -l "$IF" | tr -s ' \t\n' ' '
	ethtool -L "$IF" combined 1 2>"$T_DIR/err" || grep -q 'unmodified' "$T_DIR/err" || fail "$(cat "$T_DIR/err")"
	refused 'exceeds maximum|1|channel' ethtool -L "$IF" combined 2
	refused 'exceeds maximum|1|channel' ethtool -L "$IF" combined 0
	traffic_stop
}

pause_frames() {
	local a r t

	for a in on off; do
		for r in on off; do
			for t in on off; do
				if [ "$a" = on ]; then
					ethtool -A "$IF" autoneg on rx $r tx $t 2>/dev/null || continue
				else
					ethtool -A "$IF" autoneg off rx $r tx $t
					ethtool -a "$IF" | grep -Eq "^RX:.*$r"
					ethtool -a "$IF" | grep -Eq "^TX:.*$t"
				fi
				has_carrier "$IF" || wait_link
			done
		done
		datagrams_flow
	done
	ethtool -A "$IF" autoneg on rx on tx on 2>/dev/null || :
	wait_link
	traffic_stop
}

msglvl() {
	local old

	old=$(ethtool "$IF" | sed -n 's/.*Current message level: 0x\([0-9a-f]*\).*/\1/p')
	ethtool -s "$IF" msglvl 0x00ff
	ethtool "$IF" | grep -q 'message level: 0x000000ff'
	ethtool -s "$IF" msglvl drv off
	ethtool "$IF" | grep -q 'message level: 0x000000fe'
	traffic_flows
	ethtool -s "$IF" msglvl "0x$old"
	traffic_stop
}

wol() {
	local s can

	s=$(ethtool "$IF")
	can=$(sed -n 's/.*Supports Wake-on: //p' <<<"$s")
	info "supports: ${can:-nothing}"
	[[ "${can:-d}" != *d* ]] || lacks "wake-on-LAN on this part"
	ethtool -s "$IF" wol g
	ethtool "$IF" | grep -q 'Wake-on: g'
	datagrams_flow
	ethtool -s "$IF" wol d
	ethtool "$IF" | grep -q 'Wake-on: d'
	refused '.' ethtool -s "$IF" wol f
	traffic_stop
}

link_settings() {
	ethtool -s "$IF" autoneg on advertise 0x20
	wait_link
	datagrams_flow
	ethtool -s "$IF" autoneg on advertise 0x2f
	wait_link
	datagrams_flow
	ethtool -r "$IF"
	wait_link
	traffic_stop
}

# Each feature there is, off and on, and back
features() {
	local f v

	for f in rx tx sg tso gso gro rxvlan txvlan rx-vlan-filter rxall rx-fcs \
		 tx-tcp6-segmentation rxhash tx-nocache-copy loopback; do
		v=$(ethtool -k "$IF" | sed -n "s/^$(feature_name "$f"): //p")
		case $v in
		on) set -- off on ;;
		off) set -- on off ;;
		*) continue ;;
		esac
		[ "$f" != loopback ] || continue	# it would be the end of the traffic
		ethtool -K "$IF" "$f" "$1" >/dev/null || fail "$f $1"
		datagrams_flow
		ethtool -K "$IF" "$f" "$2" >/dev/null || fail "$f $2"
		info "$f $1, $2"
	done
	wait_link
	traffic_stop
}

# rx-fcs and rx-all, where there: the four bytes are delivered and then not
fcs() {
	[ "$(feature rx-fcs)" = off ] || lacks "rx-fcs"
	ethtool -K "$IF" rx-fcs on
	wait_link
	datagrams_flow
	ethtool -K "$IF" rx-fcs off
	wait_link
	traffic_stop
	sweep_both "$IF" "$PEER" 60-200 1514
}

copybreak() {
	local t v was

	for t in rx-copybreak tx-copybreak; do
		was=$(ethtool --get-tunable "$IF" $t 2>/dev/null | sed 's/.*: //') || continue
		[ -n "$was" ] || continue
		for v in 0 256 128; do
			ethtool --set-tunable "$IF" $t $v || continue
			ethtool --get-tunable "$IF" $t | grep -q ": $v\$"
			datagrams_flow
		done
		refused '.' ethtool --set-tunable "$IF" $t 100000
		ethtool --set-tunable "$IF" $t "$was"
		t=found
	done
	traffic_stop
	[ -n "$(ethtool --get-tunable "$IF" tx-copybreak 2>/dev/null)$(ethtool --get-tunable "$IF" rx-copybreak 2>/dev/null)" ] ||
		lacks "copybreak tunables"
}

mtu() {
	local m

	for m in 1400 9000 1500 16110 4000 1500; do
		ip -n "$NS" link set "$PEER" mtu $m
		ip link set "$IF" mtu $m
		datagrams_flow
	done
	traffic_stop
}

mtu_limits() {
	ip -d link show "$IF" | grep -q 'minmtu 68 maxmtu 16110' ||
		fail "$(ip -d link show "$IF" | grep -o 'minmtu [0-9]* maxmtu [0-9]*')"
	refused 'minimum' ip link set "$IF" mtu 67
	refused 'maximum' ip link set "$IF" mtu 16111
	traffic_stop
}

identify() {
	# the LED blinks for a second; nothing on the wire changes
	ethtool -p "$IF" 1 2>"$T_DIR/err" || lacks "port identification: $(cat "$T_DIR/err")"
	traffic_stop
}

t ring "ring sizes, from the smallest to 4096"
t ring_while_down "ring sizes while down"
t ring_limits "ring sizes out of range are refused with their limits"
t coalesce "coalescing"
t coalesce_limits "coalescing out of range is refused with its limit"
t channels "channels: one, and no other number"
t pause_frames "pause frames"
t msglvl "message level"
t wol "wake-on-LAN"
t link_settings "link settings"
t features "every offload off and on"
t fcs "checksum bytes kept and dropped"
t copybreak "copybreak"
t mtu "MTU"
t mtu_limits "MTUs out of range are refused with their limits"
t identify "port identification"
run
