// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ethtool.h>

#include "e1000_nbl.h"

const struct ethtool_ops enbl_ethtool_ops = {
	.get_link	= ethtool_op_get_link,
	.get_ts_info	= ethtool_op_get_ts_info,
};
