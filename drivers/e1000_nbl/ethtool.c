// SPDX-License-Identifier: GPL-2.0-only
/*
 * ethtool: settings are refused with the reason, or hold at once, and for every
 * up to come. Statistics are in stats.c, the self-test is in selftest.c.
 *
 * Context of all: process, rtnl, and the device is there.
 */
#include <linux/ethtool.h>
#include <linux/mii.h>
#include <linux/stringify.h>

#include "e1000_nbl.h"

/* What a reset of ours covers; the PHY keeps its link */
#define ENBL_RESETS	(ETH_RESET_IRQ | ETH_RESET_DMA | ETH_RESET_FILTER | \
			 ETH_RESET_OFFLOAD | ETH_RESET_MAC | ETH_RESET_RAM)

/* LEDCTL: the same mode for all four */
#define LEDCTL_ALL_ON	0x0e0e0e0e
#define LEDCTL_ALL_OFF	0x0f0f0f0f

static void enbl_get_drvinfo(struct net_device *netdev,
			     struct ethtool_drvinfo *info)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u16 version = adapter->eeprom[5];

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(adapter->pdev),
		sizeof(info->bus_info));
	/* Not all images have one: QEMU's does not */
	if (version && version != U16_MAX)
		snprintf(info->fw_version, sizeof(info->fw_version),
			 "%u.%02x-%u", version >> 12, version >> 4 & 0xff,
			 version & 0xf);
}

static u32 enbl_get_msglevel(struct net_device *netdev)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	return adapter->msg_enable;
}

static void enbl_set_msglevel(struct net_device *netdev, u32 msg_enable)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	adapter->msg_enable = msg_enable;
}

static u32 enbl_partner_modes(struct enbl_adapter *adapter)
{
	u16 lpa, stat1000;
	u32 modes = 0;

	mutex_lock(&adapter->link_lock);
	if (!enbl_phy_read(adapter, MII_LPA, &lpa) &&
	    !enbl_phy_read(adapter, MII_STAT1000, &stat1000))
		modes = mii_lpa_to_ethtool_lpa_t(lpa) |
			mii_stat1000_to_ethtool_lpa_t(stat1000);
	mutex_unlock(&adapter->link_lock);
	return modes;
}

static int enbl_get_link_ksettings(struct net_device *netdev,
				   struct ethtool_link_ksettings *cmd)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u32 supported = ENBL_ADVERTISED_ALL | ADVERTISED_Autoneg |
			ADVERTISED_TP | ADVERTISED_Pause |
			ADVERTISED_Asym_Pause;
	u32 advertising = ADVERTISED_TP;
	u32 partner = 0;

	cmd->base.port = PORT_TP;
	cmd->base.phy_address = adapter->phy_addr;
	cmd->base.autoneg = adapter->autoneg;
	cmd->base.speed = SPEED_UNKNOWN;
	cmd->base.duplex = DUPLEX_UNKNOWN;
	if (netif_carrier_ok(netdev) && adapter->speed) {
		cmd->base.speed = adapter->speed;
		cmd->base.duplex = adapter->full_duplex ? DUPLEX_FULL :
							  DUPLEX_HALF;
		if (adapter->autoneg)
			partner = enbl_partner_modes(adapter);
	} else if (!adapter->autoneg) {
		cmd->base.speed = adapter->forced_speed;
		cmd->base.duplex = adapter->forced_full_duplex ? DUPLEX_FULL :
								 DUPLEX_HALF;
	}

	if (adapter->autoneg)
		advertising |= ADVERTISED_Autoneg |
			       mii_adv_to_ethtool_adv_t(enbl_advertised(adapter)) |
			       adapter->advertising;
	ethtool_convert_legacy_u32_to_link_mode(cmd->link_modes.supported,
						supported);
	ethtool_convert_legacy_u32_to_link_mode(cmd->link_modes.advertising,
						advertising);
	ethtool_convert_legacy_u32_to_link_mode(cmd->link_modes.lp_advertising,
						partner);
	return 0;
}

/* No extack in this one: the reason goes to the log */
static int enbl_check_link(struct net_device *netdev,
			   const struct ethtool_link_ksettings *cmd, u32 *modes)
{
	bool known;

	known = ethtool_convert_link_mode_to_legacy_u32(modes,
							cmd->link_modes.advertising);
	*modes &= ~(ADVERTISED_Autoneg | ADVERTISED_TP | ADVERTISED_MII |
		    ADVERTISED_Pause | ADVERTISED_Asym_Pause);

	if (cmd->base.autoneg) {
		if (known && *modes && !(*modes & ~ENBL_ADVERTISED_ALL))
			return 0;
		netdev_info(netdev, "can advertise 10 and 100 Mb/s in both duplex modes and 1000 Mb/s full duplex, one of them at least\n");
		return -EINVAL;
	}
	if (cmd->base.speed == SPEED_1000) {
		netdev_info(netdev, "1000 Mb/s needs autonegotiation: leave it on and advertise 0x20 only\n");
		return -EINVAL;
	}
	if ((cmd->base.speed != SPEED_10 && cmd->base.speed != SPEED_100) ||
	    (cmd->base.duplex != DUPLEX_HALF &&
	     cmd->base.duplex != DUPLEX_FULL)) {
		netdev_info(netdev, "without autonegotiation the speed is 10 or 100 Mb/s and the duplex half or full\n");
		return -EINVAL;
	}
	return 0;
}

static int enbl_set_link_ksettings(struct net_device *netdev,
				   const struct ethtool_link_ksettings *cmd)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u32 modes;
	int err;

	err = enbl_check_link(netdev, cmd, &modes);
	if (err)
		return err;

	mutex_lock(&adapter->link_lock);
	adapter->autoneg = cmd->base.autoneg;
	if (adapter->autoneg) {
		adapter->advertising = modes;
	} else {
		adapter->forced_speed = cmd->base.speed;
		adapter->forced_full_duplex = cmd->base.duplex == DUPLEX_FULL;
	}
	mutex_unlock(&adapter->link_lock);
	return enbl_link_restart(adapter);
}

static int enbl_nway_reset(struct net_device *netdev)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	return adapter->autoneg ? enbl_link_restart(adapter) : -EINVAL;
}

static void enbl_get_pauseparam(struct net_device *netdev,
				struct ethtool_pauseparam *pause)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	pause->autoneg = adapter->pause_autoneg;
	pause->rx_pause = adapter->pause_rx;
	pause->tx_pause = adapter->pause_tx;
}

static int enbl_set_pauseparam(struct net_device *netdev,
			       struct ethtool_pauseparam *pause)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u16 advertised = enbl_advertised(adapter);

	mutex_lock(&adapter->link_lock);
	adapter->pause_autoneg = pause->autoneg;
	adapter->pause_rx = pause->rx_pause;
	adapter->pause_tx = pause->tx_pause;
	mutex_unlock(&adapter->link_lock);

	if (adapter->autoneg && advertised != enbl_advertised(adapter))
		return enbl_link_restart(adapter);
	enbl_pause_update(adapter);
	return 0;
}

static void enbl_get_ringparam(struct net_device *netdev,
			       struct ethtool_ringparam *ring,
			       struct kernel_ethtool_ringparam *kernel_ring,
			       struct netlink_ext_ack *extack)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	ring->rx_max_pending = ENBL_RING_MAX;
	ring->tx_max_pending = ENBL_RING_MAX;
	ring->rx_pending = adapter->nr_rx_desc;
	ring->tx_pending = adapter->nr_tx_desc;
}

static bool enbl_ring_size_ok(u32 count)
{
	return count >= ENBL_RING_MIN && count <= ENBL_RING_MAX &&
	       count % ENBL_RING_MULTIPLE == 0;
}

static int enbl_set_ringparam(struct net_device *netdev,
			      struct ethtool_ringparam *ring,
			      struct kernel_ethtool_ringparam *kernel_ring,
			      struct netlink_ext_ack *extack)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	int err;

	if (ring->rx_mini_pending || ring->rx_jumbo_pending) {
		NL_SET_ERR_MSG_MOD(extack,
				   "there are no mini and no jumbo rings: frames of all sizes share one");
		return -EINVAL;
	}
	if (!enbl_ring_size_ok(ring->rx_pending) ||
	    !enbl_ring_size_ok(ring->tx_pending)) {
		NL_SET_ERR_MSG_MOD(extack, "a ring has " __stringify(ENBL_RING_MIN)
				   " to " __stringify(ENBL_RING_MAX)
				   " descriptors, a multiple of "
				   __stringify(ENBL_RING_MULTIPLE));
		return -EINVAL;
	}
	if (ring->rx_pending == adapter->nr_rx_desc &&
	    ring->tx_pending == adapter->nr_tx_desc)
		return 0;

	err = enbl_set_ring_sizes(adapter, ring->rx_pending, ring->tx_pending);
	if (err)
		NL_SET_ERR_MSG_MOD(extack,
				   "no memory for rings of this size; they are as they were");
	return err;
}

/* One timer for both directions; it is rx-usecs by custom */
static int enbl_get_coalesce(struct net_device *netdev,
			     struct ethtool_coalesce *coalesce,
			     struct kernel_ethtool_coalesce *kernel_coalesce,
			     struct netlink_ext_ack *extack)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	coalesce->rx_coalesce_usecs = adapter->itr_us;
	coalesce->use_adaptive_rx_coalesce = adapter->adaptive;
	return 0;
}

static int enbl_set_coalesce(struct net_device *netdev,
			     struct ethtool_coalesce *coalesce,
			     struct kernel_ethtool_coalesce *kernel_coalesce,
			     struct netlink_ext_ack *extack)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	if (coalesce->rx_coalesce_usecs > ENBL_ITR_MAX_US) {
		NL_SET_ERR_MSG_MOD(extack, "rx-usecs is 0 to "
				   __stringify(ENBL_ITR_MAX_US)
				   ", the least time between interrupts; transmit shares it");
		return -EINVAL;
	}

	if (coalesce->use_adaptive_rx_coalesce &&
	    coalesce->rx_coalesce_usecs != adapter->itr_us) {
		NL_SET_ERR_MSG_MOD(extack,
				   "rx-usecs is for adaptive-rx off: turn it off in the same command");
		return -EINVAL;
	}
	enbl_itr_set(adapter, coalesce->rx_coalesce_usecs,
		     coalesce->use_adaptive_rx_coalesce);
	return 0;
}

static void enbl_get_channels(struct net_device *netdev,
			      struct ethtool_channels *channels)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	channels->max_combined = adapter->info->nr_queues;
	channels->combined_count = adapter->nr_queues;
}

/* No extack here either; more than there are is refused before */
static int enbl_set_channels(struct net_device *netdev,
			     struct ethtool_channels *channels)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	if (channels->combined_count == adapter->nr_queues)
		return 0;
	netdev_info(netdev, "the device has %u combined channel, no more and no less\n",
		    adapter->nr_queues);
	return -EINVAL;
}

static void enbl_get_wol(struct net_device *netdev, struct ethtool_wolinfo *wol)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	/* A slot without wake-up, or an emulator */
	if (!device_can_wakeup(&adapter->pdev->dev))
		return;
	wol->supported = adapter->info->wol;
	wol->wolopts = adapter->wol;
}

static int enbl_set_wol(struct net_device *netdev, struct ethtool_wolinfo *wol)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	struct device *dev = &adapter->pdev->dev;

	if (wol->wolopts & ~adapter->info->wol || !device_can_wakeup(dev))
		return -EOPNOTSUPP;
	adapter->wol = wol->wolopts;
	return device_set_wakeup_enable(dev, adapter->wol);
}

static int enbl_get_eeprom_len(struct net_device *netdev)
{
	return ENBL_EEPROM_WORDS * sizeof(u16);
}

/* As read in probe; the part and its manual count in little-endian words */
static int enbl_get_eeprom(struct net_device *netdev,
			   struct ethtool_eeprom *eeprom, u8 *data)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u32 i, byte;

	eeprom->magic = adapter->pdev->vendor | adapter->pdev->device << 16;
	for (i = 0; i < eeprom->len; i++) {
		byte = eeprom->offset + i;
		data[i] = adapter->eeprom[byte / 2] >> (byte % 2 * 8);
	}
	return 0;
}

static int enbl_get_tunable(struct net_device *netdev,
			    const struct ethtool_tunable *tunable, void *data)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	if (tunable->id != ETHTOOL_TX_COPYBREAK)
		return -EOPNOTSUPP;
	*(u32 *)data = adapter->tx_copybreak;
	return 0;
}

static int enbl_set_tunable(struct net_device *netdev,
			    const struct ethtool_tunable *tunable,
			    const void *data)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	u32 bytes;
	u16 i;

	if (tunable->id != ETHTOOL_TX_COPYBREAK)
		return -EOPNOTSUPP;

	bytes = *(const u32 *)data;
	if (bytes > ENBL_COPYBREAK) {
		netdev_info(netdev, "tx-copybreak is 0 (copy nothing) to %u bytes\n",
			    ENBL_COPYBREAK);
		return -EINVAL;
	}

	adapter->tx_copybreak = bytes;
	/* xmit may be at it: the next packet or the one after goes by it */
	for (i = 0; i < adapter->nr_queues; i++)
		WRITE_ONCE(adapter->queue[i].tx.copybreak,
			   enbl_tx_copybreak(adapter));
	return 0;
}

static int enbl_set_phys_id(struct net_device *netdev,
			    enum ethtool_phys_id_state state)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	if (!adapter->info->ledctl)
		return -EOPNOTSUPP;

	switch (state) {
	case ETHTOOL_ID_ACTIVE:
		adapter->ledctl = enbl_read(adapter, ENBL_LEDCTL);
		return 2;		/* on and off, twice a second */
	case ETHTOOL_ID_ON:
		enbl_write(adapter, ENBL_LEDCTL, LEDCTL_ALL_ON);
		break;
	case ETHTOOL_ID_OFF:
		enbl_write(adapter, ENBL_LEDCTL, LEDCTL_ALL_OFF);
		break;
	case ETHTOOL_ID_INACTIVE:
		enbl_write(adapter, ENBL_LEDCTL, adapter->ledctl);
		break;
	}
	return 0;
}

static int enbl_reset(struct net_device *netdev, u32 *flags)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	/* It is all or nothing in hardware */
	if ((*flags & ENBL_RESETS) != ENBL_RESETS)
		return -EOPNOTSUPP;
	if (netif_running(netdev))
		enbl_reinit(adapter);
	else
		enbl_hw_reset(adapter);
	*flags &= ~ENBL_RESETS;
	return 0;
}

const struct ethtool_ops enbl_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_RX_USECS |
				     ETHTOOL_COALESCE_USE_ADAPTIVE_RX,
	.get_drvinfo		= enbl_get_drvinfo,
	.get_msglevel		= enbl_get_msglevel,
	.set_msglevel		= enbl_set_msglevel,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= enbl_get_link_ksettings,
	.set_link_ksettings	= enbl_set_link_ksettings,
	.nway_reset		= enbl_nway_reset,
	.get_pauseparam		= enbl_get_pauseparam,
	.set_pauseparam		= enbl_set_pauseparam,
	.get_pause_stats	= enbl_get_pause_stats,
	.get_ringparam		= enbl_get_ringparam,
	.set_ringparam		= enbl_set_ringparam,
	.get_coalesce		= enbl_get_coalesce,
	.set_coalesce		= enbl_set_coalesce,
	.get_channels		= enbl_get_channels,
	.set_channels		= enbl_set_channels,
	.get_sset_count		= enbl_get_sset_count,
	.get_strings		= enbl_get_strings,
	.get_ethtool_stats	= enbl_get_ethtool_stats,
	.get_eth_phy_stats	= enbl_get_eth_phy_stats,
	.get_eth_mac_stats	= enbl_get_eth_mac_stats,
	.get_eth_ctrl_stats	= enbl_get_eth_ctrl_stats,
	.get_rmon_stats		= enbl_get_rmon_stats,
	.self_test		= enbl_self_test,
	.get_regs_len		= enbl_get_regs_len,
	.get_regs		= enbl_get_regs,
	.get_eeprom_len		= enbl_get_eeprom_len,
	.get_eeprom		= enbl_get_eeprom,
	.get_wol		= enbl_get_wol,
	.set_wol		= enbl_set_wol,
	.get_tunable		= enbl_get_tunable,
	.set_tunable		= enbl_set_tunable,
	.set_phys_id		= enbl_set_phys_id,
	.get_ts_info		= ethtool_op_get_ts_info,
	.reset			= enbl_reset,
};
