#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# attach: programs, MTU, rings, down and up, reset, in every order; what is refused
# is refused with a reason.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../xdp_lib.sh"
T_SETUP=xdp_setup

works() {
	judge_by verdict=tx flags=$swap
	says "$(judge count=200 size="${1:-60-1514}" follow=1)" back 200
}

# A hundred changes under traffic, and not one frame is lost
often() {
	local i

	judge_by verdict=pass
	judge_start size=60-1514 follow=1
	judge_moves stack
	for i in {1..34}; do
		echo "link set dev $IF $HOOK pinned $PINS/verdict"
		echo "link set dev $IF $HOOK pinned $PINS/other"
		echo "link set dev $IF $HOOK off"
	done >"$T_DIR/batch"
	ip -force -batch "$T_DIR/batch"
	judge_moves stack
	judge_stop
	says "$OUT" stack "$(field sent "$OUT")" rx "$(field sent "$OUT")" stalls 0
	info "$(counted pass) frames by a program"
	balanced
}

down_and_up() {
	ip link set "$IF" down
	attach verdict
	ip link set "$IF" up
	wait_received
	works
	ip link set "$IF" down
	ip link set "$IF" up
	wait_received
	works
	# gone while it is down
	ip link set "$IF" down
	detach
	ip link set "$IF" up
	wait_received
	says "$(judge count=100 size=60-1514 follow=1)" stack 100
	balanced
}

# The second one is refused unless it is to replace the first
two_programs() {
	attach verdict
	refused 'exist|busy|already' ip link set dev "$IF" $HOOK pinned "$PINS/other"
	works
	# and so is one of the other mode beside it
	refused 'exist|busy|already|same time' \
		ip link set dev "$IF" "$(other_hook)" pinned "$PINS/other"
	works
	attach other
	works
	balanced
}
other_hook() { if [ $HOOK = xdpdrv ]; then echo xdpgeneric; else echo xdpdrv; fi; }

# Without fragments only frames of one buffer; the reason names the limit
without_frags() {
	local limit text

	[ "$XDP_MODE" = native ] || skip "generic mode makes one buffer of every frame"
	mtu_all 9000
	text=$(ip link set dev "$IF" $HOOK pinned "$PINS/verdict" 2>&1) && fail "accepted at MTU 9000"
	info "$text"
	grep -q 'frags' <<<"$text" || fail "the refusal does not say frags"
	limit=$(grep -oE 'MTU[^0-9]*[0-9]+' <<<"$text" | grep -oE '[0-9]+$')
	[ -n "$limit" ] || fail "the refusal names no limit"
	info "the limit is $limit"
	ip link set "$IF" mtu $((limit + 1))
	refused "$limit" ip link set dev "$IF" $HOOK pinned "$PINS/verdict"
	ip link set "$IF" mtu "$limit"
	wait_link
	attach verdict
	works 60-$((limit + 14))
	# now the MTU is what cannot change
	log_mark "mtu $limit"
	if ip link set "$IF" mtu $((limit + 1)) 2>"$T_DIR/said"; then
		fail "MTU $((limit + 1)) accepted with a program without frags"
	fi
	cat "$T_DIR/said"
	log_since "mtu $limit" | grep -iE 'mtu|frags' || fail "no reason in the log"
	works
	ip link set "$IF" mtu 1500
	wait_link
	balanced
}

# With fragments the MTU moves freely under a program
frags_and_mtu() {
	local m

	load_programs verdict_frags
	attach verdict
	for m in 9000 1500 16110 2031 1500; do
		mtu_all $m
		works 60-$((m + 14 < 9014 ? m + 14 : 9014))
	done
	attached "$IF"
}

rings() {
	local n

	attach verdict
	judge_by verdict=tx flags=$swap
	judge_start size=60-1514 stall=300
	for n in 128 4096 256; do
		judge_moves back
		ethtool -G "$IF" rx $n tx $n
		wait_link
		attached "$IF"
	done
	judge_moves back
	judge_stop
	works
	balanced
}

# Detach, attach and reset at once: neither waits for the other's end
detach_in_reset() {
	local i pid

	judge_by verdict=tx flags=$swap
	judge_start size=60-1514 either=1 stall=300
	judge_moves
	for i in 1 2 3; do
		attach verdict
		ethtool -t "$IF" offline >/dev/null 2>&1 &
		pid=$!
		sleep "0.$i"
		detach
		attach other
		detach
		wait $pid || :
		wait_link
		judge_moves stack
	done
	judge_stop
	attach verdict
	works
	balanced
}

# The program goes with the interface
unbound() {
	[ -z "$CABLED" ] || skip "it would take the interface from its owner"
	attach verdict
	judge_by verdict=tx flags=$swap
	judge_start size=60-1514 stall=300
	judge_moves back
	echo "$PCI_A" >"/sys/bus/pci/drivers/$DRIVER/unbind"
	kill -9 "$JUDGE_PID"
	echo "$PCI_A" >/sys/bus/pci/drivers_probe
	wait_for 30 ends_exist
	rm -f "$T_DIR/xdp"
	xdp_setup
	[ -z "$(program_mode "$IF")" ] || fail "the new interface has a program"
	attach verdict
	works
	balanced
}

t often "100 changes of programs under traffic"
t down_and_up "a program on an interface that is down"
t two_programs "two programs"
t without_frags "a program without frags and large MTUs"
t frags_and_mtu "the MTU changes under a program with frags"
t rings "the rings change under a program"
t detach_in_reset "programs change during resets"
t unbound "unbind with a program under traffic"
run
