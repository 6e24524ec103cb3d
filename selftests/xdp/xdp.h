/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xdp: loads and commands the BPF programs of this folder, and is a client of
 * AF_XDP, on libbpf and libxdp. Attaching is left to ip link.
 */
#ifndef XDP_H
#define XDP_H

#include <stdint.h>

/* Where "xdp load" pins programs and maps */
#define XDP_PINS	"/sys/fs/bpf/selftest"

void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
int pinned(const char *dir, const char *name);
uint64_t now_ms(void);

int cmd_xsk(int argc, char **argv);

#endif
