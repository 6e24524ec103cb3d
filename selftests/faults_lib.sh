# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of suite faults share: a device that is broken on purpose, by its
# registers, its configuration, or QEMU. Sourced after lib.sh, not run.

POKE=$SELFTESTS/faults/poke
MONITOR=/dev/ttyS3

# Registers of the class (regs.h)
ICS=0xc8 IMS=0xd0 IMC=0xd8 RCTL=0x100 TCTL=0x400
# Words of the configuration
COMMAND=0x04 BAR0=0x10 BAR2=0x18

faults_setup() {
	[ -z "$CABLED" ] || skip "not with somebody's machine"
	net_setup
	# What the case before has left broken is not this one's matter
	ping -c 1 -W 5 -q $B4 >/dev/null || {
		echo "$PCI_A" >"/sys/bus/pci/devices/$PCI_A/driver/unbind"
		bind "$PCI_A" "$DRIVER"
		net_setup
	}
	log_mark "case $$"
	LIVE=$(live)
}

poke() { "$POKE" "$PCI_A" "$@"; }

# --- what comes of it ---------------------------------------------------------------

# Receive lists out of their pools: those in the rings, at rest
live() {
	! intree || { echo 0; return; }
	awk 'NR == 1 { for (i = 1; i <= NF; i++) { if ($i == "tag") t = i; if ($i == "live") l = i } next }
	     $t == "enRx" { n += $l }
	     END { print n + 0 }' /sys/kernel/debug/ndis/pools
}

is_live() { [ "$(live)" = "$1" ]; }

of() { ethtool -S "$IF" | awk -v n="$1:" '$1 == n { print $2 }'; }

# Datagrams flow again, both ways: recovered MOST-SECONDS
recovered() {
	local start=$SECONDS

	read -r TRAFFIC_SEEN <"$TRAFFIC"
	wait_for "$1" traffic_moved udp || fail "datagrams stand still for $1 s: $(cat "$TRAFFIC")"
	info "traffic in all directions after $((SECONDS - start)) s"
}

# After the traffic's end: each frame of many arrives, unharmed, and all lists are back
sound() {
	wait_link
	sweep_both "$IF" "$PEER" 60-1514/13 1514x20 >/dev/null
	wait_for 20 is_live "$LIVE" ||
		fail "$(live) receive lists are out of their pools, $LIVE were before"
	! log_trouble "case $$" || fail "the kernel's log has the lines above"
}

# said COUNT WORDS: by the driver, since the case began
said() {
	local n

	log_since "case $$" | grep -E "$2" || :
	n=$(log_since "case $$" | grep -cE "$2" || :)
	intree || [ "$n" = "$1" ] || fail "the log has $n lines of /$2/, not $1"
}

# --- memory -------------------------------------------------------------------------

# What the kernel has, in KiB: slab, and pages that are nobody's else - neither free, nor
# in a list of a CPU's, nor programs', files', tables or stacks
memory() {
	echo 3 >/proc/sys/vm/drop_caches
	awk '$1 == "count:" { lists += 4 * $2 }
	     $1 == "MemTotal:" { all = $2 }
	     $1 == "Slab:" { slab = $2 }
	     $1 ~ /^(MemFree|Buffers|Cached|AnonPages|Slab|PageTables|KernelStack|Percpu):/ { n += $2 }
	     END { printf "slab=%d pages=%d\n", slab, all - n - lists }' /proc/zoneinfo /proc/meminfo
}

# flat EARLY LATE: as memory() has said. Caches per CPU and tables that grow with use
# come and go; more than this is a leak.
FLAT_KB=2048
flat() {
	local name a b

	for name in slab pages; do
		a=$(sed "s/.*$name=\([0-9]*\).*/\1/" <<<"$1") b=$(sed "s/.*$name=\([0-9]*\).*/\1/" <<<"$2")
		[ $((b - a)) -le $FLAT_KB ] || fail "$name grew by $((b - a)) KiB, more than $FLAT_KB"
	done
}

# A line that is seen at once, though a case's output is kept for its end
progress() { [ ! -w /dev/console ] || echo "faults: $*" >/dev/kmsg; }

# --- QEMU ---------------------------------------------------------------------------

# The guest's fourth serial line is QEMU's monitor (boot.sh -F)
needs_monitor() {
	[ -z "${MONITOR_IS:-}" ] || return 0
	[ -c $MONITOR ] && grep -q '^3: uart:16550.* irq:7 ' /proc/tty/driver/serial ||
		skip "QEMU's monitor is not on $MONITOR (boot.sh -F)"
	stty -F $MONITOR raw -echo
	exec 8<>$MONITOR
	# What the line echoed until then is forgotten with this byte. Only the first who
	# asks is told that it may.
	printf '\377' >&8
	monitor qmp_capabilities '{}' any
	MONITOR_IS=y
}

# monitor COMMAND [ARGUMENTS [any]]: an answer that is an error fails, but for "any"
monitor() {
	local line id=$RANDOM.$SECONDS

	printf '{"execute":"%s","arguments":%s,"id":"%s"}\n' "$1" "${2:-{\}}" "$id" >&8
	while IFS= read -rt 20 -u 8 line; do
		[[ $line = *"\"id\": \"$id\""* ]] || continue
		[[ $line != *'"error":'* ]] || [ "${3:-}" = any ] || fail "QEMU: $line"
		return 0
	done
	fail "QEMU does not answer: $1"
}
