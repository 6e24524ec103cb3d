#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# pool: ndis.ko's own API, tested from inside by ndis_test_pool.ko.

. "$(dirname "$0")/module.sh"
run_module ndis_test_pool
