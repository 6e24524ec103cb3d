#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# profile.sh: where the instructions of one packet go, by function, from QEMU's log
# of every block that the guest executed. "-h" prints the options.

. "$(dirname "$0")/../../qemu/lib.sh"

usage() {
	cat <<-USAGE
	usage: profile.sh [options] ROW	ROW: tx60 rx60 drop60 back60 redirect60
					xsk60, or another size
	  -d DRIVER	e1000_nbl (default) or e1000
	  -a FUNCTION	its instructions, how often each ran per packet, instead
	  -n LINES	functions to print, default 40
	  -k KERNEL	6.1 (default) or 6.12
	USAGE
}

driver=e1000_nbl annotate='' lines=40 kernel=${KERNEL:-6.1}
while getopts d:a:n:k:h opt; do
	case $opt in
	d) driver=$OPTARG ;;
	a) annotate=$OPTARG ;;
	n) lines=$OPTARG ;;
	k) kernel=$OPTARG ;;
	h) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
row=${1:-}
# What is called once per packet, and is in every profile of this row
case $row-$driver in
tx[0-9]*-e1000_nbl) per='^enbl_xmit$' ;;
tx[0-9]*-e1000) per='^e1000_xmit_frame$' ;;
rx[0-9]*-e1000 | rx[0-9]*-e1000_nbl) per='^eth_type_trans$' ;;
drop[0-9]*-e1000* | back[0-9]*-e1000* | redirect[0-9]*-e1000* | xsk[0-9]*-e1000*)
	per='^bpf_prog_.*_bench_'	# the generator is in it, too
	;;
*) usage >&2; exit 2 ;;
esac

tmp=$(mktemp -d)
guest=''
trap '[ -z "$guest" ] || kill "$guest" 2>/dev/null; rm -rf "$tmp"' EXIT
mkfifo "$tmp/mon.in" "$tmp/mon.out"
cd "$TOP" || exit 1

monitor() { printf '%s\n' "$*" >&3; }

step "building the modules" qemu/modules.sh -b -k "$kernel"
# One block of code at a time, so that each run of it is logged
QEMU_ARGS="-d in_asm -D $tmp/log -chardev pipe,id=mon,path=$tmp/mon -mon chardev=mon" \
	qemu/boot.sh -q -B -k "$kernel" -i -N 6 -t 300 -a nokaslr -c "$tmp/console" -- \
	"bash /selftests/bench/guest.sh profile $row $driver" >"$tmp/out" 2>"$tmp/err" &
guest=$!
cat "$tmp/mon.out" >/dev/null &
exec 3<>"$tmp/mon.in"

say "booting, until $row runs over $driver ..."
for ((i = 0; i < 1200; i++)); do
	! grep -q '^profile: running' "$tmp/out" || break
	kill -0 "$guest" 2>/dev/null || die "the guest ended: $(tail -n 5 "$tmp/err")"
	sleep 0.1
done
sleep 1
monitor log in_asm,exec,nochain
sleep 2
monitor log none
monitor quit
wait "$guest" || :
guest=''

awk '$1 == "profile:" { on = $2 == "symbols"; next } on && $2 ~ /^[tTwW]$/ { print $1, $3 }' \
	"$tmp/out" | sort >"$tmp/symbols"
[ -s "$tmp/symbols" ] || die "the guest printed no symbols"
awk -v per="$per" -v annotate="$annotate" -f selftests/bench/profile.awk \
	"$tmp/symbols" "$tmp/log" >"$tmp/profile"
[ -s "$tmp/profile" ] || die "no call of $per was seen"
if [ -n "$annotate" ]; then
	sort -k1,1 "$tmp/profile" | cut -d' ' -f2-
	exit
fi
head -n 1 "$tmp/profile"
printf '%12s %8s  %s\n' "instructions" "calls" "function"
tail -n +2 "$tmp/profile" | sort -k1,1nr | head -n "$lines"
