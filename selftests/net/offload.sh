#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# offload: packets of random shapes whose checksums and segments are left to
# the device; each frame on the wire is checked in full, at either end.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup

COUNT=100
SEED=${SEED:-20260727}

# shapes FEATURE STATE...: every frame as sent, so the receiver merges nothing
shapes() {
	local f state

	while [ $# -gt 0 ]; do
		f=$1 state=$2
		shift 2
		feature_fixed "$f" || set_feature "$f" "$state" || fail "cannot set $f $state"
	done
	set_feature gro off
	wait_link
	wire offload - "$IF" "$NS" "$PEER" $COUNT "$SEED"
	wire offload "$NS" "$PEER" - "$IF" $COUNT "$((SEED + 1))"
}

defaults() { COUNT=250; shapes tso on tx on sg on; }
no_tso() { shapes tso off; }
no_checksum() { shapes tx off; }
no_sg() { shapes sg off; }

mtu_of_both() {
	ip link set "$IF" mtu "$1"
	ip -n "$NS" link set "$PEER" mtu "$1"
	wait_link
}

jumbo() { mtu_of_both 9000; shapes tso on; }
tiny() { mtu_of_both 300; shapes tso on; }

vlan() {
	ip link add link "$IF" name v9 type vlan id 9
	ip -n "$NS" link add link "$PEER" name v9 type vlan id 9
	ip link set v9 up
	ip -n "$NS" link set v9 up
	set_feature gro off
	ethtool -K v9 gro off
	peer ethtool -K v9 gro off
	wire offload - v9 "$NS" v9 $COUNT "$SEED"
	wire offload "$NS" v9 - v9 $COUNT "$((SEED + 1))"
}

merged() {
	set_feature gro on
	wire offload - "$IF" "$NS" "$PEER" $COUNT "$SEED" gro
	wire offload "$NS" "$PEER" - "$IF" $COUNT "$SEED" gro
}

# Datagrams that the kernel has delivered: what was merged counts once
delivered() {
	awk '$1 == "Udp:" && $2 ~ /^[0-9]/ { n += $2 }
	     $1 == "Udp6InDatagrams" { n += $2 }
	     END { print n + 0 }' /proc/net/snmp /proc/net/snmp6
}

# datagrams RECEIVER SENDER: 2,000 of one size from socket to socket. Sets SEEN.
datagrams() {
	local before

	socat -u -b 65536 "$1" "OPEN:$T_DIR/datagrams,creat,trunc" &
	defer "kill $! 2>/dev/null; wait $! 2>/dev/null"
	wait_for 30 bound
	before=$(delivered)
	head -c 2000000 /dev/urandom >"$T_DIR/sent"
	peer socat -u -b 1000 "OPEN:$T_DIR/sent" "$2"
	wait_for 30 cmp -s "$T_DIR/sent" "$T_DIR/datagrams" ||
		fail "$(stat -c %s "$T_DIR/datagrams") of 2000000 bytes arrived as they were sent"
	SEEN=$(($(delivered) - before))
	kill %%
	wait_for 30 unbound
}
bound() { [ -n "$(ss -lunH sport = :5004)" ]; }
unbound() { ! bound; }

# GRO merges datagrams where a socket wants it, and elsewhere leaves them alone
datagrams_merged() {
	local end

	set_feature gro on
	defer "sysctl -qw net.core.rmem_max=$(sysctl -n net.core.rmem_max)"
	sysctl -qw net.core.rmem_max=16000000
	# Or too few of them meet when the sender is slow
	defer "echo 0 >/sys/class/net/$IF/gro_flush_timeout"
	echo 5000000 >"/sys/class/net/$IF/gro_flush_timeout"
	peer ping -qc 1 "$A4" >/dev/null
	peer ping -qc 1 "$A6" >/dev/null
	for end in "4 $A4" "6 [$A6]"; do
		datagrams "UDP${end% *}-RECV:5004,rcvbuf=16000000" "UDP${end% *}-SENDTO:${end#* }:5004"
		[ "$SEEN" = 2000 ] || fail "$SEEN datagrams of 2000, IPv${end% *}"
		datagrams "UDP${end% *}-RECV:5004,rcvbuf=16000000,setsockopt-listen=17:104:i1" \
			"UDP${end% *}-SENDTO:${end#* }:5004"
		[ "$SEEN" -lt 2000 ] || fail "UDP_GRO merged nothing, IPv${end% *}"
		info "IPv${end% *}: 2000 datagrams, $SEEN after UDP_GRO"
	done
}

# Settings change between any two batches, sizes and shapes are random
random() {
	local i f args state=(on off)

	RANDOM=$SEED
	for i in {1..8}; do
		args=()
		for f in rx tx sg tso rxvlan txvlan; do
			feature_fixed $f || args+=("$f" "${state[RANDOM % 2]}")
		done
		info "${args[*]}"
		ethtool -K "$IF" "${args[@]}" gro off >/dev/null
		peer ethtool -K "$PEER" gro off >/dev/null
		wait_link
		wire offload - "$IF" "$NS" "$PEER" 30 $RANDOM
		wire offload "$NS" "$PEER" - "$IF" 30 $RANDOM
		sweep_both "$IF" "$PEER" $((14 + RANDOM % 1500))-1514/$((1 + RANDOM % 200))
	done
}

t defaults "TSO, checksum and scatter-gather by the device"
t no_tso "segments by the stack"
t no_checksum "checksums by the stack"
t no_sg "without scatter-gather"
t jumbo "MTU 9000"
t tiny "MTU 300"
t vlan "in a VLAN"
t merged "with GRO at the receiver"
t datagrams_merged "datagrams: merged for UDP_GRO, and only then"
t random "random sizes with random settings"
run
