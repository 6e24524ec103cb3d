#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# modules.sh [-b] [-k KERNEL]: print the folder with our modules for a guest
# kernel; -b builds them first.
. "$(dirname "$0")/lib.sh"
echo
