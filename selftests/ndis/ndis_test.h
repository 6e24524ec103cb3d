/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the test modules share: KTAP from a kernel without KUnit, the state that
 * a list or NET_BUFFER must be in after allocation, and ndis.ko's debugfs.
 *
 * A module runs its cases when it is loaded. The report is in the file "results"
 * of its debugfs folder, and in the log as it comes.
 */
#ifndef _NDIS_TEST_H
#define _NDIS_TEST_H

#include <linux/types.h>
#include <ndis/pool.h>

/* --- KTAP ----------------------------------------------------------------- */

struct ktap;

struct ktap_case {
	const char *name;
	void (*run)(struct ktap *t);
};

struct ktap *ktap_run(const char *module, const struct ktap_case *cases,
		      unsigned int count);
void ktap_release(struct ktap *t);

/* All of these may be called from any context but hard interrupt and NMI */
__printf(2, 3) void ktap_diag(struct ktap *t, const char *fmt, ...);
__printf(4, 5) void ktap_fail(struct ktap *t, const char *file, int line,
			      const char *fmt, ...);
bool ktap_failed(const struct ktap *t);

/* What is expected, or one line that says where it was not. Value: if it was */
#define ktap_expect(t, condition)					\
({									\
	bool __ok = !!(condition);					\
									\
	if (!__ok)							\
		ktap_fail(t, __FILE__, __LINE__, "%s", #condition);	\
	__ok;								\
})

#define ktap_expect_eq(t, is, want)					\
({									\
	u64 __is = (u64)(is), __want = (u64)(want);			\
	bool __ok = __is == __want;					\
									\
	if (!__ok)							\
		ktap_fail(t, __FILE__, __LINE__,			\
			  "%s is %lld (0x%llx), not %lld: %s", #is,	\
			  __is, __is, __want, #want);			\
	__ok;								\
})

#define ktap_expect_ptr(t, is, want)					\
({									\
	const void *__is = (is), *__want = (want);			\
	bool __ok = __is == __want;					\
									\
	if (!__ok)							\
		ktap_fail(t, __FILE__, __LINE__,			\
			  "%s is %p, not %p: %s", #is, __is, __want,	\
			  #want);					\
	__ok;								\
})

/* --- state after allocation ------------------------------------------------ */

/**
 * struct ndis_state - what the contract promises of an allocated object
 * @pool: its handle
 * @kind: enum ndis_pool_kind
 * @data_size: DataSize
 * @context_size: ContextSize of the pool
 * @mdl: MdlChain that the caller gave (Windows spelling), or NULL
 * @current_mdl: the MDL that holds the start of the data
 * @current_offset: that start's offset in @current_mdl
 * @offset: DataOffset
 * @length: DataLength
 * @any_context: Context is the caller's affair
 */
struct ndis_state {
	struct ndis_pool *pool;
	enum ndis_pool_kind kind;
	u32 data_size;
	u16 context_size;
	struct ndis_mdl *mdl;
	struct ndis_mdl *current_mdl;
	u32 current_offset;
	u32 offset;
	u32 length;
	bool any_context;
};

/* The first field that is not as promised */
struct ndis_wrong {
	const char *field;
	unsigned int index;
	u64 is;
	u64 want;
};

bool ndis_nbl_state_ok(const struct net_buffer_list *nbl,
		       const struct ndis_state *state, struct ndis_wrong *wrong);
bool ndis_nb_state_ok(const struct net_buffer *nb,
		      const struct ndis_state *state, struct ndis_wrong *wrong);

/* The same as expectations; @when ends the line that says what is wrong */
bool ktap_expect_nbl(struct ktap *t, const struct net_buffer_list *nbl,
		     const struct ndis_state *state, const char *when);
bool ktap_expect_nb(struct ktap *t, const struct net_buffer *nb,
		    const struct ndis_state *state, const char *when);

/* --- ndis.ko's debugfs ------------------------------------------------------ */

#define NDIS_LINE_LEN	256

char *ndis_debugfs_show(const char *path);
u64 ndis_stat(const char *name);
u64 ndis_outstanding(void);
bool ndis_pools_line(const char *tag, char *line);

#endif /* _NDIS_TEST_H */
