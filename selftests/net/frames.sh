#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# frames: bare Ethernet frames of every kind of size, at several MTUs, compared
# byte by byte, in order, none lost, padding all zero.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup

mtu() {
	ip link set "$IF" mtu "$1"
	ip -n "$NS" link set "$PEER" mtu "$1"
	wait_link
	[ "$(cat "/sys/class/net/$IF/mtu")" = "$1" ]
}

# An MTU's largest frame has 14 bytes more
smallest() { mtu 68; sweep_both "$IF" "$PEER" 14-82; }

# every size to 300, then around every border that a buffer could have
standard() {
	sweep_both "$IF" "$PEER" 14-300 301-1490/13 1490-1514
}

odd_mtus() {
	local m

	for m in 69 577 1501 4097; do
		mtu $m
		sweep_both "$IF" "$PEER" 60 61 $((m + 13)) $((m + 14)) 60-$((m + 14))/97
	done
}

borders() {
	local b out=()

	for b in 512 1024 1518 1522 1536 2048 3072 4096 5120 6144 7168 8192 9014 10240 12288 14336 16110; do
		[ $((b + 6)) -gt $(($1 + 14)) ] || out+=("$((b - 6))-$((b + 6))")
	done
	echo "${out[@]}"
}

# shellcheck disable=SC2046 # a list of words
jumbo() {
	mtu 9000
	sweep_both "$IF" "$PEER" 60-9014/241 $(borders 9000) 9009-9014
}

# shellcheck disable=SC2046
largest() {
	mtu 16110
	sweep_both "$IF" "$PEER" 60-16124/331 $(borders 16110) 16119-16124
}

# big and small by turns: fragments of one frame next to whole others
mixed() {
	local i s=()

	mtu 16110
	for i in {1..60}; do
		s+=($((60 + i * 7919 % 16064)) 60 $((61 + i)))
	done
	sweep_both "$IF" "$PEER" "${s[@]}"
}

# one end sends larger frames than the other's MTU asks for: nothing may be
# damaged, and what is allowed must still arrive
unequal() {
	ip -n "$NS" link set "$PEER" mtu 9000
	wait_link
	sweep_both "$IF" "$PEER" 60-1514/101 1514x20
	# these may be dropped, by a driver that filters by length, or arrive
	timeout 5 "$WIRE" sweep "$NS" "$PEER" - "$IF" 9014x4 2>&1 || :
	wait_for 20 ping_works $B4
	wire sweep "$NS" "$PEER" - "$IF" 60 1514 1514x20
	wire sweep - "$IF" "$NS" "$PEER" 60 1514 1514x20
}

limits() {
	ip -d link show "$IF" | grep -q 'minmtu 68 maxmtu 16110'
	refused 'minimum|less' ip link set "$IF" mtu 67
	refused 'maximum|greater' ip link set "$IF" mtu 16111
}

ip_jumbo() {
	mtu 16110
	ping -c 2 -i 0.1 -W 10 -M 'do' -s 16082 $B4 >/dev/null
	ping -c 2 -i 0.1 -W 10 -M 'do' -s 16062 $B6 >/dev/null
	peer ping -c 2 -i 0.1 -W 10 -M 'do' -s 16082 $A4 >/dev/null
	mtu 1281
	# IPv6 keeps its address down to 1280
	ping -c 2 -i 0.1 -W 10 -M 'do' -s 1233 $B6 >/dev/null
	mtu 68
	# ping sizes its buffer for one packet; 7.3 counts 11 fragments as more
	ping -c 2 -i 0.1 -W 10 -S 65536 -s 500 $B4 >/dev/null
}

t standard "MTU 1500: 14 to 1514 bytes"
t smallest "MTU 68: 14 to 82 bytes"
t odd_mtus "odd MTUs from 69 to 4097"
t jumbo "MTU 9000: 60 to 9014 bytes"
t largest "MTU 16110: 60 to 16124 bytes"
t mixed "MTU 16110: large and small by turns"
t unequal "frames above this end's MTU do no harm"
t ip_jumbo "IP at MTU 16110, 1281 and 68"
t limits "MTU limits are 68 and 16110, and said so"
run
