// SPDX-License-Identifier: GPL-2.0-only
/*
 * The failure scenario's part of a miniport: a driver and an adapter that lives
 * just long enough to send one packet and to indicate three. Its netdev is never
 * registered, so what goes up the stack is dropped at once, which gives it back.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <ndis/adapter.h>

#include "failures.h"

#define SMALL	100
#define LARGE	9000	/* more than an skb's linear part: pages are copied to */

struct mini {
	struct scenario *s;
	NDIS_HANDLE handle;
	NDIS_HANDLE dma;
	PVOID ring;
	NDIS_PHYSICAL_ADDRESS ring_address;
	PNET_BUFFER present;		/* that is being mapped */
	unsigned int sent;
	unsigned int returned;
};

static VOID mini_process(PDEVICE_OBJECT object, PVOID reserved,
			 PSCATTER_GATHER_LIST sgl, PVOID context)
{
	struct mini *m = context;

	/* The device is quick: it has sent it already */
	NdisMFreeNetBufferSGList(m->dma, sgl, m->present);
}

static bool mini_dma(struct mini *m)
{
	NDIS_SG_DMA_DESCRIPTION d = { };

	d.Header.Type = NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION;
	d.Header.Revision = NDIS_SG_DMA_DESCRIPTION_REVISION_1;
	d.Header.Size = NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1;
	d.Flags = NDIS_SG_DMA_64_BIT_ADDRESS;
	d.MaximumPhysicalMapping = SZ_64K;
	d.ProcessSGListHandler = mini_process;
	return done(m->s, NdisMRegisterScatterGatherDma(m->handle, &d, &m->dma));
}

static void mini_free(struct mini *m)
{
	if (m->dma)
		NdisMDeregisterScatterGatherDma(m->dma);
	if (m->ring)
		NdisMFreeSharedMemory(m->handle, LARGE, TRUE, m->ring,
				      m->ring_address);
}

static NDIS_STATUS mini_initialize(NDIS_HANDLE handle, NDIS_HANDLE driver,
				   PNDIS_MINIPORT_INIT_PARAMETERS params)
{
	struct mini *m = params->MiniportAddDeviceContext;
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES a = { };
	NDIS_PHYSICAL_ADDRESS address;
	PVOID much;

	m->handle = handle;
	a.RegistrationAttributes.Header.Type =
		NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES;
	a.RegistrationAttributes.Header.Revision = 1;
	a.RegistrationAttributes.Header.Size =
		NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1;
	a.RegistrationAttributes.MiniportAdapterContext = m;
	if (!done(m->s, NdisMSetMiniportAttributes(handle, &a)))
		return NDIS_STATUS_FAILURE;

	NdisMAllocateSharedMemory(handle, LARGE, TRUE, &m->ring,
				  &m->ring_address);
	if (!got(m->s, m->ring) || !mini_dma(m)) {
		mini_free(m);
		return NDIS_STATUS_RESOURCES;
	}
	/* No page allocator has this in one piece: the second way is tried */
	NdisMAllocateSharedMemory(handle, SZ_64M, TRUE, &much, &address);
	if (much)
		NdisMFreeSharedMemory(handle, SZ_64M, TRUE, much, address);
	return NDIS_STATUS_SUCCESS;
}

static VOID mini_halt(NDIS_HANDLE context, NDIS_HALT_ACTION action)
{
	mini_free(context);
}

static NDIS_STATUS mini_pause(NDIS_HANDLE context,
			      PNDIS_MINIPORT_PAUSE_PARAMETERS params)
{
	return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS mini_restart(NDIS_HANDLE context,
				PNDIS_MINIPORT_RESTART_PARAMETERS params)
{
	return NDIS_STATUS_SUCCESS;
}

static VOID mini_send(NDIS_HANDLE context, PNET_BUFFER_LIST nbl,
		      NDIS_PORT_NUMBER port, ULONG flags)
{
	struct mini *m = context;
	PNET_BUFFER_LIST next;
	NDIS_STATUS status;

	for (; nbl; nbl = next) {
		next = NET_BUFFER_LIST_NEXT_NBL(nbl);
		NET_BUFFER_LIST_NEXT_NBL(nbl) = NULL;
		m->present = NET_BUFFER_LIST_FIRST_NB(nbl);
		status = NdisMAllocateNetBufferSGList(m->dma, m->present, m,
						      NDIS_SG_LIST_WRITE_TO_DEVICE,
						      NULL, 0);
		done(m->s, status);
		NET_BUFFER_LIST_STATUS(nbl) = status;
		m->sent++;
		NdisMSendNetBufferListsComplete(m->handle, nbl, 0);
	}
}

static VOID mini_return(NDIS_HANDLE context, PNET_BUFFER_LIST nbl, ULONG flags)
{
	struct mini *m = context;

	for (; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
		m->returned++;
}

/* --- traffic -------------------------------------------------------------------- */

static void send_one(struct ndis_adapter *adapter, struct mini *m)
{
	struct sk_buff *skb = alloc_skb(SMALL, GFP_KERNEL);
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int sent = m->sent;

	if (!skb || !page) {
		kfree_skb(skb);
		if (page)
			put_page(page);
		return;
	}
	/* In two pieces, so that one is mapped when the other cannot be */
	skb_put_zero(skb, SMALL);
	skb_add_rx_frag(skb, 0, page, 0, SMALL, PAGE_SIZE);
	skb_set_network_header(skb, ETH_HLEN);
	/* A checksum that NDIS has no words for is made in software */
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + ETH_HLEN + 20;
	skb->csum_offset = 2;
	skb->dev = adapter->netdev;
	m->s->steps++;
	local_bh_disable();
	if (ndis_adapter_xmit(adapter, skb) != NETDEV_TX_OK)
		kfree_skb(skb);
	local_bh_enable();
	if (m->sent == sent)
		m->s->refused++;
}

static void indicate_one(struct mini *m, u32 length, ULONG flags)
{
	NDIS_HANDLE pool = m->s->list_data;
	PNET_BUFFER_LIST nbl;
	PMDL mdl = NULL;

	if (length > FAILURES_DATA) {
		pool = m->s->list_nb;
		mdl = NdisAllocateMdl(m->handle, m->ring, length);
		if (!got(m->s, mdl))
			return;
	}
	if (!pool)
		goto out;
	nbl = mdl ? NdisAllocateNetBufferAndNetBufferList(pool, 0, 0, mdl, 0,
							  length)
		  : NdisAllocateNetBufferList(pool, 0, 0);
	if (!got(m->s, nbl))
		goto out;
	if (!mdl)
		NdisRetreatNetBufferDataStart(nbl->FirstNetBuffer, length, 0,
					      NULL);
	memset(MmGetSystemAddressForMdlSafe(nbl->FirstNetBuffer->CurrentMdl,
					    NormalPagePriority), 0, SMALL);
	nbl->SourceHandle = m->handle;
	m->returned = 0;
	local_bh_disable();
	NdisMIndicateReceiveNetBufferLists(m->handle, nbl,
					   NDIS_DEFAULT_PORT_NUMBER, 1, flags);
	local_bh_enable();
	/* All of it is copied, or refused: it is ours again */
	if (m->returned != !(flags & NDIS_RECEIVE_FLAGS_RESOURCES))
		scenario_wrong(m->s, "an indicated list was not returned once");
	NdisFreeNetBufferList(nbl);
out:
	if (mdl)
		NdisFreeMdl(mdl);
}

static void traffic(struct ndis_adapter *adapter, struct mini *m)
{
	u64 dropped = ndis_adapter_stat(adapter, NDIS_RX_DROPPED);

	rtnl_lock();
	if (ndis_adapter_restart(adapter)) {
		rtnl_unlock();
		return;
	}
	send_one(adapter, m);
	indicate_one(m, SMALL, 0);
	indicate_one(m, SMALL, NDIS_RECEIVE_FLAGS_RESOURCES);
	indicate_one(m, LARGE, NDIS_RECEIVE_FLAGS_RESOURCES);
	if (ndis_adapter_pause(adapter))
		scenario_wrong(m->s, "a pause found lists that nobody has");
	rtnl_unlock();
	m->s->refused += ndis_adapter_stat(adapter, NDIS_RX_DROPPED) - dropped;
}

static void adapter_life(struct scenario *s, NDIS_HANDLE driver)
{
	struct net_device *dev = alloc_etherdev(sizeof(struct ndis_adapter));
	struct mini m = { .s = s };
	struct ndis_adapter_params params = {
		.driver = driver, .dev = s->dev, .context = &m,
		.send_limit = 4,
	};
	struct ndis_adapter *adapter;

	if (!dev)
		return;
	strscpy(dev->name, "ndisfail", IFNAMSIZ);
	adapter = netdev_priv(dev);
	s->steps++;
	if (ndis_adapter_init(adapter, dev, &params)) {
		s->refused++;
	} else {
		traffic(adapter, &m);
		ndis_adapter_halt(adapter);
	}
	free_netdev(dev);
}

void scenario_miniport(struct scenario *s)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS c = { };
	NDIS_HANDLE driver = NULL;

	c.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS;
	c.Header.Revision = NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2;
	c.Header.Size = NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2;
	c.MajorNdisVersion = 6;
	c.MinorNdisVersion = 30;
	c.InitializeHandlerEx = mini_initialize;
	c.HaltHandlerEx = mini_halt;
	c.PauseHandler = mini_pause;
	c.RestartHandler = mini_restart;
	c.SendNetBufferListsHandler = mini_send;
	c.ReturnNetBufferListsHandler = mini_return;
	if (!done(s, NdisMRegisterMiniportDriver(NULL, NULL, NULL, &c, &driver)))
		return;
	adapter_life(s, driver);
	NdisMDeregisterMiniportDriver(driver);
}
