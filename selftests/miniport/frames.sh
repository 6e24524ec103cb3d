#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# frames: the hardware driver's test, on the ported miniport.

. "$(dirname "$0")/swnic.sh"
exec bash "$SELFTESTS/net/frames.sh"
