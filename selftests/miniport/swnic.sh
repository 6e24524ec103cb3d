# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# on request: no test, but what the tests share (run.sh knows these words)
# The software NIC's two ports are the two ends of the cable: the scripts of
# selftests/net run on them as they are.

export OURS=ndis_swnic DRIVER=ndis_swnic IF=swnic0 PEER=swnic1
export PCI_A='' PCI_B='' CABLED=y OWN_MODULES=y

. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
driver_load
