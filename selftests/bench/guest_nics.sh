# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# guest.sh nics, in a guest with 17 NICs: eight of each driver and the generator that
# the receivers hear, on one hub. Cost per packet against how many of them are up and
# at work; the others are down.

nics_generator=
declare -A nic_if

nics_bind() {
	local i nics driver

	find_nics 17
	for i in {0..16}; do
		driver=e1000
		((i < 8 || i == 16)) || driver=e1000_nbl
		echo $driver >"/sys/bus/pci/devices/${nics[i]}/driver_override"
	done
	load_drivers
	for i in {0..7}; do
		nic_if[e1000-$i]=$(interface_of "${nics[i]}")
		nic_if[e1000_nbl-$i]=$(interface_of "${nics[i + 8]}")
	done
	nics_generator=$(interface_of "${nics[16]}")
}

nics_setup() {
	local name

	nics_bind
	generator 8
	for name in "${nic_if[@]}" "$nics_generator"; do
		ethtool -G "$name" rx 1024 tx 1024
		[ "$(rings_of ethtool -g "$name")" = "1024 1024" ] || die "$name: no rings of 1024"
	done
	RING=1024
}

# nics_are up|down NAME...
nics_are() {
	local name

	for name in "${@:2}"; do
		ip link set "$name" "$1"
	done
	[ "$1" = up ] || return 0
	for name in "${@:2}"; do
		carrier cat "/sys/class/net/$name/carrier"
	done
	sleep 2
}

# generate_all SIZE NAME=MAC...: all on one CPU, PACKETS in all; print the microseconds
# from the first's start to the last's end. With a delay pktgen goes to the device whose
# turn is next, so that they send in turn and not one after the other; it is shorter
# than a burst takes, nothing waits for it.
generate_all() {
	local pair

	echo rem_device_all >/proc/net/pktgen/kpktgend_0
	for pair in "${@:2}"; do
		pktgen_device "${pair%=*}" "${pair#*=}" 8 "$1" $((PACKETS / ($# - 1))) 100
	done
	echo start >/proc/net/pktgen/pgctrl
	for pair in "${@:2}"; do
		grep -q 'Result: OK' "/proc/net/pktgen/${pair%=*}" ||
			die "pktgen on ${pair%=*}: $(tail -n 1 "/proc/net/pktgen/${pair%=*}")"
		cat "/proc/net/pktgen/${pair%=*}"
	done | sed -n 's/^ *started: \([0-9]*\)us *stopped: \([0-9]*\)us.*/\1 \2/p' |
		awk 'NR == 1 || $1 < first { first = $1 } $2 > last { last = $2 } END { printf "%d\n", last - first }'
}

# nics_counted tx|rx NAME...: packets by the interfaces' own counters
nics_counted() {
	local name sum=0

	for name in "${@:2}"; do
		sum=$((sum + $(<"/sys/class/net/$name/statistics/$1_packets")))
	done
	echo $sum
}

# nics_cost tx|rx SIZE "COUNTED..." NAME=MAC...: tenths per packet, the cheaper of two
# runs. Sets total and gone.
nics_cost() {
	local i once before made

	total='' gone=0
	for _ in 1 2; do
		# shellcheck disable=SC2086 # names
		before=$(nics_counted "$1" $3)
		once=$(($(generate_all "$2" "${@:4}") * 10000 / PACKETS))
		made=$(cat /proc/net/pktgen/[ed]* | sed -n 's/.*pkts-sofar: \([0-9]*\).*/\1/p' | awk '{ n += $1 } END { print n }')
		for ((i = 0; i < 20; i++)); do
			# shellcheck disable=SC2086
			[ $(($(nics_counted "$1" $3) - before)) != "$made" ] || break
			sleep 0.1
		done
		# shellcheck disable=SC2086
		made=$((before + made - $(nics_counted "$1" $3)))
		gone=$((gone + ${made#-}))
		[ -n "$total" ] && [ "$total" -le "$once" ] || total=$once
	done
}

# What pktgen spends on going over that many devices is not theirs
nics_floor() {
	local i pairs=()

	for ((i = 0; i < NICS; i++)); do
		pairs+=("dummy$i=02:00:00:00:00:01")
	done
	floor[$NICS]=$(($(generate_all 60 "${pairs[@]}") * 10000 / PACKETS))
	RING=0 figure nics "pktgen_alone,_60_bytes,_burst_8" pktgen "$(tenths "${floor[$NICS]}")" 0 60 8
}

# NICS senders of DRIVER, nobody listens; then NICS receivers and one generator, less
# the generator with the same addresses while the receivers were down
nics_rows() {
	local driver=$1 names=() out=() in=() i name total gone alone

	for ((i = 0; i < NICS; i++)); do
		name=${nic_if[$driver-$i]}
		names+=("$name")
		out+=("$name=02:00:00:00:00:02")
		in+=("$nics_generator@$i=$(<"/sys/class/net/$name/address")")
	done
	nics_cost tx 60 "$nics_generator" "${in[@]}"
	alone=$total
	nics_are up "${names[@]}"
	nics_cost tx 60 "${names[*]}" "${out[@]}"
	figure nics "TX_60_bytes,_burst_8" "$driver" "$(tenths $((total - floor[$NICS])))" $gone 60 8
	nics_cost rx 60 "${names[*]}" "${in[@]}"
	figure nics "RX_to_the_stack,_60_bytes" "$driver" "$(tenths $((total - alone)))" $gone 60 8
	nics_are down "${names[@]}"
}

nics() {
	local driver

	nics_are up "$nics_generator"
	for NICS in 1 2 4 8; do
		nics_floor
		for driver in $DRIVERS; do
			nics_rows "$driver"
		done
	done
}
