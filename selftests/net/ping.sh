#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# ping: IPv4 and IPv6, small, odd, fragmented, from both ends. Every question
# is answered.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup

sizes() {	# sizes ADDRESS HOST-COMMAND...
	local to=$1 s out
	shift

	for s in 0 1 19 1453 1472 1473 4095 65000; do
		out=$("$@" ping -q -c 2 -i 0.01 -W 10 -s $s "$to" 2>&1) || {
			info "${out//$'\n'/ | }"
			fail "$to, $s bytes"
		}
		grep -q ' 0% packet loss' <<<"$out" || fail "$to, $s bytes: ${out##*--- }"
	done
}

ping4() { sizes $B4; }
ping4_back() { sizes $A4 peer; }
ping6() { sizes $B6; }
ping6_back() { sizes $A6 peer; }

flood() {
	local out

	out=$(ping -f -c 300 -s 100 -W 10 $B4)
	info "$(tail -n 2 <<<"$out" | tr '\n' ' ')"
	grep -q ' 0% packet loss' <<<"$out"
}

broadcast() {
	local bc=192.0.2.255

	peer sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0
	ping -c 3 -i 0.1 -W 10 -b $bc | grep -q "from $B4"
	# all nodes: IPv6's way
	ping -c 3 -i 0.1 -W 10 "ff02::1%$IF" | grep -q ' 0% packet loss'
}

t ping4 "IPv4, 0 to 65000 bytes"
t ping4_back "IPv4, from the peer"
t ping6 "IPv6, 0 to 65000 bytes"
t ping6_back "IPv6, from the peer"
t flood "300 in a flood, none lost"
t broadcast "broadcast and all-nodes multicast"
run
