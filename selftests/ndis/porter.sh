#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# porter: ndis.h as a client of several files sees it, ndis_test_porter.ko.

. "$(dirname "$0")/module.sh"
run_module ndis_test_porter
