/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two fuzzers share: reading an input, the model of a device, a driver
 * that was loaded and found it.
 */
#ifndef _FUZZ_H
#define _FUZZ_H

#include "kernel/fuzz.h"
#include "e1000_nbl.h"

/* --- input: zeros behind its end ------------------------------------------ */

struct fuzz_input {
	const u8 *data;
	size_t left;
};

static inline u8 fuzz_u8(struct fuzz_input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

static inline u16 fuzz_u16(struct fuzz_input *in)
{
	u16 low = fuzz_u8(in);

	return low | fuzz_u8(in) << 8;
}

static inline u32 fuzz_u32(struct fuzz_input *in)
{
	u32 low = fuzz_u16(in);

	return low | (u32)fuzz_u16(in) << 16;
}

static inline u64 fuzz_u64(struct fuzz_input *in)
{
	u64 low = fuzz_u32(in);

	return low | (u64)fuzz_u32(in) << 32;
}

/* Marsaglia's xorshift: many values out of a few bytes of input */
static inline u64 fuzz_random(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* --- model.c -------------------------------------------------------------- */

#define FUZZ_REGS	0x6000		/* bytes */

/* A device that works; @read may change what it says */
struct fuzz_model {
	u32 regs[FUZZ_REGS / 4];
	u16 phy[32];
	u16 eeprom[ENBL_EEPROM_WORDS];
	u32 status;
	u32 icr;
	u32 ims;
	unsigned int reads;
	unsigned int writes;
	u32 read_ns;			/* how long a read takes */
	u32 (*read)(u32 reg, u32 val);
	void (*written)(u32 reg, u32 val);
};

extern struct fuzz_model model;
extern struct pci_dev fuzz_pdev;

/* @kind: which part, and whose emulation; any value */
void model_start(u8 kind);
void model_power_cycle(void);
int fuzz_probe(void);
void fuzz_remove(void);
int fuzz_open(struct net_device *netdev);
void fuzz_close(struct net_device *netdev);

#endif /* _FUZZ_H */
