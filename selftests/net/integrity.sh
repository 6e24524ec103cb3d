#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# integrity: a file through TCP and UDP, both directions at once, and its
# SHA-256 at the far end; with the offloads on and off.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup

SIZE=1000003	# odd, so that the last packet is

# What the stack threw away as damaged, at both ends: a transfer that works
# because TCP tried again is not one that works.
damaged() {
	cat /proc/net/snmp /proc/net/snmp6
	peer cat /proc/net/snmp /proc/net/snmp6
}

count_damaged() {
	damaged | awk '
		/^(Ip|Tcp|Udp):/ {
			if ($2 ~ /[A-Za-z]/) { for (i = 2; i <= NF; i++) name[i] = $i; next }
			for (i = 2; i <= NF; i++)
				if (name[i] ~ /^(InHdrErrors|InCsumErrors|InErrs)$/) n[$1 name[i]] += $i
		}
		/^(Ip6InHdrErrors|Ip6InTruncatedPkts|Udp6InCsumErrors|Icmp6InCsumErrors) / { n[$1] += $2 }
		END { for (i in n) if (n[i]) printf "%s=%d ", i, n[i] }'
}

retransmitted() {
	damaged | awk '/^Tcp: [0-9]/ { n += $13 } END { print n }'
}

file() {
	head -c $SIZE /dev/urandom >"$T_DIR/in"
	SUM=$(sha256sum <"$T_DIR/in")
}

# there PROTO ADDR ADDR: over and back at the same time
both_ways() {
	local proto=$1 a=$2 b=$3 p q

	"$WIRE" copy "$proto" - "$a" "$NS" "$b" "$T_DIR/in" "$T_DIR/there" & p=$!
	"$WIRE" copy "$proto" "$NS" "$b" - "$a" "$T_DIR/in" "$T_DIR/back" & q=$!
	wait $p || fail "$proto $a -> $b"
	wait $q || fail "$proto $b -> $a"
	[ "$(sha256sum <"$T_DIR/there")" = "$SUM" ] || fail "$proto $a -> $b: SHA-256 differs"
	[ "$(sha256sum <"$T_DIR/back")" = "$SUM" ] || fail "$proto $b -> $a: SHA-256 differs"
	rm "$T_DIR/there" "$T_DIR/back"
}

everything() {
	local before tries

	file
	before=$(count_damaged) tries=$(retransmitted)
	both_ways tcp $A4 $B4
	both_ways tcp $A6 $B6
	both_ways udp $A4 $B4
	both_ways udp $A6 $B6
	[ "$(count_damaged)" = "$before" ] ||
		fail "the stack found damaged packets: before '$before', after '$(count_damaged)'"
	info "TCP segments sent again: $(($(retransmitted) - tries))"
}

# TCP alone, for what concerns only TCP
streams() {
	local before

	file
	before=$(count_damaged)
	both_ways tcp $A4 $B4
	both_ways tcp $A6 $B6
	[ "$(count_damaged)" = "$before" ] ||
		fail "the stack found damaged packets: before '$before', after '$(count_damaged)'"
}

# without FEATURE...: the rest as by default; one that is fixed is said
without() {
	local f left=''

	for f in "$@"; do
		if feature_fixed "$f"; then
			info "$f is fixed"
		else
			set_feature "$f" off || fail "cannot switch $f off"
			[[ $(feature "$f") = off* ]] || fail "$f stays on"
			left=y
		fi
	done
	wait_link
	[ -n "$left" ] || skip "$* cannot be switched off"
	SIZE=300007
	case "$*" in
	rx | tx | *vlan*) everything ;;
	*) streams ;;
	esac
}

defaults() {
	info "$(ethtool -k "$IF" | grep -E '^[a-z].*: on$' | sed 's/: on//' | tr '\n' ' ')"
	everything
}

no_tso() { without tso; }
no_tx_checksum() { without tx; }
no_rx_checksum() { without rx; }
no_sg() { without sg; }
no_gro() { without gro; }
no_gso() { without tso gso; }
no_vlan() { without rxvlan txvlan; }
nothing() { without rx tx sg tso gso gro rxvlan txvlan; }

t defaults "all offloads as by default"
t no_tso "without TSO"
t no_tx_checksum "without transmit checksums"
t no_rx_checksum "without receive checksums"
t no_sg "without scatter-gather"
t no_gro "without GRO"
t no_gso "without TSO and GSO"
t no_vlan "without VLAN insertion and stripping"
t nothing "without any of them"
run
