#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# upstream.sh [TEST...]: the kernel's own tools/testing/selftests/drivers/net, as
# Debian's linux-source of that KERNEL has them, unmodified, in a guest: our driver and
# the one in the tree, a table of both. Exit 1 if ours fails where in-tree passes.
# TEST: names as below drivers/net, all of Python by default. LIMIT: seconds for each.

. "$(dirname "$0")/lib.sh"

kernel=${KERNEL:-6.12}
case $kernel in
6.12 | 7.3) ;;
*) die "the lane is for KERNEL=6.12 or 7.3: $kernel is too old to have such tests, or unknown" ;;
esac
env=$("$TOP/qemu/kernel.sh" "$kernel")
eval "$env"

# What of the source the tests are made of: themselves, their library, the netlink
# client with the families it speaks.
wanted='tools/testing/selftests/drivers/net tools/testing/selftests/net
	tools/testing/selftests/kselftest tools/testing/selftests/kselftest*.h
	tools/testing/selftests/lib.mk tools/testing/selftests/lib tools/net/ynl
	Documentation/netlink/specs Documentation/netlink/*.yaml include/uapi/linux
	tools/include tools/build tools/lib/bpf tools/scripts'
source=$CACHE/upstream/$KVER

# The deb holds an archive of 1.5 GB unpacked; 60 MB of it are wanted.
unpack_source() {
	local suite=$1 package=$2 version=$3 deb words=()

	fetch_debs "$suite" "$package=$version"
	deb=${debs[0]}
	rm -rf "$source.new"
	mkdir -p "$source.new"
	for w in $wanted; do
		words+=("linux-source-$kernel/$w")
	done
	dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/linux-source-$kernel.tar.xz" |
		xz -dc | tar -x -C "$source.new" --strip-components=1 --no-same-owner \
			--wildcards "${words[@]}" || :
	rm -rf "${deb%/*}"
	[ -d "$source.new/tools/testing/selftests/drivers/net" ] ||
		die "$package has no tools/testing/selftests/drivers/net"
	echo "$version" >"$source.new/version"
	mv "$source.new" "$source"
}

# The source that the running image was made of, not the newest.
make_source() {
	local suite version

	if [ -d "$source" ]; then
		return
	fi
	case $KVER in
	6.12*deb12*) suite=bookworm-backports ;;
	6.12*) suite=trixie ;;
	*) suite=trixie-backports ;;
	esac
	apt_update "$suite" || exit 1
	version=$(apt_in "$suite" apt-cache show "linux-image-$KVER" |
		sed -n 's/^Version: //p' | head -n 1)
	[ -n "$version" ] || die "$MIRROR has no longer linux-image-$KVER; remove $CACHE/kernel/$kernel-*.env"
	step "fetching the tests of Linux $KVER from linux-source-$kernel (150 MB)" \
		unpack_source "$suite" "linux-source-$kernel" "$version"
}
mkdir -p "$CACHE/upstream"
with_lock "upstream-$kernel" make_source

# Python, YAML and tools as new as the tests want them: trixie's, whose libc serves the
# older programs of the guest's root too.
suite=trixie packages='python3 python3-yaml ethtool iproute2 iputils-ping jq socat'
layer=$CACHE/upstream/tools-$(printf '%s\n' "$suite" "$packages" | sha256sum | cut -c1-12).cpio
make_layer() {
	if [ -f "$layer" ]; then
		return
	fi
	say "fetching Python and tools of $suite for the tests (40 MB)"
	unpack_closure "$suite" "$packages" "$layer.root"
	rm -rf "$layer.root"/{var,usr/lib/systemd,usr/lib/x86_64-linux-gnu/{perl*,gconv}}
	pack_cpio "$layer.root" "$layer.new"
	rm -rf "$layer.root"
	mv "$layer.new" "$layer"
}

# What the tests want compiled; one that does not build is missed by both drivers.
helpers() {
	local tests=$1/tools/testing/selftests c out headers=$source/include/uapi

	for c in net/lib/{csum,gro,xdp_helper}.c drivers/net/{napi_id_helper,so_txtime}.c; do
		[ -e "$tests/$c" ] || continue
		out=${c%.c}
		gcc -O2 -static -w -I"$tests" -I"$tests/net/lib" -isystem "$headers" \
			-o "$tests/$out" "$tests/$c" 2>/dev/null ||
			gcc -O2 -static -w -I"$tests" -I"$tests/net/lib" \
				-o "$tests/$out" "$tests/$c" 2>/dev/null ||
			say "$out does not build here: tests that need it fail on both"
	done
	for c in "$tests"/net/lib/*.bpf.c; do
		[ -e "$c" ] || continue
		clang -O2 -g -target bpf -mcpu=v3 -w -I/usr/include/x86_64-linux-gnu \
			-c "$c" -o "${c%.c}.o" 2>/dev/null ||
			say "${c##*/} does not build here: tests that need it fail on both"
	done
}

tests_of() {
	(cd "$source/tools/testing/selftests/drivers/net" &&
		find . -maxdepth 1 -name '*.py' ! -name '*_lib.py' | sort &&
		find hw -maxdepth 1 -name '*.py' ! -name '*_lib.py' | sort) | sed 's|^\./||'
}

with_lock "upstream-tools" make_layer
"$TOP/qemu/modules.sh" -b -k "$kernel" >/dev/null
logs=$CACHE/results/upstream-$kernel-$(date +%Y%m%d-%H%M%S)
mkdir -p "$logs"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/upstream.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$tmp/root/upstream"
cp -a "$source"/{tools,Documentation,include} "$tmp/root/upstream/"
helpers "$tmp/root/upstream"
pack_cpio "$tmp/root" "$tmp/tests.cpio"
cat "$layer" "$tmp/tests.cpio" >"$tmp/layer"

# shellcheck disable=SC2046 # names without blanks
[ $# -gt 0 ] || set -- $(tests_of)
# One after the other in one guest
step "$# tests of Linux $KVER on both drivers" "$TOP/qemu/boot.sh" -B -k "$kernel" -m 2G \
	-t $((120 + 2 * $# * ${LIMIT:-120})) -l "$tmp/layer" -o "$logs/out" \
	-c "$logs/console" -- \
	"for d in e1000_nbl e1000; do /selftests/upstream.sh \$d ${LIMIT:-120} $*; done" ||
	echo "the guest did not end well: $logs/console"

rc=0
awk '$1 == "RESULT" {
	key = $3 " " $4
	if (!(key in seen)) { seen[key]; order[++n] = key }
	got[$2, key] = $5; count[$2, $5]++
}
END {
	printf "%-24s %-44s %-6s %s\n", "test", "case", "ours", "in-tree"
	for (i = 1; i <= n; i++) {
		split(order[i], k, " ")
		ours = got["e1000_nbl", order[i]]; theirs = got["e1000", order[i]]
		worse = theirs == "pass" && ours != "pass"; bad += worse
		printf "%-24s %-44s %-6s %-7s%s\n", k[1], k[2], ours, theirs, worse ? " <-- ours is behind" : ""
	}
	for (d = 0; d < 2; d++) {
		name = d ? "e1000" : "e1000_nbl"
		printf "%s: %d pass, %d fail, %d skip\n", name, count[name, "pass"], count[name, "fail"], count[name, "skip"]
	}
	if (!n || bad)
		exit 1
}' <(tr -d '\r' <"$logs/out") | tee "$logs/table" || rc=1
say "what the tests said: $logs"
exit $rc
