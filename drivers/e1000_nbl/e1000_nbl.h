/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * e1000_nbl: e1000-class NICs on NDIS network data pools.
 *
 * Reading order: this file, probe.c, netdev.c (open, stop, reset), itr.c, rx.c, tx.c,
 * watchdog.c, hw.c, link.c, filter.c, stats.c, ethtool.c, selftest.c. All state of a queue
 * is in struct enbl_queue; a class of hardware is a struct enbl_hw_info.
 */
#ifndef _ENBL_H
#define _ENBL_H

#include <linux/bitfield.h>
#include <linux/bpf.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/sizes.h>
#include <linux/u64_stats_sync.h>
#include <ndis/net.h>
#include <net/xdp.h>

#include "regs.h"

#define ENBL_RING_DEFAULT	256
#define ENBL_RING_MIN		128	/* two of the largest packets, and some */
#define ENBL_RING_MAX		4096
#define ENBL_RING_MULTIPLE	8	/* ring length is in 128 bytes */

#define ENBL_RX_BUF		2048	/* RCTL.BSIZE 0: one buffer, or */
#define ENBL_RX_BUF_SHORT	1536	/* what it has while long frames are off */
#define ENBL_MAX_FRAME		16128	/* longest that the part receives */
#define ENBL_MAX_MTU		(ENBL_MAX_FRAME - ETH_HLEN - ETH_FCS_LEN)
#define ENBL_XDP_MTU		2030	/* a tagged frame fits in one buffer */

#define ENBL_XSK_BATCH		64	/* AF_XDP: sent at a time */

#define ENBL_TX_CHUNK		4096	/* most bytes per descriptor, and */
#define ENBL_TX_CHUNK_PCIX	2015	/* in PCI-X mode, where more can hang */
#define ENBL_COPYBREAK		128	/* most bytes that a copy buffer holds */
#define ENBL_COPY_DATA		3072	/* copy buffers: bytes per NET_BUFFER */

#define ENBL_ITR_DEFAULT_US	50	/* rx-usecs: 20,000 interrupts a second */
#define ENBL_ITR_MAX_US		10000
#define ENBL_EEPROM_WORDS	64

/* Legacy ethtool bits, as linux/mii.h converts them */
#define ENBL_ADVERTISED_ALL	(ADVERTISED_10baseT_Half |	\
				 ADVERTISED_10baseT_Full |	\
				 ADVERTISED_100baseT_Half |	\
				 ADVERTISED_100baseT_Full |	\
				 ADVERTISED_1000baseT_Full)

/* Room for the largest packet twice: a queue that stopped starts again */
#define ENBL_TX_WAKE		(2 * ENBL_TX_MAX_DESC)
/* Beside that what comes before NAPI can run, which is asked to look */
#define ENBL_TX_LOW		(ENBL_TX_MAX_DESC + 16)
/* A context, each fragment's end, 64 KiB in the smallest chunks, a split end */
#define ENBL_TX_MAX_DESC \
	((u16)(1 + MAX_SKB_FRAGS + 1 + SZ_64K / ENBL_TX_CHUNK_PCIX + 1))

struct enbl_adapter;

/* What one class of hardware does its own way */
struct enbl_hw_ops {
	void (*reset)(struct enbl_adapter *adapter);
	int (*eeprom_read)(struct enbl_adapter *adapter, u16 offset, u16 *word);
};

struct enbl_hw_info {
	const char *name;
	const struct enbl_hw_ops *ops;
	u16 nr_queues;
	bool pcix;		/* copes with 64-bit addresses on a real bus */
	bool ledctl;		/* LEDs by register */
	u32 wol;		/* WAKE_* that it can */
	u16 apm_word;		/* EEPROM: firmware wants to be woken up */
	u16 apm_bit;
};

/*
 * What a program said, by its code: each frame that it has seen counts once. A
 * code that there is not counts as aborted. Then what went wrong.
 */
enum enbl_xdp_stat {
	ENBL_XDP_UNKNOWN = XDP_REDIRECT + 1,
	ENBL_XDP_TX_ERRORS,		/* no room in the ring, too long or short */
	ENBL_XDP_REDIRECT_ERRORS,
	ENBL_XDP_TOO_LONG,		/* several buffers, and no frags support */
	ENBL_NR_XDP,
};

struct enbl_rx_stats {
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t alloc_failed;	/* no buffer or no skb: frame dropped */
	u64_stats_t errors;		/* the device marked the frame bad */
	u64_stats_t length_errors;	/* descriptor lengths that cannot be */
	u64_stats_t multicast;
	u64_stats_t xdp[ENBL_NR_XDP];
	u64_stats_t xsk_packets;	/* came in an AF_XDP socket's memory */
	u64_stats_t xsk_no_buffer;	/* a page posted, as there was none of it */
};

/* Two writers: xmit under the queue's lock, completion in NAPI */
struct enbl_tx_stats {
	u64_stats_t dropped;	/* could not be padded, described or mapped */
	u64_stats_t tso;	/* packets that the device segmented */
	u64_stats_t stops;
	u64_stats_t copied;	/* small: skb freed at once, and counted as sent */
	u64_stats_t copied_bytes;
	u64_stats_t xdp_xmit;	/* frames redirected to us, and those refused: */
	u64_stats_t xdp_xmit_errors;	/* no room, no link, too long or short */
};

struct enbl_tx_done_stats {
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t xdp_packets;	/* of these: XDP_TX, redirected, AF_XDP */
	u64_stats_t xdp_bytes;
	u64_stats_t xsk_packets;	/* of these: AF_XDP, zero-copy */
};

/* XDP_TX: a frame on its way from a poll to the transmit ring */
struct enbl_xdp_out {
	struct net_buffer_list *nbl;
	dma_addr_t addr;		/* of its first buffer, */
	u32 len;			/* and how much of that */
};

#define ENBL_XDP_OUT	NAPI_POLL_WEIGHT	/* sent at a time */

/*
 *      next - 1        next
 *  RDT    v              v      RDH: the device is here
 *   [ empty | filled | filled | empty | empty ... ]
 *             taken, replaced      device's
 *
 * Each slot always holds a list. A filled one leaves only in exchange for an
 * empty one, so the ring never runs dry.
 *
 * Lists are of one of two pools: with two buffers to a page, for the stack; with a
 * page each, for XDP and for frames of several buffers. A program that comes or goes
 * finds lists of the other pool in the slots: see enbl_xdp_collect_mixed().
 */
struct enbl_rx_ring {
	/* NAPI */
	struct enbl_rx_desc *desc;
	struct net_buffer_list **nbl;	/* list of each descriptor */
	struct xdp_buff **xsk;		/* posted in its place, see xsk.c */
	struct ndis_pool *pool;		/* list + NET_BUFFER + MDL + data: one of */
	struct ndis_pool *pages;	/* a page each */
	struct ndis_pool *halves;	/* two to a page */
	struct ndis_pool *plain;	/* of these, without XDP */
	u16 nr_foreign;			/* slots that may have lists of halves, with XDP */
	struct net_buffer_list *frame;	/* first buffer of an unfinished frame */
	void __iomem *tail;
	u16 count;
	u16 buf_len;			/* bytes that each buffer has */
	u16 next;			/* descriptor to look at */
	u16 frame_bufs;			/* buffers of @frame so far, or */
#define ENBL_RX_DISCARD	U16_MAX		/* up to its end it is lost */
	struct xdp_rxq_info xdp_rxq;	/* whose the lists' pages are */
	struct xdp_rxq_info xsk_rxq;	/* AF_XDP zero-copy */
	struct enbl_xdp_out out[ENBL_XDP_OUT];	/* of one poll */
	struct u64_stats_sync sync;
	struct enbl_rx_stats stats;

	dma_addr_t dma;
};

/* How a poll looks at frames */
enum enbl_rx_mode {
	ENBL_RX_PLAIN,
	ENBL_RX_PROG,		/* through a program */
	ENBL_RX_XSK,		/* some in an AF_XDP socket's memory */
};

/* Descriptors in hand, under the lock, and what XDP has filled of them */
struct enbl_xdp_cursor {
	u16 next;	/* to fill */
	u16 room;	/* how many more */
};

/* What one poll collects */
struct enbl_rx_batch {
	enum enbl_rx_mode mode;
	struct ndis_nbl_queue frames;	/* for the stack */
	struct bpf_prog *prog;
	unsigned int packets;
	unsigned int bytes;
	unsigned int multicast;

	/* Unless ENBL_RX_PLAIN; enbl_xdp_begin() */
	unsigned int xsk_packets;
	unsigned int xsk_no_buffer;
	bool frags;			/* it can do with several buffers */
	unsigned int stats[ENBL_NR_XDP];
	struct net_device *netdev;
	unsigned int nr_out;		/* frames in the ring's out[] */
	struct sk_buff_head passed;
	struct compat_xdp_buff xdp;
};

/* What a packet is, and so how it is freed; the stack's come first */
enum enbl_tx_type {
	ENBL_TX_SKB,		/* list of an skb, mapped */
	ENBL_TX_COPY,		/* copied, the skb is free already */
	ENBL_TX_LIST,		/* received list: XDP_TX */
	ENBL_TX_FRAME,		/* redirected xdp_frame, mapped */
	ENBL_TX_FRAME_COPY,	/* copied, the frame is free already */
	ENBL_TX_XSK,		/* an AF_XDP socket's memory, or a copy of it */
};

#define ENBL_TX_NO_RUN	U16_MAX

/* First descriptor of a packet */
struct enbl_tx_buf {
	struct net_buffer_list *nbl;	/* the slot's own, for all skbs */
	union {
		struct net_buffer_list *list;	/* XDP_TX */
		struct xdp_frame *frame;	/* redirected */
	};
	void *copy;			/* ENBL_COPYBREAK bytes, mapped at */
	dma_addr_t copy_dma;
	dma_addr_t dma;			/* XDP: run that starts here, and */
	u32 len;			/* its length; 0: none does */
	u32 bytes;
	u16 packets;			/* on the wire: TSO, runs, groups of XDP's */
	u16 eop;			/* last descriptor of the packet */
	u8 type;			/* enum enbl_tx_type */
	bool reported;			/* a run: eop tells, not what follows it */
} __aligned(64);

struct enbl_tx_ring {
	/* xmit, under the queue's lock */
	struct enbl_tx_desc *desc;
	struct enbl_tx_buf *buf;
	struct netdev_queue *txq;
	struct device *dev;
	void __iomem *tail;
	u16 count;
	u16 copybreak;			/* see enbl_tx_copybreak() */
	bool copy_sync;			/* the device does not snoop */
	u16 next_to_use;		/* NAPI reads */
	u16 room;			/* descriptors known to be free */
	u16 low;			/* with fewer, see enbl_tx_low() */
	u16 chunk;			/* most bytes per descriptor */
	u16 whole;			/* most in just one; 0 with TSO and after it */
	bool split_last;		/* see enbl_tx_fill() */
	u64 context;			/* checksum context that the device has */
	struct enbl_tx_buf *run;	/* the last one, see enbl_tx_copy() */
	u16 run_next;			/* it grows if the next packet begins here */
	u16 run_max;			/* descriptors that stay without report: */
	int run_floor;			/* with so little room it has to */
	u16 xdp_share;			/* of the ring, XDP's; kept for it */
	u16 xdp_reserve;		/* once it has sent: the same, 0 before; NAPI reads */
	u32 xdp_queued;			/* descriptors that XDP has used, ever */
	u32 xsk_queued;			/* frames of AF_XDP, ever */
	struct u64_stats_sync sync;
	struct enbl_tx_stats stats;

	/* NAPI */
	u16 next_to_clean ____cacheline_aligned_in_smp;	/* xmit reads */
	u32 cleaned;			/* calls that found something; watchdog reads */
	u32 xdp_cleaned;		/* of xdp_queued; xmit reads */
	u32 xsk_cleaned;		/* of xsk_queued */
	struct u64_stats_sync done_sync;
	struct enbl_tx_done_stats done;

	/* Watchdog, as it last looked */
	bool waited;			/* for the device, */
	u32 watched_cleaned;		/* of which this had come, */
	u32 watched_head;		/* and which had got so far */

	struct ndis_pool *pool;		/* list + NET_BUFFER, MDLs for an skb */
	struct ndis_pool *nb_pool;	/* NET_BUFFER + MDL + data: copies */
	struct net_buffer **copies;
	unsigned int nr_copies;
	dma_addr_t dma;
};

/* Context: the queue's lock, or NAPI, where it may be more by now */
static inline u16 enbl_tx_room(const struct enbl_tx_ring *tx)
{
	/* Pairs with enbl_tx_clean(): buffers are free before the index says */
	u16 clean = smp_load_acquire(&tx->next_to_clean);
	u16 use = tx->next_to_use;

	return (clean > use ? 0 : tx->count) + clean - use - 1;
}

/* What is known of the room; a run grows with descriptors, not with knowledge */
static inline void enbl_tx_set_room(struct enbl_tx_ring *tx, u16 room)
{
	tx->run_floor += room - tx->room;
	tx->room = room;
}

/* Also rung for packets before this one whose xmit_more was a promise */
static inline void enbl_tx_doorbell(struct enbl_tx_ring *tx)
{
	writel(tx->next_to_use, tx->tail);
}

static inline u16 enbl_tx_next(const struct enbl_tx_ring *tx, u16 i)
{
	return likely(++i < tx->count) ? i : 0;
}

/* Descriptors from @from up to @to */
static inline u16 enbl_tx_distance(const struct enbl_tx_ring *tx, u16 from,
				   u16 to)
{
	return (to >= from ? 0 : tx->count) + to - from;
}

/* XDP's part of a ring of @count, once it has sent */
static inline u16 enbl_xdp_share(u16 count)
{
	return min((count - 1 - ENBL_TX_WAKE) / 2, count / 4);
}

/* Interrupt moderation, see itr.c. NAPI, while it is adaptive */
struct enbl_itr {
	u64 received;			/* rx.stats.packets at the last poll's end */
	u64 received_since;		/* the same at the tick @since */
	unsigned long since;
	u16 cleaned;			/* tx.next_to_clean at the last poll's end */
	u16 rush;			/* polls that remember one */
	bool busy;
	u16 us;				/* as programmed; ethtool reads */
};

struct enbl_queue {
	struct napi_struct napi;
	struct enbl_adapter *adapter;
	struct xsk_buff_pool *xsk_pool;	/* rtnl writes; NULL only with NAPI off */
	bool xsk_closing;		/* the same; nothing more into xsk_pool */
	u16 xsk_len;			/* longest frame that a buffer of it holds */
	u16 index;
	struct enbl_rx_ring rx;
	struct enbl_tx_ring tx;
	struct enbl_itr itr;
};

/* Accumulated hardware counters; the index into enbl_adapter.hw_stats */
#define ENBL_NR_HW_STATS	64

struct enbl_adapter {
	void __iomem *regs;
	struct net_device *netdev;
	struct pci_dev *pdev;
	const struct enbl_hw_info *info;

	/* Shadows of registers: what the device has */
	u32 rctl;
	u32 ctrl;
	u32 mta[ENBL_MTA_SIZE];
	u32 vfta[ENBL_VFTA_SIZE];
	u64 rar[ENBL_RAR_SIZE];
	bool qemu;		/* the model, not the part: its quirks */

	u16 nr_queues;
	u16 nr_rx_desc;		/* for the next ring_create() */
	u16 nr_tx_desc;
	u16 tx_copybreak;
	bool adaptive;		/* see itr.c; rtnl writes, NAPI reads */
	u16 itr_us;		/* if it is not */
	u16 itr_long_us;	/* if it is, and busy */
	u32 msg_enable;
	u32 wol;		/* WAKE_* asked for */
	u32 ledctl;		/* while the LEDs blink: as they were */

	struct bpf_prog *xdp_prog;	/* rtnl writes, NAPI reads */
	unsigned long active_vlans[BITS_TO_LONGS(VLAN_N_VID)];

	/* Link: what it is, then what is asked for */
	struct mutex link_lock;	/* MDIC; speed, full_duplex */
	u32 speed;		/* Mb/s, 0: down */
	bool full_duplex;
	bool autoneg;
	u16 phy_addr;
	u32 advertising;	/* ENBL_ADVERTISED_ALL or some of it */
	u16 forced_speed;	/* without autoneg: 10 or 100 */
	bool forced_full_duplex;
	bool pause_autoneg;
	bool pause_rx;
	bool pause_tx;

	bool up;		/* rtnl writes; interrupt and watchdog read */
	bool gone;		/* watchdog and rtnl: registers read all ones */
	bool config_lost;	/* watchdog: as it last looked */
	bool irq_masked;	/* as IMS is, while up */
	spinlock_t irq_lock;	/* guards irq_masked */
	struct delayed_work watchdog;
	struct work_struct reset;
	u64 resets;		/* rtnl */
	spinlock_t stats_lock;	/* guards hw_stats */
	u64 hw_stats[ENBL_NR_HW_STATS];
	u32 hw_last[2];		/* MPC and RNBC, which QEMU keeps */
	u16 eeprom[ENBL_EEPROM_WORDS];

	struct enbl_queue queue[];
};

static inline u32 enbl_read(const struct enbl_adapter *adapter, u32 reg)
{
	return readl(adapter->regs + reg);
}

static inline void enbl_write(struct enbl_adapter *adapter, u32 reg, u32 val)
{
	writel(val, adapter->regs + reg);
}

/* A posted write reaches the device; for waits that start at the write */
static inline void enbl_flush(const struct enbl_adapter *adapter)
{
	enbl_read(adapter, ENBL_STATUS);
}

static inline bool enbl_long_frames(const struct net_device *netdev)
{
	return netdev->mtu > ETH_DATA_LEN;
}

/*
 * 64 KiB hold what is received and what is to be sent. A frame is sent when all
 * of it is in there and the next is fetched meanwhile: room for two of them.
 */
static inline u32 enbl_rx_buffer(const struct enbl_adapter *adapter)
{
	return enbl_long_frames(adapter->netdev) ? SZ_32K : SZ_32K + SZ_16K;
}

static inline void enbl_rx_count(struct enbl_rx_ring *rx, u64_stats_t *counter)
{
	u64_stats_update_begin(&rx->sync);
	u64_stats_inc(counter);
	u64_stats_update_end(&rx->sync);
}

static inline void enbl_rx_batch_count(struct enbl_rx_batch *batch,
				       const void *data, unsigned int len)
{
	batch->packets++;
	batch->bytes += len;
	batch->multicast += is_multicast_ether_addr(data);
}

/* Is it done, good, and ends in one buffer of @room? Then if no other has begun, */
static inline bool enbl_rx_ends(u64 wb, u32 room)
{
	return (wb & (RXD_DD | RXD_EOP | RXD_ERR_FRAME)) == (RXD_DD | RXD_EOP) &&
	       (u32)FIELD_GET(RXD_LENGTH, wb) - ETH_HLEN <= room - ETH_HLEN;
}

/* it is a whole frame, as nearly all are */
static inline bool enbl_rx_is_whole(const struct enbl_rx_ring *rx, u64 wb,
				    u32 room)
{
	return enbl_rx_ends(wb, room) && !rx->frame_bufs;
}

/* The list of slot @i goes to the device, again */
static inline void enbl_rx_repost(struct enbl_rx_ring *rx, u16 i,
				  const struct net_buffer_list *nbl)
{
	struct enbl_rx_desc *desc = &rx->desc[i];

	desc->addr = cpu_to_le64(ndis_nbl_for_device(nbl));
	desc->wb = 0;
}

/* An empty list goes to the device in slot @i */
static inline void enbl_rx_post(struct enbl_rx_ring *rx, u16 i,
				struct net_buffer_list *nbl)
{
	rx->nbl[i] = nbl;
	enbl_rx_repost(rx, i, nbl);
}

/*
 * Take the list of slot @i and put an empty one there. Without memory the
 * filled one stays for the device to use again, and its frame is lost.
 */
static inline struct net_buffer_list *
enbl_rx_exchange(struct enbl_rx_ring *rx, u16 i)
{
	struct net_buffer_list *filled = rx->nbl[i];
	struct net_buffer_list *empty;

	empty = ndis_nbl_alloc(rx->pool);
	if (unlikely(!empty)) {
		enbl_rx_count(rx, &rx->stats.alloc_failed);
		return NULL;
	}
	enbl_rx_post(rx, i, empty);
	return filled;
}

/* netdev.c */
extern const struct net_device_ops enbl_netdev_ops;
void enbl_netdev_init(struct enbl_adapter *adapter);
void enbl_up(struct enbl_adapter *adapter);
void enbl_down(struct enbl_adapter *adapter);
void enbl_irq_refresh(struct enbl_adapter *adapter);
void enbl_reinit(struct enbl_adapter *adapter);
void enbl_reset_work(struct work_struct *work);
int enbl_set_ring_sizes(struct enbl_adapter *adapter, u16 nr_rx, u16 nr_tx);
int enbl_open(struct net_device *netdev);
int enbl_stop(struct net_device *netdev);

/* probe.c */
bool enbl_config_lost(struct enbl_adapter *adapter);
bool enbl_device_there(struct enbl_adapter *adapter);

/* watchdog.c */
void enbl_kick_watchdog(struct enbl_adapter *adapter);
void enbl_tx_timeout(struct net_device *netdev, unsigned int index);
void enbl_watchdog(struct work_struct *work);

/* itr.c */
void enbl_itr_init(struct enbl_adapter *adapter);
void enbl_itr_start(struct enbl_adapter *adapter, bool adaptive);
void enbl_itr_set(struct enbl_adapter *adapter, u16 us, bool adaptive);
void enbl_itr_adapt(struct enbl_queue *queue);

/* rx.c */
int enbl_rx_pools_create(struct enbl_queue *queue);
void enbl_rx_pools_destroy(struct enbl_queue *queue);
int enbl_rx_ring_create(struct enbl_adapter *adapter, struct enbl_rx_ring *rx,
			u16 count);
void enbl_rx_ring_destroy(struct enbl_adapter *adapter,
			  struct enbl_rx_ring *rx);
void enbl_rx_ring_forget(struct enbl_rx_ring *rx);
void enbl_rx_start(struct enbl_queue *queue);
void enbl_rx_stop(struct enbl_queue *queue);
int enbl_rx_poll(struct enbl_queue *queue, int budget);

struct net_buffer_list *enbl_rx_take(struct enbl_queue *queue, u64 wb);
void enbl_rx_drop_frame(struct enbl_rx_ring *rx, bool eop);
void enbl_rx_set_info(struct enbl_adapter *adapter,
		      struct net_buffer_list *nbl, u64 wb);

/* xdp.c */
DECLARE_PER_CPU(struct enbl_rx_ring *, enbl_xdp_polling);
/* enbl_xdp_begin() reversed: nobody may give pages back to the pool any more */
static inline void enbl_xdp_idle(void)
{
	this_cpu_write(enbl_xdp_polling, NULL);
}

void enbl_xdp_begin(struct enbl_queue *queue, struct enbl_rx_batch *batch);
int enbl_xdp_collect(struct enbl_queue *queue, int budget,
		     struct enbl_rx_batch *batch);
int enbl_xdp_collect_any(struct enbl_queue *queue, int budget,
			 struct enbl_rx_batch *batch);
u32 enbl_xdp_aborted(struct enbl_queue *queue, struct enbl_rx_batch *batch,
		     u32 act);
void enbl_xdp_verdict(struct enbl_queue *queue, struct enbl_rx_batch *batch,
		      struct net_buffer_list *nbl, u32 act);
void enbl_xdp_features(struct enbl_adapter *adapter);
void enbl_xdp_init(struct enbl_adapter *adapter);
void enbl_xdp_end(struct enbl_queue *queue, struct enbl_rx_batch *batch);
int enbl_bpf(struct net_device *netdev, struct netdev_bpf *bpf);
bool enbl_xdp_mtu_ok(const struct bpf_prog *prog, int mtu);

/* tx.c, tx_ring.c */
int enbl_tx_pool_create(struct enbl_queue *queue);
void enbl_tx_pool_destroy(struct enbl_queue *queue);
int enbl_tx_ring_create(struct enbl_adapter *adapter, struct enbl_tx_ring *tx,
			u16 count);
void enbl_tx_ring_destroy(struct enbl_adapter *adapter,
			  struct enbl_tx_ring *tx);
void enbl_tx_ring_forget(struct enbl_tx_ring *tx);
void enbl_tx_start(struct enbl_queue *queue);
void enbl_tx_stop(struct enbl_queue *queue);
void enbl_tx_clean(struct enbl_queue *queue, int budget);
bool enbl_tx_pending(const struct enbl_tx_ring *tx);
u16 enbl_tx_copybreak(const struct enbl_adapter *adapter);
netdev_tx_t enbl_xmit(struct sk_buff *skb, struct net_device *netdev);
netdev_features_t enbl_features_check(struct sk_buff *skb,
				      struct net_device *netdev,
				      netdev_features_t features);

/* xdp_tx.c */
unsigned int enbl_xdp_send_lists(struct enbl_queue *queue, unsigned int nr,
				 const struct bpf_prog *prog);
int enbl_xdp_xmit(struct net_device *netdev, int n, struct xdp_frame **frames,
		  u32 flags);
struct enbl_xdp_cursor enbl_xdp_open(struct enbl_tx_ring *tx);
void enbl_xdp_put_run(struct enbl_tx_ring *tx, struct enbl_xdp_cursor *cur,
		      dma_addr_t addr, u32 len, enum enbl_tx_type type);
void enbl_xdp_put_copy(struct enbl_tx_ring *tx, struct enbl_xdp_cursor *cur,
		       u32 len, enum enbl_tx_type type);
void enbl_xdp_close(struct enbl_tx_ring *tx, const struct enbl_xdp_cursor *cur);
u16 enbl_xdp_clean(struct enbl_queue *queue, u16 first, u16 end);
void enbl_xdp_abort(struct enbl_queue *queue, u16 first);

/* xsk.c */
int enbl_xsk_setup(struct enbl_adapter *adapter, struct xsk_buff_pool *pool,
		   u16 index);
int enbl_xsk_wakeup(struct net_device *netdev, u32 index, u32 flags);
void enbl_xsk_link_up(struct enbl_adapter *adapter);
bool enbl_xsk_mtu_ok(struct enbl_adapter *adapter, int mtu);
int enbl_xsk_collect(struct enbl_queue *queue, int budget,
		     struct enbl_rx_batch *batch);
void enbl_xsk_post(struct enbl_rx_ring *rx, u32 i, struct xdp_buff *xdp);
void enbl_xsk_release(struct enbl_rx_ring *rx);
bool enbl_xsk_send(struct enbl_queue *queue);

/* hw.c */
extern const struct enbl_hw_info enbl_82540_info;
extern const struct enbl_hw_info enbl_82544_info;
extern const struct enbl_hw_info enbl_82545_info;
int enbl_hw_init(struct enbl_adapter *adapter);
void enbl_hw_reset(struct enbl_adapter *adapter);
int enbl_eeprom_read_all(struct enbl_adapter *adapter, u16 *words);
void enbl_wol_arm(struct enbl_adapter *adapter);

/* link.c */
int enbl_link_init(struct enbl_adapter *adapter);
int enbl_phy_read(struct enbl_adapter *adapter, u8 reg, u16 *val);
int enbl_phy_write(struct enbl_adapter *adapter, u8 reg, u16 val);
void enbl_link_setup(struct enbl_adapter *adapter);
int enbl_link_restart(struct enbl_adapter *adapter);
bool enbl_link_update(struct enbl_adapter *adapter);
u16 enbl_advertised(const struct enbl_adapter *adapter);
void enbl_pause_update(struct enbl_adapter *adapter);

/* stats.c */
void enbl_stats_init(struct enbl_adapter *adapter);
void enbl_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *s);
void enbl_get_hw_stats64(struct enbl_adapter *adapter,
			 struct rtnl_link_stats64 *s);
void enbl_hw_stats_clear(struct enbl_adapter *adapter);
void enbl_hw_stats_update(struct enbl_adapter *adapter);
int enbl_get_sset_count(struct net_device *netdev, int sset);
void enbl_get_strings(struct net_device *netdev, u32 sset, u8 *data);
void enbl_get_ethtool_stats(struct net_device *netdev,
			    struct ethtool_stats *stats, u64 *data);
void enbl_get_pause_stats(struct net_device *netdev,
			  struct ethtool_pause_stats *stats);
void enbl_get_eth_phy_stats(struct net_device *netdev,
			    struct ethtool_eth_phy_stats *stats);
void enbl_get_eth_mac_stats(struct net_device *netdev,
			    struct ethtool_eth_mac_stats *stats);
void enbl_get_eth_ctrl_stats(struct net_device *netdev,
			     struct ethtool_eth_ctrl_stats *stats);
void enbl_get_rmon_stats(struct net_device *netdev,
			 struct ethtool_rmon_stats *stats,
			 const struct ethtool_rmon_hist_range **ranges);

/* selftest.c */
int enbl_self_test_count(void);
void enbl_self_test_strings(u8 *data);
void enbl_self_test(struct net_device *netdev, struct ethtool_test *test,
		    u64 *failed);
int enbl_get_regs_len(struct net_device *netdev);
void enbl_get_regs(struct net_device *netdev, struct ethtool_regs *regs,
		   void *data);

/* filter.c */
void enbl_filter_init(struct enbl_adapter *adapter);
void enbl_filter_restore(struct enbl_adapter *adapter, u32 rctl);
void enbl_set_rx_mode(struct net_device *netdev);
int enbl_set_mac_address(struct net_device *netdev, void *p);
int enbl_vlan_rx_add_vid(struct net_device *netdev, __be16 proto, u16 vid);
int enbl_vlan_rx_kill_vid(struct net_device *netdev, __be16 proto, u16 vid);
void enbl_set_rctl(struct enbl_adapter *adapter, u32 clear, u32 set);
void enbl_set_ctrl(struct enbl_adapter *adapter, u32 clear, u32 set);

/* ethtool.c */
extern const struct ethtool_ops enbl_ethtool_ops;

#endif /* _ENBL_H */
