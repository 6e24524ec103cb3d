// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit rings off the hot path: pools and memory come (create) and go
 * (destroy), the device gets a ring (start) and gives it back (stop).
 */
#include <linux/dma-mapping.h>

#include "e1000_nbl.h"

/* Lists for skbs, and NET_BUFFERs with data that small packets are copied to */
int enbl_tx_pool_create(struct enbl_queue *queue)
{
	struct ndis_pool_params nbl_params = {
		.tag		= NDIS_POOL_TAG('e', 'n', 'T', 'x'),
		.alloc_nb	= true,
		.access		= NDIS_ACCESS_ANY,
		.nr_mdls	= MAX_SKB_FRAGS + 1,
	};
	struct ndis_pool_params nb_params = {
		.tag		= NDIS_POOL_TAG('e', 'n', 'T', 'c'),
		.data_size	= ENBL_COPY_DATA,
		.access		= NDIS_ACCESS_ANY,
		.dev		= &queue->adapter->pdev->dev,
		.napi		= &queue->napi,
		.queue		= queue->index,
	};
	struct enbl_tx_ring *tx = &queue->tx;
	struct ndis_pool *pool;

	pool = ndis_nbl_pool_create(&nbl_params);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	tx->pool = pool;

	pool = ndis_nb_pool_create(&nb_params);
	if (IS_ERR(pool)) {
		enbl_tx_pool_destroy(queue);
		return PTR_ERR(pool);
	}
	tx->nb_pool = pool;
	return 0;
}

void enbl_tx_pool_destroy(struct enbl_queue *queue)
{
	ndis_nb_pool_destroy(queue->tx.nb_pool);
	queue->tx.nb_pool = NULL;
	ndis_nbl_pool_destroy(queue->tx.pool);
	queue->tx.pool = NULL;
}

/* Each descriptor has its place in the copy buffers */
static int enbl_tx_copies_create(struct enbl_tx_ring *tx)
{
	const unsigned int per_nb = ENBL_COPY_DATA / ENBL_COPYBREAK;
	struct net_buffer *nb;
	u32 i, offset;

	tx->nr_copies = DIV_ROUND_UP(tx->count, per_nb);
	tx->copies = kcalloc(tx->nr_copies, sizeof(*tx->copies), GFP_KERNEL);
	if (!tx->copies)
		return -ENOMEM;

	for (i = 0; i < tx->count; i++) {
		offset = i % per_nb * ENBL_COPYBREAK;
		if (!offset) {
			nb = ndis_nb_alloc(tx->nb_pool);
			if (!nb)
				return -ENOMEM;
			tx->copies[i / per_nb] = nb;
			tx->copy_sync |= ndis_nb_needs_sync(nb);
		}
		tx->buf[i].copy = ndis_nb_data(nb) + offset;
		tx->buf[i].copy_dma = ndis_nb_dma(nb) + offset;
	}
	return 0;
}

/* Each descriptor has a list, should it be a packet's first */
static int enbl_tx_lists_create(struct enbl_tx_ring *tx)
{
	u32 i;

	for (i = 0; i < tx->count; i++) {
		tx->buf[i].nbl = ndis_nbl_alloc(tx->pool);
		if (!tx->buf[i].nbl)
			return -ENOMEM;
		ndis_send_prepare(tx->buf[i].nbl);
	}
	return 0;
}

int enbl_tx_ring_create(struct enbl_adapter *adapter, struct enbl_tx_ring *tx,
			u16 count)
{
	tx->desc = dma_alloc_coherent(&adapter->pdev->dev,
				      count * sizeof(*tx->desc), &tx->dma,
				      GFP_KERNEL);
	if (!tx->desc)
		return -ENOMEM;

	tx->count = count;
	tx->buf = kvcalloc(count, sizeof(*tx->buf), GFP_KERNEL);
	if (!tx->buf || enbl_tx_lists_create(tx) || enbl_tx_copies_create(tx)) {
		enbl_tx_ring_destroy(adapter, tx);
		return -ENOMEM;
	}
	return 0;
}

void enbl_tx_ring_destroy(struct enbl_adapter *adapter,
			  struct enbl_tx_ring *tx)
{
	unsigned int i;

	for (i = 0; tx->copies && i < tx->nr_copies; i++)
		if (tx->copies[i])
			ndis_nb_free(tx->copies[i]);
	kfree(tx->copies);
	tx->copies = NULL;
	for (i = 0; tx->buf && i < tx->count; i++)
		if (tx->buf[i].nbl)
			ndis_nbl_free(tx->buf[i].nbl);
	kvfree(tx->buf);
	tx->buf = NULL;
	dma_free_coherent(&adapter->pdev->dev, tx->count * sizeof(*tx->desc),
			  tx->desc, tx->dma);
	tx->desc = NULL;
}

/* The memory is somebody else's now; the pools and the statistics stay */
void enbl_tx_ring_forget(struct enbl_tx_ring *tx)
{
	tx->desc = NULL;
	tx->buf = NULL;
	tx->copies = NULL;
	tx->copy_sync = false;
}

/* What has to be padded is copied, whatever ethtool says */
u16 enbl_tx_copybreak(const struct enbl_adapter *adapter)
{
	return max_t(u16, adapter->tx_copybreak, ETH_ZLEN - 1);
}

/*
 * A run without a report must leave the stack, and XDP with its share, room for what
 * comes, which has one: or a queue could stop that nobody wakes.
 */
static u16 enbl_tx_run_max(u16 count)
{
	return count - 1 - enbl_xdp_share(count) - ENBL_TX_MAX_DESC;
}

/* Program an idle ring; transmission starts with TCTL.EN */
void enbl_tx_start(struct enbl_queue *queue)
{
	struct enbl_adapter *adapter = queue->adapter;
	struct enbl_tx_ring *tx = &queue->tx;

	memset(tx->desc, 0, tx->count * sizeof(*tx->desc));
	tx->txq = netdev_get_tx_queue(adapter->netdev, queue->index);
	tx->dev = &adapter->pdev->dev;
	tx->next_to_use = 0;
	tx->next_to_clean = 0;
	tx->room = tx->count - 1;
	tx->low = ENBL_TX_LOW;
	tx->context = 0;
	tx->run = NULL;
	tx->run_next = ENBL_TX_NO_RUN;
	tx->run_max = enbl_tx_run_max(tx->count);
	tx->xdp_share = enbl_xdp_share(tx->count);
	tx->xdp_reserve = 0;
	tx->xdp_queued = 0;
	tx->xdp_cleaned = 0;
	tx->xsk_queued = 0;
	tx->xsk_cleaned = 0;
	tx->waited = false;
	tx->copybreak = enbl_tx_copybreak(adapter);
	tx->split_last = !adapter->qemu;
	tx->chunk = enbl_read(adapter, ENBL_STATUS) & STATUS_PCIX ?
		    ENBL_TX_CHUNK_PCIX : ENBL_TX_CHUNK;
	tx->whole = tx->chunk;

	enbl_write(adapter, ENBL_TIDV, 0);
	enbl_write(adapter, ENBL_TADV, 0);
	enbl_write(adapter, ENBL_TDBAL, lower_32_bits(tx->dma));
	enbl_write(adapter, ENBL_TDBAH, upper_32_bits(tx->dma));
	enbl_write(adapter, ENBL_TDLEN, tx->count * sizeof(*tx->desc));
	enbl_write(adapter, ENBL_TDH, 0);
	enbl_write(adapter, ENBL_TDT, 0);
	tx->tail = adapter->regs + ENBL_TDT;
}

/* The device is off: packets that it did not send are lost */
void enbl_tx_stop(struct enbl_queue *queue)
{
	struct enbl_tx_ring *tx = &queue->tx;
	u64 dropped = 0;
	u16 i;

	for (i = tx->next_to_clean; i != tx->next_to_use;
	     i = enbl_tx_next(tx, tx->buf[i].eop)) {
		/* Copies count as sent, and the last of them may be */
		if (tx->buf[i].type == ENBL_TX_SKB) {
			ndis_send_abort(tx->buf[i].nbl, tx->dev);
			dropped += tx->buf[i].packets;
		} else if (tx->buf[i].type != ENBL_TX_COPY) {
			enbl_xdp_abort(queue, i);
			dropped++;
		}
	}
	/* Who redirects to us counts there what is refused meanwhile */
	__netif_tx_lock_bh(tx->txq);
	u64_stats_update_begin(&tx->sync);
	u64_stats_add(&tx->stats.dropped, dropped);
	u64_stats_update_end(&tx->sync);
	__netif_tx_unlock_bh(tx->txq);
	tx->next_to_clean = tx->next_to_use;
	netdev_tx_reset_queue(tx->txq);
}

/* Does anything wait for the device's report? Racy, unless it is down */
bool enbl_tx_pending(const struct enbl_tx_ring *tx)
{
	u16 clean = READ_ONCE(tx->next_to_clean);
	u16 use = READ_ONCE(tx->next_to_use);

	return clean != use && !(&tx->buf[clean] == READ_ONCE(tx->run) &&
				 READ_ONCE(tx->run_next) == use);
}
