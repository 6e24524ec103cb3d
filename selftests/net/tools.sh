#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# tools: what ethtool shows of the device, and the device's test of itself.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup

selftest_online() {
	local out

	out=$(ethtool -t "$IF" online) || { info "$out"; fail "online test"; }
	info "$(tr -s '\t\n ' ' ' <<<"$out")"
	grep -q 'PASS' <<<"$out"
	link_ready || fail "the online test took the link down"
}

selftest_offline() {
	local out

	out=$(ethtool -t "$IF" offline) || { info "$(tr -s '\t\n ' ' ' <<<"$out")"; fail "offline test"; }
	info "$(tr -s '\t\n ' ' ' <<<"$out")"
	grep -q 'PASS' <<<"$out"
	wait_link
	wait_for 20 ping_works $B4 || fail "no ping after the offline test"
}

# closed interfaces have registers, an EEPROM and tests too
while_down() {
	ip link set "$IF" down
	ethtool -t "$IF" offline >/dev/null || fail "offline test while down"
	ethtool -d "$IF" >/dev/null
	ethtool -S "$IF" >/dev/null
	ethtool -e "$IF" length 6 >/dev/null
	ethtool "$IF" >/dev/null
	ip link set "$IF" up
	wait_link
}

# The first six bytes of the EEPROM are the permanent address; that is what
# the interface has, unless somebody set another
eeprom() {
	local mac perm whole

	ethtool -e "$IF" length 16
	mac=$(ethtool -e "$IF" raw on offset 0 length 6 | od -An -tx1 | tr -s ' ' ':' | sed 's/^://')
	perm=$(ethtool -P "$IF" | sed 's/.*: //')
	info "EEPROM $mac, permanent $perm, now $(cat "/sys/class/net/$IF/address")"
	[ "$mac" = "$perm" ]
	# 64 words, whose sum is BABA (8254x manual, section 5.6)
	whole=$(ethtool -e "$IF" raw on offset 0 length 128 | od -An -v -tu2 -w2 |
		awk '{ s = (s + $1) % 65536 } END { printf "%04x\n", s }')
	info "sum of the first 64 words: $whole"
	[ "$whole" = baba ]
	# odd offsets and lengths, the last byte, and not one more
	[ "$(ethtool -e "$IF" raw on offset 1 length 3 | od -An -tx1 | tr -d ' ')" = "$(cut -d: -f2-4 <<<"$mac" | tr -d :)" ]
	[ "$(ethtool -e "$IF" raw on offset 127 length 1 | wc -c)" = 1 ]
	refused '.' ethtool -e "$IF" offset 1000000 length 1
}

registers() {
	local d status

	d=$(ethtool -d "$IF")
	head -n 4 <<<"$d"
	[ "$(wc -l <<<"$d")" -gt 5 ]
	[ "$(ethtool -d "$IF" raw on | wc -c)" -gt 32 ] || fail "no raw dump"
	# STATUS.LU, bit 1: the dump is of this device, and now
	status=$(ethtool -d "$IF" raw on | od -An -v -tx4 -w4 | sed -n 2p | tr -d ' ')
	info "STATUS $status"
	[ $((0x$status & 2)) = 2 ] || fail "the dump's STATUS has no link"
}

# 30 readers at once, while it moves data
readers() {
	local i pids=()

	traffic_start
	for i in {1..6}; do
		for _ in 1 2 3; do
			ethtool -S "$IF"
			ethtool -d "$IF"
			ethtool "$IF"
			ethtool -e "$IF" length 64
			ethtool -g "$IF"
			ip -s link show "$IF"
		done >/dev/null 2>"$T_DIR/err.$i" &
		pids+=($!)
	done
	wait "${pids[@]}"
	traffic_stop
}

# What the driver calls its statistics is what it has that many of
strings() {
	local n

	n=$(ethtool -S "$IF" | grep -c ': ')
	info "$n statistics"
	[ "$n" -gt 3 ]
	[ "$(ethtool -i "$IF" | sed -n 's/^supports-statistics: //p')" = yes ]
	[ "$(ethtool -i "$IF" | sed -n 's/^supports-test: //p')" = yes ]
	[ "$(ethtool -i "$IF" | sed -n 's/^supports-register-dump: //p')" = yes ]
	[ "$(ethtool -i "$IF" | sed -n 's/^supports-eeprom-access: //p')" = yes ]
	[ -z "$(ethtool -S "$IF" | grep ': ' | sort | uniq -d)" ]
}

t strings "names of statistics; what is supported"
t eeprom "EEPROM: address, checksum, borders"
t registers "register dump"
t selftest_online "self-test, online"
t selftest_offline "self-test, offline"
t while_down "all of it while the interface is down"
t readers "many readers under traffic"
run
