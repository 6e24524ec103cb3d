#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# clean.sh [all]: remove what was built; with "all", what was fetched too.

. "$(dirname "$0")/lib.sh"

if [ "${1:-}" = all ]; then
	rm -rf "$CACHE"
else
	rm -rf "$CACHE/build" "$CACHE/results"
fi
