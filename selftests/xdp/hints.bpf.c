// SPDX-License-Identifier: GPL-2.0-only
/*
 * hints: asks the driver for the tag that hardware took off a frame, and counts
 * the answers. For kernels from 6.8 on, bound to its device ("xdp load ... DEV").
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "verdict.h"

extern int bpf_xdp_metadata_rx_vlan_tag(const struct xdp_md *ctx, __be16 *proto,
					__u16 *tci) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, VERDICT_COUNTS);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("xdp")
int hints(struct xdp_md *ctx)
{
	__u32 what = VERDICT_VLAN_BAD;
	__be16 proto = 0;
	__u16 tci = 0;
	__u64 *value;
	int rc;

	rc = bpf_xdp_metadata_rx_vlan_tag(ctx, &proto, &tci);
	if (!rc && proto == bpf_htons(0x8100) && (tci & 0xfff) == VERDICT_VID)
		what = VERDICT_VLAN_GOOD;
	else if (rc == -ENODATA)
		what = VERDICT_OTHER;	/* it came without one */
	value = bpf_map_lookup_elem(&counts, &what);
	if (value)
		(*value)++;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
