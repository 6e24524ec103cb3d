# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The kernels -k VERSION-debug: Debian's source, debug.config, built once for what both
# say. Sourced by kernel.sh, which has set want, suite, cc, env and locks the cache.

version=${want%-debug}
package=linux-source-$version
config=$TOP/qemu/debug.config
# The newest that the suite or its security updates have
command -v "$cc" >/dev/null || cc=gcc

# What no option of debug.config builds; Kconfig files and Makefiles stay, to which
# others refer.
unused=(Documentation sound tools/{testing,perf}
	arch/{alpha,arc,arm,arm64,csky,hexagon,loongarch,m68k,microblaze,mips,nios2}
	arch/{openrisc,parisc,powerpc,riscv,s390,sh,sparc,um,xtensa}
	drivers/{gpu,media,staging,infiniband,scsi,usb,iio,crypto,hwmon,s390,md,hid,phy}
	drivers/{video,bluetooth,isdn,mtd,pinctrl,clk,soc,accel,input,mfd,regulator,nvme}
	drivers/{mmc,comedi,spi,i2c,ata}
	drivers/net/wireless drivers/net/ethernet/{broadcom,chelsio,mellanox,qlogic,sfc}
	fs/{btrfs,xfs,ocfs2,ext4,f2fs,nfs,nfsd,smb,ceph,gfs2,bcachefs})

# Asked for once a week; remembered in a file beside
source_version() {
	local file=$CACHE/kernel/$want-$suite.version

	if [ -z "$(find "$file" -mtime -7 2>/dev/null)" ] && apt_update "$suite"; then
		apt_in "$suite" apt-cache policy "$package" |
			sed -n 's/^ *Candidate: \([0-9].*\)/\1/p' >"$file"
	fi
	[ -s "$file" ] || die "$MIRROR has no $package for $suite"
	cat "$file"
}

unpack_source() {
	local root=$1 debs=() dir excludes=()

	fetch_debs "$suite" "$package"
	for dir in "${unused[@]}"; do
		excludes+=(--exclude="*/$dir/*."{c,h,S,rst,yaml,svg,json,dts,dtsi})
	done
	mkdir -p "$root/src"
	dpkg-deb --fsys-tarfile "${debs[0]}" | tar -xO "./usr/src/$package.tar.xz" |
		tar -xJ -C "$root/src" --strip-components=1 "${excludes[@]}"
	rm -rf "${debs[0]%/*}"
}

kernel_make() { make -s -C "$1/src" O="$1/build" CC="$cc" -j"$(nproc)" "${@:2}"; }

# A line that the kernel did not take, because an option has another name or wants
# another one first, would be a checker that is not there.
configure() {
	local root=$1 name value taken bad=0

	sed 's/ *# .*//; /^#/d' "$config" >"$root/asked"
	echo 'CONFIG_LOCALVERSION="-debug"' >>"$root/asked"
	kernel_make "$root" KCONFIG_ALLCONFIG="$root/asked" allnoconfig
	while IFS='=' read -r name value; do
		taken=$(sed -n "s/^$name=//p" "$root/build/.config")
		[ "${taken:-n}" = "$value" ] ||
			{ echo "$name=$value was asked for; the kernel's says ${taken:-n}"; bad=1; }
	done < <(grep ^CONFIG_ "$root/asked")
	return $bad
}

build_kernel() {
	kernel_make "$1" vmlinux modules
	kernel_make "$1" INSTALL_MOD_PATH="$1" INSTALL_MOD_STRIP=1 modules_install
	mkdir -p "$1/boot"
	objcopy --strip-debug "$1/build/vmlinux" "$1/boot/vmlinux"
	# Modules are built without what is only for the linker
	find "$1/build" -name '*.[oa]' ! -path '*/tools/*' ! -path '*/scripts/*' -delete
	find "$1/build" -name 'vmlinux*' ! -name '*.lds*' -type f -delete
}

make_env() {
	local key root kver took=$SECONDS

	key=$(source_version)
	key=$({ echo "$key $cc"; cat "$config"; declare -f configure build_kernel; } |
		sha256sum | cut -c1-12)
	root=$CACHE/kernel/$want-$key
	if [ -f "$root/env" ]; then
		cp "$root/env" "$env"
		return
	fi
	say "making the debug kernel $version: once, 10 to 15 minutes on two CPUs"
	# Its folder's name is in what is built, so it is made in place
	rm -rf "$root"
	mkdir -p "$root"
	step "fetching and unpacking the source of Linux $version (150 MB)" unpack_source "$root"
	step "configuring the debug kernel" configure "$root"
	step "building the debug kernel" build_kernel "$root"
	kver=$(cat "$root/build/include/config/kernel.release")
	say "built $kver in $((SECONDS - took)) s"
	cat >"$root/env.new" <<-ENV
		KVER=$kver
		VMLINUZ='$root/boot/vmlinux'
		MODDIR='$root/lib/modules/$kver'
		KDIR='$root/build'
		KCC=$cc
		KROOT=
	ENV
	mv "$root/env.new" "$root/env"
	cp "$root/env" "$env"
}
