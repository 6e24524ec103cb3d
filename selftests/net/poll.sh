#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# poll: packets that do not wait for an interrupt: busy polling sockets, and
# netpoll, which sends from wherever the kernel has something to say.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup

busy_socket() {
	wire busy - $A4 "$NS" $B4 300
	wire busy - $A6 "$NS" $B6 300
}

busy_sysctl() {
	[ -w /proc/sys/net/core/busy_read ] || skip "the kernel has no busy polling"
	defer "echo $(cat /proc/sys/net/core/busy_read) >/proc/sys/net/core/busy_read"
	defer "echo $(cat /proc/sys/net/core/busy_poll) >/proc/sys/net/core/busy_poll"
	echo 100 >/proc/sys/net/core/busy_read
	echo 100 >/proc/sys/net/core/busy_poll
	traffic_start
	wire busy - $A4 "$NS" $B4 200
	ping -q -f -c 200 -W 10 $B4
	traffic_stop
}

# Interrupts stay masked while a socket polls
deferred() {
	[ -w "/sys/class/net/$IF/napi_defer_hard_irqs" ] || skip "the kernel cannot defer interrupts"
	defer "echo 0 >/sys/class/net/$IF/napi_defer_hard_irqs"
	defer "echo 0 >/sys/class/net/$IF/gro_flush_timeout"
	echo 2 >"/sys/class/net/$IF/napi_defer_hard_irqs"
	echo 200000 >"/sys/class/net/$IF/gro_flush_timeout"
	wire busy - $A4 "$NS" $B4 200
	traffic_start
	traffic_stop
	sweep_both "$IF" "$PEER" 60x500 1514x200
}

# threaded NAPI: the poll runs in a thread of its own
threaded() {
	[ -w "/sys/class/net/$IF/threaded" ] || skip "the kernel has no threaded NAPI"
	defer "echo 0 >/sys/class/net/$IF/threaded"
	echo 1 >"/sys/class/net/$IF/threaded"
	traffic_start
	traffic_flows
	sweep_both "$IF" "$PEER" 60x500 1514x200
	echo 0 >"/sys/class/net/$IF/threaded"
	traffic_stop
}

netpoll_begin() {
	local dir=/sys/kernel/config/netconsole/selftest

	modprobe netconsole 2>"$T_DIR/err" || skip "no netconsole: $(cat "$T_DIR/err")"
	defer "rmmod netconsole"
	[ -d /sys/kernel/config/netconsole ] ||
		mount -t configfs none /sys/kernel/config 2>/dev/null ||
		skip "no configfs"
	mkdir $dir || skip "netconsole has no dynamic targets"
	defer "echo 0 >$dir/enabled; rmdir $dir"
	echo "$IF" >$dir/dev_name
	echo $A4 >$dir/local_ip
	echo $B4 >$dir/remote_ip
	echo 6666 >$dir/remote_port
	peer cat "/sys/class/net/$PEER/address" >$dir/remote_mac
	echo 1 >$dir/enabled || skip "netpoll is refused: $(dmesg | tail -n 1)"
}

netpoll() {
	local listener word=$RANDOM$RANDOM i

	# only what reaches the console reaches netconsole
	defer "echo $(cut -f 1 /proc/sys/kernel/printk) >/proc/sys/kernel/printk"
	echo 7 >/proc/sys/kernel/printk
	netpoll_begin
	"$WIRE" listen "$NS" $B4 6666 "selftests: netpoll $word 200" >"$T_DIR/listen" &
	listener=$!
	wait_for 20 grep -q ready "$T_DIR/listen"
	traffic_start
	for i in {1..200}; do
		echo "selftests: netpoll $word $i" >/dev/kmsg
	done
	wait $listener || fail "the last of 200 lines did not arrive"
	# while the interface is opened and closed, too
	ip link set "$IF" down
	echo "selftests: netpoll $word down" >/dev/kmsg
	ip link set "$IF" up
	wait_link
	traffic_stop
}

t busy_socket "SO_BUSY_POLL, IPv4 and IPv6"
t busy_sysctl "net.core.busy_read and busy_poll"
t deferred "deferred interrupts"
t threaded "threaded NAPI"
t netpoll "netconsole through netpoll, under traffic"
run
