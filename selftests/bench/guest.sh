#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# guest.sh instructions|wallclock short|full, guest.sh instructions xdp [ROW]...,
# guest.sh profile ROW:DRIVER...: the guest's half of bench.sh and profile.sh. Six NICs
# on one hub: each driver has a generator, and in a namespace a receiver and the port
# that frames are redirected to, so that both run in one boot. Prints "KIND ROW DRIVER
# VALUE PACKETS LOST SIZE BURST RING NICS", a line a figure.

set -euo pipefail
shopt -s inherit_errexit	# a die in $(...) ends all

HERE=$(dirname "$0")
. "$HERE/guest_tx.sh"
. "$HERE/guest_xdp.sh"
. "$HERE/guest_wallclock.sh"
. "$HERE/guest_nics.sh"
. "$HERE/guest_moderation.sh"
. "$HERE/guest_exits.sh"
. "$HERE/guest_memory.sh"
. "$HERE/guest_profile.sh"

PACKETS=${PACKETS:-200000}
NICS=1
FRAGS=0				# of a frame, after its headers; 0: linear
LOAD=/selftests/bench/load
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

# find_nics COUNT: sets nics
find_nics() {
	mapfile -t nics < <(grep -l 0x020000 /sys/bus/pci/devices/*/class | cut -d/ -f6)
	[ ${#nics[@]} -ge "$1" ] || die "${#nics[@]} NICs, $1 are needed: boot.sh -N $1"
}

load_drivers() {
	loading e1000 modprobe e1000
	insmod /modules/ndis.ko
	loading e1000_nbl insmod /modules/e1000_nbl.ko
}

bind() {
	local i nics driver

	find_nics 6
	for i in 0 1 2 3 4 5; do
		driver=e1000_nbl
		[[ $i != [014] ]] || driver=e1000
		echo $driver >"/sys/bus/pci/devices/${nics[i]}/driver_override"
		bars[$driver]+=" $(bar "${nics[i]}")"
	done
	load_drivers
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

# generator DUMMIES: pktgen, so many devices to measure it alone on, and nothing else
# to be counted
generator() {
	local i

	modprobe pktgen
	modprobe dummy numdummies="$1"
	sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	for ((i = 0; i < $1; i++)); do
		ip link set "dummy$i" up
	done
}

setup() {
	local driver

	bind
	generator 1
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

# pktgen_device NAME MAC BURST SIZE COUNT [DELAY]
pktgen_device() {
	local setting

	echo "add_device $1" >/proc/net/pktgen/kpktgend_0
	for setting in "count $5" "clone_skb 1000" "burst $3" "pkt_size $4" "frags $FRAGS" \
		       "delay ${6:-0}" "dst 192.0.2.2" "dst_mac $2"; do
		echo "$setting" >"/proc/net/pktgen/$1"
	done
	[ -z "${SOURCE:-}" ] || echo "src_min $SOURCE" >"/proc/net/pktgen/$1"
}

# generate INTERFACE MAC BURST SIZE: send PACKETS; print the microseconds
generate() {
	local us

	echo rem_device_all >/proc/net/pktgen/kpktgend_0
	pktgen_device "$@" "$PACKETS"
	echo start >/proc/net/pktgen/pgctrl
	us=$(sed -n 's/.*OK: \([0-9]*\)(.*/\1/p' "/proc/net/pktgen/$1")
	[ -n "$us" ] || die "pktgen on $1: $(tail -n 1 "/proc/net/pktgen/$1")"
	echo "$us"
}

# figure KIND ROW DRIVER VALUE LOST SIZE BURST: a line, of PACKETS, RING and NICS
figure() { echo "$1 $2 $3 $4 $PACKETS $5 $6 $7 $RING $NICS"; }

# Per packet, in tenths of nanoseconds: when instructions are counted, in tenths of one
cost() {
	local us

	us=$(generate "$@")
	echo $((us * 10000 / PACKETS))
}

tenths() { printf '%d.%d\n' $(($1 / 10)) $(($1 % 10)); }

received() { receiver "$1" cat "/sys/class/net/${rx_if[$1]}/statistics/rx_packets"; }
sent() { echo "$(<"/sys/class/net/${tx_if[$1]}/statistics/tx_packets")"; }

# lost sent|received DRIVER BEFORE: how far the counter is from where it should
# be, once it is there or stands still; too many is as wrong as too few. After a
# full ring pktgen's last burst overshoots, so it is asked how many there were.
lost() {
	local i made difference

	made=$(sed -n 's/.*pkts-sofar: \([0-9]*\).*/\1/p' "/proc/net/pktgen/${tx_if[${GENERATOR:-$2}]}")
	for ((i = 0; i < 20; i++)); do
		difference=$(($3 + made - $("$1" "$2")))
		[ $difference != 0 ] || break
		sleep 0.1
	done
	echo "${difference#-}"
}

# GENERATOR: a driver, if one NIC shall send to the receivers of both
#
# cheaper sent|received DRIVER BURST SIZE: of two runs, as a scheduler's tick, 4 ms,
# lands in some and only ever adds. Sets total, and gone, what both lost.
cheaper() {
	local i before once

	total='' gone=0
	for i in 1 2; do
		before=$("$1" "$2")
		once=$(cost "${tx_if[${GENERATOR:-$2}]}" "${rx_mac[$2]}" "$3" "$4")
		gone=$((gone + $(lost "$1" "$2" "$before")))
		[ $i = 2 ] && [ "$total" -le "$once" ] || total=$once
	done
}

# measure_rx ROW SIZE: generator and receiver on one CPU, less the generator, whose
# ring is always the same
measure_rx() {
	local driver total gone

	for driver in $DRIVERS; do
		cheaper received "$driver" 8 "$2"
		figure instructions "$1" "$driver" "$(tenths $((total - tx[${GENERATOR:-$driver}-8-$2-0-1024])))" $gone "$2" 8
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
	awk '{ print "pairs", $1, "-", $2, 0, 0, 0, 0, 0, 1 }' /sys/kernel/debug/ndis_bench
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
	[ "$1" != full ] || tx_rows
	measure_tx "TX_60_bytes,_burst_1" 1 60
	measure_tx "TX_60_bytes,_burst_8" 8 60
	measure_tx "TX_1514_bytes,_burst_8" 8 1514
	receivers_up
	measure_rx "RX_to_the_stack,_60_bytes" 60
	measure_rx "RX_to_the_stack,_1514_bytes" 1514
	[ "$1" != short ] || moderation
	[ "$1" = full ] || return 0
	rx_rings
	xdp_rows
	pool_pairs
}

case ${1:-} in
nics) nics_setup ;;
*) setup ;;
esac
"$@"
