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
t random "random sizes with random settings"
run
