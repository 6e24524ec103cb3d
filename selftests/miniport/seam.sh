#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# seam: section 8 of the contract, tested from inside by ndis_test_seam.ko.

. "$(dirname "$0")/../ndis/module.sh"
run_module ndis_test_seam
