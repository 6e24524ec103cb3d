// SPDX-License-Identifier: GPL-2.0-only
/*
 * load: what the benchmark sends that pktgen cannot.
 *
 *   load segments DEV MAC COUNT SEGMENTS	frames for the NIC to cut up
 *   load answer ADDRESS PORT			one end of question and answer
 *   load ask ADDRESS PORT COUNT		the other
 *
 * segments prints the nanoseconds that COUNT frames took, ask the median and
 * the 99th percentile of a round trip, in nanoseconds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MSS		1460
#define SEGMENTS_MAX	44	/* of 64 KB */

struct gso_frame {
	struct virtio_net_hdr vnet;
	struct ether_header eth;
	struct iphdr ip;
	struct tcphdr tcp;
	uint8_t payload[MSS * SEGMENTS_MAX];
} __attribute__((packed));

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("load: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static uint32_t sum16(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += p[i] << 8 | p[i + 1];
	return sum;
}

/* As TCP hands it down: the checksum field holds the pseudo header's sum */
static size_t gso_build(struct gso_frame *f, const char *mac, unsigned int segments)
{
	unsigned int i, byte[6], len = sizeof(f->tcp) + segments * MSS;

	memset(f, 0, offsetof(struct gso_frame, payload));
	if (sscanf(mac, "%x:%x:%x:%x:%x:%x", byte, byte + 1, byte + 2, byte + 3,
		   byte + 4, byte + 5) != 6)
		die("%s is no MAC address", mac);
	for (i = 0; i < 6; i++)
		f->eth.ether_dhost[i] = byte[i];
	f->eth.ether_type = htons(ETHERTYPE_IP);
	f->ip.version = 4;
	f->ip.ihl = 5;
	f->ip.tot_len = htons(sizeof(f->ip) + len);
	f->ip.ttl = 64;
	f->ip.protocol = IPPROTO_TCP;
	f->ip.saddr = htonl(0xc0000201);
	f->ip.daddr = htonl(0xc0000202);
	f->ip.check = htons(~fold(sum16(&f->ip, sizeof(f->ip))));
	f->tcp.source = htons(9);
	f->tcp.dest = htons(9);
	f->tcp.doff = sizeof(f->tcp) / 4;
	f->tcp.ack = 1;
	f->tcp.check = htons(fold(sum16(&f->ip.saddr, 8) + IPPROTO_TCP + len));
	f->vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	f->vnet.csum_start = offsetof(struct gso_frame, tcp) - sizeof(f->vnet);
	f->vnet.csum_offset = offsetof(struct tcphdr, check);
	f->vnet.hdr_len = offsetof(struct gso_frame, payload) - sizeof(f->vnet);
	f->vnet.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	f->vnet.gso_size = MSS;
	return offsetof(struct gso_frame, payload) + segments * MSS;
}

static int cmd_segments(const char *dev, const char *mac, long count, unsigned int segments)
{
	int fd, one = 1, room = 64 << 20;
	static struct gso_frame frame;
	struct sockaddr_ll to = {};
	uint64_t start;
	size_t len;
	long i;

	if (!segments || segments > SEGMENTS_MAX)
		die("%u segments: 1 to %d", segments, SEGMENTS_MAX);
	to.sll_family = AF_PACKET;
	to.sll_protocol = htons(ETHERTYPE_IP);
	to.sll_ifindex = if_nametoindex(dev);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to)))
		die("%s: %s", dev, strerror(errno));
	/* No waiting for room in the socket, no queue before the driver */
	if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)))
		die("%s: packet socket: %s", dev, strerror(errno));
	len = gso_build(&frame, mac, segments);
	start = now();
	for (i = 0; i < count; i++)
		while (send(fd, &frame, len, 0) != (ssize_t)len)
			if (errno != ENOBUFS)
				die("%s: send: %s", dev, strerror(errno));
	printf("%llu\n", (unsigned long long)(now() - start));
	return 0;
}

static int tcp_socket(struct sockaddr_in *a, const char *address, const char *port)
{
	int fd, one = 1;

	memset(a, 0, sizeof(*a));
	a->sin_family = AF_INET;
	a->sin_port = htons(atoi(port));
	if (inet_pton(AF_INET, address, &a->sin_addr) != 1)
		die("%s is no IPv4 address", address);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)))
		die("socket: %s", strerror(errno));
	return fd;
}

static int cmd_answer(const char *address, const char *port)
{
	struct sockaddr_in a;
	int fd, peer;
	char c;

	fd = tcp_socket(&a, address, port);
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 1))
		die("%s:%s: %s", address, port, strerror(errno));
	peer = accept(fd, NULL, NULL);
	if (peer < 0)
		die("accept: %s", strerror(errno));
	while (read(peer, &c, 1) == 1)
		if (write(peer, &c, 1) != 1)
			die("answer: %s", strerror(errno));
	return 0;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int cmd_ask(const char *address, const char *port, long count)
{
	struct sockaddr_in a;
	uint64_t *took, start;
	char c = 'q';
	long i;
	int fd;

	took = calloc(count, sizeof(*took));
	if (count < 1 || !took)
		die("%ld questions", count);
	fd = tcp_socket(&a, address, port);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)))
		die("%s:%s: %s", address, port, strerror(errno));
	for (i = 0; i < count; i++) {
		start = now();
		if (write(fd, &c, 1) != 1 || read(fd, &c, 1) != 1)
			die("question %ld: no answer", i);
		took[i] = now() - start;
	}
	qsort(took, count, sizeof(*took), by_value);
	printf("%llu %llu\n", (unsigned long long)took[count / 2],
	       (unsigned long long)took[count * 99 / 100]);
	free(took);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[1], "segments"))
		return cmd_segments(argv[2], argv[3], atol(argv[4]), atoi(argv[5]));
	if (argc == 4 && !strcmp(argv[1], "answer"))
		return cmd_answer(argv[2], argv[3]);
	if (argc == 5 && !strcmp(argv[1], "ask"))
		return cmd_ask(argv[2], argv[3], atol(argv[4]));
	die("segments DEV MAC COUNT SEGMENTS | answer ADDRESS PORT | ask ADDRESS PORT COUNT");
}
