#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# shellcheck disable=SC2154 # snapshot names its results
# statistics: a known number of frames of known sizes, nothing else on the
# wire; every counter that tells of them tells the same.

. "$(dirname "$0")/../lib.sh"

setup() {
	net_setup
	net_quiet
	[ -e "$T_DIR/errors" ] || errors >"$T_DIR/errors"
}

# Whatever counts what went wrong: "name value"
errors() {
	(cd "/sys/class/net/$IF/statistics" && grep -H . ./*err* ./*drop* ./*fifo* collisions) |
		sort -u | tr ':' ' '
	ethtool -S "$IF" | grep -E '(failed|errors|dropped|no_buffer|missed)'
}

T_SETUP=setup

rtnl() { cat "/sys/class/net/$IF/statistics/$1"; }

# ethtool -S: per queue, or the in-tree driver's plain names
own() {	# own rx|tx packets|bytes
	ethtool -S "$IF" | awk -v q="^ *$1_queue_[0-9]+_$2:" -v p="^ *$1_$2:" '
		$0 ~ q { s += $2; n = 1 }
		$0 ~ p { plain = $2 }
		END { printf "%d\n", n ? s : plain }'
}

snapshot() {	# snapshot a|b: sets a_rxpackets, a_peer_txbytes and so on
	local names="rx_packets rx_bytes tx_packets tx_bytes" v

	# shellcheck disable=SC2086,SC2207 # lists of words
	v=($(cd "/sys/class/net/$IF/statistics" && cat $names
	     peer bash -c "cd /sys/class/net/$PEER/statistics && cat $names"))
	eval "${1}_rxpackets=${v[0]} ${1}_rxbytes=${v[1]} ${1}_txpackets=${v[2]} ${1}_txbytes=${v[3]}"
	eval "${1}_peer_rxpackets=${v[4]} ${1}_peer_rxbytes=${v[5]}"
	eval "${1}_peer_txpackets=${v[6]} ${1}_peer_txbytes=${v[7]}"
	eval "${1}_own_rxpackets=$(own rx packets) ${1}_own_rxbytes=$(own rx bytes)"
	eval "${1}_own_txpackets=$(own tx packets) ${1}_own_txbytes=$(own tx bytes)"
}

# grown NAME WANTED: the difference of the two snapshots
grown() {
	local a b

	eval "a=\$a_$1 b=\$b_$1"
	info "$1: +$((b - a)), wanted $2"
	[ $((b - a)) = "$2" ] || fail "$1 grew by $((b - a)), not by $2"
}

# Counters are read as they are now, not as of the last watchdog
exchange() {	# exchange PACKETS BYTES SIZES...
	local packets=$1 bytes=$2
	shift 2

	snapshot a
	sweep_both "$IF" "$PEER" "$@" >/dev/null
	snapshot b
	grown rxpackets "$packets"
	grown txpackets "$packets"
	grown rxbytes "$bytes"
	grown txbytes "$bytes"
	grown peer_rxpackets "$packets"
	grown peer_txpackets "$packets"
	grown peer_rxbytes "$bytes"
	grown peer_txbytes "$bytes"
	grown own_rxpackets "$packets"
	grown own_txpackets "$packets"
	# the driver in the tree counts the checksum's 4 bytes here, as the device
	intree || grown own_rxbytes "$bytes"
	intree || grown own_txbytes "$bytes"
}

small() { exchange 1000 60000 60x1000; }
full() { exchange 500 757000 1514x500; }

jumbo() {
	ip link set "$IF" mtu 9000
	ip -n "$NS" link set "$PEER" mtu 9000
	wait_link
	net_quiet
	exchange 100 901400 9014x100
}

# They never go back, whatever happens to the rings
monotonic() {
	local before after

	snapshot a
	sweep_both "$IF" "$PEER" 1000x100 >/dev/null
	ethtool -G "$IF" rx 512 tx 512
	wait_link
	ip link set "$IF" mtu 2000
	wait_link
	ip link set "$IF" down
	ip link set "$IF" up
	wait_link
	sweep_both "$IF" "$PEER" 1000x100 >/dev/null
	ethtool -G "$IF" rx 256 tx 256
	wait_link
	snapshot b
	grown rxpackets 200
	grown txpackets 200
	grown rxbytes 200000
	grown txbytes 200000
	grown own_rxpackets 200
	grown own_txpackets 200
}

# A TSO packet counts as the frames it became
segments() {
	local before after out frames

	set_feature gro off
	wait_link
	snapshot a
	out=$(wire offload - "$IF" "$NS" "$PEER" 100 77)
	snapshot b
	frames=${out#*frames=}
	frames=${frames%% *}
	info "$out"
	grown peer_rxpackets "$frames"
	grown txpackets "$frames"
	grown own_txpackets "$frames"
	[ $((b_txbytes - a_txbytes)) = $((b_peer_rxbytes - a_peer_rxbytes)) ] ||
		fail "sent $((b_txbytes - a_txbytes)) bytes, the peer received $((b_peer_rxbytes - a_peer_rxbytes))"
}

multicast() {
	local was now

	was=$(rtnl multicast)
	wire stream "$NS" "$PEER" - "$IF" 1000 0 multicast
	now=$(rtnl multicast)
	info "multicast: +$((now - was)), wanted 500"
	# the driver in the tree shows what the device counts every two seconds
	intree && skip "$DRIVER counts $((now - was)) of 500, by its watchdog"
	[ $((now - was)) = 500 ]
}

no_errors() {
	errors | diff "$T_DIR/errors" -
}

# As defined by IEEE 802.3, where the driver has the standard groups
groups() {
	local a b out

	out=$(ethtool -S "$IF" --groups eth-mac 2>&1) || :
	grep -q 'FramesTransmittedOK' <<<"$out" ||
		{ intree && skip "$DRIVER has no standard statistics"; fail "no group eth-mac: $out"; }
	a=$(awk '/FramesTransmittedOK/ { print $2 }' <<<"$out")
	sweep_both "$IF" "$PEER" 100x300 >/dev/null
	b=$(ethtool -S "$IF" --groups eth-mac | awk '/FramesTransmittedOK/ { print $2 }')
	info "FramesTransmittedOK: +$((b - a)), wanted 300"
	[ $((b - a)) = 300 ]
	ethtool -S "$IF" --groups rmon || :
}

# queue DIRECTION NAME: of queue 0
queue() { sed -n "s/^$1-0 .*\<$2=\([0-9]*\).*/\1/p" "$T_DIR/queues"; }

# The same by netlink, where the kernel has it
queues() {
	local rc=0 name dir

	"$SELFTESTS/net/netdev_nl" qstats "$IF" >"$T_DIR/queues" || rc=$?
	if [ $rc = 3 ]; then
		intree && skip "$DRIVER has none"
		kernel_since 6.10 || skip "kernel $(uname -r) has none"
	fi
	[ $rc = 0 ] || fail "no statistics per queue by netlink: $rc"
	cat "$T_DIR/queues"
	for dir in rx tx; do
		for name in packets bytes; do
			[ "$(queue $dir $name)" = "$(own $dir $name)" ] ||
				fail "$dir $name: $(own $dir $name) in ethtool -S"
		done
	done
}

t small "1000 frames of 60 bytes each way"
t full "500 frames of 1514 bytes each way"
t jumbo "100 frames of 9014 bytes each way"
t monotonic "counters survive new rings, MTU, down and up"
t segments "segments count as frames"
t multicast "multicast frames"
t groups "standard groups"
t queues "statistics per queue by netlink"
t no_errors "no errors, no drops"
run
