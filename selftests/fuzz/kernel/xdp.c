// SPDX-License-Identifier: GPL-2.0-only
/*
 * XDP: a program that does as the fuzzer says, other devices that frames are
 * redirected to, and an AF_XDP socket. As the kernel's verifier and helpers see
 * to it, a program moves the ends of a frame only within its memory.
 */
#include <linux/filter.h>
#include <net/page_pool.h>
#include <net/xdp.h>

#include "fuzz.h"

#define FUZZ_FRAMES	64	/* at other devices */
#define FUZZ_CHUNKS	256	/* of a socket's memory */
#define FUZZ_GAP	64	/* behind each, poisoned */

struct fuzz_prog fuzz_prog;
static struct bpf_prog *prog;
struct bpf_prog *fuzz_bpf;
static struct xdp_frame *away[FUZZ_FRAMES];
static unsigned int nr_away;
static struct xdp_frame *to_us[XDP_BULK_QUEUE_SIZE];
static unsigned int nr_to_us;
static struct net_device *us;

DEFINE_STATIC_KEY_FALSE(bpf_stats_enabled_key);
DEFINE_STATIC_KEY_FALSE(bpf_master_redirect_enabled_key);
DEFINE_PER_CPU(struct bpf_redirect_info, bpf_redirect_info);

/* --- the program ---------------------------------------------------------- */

/* Of several buffers: the last one grows up to its page's end, or is cut off */
static void adjust_frags(struct xdp_buff *xdp, int tail)
{
	struct skb_shared_info *sinfo = xdp_get_shared_info_from_buff(xdp);
	skb_frag_t *last = &sinfo->frags[sinfo->nr_frags - 1];
	int room = xdp->rxq->frag_size - skb_frag_size(last) - skb_frag_off(last);

	if (tail > 0 && tail <= room) {
		memset(skb_frag_address(last) + skb_frag_size(last), 0, tail);
		skb_frag_size_add(last, tail);
		sinfo->xdp_frags_size += tail;
	}
	while (tail < 0 && sinfo->nr_frags) {
		int now = min_t(int, -tail, skb_frag_size(last));

		skb_frag_size_sub(last, now);
		sinfo->xdp_frags_size -= now;
		tail += now;
		if (skb_frag_size(last))
			break;
		page_pool_put_full_page(skb_frag_page(last)->pp,
					skb_frag_page(last), false);
		sinfo->nr_frags--;
		last--;
	}
	if (!sinfo->nr_frags)
		xdp_buff_clear_frags_flag(xdp);
}

static void adjust(struct xdp_buff *xdp)
{
	void *start = xdp->data_hard_start + sizeof(struct xdp_frame);
	void *data = xdp->data + fuzz_prog.head;
	void *end = xdp->data_end + fuzz_prog.tail;

	if (data >= start && data <= xdp->data_end - ETH_HLEN) {
		xdp->data = data;
		xdp->data_meta = data;
	}
	if (fuzz_prog.meta > 0 && fuzz_prog.meta <= 32 &&
	    xdp->data - fuzz_prog.meta >= start) {
		xdp->data_meta = xdp->data - fuzz_prog.meta;
		memset(xdp->data_meta, 0, fuzz_prog.meta);
	}
	if (xdp_buff_has_frags(xdp)) {
		adjust_frags(xdp, fuzz_prog.tail);
	} else if (end >= xdp->data + ETH_HLEN && end <= xdp_data_hard_end(xdp)) {
		if (fuzz_prog.tail > 0)
			memset(xdp->data_end, 0, fuzz_prog.tail);
		xdp->data_end = end;
	}
}

unsigned int bpf_dispatcher_xdp_func(const void *ctx,
				     const struct bpf_insn *insnsi,
				     bpf_func_t bpf_func)
{
	struct xdp_buff *xdp = (void *)ctx;
	u32 len = xdp->data_end - xdp->data;

	fuzz_check(!__asan_region_is_poisoned(xdp->data, len),
		   "a program is shown %u bytes, not all of them the driver's", len);
	if (fuzz_prog.head || fuzz_prog.meta || fuzz_prog.tail)
		adjust(xdp);
	return fuzz_prog.verdict[fuzz_prog.next++ % ARRAY_SIZE(fuzz_prog.verdict)];
}

void bpf_warn_invalid_xdp_action(struct net_device *dev, struct bpf_prog *p,
				 u32 act)
{
}

void bpf_prog_put(struct bpf_prog *p)
{
}

u32 xdp_master_redirect(struct xdp_buff *xdp)
{
	return XDP_ABORTED;
}

void fuzz_xdp_start(bool frags)
{
	memset(&fuzz_prog, 0, sizeof(fuzz_prog));
	prog = calloc(1, sizeof(*prog));
	prog->aux = calloc(1, sizeof(*prog->aux));
	prog->aux->xdp_has_frags = frags;
	fuzz_bpf = prog;
}

/* --- whose memory --------------------------------------------------------- */

/* The id of page_pool's memory is its address: a frame finds its pool by page */
int __xdp_rxq_info_reg(struct xdp_rxq_info *rxq, struct net_device *dev,
		       u32 queue_index, unsigned int napi_id, u32 frag_size)
{
	fuzz_check(rxq->reg_state != 1, "a receive queue is registered twice");
	memset(rxq, 0, sizeof(*rxq));
	rxq->dev = dev;
	rxq->queue_index = queue_index;
	rxq->frag_size = frag_size;
	rxq->reg_state = 1;
	us = dev;
	return 0;
}

static struct page_pool *pools[2];

int xdp_rxq_info_reg_mem_model(struct xdp_rxq_info *rxq, enum xdp_mem_type type,
			       void *allocator)
{
	rxq->mem.type = type;
	if (type != MEM_TYPE_PAGE_POOL)
		return 0;
	rxq->mem.id = 1;
	pools[1] = allocator;
	refcount_inc(&pools[1]->user_cnt);
	return 0;
}

void xdp_rxq_info_unreg(struct xdp_rxq_info *rxq)
{
	fuzz_check(rxq->reg_state == 1, "a receive queue is unregistered twice");
	rxq->reg_state = 2;
	if (rxq->mem.type == MEM_TYPE_PAGE_POOL)
		page_pool_destroy(pools[rxq->mem.id]);
}

bool xdp_rxq_info_is_reg(struct xdp_rxq_info *rxq)
{
	return rxq->reg_state == 1;
}

static void return_page(struct page *page, const struct xdp_mem_info *mem)
{
	if (mem->type == MEM_TYPE_PAGE_POOL)
		page_pool_put_full_page(page->pp, page, false);
	else
		fuzz_page_free(page);
}

static void return_shared(void *data, struct skb_shared_info *sinfo,
			  const struct xdp_mem_info *mem)
{
	unsigned int i;

	for (i = 0; sinfo && i < sinfo->nr_frags; i++)
		return_page(skb_frag_page(&sinfo->frags[i]), mem);
	return_page(virt_to_page(data), mem);
}

void xdp_return_frame(struct xdp_frame *frame)
{
	const struct xdp_mem_info mem = frame->mem;

	return_shared(frame->data, xdp_frame_has_frags(frame) ?
		      xdp_get_shared_info_from_frame(frame) : NULL, &mem);
}

void xdp_return_frame_rx_napi(struct xdp_frame *frame)
{
	xdp_return_frame(frame);
}

void xdp_return_frame_bulk(struct xdp_frame *frame, struct xdp_frame_bulk *bulk)
{
	xdp_return_frame(frame);
}

void xdp_flush_frame_bulk(struct xdp_frame_bulk *bulk)
{
}

void xdp_return_buff(struct xdp_buff *xdp)
{
	return_shared(xdp->data, xdp_buff_has_frags(xdp) ?
		      xdp_get_shared_info_from_buff(xdp) : NULL, &xdp->rxq->mem);
}

/* --- redirecting ---------------------------------------------------------- */

static void frame_move(struct xdp_frame *frame, enum fuzz_owner to)
{
	struct skb_shared_info *sinfo = xdp_get_shared_info_from_frame(frame);
	struct page *page = virt_to_page(frame->data);
	unsigned int i;

	fuzz_page_move(page, fuzz_page_owner(page), to);
	for (i = 0; xdp_frame_has_frags(frame) && i < sinfo->nr_frags; i++) {
		page = skb_frag_page(&sinfo->frags[i]);
		fuzz_page_move(page, fuzz_page_owner(page), to);
	}
}

/* As from another device */
struct xdp_frame *fuzz_frame(unsigned int len, unsigned int frags,
			     unsigned int frag_len)
{
	struct page *page = fuzz_page_alloc(FUZZ_STACK);
	struct skb_shared_info *sinfo;
	struct xdp_frame *frame;
	unsigned int i;

	if (!page)
		return NULL;
	frame = page_address(page);
	memset(frame, 0, sizeof(*frame));
	frame->headroom = XDP_PACKET_HEADROOM - sizeof(*frame);
	frame->data = (void *)frame + XDP_PACKET_HEADROOM;
	frame->frame_sz = PAGE_SIZE;
	sinfo = xdp_get_shared_info_from_frame(frame);
	/* The helpers of programs leave a header in the first buffer */
	frame->len = clamp_t(unsigned int, len, frags ? ETH_HLEN : 0,
			     (void *)sinfo - frame->data);
	frame->mem.type = MEM_TYPE_PAGE_ORDER0;
	memset(sinfo, 0, sizeof(*sinfo));
	for (i = 0; i < frags; i++) {
		page = fuzz_page_alloc(FUZZ_STACK);
		if (!page)
			break;
		__skb_fill_page_desc_noacc(sinfo, i, page, 0, frag_len);
		sinfo->nr_frags++;
		sinfo->xdp_frags_size += frag_len;
		frame->flags |= XDP_FLAGS_HAS_FRAGS;
	}
	return frame;
}

void fuzz_frame_take(struct xdp_frame *frame)
{
	frame_move(frame, FUZZ_DRIVER);
}

void fuzz_frame_free(struct xdp_frame *frame)
{
	frame_move(frame, FUZZ_STACK);
	xdp_return_frame(frame);
}

static void flush_to_us(void)
{
	unsigned int i, n = nr_to_us;
	int sent;

	nr_to_us = 0;
	if (!n)
		return;
	for (i = 0; i < n; i++)
		frame_move(to_us[i], FUZZ_DRIVER);
	sent = us->netdev_ops->ndo_xdp_xmit(us, n, to_us, XDP_XMIT_FLUSH);
	fuzz_check(sent <= (int)n, "%d of %u frames were sent", sent, n);
	for (i = max(sent, 0); i < n; i++)
		fuzz_frame_free(to_us[i]);
}

static int redirect_xsk(struct xdp_buff *xdp);

int xdp_do_redirect(struct net_device *dev, struct xdp_buff *xdp,
		    struct bpf_prog *p)
{
	struct xdp_frame *frame;

	if (fuzz_prog.refuse)
		return -EINVAL;
	if (xdp->rxq->mem.type == MEM_TYPE_XSK_BUFF_POOL)
		return redirect_xsk(xdp);
	frame = xdp_convert_buff_to_frame(xdp);
	if (!frame)
		return -EOVERFLOW;
	frame_move(frame, FUZZ_STACK);
	if (fuzz_prog.to_us) {
		to_us[nr_to_us++] = frame;
		if (nr_to_us == ARRAY_SIZE(to_us))
			flush_to_us();
		return 0;
	}
	if (nr_away == FUZZ_FRAMES)
		fuzz_xdp_release();
	away[nr_away++] = frame;
	return 0;
}

void xdp_do_flush(void)
{
	flush_to_us();
}

void fuzz_xdp_release(void)
{
	while (nr_away)
		xdp_return_frame(away[--nr_away]);
}

void fuzz_xdp_end(void)
{
	fuzz_check(!nr_to_us, "%u redirected frames were not flushed", nr_to_us);
	fuzz_xdp_release();
	free(prog->aux);
	free(prog);
}

/* The driver makes these of received frames only, and ours has none to give */
struct xdp_frame *xdp_convert_zc_to_xdp_frame(struct xdp_buff *xdp)
{
	return NULL;
}

/* --- AF_XDP --------------------------------------------------------------- */

static u8 *umem;
static unsigned int stride;
static struct xsk_buff_pool *xsk;
static u8 chunk_state[FUZZ_CHUNKS];	/* whose: */
enum { CHUNK_FILL, CHUNK_DRIVER, CHUNK_SOCKET, CHUNK_TX };
static struct xdp_desc tx_descs[FUZZ_CHUNKS];
static unsigned int nr_tx, nr_sent;
unsigned int fuzz_xsk_fill;

struct xsk_buff_pool *fuzz_xsk_create(unsigned int chunk, unsigned int headroom)
{
	unsigned int i;

	xsk = calloc(1, struct_size(xsk, free_heads, 1));
	xsk->umem = calloc(1, sizeof(*xsk->umem));
	xsk->heads = calloc(FUZZ_CHUNKS, sizeof(*xsk->heads));
	xsk->tx_descs = tx_descs;
	xsk->chunk_size = chunk;
	xsk->headroom = headroom;
	xsk->uses_need_wakeup = headroom;
	xsk->dma_need_sync = fuzz_dma_sync;
	stride = chunk + FUZZ_GAP;
	umem = malloc(FUZZ_CHUNKS * stride);
	for (i = 0; i < FUZZ_CHUNKS; i++) {
		struct xdp_buff_xsk *head = &xsk->heads[i];

		head->pool = xsk;
		__asan_poison_memory_region(umem + i * stride + chunk, FUZZ_GAP);
		head->xdp.data_hard_start = umem + i * stride + headroom;
		head->xdp.frame_sz = chunk - headroom;
		head->frame_dma = (dma_addr_t)umem + i * stride;
		head->dma = head->frame_dma + headroom + XDP_PACKET_HEADROOM;
		chunk_state[i] = CHUNK_FILL;
	}
	fuzz_xsk_fill = FUZZ_CHUNKS;
	nr_tx = 0;
	nr_sent = 0;
	return xsk;
}

void fuzz_xsk_destroy(struct xsk_buff_pool *pool)
{
	unsigned int i;

	fuzz_check(!nr_sent, "%u frames of a socket were never completed", nr_sent);
	for (i = 0; i < FUZZ_CHUNKS; i++)
		fuzz_check(chunk_state[i] != CHUNK_DRIVER,
			   "the driver keeps a buffer of a socket that is gone");
	__asan_unpoison_memory_region(umem, FUZZ_CHUNKS * stride);
	free(umem);
	free(pool->heads);
	free(pool->umem);
	free(pool);
	xsk = NULL;
}

static int redirect_xsk(struct xdp_buff *xdp)
{
	struct xdp_buff_xsk *head = container_of(xdp, struct xdp_buff_xsk, xdp);
	unsigned int i = head - xsk->heads;

	fuzz_check(chunk_state[i] == CHUNK_DRIVER, "a socket gets a frame twice");
	chunk_state[i] = CHUNK_SOCKET;
	return 0;
}

bool fuzz_xsk_is_drivers(const struct xdp_buff *xdp)
{
	const struct xdp_buff_xsk *head = container_of(xdp, struct xdp_buff_xsk, xdp);

	return chunk_state[head - xsk->heads] == CHUNK_DRIVER;
}

void fuzz_xsk_read(unsigned int n)
{
	unsigned int i;

	for (i = 0; xsk && i < FUZZ_CHUNKS && n; i++)
		if (chunk_state[i] == CHUNK_SOCKET) {
			chunk_state[i] = CHUNK_FILL;
			n--;
		}
}

u32 xp_alloc_batch(struct xsk_buff_pool *pool, struct xdp_buff **xdp, u32 max)
{
	unsigned int i, n = 0;

	max = min(max, fuzz_xsk_fill);
	for (i = 0; i < FUZZ_CHUNKS && n < max; i++) {
		if (chunk_state[i] != CHUNK_FILL)
			continue;
		chunk_state[i] = CHUNK_DRIVER;
		pool->heads[i].xdp.data = pool->heads[i].xdp.data_hard_start +
					  XDP_PACKET_HEADROOM;
		pool->heads[i].xdp.data_meta = pool->heads[i].xdp.data;
		pool->heads[i].xdp.flags = 0;
		xdp[n++] = &pool->heads[i].xdp;
	}
	return n;
}

/* Again changes nothing, as in the kernel */
void xp_free(struct xdp_buff_xsk *head)
{
	unsigned int i = head - xsk->heads;

	if (chunk_state[i] == CHUNK_DRIVER)
		chunk_state[i] = CHUNK_FILL;
}

int xp_dma_map(struct xsk_buff_pool *pool, struct device *dev,
	       unsigned long attrs, struct page **umem_pages, u32 nr_pages)
{
	return fuzz_fails(&fuzz_fail.map) ? -ENOMEM : 0;
}

void xp_dma_unmap(struct xsk_buff_pool *pool, unsigned long attrs)
{
}

void xp_set_rxq_info(struct xsk_buff_pool *pool, struct xdp_rxq_info *rxq)
{
	unsigned int i;

	for (i = 0; i < FUZZ_CHUNKS; i++)
		pool->heads[i].xdp.rxq = rxq;
}

void xp_dma_sync_for_cpu_slow(struct xdp_buff_xsk *head)
{
}

void xp_dma_sync_for_device_slow(struct xsk_buff_pool *pool, dma_addr_t dma,
				 size_t size)
{
}

void *xp_raw_get_data(struct xsk_buff_pool *pool, u64 addr)
{
	return umem + addr;
}

dma_addr_t xp_raw_get_dma(struct xsk_buff_pool *pool, u64 addr)
{
	return (dma_addr_t)umem + addr;
}

/* What a socket sends lies anywhere in its memory; the kernel checks the bounds */
void fuzz_xsk_queue_tx(unsigned int n, unsigned int len)
{
	unsigned int i;

	if (!xsk)
		return;
	for (i = 0; i < n && nr_tx < FUZZ_CHUNKS; i++) {
		tx_descs[nr_tx].addr = nr_tx * stride;
		tx_descs[nr_tx++].len = min(len, xsk->chunk_size);
	}
}

unsigned int fuzz_xsk_pending_tx(void)
{
	return nr_sent;
}

u32 xsk_tx_peek_release_desc_batch(struct xsk_buff_pool *pool, u32 max)
{
	u32 n = min(max, nr_tx);

	/* The driver reads them from the start */
	nr_tx -= n;
	nr_sent += n;
	return n;
}

void xsk_tx_completed(struct xsk_buff_pool *pool, u32 n)
{
	fuzz_check(pool == xsk, "frames of a socket that is gone are completed");
	fuzz_check(n <= nr_sent, "%u frames are completed, %u were sent", n,
		   nr_sent);
	nr_sent -= n;
}

bool xsk_uses_need_wakeup(struct xsk_buff_pool *pool)
{
	return pool->uses_need_wakeup;
}

void xsk_set_tx_need_wakeup(struct xsk_buff_pool *pool)
{
}

void xsk_clear_tx_need_wakeup(struct xsk_buff_pool *pool)
{
}
