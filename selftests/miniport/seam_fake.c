// SPDX-License-Identifier: GPL-2.0-only
/*
 * The miniport without a device, and its netdev.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "seam_test.h"

static struct seam *seam_of(NDIS_HANDLE context)
{
	return context;
}

static NDIS_STATUS fake_initialize(NDIS_HANDLE handle, NDIS_HANDLE driver,
				   PNDIS_MINIPORT_INIT_PARAMETERS init)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES a = { };
	struct seam *seam = init->MiniportAddDeviceContext;

	seam->handle = handle;
	a.RegistrationAttributes.Header.Type =
		NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES;
	a.RegistrationAttributes.MiniportAdapterContext = seam;
	return NdisMSetMiniportAttributes(handle, &a);
}

static VOID fake_halt(NDIS_HANDLE context, NDIS_HALT_ACTION action)
{
	seam_of(context)->halts++;
}

static NDIS_STATUS fake_pause(NDIS_HANDLE context,
			      PNDIS_MINIPORT_PAUSE_PARAMETERS p)
{
	return seam_of(context)->pend ? NDIS_STATUS_PENDING :
					NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS fake_restart(NDIS_HANDLE context,
				PNDIS_MINIPORT_RESTART_PARAMETERS p)
{
	return NDIS_STATUS_SUCCESS;
}

static VOID fake_send(NDIS_HANDLE context, PNET_BUFFER_LIST nbl,
		      NDIS_PORT_NUMBER port, ULONG flags)
{
	struct seam *seam = seam_of(context);

	for (; nbl; nbl = nbl->Next)
		if (seam->sends < ARRAY_SIZE(seam->sent))
			seam->sent[seam->sends++] = nbl;
}

static VOID fake_return(NDIS_HANDLE context, PNET_BUFFER_LIST nbl, ULONG flags)
{
	struct seam *seam = seam_of(context);

	for (; nbl; nbl = nbl->Next) {
		seam->returned = nbl;
		WRITE_ONCE(seam->returns, seam->returns + 1);
	}
}

static bool fake_receive(struct ndis_adapter *adapter,
			 struct net_buffer_list *nbl, bool can_keep)
{
	struct seam *seam = *(struct seam **)netdev_priv(adapter->netdev);

	if (!seam->hold || !can_keep)
		return false;
	seam->held++;
	return true;
}

static netdev_tx_t seam_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct seam *seam = *(struct seam **)netdev_priv(dev);

	return ndis_adapter_xmit(&seam->adapter, skb);
}

static int seam_open(struct net_device *dev)
{
	struct seam *seam = *(struct seam **)netdev_priv(dev);

	return ndis_adapter_restart(&seam->adapter);
}

static int seam_stop(struct net_device *dev)
{
	struct seam *seam = *(struct seam **)netdev_priv(dev);

	ndis_adapter_pause(&seam->adapter);
	return 0;
}

static const struct net_device_ops seam_ops = {
	.ndo_open	= seam_open,
	.ndo_stop	= seam_stop,
	.ndo_start_xmit	= seam_xmit,
};

static rx_handler_result_t seam_rx(struct sk_buff **pskb)
{
	struct seam *seam = rcu_dereference((*pskb)->dev->rx_handler_data);

	skb_queue_tail(&seam->received, *pskb);
	return RX_HANDLER_CONSUMED;
}

struct net_device *seam_netdev(const struct seam *seam)
{
	return seam->adapter.netdev;
}

u64 seam_stat(const struct seam *seam, enum ndis_adapter_stat stat)
{
	return ndis_adapter_stat(&seam->adapter, stat);
}

static NDIS_STATUS seam_register(struct seam *seam)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS c = { };

	c.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS;
	c.Header.Revision = NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1;
	c.MajorNdisVersion = 6;
	c.InitializeHandlerEx = fake_initialize;
	c.HaltHandlerEx = fake_halt;
	c.PauseHandler = fake_pause;
	c.RestartHandler = fake_restart;
	c.SendNetBufferListsHandler = fake_send;
	c.ReturnNetBufferListsHandler = fake_return;
	return NdisMRegisterMiniportDriver(NULL, NULL, NULL, &c, &seam->driver);
}

static NDIS_HANDLE seam_pool(struct seam *seam)
{
	NET_BUFFER_LIST_POOL_PARAMETERS p = { };

	p.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	p.Header.Revision = NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1;
	p.Header.Size = NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1;
	p.fAllocateNetBuffer = TRUE;
	p.PoolTag = 0x6d616573;
	return NdisAllocateNetBufferListPool(seam->handle, &p);
}

/* A running adapter */
struct seam *seam_create(struct ktap *t)
{
	struct ndis_adapter_params params = { .patience_ms = SEAM_PATIENCE_MS,
					      .receive = fake_receive };
	struct seam *seam = kzalloc(sizeof(*seam), GFP_KERNEL);
	struct net_device *dev = alloc_etherdev(sizeof(seam));
	int err;

	if (!ktap_expect(t, seam && dev) ||
	    !ktap_expect_eq(t, seam_register(seam), NDIS_STATUS_SUCCESS))
		return NULL;
	*(struct seam **)netdev_priv(dev) = seam;
	skb_queue_head_init(&seam->received);
	strscpy(dev->name, "seam%d", IFNAMSIZ);
	dev->netdev_ops = &seam_ops;
	eth_hw_addr_random(dev);
	params.driver = seam->driver;
	params.context = seam;
	if (!ktap_expect_eq(t, ndis_adapter_init(&seam->adapter, dev, &params),
			    0) ||
	    !ktap_expect_eq(t, register_netdev(dev), 0))
		return NULL;
	rtnl_lock();
	err = netdev_rx_handler_register(dev, seam_rx, seam);
	if (!err)
		err = dev_open(dev, NULL);
	rtnl_unlock();
	seam->pool = seam_pool(seam);
	return ktap_expect_eq(t, err, 0) && ktap_expect(t, seam->pool) ? seam
								       : NULL;
}

static void seam_unregister(struct seam *seam)
{
	struct net_device *dev = seam_netdev(seam);

	rtnl_lock();
	dev_close(dev);
	netdev_rx_handler_unregister(dev);
	rtnl_unlock();
	unregister_netdev(dev);
}

void seam_destroy(struct seam *seam)
{
	struct net_device *dev = seam_netdev(seam);

	skb_queue_purge(&seam->received);
	seam_unregister(seam);
	ndis_adapter_halt(&seam->adapter);
	free_netdev(dev);
	NdisFreeNetBufferListPool(seam->pool);
	ndis_driver_unload(seam->driver);
	kfree(seam);
}

/* The driver leaves without a halt. @seam stays, for what must not be called */
void seam_abandon(struct seam *seam)
{
	struct net_device *dev = seam_netdev(seam);

	seam_unregister(seam);
	NdisMDeregisterMiniportDriver(seam->driver);
	free_netdev(dev);
}

/* A list on memory of the caller's, with a frame of its own protocol */
PNET_BUFFER_LIST seam_list(struct seam *seam, void *va, u32 size, u32 len)
{
	PMDL mdl = NdisAllocateMdl(seam->handle, va, size);
	struct ethhdr *eth = va;
	PNET_BUFFER_LIST nbl;

	memset(va, 0x5a, size);
	ether_addr_copy(eth->h_dest, seam_netdev(seam)->dev_addr);
	eth->h_proto = htons(ETH_P_802_EX1);
	if (!mdl)
		return NULL;
	nbl = NdisAllocateNetBufferAndNetBufferList(seam->pool, 0, 0, mdl, 0,
						    len);
	if (nbl)
		nbl->SourceHandle = seam->handle;
	return nbl;
}

void seam_list_free(PNET_BUFFER_LIST nbl)
{
	PMDL mdl = nbl->FirstNetBuffer->MdlChain;

	NdisFreeNetBufferList(nbl);
	NdisFreeMdl(mdl);
}

void seam_indicate(struct seam *seam, PNET_BUFFER_LIST chain, u32 nr,
		   ULONG flags)
{
	NdisMIndicateReceiveNetBufferLists(seam->handle, chain,
					   NDIS_DEFAULT_PORT_NUMBER, nr, flags);
}

/* The backlog and the reaper take their time, two seconds at most */
bool seam_received(struct seam *seam, unsigned int nr)
{
	int i;

	for (i = 0; i < 100 && skb_queue_len(&seam->received) < nr; i++)
		msleep(20);
	return skb_queue_len(&seam->received) == nr;
}

bool seam_returned(struct seam *seam, unsigned int nr)
{
	int i;

	for (i = 0; i < 100 && READ_ONCE(seam->returns) < nr; i++)
		msleep(20);
	return READ_ONCE(seam->returns) == nr;
}
