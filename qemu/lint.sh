#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# lint.sh: what a reviewer's tools say about the source, before a reviewer does.
# One line a tool; exit 1 if any has something to say.

. "$(dirname "$0")/lib.sh"
cd "$TOP"

# sparse and clang are the host's, and 6.1's and 6.12's headers are for them
kernel=${KERNEL:-6.1}
case $kernel in
6.1 | 6.12) ;;
*) kernel=6.1 ;;
esac
eval "$(qemu/kernel.sh "$kernel")"
failed=0

# check NAME CMD...: passes when CMD succeeds and prints nothing.
check() {
	local name=$1 out
	shift

	if out=$("$@" 2>&1) && [ -z "$out" ]; then
		say "ok      $name"
	else
		printf '%s\n' "$out" | head -n 60 >&2
		say "FAILED  $name"
		failed=1
	fi
}

sources() { find compat drivers selftests -name '*.[ch]' | sort; }
scripts() {
	find qemu selftests .ci -type f | sort | while read -r file; do
		head -n 1 "$file" | grep -aqE '^#!.*[/ ](ba)?sh' && echo "$file"
	done
	find qemu selftests -name '*lib.sh'
}

# Both warn in the build's log; with -Werror a warning is seen again next time.
# sparse 0.6 does not know __has_include: to it, newer headers are absent.
# Nor can it be told that a pool tag is four characters in quotes. What it finds in
# the kernel's own headers (perf's, which tracepoints include) is not ours.
build() {
	local status

	qemu/modules.sh -b -k "$kernel" -f lint W=1 C=2 KCFLAGS=-Werror \
		CF="'-D__has_include(x)=0' '-D__has_include_next(x)=0'" 2>&1 >/dev/null |
		grep -v -e 'warning: multi-character character constant' -e '/linux-headers-.*: warning: '
	status=${PIPESTATUS[0]}
	return "$status"
}

# checkpatch is only in the kernel's source package, of which it is unpacked.
fetch_checkpatch() {
	local debs=() dir=$1

	apt_update bookworm || exit 1
	fetch_debs bookworm linux-source-6.1
	mkdir -p "$dir.new"
	dpkg-deb --fsys-tarfile "${debs[0]}" |
		tar -xO ./usr/src/linux-source-6.1.tar.xz |
		tar -xJ -C "$dir.new" --strip-components=2 --wildcards \
			'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
			'*/scripts/const_structs.checkpatch'
	rm -rf "${debs[0]%/*}"
	mv "$dir.new" "$dir"
}

get_checkpatch() {
	[ -d "$1" ] ||
		step "fetching checkpatch.pl, out of the kernel's source package (140 MB)" \
			fetch_checkpatch "$1"
}

# checkpatch accepts CamelCase that is in a tree's headers. There is no tree, so
# it is given the words: the kernel's and, because foreign structures keep their
# names, those of compat/ndis/include. It reads them from where it keeps them.
known_words() {
	mkdir -p "$scripts/include"
	LC_ALL=C grep -rhoE --include='*.h' '[A-Za-z0-9_]*([a-z][A-Z]|[A-Z][a-z])[A-Za-z0-9_]*' \
		"${KDIR%-amd64}"-common/include/{linux,net,uapi/linux} compat/ndis/include |
		LC_ALL=C sort -u >"$scripts/.checkpatch-camelcase.date.0"
}

# checkpatch IGNORE FILE...: the ignored types beside, comma separated
checkpatch() (
	local ignore=$1
	shift

	[ $# -gt 0 ] || return 0
	cd "$scripts"
	GIT_DIR=none perl ./checkpatch.pl --no-tree --root=. --strict --terse --quiet \
		--no-summary --show-types --max-line-length=100 \
		${ignore:+--ignore "$ignore"} -f "${@/#/$TOP/}" | sed "s|^$TOP/||"
)

windows_spelled='^compat/ndis/include/|^selftests/(ndis/porter|miniport)/'
kernel_spelled='^compat/ndis/include/ndis/(adapter|net|pool|types)\.h$'

# What does not hold everywhere: #if __has_include(<a/b>) is no comparison; foreign
# types and the tests' foreign code are as they are; the programs of selftests/net,
# selftests/xdp and selftests/faults are no kernel code.
style() {
	local foreign windows shims programs fuzz traces rest bad=0
	# Windows spelling: types that checkpatch does not know, the words of another
	# compiler, macros that its sources are written against.
	local habits=CAMELCASE,NEW_TYPEDEFS,SPACING,INLINE,COMPLEX_MACRO,MACRO_ARG_REUSE
	habits+=,MACRO_ARG_PRECEDENCE,PREFER_DEFINED_ATTRIBUTE_MACRO,VOLATILE
	habits+=,MEMORY_BARRIER,FUNCTION_ARGUMENTS,OPEN_ENDED_LINE,LINE_SPACING

	known_words
	mapfile -t windows < <(sources | grep -E "$windows_spelled" |
		grep -vE "$kernel_spelled")
	mapfile -t foreign < <(sources | grep -E '^(compat|selftests)/ndis/' |
		grep -vxF "$(printf '%s\n' "${windows[@]}")" | grep -v '/trace\.h$')
	mapfile -t traces < <(sources | grep '/trace\.h$')
	mapfile -t shims < <(sources | grep -E '^compat/linux/')
	mapfile -t programs < <(sources | grep -E '^selftests/(bench|faults|net|xdp)/')
	mapfile -t fuzz < <(sources | grep -E '^selftests/fuzz/')
	mapfile -t rest < <(sources | grep -vE '^compat/|^selftests/(bench|faults|fuzz|ndis|net|xdp)/' |
		grep -vE "$windows_spelled")
	checkpatch CAMELCASE,NEW_TYPEDEFS "${foreign[@]}" || bad=1
	checkpatch $habits "${windows[@]}" || bad=1
	checkpatch SPACING "${shims[@]}" || bad=1
	# TRACE_EVENT() is laid out in the kernel's own way
	checkpatch PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE "${traces[@]}" || bad=1
	checkpatch PREFER_KERNEL_TYPES,PREFER_DEFINED_ATTRIBUTE_MACRO,ARRAY_SIZE,EMBEDDED_FUNCTION_NAME \
		"${programs[@]}" || bad=1
	# In the kernel's place: its prototypes, libFuzzer's names, bounds in pairs
	checkpatch VOLATILE,CAMELCASE,COMPLEX_MACRO,MACRO_ARG_REUSE,AVOID_EXTERNS \
		"${fuzz[@]}" || bad=1
	checkpatch '' "${rest[@]}" || bad=1
	return $bad
}

kernel_doc() {
	local files

	mapfile -t files < <(find compat/ndis drivers -name '*.[ch]' | sort)
	perl "$KDIR/scripts/kernel-doc" -none "${files[@]}" 2>&1 |
		grep -v 'no structured comments found' || :
}

# The porter's headers with the other compiler. The kernel was built by gcc, so
# each file is compiled by gcc's command without what clang does not know; then
# the files are linked, as porter.mk says, and nothing of theirs may be missing.
clang_porter() {
	local farm dir cmd file objects=() flags

	farm=$(qemu/modules.sh -b -k "$kernel")
	dir=${farm%/out}/selftests/ndis/porter
	for file in "$dir"/.porter_*.o.cmd; do
		cmd=$(sed -n '1s/^cmd_[^:]* := [^ ]* \(.*\) -c -o [^;]*;.*/\1/p' "$file")
		cmd=$(printf '%s\n' "$cmd" | sed -E "s/ -Wp,-MMD,[^ ]*//; s/'/\\x27/g;
			s/ -m(indirect-branch|function-return|harden-sls|skip-rax|record-mcount)[^ ]*//g;
			s/ -mpreferred-stack-boundary[^ ]*| -fconserve-stack| -mno-fp-ret-in-387//g;
			s/ -f(no-allow-store-data-races|align-|no-stack-check|trivial-auto)[^ ]*//g")
		eval "flags=($(printf '%b' "$cmd"))"
		file=${file##*/.}
		file=${file%.o.cmd}
		(cd "$KDIR" && clang -Werror -Wno-unknown-warning-option -Wno-gnu \
			-Wextra -Wmissing-prototypes -Wno-unused-parameter \
			-Wno-missing-field-initializers -Wno-initializer-overrides \
			-idirafter "$(clang -print-resource-dir)/include" \
			"${flags[@]}" -c -o "$dir/$file.clang" "$dir/$file.c") || return 1
		objects+=("$dir/$file.clang")
	done
	[ ${#objects[@]} -ge 4 ] || echo "only ${#objects[@]} files found"
	ld -r -z muldefs -o "$dir/porter.clang" "${objects[@]}"
	nm -u "$dir/porter.clang" | grep -i ' porter'
	rm -f "${objects[@]}" "$dir/porter.clang"
	return 0
}

version_checks() {
	! grep -rnE --include='*.[ch]' 'LINUX_VERSION_CODE|KERNEL_VERSION' \
		compat drivers selftests | grep -v '^compat/linux/'
}

shell() {
	local files

	mapfile -t files < <(scripts)
	# what it cannot know of sourced files; "set -e" already exits
	shellcheck -S warning -e SC1090,SC1091,SC2034,SC2154,SC2164 "${files[@]}"
}

scripts=$CACHE/checkpatch-6.1
with_lock checkpatch get_checkpatch "$scripts"
check "W=1 and sparse, Linux $KVER" build
check "checkpatch --strict" style
check "kernel-doc" kernel_doc
check "porter's headers with clang" clang_porter
check "no kernel version checks outside compat/linux" version_checks
check "shellcheck" shell
exit $failed
