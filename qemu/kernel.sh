#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# kernel.sh VERSION (6.1, 6.12, 7.3; with -rt: PREEMPT_RT): fetch Debian's image and
# headers, unpack them below the cache, print KVER= VMLINUZ= MODDIR= KDIR= KCC= KROOT=
# for eval. With -debug: built from source (debugkernel.sh). Nothing is installed on the
# host. The newest version is asked for once a week.
# VMLINUZ is the kernel to boot: uncompressed if possible, because an emulated
# CPU takes three seconds to uncompress it.

. "$(dirname "$0")/lib.sh"

want=${1:-6.1}
host=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

# libc_is VERSION: or newer
libc_is() {
	printf '%s\n' "$1" "$(getconf GNU_LIBC_VERSION | cut -d ' ' -f 2)" | sort -CV
}

# KCC built that kernel. The headers' build tools are programs: they need a libc at
# least as new as the suite's. KROOT is the suite to build in (buildroot.sh) where the
# host's is older.
root_suite=''
case ${want%-*} in
6.1) suite=bookworm cc=gcc-12 ;;
6.12)
	case $host in
	bookworm) suite=bookworm-backports cc=gcc-12 ;;
	*) suite=trixie cc=gcc-14 ;;
	esac
	;;
7.3)
	suite=trixie-backports cc=gcc-14
	libc_is 2.41 || root_suite=trixie
	;;
*) die "no kernel '$want' is known; use KERNEL=6.1, 6.12 or 7.3, or one of them with -rt or -debug" ;;
esac
case $want in
*-rt) flavour=rt-amd64 ;;
*-debug) flavour='' root_suite='' ;;	# the host's own compiler builds it
*-*) die "no kernel '$want' is known: -rt and -debug are" ;;
*) flavour=amd64 ;;
esac

env=$CACHE/kernel/$want-$suite.env

# newest PACKAGE: what the metapackage of that name depends on.
newest() {
	apt_in "$suite" apt-cache -o APT::Default-Release="$suite*" \
		depends "$1-$flavour" 2>/dev/null |
		sed -n "s/^ *Depends: \($1-[0-9].*-$flavour\)$/\1/p" | sort -V | tail -n 1
}

# The packages refer to /usr/src; here they live below $1.
unpack() {
	local root=$1 deb

	rm -rf "$root.new"
	mkdir -p "$root.new"
	shift
	for deb; do
		deb_unpack "$deb" "$root.new"
	done
	sed -i "s|/usr/src/|$root/usr/src/|" "$root.new"/usr/src/linux-headers-*-amd64/Makefile
	# Only for BTF, which would need pahole and which nothing here reads.
	rm -f "$root.new"/usr/src/linux-headers-*-amd64/vmlinux
	rm -rf "$root"
	mv "$root.new" "$root"
}

# uint FILE OFFSET BYTES: of the boot protocol's header, little endian.
uint() { od -An -v "-tu$3" "-j$(($2))" "-N$3" "$1" | tr -d ' '; }

# QEMU enters an ELF kernel by its PVH note. The payload's place is in the
# header; its last four bytes are a length that the decompressors do not know.
uncompressed() {
	local zimage=$1 image=${1%/*}/vmlinux skip size magic unpack

	skip=$((($(uint "$zimage" 0x1f1 1) + 1) * 512 + $(uint "$zimage" 0x248 4)))
	size=$(($(uint "$zimage" 0x24c 4) - 4))
	magic=$(od -An -tx1 "-j$skip" -N4 "$zimage" | tr -d ' ')
	case $magic in
	fd377a58) unpack='xz -dc' ;;
	28b52ffd) unpack='zstd -dcq' ;;
	*) unpack=false ;;
	esac
	if head -c "$((skip + size))" "$zimage" | tail -c "$size" | $unpack >"$image" 2>/dev/null; then
		echo "$image"
	else
		echo "$zimage"
	fi
}

make_env() {
	local image kver root moddir debs=()

	if [ -n "$(find "$env" -mtime -7 2>/dev/null)" ] &&
	   [ -f "$(. "$env" && echo "$VMLINUZ")" ]; then
		return
	fi
	if ! apt_update "$suite"; then
		[ -f "$env" ] || exit 1
		say "going on with the kernel that the cache has"
		return
	fi
	image=$(newest linux-image)
	[ -n "$image" ] || die "$MIRROR has no linux-image-$flavour for $suite"
	kver=${image#linux-image-}
	root=$CACHE/kernel/$kver
	if [ ! -d "$root" ]; then
		say "fetching and unpacking Debian's kernel $kver and its headers ($suite, 85 to 140 MB)"
		# shellcheck disable=SC2046 # a list of names
		fetch_debs "$suite" "$image" $(parts_of "$image" "$kver") "linux-headers-$kver" \
			"$(headers_common "$kver")" "$(kbuild_of "$kver")"
		unpack "$root" "${debs[@]}"
		rm -f "${debs[@]}"
	fi
	moddir=$root$(moddir_in "$root" "$kver")
	image=$(uncompressed "$(zimage_in "$root" "$moddir" "$kver")")
	cat >"$env.new" <<-ENV
		KVER=$kver
		VMLINUZ='$image'
		MODDIR='$moddir'
		KDIR='$root/usr/src/linux-headers-$kver'
		KCC=$cc
		KROOT=$root_suite
	ENV
	mv "$env.new" "$env"
}

# Debian puts modules in /lib or, merged, in /usr/lib.
moddir_in() {
	if [ -d "$1/usr/lib/modules/$2" ]; then
		echo "/usr/lib/modules/$2"
	else
		echo "/lib/modules/$2"
	fi
}

# The image is in /boot or, in newer suites, beside the modules.
zimage_in() {
	if [ -e "$2/vmlinuz" ]; then
		echo "$2/vmlinuz"
	else
		echo "$1/boot/vmlinuz-$3"
	fi
}

depends_of() {
	apt_in "$suite" apt-cache depends "$1" |
		sed -n 's/^ *Depends: //p'
}
# Newer suites split the image: linux-base-, linux-binary-, linux-modules-.
parts_of() { depends_of "$1" | grep -xF "$(printf "linux-%s-$2\n" base binary modules)" || :; }
headers_common() { depends_of "linux-headers-$1" | grep -e '-common' | head -n 1; }
kbuild_of() { depends_of "linux-headers-$1" | grep '^linux-kbuild-' | head -n 1; }

[ -n "$flavour" ] || . "$TOP/qemu/debugkernel.sh"	# another make_env

mkdir -p "$CACHE/kernel"
with_lock "kernel-$want" make_env
cat "$env"
