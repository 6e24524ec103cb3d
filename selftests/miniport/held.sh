#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# held: the hardware driver's test, on the ported miniport.

. "$(dirname "$0")/swnic.sh"
exec bash "$SELFTESTS/net/held.sh"
