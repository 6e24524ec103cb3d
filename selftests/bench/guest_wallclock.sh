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

# Each driver's pair has a network, and a sender of either driver one with the receiver
# of ours, which costs less and so is not what limits a stream.
# ADDRESS of DRIVER's peer: same[DRIVER], peer[DRIVER]
declare -A same=([e1000]=192.0.2.18 [e1000_nbl]=192.0.2.34)
declare -A peer=([e1000]=192.0.2.50 [e1000_nbl]=192.0.2.34)

addresses() {
	# On a hub all interfaces hear a question; only the one that has the address answers
	sysctl -qw net.ipv4.conf.all.arp_ignore=1
	ip addr add 192.0.2.17/28 dev "${tx_if[e1000]}"
	receiver e1000 ip addr add 192.0.2.18/28 dev "${rx_if[e1000]}"
	ip addr add 192.0.2.33/28 dev "${tx_if[e1000_nbl]}"
	receiver e1000_nbl ip addr add 192.0.2.34/28 dev "${rx_if[e1000_nbl]}"
	ip addr add 192.0.2.49/28 dev "${tx_if[e1000]}"
	receiver e1000_nbl ip addr add 192.0.2.50/28 dev "${rx_if[e1000_nbl]}"
}

# served DRIVER PORT: a client that comes too early is refused
served() {
	local i

	for ((i = 0; i < 200; i++)); do
		[ -z "$(receiver "$1" ss -ltnH sport = ":$2")" ] || return 0
		sleep 0.1
	done
	die "$1: nobody listens at $2"
}

# stream DRIVER BYTES ADDRESS [-R]: TCP into DRIVER's namespace, or from there; print
# bits per second
stream() {
	local server bits

	receiver "$1" iperf3 -s -1 >/dev/null &
	server=$!
	served "$1" 5201
	# With -J it succeeds even when it is refused
	bits=$(timeout 60 iperf3 -c "$3" -n "$2" ${4:-} -J |
		sed -n '/"sum_received"/,/}/s/.*"bits_per_second":[^0-9]*\([0-9]*\).*/\1/p') || :
	[ -n "$bits" ] || die "$1: no TCP stream"
	wait $server
	echo "$bits"
}

stream_pairs() {
	local i driver PACKETS=0

	for ((i = 0; i < $1; i++)); do
		for driver in e1000 e1000_nbl; do
			figure wallclock "TCP_stream,_both_ends_(bits/s)" $driver \
				"$(stream $driver "$2" "${same[$driver]}")" 0 0 0
			figure wallclock "TCP_stream,_sender_(bits/s)" $driver \
				"$(stream e1000_nbl "$2" "${peer[$driver]}")" 0 0 0
			figure wallclock "TCP_stream,_receiver_(bits/s)" $driver \
				"$(stream e1000_nbl "$2" "${peer[$driver]}" -R)" 0 0 0
		done
	done
}

# One byte each way, TCP: the median and the 99th percentile
latency_pairs() {
	local i driver server both PACKETS=2000

	for ((i = 0; i < $1; i++)); do
		for driver in e1000 e1000_nbl; do
			ip netns exec rx-$driver "$LOAD" answer "${same[$driver]}" 5202 &
			server=$!
			served $driver 5202
			both=$("$LOAD" ask "${same[$driver]}" 5202 $PACKETS)
			wait $server
			figure latency "request_and_response,_median_(us)" $driver "$(tenths $((${both% *} / 100)))" 0 1 1
			figure latency "request_and_response,_99_of_100_(us)" $driver "$(tenths $((${both#* } / 100)))" 0 1 1
		done
	done
}

# offered DRIVER DELAY: a burst of 8 each so many nanoseconds, from the generator of
# ours; sets rate, packets per second, and gone, frames that did not come
offered() {
	local from=${tx_if[e1000_nbl]} before made us i

	before=$(received "$1")
	echo rem_device_all >/proc/net/pktgen/kpktgend_0
	pktgen_device "$from" "${rx_mac[$1]}" 8 60 "$PACKETS" "$2"
	echo start >/proc/net/pktgen/pgctrl
	us=$(sed -n 's/.*OK: \([0-9]*\)(.*/\1/p' "/proc/net/pktgen/$from")
	made=$(sed -n 's/.*pkts-sofar: \([0-9]*\).*/\1/p' "/proc/net/pktgen/$from")
	for ((i = 0; i < 5; i++)); do
		gone=$((before + made - $(received "$1")))
		[ $gone != 0 ] || break
		sleep 0.1
	done
	rate=$((made * 1000000 / us))
}

# no_loss DRIVER: the highest rate of five halvings at which every frame came
no_loss() {
	local i low=0 best=0 high try rate gone

	offered "$1" 0
	high=$rate
	[ "$gone" != 0 ] || { echo "$rate"; return; }
	for ((i = 0; i < 5; i++)); do
		try=$(((low + high) / 2))
		offered "$1" $((8000000000 / try))
		if [ "$gone" = 0 ]; then
			low=$try best=$rate
		else
			high=$try
		fi
	done
	echo $best
}

no_loss_pairs() {
	local i driver

	# The generator has the first CPU for itself
	for driver in e1000 e1000_nbl; do
		i=$(receiver $driver cat "/sys/class/net/${rx_if[$driver]}/device/irq")
		echo 2 >"/proc/irq/$i/smp_affinity"
	done
	for ((i = 0; i < $1; i++)); do
		for driver in e1000 e1000_nbl; do
			figure wallclock "RX_without_loss_(packets/s)" $driver "$(no_loss $driver)" 0 60 8
		done
	done
}

# The rings are those that a driver starts with, but for the first row
wallclock() {
	if [ "$1" != full ]; then
		transmit_pairs 3
		return
	fi
	transmit_pairs 5
	receivers_up
	memory_rows		# and addresses
	latency_pairs 5
	stream_pairs 5 100M
	PACKETS=100000 no_loss_pairs 5
}
