# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests that have the kernel's allocations fail share. Sourced after lib.sh,
# not run. It needs a kernel with fault injection, which Debian's are not; a guest's
# debug kernel is (qemu/boot.sh -k 6.12-debug).

NTH=$SELFTESTS/net/nth
INJECT=/sys/kernel/debug

needs_injection() {
	[ -w /proc/self/fail-nth ] && [ -d $INJECT/failslab ] && [ -d $INJECT/fail_page_alloc ] ||
		skip "this kernel has no fault injection; a debug kernel has (qemu/boot.sh -k 6.12-debug)"
}

# inject NAME VALUE: for slab objects and for pages
inject() {
	local kind

	for kind in failslab fail_page_alloc; do
		[ ! -e "$INJECT/$kind/$1" ] || echo "$2" >"$INJECT/$kind/$1"
	done
}

# inject_where all|modules: allocations anywhere, or those with a module on the stack,
# ours being the only ones that do something meanwhile. Modules have a place of their
# own in the address space (Documentation/arch/x86/x86_64/mm.rst).
inject_where() {
	case $1 in
	all) inject require-start 0; inject require-end 0xffffffffffffffff ;;
	modules) inject require-start 0xffffffffa0000000; inject require-end 0xffffffffff000000 ;;
	esac
}

inject_begin() {
	needs_injection
	# What the kernel says from here on is looked at here and not in the end
	if [ ! -e "$T_DIR/injected" ]; then
		! log_trouble suite || fail "the kernel's log had that before"
	fi
	dmesg -C
	dmesg -n 1
	: >"$T_DIR/injected"
	inject probability 0
	inject times -1
	inject interval 1
	inject space 0
	inject min-order 0
	inject ignore-gfp-wait N
	inject stacktrace-depth 32
	inject verbose 2
	inject_where "$1"
	defer inject_end
}

inject_end() {
	inject probability 0
	inject verbose 0
	inject_where all
	dmesg -n 7
}

# The kernel's log without the stacks of what was made to fail
uninjected() {
	awk '/FAULT_INJECTION: forcing a failure/ { inside = 1 }
	     !inside
	     /<\/TASK>/ { inside = 0 }' "$1"
}

inject_clean() {
	if uninjected "$T_DIR/injected" | grep -E "$LOG_TROUBLE"; then
		fail "the kernel's log has the lines above"
	fi
	dmesg -C
}

# Where allocations failed: how many different stacks, and the functions of our modules
# nearest to them
inject_report() {
	local stacks places

	read -r stacks places < <(awk '
		function flush() {
			if (stack != "" && !(stack in seen)) { seen[stack] = 1; n++ }
			if (place != "") places[place]++
			stack = place = ""
		}
		/FAULT_INJECTION: forcing a failure/ { flush(); inside = 1 }
		inside && /\+0x[0-9a-f]+\/0x/ && !/ \? / {
			match($0, /[A-Za-z0-9_.]+\+0x[0-9a-f]+/)
			frame = substr($0, RSTART, RLENGTH)
			stack = stack " " frame
			if (place == "" && /\[(ndis|e1000_nbl|ndis_[a-z_]*)\]/) {
				sub(/\+.*/, "", frame)
				place = frame
			}
		}
		/<\/TASK>/ { flush(); inside = 0 }
		END {
			flush()
			printf "%d", n
			for (p in places) printf " %s", p
			printf "\n"
		}' "$T_DIR/injected")
	info "$1: $2, $stacks different stacks"
	[ -z "$places" ] || info "  nearest of ours: $(tr ' ' '\n' <<<"$places" | sort | paste -sd' ')"
}

# nth WHAT OPERATION ARGS...: each allocation of the operation fails in turn; what nth
# says is in NTH_SAYS
nth() {
	local what=$1
	shift

	[ -x "$NTH" ] || fail "$NTH is not built (make -C selftests/net)"
	: >"$T_DIR/injected"
	NTH_SAYS=$("$NTH" -l "$T_DIR/injected" "$@") || fail "$what: see above"
	inject_report "$what" "$NTH_SAYS"
	inject_clean
	[[ $NTH_SAYS != failures=0\ * ]] || fail "$what: nothing is allocated, so nothing was tested"
}
