// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCI device: probe and its reverse, power management, error recovery.
 *
 * As the NDIS miniport model has it, the pools are made when the adapter is
 * initialised - a receive pool with a NET_BUFFER preallocated in every list, a
 * send pool, a NET_BUFFER pool - and freed, by handle, when it is removed.
 */
#include <linux/dma-mapping.h>
#include <linux/ethtool.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "e1000_nbl.h"

static int enbl_pools_create(struct enbl_adapter *adapter)
{
	u16 i;
	int err;

	for (i = 0; i < adapter->nr_queues; i++) {
		err = enbl_rx_pools_create(&adapter->queue[i]);
		if (err)
			return err;
		err = enbl_tx_pool_create(&adapter->queue[i]);
		if (err)
			return err;
	}
	return 0;
}

static void enbl_pools_destroy(struct enbl_adapter *adapter)
{
	u16 i;

	for (i = 0; i < adapter->nr_queues; i++) {
		enbl_tx_pool_destroy(&adapter->queue[i]);
		enbl_rx_pools_destroy(&adapter->queue[i]);
	}
}

/*
 * Some real 32-bit adapters hang when they are given 64-bit addresses, so only
 * PCI-X parts in a PCI-X slot and known emulators (by their subsystem vendor)
 * get them. Everything else receives below 4 GiB and never bounces there.
 */
static int enbl_set_dma_mask(struct enbl_adapter *adapter)
{
	struct pci_dev *pdev = adapter->pdev;
	bool emulated = adapter->qemu ||
			pdev->subsystem_vendor == PCI_VENDOR_ID_VMWARE;
	bool wide = emulated || (adapter->info->pcix &&
				 enbl_read(adapter, ENBL_STATUS) & STATUS_PCIX);

	if (wide && !dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64)))
		return 0;
	return dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
}

static int enbl_map(struct enbl_adapter *adapter)
{
	struct pci_dev *pdev = adapter->pdev;
	int err;

	err = pci_enable_device(pdev);
	if (err)
		return err;

	err = pci_request_regions(pdev, KBUILD_MODNAME);
	if (err)
		goto err_disable;

	adapter->regs = pci_ioremap_bar(pdev, 0);
	if (!adapter->regs) {
		err = -EIO;
		goto err_regions;
	}
	pci_set_master(pdev);
	pci_save_state(pdev);	/* what a slot reset restores */
	return 0;

err_regions:
	pci_release_regions(pdev);
err_disable:
	pci_disable_device(pdev);
	return err;
}

static void enbl_unmap(struct enbl_adapter *adapter)
{
	iounmap(adapter->regs);
	pci_release_regions(adapter->pdev);
	pci_disable_device(adapter->pdev);
}

#define ENBL_COMMAND	(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER)

/**
 * enbl_config_lost() - has the device forgotten what it may do?
 * @adapter: adapter
 *
 * A reset of the device or of a bridge takes memory space and bus mastering away, and so
 * can whoever writes to the configuration. One that is not there reads all ones.
 *
 * Context: any.
 * Return: true if enbl_device_there() would give it back.
 */
bool enbl_config_lost(struct enbl_adapter *adapter)
{
	u16 command;

	pci_read_config_word(adapter->pdev, PCI_COMMAND, &command);
	return command != U16_MAX && (command & ENBL_COMMAND) != ENBL_COMMAND;
}

/**
 * enbl_device_there() - a configuration as probe left it, registers that answer
 * @adapter: adapter, down
 *
 * Context: process, rtnl.
 * Return: false if there is no device any more.
 */
bool enbl_device_there(struct enbl_adapter *adapter)
{
	struct pci_dev *pdev = adapter->pdev;

	if (enbl_config_lost(adapter)) {
		pci_warn(pdev, "memory space or bus mastering was off: the configuration is restored\n");
		pci_restore_state(pdev);
		pci_save_state(pdev);
	}
	return enbl_read(adapter, ENBL_STATUS) != U32_MAX;
}

static struct enbl_adapter *enbl_alloc(struct pci_dev *pdev,
				       const struct enbl_hw_info *info)
{
	struct enbl_adapter *adapter;
	struct net_device *netdev;

	netdev = alloc_etherdev_mqs(struct_size(adapter, queue,
						info->nr_queues),
				    info->nr_queues, info->nr_queues);
	if (!netdev)
		return NULL;

	SET_NETDEV_DEV(netdev, &pdev->dev);
	pci_set_drvdata(pdev, netdev);
	adapter = netdev_priv(netdev);
	adapter->netdev = netdev;
	adapter->pdev = pdev;
	adapter->info = info;
	adapter->nr_queues = info->nr_queues;
	adapter->nr_rx_desc = ENBL_RING_DEFAULT;
	adapter->nr_tx_desc = ENBL_RING_DEFAULT;
	adapter->tx_copybreak = ENBL_COPYBREAK;
	adapter->msg_enable = NETIF_MSG_DRV | NETIF_MSG_PROBE | NETIF_MSG_LINK;
	adapter->qemu =
		pdev->subsystem_vendor == PCI_VENDOR_ID_REDHAT_QUMRANET;
	enbl_itr_init(adapter);
	spin_lock_init(&adapter->irq_lock);
	spin_lock_init(&adapter->stats_lock);
	INIT_DELAYED_WORK(&adapter->watchdog, enbl_watchdog);
	INIT_WORK(&adapter->reset, enbl_reset_work);
	return adapter;
}

static int enbl_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	const struct enbl_hw_info *info = (void *)id->driver_data;
	struct enbl_adapter *adapter;
	int err;

	/* driver_override binds devices that are not in the table, too */
	if (!info) {
		pci_err(pdev, "not a device that this driver knows\n");
		return -ENODEV;
	}

	adapter = enbl_alloc(pdev, info);
	if (!adapter)
		return -ENOMEM;

	err = enbl_map(adapter);
	if (err)
		goto err_alloc;

	err = enbl_set_dma_mask(adapter);
	if (err)
		goto err_map;

	enbl_netdev_init(adapter);
	enbl_hw_reset(adapter);
	err = enbl_hw_init(adapter);
	if (err)
		goto err_map;

	err = enbl_pools_create(adapter);
	if (err)
		goto err_pools;

	netif_carrier_off(adapter->netdev);
	err = register_netdev(adapter->netdev);
	if (err)
		goto err_pools;

	netif_info(adapter, probe, adapter->netdev, "%s at %s, %pM, %u-bit DMA, buffers from NDIS network data pools\n",
		   info->name, pci_name(pdev), adapter->netdev->dev_addr,
		   dma_get_mask(&pdev->dev) > DMA_BIT_MASK(32) ? 64 : 32);
	return 0;

err_pools:
	enbl_pools_destroy(adapter);
err_map:
	enbl_unmap(adapter);
err_alloc:
	free_netdev(adapter->netdev);
	return dev_err_probe(&pdev->dev, err, "cannot set up the adapter\n");
}

static void enbl_remove(struct pci_dev *pdev)
{
	struct net_device *netdev = pci_get_drvdata(pdev);
	struct enbl_adapter *adapter = netdev_priv(netdev);

	unregister_netdev(netdev);		/* stops it */
	cancel_work_sync(&adapter->reset);
	enbl_pools_destroy(adapter);
	enbl_unmap(adapter);
	free_netdev(netdev);
}

/* Context: process, rtnl */
static void enbl_detach(struct enbl_adapter *adapter)
{
	struct net_device *netdev = adapter->netdev;

	if (netif_running(netdev) && netif_device_present(netdev))
		enbl_down(adapter);
	netif_device_detach(netdev);
}

/* Context: process, rtnl */
static void enbl_attach(struct enbl_adapter *adapter)
{
	if (netif_running(adapter->netdev))
		enbl_up(adapter);
	netif_device_attach(adapter->netdev);
}

static int enbl_suspend(struct device *dev)
{
	struct enbl_adapter *adapter = netdev_priv(dev_get_drvdata(dev));

	rtnl_lock();
	enbl_detach(adapter);
	enbl_wol_arm(adapter);
	rtnl_unlock();
	return 0;
}

static int enbl_resume(struct device *dev)
{
	struct enbl_adapter *adapter = netdev_priv(dev_get_drvdata(dev));

	rtnl_lock();
	/* Suspend has saved a state of its own, and used it up */
	pci_save_state(adapter->pdev);
	enbl_write(adapter, ENBL_WUS, U32_MAX);
	enbl_write(adapter, ENBL_WUFC, 0);
	/* Closed, it may have been left receiving for wake-up */
	if (!netif_running(adapter->netdev))
		enbl_hw_reset(adapter);
	enbl_attach(adapter);
	rtnl_unlock();
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(enbl_pm_ops, enbl_suspend, enbl_resume);

static void enbl_shutdown(struct pci_dev *pdev)
{
	enbl_suspend(&pdev->dev);
	if (system_state == SYSTEM_POWER_OFF) {
		struct enbl_adapter *adapter = netdev_priv(pci_get_drvdata(pdev));

		pci_wake_from_d3(pdev, adapter->wol);
		pci_set_power_state(pdev, PCI_D3hot);
	}
	pci_clear_master(pdev);
}

static pci_ers_result_t enbl_error_detected(struct pci_dev *pdev,
					    pci_channel_state_t state)
{
	struct enbl_adapter *adapter = netdev_priv(pci_get_drvdata(pdev));

	rtnl_lock();
	enbl_detach(adapter);
	rtnl_unlock();
	if (state == pci_channel_io_perm_failure)
		return PCI_ERS_RESULT_DISCONNECT;
	return PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t enbl_slot_reset(struct pci_dev *pdev)
{
	/* BARs and bus mastering; the kernel still has the device enabled */
	pci_restore_state(pdev);
	pci_save_state(pdev);
	if (enbl_read(netdev_priv(pci_get_drvdata(pdev)), ENBL_STATUS) == U32_MAX) {
		pci_err(pdev, "the device does not answer after a reset of its slot\n");
		return PCI_ERS_RESULT_DISCONNECT;
	}
	return PCI_ERS_RESULT_RECOVERED;
}

static void enbl_error_resume(struct pci_dev *pdev)
{
	struct enbl_adapter *adapter = netdev_priv(pci_get_drvdata(pdev));

	rtnl_lock();
	enbl_attach(adapter);
	rtnl_unlock();
}

/* Somebody resets the device by its function, slot or bus, and restores its configuration */
static void enbl_reset_prepare(struct pci_dev *pdev)
{
	struct enbl_adapter *adapter = netdev_priv(pci_get_drvdata(pdev));

	rtnl_lock();
	enbl_detach(adapter);
	rtnl_unlock();
}

static const struct pci_error_handlers enbl_error_handlers = {
	.error_detected	= enbl_error_detected,
	.slot_reset	= enbl_slot_reset,
	.resume		= enbl_error_resume,
	.reset_prepare	= enbl_reset_prepare,
	.reset_done	= enbl_error_resume,
};

/*
 * Not a MODULE_DEVICE_TABLE: the alias would load this module beside the
 * in-tree driver at boot, and NICs would go to whichever comes first. Loaded by
 * name, it takes NICs that have no driver or whose driver_override names it.
 */
static const struct pci_device_id enbl_ids[] = {
	{ PCI_VDEVICE(INTEL, 0x1008), (kernel_ulong_t)&enbl_82544_info },
	{ PCI_VDEVICE(INTEL, 0x100c), (kernel_ulong_t)&enbl_82544_info },
	{ PCI_VDEVICE(INTEL, 0x100e), (kernel_ulong_t)&enbl_82540_info },
	{ PCI_VDEVICE(INTEL, 0x100f), (kernel_ulong_t)&enbl_82545_info },
	{ }
};

static struct pci_driver enbl_driver = {
	.name		= KBUILD_MODNAME,
	.id_table	= enbl_ids,
	.probe		= enbl_probe,
	.remove		= enbl_remove,
	.driver.pm	= pm_sleep_ptr(&enbl_pm_ops),
	.shutdown	= enbl_shutdown,
	.err_handler	= &enbl_error_handlers,
};
module_pci_driver(enbl_driver);

MODULE_DESCRIPTION("e1000-class NICs on NDIS network data pools");
MODULE_LICENSE("GPL");
