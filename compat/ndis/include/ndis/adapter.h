/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The Linux side of a ported miniport: an adapter that a netdev embeds. The
 * miniport itself sees ndis.h only; the file that owns the netdev sees this.
 *
 *   stack                 this adapter                          miniport
 *   ndo_open      ->  ndis_adapter_restart()            ->  MiniportRestart
 *   ndo_stop      ->  ndis_adapter_pause()              ->  MiniportPause
 *   ndo_start_xmit -> ndis_adapter_xmit(): skb to list  ->  MiniportSend...
 *   skb freed     <-  NdisMSendNetBufferListsComplete() <-
 *   GRO, stack    <-  NdisMIndicateReceive...(): list to skb  <-
 *   skb done      ->  the reaper                        ->  MiniportReturn...
 *   irq handler   ->  ndis_adapter_interrupt(), NAPI    ->  ISR, DPC
 *   remove        ->  ndis_adapter_halt()               ->  MiniportHaltEx
 */
#ifndef _NDIS_ADAPTER_H
#define _NDIS_ADAPTER_H

#include <linux/ethtool.h>
#include <linux/interrupt.h>
#include <linux/netdevice.h>
#include <ndis.h>

struct ndis_block;

/**
 * enum ndis_adapter_state - NDIS's adapter states
 * @NDIS_HALTED: no MiniportAdapterContext
 * @NDIS_PAUSED: initialised; nothing is sent or received
 * @NDIS_RESTARTING: MiniportRestart has not ended
 * @NDIS_RUNNING: lists go both ways
 * @NDIS_PAUSING: no new sends; lists that are out come back
 */
enum ndis_adapter_state {
	NDIS_HALTED,
	NDIS_PAUSED,
	NDIS_RESTARTING,
	NDIS_RUNNING,
	NDIS_PAUSING,
};

/**
 * struct ndis_adapter - one miniport adapter; a netdev's private data embeds it
 * @netdev: the netdev
 * @napi: runs the miniport's DPC; receives in there go through GRO
 * @block: ndis.ko's state, which outlives all of this if need be
 */
struct ndis_adapter {
	struct net_device *netdev;
	struct napi_struct napi;
	struct ndis_block *block;
};

/**
 * struct ndis_adapter_params - what ndis_adapter_init() takes
 * @driver: handle from NdisMRegisterMiniportDriver()
 * @dev: device for DMA; NULL: the miniport has none
 * @context: MiniportAddDeviceContext: the miniport finds its device by it
 * @copybreak: frames up to so many bytes are copied, not lent; 0: 256
 * @send_limit: most sends pending in the miniport; 0: 256
 * @patience_ms: how long pause and halt wait for lists that are out before they
 *	name the holder and go on; 0: 2000
 * @copy_all: lend nothing: each list is back when the indication returns. For a
 *	miniport that sits in MiniportPause until its lists are back
 * @receive: gets each accepted list in place of the stack, or NULL. True keeps
 *	the list until NdisReturnNetBufferLists(); false leaves it to the stack.
 *	BH off, no lock held. Lists indicated with RESOURCES cannot be kept
 */
struct ndis_adapter_params {
	NDIS_HANDLE driver;
	struct device *dev;
	void *context;
	u32 copybreak;
	u32 send_limit;
	u32 patience_ms;
	bool copy_all;
	bool (*receive)(struct ndis_adapter *adapter,
			struct net_buffer_list *nbl, bool can_keep);
};

/**
 * enum ndis_adapter_stat - what an adapter counts
 * @NDIS_RX_PACKETS: frames given to the stack
 * @NDIS_RX_BYTES: their bytes
 * @NDIS_RX_ZERO_COPY: of them, with the list's memory lent to the skb
 * @NDIS_RX_COPIED: of them, copied, for one of the reasons that follow
 * @NDIS_RX_COPY_RESOURCES: indicated with NDIS_RECEIVE_FLAGS_RESOURCES
 * @NDIS_RX_COPY_SMALL: up to copybreak bytes
 * @NDIS_RX_COPY_MEMORY: memory that an skb cannot hold a reference on (slab,
 *	vmalloc, module data)
 * @NDIS_RX_COPY_SHARED: a page of it is lent already, or somebody else's
 * @NDIS_RX_COPY_OTHER: copy_all, too many fragments, no memory to keep track
 * @NDIS_RX_DROPPED: no skb
 * @NDIS_RX_NOT_RUNNING: indicated while not running; given back
 * @NDIS_RX_REFUSED: malformed: not one NET_BUFFER, SourceHandle, length
 * @NDIS_RX_TWICE: indicated again while out; ignored
 * @NDIS_RX_RETURNED: lists given to MiniportReturnNetBufferLists
 * @NDIS_RX_FORCED: of them, at halt while the stack still holds their memory
 * @NDIS_RX_RETURN_TWICE: NdisReturnNetBufferLists() of a list that is not out
 * @NDIS_TX_PACKETS: sends completed with success, counted in frames on the wire
 * @NDIS_TX_BYTES: their bytes
 * @NDIS_TX_ERRORS: sends completed with another status
 * @NDIS_TX_DROPPED: not given to the miniport
 * @NDIS_TX_COMPLETE_TWICE: completions of a list that is not pending
 * @NDIS_TX_FORCED: taken back at halt without a completion
 * @NDIS_PAUSE_LATE: pauses and halts that ended with lists out
 * @NDIS_RESETS: MiniportResetEx calls
 * @NDIS_ADAPTER_STATS: number of the above
 */
enum ndis_adapter_stat {
	NDIS_RX_PACKETS,
	NDIS_RX_BYTES,
	NDIS_RX_ZERO_COPY,
	NDIS_RX_COPIED,
	NDIS_RX_COPY_RESOURCES,
	NDIS_RX_COPY_SMALL,
	NDIS_RX_COPY_MEMORY,
	NDIS_RX_COPY_SHARED,
	NDIS_RX_COPY_OTHER,
	NDIS_RX_DROPPED,
	NDIS_RX_NOT_RUNNING,
	NDIS_RX_REFUSED,
	NDIS_RX_TWICE,
	NDIS_RX_RETURNED,
	NDIS_RX_FORCED,
	NDIS_RX_RETURN_TWICE,
	NDIS_TX_PACKETS,
	NDIS_TX_BYTES,
	NDIS_TX_ERRORS,
	NDIS_TX_DROPPED,
	NDIS_TX_COMPLETE_TWICE,
	NDIS_TX_FORCED,
	NDIS_PAUSE_LATE,
	NDIS_RESETS,
	NDIS_ADAPTER_STATS,
};

extern const char ndis_adapter_stat_names[NDIS_ADAPTER_STATS][ETH_GSTRING_LEN];

int ndis_adapter_init(struct ndis_adapter *adapter, struct net_device *netdev,
		      const struct ndis_adapter_params *params);
void ndis_adapter_halt(struct ndis_adapter *adapter);
void ndis_driver_unload(NDIS_HANDLE driver);

int ndis_adapter_restart(struct ndis_adapter *adapter);
int ndis_adapter_pause(struct ndis_adapter *adapter);
enum ndis_adapter_state ndis_adapter_state(const struct ndis_adapter *adapter);

netdev_tx_t ndis_adapter_xmit(struct ndis_adapter *adapter,
			      struct sk_buff *skb);
irqreturn_t ndis_adapter_interrupt(struct ndis_adapter *adapter);

u64 ndis_adapter_stat(const struct ndis_adapter *adapter,
		      enum ndis_adapter_stat stat);
void ndis_adapter_get_stats(const struct ndis_adapter *adapter, u64 *stats);
void ndis_adapter_get_stats64(const struct ndis_adapter *adapter,
			      struct rtnl_link_stats64 *stats);
void ndis_adapter_get_link(const struct ndis_adapter *adapter,
			   struct ethtool_link_ksettings *settings);

#endif /* _NDIS_ADAPTER_H */
