#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# on request: kexec.sh does
# after_kexec: PID 1 of the kernel that faults/kexec has booted. Are the devices quiet,
# and can the driver take them as they are?

/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
stty -F /dev/ttyS1 raw -echo
exec >/dev/ttyS1 2>&1
read -r A B </nics
failed=0

# said NUMBER NAME: of what came before
said() {
	if [ $? = 0 ]; then echo "ok $1"; else echo "not ok $1"; failed=1; fi
}

head() { /poke "$1" read 0x2810; }	# where the device is in its receive ring

# Bus mastering, receiver and transmitter are off, and nothing moves
quiet() {
	local dev was

	for dev in $A $B; do
		echo "# $dev: command $(/poke $dev config 4) RCTL $(/poke $dev read 0x100) TCTL $(/poke $dev read 0x400)"
		[ $(($(/poke $dev config 4) & 4)) = 0 ] || return 1
		[ $(($(/poke $dev read 0x100) & 2)) = 0 ] || return 1
		[ $(($(/poke $dev read 0x400) & 2)) = 0 ] || return 1
		was=$(head $dev)
		sleep 1
		[ "$(head $dev)" = "$was" ] || return 1
	done
}

both_up() {
	[ "$(cat /sys/class/net/$a/carrier 2>/dev/null)$(cat /sys/class/net/$b/carrier 2>/dev/null)" = 11 ]
}

works() {
	local module a b i=0

	for module in $(cat /load); do insmod "/$module.ko" || return 1; done
	a=$(ls /sys/bus/pci/devices/$A/net) b=$(ls /sys/bus/pci/devices/$B/net)
	for dev in $a $b; do
		echo 1 >/proc/sys/net/ipv6/conf/$dev/disable_ipv6 2>/dev/null
		ifconfig $dev promisc up || return 1
	done
	while ! both_up; do
		i=$((i + 1))
		[ $i -lt 60 ] || return 1
		sleep 1
	done
	sleep 2	# QEMU's model keeps what comes in the first second
	/wire sweep - $a - $b 60-1514/13 && /wire sweep - $b - $a 60-1514/13
}

clean() {
	! dmesg | grep -E 'WARNING:|BUG:|Oops|bad page state|corruption|nobody cared'
}

quiet
said "2 quiet: the devices do nothing after the driver's shutdown"
works
said "3 works: the driver takes them as they are; each frame of a sweep arrives"
clean
said "4 clean: the log"
echo "verdict $failed clean" >/dev/ttyS2
sync
poweroff -f
