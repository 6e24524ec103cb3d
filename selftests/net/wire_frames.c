// SPDX-License-Identifier: GPL-2.0-only
/*
 * wire sweep, wire stream: bare Ethernet frames, compared byte by byte and
 * counted one by one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_packet.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire.h"

#define HEADER		14
#define SHORTEST	60		/* what shorter frames are padded to */
#define WINDOW_FRAMES	64
#define WINDOW_BYTES	(128 * 1024)

/* A group of the documentation range (RFC 7042), the last byte is ours */
#define SECOND_UNICAST	0x02	/* first byte; the others are the group's */

static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x90, 0x10, 0x00 };

static void header(uint8_t *f, const uint8_t *to, const struct wire_end *from)
{
	memcpy(f, to, 6);
	memcpy(f + 6, from->mac, 6);
	f[12] = WIRE_ETHERTYPE >> 8;
	f[13] = WIRE_ETHERTYPE & 0xff;
}

/*
 * The sender's own namespace may hold both ends, and a promiscuous port hears
 * its neighbours: take only what came from the other end.
 */
static long receive(int fd, uint8_t *f, const struct wire_end *from, int ms)
{
	struct sockaddr_ll ll;
	socklen_t ll_len;
	long n;

	while (wire_readable(fd, ms)) {
		ll_len = sizeof(ll);
		n = recvfrom(fd, f, WIRE_FRAME_MAX, MSG_TRUNC,
			     (struct sockaddr *)&ll, &ll_len);
		if (n < 0) {
			/* the interface went down and says so once */
			if (errno == ENETDOWN || errno == EINTR)
				continue;
			die("receive: %s", strerror(errno));
		}
		if (ll.sll_pkttype != PACKET_OUTGOING &&
		    !memcmp(f + 6, from->mac, 6))
			return n;
	}
	return -1;
}

static void send_frame(int fd, const uint8_t *f, size_t len)
{
	while (send(fd, f, len, 0) != (ssize_t)len) {
		if (errno == ENOBUFS || errno == EINTR) {
			usleep(1000);
			continue;
		}
		die("send of %zu bytes: %s", len, strerror(errno));
	}
}

/* "60", "60-1514", "60-1514/7", "1500x100" */
static size_t parse_sizes(int argc, char **argv, uint32_t **sizes)
{
	size_t n = 0, room = 0;
	int i;

	*sizes = NULL;
	for (i = 0; i < argc; i++) {
		unsigned long lo, hi, step = 1, times = 1, s, t;
		char *end;

		lo = strtoul(argv[i], &end, 0);
		hi = lo;
		if (*end == '-')
			hi = strtoul(end + 1, &end, 0);
		if (*end == '/')
			step = strtoul(end + 1, &end, 0);
		if (*end == 'x')
			times = strtoul(end + 1, &end, 0);
		if (*end || lo < HEADER || hi > WIRE_FRAME_MAX || !step)
			die("no size: %s", argv[i]);
		for (s = lo; s <= hi; s += step)
			for (t = 0; t < times; t++) {
				if (n == room) {
					room = room ? 2 * room : 1024;
					*sizes = realloc(*sizes, room * sizeof(**sizes));
				}
				(*sizes)[n++] = s;
			}
	}
	return n;
}

/* Which frame of the sweep this is, if it is one that comes too early or late */
static const char *other_frame(const uint8_t *f, uint32_t size, size_t seq)
{
	static char text[64];
	size_t other;

	for (other = seq < 4096 ? 0 : seq - 4096; other < seq + 4096; other++)
		if (wire_differs(f + HEADER, size - HEADER, other, 0) < 0) {
			snprintf(text, sizeof(text), ": it is frame %zu", other);
			return text;
		}
	return ": it is none of this sweep's";
}

static void expect_frame(const uint8_t *f, long len, uint32_t size, size_t seq)
{
	long at;

	if (len < size || len > (size < SHORTEST ? SHORTEST : size))
		die("frame %zu of %u bytes arrived with %ld", seq, size, len);
	at = wire_differs(f + HEADER, size - HEADER, seq, 0);
	if (at >= 0)
		die("frame %zu of %u bytes differs at byte %ld%s", seq, size,
		    at + HEADER, other_frame(f, size, seq));
	for (at = size; at < len; at++)
		if (f[at])
			die("frame %zu of %u bytes: padding byte %ld is %#x",
			    seq, size, at, f[at]);
}

/* Every frame arrives once, in order, with the bytes that were sent */
int cmd_sweep(int argc, char **argv)
{
	static uint8_t f[WIRE_FRAME_MAX];
	size_t n, sent = 0, got = 0, bytes = 0;
	struct wire_end from, to;
	uint32_t *sizes;
	int tx, rx;
	long len;

	if (argc < 5)
		die("sweep: arguments");
	wire_end_init(&from, argv[0], argv[1]);
	wire_end_init(&to, argv[2], argv[3]);
	n = parse_sizes(argc - 4, argv + 4, &sizes);
	rx = wire_raw(&to, WIRE_ETHERTYPE);
	wire_rcvbuf(rx, 64 << 20);
	tx = wire_raw(&from, 0);

	while (got < n) {
		while (sent < n && sent - got < WINDOW_FRAMES &&
		       bytes < WINDOW_BYTES) {
			header(f, to.mac, &from);
			wire_fill(f + HEADER, sizes[sent] - HEADER, sent, 0);
			send_frame(tx, f, sizes[sent]);
			bytes += sizes[sent++];
		}
		len = receive(rx, f, &from, WIRE_PATIENCE_MS);
		if (len < 0)
			die("frame %zu of %u bytes is lost (%zu sent)", got,
			    sizes[got], sent);
		expect_frame(f, len, sizes[got], got);
		bytes -= sizes[got++];
	}
	printf("frames=%zu\n", got);
	return 0;
}

/*
 * wire stream: frames at an even pace while the receiver's filter changes.
 * Sender and changer are threads: a change falls between any two frames, and
 * into the handling of one.
 */
static struct {
	struct wire_end from, to;
	unsigned int count, changes;
	const char *what;
	atomic_uint sent;
	atomic_int warm, fenced;
} st;

struct payload {
	uint32_t seq;
	uint32_t fence;
	uint64_t ms;
};

/*
 * Every other frame to a group, every fourth to a second unicast address; both
 * stay joined throughout.
 */
static const uint8_t *stream_address(unsigned int i)
{
	static uint8_t second[sizeof(group)];

	if (i % 2)
		return group;
	if (i % 4 == 0)
		return st.to.mac;
	memcpy(second, group, sizeof(second));
	second[0] = SECOND_UNICAST;
	return second;
}

static void *stream_sender(void *unused)
{
	int fd = wire_raw(&st.from, 0);
	uint8_t f[128] = {};
	struct payload p = {};
	unsigned int i;

	(void)unused;
	/* joining the group may have stopped the receiver for a while */
	header(f, st.to.mac, &st.from);
	p.fence = 1;
	memcpy(f + HEADER, &p, sizeof(p));
	for (i = 0; i < WIRE_PATIENCE_MS / 50 && !atomic_load(&st.warm); i++) {
		send_frame(fd, f, sizeof(f));
		usleep(50000);
	}
	p.fence = 0;
	for (i = 0; i < st.count; i++) {
		header(f, stream_address(i), &st.from);
		p.seq = i;
		p.ms = wire_now_ms();
		memcpy(f + HEADER, &p, sizeof(p));
		send_frame(fd, f, sizeof(f));
		atomic_store(&st.sent, i + 1);
		if (i % 10 == 9)
			usleep(1000);
	}
	/* frames stay in order: behind a fence nothing more can come */
	p.fence = 2;
	memcpy(f + HEADER, &p, sizeof(p));
	header(f, st.to.mac, &st.from);
	for (i = 0; i < WIRE_PATIENCE_MS / 200 && !atomic_load(&st.fenced); i++) {
		send_frame(fd, f, sizeof(f));
		usleep(200000);
	}
	return NULL;
}

static void membership(int fd, int add, int type, unsigned int i)
{
	struct packet_mreq mr = {
		.mr_ifindex = st.to.ifindex,
		.mr_type = type,
		.mr_alen = 6,
	};

	memcpy(mr.mr_address, group, 6);
	if (type == PACKET_MR_UNICAST)
		mr.mr_address[0] = SECOND_UNICAST;
	mr.mr_address[4] += i >> 8;
	mr.mr_address[5] = i;
	if (setsockopt(fd, SOL_PACKET,
		       add ? PACKET_ADD_MEMBERSHIP : PACKET_DROP_MEMBERSHIP,
		       &mr, sizeof(mr)))
		die("membership: %s", strerror(errno));
}

/* One change per count / changes frames; returns how many were made */
static void *stream_changer(void *unused)
{
	int fd = wire_raw(&st.to, 0);
	unsigned int i;
	int type;

	(void)unused;
	if (!strcmp(st.what, "promisc"))
		type = PACKET_MR_PROMISC;
	else if (!strcmp(st.what, "allmulti"))
		type = PACKET_MR_ALLMULTI;
	else if (!strcmp(st.what, "unicast"))
		type = PACKET_MR_UNICAST;
	else
		type = PACKET_MR_MULTICAST;

	for (i = 0; i < st.changes; i++) {
		while (atomic_load(&st.sent) <
		       (uint64_t)st.count * i / st.changes)
			usleep(200);
		if (type == PACKET_MR_PROMISC || type == PACKET_MR_ALLMULTI) {
			membership(fd, i % 2 == 0, type, 0);
		} else {
			/* more groups than the 16 exact filters, then fewer */
			membership(fd, 1, type, i + 1);
			if (i >= 24)
				membership(fd, 0, type, i + 1 - 24);
		}
	}
	close(fd);
	return NULL;
}

int cmd_stream(int argc, char **argv)
{
	static uint8_t f[WIRE_FRAME_MAX];
	unsigned int got = 0, dup = 0, uni = 0, late = 0;
	uint64_t delay, worst = 0;
	pthread_t sender, changer;
	struct payload p;
	uint8_t *seen;
	int rx;

	if (argc != 7)
		die("stream: arguments");
	wire_end_init(&st.from, argv[0], argv[1]);
	wire_end_init(&st.to, argv[2], argv[3]);
	st.count = strtoul(argv[4], NULL, 0);
	st.changes = strtoul(argv[5], NULL, 0);
	st.what = argv[6];
	seen = calloc(1, st.count);
	rx = wire_raw(&st.to, WIRE_ETHERTYPE);
	wire_rcvbuf(rx, 64 << 20);
	membership(rx, 1, PACKET_MR_MULTICAST, 0);
	membership(rx, 1, PACKET_MR_UNICAST, 0);

	if (pthread_create(&sender, NULL, stream_sender, NULL) ||
	    pthread_create(&changer, NULL, stream_changer, NULL))
		die("threads");
	while (receive(rx, f, &st.from, WIRE_PATIENCE_MS) >= 0) {
		memcpy(&p, f + HEADER, sizeof(p));
		if (p.fence == 1)
			atomic_store(&st.warm, 1);
		if (p.fence == 2)
			break;
		if (p.fence)
			continue;
		if (p.seq >= st.count)
			die("a frame that nobody sent: %u", p.seq);
		if (seen[p.seq]++) {
			dup++;
			continue;
		}
		got++;
		uni += p.seq % 2 == 0;
		delay = wire_now_ms() - p.ms;
		late += delay > 500;
		if (delay > worst)
			worst = delay;
	}
	atomic_store(&st.fenced, 1);
	pthread_join(sender, NULL);
	pthread_join(changer, NULL);
	printf("sent=%u received=%u unicast=%u twice=%u late=%u slowest_ms=%llu\n",
	       st.count, got, uni, dup, late, (unsigned long long)worst);
	return got == st.count && !dup ? 0 : 1;
}
