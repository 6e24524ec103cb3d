# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# guest.sh profile ROW:DRIVER..., for profile.sh: one row after the other, long enough
# to be watched. Rows of tx come first, as nobody listens there.

# Some 600 million instructions
profile_packets() {	# ROW:DRIVER
	case $1 in
	tx*) echo 1500000 ;;
	rx*:* | *:e1000) echo 250000 ;;
	*) echo 1000000 ;;
	esac
}

# What a row needs before there are packets; again with "off"
profile_program() {	# ROW DRIVER [off]
	local size=${1##*[a-z]}

	if [ -n "${3:-}" ]; then
		xdp "$2" off
		[ "$1" != xsk"$size" ] || kill -TERM "$client"
		return
	fi
	[ -e "$PINS" ] || xdp_setup
	[ "$1" != xsk"$size" ] || xsk_client "$2"
	[ "$1" != redirect"$size" ] ||
		receiver "$2" "$XDP" port "$PINS" 0 "${third_if[$2]}"
	xdp "$2" "bench_${1%"$size"}"	# drop, back, redirect, xsk
}

# A TCP stream from DRIVER to a receiver of ours, as in the wall clock's rows of senders
profile_stream() {	# ROW:DRIVER
	local driver=${1#*:} streamer

	sysctl -qw net.ipv4.conf.all.arp_ignore=1
	addresses
	receiver e1000_nbl iperf3 -s -1 >/dev/null &
	served e1000_nbl 5201
	iperf3 -c "${peer[$driver]}" -t 60 >/dev/null &
	streamer=$!
	sleep 1
	echo "profile: running $1"
	wait $streamer || :
	echo "profile: done $1"
}

profile() {
	local what row driver size up='' client

	sysctl -qw net.core.bpf_jit_kallsyms=1
	echo "profile: symbols"
	cat /proc/kallsyms
	for what; do
		row=${what%:*} driver=${what#*:} size=${row##*[a-z]}
		if [[ $row != tx* && -z $up ]]; then
			receivers_up
			up=y
		fi
		[ -z "$up" ] || [[ $row != tx* ]] || die "$what: rows of tx come first"
		if [ "$row" = stream ]; then
			profile_stream "$what"
			continue
		fi
		if [[ $row != [rt]x[0-9]* ]]; then
			profile_program "$row" "$driver"
			echo "profile: symbols"
			grep -F '[bpf]' /proc/kallsyms
		fi
		generate "${tx_if[$driver]}" "${rx_mac[$driver]}" 8 "$size" >/dev/null
		echo rem_device_all >/proc/net/pktgen/kpktgend_0
		pktgen_device "${tx_if[$driver]}" "${rx_mac[$driver]}" 8 "$size" "$(profile_packets "$what")"
		# From here on no process is started, which would be in the profile
		echo "profile: running $what"
		echo start >/proc/net/pktgen/pgctrl
		echo "profile: done $what"
		[[ $row == [rt]x[0-9]* ]] || profile_program "$row" "$driver" off
	done
}
