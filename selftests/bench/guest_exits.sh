# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# guest.sh exits, for exits.sh: QEMU's trace tells register accesses, the guest tells
# which belong to what. It writes the number of a span to I/O port 0x80, which nobody
# reads and the trace shows, and 0 at its end, and prints
# "span NUMBER ROW DRIVER PACKETS LOST SIZE BURST RING INTERRUPTS BAR...".

SPAN=0
declare -A bars

mark() {
	printf '%b' "\\x$(printf '%02x' "$1")" |
		dd of=/dev/port bs=1 seek=128 conv=notrunc status=none
}

# bar INTERFACE|ADDRESS: of the registers, 0x and no leading zeros
bar() {
	local dev=/sys/bus/pci/devices/$1

	[ -d "$dev" ] || dev=/sys/class/net/$1/device
	printf '0x%x\n' "$(awk 'NR == 1 { print $1 }' "$dev/resource")"
}

# interrupts DRIVER: at the NIC that is looked at
interrupts() {
	awk -F, '{ for (i = 1; i <= NF; i++) n += $i } END { print n + 0 }' "/sys/kernel/irq/${irq[$1]}/per_cpu_count"
}

# loading DRIVER COMMAND...: between the module's start and its end, for its three NICs
loading() {
	[ "${SPANS:-}" = 1 ] || { "${@:2}"; return; }
	SPAN=$((SPAN + 1))
	mark $SPAN
	"${@:2}"
	mark 0
	echo "span $SPAN register_accesses_in_probe,_per_NIC $1 3 0 0 0 0 0 ${bars[$1]}"
}

# exits_of ROW DRIVER sent|received BURST SIZE BAR
exits_of() {
	local before was gone

	# The first run fills what is empty
	generate "${tx_if[$2]}" "${rx_mac[$2]}" "$4" "$5" >/dev/null
	sleep 0.2
	before=$("$3" "$2")
	was=$(interrupts "$2")
	SPAN=$((SPAN + 1))
	mark $SPAN
	generate "${tx_if[$2]}" "${rx_mac[$2]}" "$4" "$5" >/dev/null
	gone=$(lost "$3" "$2" "$before")
	mark 0
	echo "span $SPAN $1 $2 $PACKETS $gone $5 $4 $RING $(($(interrupts "$2") - was)) $6"
}

exits() {
	local driver burst
	declare -A irq

	for burst in 1 8 32; do
		for driver in $DRIVERS; do
			irq[$driver]=$(<"/sys/class/net/${tx_if[$driver]}/device/irq")
			exits_of "TX_60_bytes,_burst_$burst" "$driver" sent $burst 60 "$(bar "${tx_if[$driver]}")"
		done
	done
	for driver in $DRIVERS; do
		irq[$driver]=$(receiver "$driver" cat "/sys/class/net/${rx_if[$driver]}/device/irq")
		bars[rx-$driver]=$(receiver "$driver" cat "/sys/class/net/${rx_if[$driver]}/device/resource" | awk 'NR == 1 { print $1 }')
	done
	receivers_up
	for driver in $DRIVERS; do
		exits_of "RX_to_the_stack,_60_bytes" "$driver" received 8 60 "$(printf '0x%x' "${bars[rx-$driver]}")"
	done
}
