#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# initramfs.sh KVER MODDIR: print the path of the guest's root as one cpio:
# Debian's tools with their libraries, and the in-tree modules that networking
# needs. Made once per list below and kernel; each boot appends its own small
# cpio with the job. Nothing in it comes from the host.

. "$(dirname "$0")/lib.sh"

suite=bookworm
packages='bash coreutils diffutils util-linux busybox-static kmod iproute2 ethtool
	iperf3 iputils-ping tcpdump socat procps bpftool trace-cmd'
programs='bash ls cat cp mv rm mkdir mktemp ln chmod date dd head tail wc cut tr sort
	uniq od seq tee stat sync sleep timeout env printf sha256sum md5sum cmp diff
	truncate nproc stty basename dirname realpath readlink true false touch stdbuf
	taskset unshare nsenter setsid dmesg flock lsblk
	kmod busybox ip ss tc bridge ethtool iperf3 ping tcpdump socat ps pgrep pkill
	sysctl bpftool trace-cmd'
# Clients of XDP that bookworm has too old: xdp-bench is not in it, xdp-loader has no
# "features". They bring their own libc, in a folder of its own.
later=trixie
later_packages='xdp-tools'
later_programs='xdp-bench xdp-loader'
# Below kernel/ of the in-tree modules.
modules='fs/configfs net/core net/8021q net/802 net/bridge net/ipv4 net/ipv6 net/key net/llc
	net/netlink net/packet net/psample net/sched net/tls net/unix net/netfilter
	net/xfrm
	drivers/net/*.ko* drivers/net/bonding drivers/net/team
	drivers/net/ethernet/intel/e1000 drivers/net/ethernet/intel/e1000e
	drivers/ptp drivers/pps lib crypto arch/x86/crypto'

kver=$1 moddir=$2
# Not by way of lib64, where it is an absolute link, into the host.
loader=usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
key=$(printf '%s\n' "$suite" "$packages" "$programs" "$loader" \
	"$later" "$later_packages" "$later_programs" libstdbuf | sha256sum | cut -c1-12)
tools=$CACHE/initramfs/tools-$key
all=$CACHE/initramfs/$kver-$(printf '%s\n' "$key" "$modules" "$moddir" |
	cat - "$0" | sha256sum | cut -c1-12).cpio

make_tools() {
	if [ -d "$tools" ]; then
		return
	fi
	say "fetching the guest's tools (iproute2, ethtool, iperf3, tcpdump, xdp-tools, ...; 70 MB)"
	rm -rf "$tools.new"
	unpack_closure "$suite" "$packages" "$tools.full"
	copy_programs "$tools.full" "$tools.new" "$programs"
	add_links "$tools.new"
	unpack_closure "$later" "$later_packages" "$tools.full"
	copy_programs "$tools.full" "$tools.new/opt/$later" "$later_programs"
	add_later "$tools.full" "$tools.new"
	rm -rf "$tools.full"
	mv "$tools.new" "$tools"
}

# copy_programs FROM TO PROGRAMS: with their libraries. Which ones, the unpacked
# loader is asked itself, so that neither chroot nor root is needed.
copy_programs() {
	local from=$1 to=$2 programs=$3 prog path lib

	mkdir -p "$to"/usr/{bin,sbin,lib,lib64}
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$to"
	for prog in $programs; do
		for path in usr/bin usr/sbin; do
			[ ! -e "$from/$path/$prog" ] || break
		done
		[ -e "$from/$path/$prog" ] || die "no package that was asked for has the program $prog"
		cp -L "$from/$path/$prog" "$to/usr/bin/"
		libs_of "$from" "$path/$prog"
	done >"$to/libs"
	# Loaded by name, so no program asks for them.
	(cd "$from" && find usr/lib/x86_64-linux-gnu/libgcc_s.so.1 \
		usr/libexec/coreutils -name '*.so*' 2>/dev/null || :) >>"$to/libs"
	sort -u "$to/libs" | while read -r lib; do
		mkdir -p "$to/${lib%/*}"
		cp -L "$from/$lib" "$to/$lib"
	done
	rm "$to/libs"
	cp "$from/$loader" "$to/usr/lib64/"
}

add_links() {
	local prog

	ln -s bash "$1/usr/bin/sh"
	for prog in modprobe insmod rmmod lsmod modinfo depmod; do
		ln -s kmod "$1/usr/bin/$prog"
	done
	ln -s /usr/bin/modprobe "$1/usr/sbin/modprobe"	# where the kernel looks
}

# Their own loader runs them with their own libraries; libxdp's BPF programs
# have a fixed place.
add_later() {
	local from=$1 to=$2 prog

	for prog in $later_programs; do
		cat >"$to/usr/bin/$prog" <<-SH
			#!/bin/sh
			root=/opt/$later
			exec \$root/$loader --argv0 $prog \\
				--library-path \$root/usr/lib/x86_64-linux-gnu \$root/usr/bin/$prog "\$@"
		SH
		chmod 755 "$to/usr/bin/$prog"
	done
	cp -r "$from/usr/lib/x86_64-linux-gnu/bpf" "$to/usr/lib/x86_64-linux-gnu/"
}

libs_of() {
	local ld=$1/$loader

	"$ld" --verify "$1/$2" || return 0	# a static program has none
	"$ld" --inhibit-cache --library-path "$1/usr/lib/x86_64-linux-gnu" --list "$1/$2" |
		sed -n "s|.*=> $1/\([^ ]*\) .*|\1|p"
}

copy_modules() {
	local dir

	(
		cd "$moddir/kernel"
		# shellcheck disable=SC2086 # patterns of folders
		for dir in $modules; do
			[ ! -e "$dir" ] || find "$dir" -name '*.ko*'
		done | cpio -pdmL --quiet "$1/kernel"
	)
	cp "$moddir"/modules.{order,builtin,builtin.modinfo} "$1/"
}

make_all() {
	local root=$all.root

	if [ -f "$all" ]; then
		return
	fi
	say "making the guest's root for $kver"
	rm -rf "$root"
	mkdir -p "$root/usr/lib/modules/$kver/kernel"
	cp -a "$tools/." "$root/"
	copy_modules "$root/usr/lib/modules/$kver"
	"$tools/lib64/ld-linux-x86-64.so.2" --argv0 depmod \
		--library-path "$tools/usr/lib/x86_64-linux-gnu" \
		"$tools/usr/bin/kmod" -b "$root/usr" "$kver"
	mkdir -p "$root"/{dev,proc,sys,run,tmp,root,etc,var/run,modules}
	echo 'root:x:0:0:root:/root:/bin/bash
tcpdump:x:100:100::/:/bin/false' >"$root/etc/passwd"
	echo 'root:x:0:
tcpdump:x:100:' >"$root/etc/group"
	echo '127.0.0.1 localhost guest' >"$root/etc/hosts"
	ln -s /proc/self/mounts "$root/etc/mtab"
	pack_cpio "$root" "$all.new"
	rm -rf "$root"
	mv "$all.new" "$all"
}

mkdir -p "$CACHE/initramfs"
with_lock "tools-$key" make_tools
with_lock "initramfs-$kver" make_all
echo "$all"
