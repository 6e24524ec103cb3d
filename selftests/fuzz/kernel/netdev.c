// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network device and the PCI device, as far as the driver looks at them.
 * What the bus does always succeeds: what fails is the fuzzers' and in memory.c.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/slab.h>
#include <ndis/net.h>

#include "fuzz.h"

/* Not linked, because nothing but a finding comes there */
#define ABSENT(name)						\
	void name(void);					\
	void name(void)						\
	{							\
		fuzz_bug("%s() is called", #name);		\
	}

ABSENT(ndis_verify_append)
ABSENT(ndis_verify_close)
ABSENT(ndis_verify_create)
ABSENT(ndis_verify_destroy)
ABSENT(ndis_verify_detach)
ABSENT(ndis_verify_dropped)
ABSENT(ndis_verify_get)
ABSENT(ndis_verify_gone)
ABSENT(ndis_verify_indicate)
ABSENT(ndis_verify_live)
ABSENT(ndis_verify_put)
ABSENT(ndis_verify_restore)
ABSENT(ndis_mdl_init)
ABSENT(ndis_mdl_seek)
ABSENT(ndis_count_alloc)
ABSENT(ndis_count_free)
ABSENT(__ndis_fail)
bool ndis_verify_default;
DEFINE_STATIC_KEY_FALSE(ndis_verify_on);
DEFINE_STATIC_KEY_FALSE(ndis_fail_on);

/* --- network device ------------------------------------------------------- */

struct net_device *alloc_etherdev_mqs(int size, unsigned int txqs,
				      unsigned int rxqs)
{
	size_t all = ALIGN(sizeof(struct net_device), NETDEV_ALIGN) + size;
	struct net_device *dev = kzalloc(all, GFP_KERNEL);
	unsigned int i;

	if (!dev)
		return NULL;
	dev->_tx = kcalloc(txqs, sizeof(*dev->_tx), GFP_KERNEL);
	dev->dev_addr = kzalloc(ETH_ALEN, GFP_KERNEL);
	if (!dev->_tx || !dev->dev_addr) {
		free_netdev(dev);
		return NULL;
	}
	for (i = 0; i < txqs; i++) {
		dev->_tx[i].dev = dev;
		dev->_tx[i].xmit_lock_owner = -1;
		set_bit(__QUEUE_STATE_DRV_XOFF, &dev->_tx[i].state);
		dql_reset(&dev->_tx[i].dql);
	}
	dev->num_tx_queues = txqs;
	dev->real_num_tx_queues = txqs;
	dev->mtu = ETH_DATA_LEN;
	INIT_LIST_HEAD(&dev->uc.list);
	INIT_LIST_HEAD(&dev->mc.list);
	strscpy(dev->name, "fuzz0", sizeof(dev->name));
	set_bit(__LINK_STATE_PRESENT, &dev->state);
	return dev;
}

void free_netdev(struct net_device *dev)
{
	kfree(dev->dev_addr);
	kfree(dev->_tx);
	kfree(dev);
}

int register_netdev(struct net_device *dev)
{
	dev->reg_state = NETREG_REGISTERED;
	return 0;
}

void unregister_netdev(struct net_device *dev)
{
	rtnl_lock();
	if (test_and_clear_bit(__LINK_STATE_START, &dev->state))
		dev->netdev_ops->ndo_stop(dev);
	rtnl_unlock();
}

void netif_carrier_on(struct net_device *dev)
{
	clear_bit(__LINK_STATE_NOCARRIER, &dev->state);
}

void netif_carrier_off(struct net_device *dev)
{
	set_bit(__LINK_STATE_NOCARRIER, &dev->state);
}

void netif_device_attach(struct net_device *dev)
{
	set_bit(__LINK_STATE_PRESENT, &dev->state);
}

void netif_device_detach(struct net_device *dev)
{
	clear_bit(__LINK_STATE_PRESENT, &dev->state);
}

void netif_tx_wake_queue(struct netdev_queue *txq)
{
	clear_bit(__QUEUE_STATE_DRV_XOFF, &txq->state);
}

void netif_schedule_queue(struct netdev_queue *txq)
{
}

/* Byte queue limits: here without one; what is completed must have been sent */
void dql_reset(struct dql *dql)
{
	memset(dql, 0, sizeof(*dql));
	dql->limit = DQL_MAX_LIMIT / 2;
	dql->adj_limit = dql->limit;
}

void dql_completed(struct dql *dql, unsigned int count)
{
	unsigned int out = dql->num_queued - dql->num_completed;

	fuzz_check(count <= out, "%u bytes are completed, %u were sent", count,
		   out);
	dql->num_completed += count;
	dql->adj_limit = dql->limit + dql->num_completed;
}

int eth_validate_addr(struct net_device *dev)
{
	return is_valid_ether_addr(dev->dev_addr) ? 0 : -EADDRNOTAVAIL;
}

void dev_addr_mod(struct net_device *dev, unsigned int offset, const void *addr,
		  size_t len)
{
	memcpy((u8 *)dev->dev_addr + offset, addr, len);
}

int eth_mac_addr(struct net_device *dev, void *p)
{
	struct sockaddr *addr = p;

	if (!is_valid_ether_addr(addr->sa_data))
		return -EADDRNOTAVAIL;
	dev_addr_mod(dev, 0, addr->sa_data, ETH_ALEN);
	return 0;
}

/* --- ethtool -------------------------------------------------------------- */

void ethtool_convert_legacy_u32_to_link_mode(unsigned long *dst, u32 legacy)
{
	dst[0] = legacy;
}

bool ethtool_convert_link_mode_to_legacy_u32(u32 *legacy,
					     const unsigned long *src)
{
	*legacy = src[0];
	return src[0] <= U32_MAX;
}

u32 ethtool_op_get_link(struct net_device *dev)
{
	return netif_carrier_ok(dev);
}

int ethtool_op_get_ts_info(struct net_device *dev, struct ethtool_ts_info *info)
{
	return 0;
}

void ethtool_sprintf(u8 **data, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(*data, ETH_GSTRING_LEN, format, args);
	va_end(args);
	*data += ETH_GSTRING_LEN;
}

/* --- PCI device ----------------------------------------------------------- */

struct pci_driver *fuzz_driver;

int __pci_register_driver(struct pci_driver *driver, struct module *module,
			  const char *name)
{
	fuzz_driver = driver;
	return 0;
}

void pci_unregister_driver(struct pci_driver *driver)
{
}

int pci_enable_device(struct pci_dev *pdev)
{
	return 0;
}

void pci_disable_device(struct pci_dev *pdev)
{
}

int pci_request_regions(struct pci_dev *pdev, const char *name)
{
	return 0;
}

void pci_release_regions(struct pci_dev *pdev)
{
}

/* Never touched: readl() and writel() are the fuzzer's (hooks.h) */
void __iomem *pci_ioremap_bar(struct pci_dev *pdev, int bar)
{
	return fuzz_fails(&fuzz_fail.kmalloc) ? NULL : (void __iomem *)SZ_1G;
}

void __iomem *pci_iomap(struct pci_dev *pdev, int bar, unsigned long len)
{
	return fuzz_fails(&fuzz_fail.kmalloc) ? NULL : (void __iomem *)SZ_2G;
}

void pci_iounmap(struct pci_dev *pdev, void __iomem *addr)
{
}

void iounmap(volatile void __iomem *addr)
{
}

void iowrite32(u32 val, void __iomem *addr)
{
}

void pci_set_master(struct pci_dev *pdev)
{
}

void pci_clear_master(struct pci_dev *pdev)
{
}

int pci_read_config_word(const struct pci_dev *pdev, int where, u16 *val)
{
	*val = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	return 0;
}

int pci_save_state(struct pci_dev *pdev)
{
	return 0;
}

void pci_restore_state(struct pci_dev *pdev)
{
}

int pci_set_power_state(struct pci_dev *pdev, pci_power_t state)
{
	return 0;
}

int pci_wake_from_d3(struct pci_dev *pdev, bool enable)
{
	return 0;
}

int device_set_wakeup_enable(struct device *dev, bool enable)
{
	return 0;
}

const char *dev_driver_string(const struct device *dev)
{
	return "fuzz";
}
