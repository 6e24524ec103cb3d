#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# verify: verify mode, tested from inside by ndis_test_verify.ko.

. "$(dirname "$0")/module.sh"
run_module ndis_test_verify
