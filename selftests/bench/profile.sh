#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# profile.sh: where the instructions of one packet go, by function, from QEMU's log
# of every block that the guest executed. "-h" prints the options.

. "$(dirname "$0")/../../qemu/lib.sh"

usage() {
	cat <<-USAGE
	usage: profile.sh [options] ROW	ROW: tx60 rx60 drop60 back60 redirect60
					xsk60, or another size;
					stream: TCP, DRIVER sends, ours receives
	  -d DRIVER	e1000_nbl (default) or e1000
	  -a FUNCTION	its instructions, how often each ran per packet, instead
	  -n LINES	functions to print, default 40
	  -k KERNEL	6.1 (default), 6.12, 7.3, with -rt: PREEMPT_RT
	usage: profile.sh -r DIR [-k KERNEL] ROW:DRIVER...
	  all functions and whose they are, for a program: DIR/ROW-DRIVER.profile;
	  rows of tx first
	USAGE
}

driver=e1000_nbl annotate='' lines=40 raw='' kernel=${KERNEL:-6.1}
while getopts d:a:n:r:k:h opt; do
	case $opt in
	d) driver=$OPTARG ;;
	a) annotate=$OPTARG ;;
	n) lines=$OPTARG ;;
	r) raw=$OPTARG ;;
	k) kernel=$OPTARG ;;
	h) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ -n "$raw" ] || set -- "${1:-}:$driver"

# What is called once per packet, and is in every profile of this row
once_per_packet() {	# ROW:DRIVER
	case $1 in
	tx[0-9]*:e1000_nbl) echo '^enbl_xmit$' ;;
	tx[0-9]*:e1000) echo '^e1000_xmit_frame$' ;;
	rx[0-9]*:e1000 | rx[0-9]*:e1000_nbl) echo '^ip_rcv_core' ;;	# by GRO or past it
	stream:e1000*) echo '^tcp4_gro_receive$' ;;	# a segment; few are acknowledgements
	drop[0-9]*:e1000* | back[0-9]*:e1000* | redirect[0-9]*:e1000* | xsk[0-9]*:e1000*)
		echo '^bpf_prog_.*_bench_'	# the generator is in it, too
		;;
	*) usage >&2; return 2 ;;
	esac
}
for what; do
	once_per_packet "$what" >/dev/null || exit 2
done

log_mb=200	# some thousand packets
tmp=$(mktemp -d)
guest=''
trap '[ -z "$guest" ] || kill "$guest" 2>/dev/null; rm -rf "$tmp"' EXIT
mkfifo "$tmp/mon.in" "$tmp/mon.out"
[ -z "$raw" ] || raw=$(cd "$raw" && pwd)
cd "$TOP" || exit 1

monitor() { printf '%s\n' "$*" >&3; }

# watch ROW:DRIVER: log the guest while it runs that
watch() {
	local i

	say "waiting until ${1%:*} runs over ${1#*:} ..."
	monitor cont
	for ((i = 0; i < 3000; i++)); do
		! grep -q "^profile: running $1" "$tmp/out" || break
		kill -0 "$guest" 2>/dev/null || die "the guest ended: $(tail -n 5 "$tmp/err")"
		sleep 0.1
	done
	sleep 0.3
	# One block of code at a time, so that each run of it is logged. Without chaining
	# all are translated again, so that each is in the log with its instructions, too.
	monitor logfile "$tmp/log"
	monitor log in_asm,exec,nochain
	for ((i = 0; i < 600; i++)); do
		[ "$(stat -c %s "$tmp/log" 2>/dev/null || echo 0)" -lt $((log_mb << 20)) ] || break
		sleep 0.1
	done
	monitor log none
	monitor stop	# or it runs on while this row is added up
	monitor logfile "$tmp/unused"
	! grep -q "^profile: done $1" "$tmp/out" || die "$1 was over before there was enough of it"
}

# add_up ROW:DRIVER: log and symbols -> profile. Blocks that were translated for an
# earlier row are not in this one's log.
add_up() {
	grep -v '^Trace' "$tmp/log" >>"$tmp/blocks" || :
	grep '^Trace' "$tmp/log" >"$tmp/ran" || :
	rm "$tmp/log"
	awk '$1 == "profile:" { on = $2 == "symbols"; next } on && $2 ~ /^[tTwW]$/ { print $1, $3, $4 }' \
		"$tmp/out" | sort -u >"$tmp/symbols"
	[ -s "$tmp/symbols" ] || die "the guest printed no symbols"
	awk -v per="$(once_per_packet "$1")" -v annotate="$annotate" -f selftests/bench/profile.awk \
		"$tmp/symbols" "$tmp/blocks" "$tmp/ran" >"$tmp/profile"
	[ -s "$tmp/profile" ] || die "no call of $(once_per_packet "$1") was seen"
}

step "building the modules" qemu/modules.sh -b -k "$kernel"
QEMU_ARGS="-chardev pipe,id=mon,path=$tmp/mon -mon chardev=mon" \
	qemu/boot.sh -q -B -k "$kernel" -i -N 6 -t 900 -a nokaslr -c "$tmp/console" -- \
	"bash /selftests/bench/guest.sh profile $*" >"$tmp/out" 2>"$tmp/err" &
guest=$!
cat "$tmp/mon.out" >/dev/null &
exec 3<>"$tmp/mon.in"
for what; do
	watch "$what"
	[ "$what" != "${!#}" ] || monitor quit
	add_up "$what"
	[ -n "$raw" ] || continue
	{
		sed -n "1s/.*over \\([0-9]*\\) packets/${what%:*} ${what#*:} \\1/p" "$tmp/profile"
		tail -n +2 "$tmp/profile" | awk '{ print $1, $2, $4 ? $4 : "-", $3 }' | sort -k1,1nr
	} >"$raw/${what/:/-}.profile"
done
wait "$guest" || :
guest=''
[ -z "$raw" ] || exit 0
if [ -n "$annotate" ]; then
	sort -k1,1 "$tmp/profile" | cut -d' ' -f2-
	exit
fi
head -n 1 "$tmp/profile"
printf '%12s %8s  %s\n' "instructions" "calls" "function"
tail -n +2 "$tmp/profile" | sort -k1,1nr | head -n "$lines"
