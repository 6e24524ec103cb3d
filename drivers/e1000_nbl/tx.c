// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit: room? -> offloads -> copy a small packet or describe it as a list
 * and map it -> descriptors -> doorbell unless more is coming -> stop early.
 *
 *   next_to_clean            next_to_use
 *        v                        v
 *   [ packet | packet | ctx,packet | free ... ]
 *     eop says where each ends; DD there, and all of it is ours again
 *
 * A queue stops while it still has room for the largest packet, so xmit never
 * finds it full. Each slot has a list of its own, preallocated with the ring,
 * that describes whatever packet begins there.
 */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/ip6_checksum.h>
#include <net/netdev_queues.h>

#include "e1000_nbl.h"

/*
 * The part must have room for four segments' worth of a descriptor in its
 * packet buffer, so small segments mean short descriptors; below this size the
 * stack segments.
 */
#define ENBL_TX_MIN_MSS		512

static_assert(ENBL_TX_WAKE < ENBL_RING_MIN);
static_assert(ENBL_TX_CHUNK_PCIX < 4 * ENBL_TX_MIN_MSS);

/* What XDP leaves to the stack */
static u16 enbl_tx_stack_room(const struct enbl_tx_ring *tx)
{
	u16 room = enbl_tx_room(tx), reserve = READ_ONCE(tx->xdp_reserve);

	return room > reserve ? room - reserve : 0;
}

static void enbl_tx_count(struct enbl_tx_ring *tx, u64_stats_t *counter)
{
	u64_stats_update_begin(&tx->sync);
	u64_stats_inc(counter);
	u64_stats_update_end(&tx->sync);
}

/*
 * See what completion has done: once in a ring, not once in a packet.
 * Return: room for the stack
 */
static u16 enbl_tx_look(struct enbl_tx_ring *tx)
{
	u16 room = enbl_tx_stack_room(tx);

	/* Before the ring can be at that place again */
	if (tx->run_next != tx->next_to_use)
		tx->run_next = ENBL_TX_NO_RUN;
	enbl_tx_set_room(tx, room);
	tx->low = room > ENBL_TX_LOW ? ENBL_TX_LOW : ENBL_TX_MAX_DESC;
	return room;
}

/* Return: stopped, as there is no room for @need */
static noinline bool enbl_tx_stop_queue(struct enbl_tx_ring *tx, u16 need)
{
	bool stopped = !netif_txq_maybe_stop(tx->txq, enbl_tx_stack_room(tx),
					     ENBL_TX_MAX_DESC, need);

	enbl_tx_look(tx);
	return stopped;
}

/*
 * Little room is left: have NAPI look, so that the queue need not stop. Where it
 * must: the next interrupt may be 128 us away, a short ring sooner full.
 * Return: the device has to be told
 */
static noinline bool enbl_tx_low(struct enbl_tx_ring *tx)
{
	bool stopped = false;
	u16 room = enbl_tx_look(tx);

	if (room > ENBL_TX_LOW)
		return false;
	if (room < ENBL_TX_MAX_DESC) {
		stopped = enbl_tx_stop_queue(tx, ENBL_TX_WAKE);
		if (stopped)
			enbl_tx_count(tx, &tx->stats.stops);
	}
	/* What it shall find is reported */
	tx->run_floor = tx->room;
	napi_schedule(&container_of(tx, struct enbl_queue, tx)->napi);
	return stopped;
}

static void enbl_tx_count_copied(struct enbl_tx_ring *tx, u32 bytes)
{
	u64_stats_update_begin(&tx->sync);
	u64_stats_inc(&tx->stats.copied);
	u64_stats_add(&tx->stats.copied_bytes, bytes);
	u64_stats_update_end(&tx->sync);
}

/*
 * Segmentation: the headers that every segment starts from. The part wants the
 * lengths zero and the pseudo header without the length in the checksum field.
 * Return: second quadword of the context descriptor, 0 on failure.
 */
static u64 enbl_tx_prepare_tso(struct sk_buff *skb, u64 *cmd, u64 *context)
{
	unsigned int hdr_len, net = skb_network_offset(skb);
	u64 second = TXD_DEXT | TXC_TCP | TXC_TSE;

	if (skb_cow_head(skb, 0))
		return 0;

	if (skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4) {
		struct iphdr *iph = ip_hdr(skb);

		iph->tot_len = 0;
		iph->check = 0;
		tcp_hdr(skb)->check = ~csum_tcpudp_magic(iph->saddr, iph->daddr,
							 0, IPPROTO_TCP, 0);
		second |= TXC_IPV4;
		*cmd |= TXD_IXSM;
		*context |= FIELD_PREP(TXC_IPCSO,
				       net + offsetof(struct iphdr, check)) |
			    FIELD_PREP(TXC_IPCSE, skb_transport_offset(skb) - 1);
	} else {
		tcp_v6_gso_csum_prep(skb);
	}

	hdr_len = skb_tcp_all_headers(skb);
	*cmd |= TXD_TSE;
	*context |= FIELD_PREP(TXC_IPCSS, net);
	return second | FIELD_PREP(TXC_PAYLEN, skb->len - hdr_len) |
	       FIELD_PREP(TXC_HDRLEN, hdr_len) |
	       FIELD_PREP(TXC_MSS, skb_shinfo(skb)->gso_size);
}

/*
 * Checksum, segmentation and VLAN: into @cmd, and into a context descriptor at
 * @buf->eop where the device has not got the same one already. Then @buf->eop is
 * the next one.
 * Return: the command, 0 if the packet cannot be prepared.
 */
static noinline u64 enbl_tx_offload(struct enbl_tx_ring *tx,
				    struct enbl_tx_buf *buf,
				    struct sk_buff *skb, u64 cmd)
{
	u64 context, second = TXD_DEXT;
	struct enbl_tx_desc *desc;
	u32 start;

	if (skb_vlan_tag_present(skb))
		cmd |= TXD_VLE | FIELD_PREP(TXD_VLAN, skb_vlan_tag_get(skb));
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return cmd;

	start = skb_checksum_start_offset(skb);
	context = FIELD_PREP(TXC_TUCSS, start) |
		  FIELD_PREP(TXC_TUCSO, start + skb->csum_offset);
	cmd |= TXD_TXSM;

	if (skb_is_gso(skb)) {
		second = enbl_tx_prepare_tso(skb, &cmd, &context);
		if (unlikely(!second))
			return 0;
		buf->packets = skb_shinfo(skb)->gso_segs;
		buf->bytes += (buf->packets - 1) * skb_tcp_all_headers(skb);
		enbl_tx_count(tx, &tx->stats.tso);
		tx->context = 0;
		tx->whole = 0;
	} else {
		if (tx->context == context)
			return cmd;
		tx->context = context;
	}

	desc = &tx->desc[buf->eop];
	desc->addr = cpu_to_le64(context);
	desc->cmd = cpu_to_le64(second);
	tx->room--;
	buf->eop = enbl_tx_next(tx, buf->eop);
	return cmd;
}

/*
 * Small packets: copied, so that the skb is free at once and nothing mapped.
 *
 * Nobody waits for them then. So those in a row are a run, one for completion, which
 * the device need not report: when a packet behind it is done, the run is. Who only
 * acknowledges causes no interrupts. See enbl_tx_submit() for those that do report.
 */
static u16 enbl_tx_copy(struct enbl_tx_ring *tx, struct enbl_tx_buf *buf,
			struct sk_buff *skb, u64 cmd, u16 i)
{
	struct enbl_tx_desc *desc = &tx->desc[i];
	struct enbl_tx_buf *run = tx->run;
	u32 len = skb->len;

	enbl_tx_count_copied(tx, len);
	if (likely(tx->run_next == tx->next_to_use)) {
		run->packets++;
		run->bytes += len;
		WRITE_ONCE(run->eop, i);
	} else {
		tx->run = buf;
		tx->run_floor = tx->room - tx->run_max;
		buf->type = ENBL_TX_COPY;
		buf->reported = false;
	}
	tx->run_next = enbl_tx_next(tx, i);

	if (unlikely(skb_is_nonlinear(skb)))
		skb_copy_bits(skb, 0, buf->copy, len);
	else if (len <= ENBL_COPYBREAK / 2)
		/* Whole words; what lies behind the packet is the skb's still */
		memcpy(buf->copy, skb->data, ENBL_COPYBREAK / 2);
	else
		memcpy(buf->copy, skb->data, ENBL_COPYBREAK);
	if (len < ETH_ZLEN) {
		memset(buf->copy + len, 0, ETH_ZLEN - len);
		len = ETH_ZLEN;
	}
	if (unlikely(tx->copy_sync))
		dma_sync_single_for_device(tx->dev, buf->copy_dma, len,
					   DMA_BIDIRECTIONAL);
	desc->addr = cpu_to_le64(buf->copy_dma);
	desc->cmd = cpu_to_le64(cmd | len | TXD_EOP);
	tx->room--;
	dev_consume_skb_any(skb);
	return i;
}

/*
 * More than one element, one that is too long for a descriptor, or TSO.
 *
 * Real parts can report a packet done before they have read its last bytes: with
 * TSO, and with the packet after one. The end then goes into a descriptor of its
 * own, whose report cannot come early.
 *
 * Return: the last descriptor, which reports status for all
 */
static noinline u16 enbl_tx_fill(struct enbl_tx_ring *tx,
				 const struct net_buffer_list *nbl, u32 mss,
				 u64 cmd, u16 i)
{
	u32 split = tx->split_last && !tx->whole ? 4 : 0;
	u32 chunk = mss ? min_t(u32, tx->chunk, 4 * mss) : tx->chunk;
	struct enbl_tx_desc *desc;
	const struct ndis_sg *sg;
	unsigned int nr;
	u16 last;

	for (sg = ndis_send_sg(nbl, &nr); nr; nr--, sg++) {
		dma_addr_t addr = sg->addr;
		u32 left = sg->len;

		while (left) {
			u32 len = min(left, chunk);

			if (split && nr == 1 && left == len && len > 2 * split)
				len -= split;
			desc = &tx->desc[i];
			desc->addr = cpu_to_le64(addr);
			desc->cmd = cpu_to_le64(cmd | len);
			tx->room--;
			last = i;
			i = enbl_tx_next(tx, i);
			addr += len;
			left -= len;
		}
	}
	desc->cmd |= cpu_to_le64(TXD_EOP | TXD_RS);
	tx->whole = mss && tx->split_last ? 0 : tx->chunk;
	return last;
}

/* Return: last descriptor, or a negative errno with the skb untouched */
static int enbl_tx_list(struct enbl_tx_ring *tx, struct enbl_tx_buf *buf,
			struct sk_buff *skb, u64 cmd, u16 i)
{
	struct enbl_tx_desc *desc = &tx->desc[i];
	u32 len = skb->len;
	dma_addr_t addr;
	int err;

	buf->type = ENBL_TX_SKB;
	if (unlikely(skb_is_nonlinear(skb) || len > tx->whole)) {
		err = ndis_send_map(buf->nbl, skb, tx->dev);
		if (unlikely(err))
			return err;
		return enbl_tx_fill(tx, buf->nbl, cmd & TXD_TSE ?
				    skb_shinfo(skb)->gso_size : 0, cmd, i);
	}

	/* Not the device's before the doorbell: before the mapping, it is cheaper */
	desc->cmd = cpu_to_le64(cmd | len | TXD_EOP | TXD_RS);
	addr = ndis_send_map_linear(buf->nbl, skb, tx->dev);
	if (unlikely(dma_mapping_error(tx->dev, addr)))
		return -ENOMEM;
	desc->addr = cpu_to_le64(addr);
	tx->room--;
	return i;
}

/* A run that is long, or in a queue that has stopped, has to report */
static inline void enbl_tx_submit(struct enbl_tx_ring *tx)
{
	struct enbl_tx_buf *run = tx->run;

	if (tx->run_next == tx->next_to_use &&
	    (tx->room <= tx->run_floor || netif_xmit_stopped(tx->txq))) {
		tx->desc[run->eop].cmd |= cpu_to_le64(TXD_RS);
		/* Pairs with enbl_tx_run_done(): it grows no more */
		smp_store_release(&run->reported, true);
		tx->run_next = ENBL_TX_NO_RUN;
	}
	enbl_tx_doorbell(tx);
}

/**
 * enbl_xmit() - ndo_start_xmit
 * @skb: packet
 * @netdev: our device
 *
 * Context: BH off, the queue's lock held.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY without room, which the early stop
 * makes rare.
 */
netdev_tx_t enbl_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct enbl_adapter *adapter = netdev_priv(netdev);
	struct enbl_tx_ring *tx = &adapter->queue[skb_get_queue_mapping(skb)].tx;
	u64 cmd = TXD_DEXT | TXD_DTYP_DATA | TXD_IFCS;
	struct enbl_tx_buf *buf;
	int last;
	bool more;
	u16 i;

	/* Computed once: the address, not its parts, is worth a register */
	OPTIMIZER_HIDE_VAR(tx);
	/* After a false wake */
	if (unlikely(tx->room < ENBL_TX_MAX_DESC) &&
	    enbl_tx_stop_queue(tx, ENBL_TX_MAX_DESC))
		return NETDEV_TX_BUSY;

	i = tx->next_to_use;
	buf = &tx->buf[i];
	buf->bytes = skb->len;
	buf->packets = 1;
	/* What is segmented is summed too, see enbl_features_check() */
	if (skb->ip_summed == CHECKSUM_PARTIAL || skb_vlan_tag_present(skb)) {
		buf->eop = i;
		cmd = enbl_tx_offload(tx, buf, skb, cmd);
		if (unlikely(!cmd))
			goto drop;
		i = buf->eop;
	}

	if (unlikely(skb_shinfo(skb)->tx_flags & SKBTX_SW_TSTAMP))
		skb_tx_timestamp(skb);
	if (skb->len <= tx->copybreak) {
		last = enbl_tx_copy(tx, buf, skb, cmd, i);
	} else {
		last = enbl_tx_list(tx, buf, skb, cmd, i);
		if (unlikely(last < 0))
			goto drop;
	}

	buf->eop = last;
	more = !__netdev_tx_sent_queue(tx->txq, buf->bytes, netdev_xmit_more());
	/* Pairs with enbl_tx_clean(): @buf is written before the index says */
	smp_store_release(&tx->next_to_use, enbl_tx_next(tx, last));

	if (unlikely(tx->room < tx->low) && enbl_tx_low(tx))
		more = false;
	if (!more)
		enbl_tx_submit(tx);
	return NETDEV_TX_OK;

drop:
	dev_kfree_skb_any(skb);
	/* A context that was written here is overwritten by the next packet */
	tx->context = 0;
	/* enbl_tx_look(), at the run as well */
	enbl_tx_set_room(tx, 0);
	enbl_tx_count(tx, &tx->stats.dropped);
	/* The run may be the device's already: it cannot be asked to report */
	if (!netdev_xmit_more())
		enbl_tx_doorbell(tx);
	return NETDEV_TX_OK;
}

/* Small segments would need more descriptors than a ring has */
netdev_features_t enbl_features_check(struct sk_buff *skb,
				      struct net_device *netdev,
				      netdev_features_t features)
{
	if (skb_is_gso(skb) &&
	    (skb->ip_summed != CHECKSUM_PARTIAL ||
	     skb_shinfo(skb)->gso_size < ENBL_TX_MIN_MSS ||
	     skb_tcp_all_headers(skb) > 240))
		features &= ~NETIF_F_GSO_MASK;
	/* Context offsets are a byte */
	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    skb_checksum_start_offset(skb) + skb->csum_offset > U8_MAX)
		features &= ~(NETIF_F_CSUM_MASK | NETIF_F_GSO_MASK);
	return vlan_features_check(skb, features);
}

static bool enbl_tx_done(const struct enbl_tx_ring *tx, u16 i)
{
	return READ_ONCE(tx->desc[i].cmd) & cpu_to_le64(TXD_DD);
}

/* The run that starts at @i; packets are known up to @end, which it may have outgrown */
static bool enbl_tx_run_done(const struct enbl_tx_ring *tx, u16 i, u16 end)
{
	const struct enbl_tx_buf *run = &tx->buf[i];
	u16 next;

	/* Pairs with enbl_tx_submit() */
	if (smp_load_acquire(&run->reported))
		return enbl_tx_done(tx, run->eop);
	next = enbl_tx_next(tx, READ_ONCE(run->eop));
	if (enbl_tx_distance(tx, i, next) >= enbl_tx_distance(tx, i, end))
		return false;
	return enbl_tx_done(tx, tx->buf[next].eop);
}

/**
 * enbl_tx_clean() - free what the device has sent
 * @queue: queue, in its NAPI
 * @budget: NAPI budget, 0 from netpoll
 *
 * All of it, whatever the budget: at most a ring. What is done later raises an
 * interrupt of its own. Only netpoll, which may come with interrupts off, ends
 * at the first XDP frame: page_pool is not for it.
 */
void enbl_tx_clean(struct enbl_queue *queue, int budget)
{
	unsigned int packets = 0, bytes = 0, copied = 0, copied_bytes = 0;
	struct enbl_tx_ring *tx = &queue->tx;
	struct device *dev = tx->dev;
	u16 i = tx->next_to_clean;
	u16 end, first = i;

	/* Pairs with enbl_xmit() */
	end = smp_load_acquire(&tx->next_to_use);
	while (i != end) {
		struct enbl_tx_buf *buf = &tx->buf[i];

		if (buf->type == ENBL_TX_SKB) {
			if (!enbl_tx_done(tx, buf->eop))
				break;
			packets += buf->packets;
			bytes += buf->bytes;
			ndis_send_complete(buf->nbl, dev, budget);
		} else if (buf->type == ENBL_TX_COPY) {
			if (!enbl_tx_run_done(tx, i, end))
				break;
			copied += buf->packets;
			copied_bytes += buf->bytes;
		} else {
			if (unlikely(!budget || !enbl_tx_done(tx, buf->eop)))
				break;
			i = enbl_xdp_clean(queue, i, end);
			continue;
		}
		i = enbl_tx_next(tx, buf->eop);
	}
	if (i == first)
		return;

	u64_stats_update_begin(&tx->done_sync);
	u64_stats_add(&tx->done.packets, packets);
	u64_stats_add(&tx->done.bytes, bytes);
	u64_stats_update_end(&tx->done_sync);

	WRITE_ONCE(tx->cleaned, tx->cleaned + 1);
	/* Pairs with enbl_tx_room() */
	smp_store_release(&tx->next_to_clean, i);
	packets += copied;
	if (likely(packets)) {
		netif_txq_completed_wake(tx->txq, packets, bytes + copied_bytes,
					 enbl_tx_stack_room(tx), ENBL_TX_WAKE);
		return;
	}
	/* BQL knows nothing of XDP, but the room is the stack's as well */
	smp_mb();
	if (unlikely(netif_tx_queue_stopped(tx->txq)) &&
	    enbl_tx_stack_room(tx) >= ENBL_TX_WAKE)
		netif_tx_wake_queue(tx->txq);
}
