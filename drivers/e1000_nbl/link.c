// SPDX-License-Identifier: GPL-2.0-only
/*
 * The link: the PHY at the other end of MDIC, and the MAC's idea of it.
 *
 * The PHY negotiates by itself from power-on and keeps its link through a reset
 * of the MAC. It is told something only when that changes something
 * (enbl_link_restart()): each negotiation is seconds without a link, half a
 * second in QEMU. At each up, enbl_link_setup() makes the MAC follow the PHY.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/ethtool.h>
#include <linux/iopoll.h>
#include <linux/mii.h>

#include "e1000_nbl.h"

#define MDIC_POLL_US		10
#define MDIC_TIMEOUT_US		2000	/* an access takes about 64 us */

/* Marvell 88E1000 and 88E1011, the PHY in all of these parts */
#define M88_ID1			0x0141
#define M88_PSCR		16	/* PHY specific control */
#define   M88_PSCR_CROSSOVER	GENMASK(6, 5)	/* 3: find it out */
#define   M88_PSCR_CRS_ON_TX	BIT(11)	/* half duplex needs it */

#define CTRL_LINK		(CTRL_FD | CTRL_ASDE | CTRL_SLU | CTRL_ILOS | \
				 CTRL_SPEED | CTRL_FRCSPD | CTRL_FRCDPX)
#define CTRL_PAUSE		(CTRL_RFCE | CTRL_TFCE)

static int enbl_mdic(struct enbl_adapter *adapter, u32 command, u32 *mdic)
{
	int err;

	lockdep_assert_held(&adapter->link_lock);
	enbl_write(adapter, ENBL_MDIC, command |
		   FIELD_PREP(MDIC_PHY, adapter->phy_addr));
	err = read_poll_timeout(enbl_read, *mdic, *mdic & MDIC_READY,
				MDIC_POLL_US, MDIC_TIMEOUT_US, false,
				adapter, ENBL_MDIC);
	if (err)
		return err;
	/* All ones, of a device that is gone, have it set too */
	return *mdic & MDIC_ERROR ? -EIO : 0;
}

/* Context: process, link_lock */
int enbl_phy_read(struct enbl_adapter *adapter, u8 reg, u16 *val)
{
	u32 mdic;
	int err;

	err = enbl_mdic(adapter, MDIC_READ | FIELD_PREP(MDIC_REG, reg), &mdic);
	*val = err ? 0 : FIELD_GET(MDIC_DATA, mdic);
	return err;
}

/* Context: process, link_lock */
int enbl_phy_write(struct enbl_adapter *adapter, u8 reg, u16 val)
{
	u32 mdic;

	return enbl_mdic(adapter, MDIC_WRITE | FIELD_PREP(MDIC_REG, reg) |
			 FIELD_PREP(MDIC_DATA, val), &mdic);
}

static u16 enbl_wanted_bmcr(const struct enbl_adapter *adapter)
{
	if (adapter->autoneg)
		return BMCR_ANENABLE;
	return (adapter->forced_speed == SPEED_100 ? BMCR_SPEED100 : 0) |
	       (adapter->forced_full_duplex ? BMCR_FULLDPLX : 0);
}

/* A new mode counts after it; settings survive it, but none is taken during */
static int enbl_phy_reset(struct enbl_adapter *adapter)
{
	u16 bmcr = enbl_wanted_bmcr(adapter) | BMCR_RESET;
	int err, tries;

	err = enbl_phy_write(adapter, MII_BMCR, bmcr);
	for (tries = 0; !err && tries < 50; tries++) {
		err = enbl_phy_read(adapter, MII_BMCR, &bmcr);
		if (!err && !(bmcr & BMCR_RESET))
			return 0;
		usleep_range(10000, 20000);
	}
	return err ?: -ETIMEDOUT;
}

/* At a forced speed the PHY cannot find crossed wires by itself */
static int enbl_phy_mode(struct enbl_adapter *adapter)
{
	u16 old, new;
	int err;

	err = enbl_phy_read(adapter, M88_PSCR, &old);
	if (err)
		return err;

	new = (old & ~M88_PSCR_CROSSOVER) | M88_PSCR_CRS_ON_TX |
	      FIELD_PREP(M88_PSCR_CROSSOVER, adapter->autoneg ? 3 : 0);
	if (new == old)
		return 0;
	err = enbl_phy_write(adapter, M88_PSCR, new);
	return err ?: enbl_phy_reset(adapter);
}

/* What we offer; receive alone cannot be said, so it is both and then masked */
u16 enbl_advertised(const struct enbl_adapter *adapter)
{
	u16 adv = ADVERTISE_CSMA |
		  ethtool_adv_to_mii_adv_t(adapter->advertising);

	if (adapter->pause_rx)
		adv |= ADVERTISE_PAUSE_CAP | ADVERTISE_PAUSE_ASYM;
	else if (adapter->pause_tx)
		adv |= ADVERTISE_PAUSE_ASYM;
	return adv;
}

/* The MAC's side: follow the PHY, or be told */
static void enbl_link_mac(struct enbl_adapter *adapter)
{
	u32 ctrl = CTRL_SLU;

	if (adapter->autoneg)
		ctrl |= CTRL_ASDE | CTRL_FD;
	else
		ctrl |= CTRL_FRCSPD | CTRL_FRCDPX |
			FIELD_PREP(CTRL_SPEED,
				   adapter->forced_speed == SPEED_100) |
			(adapter->forced_full_duplex ? CTRL_FD : 0);
	enbl_set_ctrl(adapter, CTRL_LINK, ctrl);
}

static int enbl_phy_negotiate(struct enbl_adapter *adapter)
{
	u16 ctrl1000;
	int err;

	err = enbl_phy_write(adapter, MII_ADVERTISE, enbl_advertised(adapter));
	if (!err)
		err = enbl_phy_read(adapter, MII_CTRL1000, &ctrl1000);
	if (err)
		return err;

	ctrl1000 &= ~(ADVERTISE_1000FULL | ADVERTISE_1000HALF);
	ctrl1000 |= ethtool_adv_to_mii_ctrl1000_t(adapter->advertising);
	err = enbl_phy_write(adapter, MII_CTRL1000, ctrl1000);
	if (err)
		return err;
	return enbl_phy_write(adapter, MII_BMCR, BMCR_ANENABLE | BMCR_ANRESTART);
}

static int enbl_link_restart_locked(struct enbl_adapter *adapter)
{
	int err;

	err = enbl_phy_mode(adapter);
	if (err)
		return err;

	err = adapter->autoneg ? enbl_phy_negotiate(adapter) :
				 enbl_phy_reset(adapter);
	enbl_link_mac(adapter);
	/* The watchdog looks at everything anew */
	adapter->speed = 0;
	return err;
}

/**
 * enbl_link_restart() - make the settings in @adapter the link's
 * @adapter: adapter, up or down
 *
 * Context: process, rtnl. The link goes down for a while.
 * Return: 0, or why the PHY did not answer.
 */
int enbl_link_restart(struct enbl_adapter *adapter)
{
	int err;

	mutex_lock(&adapter->link_lock);
	err = enbl_link_restart_locked(adapter);
	mutex_unlock(&adapter->link_lock);
	/* QEMU takes its link down without an interrupt */
	enbl_kick_watchdog(adapter);
	return err;
}

/* Does the PHY do already what we would have it do? */
static bool enbl_phy_as_wanted(struct enbl_adapter *adapter)
{
	const u16 modes = BMCR_SPEED1000 | BMCR_SPEED100 | BMCR_FULLDPLX;
	const u16 speeds = ADVERTISE_1000FULL | ADVERTISE_1000HALF;
	const u16 offers = ADVERTISE_ALL | ADVERTISE_PAUSE_CAP |
			   ADVERTISE_PAUSE_ASYM;
	u16 bmcr, adv, ctrl1000;
	u16 bits = BMCR_ANENABLE | BMCR_PDOWN | BMCR_ISOLATE;

	if (!adapter->autoneg)
		bits |= modes;
	if (enbl_phy_read(adapter, MII_BMCR, &bmcr) ||
	    (bmcr & bits) != enbl_wanted_bmcr(adapter))
		return false;
	if (!adapter->autoneg)
		return true;

	if (enbl_phy_read(adapter, MII_ADVERTISE, &adv) ||
	    enbl_phy_read(adapter, MII_CTRL1000, &ctrl1000))
		return false;
	return !((adv ^ enbl_advertised(adapter)) & offers) &&
	       (ctrl1000 & speeds) ==
	       ethtool_adv_to_mii_ctrl1000_t(adapter->advertising);
}

/* From power-on, suspend or another driver to what is asked for */
static int enbl_link_check(struct enbl_adapter *adapter)
{
	int err;

	err = enbl_phy_mode(adapter);
	if (!err && !enbl_phy_as_wanted(adapter))
		err = enbl_link_restart_locked(adapter);
	return err;
}

/**
 * enbl_link_init() - find the PHY; offer everything
 * @adapter: adapter in probe
 *
 * Return: 0 or -ENODEV.
 */
int enbl_link_init(struct enbl_adapter *adapter)
{
	u16 id1, id2;
	int err;

	mutex_init(&adapter->link_lock);
	adapter->phy_addr = 1;		/* wired so in all parts */
	adapter->autoneg = true;
	adapter->advertising = ENBL_ADVERTISED_ALL;
	adapter->pause_autoneg = true;
	adapter->pause_rx = true;
	adapter->pause_tx = true;

	mutex_lock(&adapter->link_lock);
	err = enbl_phy_read(adapter, MII_PHYSID1, &id1);
	if (!err)
		err = enbl_phy_read(adapter, MII_PHYSID2, &id2);
	if (err || id1 != M88_ID1) {
		dev_err(&adapter->pdev->dev, "no PHY that the driver knows: %pe, first ID register %#06x\n",
			ERR_PTR(err), id1);
		err = -ENODEV;
		goto out;
	}

	err = enbl_link_check(adapter);
out:
	mutex_unlock(&adapter->link_lock);
	return err;
}

/*
 * A partner is told to wait when the receive buffer is all but full: room for
 * one more of the longest frames, and a tenth. It may go on 8 bytes below.
 */
static void enbl_pause_setup(struct enbl_adapter *adapter)
{
	u32 buffer = enbl_rx_buffer(adapter);
	u32 high = min(buffer - buffer / 10, buffer - ENBL_MAX_FRAME) & ~7U;

	enbl_write(adapter, ENBL_FCAL, 0x00c28001);	/* 01:80:c2:00:00:01 */
	enbl_write(adapter, ENBL_FCAH, 0x0100);
	enbl_write(adapter, ENBL_FCT, ETH_P_PAUSE);
	enbl_write(adapter, ENBL_FCTTV, U16_MAX);
	enbl_write(adapter, ENBL_FCRTH, high);
	enbl_write(adapter, ENBL_FCRTL, (high - 8) | FCRTL_XONE);
}

/**
 * enbl_link_setup() - make a MAC just reset follow its PHY
 * @adapter: adapter in enbl_up(), after enbl_hw_reset()
 *
 * The collision distance is in TCTL and the same at all speeds here: gigabit
 * is full duplex.
 *
 * Context: process, rtnl, watchdog off.
 */
void enbl_link_setup(struct enbl_adapter *adapter)
{
	int err;

	enbl_pause_setup(adapter);
	enbl_link_mac(adapter);

	mutex_lock(&adapter->link_lock);
	err = enbl_link_check(adapter);
	mutex_unlock(&adapter->link_lock);
	/* Of a device that is gone it was said */
	if (err && !adapter->gone && net_ratelimit())
		netdev_warn(adapter->netdev, "the PHY does not answer: %pe; the link is as it was\n",
			    ERR_PTR(err));
}

static void enbl_pause_resolve(struct enbl_adapter *adapter)
{
	u8 flow = FLOW_CTRL_RX | FLOW_CTRL_TX;
	u16 partner;

	if (!adapter->full_duplex)
		flow = 0;
	else if (adapter->autoneg && adapter->pause_autoneg)
		flow = enbl_phy_read(adapter, MII_LPA, &partner) ? 0 :
		       mii_resolve_flowctrl_fdx(enbl_advertised(adapter),
						partner);

	enbl_set_ctrl(adapter, CTRL_PAUSE,
		      (flow & FLOW_CTRL_RX && adapter->pause_rx ? CTRL_RFCE : 0) |
		      (flow & FLOW_CTRL_TX && adapter->pause_tx ? CTRL_TFCE : 0));
}

/* Other pause settings, the same link. Context: process */
void enbl_pause_update(struct enbl_adapter *adapter)
{
	mutex_lock(&adapter->link_lock);
	if (adapter->speed)
		enbl_pause_resolve(adapter);
	mutex_unlock(&adapter->link_lock);
}

static u32 enbl_status_speed(u32 status)
{
	static const u32 speeds[] = { SPEED_10, SPEED_100, SPEED_1000,
				      SPEED_1000 };

	return speeds[FIELD_GET(STATUS_SPEED, status)];
}

/**
 * enbl_link_update() - see what has become of the link
 * @adapter: adapter, up
 *
 * One register read as long as nothing changes.
 *
 * Context: process; the watchdog.
 * Return: true if the link is up; speed and full_duplex of @adapter say how.
 */
bool enbl_link_update(struct enbl_adapter *adapter)
{
	bool up, full_duplex;
	u32 status, speed;

	mutex_lock(&adapter->link_lock);
	status = enbl_read(adapter, ENBL_STATUS);
	/* All ones: no device, no link */
	adapter->gone = status == U32_MAX;
	up = !adapter->gone && status & STATUS_LU;
	full_duplex = status & STATUS_FD;
	speed = up ? enbl_status_speed(status) : 0;
	if (adapter->speed != speed || adapter->full_duplex != full_duplex) {
		adapter->speed = speed;
		adapter->full_duplex = full_duplex;
		if (up)
			enbl_pause_resolve(adapter);
	}
	mutex_unlock(&adapter->link_lock);
	return up;
}
