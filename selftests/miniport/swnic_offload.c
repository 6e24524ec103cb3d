// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device does with a packet on its way: segment it, fill in checksums,
 * insert and strip a VLAN tag, verify, hash. Each frame on the cable is complete.
 */
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jhash.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>

#include "swnic_device.h"

/* Offset of the IP header, and the type that leads to it */
static u32 swnic_l3(const u8 *frame, __be16 *type)
{
	u32 at = 2 * ETH_ALEN;

	for (;; at += VLAN_HLEN) {
		memcpy(type, frame + at, sizeof(*type));
		if (*type != htons(ETH_P_8021Q) && *type != htons(ETH_P_8021AD))
			return at + sizeof(*type);
	}
}

static u32 swnic_lso_header(const struct swnic_tx_desc *desc, const u8 *packet)
{
	const struct tcphdr *th = (const void *)(packet + desc->l4);

	return desc->l4 + th->doff * 4;
}

/* Return: frames that a packet makes */
u32 swnic_segments(const struct swnic_tx_desc *desc, const u8 *packet, u32 len)
{
	u32 header;

	if (!(desc->cmd & SWNIC_TX_LSO))
		return 1;
	header = swnic_lso_header(desc, packet);
	return desc->mss && len > header ? DIV_ROUND_UP(len - header, desc->mss)
					 : 1;
}

/* @frame has the large packet's headers; @nr is the segment's number */
static void swnic_lso_headers(const struct swnic_tx_desc *desc, u8 *frame,
			      u32 len, u32 nr, bool last)
{
	struct tcphdr *th = (void *)(frame + desc->l4);
	u32 l4_len = len - desc->l4;
	__be16 type;
	u32 l3;

	l3 = swnic_l3(frame, &type);
	if (type == htons(ETH_P_IP)) {
		struct iphdr *iph = (void *)(frame + l3);

		iph->tot_len = htons(len - l3);
		iph->id = htons(ntohs(iph->id) + nr);
		ip_send_check(iph);
	} else {
		struct ipv6hdr *ip6 = (void *)(frame + l3);

		ip6->payload_len = htons(len - l3 - sizeof(*ip6));
	}
	th->seq = htonl(ntohl(th->seq) + nr * desc->mss);
	if (!last) {
		th->fin = 0;
		th->psh = 0;
	}
	if (nr)
		th->cwr = 0;
	/* NDIS leaves the length out of a large send's pseudo header */
	th->check = csum_fold(csum_partial(th, l4_len,
					   (__force __wsum)htonl(l4_len)));
}

static void swnic_insert_csum(const struct swnic_tx_desc *desc, u8 *frame,
			      u32 len)
{
	u32 at = desc->l4 + (desc->cmd & SWNIC_TX_TCP_CSUM ?
			     offsetof(struct tcphdr, check) :
			     offsetof(struct udphdr, check));
	__sum16 sum;

	if (at + sizeof(sum) > len)
		return;
	sum = csum_fold(csum_partial(frame + desc->l4, len - desc->l4, 0));
	if (desc->cmd & SWNIC_TX_UDP_CSUM && !sum)
		sum = CSUM_MANGLED_0;
	memcpy(frame + at, &sum, sizeof(sum));
}

static u32 swnic_insert_vlan(const struct swnic_tx_desc *desc, u8 *frame,
			     u32 len)
{
	__be16 tag[2] = { htons(ETH_P_8021Q), htons(desc->vlan) };

	memmove(frame + 2 * ETH_ALEN + VLAN_HLEN, frame + 2 * ETH_ALEN,
		len - 2 * ETH_ALEN);
	memcpy(frame + 2 * ETH_ALEN, tag, sizeof(tag));
	return len + VLAN_HLEN;
}

/* Frame @nr of a packet. Return: its length */
u32 swnic_segment(const struct swnic_tx_desc *desc, const u8 *packet, u32 len,
		  u32 nr, u8 *frame)
{
	u32 header, from, part;

	if (desc->cmd & SWNIC_TX_LSO) {
		header = swnic_lso_header(desc, packet);
		from = header + nr * desc->mss;
		part = min_t(u32, desc->mss, len - from);
		memcpy(frame, packet, header);
		memcpy(frame + header, packet + from, part);
		swnic_lso_headers(desc, frame, header + part, nr,
				  from + part == len);
		len = header + part;
	} else {
		memcpy(frame, packet, len);
		if (desc->cmd & (SWNIC_TX_TCP_CSUM | SWNIC_TX_UDP_CSUM))
			swnic_insert_csum(desc, frame, len);
	}
	if (len < ETH_ZLEN) {
		memset(frame + len, 0, ETH_ZLEN - len);
		len = ETH_ZLEN;
	}
	return desc->cmd & SWNIC_TX_VLAN ? swnic_insert_vlan(desc, frame, len)
					 : len;
}

/* The outer tag goes into the descriptor. Return: the length without it */
u32 swnic_strip_vlan(u8 *frame, u32 len, struct swnic_rx_desc *desc)
{
	__be16 tag[2];

	memcpy(tag, frame + 2 * ETH_ALEN, sizeof(tag));
	if (tag[0] != htons(ETH_P_8021Q) || len < ETH_HLEN + VLAN_HLEN)
		return len;
	desc->vlan = ntohs(tag[1]);
	desc->status |= SWNIC_RX_VLAN;
	len -= VLAN_HLEN;
	memmove(frame + 2 * ETH_ALEN, frame + 2 * ETH_ALEN + VLAN_HLEN,
		len - 2 * ETH_ALEN);
	return len;
}

static void swnic_check_l4(const u8 *l4, u32 len, u8 proto, __wsum pseudo,
			   struct swnic_rx_desc *desc)
{
	bool ok = !csum_fold(csum_partial(l4, len, pseudo));

	if (proto == IPPROTO_TCP && len >= sizeof(struct tcphdr)) {
		desc->status |= ok ? SWNIC_RX_TCP_OK : SWNIC_RX_TCP_BAD;
	} else if (proto == IPPROTO_UDP && len >= sizeof(struct udphdr)) {
		/* No checksum is not a good one */
		if (((const struct udphdr *)l4)->check)
			desc->status |= ok ? SWNIC_RX_UDP_OK : SWNIC_RX_UDP_BAD;
	} else {
		return;
	}
	/* Both ports are first in both headers */
	desc->hash = jhash(l4, 4, desc->hash);
}

static void swnic_check_ip4(const u8 *frame, u32 len, u32 l3,
			    struct swnic_rx_desc *desc)
{
	const struct iphdr *iph = (const void *)(frame + l3);
	u32 header = iph->ihl * 4, total = ntohs(iph->tot_len);

	if (iph->version != 4 || header < sizeof(*iph) || total < header ||
	    l3 + total > len)
		return;
	if (ip_fast_csum(iph, iph->ihl)) {
		desc->status |= SWNIC_RX_IP_BAD;
		return;
	}
	desc->status |= SWNIC_RX_IP_OK;
	if (iph->frag_off & htons(IP_MF | IP_OFFSET))
		return;
	desc->hash = jhash(&iph->saddr, 8, 0);
	desc->status |= SWNIC_RX_HASH4;
	swnic_check_l4(frame + l3 + header, total - header, iph->protocol,
		       csum_tcpudp_nofold(iph->saddr, iph->daddr,
					  total - header, iph->protocol, 0),
		       desc);
}

static void swnic_check_ip6(const u8 *frame, u32 len, u32 l3,
			    struct swnic_rx_desc *desc)
{
	const struct ipv6hdr *ip6 = (const void *)(frame + l3);
	u32 payload = ntohs(ip6->payload_len);
	__wsum pseudo;

	if (ip6->version != 6 || l3 + sizeof(*ip6) + payload > len)
		return;
	desc->hash = jhash(&ip6->saddr, 32, 0);
	desc->status |= SWNIC_RX_HASH6;
	pseudo = ~csum_unfold(csum_ipv6_magic(&ip6->saddr, &ip6->daddr, payload,
					      ip6->nexthdr, 0));
	swnic_check_l4(frame + l3 + sizeof(*ip6), payload, ip6->nexthdr, pseudo,
		       desc);
}

/* Checksums verified and a hash, for TCP and UDP right behind IP */
void swnic_check_frame(const u8 *frame, u32 len, struct swnic_rx_desc *desc)
{
	u32 l3 = ETH_HLEN;
	__be16 type;

	desc->hash = 0;
	memcpy(&type, frame + 2 * ETH_ALEN, sizeof(type));
	if (type == htons(ETH_P_IP) && len >= l3 + sizeof(struct iphdr))
		swnic_check_ip4(frame, len, l3, desc);
	else if (type == htons(ETH_P_IPV6) && len >= l3 + sizeof(struct ipv6hdr))
		swnic_check_ip6(frame, len, l3, desc);
}
