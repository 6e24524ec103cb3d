#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# ping: IPv4 and IPv6, small, odd, fragmented, from both ends. Every question
# is answered.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup

# One question at a time: after an answer ping waits for the others only twice as
# long as that one took, whatever -W says
sizes() {	# sizes ADDRESS HOST-COMMAND...
	local to=$1 s i
	shift

	for s in 0 1 19 1453 1472 1473 4095 65000; do
		for i in 1 2; do
			"$@" ping -q -c 1 -W 10 -s $s "$to" >/dev/null 2>&1 ||
				fail "$to, $s bytes, question $i has no answer"
		done
	done
}

ping4() { sizes $B4; }
ping4_back() { sizes $A4 peer; }
ping6() { sizes $B6; }
ping6_back() { sizes $A6 peer; }

# Answers that came in, by the kernel's count: see above
answers() {	# answers IPVERSION
	if [ "$1" = 6 ]; then
		awk '$1 == "Icmp6InEchoReplies" { print $2 }' /proc/net/snmp6
	else
		awk '$1 == "Icmp:" && !n { for (i = 2; i <= NF; i++) if ($i == "InEchoReps") n = i; next }
		     $1 == "Icmp:" { print $n }' /proc/net/snmp
	fi
}
answered() { [ "$(answers "$1")" -ge "$2" ]; }

flood() {
	local before

	before=$(answers 4)
	info "$(ping -f -c 300 -s 100 -W 10 $B4 | tail -n 2 | tr '\n' ' ')"
	wait_for 10 answered 4 $((before + 300)) ||
		fail "$(($(answers 4) - before)) answers"
}

broadcast() {
	local before

	peer sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0
	ping -c 3 -i 0.1 -W 10 -b 192.0.2.255 | grep -q "from $B4"
	# all nodes: IPv6's way
	before=$(answers 6)
	ping -c 3 -i 0.1 -W 10 "ff02::1%$IF" >/dev/null
	wait_for 10 answered 6 $((before + 3))
}

t ping4 "IPv4, 0 to 65000 bytes"
t ping4_back "IPv4, from the peer"
t ping6 "IPv6, 0 to 65000 bytes"
t ping6_back "IPv6, from the peer"
t flood "300 in a flood, none lost"
t broadcast "broadcast and all-nodes multicast"
run
