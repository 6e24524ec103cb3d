#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# windows: the Windows spelling, tested from inside by ndis_test_windows.ko.

. "$(dirname "$0")/module.sh"
run_module ndis_test_windows
