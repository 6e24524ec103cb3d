#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# boot.sh: run a command in a guest with emulated NICs, all on one hub and on
# nothing else. "-h" prints the options.

. "$(dirname "$0")/lib.sh"

usage() {
	cat <<-USAGE
	usage: boot.sh [options] -- COMMAND...	(no COMMAND: a shell with a prompt)
	  -k KERNEL   6.1 (default), 6.12, 7.3,		-n NIC   e1000 (default), e1000-82545em,
		      with -rt: PREEMPT_RT,		         e1000-82544gc, e1000e, ...
		      with -debug: all of the kernel's checkers
	  -N COUNT    NICs, default 2
	  -m MEM      default 1G (2G with -debug)	-s SMP   default 2
	  -i          count instructions: one CPU, one nanosecond each (docs: measuring)
	  -t SECONDS  a guest that takes longer is killed; default 300
	  -o FILE     copy of the command's output	-c FILE  the console's log
	  -a ARGS     to the kernel's command line	-x ARGS  to QEMU (also \$QEMU_ARGS)
	  -l FILE     one more archive (cpio) for the guest's root
	  -B          do not build the modules first	-q       say nothing but the command's output
	  -F          for faults: QEMU's monitor on the guest's ttyS3, a bridge in front of
		      the last NIC, registers that read all ones (README.md, Faults)
	ACCEL=tcg|kvm chooses; otherwise KVM when a guest was seen to boot with it.
	exit: the command's own; 123 it left a warning in the kernel's log; 124 it was
	killed; 125 the kernel died; 1 nothing was started
	USAGE
}

kernel=${KERNEL:-6.1} nic=${NIC:-e1000} nics=2 mem='' machine=pc smp=2 icount='' limit=300 out='' append=''
extra=${QEMU_ARGS:-} build=y quiet='' console='' layer='' faults=''
while getopts k:n:N:m:s:it:o:c:a:x:l:BFqh opt; do
	case $opt in
	k) kernel=$OPTARG ;;
	n) nic=$OPTARG ;;
	N) nics=$OPTARG ;;
	m) mem=$OPTARG ;;
	s) smp=$OPTARG ;;
	i) icount=y ;;
	t) limit=$OPTARG ;;
	o) out=$OPTARG ;;
	c) console=$OPTARG ;;
	a) append=$OPTARG ;;
	x) extra="$extra $OPTARG" ;;
	l) layer=$OPTARG ;;
	B) build='' ;;
	F) faults=y ;;
	q) quiet=y ;;
	h) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
case $kernel in
*-debug)
	# Shadow memory, quarantine, records of every object. The ACPI code by which the
	# older machine says how PCI interrupts are routed runs longer there than the
	# kernel lets it.
	: "${mem:=2G}"
	machine=q35
	;;
*) : "${mem:=1G}" ;;
esac

command -v qemu-system-x86_64 >/dev/null ||
	die "qemu-system-x86_64 is missing: apt-get install qemu-system-x86"
env=$("$TOP/qemu/kernel.sh" "$kernel")
eval "$env"
root=$("$TOP/qemu/initramfs.sh" "$KVER" "$MODDIR")
modules=$("$TOP/qemu/modules.sh" ${build:+-b} -k "$kernel")

tmp=$(mktemp -d "${TMPDIR:-/tmp}/guest.XXXXXX")
qemu='' copier=''
cleanup() {
	[ -z "$qemu" ] || kill "$qemu" 2>/dev/null || :
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
: "${console:=$tmp/console}"

# The job's own small archive: init, command, modules, tests. An archive that
# follows another overwrites and adds; each starts at a multiple of four.
mkdir -p "$tmp/job/job" "$tmp/job/modules"
cp "$TOP/qemu/init" "$tmp/job/init"
cp "$TOP/qemu/checkers.sh" "$tmp/job/job/"
printf '%s\n' "$*" >"$tmp/job/job/command"
echo "INTERACTIVE=$((! $#))" >"$tmp/job/job/settings"
read -r rows cols < <(stty size 2>/dev/null | grep -v '^0' || echo 24 80)
cat >"$tmp/job/job/bashrc" <<EOT
PS1='guest:\\w# '
stty rows $rows cols $cols
echo "Our modules are in /modules, the tests in /selftests; \"exit\" ends the guest."
EOT
cp "$modules"/*.ko "$tmp/job/modules/" 2>/dev/null || :
# To boot from there: kexec wants the image as it is packed
[ -z "$faults" ] || cp "${VMLINUZ%/*}"/vmlinuz* "$tmp/job/job/vmlinuz" 2>/dev/null || :
# The tests as they are now, with the programs that were built for them.
for dir in "${modules%/out}/selftests" "$TOP/selftests"; do
	[ ! -d "$dir" ] || cp -aL "$dir" "$tmp/job/"
done
pack_cpio "$tmp/job" "$tmp/job.cpio"
cat "$root" ${layer:+"$layer"} "$tmp/job.cpio" >"$tmp/initrd"

accel() {
	if [ -n "$icount" ]; then
		smp=1
		echo "-accel tcg,thread=single -icount shift=0,sleep=off -cpu max,-erms,-fsrm"
	elif [ "$("$TOP/qemu/accel.sh" "$VMLINUZ")" = kvm ]; then
		echo "-accel kvm -cpu host"
	else
		# Without ERMS the kernel copies by words, which TCG runs faster. CPUs in
		# turn: the kernel's breakpoints (README.md) are fatal to 7.3.
		case $kernel in
		7.*) echo "-accel tcg,thread=single -cpu max,-erms,-fsrm" ;;
		*) echo "-accel tcg,thread=multi -cpu max,-erms,-fsrm" ;;
		esac
	fi
}

args=(-nodefaults -no-user-config -display none -no-reboot -M "$machine" -m "$mem")
# shellcheck disable=SC2207 # a list of words
args+=($(accel))
[ -z "$icount" ] || smp=1
args+=(-smp "$smp" -kernel "$VMLINUZ" -initrd "$tmp/initrd"
	-append "console=ttyS0 loglevel=7 panic=-1 panic_on_warn=1 oops=panic \
softlockup_panic=1 sysctl.kernel.panic_on_rcu_stall=1 random.trust_cpu=on \
${faults:+iomem=relaxed }$append"
	-serial "file:$console"
	-chardev "stdio,id=job,signal=off${out:+,logfile=$out}" -serial chardev:job
	-serial "file:$tmp/verdict")
# A guest that asks for faults speaks to QEMU's monitor itself: its fourth serial line
# is the monitor's client, on an interrupt of its own, as two on one lose some. All
# that such a guest asks for is done as this user.
bridge=
if [ -n "$faults" ]; then
	head -c 131072 /dev/zero | tr '\0' '\377' >"$tmp/ones"
	# shellcheck disable=SC2054 # QEMU's commas
	args+=(-chardev "socket,id=monitor,path=$tmp/monitor,server=on,wait=off"
		-mon chardev=monitor,mode=control
		-chardev "socket,id=asks,path=$tmp/monitor"
		-device isa-serial,chardev=asks,index=3,iobase=0x2e8,irq=7
		-object "memory-backend-file,id=ones,mem-path=$tmp/ones,size=128K,readonly=on"
		-device ivshmem-plain,memdev=ones
		-device pci-bridge,id=bridge,chassis_nr=1)
	bridge=,bus=bridge,addr=1
fi
for ((i = 0; i < nics; i++)); do
	[ $i -lt $((nics - 1)) ] || where=$bridge
	args+=(-netdev "hubport,id=port$i,hubid=0"
		-device "$nic,id=nic$i,netdev=port$i,mac=$(printf '52:54:00:00:00:%02x' $((i + 1))),romfile=${where:-}")
done
# shellcheck disable=SC2206 # a list of words
args+=($extra)

[ -n "$quiet" ] ||
	say "guest: Linux $KVER, $nics x $nic, $smp CPU, $mem, ${args[10]}${icount:+, instructions counted}"

# That the hub leads nowhere is the intention.
noise() { grep -v 'hub 0 is not connected to host network' || :; }

# Through a pipe, because QEMU makes its stdout non-blocking, for whoever else
# writes there too.
if [ $# -gt 0 ]; then
	mkfifo "$tmp/out"
	cat "$tmp/out" &
	copier=$!
	timeout -k 2 "$limit" qemu-system-x86_64 "${args[@]}" </dev/null >"$tmp/out" 2> >(noise >&2) &
	qemu=$!
	status=0
	wait "$qemu" || status=$?
	qemu=''
	wait "$copier" || :
else
	status=0
	old=$(stty -g)
	qemu-system-x86_64 "${args[@]}" 2> >(noise >&2) || status=$?
	stty "$old"
fi

tail_of_log() {
	say "--- the end of the guest's console:"
	tail -n 40 "$console" | tr -d '\r' >&2
	say "---"
}

verdict=$(tr -d '\r' <"$tmp/verdict" 2>/dev/null | tail -n 1) || :
if [ "$status" = 124 ] || [ "$status" = 137 ]; then
	tail_of_log
	say "guest: still running after $limit s, killed"
	exit 124
fi
if grep -q 'Kernel panic' "$console"; then
	tail_of_log
	say "guest: the kernel died (a WARN or a stall is enough)"
	exit 125
fi
case $verdict in
'verdict 0 clean') exit 0 ;;
'verdict 0 dirty')
	grep 'init: in the log: ' "$console" | tr -d '\r' >&2
	say "guest: the command succeeded, but the kernel's log is not clean (above)"
	exit 123
	;;
'verdict '[0-9]*)
	grep 'init: in the log: ' "$console" | tr -d '\r' >&2 || :
	set -- $verdict
	exit "$2"
	;;
*)
	tail_of_log
	say "guest: it ended without a verdict (QEMU's exit code: $status)"
	exit 125
	;;
esac
