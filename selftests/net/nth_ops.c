// SPDX-License-Identifier: GPL-2.0-only
/* nth's operations: what makes a network driver allocate */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>
#include <linux/if_xdp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nth.h"

static int fd = -1;	/* of what the operation opened */
static struct ifreq ifr;
static unsigned int ifindex;

static void need(int ok, const char *what)
{
	if (!ok)
		die(what);
}

/* --- a module --- */

static const char *module;

static void load_prepare(char **args)
{
	fd = open(args[0], O_RDONLY | O_CLOEXEC);
	need(fd >= 0, args[0]);
	module = args[1];
}

static int load_act(void) { return syscall(SYS_finit_module, fd, "", 0); }
static int load_undo(void) { return syscall(SYS_delete_module, module, 0); }

/* --- a write to a file, say one of sysfs; perhaps another undoes it --- */

static int undo_fd = -1;
static const char *text, *undo_text;

static void write_prepare(char **args)
{
	fd = open(args[0], O_WRONLY);
	need(fd >= 0, args[0]);
	text = args[1];
}

static void write2_prepare(char **args)
{
	write_prepare(args);
	undo_fd = open(args[2], O_WRONLY);
	need(undo_fd >= 0, args[2]);
	undo_text = args[3];
}

static int write_text(int to, const char *what)
{
	return pwrite(to, what, strlen(what), 0) < 0 ? -1 : 0;
}

static int write_act(void) { return write_text(fd, text); }
static int write_undo(void) { return undo_fd < 0 ? 0 : write_text(undo_fd, undo_text); }

/* --- an interface: up, MTU, rings, self-test, VLAN --- */

static void dev_prepare(char **args)
{
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	strncpy(ifr.ifr_name, args[0], IFNAMSIZ - 1);
	ifindex = if_nametoindex(args[0]);
	need(fd >= 0 && ifindex, args[0]);
}

static int set_up(int up)
{
	struct ifreq req = ifr;

	if (ioctl(fd, SIOCGIFFLAGS, &req))
		return -1;
	req.ifr_flags = up ? req.ifr_flags | IFF_UP : req.ifr_flags & ~IFF_UP;
	return ioctl(fd, SIOCSIFFLAGS, &req);
}

static int up_act(void) { return set_up(1); }
static int up_undo(void) { return set_up(0); }

/* The first time after the driver was bound: no page is in a pool yet */
static int dev_fd;

static void first_prepare(char **args)
{
	write2_prepare(args + 1);
	dev_fd = fd;
	dev_prepare(args);
}

static int first_again(void)
{
	return write_text(undo_fd, undo_text) || write_text(dev_fd, text) ? -1 : 0;
}

static int mtu[2];

static void mtu_prepare(char **args)
{
	dev_prepare(args);
	mtu[0] = atoi(args[1]);
	mtu[1] = atoi(args[2]);
}

static int set_mtu(int to)
{
	ifr.ifr_mtu = to;
	return ioctl(fd, SIOCSIFMTU, &ifr);
}

static int mtu_act(void) { return set_mtu(mtu[0]); }
static int mtu_undo(void) { return set_mtu(mtu[1]); }

static struct ethtool_ringparam rings[2];

static void rings_prepare(char **args)
{
	int i;

	dev_prepare(args);
	for (i = 0; i < 2; i++) {
		rings[i].cmd = ETHTOOL_SRINGPARAM;
		rings[i].rx_pending = atoi(args[1 + 2 * i]);
		rings[i].tx_pending = atoi(args[2 + 2 * i]);
	}
}

static int set_rings(int which)
{
	ifr.ifr_data = (void *)&rings[which];
	return ioctl(fd, SIOCETHTOOL, &ifr);
}

static int rings_act(void) { return set_rings(0); }
static int rings_undo(void) { return set_rings(1); }

static struct {
	struct ethtool_test test;
	uint64_t results[64];
} selftest;

static int test_act(void)
{
	memset(&selftest, 0, sizeof(selftest));
	selftest.test.cmd = ETHTOOL_TEST;
	selftest.test.flags = ETH_TEST_FL_OFFLINE;
	ifr.ifr_data = (void *)&selftest;
	return ioctl(fd, SIOCETHTOOL, &ifr);
}

static int nothing(void) { return 0; }

static struct vlan_ioctl_args vlan;

static void vlan_prepare(char **args)
{
	dev_prepare(args);
	vlan.u.VID = atoi(args[1]);
}

static int vlan_act(void)
{
	vlan.cmd = ADD_VLAN_CMD;
	strcpy(vlan.device1, ifr.ifr_name);
	return ioctl(fd, SIOCSIFVLAN, &vlan);
}

static int vlan_undo(void)
{
	vlan.cmd = DEL_VLAN_CMD;
	/* As the 8021q module names them unless told otherwise */
	snprintf(vlan.device1, sizeof(vlan.device1), "%s.%d", ifr.ifr_name, vlan.u.VID);
	return ioctl(fd, SIOCSIFVLAN, &vlan);
}

/* --- XDP: a program that lets everything pass --- */

static int prog = -1, link_fd = -1;

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static void xdp_prepare(char **args)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)insns,
		.insn_cnt = 2,
		.license = (uintptr_t)"GPL",
		.prog_flags = BPF_F_XDP_HAS_FRAGS,
	};

	dev_prepare(args);
	prog = bpf(BPF_PROG_LOAD, &attr);
	need(prog >= 0, "program");
}

static int xdp_act(void)
{
	union bpf_attr attr = {
		.link_create = {
			.prog_fd = prog,
			.target_ifindex = ifindex,
			.attach_type = BPF_XDP,
			.flags = XDP_FLAGS_DRV_MODE,
		},
	};

	link_fd = bpf(BPF_LINK_CREATE, &attr);
	return link_fd < 0 ? -1 : 0;
}

static int xdp_undo(void) { return close(link_fd); }

/* --- AF_XDP: a socket with its memory and rings, bound without copying --- */

#define XSK_FRAMES	64
static void *umem;
static int xsk = -1;

static void xsk_prepare(char **args)
{
	dev_prepare(args);
	umem = mmap(NULL, XSK_FRAMES * 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	need(umem != MAP_FAILED, "memory");
}

static int set(int name, const void *value, int len)
{
	return setsockopt(xsk, SOL_XDP, name, value, len);
}

static int xsk_bind(void)
{
	struct sockaddr_xdp to = {
		.sxdp_family = AF_XDP,
		.sxdp_ifindex = ifindex,
		.sxdp_flags = XDP_ZEROCOPY,
	};
	int tries, ret;

	/* What had the queue before is released behind close()'s back */
	for (tries = 0; tries < 200; tries++) {
		ret = bind(xsk, (void *)&to, sizeof(to));
		if (!ret || errno != EBUSY)
			return ret;
		usleep(10000);
	}
	return ret;
}

static int xsk_act(void)
{
	struct xdp_umem_reg reg = {
		.addr = (uintptr_t)umem,
		.len = XSK_FRAMES * 4096,
		.chunk_size = 4096,
	};
	int entries = XSK_FRAMES, err;

	xsk = socket(AF_XDP, SOCK_RAW, 0);
	if (xsk < 0)
		return -1;
	if (!set(XDP_UMEM_REG, &reg, sizeof(reg)) &&
	    !set(XDP_UMEM_FILL_RING, &entries, sizeof(entries)) &&
	    !set(XDP_UMEM_COMPLETION_RING, &entries, sizeof(entries)) &&
	    !set(XDP_RX_RING, &entries, sizeof(entries)) &&
	    !set(XDP_TX_RING, &entries, sizeof(entries)) && !xsk_bind())
		return 0;
	err = errno;
	close(xsk);
	errno = err;
	return -1;
}

static int xsk_undo(void) { return close(xsk); }

const struct nth_op nth_ops[] = {
	{ "load", "FILE MODULE", 2, load_prepare, load_act, load_undo, NULL },
	{ "write", "FILE TEXT", 2, write_prepare, write_act, write_undo, NULL },
	{ "write", "FILE TEXT UNDO-FILE TEXT", 4, write2_prepare, write_act, write_undo, NULL },
	{ "up", "DEV", 1, dev_prepare, up_act, up_undo, NULL },
	{ "first-up", "DEV BIND-FILE PCI UNBIND-FILE PCI", 5, first_prepare, up_act, up_undo,
	  first_again },
	{ "mtu", "DEV MTU BEFORE", 3, mtu_prepare, mtu_act, mtu_undo, NULL },
	{ "rings", "DEV RX TX RX-BEFORE TX-BEFORE", 5, rings_prepare, rings_act, rings_undo, NULL },
	{ "test", "DEV", 1, dev_prepare, test_act, nothing, NULL },
	{ "vlan", "DEV ID", 2, vlan_prepare, vlan_act, vlan_undo, NULL },
	{ "xdp", "DEV", 1, xdp_prepare, xdp_act, xdp_undo, NULL },
	{ "xsk", "DEV", 1, xsk_prepare, xsk_act, xsk_undo, NULL },
	{ }
};
