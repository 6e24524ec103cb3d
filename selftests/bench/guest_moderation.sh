# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Does adaptive-rx of ours choose what it should? Where instructions are counted a rate
# is what it is, on the slowest of machines.

# chosen RATE MICROSECONDS: what our receiver waits between interrupts after a fifth of
# a second of RATE frames a second, 0: as fast as they can be sent
chosen() {
	local us frames=$(($1 / 5)) name=${tx_if[e1000_nbl]}

	echo rem_device_all >/proc/net/pktgen/kpktgend_0
	pktgen_device "$name" "${rx_mac[e1000_nbl]}" 1 60 $((frames ? frames : 50000))
	[ "$1" = 0 ] || echo "ratep $1" >"/proc/net/pktgen/$name"
	echo start >/proc/net/pktgen/pgctrl
	us=$(receiver e1000_nbl ethtool -S "${rx_if[e1000_nbl]}" | awk '$1 == "interrupt_us:" { print $2 }')
	[ "$us" = "$2" ] || die "adaptive-rx: $us us at $1 frames/s (0: all there can be), not $2"
}

# The receivers are up
moderation() {
	receiver e1000_nbl ethtool -C "${rx_if[e1000_nbl]}" adaptive-rx on 2>/dev/null || :
	chosen 50000 256
	chosen 10000 50
	receiver e1000_nbl ethtool -G "${rx_if[e1000_nbl]}" rx 256
	sleep 2
	carrier receiver e1000_nbl cat "/sys/class/net/${rx_if[e1000_nbl]}/carrier"
	sleep 2
	chosen 0 50
	chosen 50000 256
	receiver e1000_nbl ethtool -G "${rx_if[e1000_nbl]}" rx 1024
}
