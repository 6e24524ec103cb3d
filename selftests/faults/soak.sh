#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# on request
# soak: for MINUTES, TCP and UDP both ways with every byte looked at, while settings
# change and the device breaks, in a random order (SEED). Traffic must flow after each
# of them. Memory is sampled when each was done once more, with all as by default.
#
# Flat: of the samples without the first fifth, the median of the last third is no more
# than 2 MiB above that of the first third, for slab and for pages each; the receive
# lists out of their pools are as many at each sample.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../xdp_lib.sh"
. "$(dirname "$0")/../faults_lib.sh"
T_SETUP=faults_setup
T_TEARDOWN=''

MINUTES=${MINUTES:-30}
RANDOM=${SEED:-1}

# --- what changes ---------------------------------------------------------------------

down_up() { ip link set "$IF" down; ip link set "$IF" up; ip addr replace $A6/64 dev "$IF" nodad; }
rings() { ! has_rings || { ethtool -G "$IF" rx $((128 << RANDOM % 6)) tx $((128 << RANDOM % 6)) && wait_link && ethtool -G "$IF" rx 256 tx 256; }; }
mtu() { ip link set "$IF" mtu 9000; wait_link; ip link set "$IF" mtu 1500; }
coalesce() {
	ethtool -C "$IF" adaptive-rx off rx-usecs $((10 + RANDOM % 190)) 2>/dev/null ||
		ethtool -C "$IF" rx-usecs $((10 + RANDOM % 190))
	ethtool -C "$IF" adaptive-rx on 2>/dev/null || :
}
features() { for f in tso sg rxvlan rx; do set_feature $f off; set_feature $f on; done; }
promisc() { ip link set "$IF" promisc on; ip link set "$IF" promisc off; }
selftest() { ethtool -t "$IF" offline >/dev/null || :; }
multicast() {
	local i

	for what in add del; do
		for i in {10..49}; do
			ip maddr $what "01:00:5e:00:01:$i" dev "$IF"
		done
	done
}
programs() {
	! intree || return 0
	load_programs verdict
	ip -force link set dev "$IF" xdpdrv pinned "$PINS/verdict"
	datagrams_flow
	ip link set dev "$IF" xdpdrv off
	rm -rf "$PINS"
}

# --- what breaks ----------------------------------------------------------------------

hang() { poke write $TCTL 0; }
interrupts() { poke write $IMC 0xffffffff; }
storm() { poke storm $ICS 0xffff 1 >/dev/null; }
master() { poke config $COMMAND $(($(poke config $COMMAND) & 0xfffb)) 2; }
unbound() { echo "$PCI_A" >"/sys/bus/pci/devices/$PCI_A/driver/unbind"; back; }
removed() { echo 1 >"/sys/bus/pci/devices/$PCI_A/remove"; echo 1 >/sys/bus/pci/rescan; back; }
cable() { monitor set_link '{"name":"nic0","up":false}'; sleep 1; monitor set_link '{"name":"nic0","up":true}'; }

# The interface is a new one
back() {
	wait_for 20 test -e "/sys/bus/pci/devices/$PCI_A" || fail "the device does not come back"
	bind "$PCI_A" "$DRIVER"
	net_setup
}

STEPS='down_up rings mtu coalesce features promisc selftest multicast programs
	hang interrupts storm unbound removed cable'
# What the driver in the tree does not survive, it is not asked
intree || STEPS="$STEPS master"

# --- what is measured -----------------------------------------------------------------

sample() {
	local line

	net_setup
	line="$((SECONDS - BEGAN)) $(memory) lists=$(live) changes=$CHANGES $(tr -s ' ' <"$TRAFFIC")"
	info "sample $line"
	progress "soak: $line"
	wait_for 20 is_live "$LIVE" || fail "$(live) receive lists are out of their pools, $LIVE were before"
}

# flat_over NAME: the rule at the head of this file
flat_over() {
	sed -n "s/^# sample .* $1=\([0-9]*\) .*/\1/p" "$T_DIR/log" | awk -v name="$1" -v most="$FLAT_KB" '
		function median(from, to,	i, j, t, n, v) {
			for (i = from; i <= to; i++) v[++n] = x[i]
			for (i = 2; i <= n; i++)
				for (j = i; j > 1 && v[j - 1] > v[j]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
			return v[int((n + 1) / 2)]
		}
		{ x[NR] = $1 }
		END {
			first = int(NR / 5) + 1; third = int((NR - first + 1) / 3)
			if (third < 1) { print name ": only " NR " samples"; exit 1 }
			grown = median(NR - third + 1, NR) - median(first, first + third - 1)
			printf "%s grew by %d KiB over %d samples\n", name, grown, NR
			exit grown > most
		}'
}

soak() {
	local step steps CHANGES=0 BEGAN=$SECONDS

	needs_monitor
	traffic_start
	while [ $((SECONDS - BEGAN)) -lt $((MINUTES * 60)) ]; do
		# shellcheck disable=SC2086 # a list of words
		steps=$(for step in $STEPS; do echo "$RANDOM $step"; done | sort -n | cut -d' ' -f2)
		for step in $steps; do
			"$step"
			wait_link
			recovered 30 >"$T_DIR/recovered" || fail "after $step: $(cat "$T_DIR/recovered")"
			CHANGES=$((CHANGES + 1))
			[ $((SECONDS - BEGAN)) -lt $((MINUTES * 60)) ] || break
		done
		sample
	done
	traffic_stop
	sound
	info "$CHANGES changes and faults in $(((SECONDS - BEGAN + 30) / 60)) minutes"
	flat_over slab || fail "slab memory is not flat"
	flat_over pages || fail "pages are not flat"
}

t soak "$MINUTES minutes of traffic, changes and faults"
run
