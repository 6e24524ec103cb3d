// SPDX-License-Identifier: GPL-2.0-only
/*
 * verdict: does with each frame what the map "config" says, and counts it.
 * Two objects are made of it, as a map of devices belongs to programs that take
 * fragments (SECTION is xdp.frags) or to such that do not.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "verdict.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct verdict_config);
} config SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, VERDICT_COUNTS);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

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

static const __u8 marks[64] = { [0 ... 63] = VERDICT_MARK };

static __always_inline void count(__u32 what, __u64 n)
{
	__u64 *value = bpf_map_lookup_elem(&counts, &what);

	if (value)
		*value += n;
}

/* The Ethernet header, or NULL: what comes without one is not ours */
static __always_inline struct ethhdr *header(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;

	return (void *)(eth + 1) <= (void *)(long)ctx->data_end ? eth : NULL;
}

/* The payload's first bytes go, or marks come before them; the header moves */
static __always_inline int adjust_head(struct xdp_md *ctx, int by)
{
	struct ethhdr copy, *eth = header(ctx);

	if (!eth)
		return -1;
	copy = *eth;
	if (bpf_xdp_adjust_head(ctx, by))
		return -1;
	eth = header(ctx);
	if (!eth)
		return 0;
	*eth = copy;
	/* 1 to 64, in a form that every verifier understands */
	if (by < 0)
		bpf_xdp_store_bytes(ctx, sizeof(*eth), (void *)marks,
				    ((-by - 1) & (sizeof(marks) - 1)) + 1);
	return 0;
}

static __always_inline int add_meta(struct xdp_md *ctx, __u32 bytes, __u32 length)
{
	__u32 *meta;

	if (bpf_xdp_adjust_meta(ctx, -(int)bytes))
		return -1;
	meta = (void *)(long)ctx->data_meta;
	if ((void *)(meta + 2) > (void *)(long)ctx->data)
		return 0;
	meta[0] = VERDICT_META;
	meta[1] = length;
	return 0;
}

static __always_inline void swap_addresses(struct xdp_md *ctx)
{
	struct ethhdr *eth = header(ctx);
	__u8 was[ETH_ALEN];

	if (!eth)
		return;
	__builtin_memcpy(was, eth->h_dest, ETH_ALEN);
	__builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, was, ETH_ALEN);
}

static __always_inline void adjust(struct xdp_md *ctx, struct verdict_config *c,
				   __u32 length)
{
	if (c->flags & VERDICT_SWAP)
		swap_addresses(ctx);
	if (c->head && adjust_head(ctx, c->head))
		count(VERDICT_REFUSED, 1);
	if (c->tail && bpf_xdp_adjust_tail(ctx, c->tail))
		count(VERDICT_REFUSED, 1);
	if (c->meta && add_meta(ctx, c->meta, length + c->tail - c->head))
		count(VERDICT_REFUSED, 1);
}

/* bpf_redirect_map() says XDP_ABORTED where the map has no entry */
static __always_inline __u32 redirect(struct xdp_md *ctx, struct verdict_config *c)
{
	__u32 queue = ctx->rx_queue_index;

	/* read here and not in a branch, where clang makes one pointer of two */
	asm volatile("" : "+r"(queue));
	if (c->flags & VERDICT_XSK)
		return bpf_redirect_map(&xsks, queue, XDP_ABORTED);
	return bpf_redirect_map(&ports, c->port, XDP_ABORTED);
}

static __always_inline int judge(struct xdp_md *ctx)
{
	__u32 zero = 0, verdict, length = bpf_xdp_get_buff_len(ctx);
	struct verdict_config *c = bpf_map_lookup_elem(&config, &zero);
	struct ethhdr *eth = header(ctx);

	if (!c || !eth ||
	    (c->ethertype && eth->h_proto != bpf_htons(c->ethertype))) {
		count(VERDICT_OTHER, 1);
		return XDP_PASS;
	}
	verdict = c->verdict;
	if (c->flags & VERDICT_MIX)
		verdict = bpf_get_prandom_u32() & 3;
	adjust(ctx, c, length);
	if (verdict == XDP_REDIRECT)
		verdict = redirect(ctx, c);
	count(verdict <= XDP_REDIRECT ? verdict : VERDICT_UNKNOWN, 1);
	count(VERDICT_BYTES, length);
	return verdict;
}

SEC(SECTION)
int verdict(struct xdp_md *ctx)
{
	return judge(ctx);
}

/* Another one, to replace the first with */
SEC(SECTION)
int other(struct xdp_md *ctx)
{
	return judge(ctx);
}

/* At the ingress of the same interface: has the metadata come along? */
SEC("tc")
int meta_check(struct __sk_buff *skb)
{
	__u32 *meta = (void *)(long)skb->data_meta;

	if (skb->protocol != bpf_htons(0x88b5))
		return TC_ACT_OK;
	if ((void *)(meta + 2) > (void *)(long)skb->data ||
	    meta[0] != VERDICT_META || meta[1] != skb->len)
		count(VERDICT_META_BAD, 1);
	else
		count(VERDICT_META_GOOD, 1);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
