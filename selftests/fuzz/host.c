// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rest of the machine, within the rules: the stack sends what the driver's
 * features allow, under the queue's lock and while the queue is not stopped;
 * programs, sockets, resets, settings come and go; allocations fail.
 */
#include <linux/ethtool.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>

#include "rings.h"

/* Polls until the budget does, or once: then what the device wrote meanwhile stays */
void host_poll(void)
{
	struct enbl_rx_ring *rx = &rings.queue->rx;
	struct enbl_tx_ring *tx = &rings.queue->tx;
	u8 arg = fuzz_u8(&rings.in);
	int budget = arg % 65;
	u16 next, clean;

	if (!fuzz_napi_can_poll(&rings.queue->napi))
		return;
	next = rx->next;
	clean = tx->next_to_clean;
	fuzz_napi_poll(&rings.queue->napi, budget);
	fuzz_armed = 0;
	rings_totals.polls++;
	rings_totals.rx += (rx->next + rx->count - next) % rx->count;
	rings_totals.tx += (tx->next_to_clean + tx->count - clean) % tx->count;
}

/* --- skbs ----------------------------------------------------------------- */

static void make_tso(struct sk_buff *skb, bool v6, u16 mss)
{
	unsigned int net = ETH_HLEN, hdr;
	struct tcphdr *tcp;

	skb_set_network_header(skb, net);
	hdr = net + (v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr));
	skb_set_transport_header(skb, hdr);
	tcp = tcp_hdr(skb);
	tcp->doff = sizeof(*tcp) / 4;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_type = v6 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4;
	skb_shinfo(skb)->gso_size = mss;
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(skb->len - hdr - sizeof(*tcp), mss);
}

static void make_checksum(struct sk_buff *skb, u8 start)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	start = min_t(unsigned int, start, skb_headlen(skb) - 2);
	skb->csum_start = skb_headroom(skb) + start;
	skb->csum_offset = min_t(unsigned int, 16, skb_headlen(skb) - start - 2);
}

enum { KIND_TSO4 = 1, KIND_TSO6, KIND_CHECKSUM };

/* Return: an skb as the stack may have it, or NULL */
static struct sk_buff *make_skb(void)
{
	u8 kind = fuzz_u8(&rings.in), frags = fuzz_u8(&rings.in) % (MAX_SKB_FRAGS + 1);
	u16 len = fuzz_u16(&rings.in), frag_len = fuzz_u16(&rings.in) % 4096 + 1;
	unsigned int linear = clamp_t(unsigned int, len, ETH_HLEN, 17000);
	bool tso = kind % 4 == KIND_TSO4 || kind % 4 == KIND_TSO6;
	struct sk_buff *skb;
	u8 i;

	if (tso)
		linear = max(linear, 100U);
	skb = fuzz_skb(kind & 0x40 ? 0 : 64, linear, kind & 0x80 ? 128 : 0);
	if (!skb)
		return NULL;
	for (i = 0; i < frags && skb->len + frag_len < SZ_64K; i++)
		fuzz_skb_add_frag(skb, frag_len < 4000 ? i : 0, frag_len);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN);
	if (tso && skb->len > 1000)
		make_tso(skb, kind % 4 == KIND_TSO6, 100 + len % 9000);
	else if (kind % 4 == KIND_CHECKSUM)
		make_checksum(skb, len & 0xff);
	if (kind & 8)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), len);
	if (kind & 0x20) {
		skb->cloned = 1;
		atomic_inc(&skb_shinfo(skb)->dataref);
	}
	if (kind & 0x10)
		skb_shinfo(skb)->tx_flags |= SKBTX_SW_TSTAMP;
	skb->dev = rings.netdev;
	return skb;
}

/* What the driver's features do not allow, the stack segments or sums itself */
static bool may_send(struct sk_buff *skb)
{
	netdev_features_t all = rings.netdev->features, features;

	features = rings.netdev->netdev_ops->ndo_features_check(skb, rings.netdev,
								all);
	if (skb_is_gso(skb))
		return features & (skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6 ?
				   NETIF_F_TSO6 : NETIF_F_TSO);
	if (skb->len > rings.netdev->mtu + VLAN_ETH_HLEN)
		return false;
	return skb->ip_summed != CHECKSUM_PARTIAL || features & NETIF_F_HW_CSUM;
}

static bool sending(void)
{
	struct netdev_queue *txq = netdev_get_tx_queue(rings.netdev, 0);

	return READ_ONCE(rings.adapter->up) && netif_carrier_ok(rings.netdev) &&
	       !netif_xmit_frozen_or_stopped(txq);
}

static void send(struct sk_buff *skb, bool more)
{
	struct netdev_queue *txq = netdev_get_tx_queue(rings.netdev, 0);

	if (!skb)
		return;
	if (!sending() || !may_send(skb)) {
		dev_kfree_skb_any(skb);
		return;
	}
	__this_cpu_write(softnet_data.xmit.more, more);
	__netif_tx_lock(txq, 0);
	if (rings.netdev->netdev_ops->ndo_start_xmit(skb, rings.netdev) != NETDEV_TX_OK)
		dev_kfree_skb_any(skb);
	else
		rings_totals.sent++;
	__netif_tx_unlock(txq);
	__this_cpu_write(softnet_data.xmit.more, false);
}

void host_send(void)
{
	bool more = fuzz_u8(&rings.in) & 1;

	send(make_skb(), more);
}

/* One packet after the other, alike */
void host_send_many(void)
{
	unsigned int n = fuzz_u8(&rings.in) % 128 + 1;
	struct fuzz_input as_now = rings.in;

	while (n--) {
		rings.in = as_now;
		send(make_skb(), n);
		if (!sending())
			break;
	}
}

/* --- XDP ------------------------------------------------------------------ */

/* Frames of another device are redirected to us */
void host_xdp_xmit(void)
{
	unsigned int i, n = fuzz_u8(&rings.in) % 16 + 1;
	u16 len = fuzz_u16(&rings.in) % 3800;
	u8 arg = fuzz_u8(&rings.in);
	u16 frag_len = fuzz_u16(&rings.in) % 4096 + 1;
	struct xdp_frame *frames[16];
	int sent;

	for (i = 0; i < n; i++) {
		frames[i] = fuzz_frame(len + i * (arg >> 5), arg % 32 > 17 ? 0 : arg % 32,
				       frag_len);
		if (!frames[i])
			break;
		fuzz_frame_take(frames[i]);
	}
	n = i;
	if (!n)
		return;
	sent = rings.netdev->netdev_ops->ndo_xdp_xmit(rings.netdev, n, frames,
						      arg & 1 ? XDP_XMIT_FLUSH : 0);
	fuzz_check(sent <= (int)n, "%d of %u frames were sent", sent, n);
	rings_totals.sent += max(sent, 0);
	for (i = max(sent, 0); i < n; i++)
		fuzz_frame_free(frames[i]);
}

static void attach(struct bpf_prog *prog)
{
	struct netdev_bpf bpf = { .command = XDP_SETUP_PROG, .prog = prog };

	rtnl_lock();
	if (!rings.netdev->netdev_ops->ndo_bpf(rings.netdev, &bpf))
		rings.attached = prog;
	rtnl_unlock();
}

void host_program(void)
{
	u8 arg = fuzz_u8(&rings.in);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fuzz_prog.verdict); i++)
		fuzz_prog.verdict[i] = fuzz_u8(&rings.in) % 7;
	fuzz_prog.head = (s8)fuzz_u8(&rings.in) * 2;
	fuzz_prog.meta = fuzz_u8(&rings.in) % 16 * 4;
	fuzz_prog.tail = (s16)fuzz_u16(&rings.in) % 4096;
	fuzz_prog.to_us = arg & 1;
	fuzz_prog.refuse = arg & 2;
	attach(arg & 4 ? NULL : fuzz_bpf);
}

static void bind_socket(struct xsk_buff_pool *pool)
{
	struct netdev_bpf bpf = { .command = XDP_SETUP_XSK_POOL, .xsk.pool = pool };
	int err;

	rtnl_lock();
	err = rings.netdev->netdev_ops->ndo_bpf(rings.netdev, &bpf);
	rtnl_unlock();
	if (pool && !err) {
		rings.xsk = pool;
	} else if (pool) {
		fuzz_xsk_destroy(pool);
	} else if (!err) {
		fuzz_xsk_destroy(rings.xsk);
		rings.xsk = NULL;
	}
}

void host_xsk(void)
{
	u8 arg = fuzz_u8(&rings.in);

	if (!rings.xsk) {
		bind_socket(fuzz_xsk_create(arg & 0x80 ? SZ_4K : SZ_2K,
					    arg & 0x40 ? 256 : 0));
		return;
	}
	switch (arg % 4) {
	case 0:
		if (!(arg & 0xe0))
			bind_socket(NULL);
		break;
	case 1:
		fuzz_xsk_queue_tx(arg / 4 + 1, fuzz_u16(&rings.in) % 4096 + ETH_HLEN);
		rings.netdev->netdev_ops->ndo_xsk_wakeup(rings.netdev, 0,
							 XDP_WAKEUP_TX);
		break;
	case 2:
		fuzz_xsk_fill = arg & 0x80 ? 512 : arg / 4;
		break;
	case 3:
		fuzz_xsk_read(arg);
		break;
	}
}

/* --- what else happens ---------------------------------------------------- */

void host_fail(void)
{
	u8 which = fuzz_u8(&rings.in);
	u8 nth = fuzz_u8(&rings.in) % 64 + 1;

	switch (which % 4) {
	case 0:
		fuzz_fail.page = nth;
		break;
	case 1:
		fuzz_fail.skb = nth;
		break;
	case 2:
		fuzz_fail.map = nth;
		break;
	case 3:
		fuzz_fail.kmalloc = nth;
		break;
	}
}

void host_release(void)
{
	u8 n = fuzz_u8(&rings.in);

	fuzz_stack_release(n);
	if (n & 1)
		fuzz_xdp_release();
}

static void set_rings(u8 arg)
{
	struct ethtool_ringparam ring = {
		.rx_pending = 128 + arg / 16 * 8,
		.tx_pending = 128 + arg % 16 * 8,
	};
	struct netlink_ext_ack extack = { };

	rtnl_lock();
	rings.netdev->ethtool_ops->set_ringparam(rings.netdev, &ring, NULL, &extack);
	rtnl_unlock();
}

static void set_mtu(u16 mtu)
{
	mtu = clamp_t(u16, mtu, rings.netdev->min_mtu, rings.netdev->max_mtu);
	rtnl_lock();
	rings.netdev->netdev_ops->ndo_change_mtu(rings.netdev, mtu);
	rtnl_unlock();
}

static void set_copybreak(u32 bytes)
{
	struct ethtool_tunable tunable = { .id = ETHTOOL_TX_COPYBREAK };

	rtnl_lock();
	rings.netdev->ethtool_ops->set_tunable(rings.netdev, &tunable, &bytes);
	rtnl_unlock();
}

static void set_moderation(u8 how)
{
	struct kernel_ethtool_coalesce kernel = { };
	struct ethtool_coalesce coalesce = { };
	struct netlink_ext_ack extack = { };

	rtnl_lock();
	rings.netdev->ethtool_ops->get_coalesce(rings.netdev, &coalesce, &kernel, &extack);
	coalesce.use_adaptive_rx_coalesce = how & 1;
	coalesce.rx_coalesce_usecs += how & 2;
	rings.netdev->ethtool_ops->set_coalesce(rings.netdev, &coalesce, &kernel, &extack);
	rtnl_unlock();
}

void host_control(void)
{
	u8 what = fuzz_u8(&rings.in);

	switch (what % 8) {
	case 0:
		rings.netdev->netdev_ops->ndo_tx_timeout(rings.netdev, 0);
		fuzz_run_work();
		break;
	case 1:
		set_rings(fuzz_u8(&rings.in));
		break;
	case 2:
		set_mtu(fuzz_u16(&rings.in));
		break;
	case 3:
		set_copybreak(fuzz_u8(&rings.in));
		break;
	case 4:
		model.status ^= fuzz_u8(&rings.in);	/* link, duplex, speed */
		fuzz_run_work();
		break;
	case 5:
		model.icr = fuzz_u32(&rings.in);
		if (fuzz_irq)
			fuzz_irq(11, fuzz_irq_data);
		fuzz_run_work();
		break;
	case 6:
		if (what & 0x80)
			fuzz_close(rings.netdev);
		else if (!netif_running(rings.netdev))
			fuzz_open(rings.netdev);
		break;
	case 7:
		if (what & 0x80)
			set_moderation(what >> 3);
		fuzz_run_work();
		break;
	}
}
