#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# kernel.sh VERSION (6.1, 6.12): fetch Debian's image and headers, unpack them
# below the cache, print KVER= VMLINUZ= MODDIR= KDIR= KCC= for eval. Nothing is
# installed on the host. The newest version is asked for once a week.
# VMLINUZ is the kernel to boot: uncompressed if possible, because an emulated
# CPU takes three seconds to uncompress it.

. "$(dirname "$0")/lib.sh"

want=${1:-6.1}
host=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

# The headers' build tools are programs: they need a libc at least as new as the
# suite's, so a suite is never newer than the host. KCC built that kernel.
case $want in
6.1) suite=bookworm cc=gcc-12 ;;
6.12)
	case $host in
	bookworm) suite=bookworm-backports cc=gcc-12 ;;
	*) suite=trixie cc=gcc-14 ;;
	esac
	;;
7.3) die "KERNEL=7.3 is not supported yet: its build tools need a trixie root; use KERNEL=6.1 or 6.12" ;;
*) die "no kernel '$want' is known; use KERNEL=6.1 or 6.12" ;;
esac

env=$CACHE/kernel/$want-$suite.env

# newest PACKAGE: what the metapackage of that name depends on.
newest() {
	apt_in "$suite" apt-cache -o APT::Default-Release="$suite*" \
		depends "$1-amd64" 2>/dev/null |
		sed -n "s/^ *Depends: \($1-[0-9].*-amd64\)$/\1/p" | sort -V | tail -n 1
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
	local image kver root debs=()

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
	[ -n "$image" ] || die "$MIRROR has no linux-image-amd64 for $suite"
	kver=${image#linux-image-}
	root=$CACHE/kernel/$kver
	if [ ! -d "$root" ]; then
		say "fetching and unpacking Debian's kernel $kver and its headers ($suite, 85 MB)"
		fetch_debs "$suite" "$image" "linux-headers-$kver" \
			"$(headers_common "$kver")" "$(kbuild_of "$kver")"
		unpack "$root" "${debs[@]}"
		rm -f "${debs[@]}"
	fi
	cat >"$env.new" <<-ENV
		KVER=$kver
		VMLINUZ='$(uncompressed "$root/boot/vmlinuz-$kver")'
		MODDIR='$root$(moddir_in "$root" "$kver")'
		KDIR='$root/usr/src/linux-headers-$kver'
		KCC=$cc
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

depends_of() {
	apt_in "$suite" apt-cache depends "$1" |
		sed -n 's/^ *Depends: //p'
}
headers_common() { depends_of "linux-headers-$1" | grep -e '-common' | head -n 1; }
kbuild_of() { depends_of "linux-headers-$1" | grep '^linux-kbuild-' | head -n 1; }

mkdir -p "$CACHE/kernel"
with_lock "kernel-$want" make_env
cat "$env"
