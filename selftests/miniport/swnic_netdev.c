// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software NIC's Linux side: what a ported miniport needs beside itself.
 *
 *   module_init: DriverEntry; per port a device, an adapter, a netdev
 *   open, stop, xmit, interrupt: one call each into the adapter
 *
 * Two ports, swnic0 and swnic1, one cable.
 */
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/rtnetlink.h>

#include "swnic_device.h"
#include <ndis/adapter.h>
#include "swnic.h"

#define SWNIC_PORTS	2

struct swnic_port {
	struct ndis_adapter adapter;
	struct swnic_hw *hw;
};

static struct platform_device *swnic_device[SWNIC_PORTS];
static struct net_device *swnic_netdev[SWNIC_PORTS];

static void swnic_irq(void *arg)
{
	struct swnic_port *port = arg;

	ndis_adapter_interrupt(&port->adapter);
}

static int swnic_open(struct net_device *netdev)
{
	struct swnic_port *port = netdev_priv(netdev);

	return ndis_adapter_restart(&port->adapter);
}

/* Frames may be in sockets for as long as they like: the pause says so */
static int swnic_stop(struct net_device *netdev)
{
	struct swnic_port *port = netdev_priv(netdev);

	ndis_adapter_pause(&port->adapter);
	netif_carrier_off(netdev);
	return 0;
}

static netdev_tx_t swnic_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct swnic_port *port = netdev_priv(netdev);

	return ndis_adapter_xmit(&port->adapter, skb);
}

static void swnic_get_stats64(struct net_device *netdev,
			      struct rtnl_link_stats64 *stats)
{
	struct swnic_port *port = netdev_priv(netdev);

	ndis_adapter_get_stats64(&port->adapter, stats);
}

static const struct net_device_ops swnic_netdev_ops = {
	.ndo_open		= swnic_open,
	.ndo_stop		= swnic_stop,
	.ndo_start_xmit		= swnic_xmit,
	.ndo_get_stats64	= swnic_get_stats64,
	.ndo_validate_addr	= eth_validate_addr,
};

static void swnic_get_drvinfo(struct net_device *netdev,
			      struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
}

static int swnic_get_sset_count(struct net_device *netdev, int sset)
{
	return sset == ETH_SS_STATS ? NDIS_ADAPTER_STATS : -EOPNOTSUPP;
}

static void swnic_get_strings(struct net_device *netdev, u32 sset, u8 *data)
{
	if (sset == ETH_SS_STATS)
		memcpy(data, ndis_adapter_stat_names,
		       sizeof(ndis_adapter_stat_names));
}

static void swnic_get_ethtool_stats(struct net_device *netdev,
				    struct ethtool_stats *stats, u64 *data)
{
	struct swnic_port *port = netdev_priv(netdev);

	ndis_adapter_get_stats(&port->adapter, data);
}

static int swnic_get_link_ksettings(struct net_device *netdev,
				    struct ethtool_link_ksettings *settings)
{
	struct swnic_port *port = netdev_priv(netdev);

	ndis_adapter_get_link(&port->adapter, settings);
	return 0;
}

static const struct ethtool_ops swnic_ethtool_ops = {
	.get_drvinfo		= swnic_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_sset_count		= swnic_get_sset_count,
	.get_strings		= swnic_get_strings,
	.get_ethtool_stats	= swnic_get_ethtool_stats,
	.get_link_ksettings	= swnic_get_link_ksettings,
};

/* --- ports -------------------------------------------------------------------- */

static struct swnic_port *swnic_port(unsigned int i)
{
	return swnic_netdev[i] ? netdev_priv(swnic_netdev[i]) : NULL;
}

static int swnic_device_create(unsigned int i)
{
	struct platform_device *pdev;

	pdev = platform_device_register_simple("swnic", i, NULL, 0);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	swnic_device[i] = pdev;
	return dma_coerce_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
}

static int swnic_netdev_create(unsigned int i)
{
	struct net_device *netdev = alloc_etherdev(sizeof(struct swnic_port));
	struct swnic_port *port;

	if (!netdev)
		return -ENOMEM;
	swnic_netdev[i] = netdev;
	port = netdev_priv(netdev);
	strscpy(netdev->name, "swnic%d", IFNAMSIZ);
	SET_NETDEV_DEV(netdev, &swnic_device[i]->dev);
	netdev->netdev_ops = &swnic_netdev_ops;
	netdev->ethtool_ops = &swnic_ethtool_ops;
	port->hw = swnic_hw_create(&swnic_device[i]->dev, swnic_irq, port);
	return port->hw ? 0 : -ENOMEM;
}

/* The miniport's attributes come before the netdev is the stack's */
static int swnic_port_start(unsigned int i)
{
	struct swnic_port *port = swnic_port(i);
	struct ndis_adapter_params params = {
		.driver		= SwnicDriverHandle,
		.dev		= &swnic_device[i]->dev,
		.context	= port->hw,
	};
	int err;

	err = ndis_adapter_init(&port->adapter, swnic_netdev[i], &params);
	if (err)
		return err;
	netif_carrier_off(swnic_netdev[i]);
	return register_netdev(swnic_netdev[i]);
}

/* Everything above reversed; any part may not have come to be */
static void swnic_remove(void)
{
	struct swnic_port *port;
	int i;

	for (i = SWNIC_PORTS - 1; i >= 0; i--)
		if (swnic_netdev[i] &&
		    swnic_netdev[i]->reg_state == NETREG_REGISTERED)
			unregister_netdev(swnic_netdev[i]);
	for (i = SWNIC_PORTS - 1; i >= 0; i--) {
		port = swnic_port(i);
		if (port && port->hw)
			swnic_hw_stop(port->hw);
	}
	for (i = SWNIC_PORTS - 1; i >= 0; i--) {
		port = swnic_port(i);
		if (!port)
			continue;
		ndis_adapter_halt(&port->adapter);
		swnic_hw_destroy(port->hw);
		free_netdev(swnic_netdev[i]);
	}
	for (i = SWNIC_PORTS - 1; i >= 0; i--)
		platform_device_unregister(swnic_device[i]);
	ndis_driver_unload(SwnicDriverHandle);
}

static int __init swnic_init(void)
{
	int err, i;

	err = SwnicDriverEntry(NULL, NULL) ? -ENOMEM : 0;
	for (i = 0; !err && i < SWNIC_PORTS; i++) {
		err = swnic_device_create(i);
		if (!err)
			err = swnic_netdev_create(i);
	}
	if (!err)
		swnic_hw_join(swnic_port(0)->hw, swnic_port(1)->hw);
	for (i = 0; !err && i < SWNIC_PORTS; i++)
		err = swnic_port_start(i);
	if (err)
		swnic_remove();
	return err;
}

module_init(swnic_init);
module_exit(swnic_remove);

MODULE_DESCRIPTION("Software NIC: an NDIS 6 miniport, ported");
MODULE_LICENSE("GPL");
