#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# contract: the NDIS contract row by row (CONTRACT.md), tested from inside by
# ndis_test_contract.ko.

. "$(dirname "$0")/module.sh"
run_module ndis_test_contract
