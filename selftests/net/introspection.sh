#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# introspection: what netlink's family netdev tells of queues, NAPI, interrupt and
# page_pools, and that it is so. Statistics per queue are in statistics.sh.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup

# ask WHAT SINCE: into $T_DIR/told; an older kernel has none and says so
ask() {
	local rc=0

	"$SELFTESTS/net/netdev_nl" "$1" "$IF" >"$T_DIR/told" || rc=$?
	if [ $rc = 3 ]; then
		intree && skip "$DRIVER tells nothing of $1"
		kernel_since "$2" || skip "kernel $(uname -r) tells nothing of $1: it came in $2"
	fi
	[ $rc = 0 ] || fail "netlink tells nothing of $1: $rc"
	cat "$T_DIR/told"
}

# Those of the interface in /proc/interrupts
irqs() { sed -n "s/^ *\([0-9]*\):.*[ ,]$IF\(,.*\)\{0,1\}\$/\1/p" /proc/interrupts; }

# Each queue names a NAPI that there is
queues() {
	local dir id

	ask napis 6.7
	id=$(sed -n 's/^napi-\([0-9]*\) .*/\1/p' "$T_DIR/told")
	[ -n "$id" ] || fail "no NAPI"
	ask queues 6.7
	for dir in rx tx; do
		[ "$(grep -c "^$dir-" "$T_DIR/told")" = "$(find "/sys/class/net/$IF/queues/" \
			-name "$dir-*" | wc -l)" ] || fail "not as many $dir queues as in sysfs"
		grep -qx "$dir-0 napi=$id" "$T_DIR/told" || fail "$dir queue 0 is not NAPI $id's"
	done
}

irq() {
	ask napis 6.7
	info "in /proc/interrupts: $(irqs)"
	grep -qE "^napi-[0-9]+ irq=$(irqs)\$" "$T_DIR/told" ||
		fail "the NAPI's interrupt is not that of /proc/interrupts"
}

# A device that is down has neither, and gets both again
down_up() {
	local before

	ask napis 6.7
	before=$(cat "$T_DIR/told")
	ip link set "$IF" down
	"$SELFTESTS/net/netdev_nl" queues "$IF" >"$T_DIR/told" || :
	! grep napi= "$T_DIR/told" || fail "a queue of a device that is down has a NAPI"
	"$SELFTESTS/net/netdev_nl" napis "$IF" >"$T_DIR/told" || :
	! grep irq= "$T_DIR/told" || fail "an interrupt that was given back is told"
	ip link set "$IF" up
	wait_link
	ask napis 6.7
	[ "${before##* }" = "$(sed 's/.* //' "$T_DIR/told")" ] ||
		fail "another interrupt after down and up"
}

# Three pools of pages per queue: received into, by halves and by pages, and small packets
# copied to. The first two are the NAPI's alone, and hold a page for each two descriptors
# at least.
pools() {
	local pages descriptors

	ask pools 6.8
	[ "$(wc -l <"$T_DIR/told")" = 3 ] || fail "not three page_pools"
	[ "$(grep -c ' napi=' "$T_DIR/told")" = 2 ] || fail "not two page_pools are the NAPI's"
	pages=$(sed -n 's/.* napi=.* inflight=\([0-9]*\).*/\1/p' "$T_DIR/told" |
		awk '{ n += $1 } END { print n }')
	descriptors=$(ethtool -g "$IF" | awk '$1 == "RX:" { n = $2 } END { print n }')
	[ $((pages * 2)) -ge "$descriptors" ] ||
		fail "$pages pages for $descriptors descriptors"
	ip link set "$IF" down
	ask pools 6.8
	ip link set "$IF" up
	wait_link
}

t queues "each queue names its NAPI"
t irq "the NAPI names the interrupt"
t down_up "down has none, up has it again"
t pools "the device's page_pools"
run
