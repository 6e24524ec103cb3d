#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# lifecycle: down and up, reset, suspend, unbind and unload, all under traffic
# that must go on afterwards with the right bytes.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup

down_up() {
	local i

	traffic_start
	for i in {1..10}; do
		ip link set "$IF" down
		ip link set "$IF" up
	done
	wait_link
	datagrams_flow
	for i in 1 2; do
		ip link set "$IF" down
		ip link set "$IF" up
		wait_link
		datagrams_flow
	done
	traffic_stop
}

# The self-test takes the device away and gives it back, in the end the same
# path as a transmit timeout's
offline_test() {
	local i

	traffic_start
	for i in 1 2 3; do
		# its verdict is tools/selftest's business; here it must come back
		ethtool -t "$IF" offline >/dev/null || :
		wait_link
		datagrams_flow
	done
	traffic_stop
}

reset() {
	local how=''

	traffic_start
	if ethtool --reset "$IF" all >/dev/null 2>&1; then
		how="ethtool --reset"
	elif [ -e "/sys/kernel/debug/$DRIVER/$PCI_A/reset" ]; then
		echo 1 >"/sys/kernel/debug/$DRIVER/$PCI_A/reset"
		how=debugfs
	fi
	[ -n "$how" ] || skip "$DRIVER has no reset by hand; ethtool -t takes the same path above"
	info "by $how"
	wait_link
	traffic_stop
}

# A bus reset, as AER and vfio use it
bus_reset() {
	[ -e "/sys/bus/pci/devices/${PCI_A:-none}/reset" ] ||
		skip "the device has no PCI reset"
	traffic_start
	echo 1 >"/sys/bus/pci/devices/$PCI_A/reset"
	wait_link
	traffic_stop
}

# Devices are suspended and resumed, the platform is not: nothing has to wake it
suspend() {
	[ -z "$CABLED" ] || skip "not on somebody's machine"
	grep -q devices /sys/power/pm_test 2>/dev/null || skip "the kernel has no pm_test"
	grep -qw mem /sys/power/state || skip "the machine cannot suspend"
	defer "echo none >/sys/power/pm_test"
	# how long the devices stay suspended; by default 5 seconds
	echo 0 >/sys/module/suspend/parameters/pm_test_delay 2>/dev/null || :
	echo devices >/sys/power/pm_test
	traffic_start
	echo mem >/sys/power/state || skip "suspend is refused: $(dmesg | tail -n 1)"
	wait_link
	datagrams_flow
	# once more, and while the interface is down
	echo mem >/sys/power/state
	wait_link
	traffic_stop
	ip link set "$IF" down
	echo mem >/sys/power/state
	ip link set "$IF" up
	wait_link
	ip addr replace $A6/64 dev "$IF" nodad
	ping -c 3 -i 0.05 -W 10 $B4
}

unbind() {
	local i

	[ -z "$CABLED" ] || skip "it would take the interface from its owner"
	traffic_start
	for i in 1 2; do
		echo "$PCI_A" >"/sys/bus/pci/drivers/$DRIVER/unbind"
		echo "$PCI_A" >/sys/bus/pci/drivers_probe
		net_setup
		datagrams_flow
	done
	traffic_stop
}

# reload_twice [MODULE]: the driver goes, the second time MODULE with it
reload_twice() {
	local i

	traffic_start
	for i in 1 2; do
		rmmod "$DRIVER"
		[ $i != 2 ] || [ -z "${1:-}" ] || rmmod "$1"
		driver_load
		net_setup
		datagrams_flow
	done
	traffic_stop
}

# Both ends vanish and come back, the sockets wait
reload() {
	local below=ndis

	[ -n "$OWN_MODULES" ] || skip "other interfaces use $DRIVER"
	! intree || below=''
	reload_twice $below
	ping -c 3 -i 0.05 -W 10 $B4
}

# This end has our driver, the other the one in the tree: only one of them goes
reload_one() {
	[ -z "$CABLED" ] || skip "the peer's driver is its owner's"
	! intree || skip "$DRIVER is at both ends"
	modprobe e1000 || skip "this kernel has no e1000 for the other end"
	defer "bind $PCI_B $DRIVER; rmmod e1000"
	bind "$PCI_B" e1000
	net_setup
	reload_twice
}

# The peer has the driver in the tree: two that are wrong in the same way
# would understand each other
mixed() {
	[ -z "$CABLED" ] || skip "the peer's driver is its owner's"
	! intree || skip "$DRIVER is at both ends"
	modprobe e1000 || skip "this kernel has no e1000 for the other end"
	defer "bind $PCI_B $DRIVER; rmmod e1000"
	bind "$PCI_B" e1000
	net_setup
	sweep_both "$IF" "$PEER" 14-1514/7 1514
	set_feature gro off
	wire offload - "$IF" "$NS" "$PEER" 150 5
	wire offload "$NS" "$PEER" - "$IF" 150 6
	ip link add link "$IF" name v9 type vlan id 9
	ip -n "$NS" link add link "$PEER" name v9 type vlan id 9
	ip link set v9 up
	ip -n "$NS" link set v9 up
	sweep_both v9 v9 14-1514/31 1514
}

t down_up "down and up"
t offline_test "the offline self-test"
t reset "a reset by hand"
t bus_reset "a PCI reset"
t suspend "suspend and resume"
t unbind "unbind and bind"
t reload "the module unloads and loads"
t reload_one "the same while the peer stays"
t mixed "the peer has the driver in the tree"
run
