// SPDX-License-Identifier: GPL-2.0-only
/*
 * xdp xsk: an AF_XDP socket that receives (rx), sends back what it receives
 * (echo) or sends (tx), in the mode it is told, which the kernel must confirm.
 * Frames of "wire judge" are compared byte by byte, whatever the chunks.
 *
 *	fill ring --> driver --> rx ring --> look at it --> tx ring or fill ring
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <unistd.h>
#include <xdp/xsk.h>

#include "../net/wire.h"
#include "xdp.h"

#define HEADER	14

static struct {
	unsigned int count;	/* frames, then it ends; 0: until SIGTERM */
	unsigned int chunk, frames, ring, size, batch, wakeup, unaligned, verify;
	unsigned int idle;	/* ms of silence that end it; 0: never */
	unsigned int nap;	/* us to sleep when there is nothing; 0: poll() */
	unsigned int generic, shift;
	const char *status;
	uint8_t to[6];
} opt = {
	.chunk = 4096, .frames = 4096, .ring = 2048, .size = 60, .batch = 64,
	.wakeup = 1, .verify = 1,
};

static struct {
	struct xsk_ring_prod fill, tx;
	struct xsk_ring_cons completion, rx;
	struct xsk_umem *umem;
	struct xsk_socket *socket;
	uint8_t *memory;
	int fd;
	unsigned int in_flight;	/* sent, not completed */
	uint64_t *spare;	/* chunks that are neither in a ring nor sent */
	unsigned int spares;
} xs;

static struct {
	uint64_t rx, bytes, wrong, foreign, tx, wakeups;
} got;

static atomic_int stopped;

static void stop(int unused)
{
	(void)unused;
	stopped = 1;
}

static void options(int argc, char **argv)
{
	unsigned int *m[6], mac[6], i;

	for (i = 0; i < 6; i++)
		m[i] = &mac[i];
	for (; argc > 0; argc--, argv++) {
		if (sscanf(*argv, "count=%u", &opt.count) == 1 ||
		    sscanf(*argv, "chunk=%u", &opt.chunk) == 1 ||
		    sscanf(*argv, "frames=%u", &opt.frames) == 1 ||
		    sscanf(*argv, "ring=%u", &opt.ring) == 1 ||
		    sscanf(*argv, "size=%u", &opt.size) == 1 ||
		    sscanf(*argv, "batch=%u", &opt.batch) == 1 ||
		    sscanf(*argv, "wakeup=%u", &opt.wakeup) == 1 ||
		    sscanf(*argv, "unaligned=%u", &opt.unaligned) == 1 ||
		    sscanf(*argv, "shift=%u", &opt.shift) == 1 ||
		    sscanf(*argv, "verify=%u", &opt.verify) == 1 ||
		    sscanf(*argv, "generic=%u", &opt.generic) == 1 ||
		    sscanf(*argv, "idle=%u", &opt.idle) == 1 ||
		    sscanf(*argv, "nap=%u", &opt.nap) == 1)
			continue;
		if (sscanf(*argv, "to=%x:%x:%x:%x:%x:%x",
			   m[0], m[1], m[2], m[3], m[4], m[5]) == 6) {
			for (i = 0; i < 6; i++)
				opt.to[i] = mac[i];
			continue;
		}
		if (strncmp(*argv, "status=", 7))
			die("xsk: %s", *argv);
		opt.status = *argv + 7;
	}
}

/* All chunks are spare at first */
static void umem_create(void)
{
	struct xsk_umem_config config = {
		.fill_size = opt.ring,
		.comp_size = opt.ring,
		.frame_size = opt.chunk,
		.frame_headroom = 0,
		.flags = opt.unaligned ? XDP_UMEM_UNALIGNED_CHUNK_FLAG : 0,
	};
	size_t bytes = (size_t)opt.chunk * (opt.frames + 2);
	unsigned int i;
	int rc;

	bytes = (bytes + 4095) & ~4095ul;
	xs.memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (xs.memory == MAP_FAILED)
		die("xsk: %zu bytes: %s", bytes, strerror(errno));
	rc = xsk_umem__create(&xs.umem, xs.memory, bytes, &xs.fill,
			      &xs.completion, &config);
	if (rc)
		die("umem of chunks of %u bytes: %s", opt.chunk, strerror(-rc));
	xs.spare = calloc(opt.frames, sizeof(*xs.spare));
	for (i = 0; i < opt.frames; i++)
		xs.spare[xs.spares++] = (uint64_t)i * opt.chunk +
					(opt.unaligned ? opt.shift : 0);
}

static void fill(unsigned int keep)
{
	uint32_t i, at, n = xsk_prod_nb_free(&xs.fill, opt.ring);

	if (xs.spares < keep)
		return;
	if (n > xs.spares - keep)
		n = xs.spares - keep;
	n = xsk_ring_prod__reserve(&xs.fill, n, &at);
	for (i = 0; i < n; i++)
		*xsk_ring_prod__fill_addr(&xs.fill, at + i) = xs.spare[--xs.spares];
	xsk_ring_prod__submit(&xs.fill, n);
}

static void socket_create(const char *dev, unsigned int queue, const char *mode)
{
	int zero_copy = !strcmp(mode, "zerocopy"), rc, tries = 0;
	struct xdp_options options = {};
	socklen_t len = sizeof(options);
	struct xsk_socket_config config = {
		.rx_size = opt.ring,
		.tx_size = opt.ring,
		.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
		.xdp_flags = opt.generic ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE,
		.bind_flags = (zero_copy ? XDP_ZEROCOPY : XDP_COPY) |
			      (opt.wakeup ? XDP_USE_NEED_WAKEUP : 0),
	};

	/* the kernel lets go of a queue some time after the last socket is closed */
	do {
		rc = xsk_socket__create(&xs.socket, dev, queue, xs.umem, &xs.rx,
					&xs.tx, &config);
	} while (rc == -EBUSY && ++tries < 30 && !usleep(100000));
	if (rc)
		die("%s socket on %s queue %u: %s", mode, dev, queue, strerror(-rc));
	xs.fd = xsk_socket__fd(xs.socket);
	if (getsockopt(xs.fd, SOL_XDP, XDP_OPTIONS, &options, &len))
		die("XDP_OPTIONS: %s", strerror(errno));
	if (!!(options.flags & XDP_OPTIONS_ZEROCOPY) != zero_copy)
		die("%s was asked for, the socket has %s", mode,
		    options.flags & XDP_OPTIONS_ZEROCOPY ? "zerocopy" : "copy");
}

static int is_judged(const uint8_t *f, uint32_t len)
{
	struct wire_judge j;

	if (len < HEADER + sizeof(j) || f[12] != WIRE_ETHERTYPE >> 8 ||
	    f[13] != (WIRE_ETHERTYPE & 0xff))
		return 0;
	memcpy(&j, f + HEADER, sizeof(j));
	if (j.magic != WIRE_JUDGE_MAGIC || j.size != len ||
	    wire_differs(f + HEADER + sizeof(j), len - HEADER - sizeof(j), j.seq, 0) >= 0)
		got.wrong++;
	return 1;
}

static void look_at(uint64_t addr, uint32_t len)
{
	got.rx++;
	got.bytes += len;
	if (opt.verify && !is_judged(xsk_umem__get_data(xs.memory, addr), len))
		got.foreign++;
}

static void swap_addresses(uint8_t *f)
{
	uint8_t was[6];

	memcpy(was, f, 6);
	memcpy(f, f + 6, 6);
	memcpy(f + 6, was, 6);
}

static uint64_t chunk_of(uint64_t addr)
{
	if (opt.unaligned)
		return xsk_umem__extract_addr(addr);
	return addr - addr % opt.chunk;
}

/* Return: frames looked at */
static unsigned int receive(int echo)
{
	uint32_t n, i, at, to = 0;

	n = xsk_ring_cons__peek(&xs.rx, opt.batch, &at);
	if (echo && n && xsk_ring_prod__reserve(&xs.tx, n, &to) != n) {
		xsk_ring_cons__cancel(&xs.rx, n);
		return 0;
	}
	for (i = 0; i < n; i++) {
		const struct xdp_desc *desc = xsk_ring_cons__rx_desc(&xs.rx, at + i);
		uint64_t addr = xsk_umem__add_offset_to_addr(desc->addr);

		look_at(addr, desc->len);
		if (echo) {
			swap_addresses(xsk_umem__get_data(xs.memory, addr));
			*xsk_ring_prod__tx_desc(&xs.tx, to + i) = *desc;
		} else {
			xs.spare[xs.spares++] = chunk_of(desc->addr);
		}
	}
	if (echo && n) {
		xsk_ring_prod__submit(&xs.tx, n);
		xs.in_flight += n;
		got.tx += n;
	}
	xsk_ring_cons__release(&xs.rx, n);
	return n;
}

static void complete(void)
{
	uint32_t n, i, at;

	n = xsk_ring_cons__peek(&xs.completion, opt.ring, &at);
	for (i = 0; i < n; i++)
		xs.spare[xs.spares++] =
			chunk_of(*xsk_ring_cons__comp_addr(&xs.completion, at + i));
	xsk_ring_cons__release(&xs.completion, n);
	xs.in_flight -= n;
}

static void make_frame(uint8_t *f, const uint8_t *from, uint32_t seq)
{
	struct wire_judge j = { WIRE_JUDGE_MAGIC, 0, seq, opt.size };

	memcpy(f, opt.to, 6);
	memcpy(f + 6, from, 6);
	f[12] = WIRE_ETHERTYPE >> 8;
	f[13] = WIRE_ETHERTYPE & 0xff;
	memcpy(f + HEADER, &j, sizeof(j));
	wire_fill(f + HEADER + sizeof(j), opt.size - HEADER - sizeof(j), seq, 0);
}

static unsigned int transmit(const uint8_t *from)
{
	uint32_t n = opt.batch, i, at;

	if (opt.count && opt.count - got.tx < n)
		n = opt.count - got.tx;
	if (n > xs.spares)
		n = xs.spares;
	if (!n || xsk_ring_prod__reserve(&xs.tx, n, &at) != n)
		return 0;
	for (i = 0; i < n; i++) {
		struct xdp_desc *desc = xsk_ring_prod__tx_desc(&xs.tx, at + i);

		desc->addr = xs.spare[--xs.spares];
		desc->len = opt.size;
		desc->options = 0;
		make_frame(xsk_umem__get_data(xs.memory, desc->addr), from, got.tx + i);
	}
	xsk_ring_prod__submit(&xs.tx, n);
	xs.in_flight += n;
	got.tx += n;
	return n;
}

/* In copy mode the call is what sends; in zero-copy mode only when asked for */
static void kick(void)
{
	if (!xs.in_flight || !xsk_ring_prod__needs_wakeup(&xs.tx))
		return;
	got.wakeups++;
	if (sendto(xs.fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 &&
	    errno != EAGAIN && errno != EBUSY && errno != ENOBUFS && errno != ENETDOWN)
		die("send: %s", strerror(errno));
}

static void write_status(void)
{
	char temp[256];
	FILE *file;

	if (!opt.status)
		return;
	snprintf(temp, sizeof(temp), "%s.new", opt.status);
	file = fopen(temp, "w");
	if (!file)
		die("%s: %s", temp, strerror(errno));
	fprintf(file, "%llu %llu %llu\n", (unsigned long long)got.rx,
		(unsigned long long)got.tx, (unsigned long long)got.wrong);
	fclose(file);
	if (rename(temp, opt.status))
		die("%s: %s", opt.status, strerror(errno));
}

static void report(void)
{
	struct xdp_statistics s = {};
	socklen_t len = sizeof(s);

	if (getsockopt(xs.fd, SOL_XDP, XDP_STATISTICS, &s, &len))
		die("XDP_STATISTICS: %s", strerror(errno));
	printf("rx=%llu bytes=%llu wrong=%llu foreign=%llu tx=%llu in_flight=%u wakeups=%llu",
	       (unsigned long long)got.rx, (unsigned long long)got.bytes,
	       (unsigned long long)got.wrong, (unsigned long long)got.foreign,
	       (unsigned long long)got.tx, xs.in_flight, (unsigned long long)got.wakeups);
	printf(" rx_dropped=%llu rx_ring_full=%llu fill_ring_empty=%llu",
	       (unsigned long long)s.rx_dropped, (unsigned long long)s.rx_ring_full,
	       (unsigned long long)s.rx_fill_ring_empty_descs);
	printf(" rx_invalid=%llu tx_invalid=%llu\n",
	       (unsigned long long)s.rx_invalid_descs,
	       (unsigned long long)s.tx_invalid_descs);
}

static int ended(int sender, uint64_t quiet)
{
	if (opt.count && sender)
		return got.tx >= opt.count && (!xs.in_flight || quiet > 10000);
	if (opt.count && got.rx >= opt.count)
		return !xs.in_flight || quiet > 10000;
	return opt.idle && quiet > opt.idle;
}

static void loop(int echo, int sender, const uint8_t *from)
{
	unsigned int keep = echo ? opt.frames / 4 : 0;	/* for sending */
	struct pollfd p = { .fd = xs.fd, .events = sender ? POLLOUT : POLLIN };
	uint64_t since = now_ms(), shown = 0, now;
	unsigned int did;

	while (!stopped) {
		did = sender ? transmit(from) : receive(echo);
		complete();
		if (!sender)
			fill(keep);
		kick();
		now = now_ms();
		if (did)
			since = now;
		if (ended(sender, now - since))
			break;
		if (!did && opt.nap)
			usleep(opt.nap);
		else if (!did)
			poll(&p, 1, sender || xs.in_flight ? 1 : 20);
		if (now - shown > 50) {
			write_status();
			shown = now;
		}
	}
	write_status();
}

static void own_address(const char *dev, uint8_t *mac)
{
	struct ifreq ifr = {};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		die("%s: %s", dev, strerror(errno));
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	close(fd);
}

/* xsk DEV QUEUE DIR rx|echo|tx copy|zerocopy [option]... */
int cmd_xsk(int argc, char **argv)
{
	int echo, sender, map;
	uint32_t queue;
	uint8_t mac[6];

	if (argc < 5)
		die("xsk: arguments");
	queue = strtoul(argv[1], NULL, 0);
	echo = !strcmp(argv[3], "echo");
	sender = !strcmp(argv[3], "tx");
	options(argc - 5, argv + 5);
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	own_address(argv[0], mac);
	umem_create();
	socket_create(argv[0], queue, argv[4]);
	if (!sender) {
		fill(echo ? opt.frames / 4 : 0);
		map = pinned(argv[2], "xsks");
		if (bpf_map_update_elem(map, &queue, &xs.fd, BPF_ANY))
			die("the map of sockets: %s", strerror(errno));
	}
	loop(echo, sender, mac);
	report();
	xsk_socket__delete(xs.socket);
	xsk_umem__delete(xs.umem);
	return got.wrong ? 1 : 0;
}
