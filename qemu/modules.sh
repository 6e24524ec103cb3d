#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# modules.sh [-b] [-k KERNEL | -d KDIR] [make arguments]: print the folder that
# holds our modules (*.ko) for a guest kernel, or for the kernel whose build
# folder is KDIR; -b builds them first, -i installs them too.
#
# They are built in a farm of links below the cache, one per source tree and
# kernel: the source tree stays clean, and kernels do not mix. PARTS names the
# folders to build when not all of them, say while one is being rewritten.

. "$(dirname "$0")/lib.sh"

KROOT='' build='' install='' kernel=${KERNEL:-6.1} kdir='' flavour=${PARTS:+-${PARTS//\//_}}
flavour=${flavour// /}
while getopts bik:d:f: opt; do
	case $opt in
	b) build=y ;;
	i) build=y install=y ;;
	k) kernel=$OPTARG ;;
	d) kdir=$OPTARG ;;
	f) flavour=$flavour-$OPTARG ;;	# a build with other flags, beside the normal one
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))

if [ -n "$kdir" ]; then
	[ -f "$kdir/Makefile" ] ||
		die "$kdir holds no kernel headers: install linux-headers-$(uname -r), or say KERNEL=6.1 for a guest's kernel"
	# "make kernelrelease" says another thing in Debian's headers
	KDIR=$kdir KVER=$(sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' "$kdir/include/generated/utsrelease.h") KCC=''
else
	env=$("$TOP/qemu/kernel.sh" "$kernel")
	eval "$env"
fi
# The compiler that built the kernel, where it is here; any gcc otherwise.
if [ -z "$KROOT" ] && ! command -v "$KCC" >/dev/null; then
	KCC=gcc
fi
# make for the kernel's build, where its tools run
kmake() { ${KROOT:+"$TOP/qemu/buildroot.sh" "$KROOT"} make -C "$KDIR" M="$farm" "$@"; }

farm=$CACHE/build/$KVER-$(printf '%s' "$TOP" | sha256sum | cut -c1-8)$flavour
parts=
for part in Kbuild compat drivers selftests; do
	[ ! -e "$TOP/$part" ] || parts="$parts $part"
done

farm_links() {
	mkdir -p "$farm"
	find "$farm" -xtype l -delete
	# shellcheck disable=SC2086 # a list of names
	(cd "$TOP" && find $parts -type f ! -name '*.o' ! -name '*.ko' ! -name '.*.cmd') |
	while read -r file; do
		if [ ! -e "$farm/$file" ]; then
			mkdir -p "$farm/$(dirname "$file")"
			ln -sf "$TOP/$file" "$farm/$file"
		fi
	done
}

make_modules() {
	local tests=

	farm_links
	# The test modules are for guests.
	[ -n "$kdir" ] || [ ! -f "$farm/selftests/ndis/Kbuild" ] || tests=1
	if ! kmake CC="$KCC" TESTS="$tests" -j"$(nproc)" \
	     "$@" modules >"$farm/log" 2>&1; then
		grep -E 'error|warning|undefined|\*\*\*' "$farm/log" |
			sed "s|$farm/||g" | head -n 30 >&2
		die "the modules do not build for $KVER; the whole log is $farm/log"
	fi
	# A source that is gone leaves a module that nobody asked for. Newer kernels write
	# names relative to the folder.
	sed "s|\.o$|.ko|; s|^[^/]|$farm/&|" "$farm/modules.order" | sort >"$farm/wanted"
	find "$farm" -name '*.ko' ! -path "$farm/out/*" | sort | comm -13 "$farm/wanted" - |
		xargs -r rm
	rm -rf "$farm/out"
	mkdir -p "$farm/out"
	# shellcheck disable=SC2046 # a list of names
	cp $(cat "$farm/wanted") "$farm/out/"
	# The debug kernel's are built with their types, for readers that no guest has
	[[ $KVER != *-debug ]] || strip --strip-debug "$farm"/out/*.ko
	grep -E '(warning|error):' "$farm/log" | sed "s|$farm/||g" >&2 || :
}

# The programs that a guest's tests run, in the farm too; static, because the
# guest's libc is another one. On a host selftests/run.sh makes them.
make_helpers() {
	local file dir

	[ -z "$kdir" ] || return 0
	for file in "$farm"/selftests/*/Makefile; do
		dir=${file%/*}
		if [ -e "$file" ] && ! make -s -C "$dir" LDFLAGS=-static >"$farm/log.helpers" 2>&1; then
			tail -n 20 "$farm/log.helpers" >&2
			die "the programs of ${dir#"$farm"/} do not build; the whole log is $farm/log.helpers"
		fi
	done
}

make_all() {
	make_modules "$@"
	make_helpers
	if [ -n "$install" ]; then
		kmake modules_install
		# make leaves it out where the headers have no System.map, as Debian's
		depmod -b "${INSTALL_MOD_PATH:-/}" "$KVER"
	fi
}

if [ -n "$build" ]; then
	with_lock "build-${farm##*/}" make_all "$@" >&2
fi
mkdir -p "$farm/out"
echo "$farm/out"
