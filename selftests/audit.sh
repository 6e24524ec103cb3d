#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# audit.sh SUITE: closes a suite. What was created was destroyed, what was
# allocated was freed, and the kernel has nothing to complain about.

. "$(dirname "$0")/lib.sh"
SUITE=${1:-net}

# The kernel frees an skb on the CPU that it came in on, and there not before the
# next one comes in: until then its page is out of its pool.
free_deferred() {
	local cpu

	ip link set lo up
	for ((cpu = 0; cpu < $(nproc); cpu++)); do
		taskset -c "$cpu" ping -c 1 -W 1 -q 127.0.0.1 >/dev/null 2>&1 || :
	done
}

# First of all: the pools can only be counted when their owners are gone.
driver_gone() {
	local dev

	[ -n "$OWN_MODULES" ] || skip "other interfaces use $DRIVER: it stays loaded"
	free_deferred
	for dev in "$PCI_A" "$PCI_B" "$PCI_C"; do
		[ -z "$dev" ] || [ "$(driver_name "$dev")" != "$DRIVER" ] || net_unbound "$dev"
	done
	unload "$DRIVER"
	[ ! -e "/sys/bus/pci/drivers/$DRIVER" ]
}

driver_name() { basename "$(readlink "/sys/bus/pci/devices/$1/driver")"; }
net_unbound() { release "$1"; }

needs_ndis() {
	! intree || skip "$DRIVER has no pools"
	[ -r /sys/kernel/debug/ndis/stats ] || {
		[ -n "$OWN_MODULES" ] || skip "ndis.ko is not loaded"
		fail "ndis.ko is not loaded, so nobody knows its counters"
	}
	! grep -q "^$OURS " /proc/modules || skip "$OURS is still loaded and has pools"
}

# equal A B: counters of ndis.ko; some were created at all
equal() {
	local a b

	a=$(stat_of "$1") b=$(stat_of "$2")
	info "$1 $a, $2 $b"
	[ "$a" = "$b" ] || fail "$1 $a, $2 $b"
	[ "$a" -gt 0 ] || fail "$1 is 0: nothing was tested"
}

pools() {
	needs_ndis
	cat /sys/kernel/debug/ndis/pools
	equal pools_created pools_destroyed
}

lists() {
	needs_ndis
	equal lists_allocated lists_freed
}

buffers() {
	local a b

	needs_ndis
	a=$(stat_of nbs_allocated) b=$(stat_of nbs_freed)
	info "nbs_allocated $a, nbs_freed $b"
	[ "$a" = "$b" ]
}

ndis_gone() {
	! intree || skip "$DRIVER does not use ndis.ko"
	[ -n "$OWN_MODULES" ] || skip "other interfaces use ndis.ko: it stays loaded"
	unload ndis
	[ ! -e /sys/module/ndis ] || fail "ndis.ko stays loaded"
}

clean_log() {
	if log_trouble "suite $SUITE"; then
		fail "the kernel's log has the lines above"
	fi
}

t driver_gone "the driver unloads"
t pools "pools created = pools destroyed"
t lists "lists allocated = lists freed"
t buffers "NET_BUFFERs allocated = freed"
t ndis_gone "ndis.ko unloads"
t clean_log "the kernel's log is clean since the suite began"
run
