/* SPDX-License-Identifier: GPL-2.0-only */
/* What the BPF programs and the program that commands them both know. */
#ifndef VERDICT_H
#define VERDICT_H

#include <linux/types.h>

/* Bytes that a grown head is filled with */
#define VERDICT_MARK	0xa5
/* The first word of the metadata; the second is the frame's length */
#define VERDICT_META	0x4d455441

#define VERDICT_SWAP	1	/* exchange the addresses: the sender gets it back */
#define VERDICT_XSK	2	/* redirect to the queue's AF_XDP socket */
#define VERDICT_MIX	4	/* PASS, DROP, TX and ABORTED by turns, by a hash */

/* What to do with a frame; the only entry of the map "config" */
struct verdict_config {
	__u32 verdict;		/* returned as it is, known or not */
	__u32 ethertype;	/* host order; others pass; 0: all are meant */
	__s32 head;		/* bpf_xdp_adjust_head(); the header moves along */
	__s32 tail;		/* bpf_xdp_adjust_tail() */
	__u32 meta;		/* bytes of metadata, a multiple of 4 */
	__u32 flags;
	__u32 port;		/* entry of "ports" that XDP_REDIRECT takes */
};

/* The id that frames for "hints" are tagged with */
#define VERDICT_VID	9

/* Entries of the map "counts" */
enum {
	VERDICT_ABORTED, VERDICT_DROP, VERDICT_PASS, VERDICT_TX, VERDICT_REDIRECT,
	VERDICT_UNKNOWN,	/* a code that is none */
	VERDICT_OTHER,		/* not the test's frame, passed */
	VERDICT_BYTES,		/* of the test's frames, as they came */
	VERDICT_REFUSED,	/* a helper said no; the frame stayed as it was */
	VERDICT_META_GOOD,	/* metadata arrived at tc, and is right */
	VERDICT_META_BAD,
	VERDICT_VLAN_GOOD,	/* hints: the tag that was sent */
	VERDICT_VLAN_BAD,	/* another one, or an error */
	VERDICT_COUNTS
};

#define VERDICT_COUNT_NAMES \
	"aborted", "drop", "pass", "tx", "redirect", "unknown", "other", \
	"bytes", "refused", "meta_good", "meta_bad", "vlan_good", "vlan_bad"

#endif
