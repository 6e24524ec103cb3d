# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The wall clock, for guest.sh: both drivers in turn, A B A B.

# Packets per second, in turn: A B A B
transmit_pairs() {
	local i driver before us gone

	for ((i = 0; i < $1; i++)); do
		for driver in e1000 e1000_nbl; do
			before=$(sent $driver)
			us=$(generate "${tx_if[$driver]}" "${rx_mac[$driver]}" 8 60)
			gone=$(lost sent $driver "$before")
			figure wallclock "TX_burst_8_(packets/s)" $driver $((PACKETS * 1000000 / us)) "$gone" 60 8
		done
	done
}

listening() { [ -n "$(receiver "$1" ss -ltnH sport = :5201)" ]; }

# stream DRIVER BYTES ADDRESS: TCP into the namespace; print bits per second
stream() {
	local i server bits

	receiver "$1" iperf3 -s -1 >/dev/null &
	server=$!
	# A client that comes too early is refused, and the server waits for another
	for ((i = 0; i < 200; i++)); do
		! listening "$1" || break
		sleep 0.1
	done
	# With -J it succeeds even when it is refused
	bits=$(timeout 60 iperf3 -c "$3" -n "$2" -J |
		sed -n '/"sum_received"/,/}/s/.*"bits_per_second":[^0-9]*\([0-9]*\).*/\1/p') || :
	[ -n "$bits" ] || die "$1: no TCP stream"
	wait $server
	echo "$bits"
}

stream_pairs() {
	local i driver bits n=0

	for driver in e1000 e1000_nbl; do
		n=$((n + 1))
		ip addr add "192.0.2.$((n * 16 + 1))/28" dev "${tx_if[$driver]}"
		receiver $driver ip addr add "192.0.2.$((n * 16 + 2))/28" dev "${rx_if[$driver]}"
	done
	for ((i = 0; i < $1; i++)); do
		n=0
		for driver in e1000 e1000_nbl; do
			n=$((n + 1))
			bits=$(stream $driver "$2" "192.0.2.$((n * 16 + 2))")
			PACKETS=0 figure wallclock "TCP_stream_(bits/s)" $driver "$bits" 0 0 0
		done
	done
}

wallclock() {
	if [ "$1" = full ]; then
		transmit_pairs 5
		receivers_up
		stream_pairs 5 100M
	else
		transmit_pairs 3
	fi
}

