#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# clients: programs that others wrote, with native mode forced: xdp-bench and
# xdp-loader of xdp-tools, ip link of iproute2. A fall-back to generic mode, which
# none of them does when told so, would be a failure.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../xdp_lib.sh"
T_SETUP=clients_setup

clients_setup() {
	xdp_setup
	for prog in xdp-bench xdp-loader; do
		command -v $prog >/dev/null || skip "$prog is not installed (xdp-tools 1.4 or newer)"
	done
	BENCH=$T_DIR/bench
}

mode() { if [ "$XDP_MODE" = native ]; then echo native; else echo skb; fi; }

# bench_start DEV ARG...: until it has attached its program
bench_start() {
	local dev=$1
	shift

	stdbuf -oL xdp-bench "$@" >"$BENCH" 2>&1 &
	BENCH_PID=$!
	defer "kill -9 $BENCH_PID 2>/dev/null; wait $BENCH_PID 2>/dev/null"
	wait_for 60 bench_attached "$dev" || fail "xdp-bench attached nothing: $(cat "$BENCH")"
	attached "$dev"
	# what comes before its first look it does not count
	wait_for 60 grep -q '/s' "$BENCH" || fail "xdp-bench is silent: $(cat "$BENCH")"
}

bench_attached() {
	kill -0 "$BENCH_PID" 2>/dev/null || bench_ended
	[ -n "$(program_mode "$1")" ]
}

# That of xdp-tools 1.5 wants a tracepoint which 7.3 no longer has.
bench_ended() {
	local unknown='failed to find kernel BTF type ID of'

	! grep -q "$unknown" "$BENCH" ||
		skip "xdp-bench is older than this kernel: $(grep -m 1 "$unknown" "$BENCH")"
	fail "xdp-bench ended: $(cat "$BENCH")"
}

bench_stop() {
	kill -INT "$BENCH_PID"
	wait "$BENCH_PID" || fail "xdp-bench failed: $(cat "$BENCH")"
	sed 's/^/xdp-bench: /' "$BENCH" | tail -n 8
	[ -z "$(program_mode "$IF")" ] || fail "xdp-bench left its program behind"
}

# What it says at the end: "  Packets received    : 1000"
bench_says() {
	local n

	n=$(sed -n "s/^ *$1 *: *\([0-9,]*\).*/\1/p" "$BENCH" | tail -n 1 | tr -d ,)
	info "$1: ${n:-nothing}, wanted $2"
	[ "${n:-0}" = "$2" ] || fail "xdp-bench counted ${n:-nothing}, not $2"
}

drop() {
	bench_start "$IF" drop -m "$(mode)" "$IF"
	says "$(judge count=1000 size=60-1514)" rx 1000 stack 0 back 0
	bench_stop
	bench_says 'Packets received' 1000
	bench_says 'Rx dropped' 1000
	balanced
}

# With the payload read and the addresses swapped
tx() {
	bench_start "$IF" tx -m "$(mode)" "$IF" -p swap-macs
	says "$(judge count=1000 size=60-1514 follow=1)" rx 1000 stack 0 back 1000
	bench_stop
	bench_says 'Packets received' 1000
	balanced
}

pass() {
	bench_start "$IF" pass -m "$(mode)" "$IF"
	says "$(judge count=1000 size=60-1514 follow=1)" rx 1000 stack 1000
	bench_stop
	bench_says 'Packets received' 1000
	balanced
}

port_sent() { cat "/sys/class/net/$THIRD/statistics/tx_packets"; }
port_refused() { if has_driver_counts; then driver_counts xmit_errors "$THIRD"; else echo 0; fi; }
port_has_all() { [ $(($(port_sent) - sent + $(port_refused) - refused)) -ge 1000 ]; }

# It writes the second port's address into the frames. The port has room for all of
# them, as the CPU that cleans its ring may not run for a while.
redirect() {
	local sent refused

	needs_third
	ethtool -G "$THIRD" tx 2048
	defer 'ethtool -G "$THIRD" tx 256'
	wait_for 60 has_carrier "$THIRD"
	sent=$(port_sent) refused=$(port_refused)
	bench_start "$IF" "$1" -m "$(mode)" "$IF" "$THIRD"
	says "$(judge count=1000 size=60-1514)" rx 1000 stack 0
	wait_for 20 port_has_all || {
		cat "$BENCH"
		fail "$THIRD sent $(($(port_sent) - sent)); errors $(xdp_errors)"
	}
	sent=$(($(port_sent) - sent)) refused=$(($(port_refused) - refused))
	info "$THIRD sent $sent, refused $refused"
	[ "$refused" = 0 ] || fail "$THIRD refused $refused of 1000"
	bench_stop
	bench_says 'Packets received' 1000
	balanced
}
redirect_index() { redirect redirect; }
redirect_map() { redirect redirect-map; }

# Two programs at once, by libxdp's dispatcher
dispatcher() {
	local out object=$SELFTESTS/xdp/bench.bpf.o

	defer "xdp-loader unload $IF --all >/dev/null 2>&1"
	# Kernels since 6.12 do not let it load programs that move the data
	xdp-loader load -m "$(mode)" "$IF" -n bench_pass "$object" || fail "it does not load"
	xdp-loader load -m "$(mode)" "$IF" -n bench_drop "$object"
	out=$(xdp-loader status "$IF")
	echo "$out"
	grep -q "xdp_dispatcher *$(mode)" <<<"$out"
	grep -q 'bench_pass' <<<"$out" && grep -q 'bench_drop' <<<"$out"
	attached "$IF"
	says "$(judge count=300 size=60-1514)" rx 300 stack 0
	xdp-loader unload "$IF" --all
	[ -z "$(program_mode "$IF")" ]
	balanced
}

# What the driver offers, kernels from 6.3 on say so
features() {
	local out name without

	out=$(xdp-loader features "$IF")
	without=$out
	echo "$out"
	if ! kernel_since 6.3; then
		skip "kernel $(uname -r) knows no feature flags; xdp-loader asked for them all"
	fi
	for name in BASIC REDIRECT NDO_XMIT XSK_ZEROCOPY RX_SG NDO_XMIT_SG; do
		grep -q "NETDEV_XDP_ACT_$name:.*yes" <<<"$out" || fail "$name is not offered"
	done
	grep -q "HW_OFFLOAD:.*no" <<<"$out"
	# what works only for some programs is gone with others
	attach verdict
	out=$(xdp-loader features "$IF")
	echo "$out"
	grep -q "NETDEV_XDP_ACT_BASIC:.*yes" <<<"$out"
	detach
	out=$(xdp-loader features "$IF")
	[ "$out" = "$without" ] || fail "the features after a program are others: $out"
}

# By file and section, as a person does it
ip_link() {
	ip link set dev "$IF" $HOOK object "$SELFTESTS/xdp/bench.bpf.o" program bench_drop
	attached "$IF"
	ip -d link show dev "$IF" | grep 'prog/'
	says "$(judge count=500 size=60-1514)" rx 500 stack 0
	ip link set dev "$IF" $HOOK off
	[ -z "$(program_mode "$IF")" ]
	says "$(judge count=100 size=60-1514 follow=1)" stack 100
	balanced
}

t drop "xdp-bench drop"
t tx "xdp-bench tx"
t pass "xdp-bench pass"
t redirect_index "xdp-bench redirect"
t redirect_map "xdp-bench redirect-map"
t dispatcher "xdp-loader loads two programs"
t features "xdp-loader features"
t ip_link "ip link set $HOOK object"
run
