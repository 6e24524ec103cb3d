# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# on request: no test, but what the tests share (run.sh knows these words)
# run_module NAME: load a test module, which runs its cases, and pass on the
# report that it leaves in debugfs. ndis.ko stays loaded, for the audit.

. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

run_module() {
	local report=/sys/kernel/debug/$1/results status=0

	load ndis
	load ndis_test_lib
	unload "$1"
	if ! load "$1" || [ ! -r "$report" ]; then
		echo "# $1.ko does not load, or debugfs is not mounted"
		return 1
	fi
	cat "$report"
	! grep -q '^not ok' "$report" || status=1
	unload "$1"
	unload ndis_test_lib
	return $status
}
