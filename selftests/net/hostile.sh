#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# hostile: a user who says anything to every door there is: ethtool's ioctls (hostile.c),
# ethtool and rtnetlink, sysfs and debugfs; as root with boundary and random values,
# then as nobody and as root of a user namespace of one's own. Afterwards the interface
# works. COUNT= values, SEED= others.

. "$(dirname "$0")/../lib.sh"
T_SETUP=net_setup
HOSTILE=$SELFTESTS/net/hostile
DEBUG=/sys/kernel/debug
: "${COUNT:=200}" "${SEED:=1}"

nobody() { unshare -S 65534 -G 65534 "$@"; }

# What a user may have changed, except counters
settings() {
	ip -d -o link show dev "$IF" | sed 's/^[0-9]*: //'
	ethtool "$IF" | grep -v -e Speed -e Duplex -e 'Link partner' -e 'Link detected'
	ethtool -g "$IF"; ethtool -c "$IF"; ethtool -a "$IF"; ethtool -k "$IF"
	ethtool --get-tunable "$IF" tx-copybreak
	grep -Hs . "/sys/class/net/$IF"/{mtu,flags,tx_queue_len,gro_flush_timeout,threaded,napi_defer_hard_irqs}
}

restore() {
	ip link set "$IF" down
	ethtool -s "$IF" autoneg on advertise 0x2f msglvl 7 >/dev/null
	ethtool -A "$IF" autoneg on rx on tx on >/dev/null 2>&1 || :
	ethtool -G "$IF" rx 256 tx 256 >/dev/null 2>&1 || :
	ethtool -C "$IF" rx-usecs 128 >/dev/null 2>&1 || :
	ethtool -K "$IF" gro on lro off rx on tx on >/dev/null 2>&1 || :
	ethtool --set-tunable "$IF" tx-copybreak 128 >/dev/null 2>&1 || :
	ip link set "$IF" mtu 1500 promisc off allmulticast off txqueuelen 1000 \
		gso_max_size 65536 group default
	# NOARP and no MULTICAST are a user's to set in sysfs' flags, and stay
	ip link set "$IF" arp on multicast on up
	rm -f "$T_DIR/state"
	net_setup
}

works() {
	restore
	wait_for 30 ping_works $B4 || fail "no ping after it"
	sweep_both "$IF" "$PEER" 60x100 1514x100
}

ioctls() {
	info "SEED=$SEED COUNT=$COUNT"
	"$HOSTILE" "$IF" "$SEED" "$COUNT"
	works
}

# A number as a command line has it, in N: a subshell would draw others each time
number() {
	local edges=(0 1 -1 7 8 67 68 79 80 81 1500 2030 4096 4097 16110 16111 65535 65536
		2147483647 2147483648 4294967295 4294967296 18446744073709551616 0x10 abc "''" %p)
	N=${edges[RANDOM % ${#edges[@]}]}
}

# What ip, ethtool and sysfs take, with anything behind it
netlink() {
	local i doors cmd taken=0 n=$((COUNT / 10))

	doors=("ip link set $IF mtu" "ip link set $IF txqueuelen" "ip link set $IF address"
		"ip link set $IF gso_max_size" "ip link set $IF numtxqueues"
		"ip link set $IF vf 0 mac" "ip link set $IF xdpdrv fd"
		"ethtool -G $IF rx" "ethtool -G $IF tx" "ethtool -C $IF rx-usecs"
		"ethtool -C $IF tx-frames" "ethtool -C $IF adaptive-rx" "ethtool -L $IF combined"
		"ethtool --set-tunable $IF tx-copybreak" "ethtool --set-tunable $IF rx-copybreak"
		"ethtool -s $IF advertise" "ethtool -s $IF speed" "ethtool -s $IF msglvl"
		"ethtool -X $IF equal" "ethtool -N $IF rx-flow-hash" "ethtool -e $IF offset"
		"ethtool --set-eee $IF tx-timer" "ethtool --set-priv-flags $IF"
		"ethtool -s $IF wol" "ethtool -E $IF value")
	for ((i = 0; i < n; i++)); do
		number
		cmd="${doors[RANDOM % ${#doors[@]}]} $N"
		if timeout 30 bash -c "$cmd" >"$T_DIR/said" 2>&1; then
			taken=$((taken + 1))
		else
			[ $? != 124 ] || fail "half a minute: $cmd"
		fi
	done
	info "RANDOM=$SEED: $n commands, $taken taken"
	for i in "/sys/class/net/$IF"/{mtu,tx_queue_len,gro_flush_timeout,napi_defer_hard_irqs,threaded,carrier,group,flags}; do
		number
		if { echo "$N" >"$i"; } 2>/dev/null; then info "taken: $N >$i"; fi
	done
	echo 0 >"/sys/class/net/$IF/napi_defer_hard_irqs"
	echo 0 >"/sys/class/net/$IF/gro_flush_timeout"
	echo 0 >"/sys/class/net/$IF/threaded" 2>/dev/null || :
	works
}

# debugfs takes nothing that is no setting, and nothing it says is an address. pool
# creators are names, "%p" would be hashed: 16 hexadecimal digits that begin with f
debug_files() {
	local file

	[ -d $DEBUG/ndis ] || skip "no debugfs of ndis.ko"
	while read -r file; do
		if [ "$(stat -c %A "$file" | cut -c8-10)" != --- ]; then
			# the folder above is root's alone, but for who mounts it otherwise
			info "$(stat -c '%A %n' "$file")"
			[ "$(stat -c %A "$file" | cut -c9)" = - ] || fail "everybody may write $file"
		fi
		case $file in */profile | */inject*) continue ;; esac
		timeout 20 cat "$file" >"$T_DIR/said" 2>/dev/null || :
		! grep -nE '(0x)?\bffff[0-9a-f]{12}\b' "$T_DIR/said" ||
			fail "$file prints a kernel address"
		for i in '' -1 99999999999999999999 abc "$(head -c 5000 /dev/zero | tr '\0' x)"; do
			{ printf '%s' "$i" >"$file"; } 2>/dev/null || :
		done
	done < <(find $DEBUG/ndis -type f)
	works
}

# Who may not: neither plainly nor as root of a user namespace, for a device that is not
# that namespace's
denied() {
	local before who

	before=$(settings)
	for who in nobody "unshare -Urn" "unshare -Ur"; do
		info "as $who"
		if [ "$who" = "unshare -Urn" ]; then
			# this one does not even see the device
			! nobody unshare -Urn ip link show "$IF" 2>/dev/null || fail "it sees $IF"
			continue
		fi
		[ "$who" = nobody ] && who=
		# shellcheck disable=SC2086 # a command in words
		nobody $who "$HOSTILE" "$IF" denied || fail "a change was not refused"
		for cmd in "ip link set $IF down" "ip link set $IF mtu 1400" "ethtool -r $IF" \
			"ethtool -K $IF gro off" "ethtool -G $IF rx 512" "ethtool -t $IF offline"; do
			# shellcheck disable=SC2086 # a command in words
			! nobody $who $cmd >"$T_DIR/said" 2>&1 || fail "not refused: $cmd"
		done
		for cmd in "/sys/class/net/$IF/mtu" "$DEBUG/ndis/stats" \
			"/sys/bus/pci/devices/$PCI_A/reset" /sys/module/ndis/parameters/*; do
			[ -e "$cmd" ] || continue
			# shellcheck disable=SC2086 # a command in words
			! nobody $who bash -c "echo 1 >$cmd" 2>/dev/null || fail "may write $cmd"
		done
		# shellcheck disable=SC2086 # a command in words
		! nobody $who cat $DEBUG/ndis/pools 2>/dev/null || fail "may read debugfs"
	done
	[ "$before" = "$(settings)" ] || fail "settings changed:
$(diff <(echo "$before") <(settings))"
	works
}

RANDOM=$((SEED % 32768))
t ioctls "ethtool's ioctls, boundary and random values"
t netlink "ip, ethtool, sysfs with anything behind them"
t debug_files "debugfs: no addresses, no write by others"
t denied "nobody, and root of a user namespace, change nothing"
run
