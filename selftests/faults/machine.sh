#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# machine: what a machine does to a device under traffic: the cable is pulled, the
# device too, another one is plugged in, all of it goes to sleep. QEMU does the first
# two, asked by its monitor; each case ends with traffic that flows.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../faults_lib.sh"
T_SETUP=machine_setup

machine_setup() {
	faults_setup
	needs_monitor
}

no_carrier() { ! has_carrier "$IF"; }

# The cable is out long enough to be seen, and so short that it may not be
link_flaps() {
	local i

	traffic_start
	for i in 1 2 3; do
		monitor set_link '{"name":"nic0","up":false}'
		wait_for 20 no_carrier || fail "it has a link still"
		monitor set_link '{"name":"nic0","up":true}'
		wait_for 20 has_carrier "$IF" || fail "it has no link again"
	done
	for i in {1..20}; do
		monitor set_link '{"name":"nic0","up":false}'
		monitor set_link '{"name":"nic0","up":true}'
	done
	wait_for 20 has_carrier "$IF" || fail "it has no link again"
	recovered 15
	traffic_stop
	sound
}

model() {
	case $(cat "/sys/bus/pci/devices/$1/device") in
	0x100e) echo e1000 ;;
	0x100f) echo e1000-82545em ;;
	*) echo e1000-82544gc ;;
	esac
}

# The other end may be waiting for it; sockets stay
replug() {
	local i mac model slot

	model=$(model "$PCI_A") mac=$(cat "/sys/class/net/$IF/address")
	slot=${PCI_A#*:*:} slot=${slot%.*}
	traffic_start
	for i in 1 2 3; do
		monitor device_del '{"id":"nic0"}'
		wait_for 30 test ! -e "/sys/bus/pci/devices/$PCI_A" || fail "the device does not go"
		sleep 1
		monitor device_add "{\"driver\":\"$model\",\"id\":\"nic0\",\"netdev\":\"port0\",\"mac\":\"$mac\",\"addr\":\"$slot\",\"romfile\":\"\"}"
		wait_for 30 test -e "/sys/bus/pci/devices/$PCI_A/driver" || fail "it does not come back with a driver"
		bind "$PCI_A" "$DRIVER"
		net_setup
		datagrams_flow
	done
	traffic_stop
	sound
}

# As deep as suspend goes without sleeping: QEMU's clock wakes nobody up here. Devices,
# then the platform, then all CPUs but one, then the core as well (net/lifecycle has the first)
sleeps() {
	local level command

	grep -q core /sys/power/pm_test 2>/dev/null || skip "the kernel has no pm_test"
	defer "echo none >/sys/power/pm_test"
	echo 0 >/sys/module/suspend/parameters/pm_test_delay 2>/dev/null || :
	traffic_start
	for level in platform processors core; do
		echo $level >/sys/power/pm_test
		echo mem >/sys/power/state || fail "suspend is refused: $(dmesg | tail -n 1)"
		wait_link
		recovered 15
	done
	# What is restored when a device has lost it, is saved again by then
	command=$(poke config $COMMAND)
	poke config $COMMAND $((command & 0xfffb)) 2
	sleep 1
	recovered 15
	traffic_stop
	said 1 'bus mastering'
	sound
}

t link_flaps "the link flaps"
t replug "hot-unplug and another one plugged in"
t sleeps "the machine goes to sleep, up to its core"
run
