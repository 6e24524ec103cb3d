#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# buildroot.sh SUITE COMMAND...: run a command with the compiler, the tools and the
# libc of another Debian suite, unpacked below the cache. It sees this source tree and
# the cache in their places, /proc (objtool reads it) and /dev; nothing else of the
# host. The mounts are its own and end with it, so no folder is ever left mounted.

. "$(dirname "$0")/lib.sh"

suite=$1
shift
packages='gcc-14 make pahole perl-base libelf1t64 libssl3t64 zlib1g
	bash dash coreutils findutils grep sed mawk gzip xz-utils util-linux'
key=$(printf '%s\n' "$suite" "$packages" | sha256sum | cut -c1-12)
root=$CACHE/buildroot/$suite-$key

make_root() {
	if [ -d "$root" ]; then
		return
	fi
	say "fetching the compiler and tools of $suite (60 MB)"
	unpack_closure "$suite" "$packages" "$root.new"
	# What a package's own scripts would do, and all that a build notices
	ln -s mawk "$root.new/usr/bin/awk"
	[ -e "$root.new/usr/bin/sh" ] || ln -s dash "$root.new/usr/bin/sh"
	mkdir -p "$root.new"/{proc,dev,tmp}
	mv "$root.new" "$root"
}

# Who is not root is so in a user namespace.
namespace() {
	local own=()

	[ "$(id -u)" = 0 ] || own=(--map-root-user)
	unshare --mount "${own[@]}" true 2>/dev/null ||
		die "this kernel gives no mount namespace to $(id -un), which a build with $suite's libc needs:
as root, or with sysctl kernel.unprivileged_userns_clone=1 (or kernel.apparmor_restrict_unprivileged_userns=0)"
	exec unshare --mount "${own[@]}" "$@"
}

mkdir -p "$CACHE/buildroot"
with_lock "buildroot-$suite" make_root
# shellcheck disable=SC2016 # for the inner shell
namespace bash -euc '
	root=$1 places=$2
	shift 2
	for place in $places; do
		mkdir -p "$root$place"
		mount --rbind "$place" "$root$place"
	done
	exec chroot "$root" env -i PATH=/usr/bin:/usr/sbin HOME=/ LC_ALL=C "$@"
' bash "$root" "/proc /dev $TOP $CACHE" "$@"
