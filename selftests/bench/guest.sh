#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# guest.sh instructions|wallclock short|full, guest.sh instructions xdp [ROW]...,
# guest.sh profile ROW DRIVER: the guest's half of bench.sh and profile.sh. Six NICs
# on one hub: each driver has a generator, and in a namespace a receiver and the port
# that frames are redirected to, so that both run in one boot.
# Prints "KIND ROW DRIVER VALUE PACKETS LOST SIZE BURST RING", a line a figure.

set -euo pipefail
shopt -s inherit_errexit	# a die in $(...) ends all

PACKETS=${PACKETS:-200000}
XDP=/selftests/xdp/xdp
# "ip netns exec" has a /sys of its own, without /sys/fs/bpf
PINS=/run/bpf/bench
# Fewer, for who works on one of them
DRIVERS=${DRIVERS:-e1000 e1000_nbl}
declare -A tx_if rx_if third_if rx_mac floor tx

die() {
	echo "guest.sh: $*" >&2
	exit 1
}

# The NIC's interface may be in a namespace already, so ask before it moves
interface_of() { ls "/sys/bus/pci/devices/$1/net"; }

bind() {
	local i nics=() driver

	mapfile -t nics < <(grep -l 0x020000 /sys/bus/pci/devices/*/class | cut -d/ -f6)
	[ ${#nics[@]} -ge 6 ] || die "${#nics[@]} NICs, six are needed"
	for i in 0 1 2 3 4 5; do
		driver=e1000_nbl
		[[ $i != [014] ]] || driver=e1000
		echo $driver >"/sys/bus/pci/devices/${nics[i]}/driver_override"
	done
	modprobe e1000
	insmod /modules/ndis.ko
	insmod /modules/e1000_nbl.ko
	tx_if[e1000]=$(interface_of "${nics[0]}") rx_if[e1000]=$(interface_of "${nics[1]}")
	tx_if[e1000_nbl]=$(interface_of "${nics[2]}") rx_if[e1000_nbl]=$(interface_of "${nics[3]}")
	third_if[e1000]=$(interface_of "${nics[4]}") third_if[e1000_nbl]=$(interface_of "${nics[5]}")
}

receiver() { ip netns exec "rx-$1" "${@:2}"; }

carrier() {
	local i

	for ((i = 0; i < 200; i++)); do
		[ "$("$@" 2>/dev/null)" = 1 ] && return
		sleep 0.1
	done
	die "no link: $*"
}

setup() {
	local driver

	bind
	modprobe pktgen
	modprobe dummy numdummies=1
	# Nothing but the generator's frames shall be counted
	sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	ip link set dummy0 up
	for driver in e1000 e1000_nbl; do
		ip netns add "rx-$driver"
		receiver $driver sysctl -qw net.ipv6.conf.default.disable_ipv6=1
		rx_mac[$driver]=$(<"/sys/class/net/${rx_if[$driver]}/address")
		ip link set "${rx_if[$driver]}" netns "rx-$driver"
		ip link set "${third_if[$driver]}" netns "rx-$driver"
	done
	rings 1024
	# All at once, as each takes its second or two
	for driver in e1000 e1000_nbl; do
		ip link set "${tx_if[$driver]}" up
	done
	links
}

links() {
	local driver

	for driver in e1000 e1000_nbl; do
		carrier cat "/sys/class/net/${tx_if[$driver]}/carrier"
	done
}

# rings_of COMMAND...: receive and transmit ring in force, in ethtool's second half
rings_of() { "$@" | awk '$1 ~ /^[RT]X:$/ { n[$1] = $2 } END { print n["RX:"], n["TX:"] }'; }

# rings SIZE: of generators and receivers, and not only asked for
rings() {
	local driver there

	RING=$1
	for driver in e1000 e1000_nbl; do
		ethtool -G "${tx_if[$driver]}" rx "$1" tx "$1"
		receiver $driver ethtool -G "${rx_if[$driver]}" rx "$1" tx "$1"
		there="$(rings_of ethtool -g "${tx_if[$driver]}"),"
		there+=" $(rings_of receiver $driver ethtool -g "${rx_if[$driver]}")"
		[ "$there" = "$1 $1, $1 $1" ] ||
			die "$driver: rings of $1 asked for, there are $there"
	done
}

# Under way, a change resets the device: wait for the link
new_rings() {
	rings "$1"
	sleep 2
	links
}

# generate INTERFACE MAC BURST SIZE: send PACKETS; print the microseconds
generate() {
	local setting us

	echo rem_device_all >/proc/net/pktgen/kpktgend_0
	echo "add_device $1" >/proc/net/pktgen/kpktgend_0
	for setting in "count $PACKETS" "clone_skb 1000" "burst $3" "pkt_size $4" \
		       "delay 0" "dst 192.0.2.2" "dst_mac $2"; do
		echo "$setting" >"/proc/net/pktgen/$1"
	done
	echo start >/proc/net/pktgen/pgctrl
	us=$(sed -n 's/.*OK: \([0-9]*\)(.*/\1/p' "/proc/net/pktgen/$1")
	[ -n "$us" ] || die "pktgen on $1: $(tail -n 1 "/proc/net/pktgen/$1")"
	echo "$us"
}

# Per packet, in nanoseconds: with instrument 1 these are instructions
cost() {
	local us

	us=$(generate "$@")
	echo $((us * 1000 / PACKETS))
}

received() { receiver "$1" cat "/sys/class/net/${rx_if[$1]}/statistics/rx_packets"; }
sent() { echo "$(<"/sys/class/net/${tx_if[$1]}/statistics/tx_packets")"; }

# lost sent|received DRIVER BEFORE: how far the counter is from where it should
# be, once it is there or stands still; too many is as wrong as too few. After a
# full ring pktgen's last burst overshoots, so it is asked how many there were.
lost() {
	local i made difference

	made=$(sed -n 's/.*pkts-sofar: \([0-9]*\).*/\1/p' "/proc/net/pktgen/${tx_if[$2]}")
	for ((i = 0; i < 20; i++)); do
		difference=$(($3 + made - $("$1" "$2")))
		[ $difference != 0 ] || break
		sleep 0.1
	done
	echo "${difference#-}"
}

# measure_floor BURST SIZE: the generator alone
measure_floor() {
	floor[$1-$2]=$(cost dummy0 02:00:00:00:00:01 "$1" "$2")
	echo "instructions pktgen_alone,_$2_bytes,_burst_$1 pktgen ${floor[$1-$2]} $PACKETS 0 $2 $1 0"
}

# cheaper sent|received DRIVER BURST SIZE: of two runs, as a scheduler's tick, 4 ms,
# lands in some and only ever adds. Sets total, and gone, what both lost.
cheaper() {
	local i before once

	total='' gone=0
	for i in 1 2; do
		before=$("$1" "$2")
		once=$(cost "${tx_if[$2]}" "${rx_mac[$2]}" "$3" "$4")
		gone=$((gone + $(lost "$1" "$2" "$before")))
		[ $i = 2 ] && [ "$total" -le "$once" ] || total=$once
	done
}

# measure_tx ROW BURST SIZE: the receiver is down and has no part in it. tx is all of
# it, pktgen included: what measure_rx and measure_xdp subtract
measure_tx() {
	local driver total gone

	[ -n "${floor[$2-$3]:-}" ] || measure_floor "$2" "$3"
	for driver in $DRIVERS; do
		cheaper sent "$driver" "$2" "$3"
		tx[$driver-$2-$3]=$total
		echo "instructions $1 $driver $((total - floor[$2-$3])) $PACKETS $gone $3 $2 $RING"
	done
}

# measure_rx ROW SIZE: generator and receiver on one CPU, less the generator
measure_rx() {
	local driver total gone

	for driver in $DRIVERS; do
		cheaper received "$driver" 8 "$2"
		echo "instructions $1 $driver $((total - tx[$driver-8-$2])) $PACKETS $gone $2 8 $RING"
	done
}

# --- XDP -------------------------------------------------------------------------

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
		echo "instructions $1 $driver $((total - tx[$driver-8-$3])) $PACKETS $gone $3 8 $RING"
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
	echo "allocations $1 $2 $((n * 1000 / PACKETS)) $PACKETS 0 $3 8 $RING"
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

# One run with the client stopped; then it takes what there is. Adds to costs, gone.
xsk_run() {
	local before got i missing

	got=$(xsk_got)
	before=$(received "$1")
	kill -STOP "$client"
	costs+=("$(cost "${tx_if[$1]}" "${rx_mac[$1]}" 8 "$2")")
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
# takes the frames afterwards, so a run is no longer than its ring; the cheaper two of
# four. Then all together, with the client awake.
measure_xsk() {
	local driver total gone client costs before got packets=$PACKETS PACKETS

	for driver in $DRIVERS; do
		rm -f /tmp/xsk
		xsk_client "$driver"
		xdp "$driver" bench_xsk
		PACKETS=100000
		# The ring's first buffers are not the socket's yet
		generate "${tx_if[$driver]}" "${rx_mac[$driver]}" 8 "$2" >/dev/null
		sleep 0.5
		gone=0 costs=()
		for _ in 1 2 3 4; do
			xsk_run "$driver" "$2"
		done
		total=$(printf '%s\n' "${costs[@]}" | sort -n | awk 'NR <= 2 { n += $1 } END { printf "%d", n / 2 }')
		echo "instructions $1,_60_bytes $driver $((total - tx[$driver-8-$2])) $((PACKETS * 2)) $gone $2 8 $RING"

		PACKETS=$packets
		[ "$driver" != e1000_nbl ] || PACKETS=$((packets * 5))
		got=$(xsk_got)
		before=$(received "$driver")
		cheaper received "$driver" 8 "$2"
		allocations "$1,_60_bytes" "$driver" "$2" >/tmp/allocations
		sleep 0.5
		got=$(($(received "$driver") - before - $(xsk_got) + got))
		gone=$((gone + ${got#-}))
		echo "instructions $1_and_the_client $driver $((total - tx[$driver-8-$2])) $PACKETS $gone $2 8 $RING"
		cat /tmp/allocations
		kill -TERM "$client"
		wait "$client" || die "$driver: $(</tmp/xsk.out)"
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

receivers_up() {
	local driver

	for driver in e1000 e1000_nbl; do
		# Without an address: the generator's frames end in the IP layer
		receiver $driver ip link set "${rx_if[$driver]}" up
		carrier receiver $driver cat "/sys/class/net/${rx_if[$driver]}/carrier"
	done
	sleep 2
}

pool_pairs() {
	[ -f /modules/ndis_bench.ko ] || return 0
	insmod /modules/ndis_bench.ko
	awk '{ print "pairs", $1, "-", $2, 0, 0, 0, 0, 0 }' /sys/kernel/debug/ndis_bench
	rmmod ndis_bench
}

# instructions short|full|xdp [ROW]...
instructions() {
	if [ "$1" = xdp ]; then
		measure_tx "TX_60_bytes,_burst_8" 8 60
		receivers_up
		xdp_rows "${@:2}"
		return
	fi
	if [ "$1" = full ]; then
		measure_tx "TX_60_bytes,_burst_32" 32 60
		measure_tx "TX_1514_bytes,_burst_1" 1 1514
		new_rings 256
		measure_tx "TX_60_bytes,_burst_8,_ring_256" 8 60
		measure_tx "TX_1514_bytes,_burst_8,_ring_256" 8 1514
		new_rings 1024
	fi
	measure_tx "TX_60_bytes,_burst_1" 1 60
	measure_tx "TX_60_bytes,_burst_8" 8 60
	measure_tx "TX_1514_bytes,_burst_8" 8 1514
	receivers_up
	measure_rx "RX_to_the_stack,_60_bytes" 60
	measure_rx "RX_to_the_stack,_1514_bytes" 1514
	[ "$1" = full ] || return 0
	xdp_rows
	pool_pairs
}

# Packets per second, in turn: A B A B
transmit_pairs() {
	local i driver before us gone

	for ((i = 0; i < $1; i++)); do
		for driver in e1000 e1000_nbl; do
			before=$(sent $driver)
			us=$(generate "${tx_if[$driver]}" "${rx_mac[$driver]}" 8 60)
			gone=$(lost sent $driver "$before")
			echo "wallclock TX_burst_8_(packets/s) $driver $((PACKETS * 1000000 / us)) $PACKETS $gone 60 8 $RING"
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
			echo "wallclock TCP_stream_(bits/s) $driver $bits 0 0 0 0 $RING"
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

# profile ROW DRIVER: packets without end, for profile.sh to watch
profile() {
	local size=${1##*[a-z]}

	[[ $1 = tx* ]] || receivers_up
	if [[ $1 != [rt]x* ]]; then
		sysctl -qw net.core.bpf_jit_kallsyms=1
		xdp_setup
		[ "$1" = xsk"$size" ] && xsk_client "$2"
		[ "$1" != redirect"$size" ] ||
			receiver "$2" "$XDP" port "$PINS" 0 "${third_if[$2]}"
		xdp "$2" "bench_${1%"$size"}"	# drop, back, redirect, xsk
	fi
	echo "profile: symbols"
	cat /proc/kallsyms
	generate "${tx_if[$2]}" "${rx_mac[$2]}" 8 "$size" >/dev/null
	echo "profile: running"
	PACKETS=0
	generate "${tx_if[$2]}" "${rx_mac[$2]}" 8 "$size"
}

setup
"$@"
