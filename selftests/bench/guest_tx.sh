# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sending, for guest.sh: linear and fragmented frames, frames that the NIC cuts up,
# and what the size of the ring does to sending and receiving.

SIZES="256 512 2048 4096"	# 1,024 is that of all other rows

pieces() { [ "$FRAGS" = 0 ] || echo ",_${FRAGS}_fragments"; }

# measure_floor BURST SIZE: the generator alone
measure_floor() {
	floor[$1-$2-$FRAGS]=$(cost dummy0 02:00:00:00:00:01 "$1" "$2")
	RING=0 figure instructions "pktgen_alone,_$2_bytes$(pieces),_burst_$1" pktgen "$(tenths "${floor[$1-$2-$FRAGS]}")" 0 "$2" "$1"
}

# measure_tx ROW BURST SIZE: the receiver is down and has no part in it. tx is all of
# it, pktgen included: what measure_rx and measure_xdp subtract
measure_tx() {
	local driver total gone

	[ -n "${floor[$2-$3-$FRAGS]:-}" ] || measure_floor "$2" "$3"
	for driver in $DRIVERS; do
		cheaper sent "$driver" "$2" "$3"
		tx[$driver-$2-$3-$FRAGS-$RING]=$total
		figure instructions "$1" "$driver" "$(tenths $((total - floor[$2-$3-$FRAGS])))" $gone "$3" "$2"
	done
}

# A frame of SEGMENTS x 1,460 bytes of TCP data, 54 of headers
SEGMENTS=11

# segments DRIVER|dummy0: send PACKETS such frames; nanoseconds, the least of three
segments() {
	local i once least=''

	for i in 1 2 3; do
		once=$("$LOAD" segments "${tx_if[$1]:-$1}" "${rx_mac[$1]:-02:00:00:00:00:01}" "$PACKETS" $SEGMENTS)
		[ -n "$least" ] && [ "$least" -le "$once" ] || least=$once
	done
	echo "$least"
}

# measure_segments ROW: per frame, before the NIC cuts it up. What the system call, the
# copy and the skb cost goes with the same frames to a dummy device.
measure_segments() {
	local driver before gone ns alone PACKETS=$((PACKETS / 10)) size=$((54 + SEGMENTS * 1460))

	alone=$(segments dummy0)
	RING=0 figure instructions "packet_socket_alone,_${SEGMENTS}_segments" pktgen \
		"$(tenths $((alone * 10 / PACKETS)))" 0 $size 1
	for driver in $DRIVERS; do
		before=$(sent "$driver")
		ns=$(segments "$driver")
		sleep 0.1
		gone=$(($(sent "$driver") - before - PACKETS * SEGMENTS * 3))
		figure instructions "$1" "$driver" "$(tenths $(((ns - alone) * 10 / PACKETS)))" "${gone#-}" $size 1
	done
}

# Rows of the full benchmark; the receivers are down
tx_rows() {
	local size

	measure_tx "TX_60_bytes,_burst_32" 32 60
	measure_tx "TX_1514_bytes,_burst_1" 1 1514
	FRAGS=4 measure_tx "TX_1514_bytes,_4_fragments,_burst_8" 8 1514
	measure_segments "TX_TSO,_${SEGMENTS}_segments_of_1514_bytes"
	for size in $SIZES; do
		new_rings "$size"
		measure_tx "TX_60_bytes,_burst_8,_ring_$size" 8 60
		measure_tx "TX_1514_bytes,_burst_8,_ring_$size" 8 1514
	done
	new_rings 1024
}

# new_receiver_rings SIZE: the generators keep theirs
new_receiver_rings() {
	local driver there

	for driver in e1000 e1000_nbl; do
		receiver $driver ethtool -G "${rx_if[$driver]}" rx "$1"
		there=$(rings_of receiver $driver ethtool -g "${rx_if[$driver]}")
		[ "${there% *}" = "$1" ] || die "$driver: a ring of $1 asked for, there is $there"
	done
	sleep 2
	for driver in e1000 e1000_nbl; do
		carrier receiver $driver cat "/sys/class/net/${rx_if[$driver]}/carrier"
	done
	sleep 2
}

# Frames come to both receivers from the same NIC, of the driver in the tree: ours can
# send more than a short ring holds in the time between two interrupts.
rx_rings() {
	local RING GENERATOR=e1000

	if [ -z "${tx[e1000-8-60-0-1024]:-}" ]; then
		echo "guest.sh: no rows of receive rings: they want DRIVERS with e1000" >&2
		return
	fi
	for RING in 1024 $SIZES; do
		new_receiver_rings "$RING"
		measure_rx "RX_from_one_sender,_60_bytes,_ring_$RING" 60
	done
	new_receiver_rings 1024
}
