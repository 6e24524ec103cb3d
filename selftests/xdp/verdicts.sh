#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # the cases are called by name
# verdicts: every verdict, for frames of 60, 1514 and 9014 bytes, while programs
# are attached, replaced and detached, and while the device is reset. What comes
# out has the bytes that the program made of it.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../xdp_lib.sh"
T_SETUP=xdp_setup

# the program takes 8 bytes off the head and 4 off the tail, and adds metadata
head=8 tail=-4 meta=8

prepare() {	# prepare VERDICT SIZE
	local flags=0

	prepare_for "$2"
	case $1 in
	tx) flags=$swap ;;
	redirect) flags=$swap; redirect_to_third ;;
	esac
	LIVE=$(live)
	judge_by verdict="$1" head=$head tail=$tail meta=$meta flags=$flags
}

# Before 6.3 the kernel refuses to redirect frames of several buffers: they are
# the driver's to drop and to count.
frags_refused() {	# frags_refused VERDICT SIZE
	[ "$1" = redirect ] && [ "$2" -gt 1514 ] && [ "$XDP_MODE" = native ] &&
		! kernel_since 6.3
}

# where frames of VERDICT are found
place_of() {	# place_of VERDICT SIZE
	case $1 in
	tx | redirect) if frags_refused "$@"; then echo sent; else echo back; fi ;;
	pass) echo stack ;;
	*) echo sent ;;
	esac
}

# The driver counts what the program counted
driver_agrees() {	# driver_agrees VERDICT BEFORE
	local now

	has_driver_counts || return 0
	now=$(driver_counts "$1")
	info "driver: $1 +$((now - $2)), program: $(counted "$1"), errors: $(xdp_errors)"
	[ $((now - $2)) = "$(counted "$1")" ] || fail "driver and program do not agree"
}

# Programs come, change and go: every frame is found, or was counted as dropped
attach_under_traffic() {	# attach_under_traffic VERDICT SIZE
	local i n before follow

	prepare "$@"
	before=$(driver_counts "$1")
	follow=1
	[ "$(place_of "$@")" != sent ] || follow=0
	judge_start size="$2" head=$head tail=$tail either=1 follow=$follow
	judge_moves stack
	for i in 1 2 3; do
		attach verdict
		judge_moves "$(place_of "$@")"
		attach other
		judge_moves "$(place_of "$@")"
		detach
		judge_moves stack
	done
	judge_stop
	n=$(counted "$1")
	info "the program's share: $n frames, refused $(counted refused), errors $(xdp_errors)"
	[ "$n" -ge 300 ] || fail "the program saw $n frames"
	says "$OUT" wrong 0 twice 0 stalls 0 rx "$(field sent "$OUT")"
	case $1 in
	pass) says "$OUT" stack "$(field sent "$OUT")" ;;
	tx | redirect)
		says "$OUT" stack $(($(field sent "$OUT") - n))
		if frags_refused "$@"; then
			[ "$(driver_counts redirect_errors)" -ge "$n" ]
		else
			says "$OUT" back "$n"
		fi
		;;
	*) says "$OUT" stack $(($(field sent "$OUT") - n)) back 0 ;;
	esac
	[ "$(counted refused)" = 0 ]
	driver_agrees "$1" "$before"
	balanced
}

# A reset may lose what is under way, and nothing else
reset_under_traffic() {	# reset_under_traffic VERDICT SIZE
	local i n before

	prepare "$@"
	attach verdict
	before=$(driver_counts "$1")
	judge_start size="$2" head=$head tail=$tail stall=300
	for i in 1 2; do
		judge_moves "$(place_of "$@")"
		reset_device
		wait_link
	done
	judge_moves "$(place_of "$@")"
	# what the model keeps for a second would come when the judge has gone
	wait_for 30 counted_beyond "$1" "$(counted "$1")" ||
		fail "the program sees no frames after a reset"
	judge_stop
	n=$(counted "$1")
	says "$OUT" wrong 0 twice 0 rx "$n"
	case $1 in
	pass) says "$OUT" stack "$n" ;;
	tx | redirect)
		[ "$(field back "$OUT")" -le "$n" ]
		says "$OUT" stack 0
		;;
	*) says "$OUT" stack 0 back 0 ;;
	esac
	driver_agrees "$1" "$before"
	# and afterwards none is lost
	OUT=$(judge count=300 size="$2" head=$head tail=$tail)
	says "$OUT" sent 300 rx 300
	[ "$(place_of "$@")" = sent ] || says "$OUT" "$(place_of "$@")" 300
	balanced
}

counted_beyond() { [ "$(counted "$1")" -gt "$2" ]; }

# The self-test takes the device away and gives it back, as a reset does
reset_device() { ethtool -t "$IF" offline >/dev/null || :; }

for size in ${SIZES:-60 1514 9014}; do
	for verdict in ${VERDICTS:-pass drop aborted tx redirect}; do
		for event in attach reset; do
			name=${event}_${verdict}_$size
			eval "$name() { ${event}_under_traffic $verdict $size; }"
			if [ $event = attach ]; then text="programs come and go"; else text="resets"; fi
			t "$name" "XDP_${verdict^^}, $size bytes, $text under traffic"
		done
	done
done
run
