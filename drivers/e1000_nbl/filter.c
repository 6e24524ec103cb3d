// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device lets in: exact addresses (RAL/RAH), a hash of 4,096 bits
 * (MTA), VLANs (VFTA), and the promiscuous bits of RCTL.
 *
 * QEMU's model stops receiving for a second at each write of RCTL. It also
 * looks unicast addresses up in the hash, which real parts do not. So there a
 * full hash makes the device promiscuous, and RCTL is left alone; elsewhere
 * RCTL has the bits, written only when they change.
 *
 * The shadows of RCTL and of the tables are guarded by netif_addr_lock, which
 * the core holds around ndo_set_rx_mode.
 */
#include <linux/bitfield.h>
#include <linux/etherdevice.h>

#include "e1000_nbl.h"

static void enbl_write_rctl(struct enbl_adapter *adapter, u32 rctl)
{
	if (adapter->rctl == rctl)
		return;
	adapter->rctl = rctl;
	enbl_write(adapter, ENBL_RCTL, rctl);
}

void enbl_set_rctl(struct enbl_adapter *adapter, u32 clear, u32 set)
{
	netif_addr_lock_bh(adapter->netdev);
	enbl_write_rctl(adapter, (adapter->rctl & ~clear) | set);
	netif_addr_unlock_bh(adapter->netdev);
}

void enbl_set_ctrl(struct enbl_adapter *adapter, u32 clear, u32 set)
{
	u32 ctrl = (adapter->ctrl & ~clear) | set;

	if (adapter->ctrl == ctrl)
		return;
	adapter->ctrl = ctrl;
	enbl_write(adapter, ENBL_CTRL, ctrl);
}

static void enbl_set_rar(struct enbl_adapter *adapter, unsigned int n,
			 const u8 *addr)
{
	u32 low = 0, high = 0;
	u64 both;

	if (addr) {
		low = addr[0] | addr[1] << 8 | addr[2] << 16 | (u32)addr[3] << 24;
		high = addr[4] | addr[5] << 8 | RAH_AV;
	}
	both = (u64)high << 32 | low;
	if (adapter->rar[n] == both)
		return;
	adapter->rar[n] = both;
	/* Not valid while the halves do not match */
	enbl_write(adapter, ENBL_RAH(n), 0);
	enbl_write(adapter, ENBL_RAL(n), low);
	enbl_write(adapter, ENBL_RAH(n), high);
}

/* RCTL.MO 0: bits 47..36 of the address, in the order they are sent */
static void enbl_hash_add(u32 *mta, const u8 *addr)
{
	u32 hash = (addr[4] >> 4 | addr[5] << 4) & 0xfff;

	mta[hash / 32] |= BIT(hash % 32);
}

/*
 * Only what changes. From the end, and an even word again after the odd one
 * behind it: on the 82544 writing the odd word can overwrite the even one.
 */
static void enbl_write_table(struct enbl_adapter *adapter, u32 reg, u32 *shadow,
			     const u32 *table, int size)
{
	bool again = false;

	while (size--) {
		bool write = again || shadow[size] != table[size];

		again = write && size % 2;
		if (!write)
			continue;
		shadow[size] = table[size];
		enbl_write(adapter, reg + 4 * size, table[size]);
	}
}

static void enbl_write_mta(struct enbl_adapter *adapter, const u32 *mta)
{
	enbl_write_table(adapter, ENBL_MTA(0), adapter->mta, mta,
			 ENBL_MTA_SIZE);
}

/* Everything while filtering is off, else what the stack asked for */
static void enbl_write_vfta(struct enbl_adapter *adapter, bool all)
{
	u32 vfta[ENBL_VFTA_SIZE];

	if (all)
		memset(vfta, 0xff, sizeof(vfta));
	else
		bitmap_to_arr32(vfta, adapter->active_vlans, VLAN_N_VID);
	enbl_write_table(adapter, ENBL_VFTA(0), adapter->vfta, vfta,
			 ENBL_VFTA_SIZE);
}

static bool enbl_vlan_filter_off(const struct net_device *netdev)
{
	return netdev->flags & IFF_PROMISC ||
	       !(netdev->features & NETIF_F_HW_VLAN_CTAG_FILTER);
}

/**
 * enbl_set_rx_mode() - ndo_set_rx_mode
 * @netdev: our device
 *
 * Context: BH off, addresses locked. Frames that were let in before and still
 * are come in all the while.
 */
void enbl_set_rx_mode(struct net_device *netdev)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	bool all_unicast = netdev->flags & IFF_PROMISC;
	bool all_multicast = netdev->flags & (IFF_PROMISC | IFF_ALLMULTI);
	u32 rctl = adapter->rctl & ~(RCTL_UPE | RCTL_MPE);
	u32 mta[ENBL_MTA_SIZE] = { };
	struct netdev_hw_addr *ha;
	u32 wide[ENBL_MTA_SIZE];
	unsigned int i, n = 1;

	if (netdev_uc_count(netdev) > ENBL_RAR_SIZE - 1)
		all_unicast = true;

	netdev_for_each_mc_addr(ha, netdev)
		enbl_hash_add(mta, ha->addr);

	/* Wider filters first, narrower ones last: no gap in between */
	if (adapter->qemu) {
		if (all_unicast || all_multicast)
			memset(mta, 0xff, sizeof(mta));
	} else {
		rctl |= (all_unicast ? RCTL_UPE : 0) |
			(all_multicast ? RCTL_MPE : 0);
		enbl_write_rctl(adapter, rctl | adapter->rctl);
	}
	for (i = 0; i < ENBL_MTA_SIZE; i++)
		wide[i] = mta[i] | adapter->mta[i];
	enbl_write_mta(adapter, wide);

	/* Exact addresses stay even where all pass: they may soon not */
	netdev_for_each_uc_addr(ha, netdev)
		if (n < ENBL_RAR_SIZE)
			enbl_set_rar(adapter, n++, ha->addr);
	while (n < ENBL_RAR_SIZE)
		enbl_set_rar(adapter, n++, NULL);

	enbl_write_mta(adapter, mta);
	enbl_write_vfta(adapter, enbl_vlan_filter_off(netdev));
	if (!adapter->qemu)
		enbl_write_rctl(adapter, rctl);
}

static void enbl_clear_tables(struct enbl_adapter *adapter)
{
	static const u32 zeroes[ENBL_MTA_SIZE];

	BUILD_BUG_ON(ENBL_MTA_SIZE != ENBL_VFTA_SIZE);
	enbl_write_mta(adapter, zeroes);
	enbl_write_table(adapter, ENBL_VFTA(0), adapter->vfta, zeroes,
			 ENBL_VFTA_SIZE);
}

/*
 * After a reset the device has nothing of what the shadows say; @rctl is what
 * it shall have but for the promiscuous bits, reception still off.
 */
void enbl_filter_restore(struct enbl_adapter *adapter, u32 rctl)
{
	netif_addr_lock_bh(adapter->netdev);
	/* The filters add their bits, so that enabling is the only write */
	adapter->rctl = rctl;
	/* Differ from whatever is written */
	memset(adapter->mta, 0xff, sizeof(adapter->mta));
	memset(adapter->vfta, 0xff, sizeof(adapter->vfta));
	memset(adapter->rar, 0xff, sizeof(adapter->rar));
	enbl_clear_tables(adapter);
	enbl_set_rar(adapter, 0, adapter->netdev->dev_addr);
	enbl_set_rx_mode(adapter->netdev);
	netif_addr_unlock_bh(adapter->netdev);
}

int enbl_set_mac_address(struct net_device *netdev, void *p)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	int err = eth_mac_addr(netdev, p);

	if (!err && netif_running(netdev))
		enbl_set_rar(adapter, 0, netdev->dev_addr);
	return err;
}

static int enbl_vlan_update(struct net_device *netdev, u16 vid, bool add)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);

	netif_addr_lock_bh(netdev);
	/* Tags with a priority only are for everybody */
	__assign_bit(vid, adapter->active_vlans, add || !vid);
	if (netif_running(netdev))
		enbl_write_vfta(adapter, enbl_vlan_filter_off(netdev));
	netif_addr_unlock_bh(netdev);
	return 0;
}

int enbl_vlan_rx_add_vid(struct net_device *netdev, __be16 proto, u16 vid)
{
	return enbl_vlan_update(netdev, vid, true);
}

int enbl_vlan_rx_kill_vid(struct net_device *netdev, __be16 proto, u16 vid)
{
	return enbl_vlan_update(netdev, vid, false);
}
