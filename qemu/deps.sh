#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# deps.sh guest|bench|lint|fuzz|debug|host ...: see to it that the programs which the other scripts
# call are here. With apt they are installed, as root or through sudo; elsewhere
# the packages are named and nothing is done.

. "$(dirname "$0")/lib.sh"

missing=()
# need PROGRAM-OR-FILE PACKAGE
need() {
	command -v "$1" >/dev/null || [ -e "$1" ] || missing+=("$2")
}

need_compiler() {
	need gcc gcc
	need make make
	need perl perl-base
	[ -e /usr/include/stdio.h ] || missing+=(libc6-dev)
	# objtool, of the kernel's build tools
	compgen -G '/usr/lib*/**/libelf.so.1' >/dev/null || missing+=(libelf1)
}

host_headers() {
	if command -v apt-cache >/dev/null &&
	   ! apt-cache show "linux-headers-$(uname -r)" >/dev/null 2>&1; then
		die "apt has no headers for the running kernel, $(uname -r): install them yourself,
or name their folder, KDIR=..., or build for a guest, KERNEL=6.1"
	fi
	missing+=("linux-headers-$(uname -r)")
}

for what; do
	case $what in
	guest)
		[ "$(uname -m)" = x86_64 ] ||
			die "this machine is $(uname -m); the guests and modules are x86_64 only"
		need_compiler
		need gcc-12 gcc-12	# what built Debian's 6.1
		need qemu-system-x86_64 qemu-system-x86
		need cpio cpio
		need xz xz-utils
		need zstd zstd
		need dpkg-deb dpkg
		need apt-get apt
		need flock util-linux
		need unshare util-linux
		need clang clang	# BPF programs, and who loads them
		need pkg-config pkgconf
		need /usr/include/xdp/xsk.h libxdp-dev
		need /usr/include/bpf/libbpf.h libbpf-dev
		need /usr/include/libelf.h libelf-dev
		need /usr/include/zlib.h zlib1g-dev
		need awk mawk
		need python3 python3	# the benchmark's table, of make run too
		need /usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring
		;;
	bench)
		need gnuplot gnuplot-nox
		;;
	lint)
		need sparse sparse
		need shellcheck shellcheck
		need clang clang	# the porter's headers are for both compilers
		perl -MTerm::ANSIColor -e 1 2>/dev/null || missing+=(perl)
		;;
	fuzz)
		need clang clang
		need make make
		need llvm-cov llvm	# coverage; names in the stacks of findings
		clang -fsanitize=fuzzer -x c - -o /dev/null <<<'int LLVMFuzzerTestOneInput(void){return 0;}' \
			2>/dev/null || missing+=(libclang-rt-dev)
		;;
	debug)
		need flex flex
		need bison bison
		need bc bc
		need objcopy binutils
		need pahole dwarves	# the kernel's types, for tools of XDP
		;;
	host)
		need_compiler
		need depmod kmod
		[ -d "${KDIR:-/lib/modules/$(uname -r)/build}" ] || host_headers
		;;
	*) die "unknown: $what" ;;
	esac
done
[ ${#missing[@]} -gt 0 ] || exit 0

mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
install="apt-get install -y --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null; then
	die "missing, by their Debian names: ${missing[*]}
this distribution has no apt: install them its own way, then try again"
fi
if [ "$(id -u)" = 0 ]; then
	sudo=
elif command -v sudo >/dev/null; then
	sudo=sudo
	sudo -v || die "missing: ${missing[*]}; as root: $install"
else
	die "missing: ${missing[*]}, and there is no sudo; as root: $install"
fi

install_missing() {
	export DEBIAN_FRONTEND=noninteractive
	$sudo apt-get -q update || echo "the package lists could not be read again"
	# shellcheck disable=SC2086 # a command in words
	$sudo $install
}
step "installing ${missing[*]}" install_missing ||
	die "apt could not install ${missing[*]}: see above; try by hand: $install"
