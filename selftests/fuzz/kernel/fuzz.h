/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the stand-ins for the kernel (this folder) and the fuzzers: what a
 * fuzzer can ask for, and what the stand-ins have seen.
 */
#ifndef _FUZZ_KERNEL_H
#define _FUZZ_KERNEL_H

#include <linux/interrupt.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/skbuff.h>
#include <net/xdp_sock_drv.h>

/* The C library and the sanitizers; the kernel's headers know none of these */
void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void free(void *p);
void abort(void) __noreturn;
int dprintf(int fd, const char *format, ...);
int vdprintf(int fd, const char *format, va_list args);
int atexit(void (*f)(void));
char *getenv(const char *name);
int raise(int signal);
void __asan_poison_memory_region(const volatile void *addr, size_t size);
void __asan_unpoison_memory_region(const volatile void *addr, size_t size);
void *__asan_region_is_poisoned(void *addr, size_t size);

/* A finding: says what, and ends the process where libFuzzer sees it */
void fuzz_bug(const char *format, ...) __printf(1, 2) __noreturn;
#define fuzz_check(cond, format, ...)					\
	do {								\
		if (unlikely(!(cond)))					\
			fuzz_bug(format, ##__VA_ARGS__);		\
	} while (0)

/* --- memory.c ------------------------------------------------------------- */

/* Whose a page of the arena is */
enum fuzz_owner {
	FUZZ_FREE,
	FUZZ_POOL,	/* page_pool keeps it: nobody may touch it */
	FUZZ_DRIVER,
	FUZZ_STACK,	/* in an skb, or a frame at another device */
};

/* Each counts down at its allocations: at 1 one fails; 0 is never */
struct fuzz_fail {
	unsigned int page;
	unsigned int kmalloc;
	unsigned int skb;
	unsigned int map;
};

extern struct fuzz_fail fuzz_fail;
extern bool fuzz_dma_sync;		/* the device does not snoop */
bool fuzz_fails(unsigned int *counter);
struct page *fuzz_page_alloc(enum fuzz_owner owner);
void fuzz_page_free(struct page *page);
void fuzz_page_move(struct page *page, enum fuzz_owner from, enum fuzz_owner to);
enum fuzz_owner fuzz_page_owner(const struct page *page);
bool fuzz_is_page(const void *p);
/* Pages, or halves of pages, that the driver has to have */
unsigned int fuzz_driver_pieces(void);
bool fuzz_is_cut(const struct page *page);
void fuzz_half_move(const void *p, enum fuzz_owner to);
/* Returns: for the first time since fuzz_pages_walk() */
bool fuzz_visit(const void *p);
void fuzz_pages_walk(void);
void fuzz_memory_start(void);
void fuzz_memory_end(void);

/* --- skb.c ---------------------------------------------------------------- */

extern unsigned int fuzz_skbs;		/* that exist */
struct sk_buff *fuzz_skb(unsigned int headroom, unsigned int linear,
			 unsigned int tailroom);
void fuzz_skb_add_frag(struct sk_buff *skb, unsigned int offset,
		       unsigned int len);
/* The stack, and who listens there: lets go of the oldest @n of what it holds */
void fuzz_stack_release(unsigned int n);
unsigned int fuzz_stack_held(void);
extern u64 fuzz_received;		/* skbs */

/* --- xdp.c ---------------------------------------------------------------- */

/* What the program does with the frames to come */
struct fuzz_prog {
	u8 verdict[8];		/* in turn */
	u8 next;
	s16 head;		/* bpf_xdp_adjust_head(), _meta(), _tail() */
	s16 meta;
	s16 tail;
	bool to_us;		/* redirected frames go to our own device */
	bool refuse;		/* redirecting fails */
};

extern struct fuzz_prog fuzz_prog;
extern struct bpf_prog *fuzz_bpf;
void fuzz_xdp_start(bool frags);
void fuzz_xdp_release(void);		/* frames at other devices */
void fuzz_xdp_end(void);
struct xdp_frame *fuzz_frame(unsigned int len, unsigned int frags,
			     unsigned int frag_len);
void fuzz_frame_take(struct xdp_frame *frame);	/* the driver's from here */
void fuzz_frame_free(struct xdp_frame *frame);

/* An AF_XDP socket */
struct xsk_buff_pool *fuzz_xsk_create(unsigned int chunk, unsigned int headroom);
bool fuzz_xsk_is_drivers(const struct xdp_buff *xdp);
void fuzz_xsk_destroy(struct xsk_buff_pool *pool);
void fuzz_xsk_queue_tx(unsigned int n, unsigned int len);
void fuzz_xsk_read(unsigned int n);	/* received frames, to the fill ring */
extern unsigned int fuzz_xsk_fill;	/* most that the fill ring gives at a time */
unsigned int fuzz_xsk_pending_tx(void);	/* sent and not completed */

/* --- core.c --------------------------------------------------------------- */

extern u64 fuzz_now;			/* ns; only sleeping, and registers, take time */
extern void (*fuzz_sleeping)(void);	/* what others do meanwhile */
extern bool fuzz_sleeps_long;		/* as long as the range says, or as short */
extern unsigned int fuzz_messages;	/* lines in the log */
extern irq_handler_t fuzz_irq;
extern void *fuzz_irq_data;
extern struct pci_driver *fuzz_driver;
void fuzz_core_start(void);
void fuzz_core_idle(void);		/* no lock held, BH on, preemption on */
/* Runs what is queued. Returns: there was something */
bool fuzz_run_work(void);
bool fuzz_napi_can_poll(const struct napi_struct *napi);
unsigned int fuzz_napi_poll(struct napi_struct *napi, int budget);
int init_module(void);

#endif /* _FUZZ_KERNEL_H */
