# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# on request: no test, but what the tests share (run.sh knows these words)
# The software NIC's two ports are the two ends of the cable: the scripts of
# selftests/net run on them as they are.

export OURS=ndis_swnic DRIVER=ndis_swnic IF=swnic0 PEER=swnic1
export PCI_A='' PCI_B='' CABLED=y OWN_MODULES=y

. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
driver_load

# For a case: a packet that is done with is freed at once. Otherwise a CPU leaves it to
# the one that allocated it, which sees to it when it next receives, an idle one never:
# 6.1 some of what TCP's readers have read, 7.3 nearly everything.
free_at_once() {
	local knob=/proc/sys/net/core/skb_defer_max

	if [ -e $knob ]; then
		defer "echo $(cat $knob) >$knob"
		echo 0 >$knob
	fi
}
