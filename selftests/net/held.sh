#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# held: a reader is stopped while its socket fills, the driver and ndis.ko are
# unloaded, the reader goes on. Its packets are pages of pools whose owner is no
# more; their bytes must be as they were sent, and nobody may be touched who left.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup

SIZE=500001

stopped() { grep -q '^State:.T' "/proc/$READER/status"; }

# reader PROTO ADDRESS: stops itself as soon as it could read
reader() {
	head -c $SIZE /dev/urandom >"$T_DIR/in"
	"$WIRE" hold "$1" - "$2" 7100 "$T_DIR/out" >"$T_DIR/reader" &
	READER=$!
	defer "kill -9 $READER 2>/dev/null"
	wait_for 20 grep -q ready "$T_DIR/reader"
}

# What the kernel holds for the stopped reader, in bytes of memory
queued() {
	awk '$2 ~ /:1BBC$/ { split($5, q, ":"); print q[2] }' \
		/proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 |
		sort | tail -n 1
}

settled() {
	local was=$SEEN

	SEEN=$(queued)
	[ -n "$SEEN" ] && [ "$SEEN" != 00000000 ] && [ "$SEEN" = "$was" ]
}

fill() {
	# While a neighbour is not known only the newest datagrams wait for it
	wait_for 20 peer ping -q -c 1 -W 1 "$2"
	wire push "$1" "$NS" "$2" 7100 "$T_DIR/in"
	wait_for 20 stopped || fail "the reader did not stop"
	SEEN=''
	sleep 0.2
	wait_for 20 settled || fail "nothing waits in the socket"
	info "held in the socket: 0x$SEEN bytes of memory"
}

drain() {
	kill -CONT "$READER"
	wait "$READER" || fail "the reader failed"
	cmp "$T_DIR/in" "$T_DIR/out" || fail "the bytes changed while nobody owned them"
}

# allocate and overwrite what memory was given back wrongly
stir() {
	head -c 30000000 /dev/zero >/tmp/stir 2>/dev/null || :
	rm -f /tmp/stir
}

held() {
	local proto=$1 address=$2

	[ -n "$OWN_MODULES" ] || skip "other interfaces use $DRIVER"
	defer driver_load	# whatever goes wrong, the next case wants it
	reader "$proto" "$address"
	fill "$proto" "$address"
	timeout 60 rmmod "$DRIVER" || fail "rmmod $DRIVER"
	if ! intree; then
		info "$(tr '\n' ' ' </sys/kernel/debug/ndis/stats)"
		timeout 60 rmmod ndis || fail "rmmod ndis"
		! grep -q '^ndis ' /proc/modules
	fi
	stir
	# the address went with the interface; the socket and its data stay
	drain
	driver_load
	net_setup
	ping -c 2 -i 0.05 -W 10 $B4
}

tcp4() { held tcp $A4; }
udp6() { held udp $A6; }

# loaded again before the old packets were read
reloaded() {
	[ -n "$OWN_MODULES" ] || skip "other interfaces use $DRIVER"
	defer driver_load
	reader udp $A4
	fill udp $A4
	rmmod "$DRIVER"
	intree || rmmod ndis
	driver_load
	net_setup
	ping -q -f -c 300 -s 1400 -W 10 $B4
	drain
}

# The same for a mere down and up, and for a new ring
down_up() {
	reader udp $A4
	fill udp $A4
	ip link set "$IF" down
	ip link set "$IF" up
	wait_link
	if has_rings; then
		ethtool -G "$IF" rx 1024
		wait_link
		ethtool -G "$IF" rx 256
		wait_link
	fi
	ping -q -f -c 300 -s 1400 -W 10 $B4
	drain
}

# Jumbo frames: the packets are lists of fragments
jumbo() {
	[ -n "$OWN_MODULES" ] || skip "other interfaces use $DRIVER"
	ip link set "$IF" mtu 9000
	ip -n "$NS" link set "$PEER" mtu 9000
	wait_link
	held tcp $A4
}

t down_up "while the interface goes down and gets new rings"
t tcp4 "both modules unload: TCP, IPv4"
t udp6 "both modules unload: UDP, IPv6"
t jumbo "both modules unload: jumbo frames"
t reloaded "both modules unload and load again"
run
