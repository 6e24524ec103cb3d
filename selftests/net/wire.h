/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wire: both ends of a cable in one program.
 *
 * A test that counts every frame must know what was sent when it looks at what
 * arrived. So one process opens sockets in two network namespaces, sends from
 * one and reads at the other; nothing is timed, all waits end on a condition
 * or, generously late, in a failure.
 */
#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* A receiver gives up after this silence; an emulated guest may be slow */
#define WIRE_PATIENCE_MS	20000

/* Reserved for local experiments (IEEE 802): nothing else sends it */
#define WIRE_ETHERTYPE		0x88b5

#define WIRE_FRAME_MAX		(65536 + 64)

/* One end of the cable; ns "-" is the caller's own namespace */
struct wire_end {
	const char *ns;
	const char *dev;
	int ifindex;
	uint8_t mac[6];
};

/* An address as the kernel takes it, either family */
struct wire_addr {
	struct sockaddr_storage sa;
	socklen_t len;
};

void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

int wire_socket(const char *ns, int family, int type, int protocol);
void wire_end_init(struct wire_end *end, const char *ns, const char *dev);
int wire_raw(const struct wire_end *end, int ethertype);
void wire_rcvbuf(int fd, int bytes);
int wire_readable(int fd, int ms);
void wire_addr(struct wire_addr *a, const char *text, int port);
uint64_t wire_now_ms(void);

/* Pattern: byte i of stream @seed; any offset can be checked on its own */
void wire_fill(uint8_t *p, size_t len, uint64_t seed, uint64_t offset);
long wire_differs(const uint8_t *p, size_t len, uint64_t seed, uint64_t offset);
uint64_t wire_random(uint64_t *state);

/*
 * A frame of wire judge: Ethernet header, filler that a program may cut off,
 * this, and the pattern of stream @seq to the frame's end.
 */
#define WIRE_JUDGE_MAGIC	0x4a44
#define WIRE_FILLER		0x5a
#define WIRE_MARK		0xa5	/* what a program fills a grown head with */

struct wire_judge {
	uint16_t magic;
	uint16_t run;		/* of whom: late frames of others do not count */
	uint32_t seq;
	uint32_t size;		/* of the frame as it was sent */
} __attribute__((packed));

int cmd_sweep(int argc, char **argv);
int cmd_stream(int argc, char **argv);
int cmd_flood(int argc, char **argv);
int cmd_judge(int argc, char **argv);
int cmd_offload(int argc, char **argv);
int cmd_copy(int argc, char **argv);
int cmd_traffic(int argc, char **argv);
int cmd_hold(int argc, char **argv);
int cmd_push(int argc, char **argv);
int cmd_listen(int argc, char **argv);
int cmd_busy(int argc, char **argv);

#endif
