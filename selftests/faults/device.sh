#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# device: one that breaks under traffic, by registers and configuration that are
# changed behind the driver's back. Traffic goes on within seconds, the log has one
# line about it, and afterwards every frame arrives.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../faults_lib.sh"
T_SETUP=faults_setup

# A reset must have been what helped, and just one
reset_by() {	# reset_by RESETS-BEFORE
	intree || [ $(($(of resets) - $1)) = 1 ] || fail "$(($(of resets) - $1)) resets, not 1"
}

resets() { of resets || :; }

# The transmitter stops and nobody says so
hang() {
	local before i

	traffic_start
	for i in 1 2; do
		before=$(resets)
		poke write $TCTL 0
		sleep 1
		recovered 15
		reset_by "$before"
	done
	traffic_stop
	said 2 'hangs at descriptor'
	sound
}

# A frame now and then is no full ring: it must be missed all the same
hang_idle() {
	local before

	before=$(resets)
	ping -c 1 -W 5 -q $B4
	poke write $TCTL 0
	ping -c 30 -i 0.5 -W 1 $B4 >"$T_DIR/ping" || fail "nothing came back: $(cat "$T_DIR/ping")"
	info "$(grep transmitted "$T_DIR/ping")"
	reset_by "$before"
	said 1 'hangs at descriptor'
	sound
}

# The device may no longer read or write memory
bus_master() {
	local command

	command=$(poke config $COMMAND)
	traffic_start
	poke config $COMMAND $((command & 0xfffb)) 2
	sleep 1
	recovered 15
	[ $(($(poke config $COMMAND) & 4)) = 4 ] || fail "bus mastering is still off"
	traffic_stop
	said 1 'bus mastering'
	sound
}

# Its registers are nowhere: what is read is not the device's
no_memory_space() {
	local command

	command=$(poke config $COMMAND)
	traffic_start
	# A device that interrupts and cannot be told to stop costs all on its line theirs
	poke write $IMC 0xffffffff
	poke config $COMMAND $((command & 0xfff9)) 2
	info "the status register reads $(poke read 8)"
	sleep 1
	recovered 15
	traffic_stop
	said 1 'bus mastering'
	sound
}

# Every interrupt is masked, the driver does not know
interrupts_lost() {
	local i

	traffic_start
	for i in 1 2 3; do
		poke write $IMC 0xffffffff
		sleep 1
		recovered 15
	done
	traffic_stop
	sound
}

# The same with nothing to send that would fill a ring
interrupts_lost_idle() {
	poke write $IMC 0xffffffff
	peer ping -c 30 -i 0.5 -W 1 $A4 >"$T_DIR/ping" || fail "nothing came back: $(cat "$T_DIR/ping")"
	info "$(grep transmitted "$T_DIR/ping")"
	sound
}

interrupt_count() {
	awk -v line="$(cat "/sys/bus/pci/devices/$PCI_A/irq"):" '
		NR == 1 { cpus = NF }
		$1 == line { for (n = 2; n < 2 + cpus; n++) sum += $n }
		END { print sum + 0 }' /proc/interrupts
}

# Causes set as fast as a program can, each of them and all at once
storm() {
	local cause before n

	traffic_start
	for cause in 0x80 0x1 0x4 0xffff; do
		before=$(interrupt_count)
		n=$(poke storm $ICS $cause 2)
		info "cause $cause set $n times, $(($(interrupt_count) - before)) interrupts"
		[ $(($(interrupt_count) - before)) -gt 100 ] || fail "that is no storm"
		recovered 15
	done
	traffic_stop
	sound
}

# --- a device that reads all ones ----------------------------------------------------

# A page of ones that QEMU has for it (boot.sh -F) takes the place of the registers
ones_at() {
	local dev

	for dev in /sys/bus/pci/devices/*; do
		[ "$(cat "$dev/vendor")$(cat "$dev/device")" != 0x1af40x1110 ] || ONES=${dev##*/}
	done
	[ -n "${ONES:-}" ] || skip "this machine has no registers that read all ones (boot.sh -F)"
	REGS=$(($(poke config $BAR0) & ~15))
	ELSEWHERE=$(($("$POKE" "$ONES" config $BAR2) & ~15))
	[ "$REGS" != $ELSEWHERE ] || fail "the two are at the same place"
	info "$PCI_A at $(printf '%#x' "$REGS"), ones at $(printf '%#x' $ELSEWHERE)"
}

# As one that is pulled out: its DMA ends with it
vanish() {
	poke write $RCTL 0
	poke write $TCTL 0
	poke write $IMC 0xffffffff
	poke config $BAR0 $ELSEWHERE 4
	"$POKE" "$ONES" config $BAR2 "$REGS" 4
	"$POKE" "$ONES" config $COMMAND 2 2
	GONE=y
	defer reappear
	[ "$(poke read 8)" = 0xffffffff ] || fail "the status register reads $(poke read 8)"
}

reappear() {
	[ "$GONE" = y ] || return 0
	GONE=
	no_ones
	poke config $BAR0 "$REGS" 4
}

no_ones() {
	"$POKE" "$ONES" config $COMMAND 0 2
	"$POKE" "$ONES" config $BAR2 $ELSEWHERE 4
}

# Gone for a while, then there, reset
ones_and_back() {
	ones_at
	traffic_start
	vanish
	wait_for 20 no_carrier || fail "it has a link still"
	sleep 5
	reappear
	wait_for 20 has_carrier "$IF" || fail "it has no link again"
	recovered 30
	traffic_stop
	said 1 'does not answer'
	said 1 'answers again'
	sound
}
no_carrier() { ! has_carrier "$IF"; }

# Whatever is asked of one that is gone ends soon, and opening it says no. The self-test
# is left out: that it fails is an error in the log, and right.
ones_settings() {
	local start

	ones_at
	traffic_start
	vanish
	for cmd in "ethtool $IF" "ethtool -S $IF" "ethtool -d $IF" "ethtool -e $IF" \
		"ethtool -r $IF" "ethtool -G $IF rx 512" "ethtool -G $IF rx 256" "ethtool -K $IF rxvlan off" \
		"ethtool -K $IF rxvlan on" "ethtool -A $IF rx off" "ip link set $IF mtu 9000" "ip link set $IF mtu 1500" \
		"ip link set $IF promisc on" "ip link set $IF promisc off" "ip link set $IF down"; do
		start=${EPOCHREALTIME/./}
		timeout 30 $cmd >/dev/null 2>&1 || [ $? != 124 ] || fail "$cmd does not end"
		info "$(((${EPOCHREALTIME/./} - start) / 1000)) ms: $cmd"
	done
	intree || refused 'No such device' ip link set "$IF" up
	reappear
	ip link set "$IF" up
	ip addr replace $A6/64 dev "$IF" nodad
	wait_link
	recovered 30
	traffic_stop
	sound
}

# Pulled out: it is removed while it reads all ones
ones_removed() {
	ones_at
	traffic_start
	vanish
	echo 1 >"/sys/bus/pci/devices/$PCI_A/remove"
	[ ! -e "/sys/bus/pci/devices/$PCI_A" ]
	# Where it is found again it is somewhere else
	GONE=
	no_ones
	rescanned
	traffic_stop
	sound
}

# --- the bus -------------------------------------------------------------------------

rescanned() {
	echo 1 >/sys/bus/pci/rescan
	wait_for 20 test -e "/sys/bus/pci/devices/$PCI_A" || fail "the device does not come back"
	bind "$PCI_A" "$DRIVER"
	net_setup
	datagrams_flow
}

removed() {
	local i

	traffic_start
	for i in 1 2; do
		echo 1 >"/sys/bus/pci/devices/$PCI_A/remove"
		rescanned
	done
	traffic_stop
	sound
}

# Behind a bridge a device can be reset alone
bus_reset() {
	local i other=$IF

	[ -e "/sys/bus/pci/devices/${PCI_C:-none}/reset" ] ||
		skip "no NIC is alone behind a bridge (boot.sh -F)"
	ip addr flush dev "$IF"
	ip link set "$IF" down
	defer "ip link set $(by_pci "$PCI_C") down; ip addr flush dev $(by_pci "$PCI_C"); rm -f $T_DIR/state"
	PCI_A=$PCI_C
	rm -f "$T_DIR/state"
	net_setup
	info "by $(cat "/sys/bus/pci/devices/$PCI_A/reset_method")"
	LIVE=$(live)
	traffic_start
	for i in 1 2 3; do
		echo 1 >"/sys/bus/pci/devices/$PCI_A/reset"
		wait_link
		recovered 15
	done
	traffic_stop
	# and while it is down
	ip link set "$IF" down
	echo 1 >"/sys/bus/pci/devices/$PCI_A/reset"
	ip link set "$IF" up
	sound
}

t hang "the transmitter hangs"
t hang_idle "the same, when there is little to send"
t bus_master "bus mastering goes off"
t no_memory_space "its registers go away"
t interrupts_lost "interrupts are lost"
t interrupts_lost_idle "the same, when there is little to do"
t storm "a storm of interrupts"
t ones_and_back "it reads all ones, and is there again"
t ones_settings "everything is asked of it while it reads all ones"
t ones_removed "it is removed while it reads all ones"
t removed "removed and found again"
t bus_reset "a reset of its bus"
run
