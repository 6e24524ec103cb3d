// SPDX-License-Identifier: GPL-2.0-only
/*
 * wire copy, traffic, hold, push, listen, busy: TCP and UDP through the whole
 * stack.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire.h"

#ifndef SO_BUSY_POLL
#define SO_BUSY_POLL 46
#endif
#ifndef SO_INCOMING_NAPI_ID
#define SO_INCOMING_NAPI_ID 56
#endif

#define PORT		7000
#define BUFFER		(4 << 20)	/* what a socket may hold */
#define UDP_BUFFER	(32 << 20)	/* small datagrams count a page each */

struct link {
	const char *ns[2], *addr[2];	/* from, to */
	struct wire_addr sa[2];
	int type, fd[2];
};

static void bind_to(int fd, const struct wire_addr *a)
{
	int one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (const struct sockaddr *)&a->sa, a->len))
		die("bind: %s", strerror(errno));
}

/* A connected pair of sockets across the cable: fd[0] sends, fd[1] receives */
static void link_open(struct link *l, int type, int port)
{
	int listener, i, one = 1;

	l->type = type;
	for (i = 0; i < 2; i++)
		wire_addr(&l->sa[i], l->addr[i], port);
	if (type == SOCK_DGRAM) {
		for (i = 0; i < 2; i++) {
			l->fd[i] = wire_socket(l->ns[i], l->sa[i].sa.ss_family,
					       type, 0);
			wire_rcvbuf(l->fd[i], UDP_BUFFER);
			bind_to(l->fd[i], &l->sa[i]);
		}
		for (i = 0; i < 2; i++)
			if (connect(l->fd[i], (struct sockaddr *)&l->sa[!i].sa,
				    l->sa[!i].len))
				die("connect: %s", strerror(errno));
		return;
	}
	listener = wire_socket(l->ns[1], l->sa[1].sa.ss_family, type, 0);
	bind_to(listener, &l->sa[1]);
	if (listen(listener, 1))
		die("listen: %s", strerror(errno));
	l->fd[0] = wire_socket(l->ns[0], l->sa[0].sa.ss_family, type, 0);
	/* where the test cuts the cable, try again soon, not ever more seldom */
	setsockopt(l->fd[0], IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, &one, sizeof(one));
	if (connect(l->fd[0], (struct sockaddr *)&l->sa[1].sa, l->sa[1].len))
		die("connect: %s", strerror(errno));
	l->fd[1] = accept(listener, NULL, NULL);
	if (l->fd[1] < 0)
		die("accept: %s", strerror(errno));
	close(listener);
}

/*
 * wire copy: one file, sender thread and receiver. UDP has an answer per
 * window and no second try: a datagram lost, doubled or reordered is a failure.
 */
#define WINDOW	16

struct datagram {
	uint32_t nr;
	uint32_t last;
	uint64_t offset;
};

static struct {
	struct link l;
	int in, out;
	off_t size;
} cp;

static void udp_send_file(void)
{
	static uint8_t buf[65536];
	struct datagram d = {};
	uint64_t rnd = 1, ack;
	size_t room, len;

	do {
		/* mostly one frame; every 16th travels in IP fragments */
		room = 1 + wire_random(&rnd) % 1432;
		if (d.nr % 2)
			room = 1432;
		if (d.nr % 16 == 7)
			room = 1 + wire_random(&rnd) % 16000;
		if ((off_t)(d.offset + room) >= cp.size) {
			room = cp.size - d.offset;
			d.last = 1;
		}
		memcpy(buf, &d, sizeof(d));
		if (pread(cp.in, buf + sizeof(d), room, d.offset) != (ssize_t)room)
			die("read: %s", strerror(errno));
		len = room + sizeof(d);
		if (send(cp.l.fd[0], buf, len, 0) != (ssize_t)len)
			die("datagram of %zu bytes: %s", len, strerror(errno));
		d.offset += room;
		d.nr++;
		if (d.nr % WINDOW == 0 || d.last) {
			if (!wire_readable(cp.l.fd[0], WIRE_PATIENCE_MS))
				die("no answer to datagram %u", d.nr - 1);
			if (recv(cp.l.fd[0], &ack, sizeof(ack), 0) != sizeof(ack) ||
			    ack != d.nr)
				die("answer %llu to datagram %u",
				    (unsigned long long)ack, d.nr - 1);
		}
	} while (!d.last);
}

static void *copy_sender(void *unused)
{
	off_t at = 0;

	(void)unused;
	if (cp.l.type == SOCK_DGRAM) {
		udp_send_file();
		return NULL;
	}
	/* pages of the file become fragments of the packets */
	while (at < cp.size)
		if (sendfile(cp.l.fd[0], cp.in, &at, cp.size - at) <= 0)
			die("sendfile: %s", strerror(errno));
	shutdown(cp.l.fd[0], SHUT_WR);
	return NULL;
}

static void copy_receive(void)
{
	static uint8_t buf[65536];
	struct datagram d;
	uint64_t nr = 0;
	ssize_t n;

	for (;;) {
		if (!wire_readable(cp.l.fd[1], WIRE_PATIENCE_MS))
			die("nothing more arrives");
		n = recv(cp.l.fd[1], buf, sizeof(buf), 0);
		if (n < 0)
			die("receive: %s", strerror(errno));
		if (cp.l.type == SOCK_STREAM) {
			if (!n)
				return;
			if (write(cp.out, buf, n) != n)
				die("write: %s", strerror(errno));
			continue;
		}
		memcpy(&d, buf, sizeof(d));
		if (d.nr != nr)
			die("datagram %u came, %llu was due", d.nr,
			    (unsigned long long)nr);
		nr++;
		if (write(cp.out, buf + sizeof(d), n - sizeof(d)) !=
		    n - (ssize_t)sizeof(d))
			die("write: %s", strerror(errno));
		if ((nr % WINDOW == 0 || d.last) &&
		    send(cp.l.fd[1], &nr, sizeof(nr), 0) != sizeof(nr))
			die("answer: %s", strerror(errno));
		if (d.last)
			return;
	}
}

int cmd_copy(int argc, char **argv)
{
	pthread_t sender;
	struct stat s;

	if (argc != 7)
		die("copy: arguments");
	cp.l = (struct link){ .ns = { argv[1], argv[3] },
			      .addr = { argv[2], argv[4] } };
	cp.in = open(argv[5], O_RDONLY);
	cp.out = open(argv[6], O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (cp.in < 0 || cp.out < 0 || fstat(cp.in, &s))
		die("files: %s", strerror(errno));
	cp.size = s.st_size;
	/* by process, so that several can run */
	link_open(&cp.l, strcmp(argv[0], "udp") ? SOCK_STREAM : SOCK_DGRAM,
		  10000 + getpid() % 20000);
	if (pthread_create(&sender, NULL, copy_sender, NULL))
		die("thread");
	copy_receive();
	pthread_join(sender, NULL);
	return 0;
}

/*
 * wire traffic: TCP and UDP both ways until SIGTERM, every byte checked. It
 * outlives what the test does to the interface: lost datagrams are counted,
 * TCP retransmits, only a wrong byte is an error. STATUS is rewritten ten
 * times a second: units received per flow, then wrong ones.
 */
#define FLOWS	4

static struct flow {
	struct link l;
	int nr;
	atomic_ullong units;	/* TCP: bytes, UDP: datagrams */
} flows[FLOWS];

static atomic_ullong wrong;
static atomic_int stopping;

static void on_term(int sig)
{
	(void)sig;
	atomic_store(&stopping, 1);
}

static void *traffic_send(void *arg)
{
	struct flow *f = arg;
	uint64_t offset = 0, rnd = f->nr;
	uint8_t *buf = malloc(65536);
	size_t len;
	ssize_t n;

	while (!atomic_load(&stopping)) {
		len = 1 + wire_random(&rnd) % (f->l.type == SOCK_STREAM ? 20000 : 1400);
		if (f->l.type == SOCK_DGRAM && len < 16)
			len = 16;
		wire_fill(buf, len, f->nr, offset);
		if (f->l.type == SOCK_DGRAM)
			memcpy(buf, &offset, sizeof(offset));
		n = send(f->l.fd[0], buf, len, MSG_NOSIGNAL);
		if (f->l.type == SOCK_STREAM) {
			/* the route may be gone for a while, the flow is not */
			if (n < 0 && (errno == EPIPE || errno == ECONNRESET)) {
				note("flow %d: %s", f->nr, strerror(errno));
				atomic_fetch_add(&wrong, 1);
				break;
			}
			if (n > 0)
				offset += n;
		} else {
			offset += 2048;
		}
		usleep(n < 0 ? 10000 : 2000);
	}
	free(buf);
	return NULL;
}

static void *traffic_receive(void *arg)
{
	struct flow *f = arg;
	uint8_t *buf = malloc(65536);
	uint64_t offset = 0;
	size_t skip = 0;
	ssize_t n;

	while (!atomic_load(&stopping)) {
		if (!wire_readable(f->l.fd[1], 100))
			continue;
		n = recv(f->l.fd[1], buf, 65536, 0);
		if (n <= 0) {
			usleep(10000);
			continue;
		}
		if (f->l.type == SOCK_DGRAM) {
			memcpy(&offset, buf, sizeof(offset));
			skip = sizeof(offset);
		}
		/* the pattern is by absolute offset: look behind the number */
		if (wire_differs(buf + skip, n - skip, f->nr, offset + skip) >= 0) {
			if (!atomic_fetch_add(&wrong, 1))
				note("flow %d: wrong bytes at %llu", f->nr,
				     (unsigned long long)offset);
		}
		if (f->l.type == SOCK_STREAM) {
			offset += n;
			atomic_fetch_add(&f->units, n);
		} else {
			atomic_fetch_add(&f->units, 1);
		}
	}
	free(buf);
	return NULL;
}

int cmd_traffic(int argc, char **argv)
{
	int i, status, idle = 0, len;
	pthread_t t[2 * FLOWS];
	char line[128];

	if (argc != 5)
		die("traffic: arguments");
	signal(SIGTERM, on_term);
	status = open(argv[4], O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (status < 0)
		die("%s: %s", argv[4], strerror(errno));
	for (i = 0; i < FLOWS; i++) {
		struct flow *f = &flows[i];
		int back = i % 2 * 2;

		f->nr = i + 1;
		f->l.ns[0] = argv[back];
		f->l.addr[0] = argv[back + 1];
		f->l.ns[1] = argv[2 - back];
		f->l.addr[1] = argv[3 - back];
		link_open(&f->l, i < 2 ? SOCK_STREAM : SOCK_DGRAM, PORT + i);
	}
	for (i = 0; i < FLOWS; i++)
		if (pthread_create(&t[2 * i], NULL, traffic_send, &flows[i]) ||
		    pthread_create(&t[2 * i + 1], NULL, traffic_receive, &flows[i]))
			die("threads");
	while (!atomic_load(&stopping)) {
		len = snprintf(line, sizeof(line),
			       "%-14llu %-14llu %-14llu %-14llu %-8llu\n",
			       (unsigned long long)flows[0].units,
			       (unsigned long long)flows[1].units,
			       (unsigned long long)flows[2].units,
			       (unsigned long long)flows[3].units,
			       (unsigned long long)wrong);
		if (pwrite(status, line, len, 0) != len)
			die("status: %s", strerror(errno));
		usleep(100000);
	}
	printf("tcp=%llu,%llu udp=%llu,%llu wrong=%llu\n",
	       (unsigned long long)flows[0].units,
	       (unsigned long long)flows[1].units,
	       (unsigned long long)flows[2].units,
	       (unsigned long long)flows[3].units, (unsigned long long)wrong);
	fflush(stdout);
	for (i = 0; i < FLOWS; i++)
		idle |= !flows[i].units;
	/* senders may sit in a full socket: leave them to exit */
	_exit(wrong || idle);
}

/*
 * wire hold: a reader that the script stops with SIGSTOP while its socket
 * fills; it writes what it reads, after it was continued. An empty datagram
 * ends UDP.
 */
int cmd_hold(int argc, char **argv)
{
	int udp, fd, out, conn;
	uint8_t buf[65536];
	struct wire_addr a;
	ssize_t n;

	if (argc != 5)
		die("hold: arguments");
	udp = !strcmp(argv[0], "udp");
	wire_addr(&a, argv[2], atoi(argv[3]));
	fd = wire_socket(argv[1], a.sa.ss_family, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	wire_rcvbuf(fd, udp ? UDP_BUFFER : BUFFER);
	bind_to(fd, &a);
	out = open(argv[4], O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (out < 0)
		die("%s: %s", argv[4], strerror(errno));
	conn = fd;
	if (!udp) {
		if (listen(fd, 1))
			die("listen: %s", strerror(errno));
		puts("ready");
		fflush(stdout);
		conn = accept(fd, NULL, NULL);
		if (conn < 0)
			die("accept: %s", strerror(errno));
		puts("connected");
	} else {
		puts("ready");
	}
	fflush(stdout);
	raise(SIGSTOP);
	while ((n = recv(conn, buf, sizeof(buf), 0)) > 0)
		if (write(out, buf, n) != n)
			die("write: %s", strerror(errno));
	if (n < 0)
		die("receive: %s", strerror(errno));
	return 0;
}

/* wire push: the file to a holder; TCP returns when all is acknowledged */
int cmd_push(int argc, char **argv)
{
	static uint8_t buf[16384];
	int udp, fd, in, left = 1;
	struct wire_addr a;
	uint64_t until;
	ssize_t n;

	if (argc != 5)
		die("push: arguments");
	udp = !strcmp(argv[0], "udp");
	wire_addr(&a, argv[2], atoi(argv[3]));
	in = open(argv[4], O_RDONLY);
	if (in < 0)
		die("%s: %s", argv[4], strerror(errno));
	fd = wire_socket(argv[1], a.sa.ss_family, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&a.sa, a.len))
		die("connect: %s", strerror(errno));
	while ((n = read(in, buf, udp ? 1400 : sizeof(buf))) > 0)
		if (send(fd, buf, n, 0) != n)
			die("send: %s", strerror(errno));
	if (udp)
		return send(fd, buf, 0, 0) != 0;
	until = wire_now_ms() + WIRE_PATIENCE_MS;
	while (!ioctl(fd, SIOCOUTQ, &left) && left) {
		if (wire_now_ms() > until)
			die("%d bytes are not acknowledged", left);
		usleep(10000);
	}
	shutdown(fd, SHUT_WR);
	return 0;
}

/* wire listen: until a datagram holds WORD */
int cmd_listen(int argc, char **argv)
{
	struct wire_addr a;
	char buf[65536];
	ssize_t n;
	int fd;

	if (argc != 4)
		die("listen: arguments");
	wire_addr(&a, argv[1], atoi(argv[2]));
	fd = wire_socket(argv[0], a.sa.ss_family, SOCK_DGRAM, 0);
	wire_rcvbuf(fd, BUFFER);
	bind_to(fd, &a);
	puts("ready");
	fflush(stdout);
	while (wire_readable(fd, WIRE_PATIENCE_MS)) {
		n = recv(fd, buf, sizeof(buf) - 1, 0);
		if (n > 0 && memmem(buf, n, argv[3], strlen(argv[3])))
			return 0;
	}
	die("\"%s\" did not arrive", argv[3]);
}

/*
 * wire busy: question and answer over UDP, both sockets busy-polling. The
 * NAPI id tells that the driver's packets can be polled for at all.
 */
int cmd_busy(int argc, char **argv)
{
	unsigned int i, count, napi[2] = {};
	struct link l = {};
	uint32_t q, a;
	socklen_t len;
	int side, us = 100;

	if (argc != 5)
		die("busy: arguments");
	l.ns[0] = argv[0];
	l.addr[0] = argv[1];
	l.ns[1] = argv[2];
	l.addr[1] = argv[3];
	count = strtoul(argv[4], NULL, 0);
	link_open(&l, SOCK_DGRAM, PORT + 16);
	for (side = 0; side < 2; side++)
		if (setsockopt(l.fd[side], SOL_SOCKET, SO_BUSY_POLL, &us, sizeof(us)))
			die("SO_BUSY_POLL: %s", strerror(errno));
	for (i = 0; i < count; i++)
		for (side = 0; side < 2; side++) {
			q = i * 2 + side;
			if (send(l.fd[side], &q, sizeof(q), 0) != sizeof(q))
				die("send: %s", strerror(errno));
			/* poll(2) would sleep: a plain read is what busy-polls */
			if (i == 0 && !wire_readable(l.fd[!side], WIRE_PATIENCE_MS))
				die("question %u is lost", q);
			if (recv(l.fd[!side], &a, sizeof(a), 0) != sizeof(a) || a != q)
				die("question %u came as %u", q, a);
		}
	for (side = 0; side < 2; side++) {
		len = sizeof(napi[side]);
		if (getsockopt(l.fd[side], SOL_SOCKET, SO_INCOMING_NAPI_ID,
			       &napi[side], &len))
			die("SO_INCOMING_NAPI_ID: %s", strerror(errno));
	}
	printf("rounds=%u napi=%u,%u\n", count, napi[0], napi[1]);
	return !napi[0] || !napi[1];
}
