/* SPDX-License-Identifier: GPL-2.0-only */
/* Included in front of each file, behind config.h: registers are the model's */
#include <linux/io.h>

u32 fuzz_readl(const volatile void __iomem *addr);
void fuzz_writel(u32 val, volatile void __iomem *addr);

#undef readl
#undef writel
#define readl(addr)		fuzz_readl(addr)
#define writel(val, addr)	fuzz_writel(val, addr)
