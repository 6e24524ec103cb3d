// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench: the least that a program can do, so that what is measured is the
 * driver. It counts nothing: the driver's own counters are compared.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} xsks SEC(".maps");

SEC("xdp")
int bench_pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp")
int bench_drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

/* Nobody has this address: whoever sends the frame is the last to handle it */
static __always_inline int readdress(struct xdp_md *ctx)
{
	__u16 *p = (void *)(long)ctx->data;

	if ((void *)((struct ethhdr *)p + 1) > (void *)(long)ctx->data_end)
		return -1;
	p[2] = 0x5aa5;
	return 0;
}

SEC("xdp")
int bench_back(struct xdp_md *ctx)
{
	return readdress(ctx) ? XDP_DROP : XDP_TX;
}

SEC("xdp")
int bench_redirect(struct xdp_md *ctx)
{
	return readdress(ctx) ? XDP_DROP : bpf_redirect_map(&ports, 0, XDP_ABORTED);
}

SEC("xdp")
int bench_xsk(struct xdp_md *ctx)
{
	return bpf_redirect_map(&xsks, ctx->rx_queue_index, XDP_DROP);
}

char _license[] SEC("license") = "GPL";
