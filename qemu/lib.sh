# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the scripts of this folder share: where things live, how to speak, how to
# read Debian's archive without touching the host's apt. Sourced, not run.

set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/e1000-nbl
MIRROR=${DEBIAN_MIRROR:-http://deb.debian.org}
export TOP CACHE

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }

# with_lock NAME CMD...: one at a time per cache entry, whoever asks.
with_lock() {
	local name=$1
	shift
	mkdir -p "$CACHE/lock"
	(
		if ! flock -n 9; then
			say "waiting for another process that makes $name"
			flock 9
		fi
		"$@"
	) 9>"$CACHE/lock/$name"
}

# Suites, each a private apt root: its own source list and list folder below
# the cache, and an empty dpkg status, so that "install" means the closure.
apt_sources() {
	local key=/usr/share/keyrings/debian-archive-keyring.gpg

	[ -r "$key" ] ||
		die "$key is missing, so nothing fetched could be verified; install the package debian-archive-keyring"
	cat <<-LIST
		deb [signed-by=$key] $MIRROR/debian ${1%-backports} main
		deb [signed-by=$key] $MIRROR/debian-security ${1%-backports}-security main
	LIST
	case $1 in
	*-backports) echo "deb [signed-by=$key] $MIRROR/debian $1 main" ;;
	esac
}

# apt_in SUITE apt-get|apt-cache ARG...
apt_in() {
	local root=$CACHE/apt/$1 tool=$2
	shift 2
	"$tool" -q -c "$root/apt.conf" "$@"
}

# Read after the host's own configuration, of which proxies are kept.
apt_conf() {
	local root=$CACHE/apt/$1

	cat <<-CONF
		#clear APT::Update;
		#clear APT::Architectures;
		#clear DPkg;
		APT::Architecture "amd64";
		APT::Architectures:: "amd64";
		APT::Install-Recommends "false";
		APT::Sandbox::User "";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Dir::Etc::sourcelist "$root/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		Dir::State "$root/state";
		Dir::State::status "$root/status";
		Dir::Cache "$root/cache";
		Dir::Cache::archives "$CACHE/debs";
		Dir::Log "$root";
	CONF
}

# The lists are read again when they are a day old; a mirror drops old packages.
apt_update() {
	local root=$CACHE/apt/$1

	mkdir -p "$root/state/lists/partial" "$root/cache" "$CACHE/debs/partial"
	: >"$root/status"
	apt_conf "$1" >"$root/apt.conf"
	apt_sources "$1" >"$root/sources.new"
	if cmp -s "$root/sources.new" "$root/sources.list" &&
	   [ -n "$(find "$root/updated" -mtime -1 2>/dev/null)" ]; then
		return
	fi
	say "reading Debian's package lists ($1)"
	mv "$root/sources.new" "$root/sources.list"
	apt_in "$1" apt-get update >"$root/log" 2>&1 ||
		{ tail -n 5 "$root/log" >&2
		  say "cannot read $MIRROR for $1: is there a network, a proxy? (DEBIAN_MIRROR names another mirror)"
		  return 1; }
	touch "$root/updated"
}

# fetch_debs SUITE PACKAGE...: sets debs to the verified files. The caller
# removes them once they are unpacked.
fetch_debs() {
	local suite=$1 dir=$CACHE/debs/$BASHPID
	shift

	rm -rf "$dir"
	mkdir -p "$dir"
	(cd "$dir" && apt_in "$suite" apt-get download "$@") >"$dir/log" 2>&1 ||
		{ tail -n 5 "$dir/log" >&2
		  die "cannot fetch $*: see above; the lists may be old: remove $CACHE/apt and try again"; }
	debs=("$dir"/*.deb)
}

# deb_unpack FILE ROOT [tar options]: like dpkg -x, but lib and bin may be
# links into usr, and pages nobody reads in a guest can be left out.
deb_unpack() {
	local deb=$1 root=$2
	shift 2
	dpkg-deb --fsys-tarfile "$deb" |
		tar -x --keep-directory-symlink --no-same-owner -C "$root" "$@"
}

# fetch_closure SUITE PACKAGE...: the same for all they depend on.
fetch_closure() {
	local suite=$1 dir=$CACHE/debs/$BASHPID
	shift

	rm -rf "$dir"
	mkdir -p "$dir/partial"
	apt_in "$suite" apt-get -o Dir::Cache::archives="$dir" -o Debug::NoLocking=1 \
		-y --download-only install "$@" >"$dir/log" 2>&1 ||
		{ tail -n 5 "$dir/log" >&2
		  die "cannot fetch $*: see above; the lists may be old: remove $CACHE/apt and try again"; }
	debs=("$dir"/*.deb)
}

# unpack_closure SUITE PACKAGES ROOT: with all they depend on; none of their own scripts is run
unpack_closure() {
	local full=$3 deb

	apt_update "$1" || exit 1
	rm -rf "$full"
	mkdir -p "$full"/usr/{bin,sbin,lib,lib64}
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$full"
	# shellcheck disable=SC2086 # a list of words
	fetch_closure "$1" $2
	say "unpacking those of $1"
	for deb in "${debs[@]}"; do
		deb_unpack "$deb" "$full" --exclude='./usr/share/*' --exclude='./var/*'
	done
	rm -rf "${debs[0]%/*}"
}

# pack_cpio FOLDER FILE: all of the folder, owned by root, for the kernel.
pack_cpio() {
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort |
		cpio --quiet -o -H newc -R +0:+0) >"$2"
}

# step TEXT CMD...: run a long command with its output in a log, and say so:
# the seconds tick on a terminal, elsewhere there is a line now and then. The
# log's end is shown only when the command fails.
step() {
	local text=$1 log start=$SECONDS pid rc=0 tick=15
	shift

	log=$(mktemp)
	"$@" >"$log" 2>&1 &
	pid=$!
	say "$text ..."
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.5
		if [ -t 2 ]; then
			printf '\r  %d s ' $((SECONDS - start)) >&2
		elif [ $((SECONDS - start)) -ge $tick ]; then
			say "  $text: $tick s"
			tick=$((tick + 15))
		fi
	done
	[ ! -t 2 ] || printf '\r       \r' >&2
	wait "$pid" || rc=$?
	[ $rc = 0 ] || tail -n 15 "$log" >&2
	rm -f "$log"
	return $rc
}
