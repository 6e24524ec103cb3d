#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ping: the hardware driver's test, on the ported miniport.

. "$(dirname "$0")/swnic.sh"
exec bash "$SELFTESTS/net/ping.sh"
