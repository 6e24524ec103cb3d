# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# XDP verdicts and AF_XDP, for guest.sh: what a frame costs at the receiver.

# xdp DRIVER PROGRAM|off: at the receiver; native in ours, generic in the other
xdp() {
	local hook=xdpdrv

	[ "$1" = e1000_nbl ] || hook=xdpgeneric
	if [ "$2" = off ]; then
		receiver "$1" ip link set "${rx_if[$1]}" $hook off
	else
		receiver "$1" ip link set "${rx_if[$1]}" $hook pinned "$PINS/$2"
		receiver "$1" ip link show "${rx_if[$1]}" | grep -qw "${hook/drv/}" ||
			die "$1: $2 is not attached as $hook"
	fi
}

sent_on() { receiver "$1" cat "/sys/class/net/$2/statistics/tx_packets"; }

# Both directions of what a verdict sends on: as many as came, at last
not_sent_on() {	# not_sent_on DRIVER INTERFACE BEFORE WANTED
	local i now

	for ((i = 0; i < 40; i++)); do
		now=$(($(sent_on "$1" "$2") - $3))
		[ $now != "$4" ] || break
		sleep 0.1
	done
	now=$(($4 - now))
	echo "${now#-}"
}

# measure_xdp ROW PROGRAM SIZE: as measure_rx; a frame that was to be sent on and
# was not is lost too
measure_xdp() {
	local driver total gone out='' before made packets=$PACKETS PACKETS

	for driver in $DRIVERS; do
		# Of some hundred instructions a tick of the scheduler is 18 in 200,000 packets
		PACKETS=$packets
		[ "$driver" != e1000_nbl ] || PACKETS=$((packets * 5))
		case $2 in
		bench_back) out=${rx_if[$driver]} ;;
		bench_redirect)
			out=${third_if[$driver]}
			receiver "$driver" "$XDP" port "$PINS" 0 "$out"
			;;
		esac
		xdp "$driver" "$2"
		[ -z "$out" ] || before=$(sent_on "$driver" "$out")
		made=$(received "$driver")
		cheaper received "$driver" 8 "$3"
		[ -z "$out" ] ||
			gone=$((gone + $(not_sent_on "$driver" "$out" "$before" $(($(received "$driver") - made)))))
		figure instructions "$1" "$driver" "$(tenths $((total - tx[$driver-8-$3-0-$RING])))" $gone "$3" 8
		allocations "$1" "$driver" "$3"
		xdp "$driver" off
	done
}

# allocations ROW DRIVER SIZE: slab objects and pages per packet, by the kernel's own
# tracepoints, in a run of its own because they cost instructions. The generator's
# are among them: a packet's clones are 1,000.
allocations() {
	local t=/sys/kernel/tracing e n

	for e in kmalloc kmalloc_node kmem_cache_alloc kmem_cache_alloc_node mm_page_alloc; do
		[ ! -e "$t/events/kmem/$e" ] || echo 1 >"$t/events/kmem/$e/enable"
	done
	echo >$t/trace
	generate "${tx_if[$2]}" "${rx_mac[$2]}" 8 "$3" >/dev/null
	for e in kmalloc kmalloc_node kmem_cache_alloc kmem_cache_alloc_node mm_page_alloc; do
		[ ! -e "$t/events/kmem/$e" ] || echo 0 >"$t/events/kmem/$e/enable"
	done
	n=$(awk '/^(entries|overrun):/ { n += $2 } END { print n + 0 }' $t/per_cpu/cpu*/stats)
	figure allocations "$1" "$2" $((n * 1000 / PACKETS)) 0 "$3" 8
}

# xsk_client DRIVER: a socket at the receiver that takes frames and gives the chunks
# back, for all frames of a run. It sleeps for a millisecond when there are none.
xsk_client() {
	local mode=zerocopy

	[ "$1" = e1000_nbl ] || mode="copy generic=1"
	# shellcheck disable=SC2086 # two words
	ip netns exec "rx-$1" "$XDP" xsk "${rx_if[$1]}" 0 "$PINS" rx $mode verify=0 nap=1000 \
		batch=1024 ring=131072 frames=131072 chunk=2048 status=/tmp/xsk >/tmp/xsk.out 2>&1 &
	client=$!
	until [ -e /tmp/xsk ]; do
		kill -0 "$client" 2>/dev/null || die "$1: $(</tmp/xsk.out)"
		sleep 0.1
	done
}

xsk_got() { cut -d' ' -f1 /tmp/xsk; }

# One run with the client stopped; then it takes what there is. Adds to us, gone.
xsk_run() {
	local before got i missing once

	got=$(xsk_got)
	before=$(received "$1")
	kill -STOP "$client"
	once=$(generate "${tx_if[$1]}" "${rx_mac[$1]}" 8 "$2")
	[ "${us:=$once}" -le "$once" ] || us=$once
	gone=$((gone + $(lost received "$1" "$before")))
	kill -CONT "$client"
	for ((i = 0; i < 40; i++)); do
		missing=$(($(received "$1") - before - $(xsk_got) + got))
		[ $missing != 0 ] || break
		sleep 0.1
	done
	gone=$((gone + ${missing#-}))
}

# measure_xsk ROW SIZE: two figures. What the kernel spends: the client is stopped and
# takes the frames afterwards, so a run is no longer than its ring. By what a long run
# costs more than a short one: in each, pktgen spins up to 4 ms, once, until ksoftirqd
# is first scheduled to make room in its ring. Then all together, with the client awake.
measure_xsk() {
	local driver total gone client us short before got packets=$PACKETS PACKETS

	for driver in $DRIVERS; do
		rm -f /tmp/xsk
		xsk_client "$driver"
		xdp "$driver" bench_xsk
		PACKETS=100000
		# The ring's first buffers are not the socket's yet
		generate "${tx_if[$driver]}" "${rx_mac[$driver]}" 8 "$2" >/dev/null
		sleep 0.5
		gone=0
		for PACKETS in 20000 120000; do
			short=${us:-} us=''
			for _ in 1 2 3 4; do
				xsk_run "$driver" "$2"
			done
		done
		PACKETS=100000
		total=$(((us - short) * 10000 / PACKETS))
		figure instructions "$1,_60_bytes" "$driver" "$(tenths $((total - tx[$driver-8-$2-0-$RING])))" $gone "$2" 8

		PACKETS=$packets
		[ "$driver" != e1000_nbl ] || PACKETS=$((packets * 5))
		got=$(xsk_got)
		before=$(received "$driver")
		cheaper received "$driver" 8 "$2"
		allocations "$1,_60_bytes" "$driver" "$2" >/tmp/allocations
		sleep 0.5
		got=$(($(received "$driver") - before - $(xsk_got) + got))
		gone=$((gone + ${got#-}))
		figure instructions "$1_and_the_client" "$driver" "$(tenths $((total - tx[$driver-8-$2-0-$RING])))" $gone "$2" 8
		cat /tmp/allocations
		kill -TERM "$client"
		wait "$client" || die "$driver: $(</tmp/xsk.out)"
		# The socket's buffers leave the ring by a reset, after which QEMU holds
		# what comes for a second
		sleep 2
		xdp "$driver" off
	done
}

# Programs, and the port that frames are redirected to
xdp_setup() {
	local driver

	mkdir /run/bpf
	mount -t bpf bpf /run/bpf
	"$XDP" load /selftests/xdp/bench.bpf.o "$PINS"
	for driver in e1000 e1000_nbl; do
		receiver $driver ethtool -G "${third_if[$driver]}" tx 1024
		receiver $driver ip link set "${third_if[$driver]}" up
		carrier receiver $driver cat "/sys/class/net/${third_if[$driver]}/carrier"
	done
}

# xdp_rows [drop|tx|redirect|xsk]...: all, or these
xdp_rows() {
	local row

	xdp_setup
	[ $# -gt 0 ] || set -- drop tx redirect xsk
	for row; do
		case $row in
		drop) measure_xdp "XDP_DROP,_60_bytes" bench_drop 60 ;;
		tx) measure_xdp "XDP_TX,_60_bytes" bench_back 60 ;;
		redirect) measure_xdp "XDP_REDIRECT_to_a_port,_60_bytes" bench_redirect 60 ;;
		xsk) measure_xsk "AF_XDP_receive" 60 ;;
		*) die "no row $row" ;;
		esac
	done
}

