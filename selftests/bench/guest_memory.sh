# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Memory, for guest.sh: what a received frame holds, what a ring takes, and how much
# a TCP receiver that does not read lets in.

EVENTS=/sys/kernel/tracing/events/kmem

# pages_by EVENT: an order's count times its pages, all of them
pages_by() {
	local order count sum=0

	while read -r order count; do
		sum=$((sum + (count << order)))
	done < <(sed -n 's/.*order: *\([0-9]*\) } hitcount: *\([0-9]*\)/\1 \2/p' "$EVENTS/$1/hist")
	echo $sum
}

# pages COMMAND...: what it and the interrupts meanwhile took and did not give back, by
# the kernel's own tracepoints: free lists of a CPU make /proc/meminfo too coarse
pages() {
	local e

	for e in mm_page_alloc mm_page_free; do
		echo 'hist:keys=order' >$EVENTS/$e/trigger
	done
	"$@"
	echo $(($(pages_by mm_page_alloc) - $(pages_by mm_page_free)))
	for e in mm_page_alloc mm_page_free; do
		echo '!hist:keys=order' >$EVENTS/$e/trigger
	done
}

# up_and_running: a NIC's link, and the buffers that come after
up_and_running() {
	ip link set "${tx_if[$1]}" up
	carrier cat "/sys/class/net/${tx_if[$1]}/carrier"
	sleep 1
}

# measure_pool SIZE: an interface with rings of SIZE, up the second time; the first
# fills the caches of the kernel
measure_pool() {
	local driver taken PACKETS=0 RING=$1

	for driver in $DRIVERS; do
		ip link set "${tx_if[$driver]}" down
		ethtool -G "${tx_if[$driver]}" rx "$1" tx "$1"
		up_and_running "$driver"
		ip link set "${tx_if[$driver]}" down
		sleep 1
		taken=$(pages up_and_running "$driver")
		figure memory "interface_up,_ring_$1_(bytes)" "$driver" $((taken * 4096)) 0 0 0
	done
}

# stopped DRIVER SOCAT...: a socket that is open and that nobody reads; sets holder
stopped() {
	# Not by receiver: the process to stop is socat, and not a shell around it
	ip netns exec "rx-$1" socat "${@:2}" &
	holder=$!
	sleep 1
	kill -STOP $holder
}

released() {
	kill -KILL $holder
	wait $holder 2>/dev/null || :
}

# A UDP socket that does not read is charged the truesize of what it holds
measure_truesize() {
	local driver held holder before gone PACKETS=40

	for driver in $DRIVERS; do
		receiver "$driver" ip addr add 192.0.2.2/32 dev "${rx_if[$driver]}"
		receiver "$driver" ip route add 192.0.2.1/32 dev "${rx_if[$driver]}"
		stopped "$driver" -u UDP4-RECV:9 OPEN:/dev/null
		before=$(received "$driver")
		SOURCE=192.0.2.1 generate "${tx_if[$driver]}" "${rx_mac[$driver]}" 1 1514 >/dev/null
		gone=$(lost received "$driver" "$before")
		held=$(receiver "$driver" ss -uamnH sport = :9 | sed -n 's/.*skmem:(r\([0-9]*\),.*/\1/p')
		figure memory "truesize_of_a_frame_of_1514_(bytes)" "$driver" "$(tenths $((held * 10 / PACKETS)))" "$gone" 1514 1
		released
		receiver "$driver" ip addr flush dev "${rx_if[$driver]}"
	done
}

# window DRIVER: bytes that lie in a socket with the default buffer when the sender is
# held up; sets held
window() {
	local holder sender

	stopped "$1" -u TCP4-LISTEN:5203 OPEN:/dev/null
	socat -u OPEN:/dev/zero "TCP4:${same[$1]}:5203" 2>/dev/null &
	sender=$!
	sleep 4
	held=$(receiver "$1" ss -tnH state established sport = :5203 | awk '{ print $1 }')
	kill $sender
	wait $sender 2>/dev/null || :
	released
}

# The most of three: how the last frames come in makes some 2 % of it
measure_window() {
	local driver held most i PACKETS=0

	for driver in $DRIVERS; do
		most=0
		for i in 1 2 3; do
			window "$driver"
			[ "${held:-0}" -le "$most" ] || most=$held
		done
		figure memory "TCP_that_nobody_reads_(bytes)" "$driver" "$most" 0 0 0
	done
}

# The receivers are up. Leaves rings as drivers start with them, and addresses
memory_rows() {
	measure_pool 256
	measure_pool 4096
	new_rings 256
	sleep 2
	measure_truesize
	addresses
	measure_window
}

memory() {
	receivers_up
	memory_rows
}
