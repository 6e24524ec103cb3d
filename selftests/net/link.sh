#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# link: what the driver says about the cable, and what it does when told to.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup

identity() {
	local i

	i=$(ethtool -i "$IF")
	info "${i//$'\n'/; }"
	grep -qx "driver: $DRIVER" <<<"$i"
	[ -z "$PCI_A" ] || grep -qx "bus-info: $PCI_A" <<<"$i"
	ip -d link show "$IF" | grep -q 'minmtu 6[80]\|minmtu 46'
}

carrier() {
	has_carrier "$IF"
	ethtool "$IF" | grep -q 'Link detected: yes'
	[ "$(cat "/sys/class/net/$IF/operstate")" = up ]
}

speed() {
	local s

	s=$(ethtool "$IF")
	info "$(grep -E 'Speed|Duplex|Auto-neg|Port:' <<<"$s" | tr -s ' \t\n' ' ')"
	grep -Eq 'Speed: (10|100|1000)Mb/s' <<<"$s"
	grep -q 'Duplex: Full' <<<"$s"
	grep -q '1000baseT/Full' <<<"$s"
	[ "$(cat "/sys/class/net/$IF/speed")" -ge 10 ]
}

# A peer sees an interface go down on a real cable; on a hub it does not.
down_up() {
	local i

	for i in 1 2 3; do
		ip link set "$IF" down
		! has_carrier "$IF"
		ip link set "$IF" up
		wait_for 30 has_carrier "$IF" || fail "no carrier after down and up ($i)"
	done
	wait_link
	wait_for 20 ping_works $B4 || fail "no ping after down and up"
}

renegotiate() {
	local before after

	before=$(cat "/sys/class/net/$IF/carrier_changes")
	ethtool -r "$IF"
	wait_for 30 has_carrier "$IF" || fail "no carrier after ethtool -r"
	wait_link
	after=$(cat "/sys/class/net/$IF/carrier_changes")
	info "carrier changes: $before before, $after after"
	wait_for 20 ping_works $B4 || fail "no ping after ethtool -r"
}

# What a 1000BASE-T part can be told: advertise less, then everything
advertise() {
	ethtool -s "$IF" speed 1000 duplex full autoneg on
	wait_link
	ethtool -s "$IF" autoneg on advertise 0x2f
	wait_link
	ethtool "$IF" | grep -q 'Auto-negotiation: on'
	wait_for 20 ping_works $B4 || fail "no ping after ethtool -s"
}

# Gigabit over copper has no way to be forced: autonegotiation is part of it
bad_settings() {
	refused '.' ethtool -s "$IF" speed 1000 duplex half autoneg off
	refused '.' ethtool -s "$IF" speed 10000 duplex full autoneg off
	has_carrier "$IF" || wait_link
}

address() {
	local old new=02:00:5e:10:00:01

	old=$(cat "/sys/class/net/$IF/address")
	defer "ip link set $IF address $old"
	ip link set "$IF" down
	ip link set "$IF" address $new
	ip link set "$IF" up
	ip addr replace $A6/64 dev "$IF" nodad
	wait_link
	ip -n "$NS" neigh flush all
	wait_for 20 ping_works $B4 || fail "no ping with another MAC address"
	ip -n "$NS" neigh show $A4 | grep -qi $new
	# and while it is up, if the driver allows it
	if ip link set "$IF" address "$old" 2>/dev/null; then
		ip -n "$NS" neigh flush all
		wait_for 20 ping_works $B4 || fail "no ping after the address changed back"
	fi
	refused '.' ip link set "$IF" address 01:00:5e:00:00:01
}

t identity "driver, bus address"
t carrier "carrier after open"
t speed "speed and duplex"
t down_up "down and up, three times"
t renegotiate "restart of autonegotiation"
t advertise "advertised modes"
t bad_settings "impossible link settings are refused"
t address "another MAC address receives; a multicast one is refused"
run
