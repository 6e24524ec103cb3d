#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# model: a million random operations against a model of the data view, by
# ndis_test_model.ko.

. "$(dirname "$0")/module.sh"
run_module ndis_test_model
