// SPDX-License-Identifier: GPL-2.0-only
/*
 * wire judge, wire flood: frames to an interface whose XDP program decides.
 * Each frame of judge is found again at the receiver's stack or back at the
 * sender, or nowhere; where it is found it has the bytes that it was sent with
 * (either=1), or those that the program made of them: head=N bytes cut off
 * behind the Ethernet header (marks added, if negative), tail=N zeros added (cut
 * off, if negative). count=N frames of size=FROM-TO, or until SIGTERM; how many
 * so far is in status=FILE: sent, stack, back, wrong.
 *
 * Nothing may be lost on the way to the receiver, so the sender follows its
 * count of received frames, or what was found (follow=1), flood by ahead=N. It
 * goes on when that stands still for stall=MS, as it does when frames were lost
 * in a reset.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"

#define HEADER		14
#define SHORTEST	60
#define SEQUENCES	(4 << 20)	/* the most that can be told apart */
#define QUIET_MS	600		/* of all counters: nothing more can come */
/* With frames missing: after RCTL is written QEMU keeps what comes for a second */
#define HELD_MS		1500
#define WIRE_JUDGE_MOST	16384

static struct {
	struct wire_end from, to;
	unsigned int count, least, most, ahead, stall, follow;
	int head, tail, either;
	const char *status;
	atomic_uint sent, found;
	unsigned int stalls;
	atomic_int ended;
} jd = { .least = 60, .most = 60, .ahead = 4096, .stall = WIRE_PATIENCE_MS };

/* What became of the frames */
static struct {
	unsigned int stack, back, twice, wrong, plain;
	uint8_t *seen;
} got;

static atomic_int stopped;

static void stop(int unused)
{
	(void)unused;
	stopped = 1;
}

/* Of the receiver, whose interface is in our own namespace */
static uint64_t rx_packets(void)
{
	char path[128], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/rx_packets",
		 jd.to.dev);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		text[0] = 0;
	if (fd >= 0)
		close(fd);
	return strtoull(text, NULL, 10);
}

static size_t make_frame(uint8_t *f, uint32_t seq, uint32_t size)
{
	struct wire_judge j = { WIRE_JUDGE_MAGIC, getpid(), seq, size };
	size_t at = HEADER, cut = jd.head > 0 ? jd.head : 0;

	memcpy(f, jd.to.mac, 6);
	memcpy(f + 6, jd.from.mac, 6);
	f[12] = WIRE_ETHERTYPE >> 8;
	f[13] = WIRE_ETHERTYPE & 0xff;
	memset(f + at, WIRE_FILLER, cut);
	at += cut;
	memcpy(f + at, &j, sizeof(j));
	at += sizeof(j);
	wire_fill(f + at, size - at, seq, 0);
	return size;
}

static uint64_t arrived(void)
{
	return jd.follow ? atomic_load(&jd.found) : rx_packets();
}

/* Wait until all but a few of what was sent have arrived */
static void follow(uint32_t sent, uint64_t *base, uint32_t ahead)
{
	uint64_t now, last = arrived(), since = wire_now_ms();

	while (!stopped) {
		now = arrived();
		if (now - *base + ahead >= sent)
			return;
		if (now != last) {
			last = now;
			since = wire_now_ms();
		} else if (wire_now_ms() - since > jd.stall) {
			/* lost in a reset; from here on again */
			*base = now - sent;
			jd.stalls++;
			return;
		}
		usleep(500);
	}
}

static void *judge_sender(void *unused)
{
	int fd = wire_raw(&jd.from, 0);
	static uint8_t f[WIRE_FRAME_MAX];
	uint64_t base = arrived(), random = 1;
	uint32_t seq, size, step = jd.most > 2048 ? 8 : 32;

	(void)unused;
	for (seq = 0; !stopped && seq < SEQUENCES; seq++) {
		if (jd.count && seq == jd.count)
			break;
		size = jd.least;
		if (jd.most > jd.least)
			size += wire_random(&random) % (jd.most - jd.least + 1);
		if (seq % step == 0)
			follow(seq, &base, jd.most > 2048 ? 16 : 96);
		make_frame(f, seq, size);
		while (send(fd, f, size, 0) != (ssize_t)size) {
			if (errno != ENOBUFS && errno != EINTR)
				die("send of %u bytes: %s", size, strerror(errno));
			usleep(500);
		}
		atomic_store(&jd.sent, seq + 1);
	}
	atomic_store(&jd.ended, 1);
	close(fd);
	return NULL;
}

static int all(const uint8_t *p, long len, uint8_t byte)
{
	while (len-- > 0)
		if (*p++ != byte)
			return 0;
	return 1;
}

#define OTHERS	2	/* a frame of another run, late */

/*
 * Is @f the frame that the program makes of one of ours? With @head and @tail
 * of 0: one of ours. Short ones may have been padded by the device.
 */
static int is_frame(const uint8_t *f, long len, int head, int tail, uint32_t *seq)
{
	long before = HEADER + (jd.head > 0 ? jd.head : 0) - head, want, body;
	struct wire_judge j;

	if (len < before + (long)sizeof(j))
		return 0;
	memcpy(&j, f + before, sizeof(j));
	if (j.magic != WIRE_JUDGE_MAGIC || j.seq >= SEQUENCES)
		return 0;
	*seq = j.seq;
	if (j.run != (uint16_t)getpid())
		return OTHERS;
	want = (long)j.size - head + tail;
	if (len < want || len > (want < SHORTEST ? SHORTEST : want))
		return 0;
	if (head < 0 && !all(f + HEADER, -head, WIRE_MARK))
		return 0;
	if (!head && jd.head > 0 && !all(f + HEADER, jd.head, WIRE_FILLER))
		return 0;
	body = want - before - (long)sizeof(j) - (tail > 0 ? tail : 0);
	if (body < 0 ||
	    wire_differs(f + before + sizeof(j), body, j.seq, 0) >= 0)
		return 0;
	/* zeros of the tail, then padding */
	body += before + sizeof(j);
	return all(f + body, len - body, 0);
}

static void take(const uint8_t *f, long len, unsigned int *counter)
{
	uint32_t seq;
	int is = is_frame(f, len, jd.head, jd.tail, &seq);

	if (!is && jd.either) {
		is = is_frame(f, len, 0, 0, &seq);
		got.plain += is == 1;
	}
	if (is == OTHERS)
		return;
	if (is) {
		(*counter)++;
	} else {
		if (!got.wrong++)
			note("%ld bytes, wrong: %02x%02x%02x%02x %02x%02x%02x%02x %02x%02x",
			     len, f[14], f[15], f[16], f[17], f[18], f[19],
			     f[20], f[21], f[22], f[23]);
		return;
	}
	got.twice += got.seen[seq]++ > 0;
	atomic_fetch_add(&jd.found, 1);
}

/* One frame of ours off @fd: to @to, from @from; 0: there is none */
static int read_frame(int fd, const uint8_t *to, const uint8_t *from,
		      unsigned int *counter)
{
	static uint8_t f[WIRE_FRAME_MAX];
	struct sockaddr_ll ll;
	socklen_t ll_len = sizeof(ll);
	long n = recvfrom(fd, f, sizeof(f), MSG_TRUNC | MSG_DONTWAIT,
			  (struct sockaddr *)&ll, &ll_len);

	if (n < 0)
		return errno == ENETDOWN || errno == EINTR;
	if (ll.sll_pkttype != PACKET_OUTGOING && n >= HEADER &&
	    !memcmp(f, to, 6) && !memcmp(f + 6, from, 6))
		take(f, n, counter);
	return 1;
}

static void write_status(void)
{
	char temp[256];
	FILE *file;

	if (!jd.status)
		return;
	snprintf(temp, sizeof(temp), "%s.new", jd.status);
	file = fopen(temp, "w");
	if (!file)
		die("%s: %s", temp, strerror(errno));
	fprintf(file, "%u %u %u %u\n", atomic_load(&jd.sent), got.stack,
		got.back, got.wrong);
	fclose(file);
	if (rename(temp, jd.status))
		die("%s: %s", jd.status, strerror(errno));
}

static void judge_options(int argc, char **argv)
{
	char *end;

	for (; argc > 0; argc--, argv++) {
		if (sscanf(*argv, "count=%u", &jd.count) == 1 ||
		    sscanf(*argv, "head=%d", &jd.head) == 1 ||
		    sscanf(*argv, "tail=%d", &jd.tail) == 1 ||
		    sscanf(*argv, "ahead=%u", &jd.ahead) == 1 ||
		    sscanf(*argv, "stall=%u", &jd.stall) == 1 ||
		    sscanf(*argv, "follow=%u", &jd.follow) == 1 ||
		    sscanf(*argv, "either=%d", &jd.either) == 1)
			continue;
		if (!strncmp(*argv, "size=", 5)) {
			jd.least = strtoul(*argv + 5, &end, 10);
			jd.most = *end == '-' ? strtoul(end + 1, &end, 10) : jd.least;
			if (!*end && jd.least <= jd.most && jd.most <= WIRE_JUDGE_MOST)
				continue;
		}
		if (strncmp(*argv, "status=", 7))
			die("judge: %s", *argv);
		jd.status = *argv + 7;
	}
	if ((long)jd.least < HEADER + (jd.head > 0 ? jd.head : 0) +
			     (long)sizeof(struct wire_judge) - (jd.tail < 0 ? jd.tail : 0))
		die("judge: frames of %u bytes are too short for that", jd.least);
	if (jd.count > SEQUENCES)
		die("judge: at most %d frames", SEQUENCES);
}

/* The receiver and both sockets are silent: nothing more can come */
static int silent(uint64_t before, uint64_t *last, uint64_t *since)
{
	uint64_t now = rx_packets();
	int missing = now - before < atomic_load(&jd.sent);

	if (now != *last) {
		*last = now;
		*since = wire_now_ms();
	}
	return wire_now_ms() - *since > (missing ? HELD_MS : QUIET_MS);
}

int cmd_judge(int argc, char **argv)
{
	uint64_t last = 0, since = 0, shown = 0, before;
	struct pollfd p[2] = { { .events = POLLIN }, { .events = POLLIN } };
	pthread_t sender;
	int some;

	if (argc < 4)
		die("judge: arguments");
	wire_end_init(&jd.from, argv[0], argv[1]);
	wire_end_init(&jd.to, argv[2], argv[3]);
	judge_options(argc - 4, argv + 4);
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	got.seen = calloc(1, SEQUENCES);
	p[0].fd = wire_raw(&jd.to, WIRE_ETHERTYPE);
	p[1].fd = wire_raw(&jd.from, WIRE_ETHERTYPE);
	wire_rcvbuf(p[0].fd, 64 << 20);
	wire_rcvbuf(p[1].fd, 64 << 20);
	before = rx_packets();

	if (pthread_create(&sender, NULL, judge_sender, NULL))
		die("threads");
	for (;;) {
		poll(p, 2, 50);
		some = read_frame(p[0].fd, jd.to.mac, jd.from.mac, &got.stack);
		some |= read_frame(p[1].fd, jd.from.mac, jd.to.mac, &got.back);
		if (wire_now_ms() - shown > 50) {
			write_status();
			shown = wire_now_ms();
		}
		if (some || !atomic_load(&jd.ended))
			since = wire_now_ms();
		else if (silent(before, &last, &since))
			break;
	}
	pthread_join(sender, NULL);
	write_status();
	printf("sent=%u stack=%u back=%u plain=%u twice=%u wrong=%u rx=%llu stalls=%u\n",
	       atomic_load(&jd.sent), got.stack, got.back, got.plain, got.twice,
	       got.wrong, (unsigned long long)(rx_packets() - before), jd.stalls);
	return got.wrong || got.twice;
}

/*
 * wire flood: as many frames as fast as they are taken, sizes at random, nobody
 * looks at them again.
 */
#define FLOOD_BATCH	64

int cmd_flood(int argc, char **argv)
{
	static uint8_t f[FLOOD_BATCH][WIRE_JUDGE_MOST];
	struct mmsghdr m[FLOOD_BATCH] = {};
	struct iovec v[FLOOD_BATCH];
	uint64_t base, first, random = 7;
	uint32_t i, n, done, sent = 0;
	int fd, bypass = 1;

	if (argc < 5)
		die("flood: arguments");
	wire_end_init(&jd.from, argv[0], argv[1]);
	wire_end_init(&jd.to, argv[2], argv[3]);
	judge_options(argc - 4, argv + 4);
	fd = wire_raw(&jd.from, 0);
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof(bypass));
	for (i = 0; i < FLOOD_BATCH; i++) {
		make_frame(f[i], i, jd.most);
		v[i].iov_base = f[i];
		m[i].msg_hdr.msg_iov = &v[i];
		m[i].msg_hdr.msg_iovlen = 1;
	}
	base = rx_packets();
	first = base;
	while (sent < jd.count) {
		n = jd.count - sent < FLOOD_BATCH ? jd.count - sent : FLOOD_BATCH;
		for (i = 0; i < n; i++)
			v[i].iov_len = jd.least + wire_random(&random) %
				       (jd.most - jd.least + 1);
		follow(sent, &base, jd.ahead);
		for (done = 0; done < n;) {
			int rc = sendmmsg(fd, m + done, n - done, 0);

			if (rc < 0 && errno != ENOBUFS && errno != EINTR)
				die("flood: %s", strerror(errno));
			if (rc <= 0)
				usleep(200);
			else
				done += rc;
		}
		sent += n;
	}
	follow(sent, &base, 0);
	printf("sent=%u rx=%llu stalls=%u\n", sent,
	       (unsigned long long)(rx_packets() - first), jd.stalls);
	return 0;
}
