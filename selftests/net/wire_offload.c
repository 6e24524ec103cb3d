// SPDX-License-Identifier: GPL-2.0-only
/*
 * wire offload: packets that leave checksum and segmentation to the device,
 * with random shapes; each frame that arrives is checked in full: lengths,
 * checksums, sequence numbers, flags, bytes.
 *
 * A packet socket with PACKET_VNET_HDR hands the stack exactly the skb that
 * TCP would: checksum to be filled in, gso_size, data in fragments of up to
 * 32 KiB. Whether the device or the stack then does the work is what the
 * script chose with ethtool -K; what is on the wire must be the same.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "wire.h"

#define VNET	sizeof(struct virtio_net_hdr)

/* Nobody's addresses (TEST-NET-2): the far stack drops them in silence */
static const char *const v4[2] = { "198.51.100.1", "198.51.100.2" };
static const char *const v6[2] = { "2001:db8:ffff::1", "2001:db8:ffff::2" };

/* What was sent, and so what must arrive */
struct shape {
	unsigned int nr;
	int six, tcp;
	unsigned int l3, l4;		/* header lengths */
	unsigned int payload, segment;	/* segment: payload bytes per frame */
	uint32_t seq;
};

static uint32_t sum(const uint8_t *p, size_t len, uint32_t s)
{
	for (; len > 1; p += 2, len -= 2) {
		s += p[0] << 8 | p[1];
		s = (s & 0xffff) + (s >> 16);
	}
	if (len)
		s += p[0] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

static uint32_t pseudo(const uint8_t *ip, int six, int proto, uint32_t len)
{
	uint32_t s = proto + (len >> 16) + (len & 0xffff);

	return six ? sum(ip + 8, 32, s) : sum(ip + 12, 8, s);
}

static void choose(struct shape *sh, unsigned int nr, unsigned int mtu,
		   uint64_t *rnd)
{
	unsigned int room, most;

	memset(sh, 0, sizeof(*sh));
	sh->nr = nr;
	sh->six = wire_random(rnd) & 1;
	sh->tcp = wire_random(rnd) % 4 != 0;
	sh->l3 = sh->six ? 40 : 20 + 4 * (wire_random(rnd) % 4 ? 0 :
					  wire_random(rnd) % 11);
	sh->l4 = sh->tcp ? 20 + 4 * (wire_random(rnd) % 11) : 8;
	sh->seq = wire_random(rnd);
	room = mtu - sh->l3 - sh->l4;
	sh->segment = 1 + wire_random(rnd) % room;
	if (wire_random(rnd) % 4 == 0)
		sh->segment = room;
	sh->payload = sh->segment;
	if (sh->tcp && wire_random(rnd) % 4) {
		if (sh->segment < 64)
			sh->segment = 64;
		most = 40 * sh->segment;
		if (most > 65535 - 100)
			most = 65535 - 100;
		sh->payload = sh->segment + 1 +
			      wire_random(rnd) % (most - sh->segment);
	}
}

static size_t build(uint8_t *buf, const struct shape *sh,
		    const struct wire_end *from, const struct wire_end *to)
{
	struct virtio_net_hdr *vh = (void *)buf;
	uint8_t *eth = buf + VNET, *ip = eth + ETH_HLEN, *l4 = ip + sh->l3;
	uint32_t len = sh->l4 + sh->payload, s;
	int proto = sh->tcp ? IPPROTO_TCP : IPPROTO_UDP;

	memset(buf, 0, VNET + ETH_HLEN + sh->l3 + sh->l4);
	memcpy(eth, to->mac, 6);
	memcpy(eth + 6, from->mac, 6);
	*(uint16_t *)(eth + 12) = htons(sh->six ? ETH_P_IPV6 : ETH_P_IP);
	if (sh->six) {
		struct ip6_hdr *h = (void *)ip;

		h->ip6_vfc = 0x60;
		h->ip6_plen = htons(len);
		h->ip6_nxt = proto;
		h->ip6_hlim = 3;
		inet_pton(AF_INET6, v6[0], &h->ip6_src);
		inet_pton(AF_INET6, v6[1], &h->ip6_dst);
	} else {
		struct iphdr *h = (void *)ip;

		memset(ip + 20, IPOPT_NOP, sh->l3 - 20);
		h->version = 4;
		h->ihl = sh->l3 / 4;
		h->tot_len = htons(sh->l3 + len);
		h->id = htons(sh->nr);
		h->ttl = 3;
		h->protocol = proto;
		inet_pton(AF_INET, v4[0], &h->saddr);
		inet_pton(AF_INET, v4[1], &h->daddr);
		h->check = htons(~sum(ip, sh->l3, 0));
	}
	s = pseudo(ip, sh->six, proto, len);
	if (sh->tcp) {
		struct tcphdr *h = (void *)l4;

		memset(l4 + 20, TCPOPT_NOP, sh->l4 - 20);
		h->source = htons(9);
		h->dest = htons(9);
		h->seq = htonl(sh->seq);
		h->doff = sh->l4 / 4;
		h->ack = 1;
		h->psh = 1;
		h->check = htons(s);
	} else {
		struct udphdr *h = (void *)l4;

		h->source = htons(9);
		h->dest = htons(9);
		h->len = htons(len);
		h->check = htons(s);
	}
	wire_fill(l4 + sh->l4, sh->payload, sh->nr, 0);

	vh->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vh->csum_start = ETH_HLEN + sh->l3;
	vh->csum_offset = sh->tcp ? offsetof(struct tcphdr, check) :
				    offsetof(struct udphdr, check);
	vh->hdr_len = ETH_HLEN + sh->l3 + sh->l4;
	if (sh->payload > sh->segment) {
		vh->gso_type = sh->six ? VIRTIO_NET_HDR_GSO_TCPV6 :
					 VIRTIO_NET_HDR_GSO_TCPV4;
		vh->gso_size = sh->segment;
	}
	return VNET + ETH_HLEN + sh->l3 + len;
}

/* What a packet was meant to be, for a message */
static const char *describe(const struct shape *sh)
{
	static char text[120];

	snprintf(text, sizeof(text),
		 "packet %u (IPv%d %s, l3 %u l4 %u payload %u segment %u)",
		 sh->nr, sh->six ? 6 : 4, sh->tcp ? "TCP" : "UDP", sh->l3,
		 sh->l4, sh->payload, sh->segment);
	return text;
}

#define bad(sh, fmt, ...)	die("%s: " fmt, describe(sh), ##__VA_ARGS__)

/*
 * One frame that may be ours: its payload bytes, or 0 when it is foreign.
 * @merged: GRO put frames together; lengths and checksums are its business.
 */
static unsigned int check(const uint8_t *f, long n, const struct shape *sh,
			  unsigned int done, int merged,
			  const struct wire_end *from)
{
	int proto = sh->tcp ? IPPROTO_TCP : IPPROTO_UDP;
	const uint8_t *ip = f + ETH_HLEN, *l4 = ip + sh->l3;
	uint16_t type = f[12] << 8 | f[13];
	unsigned int want, len, last;
	uint8_t dst[16];
	long at;

	if (memcmp(f + 6, from->mac, 6) ||
	    type != (sh->six ? ETH_P_IPV6 : ETH_P_IP))
		return 0;
	inet_pton(sh->six ? AF_INET6 : AF_INET, sh->six ? v6[1] : v4[1], dst);
	if (memcmp(ip + (sh->six ? 24 : 16), dst, sh->six ? 16 : 4))
		return 0;
	len = sh->six ? ip[4] << 8 | ip[5] : ip[2] << 8 | ip[3];
	len += sh->six ? 40 : 0;
	if ((long)len + ETH_HLEN > n)
		bad(sh, "IP length %u in a frame of %ld", len, n);
	if ((sh->six ? ip[6] : ip[9]) != proto)
		bad(sh, "protocol %u", sh->six ? ip[6] : ip[9]);
	if (!sh->six && sum(ip, sh->l3, 0) != 0xffff)
		bad(sh, "IP header checksum");
	len -= sh->l3 + sh->l4;
	want = sh->payload - done < sh->segment ? sh->payload - done : sh->segment;
	last = done + len == sh->payload;
	if (merged ? len > sh->payload - done : len != want)
		bad(sh, "%u payload bytes at %u, wanted %u", len, done, want);
	if (!merged && sum(l4, sh->l4 + len,
			   pseudo(ip, sh->six, proto, sh->l4 + len)) != 0xffff)
		bad(sh, "checksum at %u", done);
	if (sh->tcp) {
		const struct tcphdr *h = (const void *)l4;

		if (ntohl(h->seq) != (uint32_t)(sh->seq + done))
			bad(sh, "sequence number at %u", done);
		if (h->psh != last)
			bad(sh, "PSH is %d at %u", h->psh, done);
	} else {
		const struct udphdr *h = (const void *)l4;

		if (!h->check || ntohs(h->len) != 8 + len)
			bad(sh, "UDP header");
	}
	at = wire_differs(l4 + sh->l4, len, sh->nr, done);
	if (at >= 0)
		bad(sh, "payload differs at %ld", done + at);
	return len;
}

int cmd_offload(int argc, char **argv)
{
	static uint8_t buf[WIRE_FRAME_MAX + 256];
	unsigned int nr, count, frames = 0, bytes = 0, done, mtu;
	int tx, rx, merged, one = 1;
	struct wire_end from, to;
	struct sockaddr_ll ll;
	struct ifreq ifr = {};
	socklen_t ll_len;
	struct shape sh;
	uint64_t rnd;
	size_t len;
	long n;

	if (argc < 6)
		die("offload: arguments");
	wire_end_init(&from, argv[0], argv[1]);
	wire_end_init(&to, argv[2], argv[3]);
	count = strtoul(argv[4], NULL, 0);
	rnd = strtoull(argv[5], NULL, 0);
	merged = argc > 6;
	rx = wire_raw(&to, ETH_P_ALL);
	wire_rcvbuf(rx, 64 << 20);
	tx = wire_raw(&from, 0);
	if (setsockopt(tx, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)))
		die("PACKET_VNET_HDR: %s", strerror(errno));
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", from.dev);
	if (ioctl(tx, SIOCGIFMTU, &ifr))
		die("MTU: %s", strerror(errno));
	mtu = ifr.ifr_mtu;

	for (nr = 0; nr < count; nr++) {
		choose(&sh, nr, mtu, &rnd);
		len = build(buf, &sh, &from, &to);
		while (send(tx, buf, len, 0) != (ssize_t)len) {
			if (errno != ENOBUFS && errno != EINTR)
				bad(&sh, "send: %s", strerror(errno));
			usleep(1000);
		}
		for (done = 0; done < sh.payload; ) {
			if (!wire_readable(rx, WIRE_PATIENCE_MS))
				bad(&sh, "lost from byte %u on", done);
			ll_len = sizeof(ll);
			n = recvfrom(rx, buf, sizeof(buf), MSG_TRUNC,
				     (struct sockaddr *)&ll, &ll_len);
			if (n < ETH_HLEN + 20 || ll.sll_pkttype == PACKET_OUTGOING)
				continue;
			len = check(buf, n, &sh, done, merged, &from);
			done += len;
			frames += !!len;
		}
		bytes += sh.payload;
	}
	printf("packets=%u frames=%u bytes=%u\n", count, frames, bytes);
	return 0;
}
