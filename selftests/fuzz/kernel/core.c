// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rest of the kernel: locks that notice a deadlock, time that passes when
 * somebody sleeps, work that runs when the fuzzer says so, NAPI, the log, which
 * is counted.
 */
#include <linux/delay.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "fuzz.h"

/* Per-CPU variables: %gs is 0 in a process, so each is its own copy */
DEFINE_PER_CPU(int, __preempt_count);
DEFINE_PER_CPU_READ_MOSTLY(unsigned long, this_cpu_off);
DEFINE_PER_CPU_READ_MOSTLY(int, cpu_number);
DEFINE_PER_CPU_ALIGNED(struct softnet_data, softnet_data);

struct module __this_module;
unsigned long volatile jiffies = INITIAL_JIFFIES;
enum system_states system_state = SYSTEM_RUNNING;
u64 fuzz_now;
void (*fuzz_sleeping)(void);
bool fuzz_sleeps_long;
unsigned int fuzz_messages;
static bool verbose;

void fuzz_bug(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	dprintf(2, "\nfinding: ");
	vdprintf(2, format, args);
	dprintf(2, "\n");
	va_end(args);
	abort();
}

/* --- locks ---------------------------------------------------------------- */

static unsigned int nr_locks;
static bool rtnl;

static void fuzz_lock(atomic_t *val)
{
	fuzz_check(!atomic_read(val), "deadlock: a spinlock is taken twice");
	atomic_set(val, 1);
	nr_locks++;
}

static void fuzz_unlock(atomic_t *val)
{
	fuzz_check(atomic_read(val), "a spinlock is released that is not held");
	atomic_set(val, 0);
	nr_locks--;
}

void _raw_spin_lock(raw_spinlock_t *lock)
{
	fuzz_lock(&lock->raw_lock.val);
}

void _raw_spin_unlock(raw_spinlock_t *lock)
{
	fuzz_unlock(&lock->raw_lock.val);
}

void _raw_spin_lock_bh(raw_spinlock_t *lock)
{
	__preempt_count += SOFTIRQ_DISABLE_OFFSET;
	fuzz_lock(&lock->raw_lock.val);
}

void _raw_spin_unlock_bh(raw_spinlock_t *lock)
{
	fuzz_unlock(&lock->raw_lock.val);
	__preempt_count -= SOFTIRQ_DISABLE_OFFSET;
}

unsigned long _raw_spin_lock_irqsave(raw_spinlock_t *lock)
{
	fuzz_lock(&lock->raw_lock.val);
	return 0;
}

void _raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags)
{
	fuzz_unlock(&lock->raw_lock.val);
}

void __mutex_init(struct mutex *lock, const char *name,
		  struct lock_class_key *key)
{
	memset(lock, 0, sizeof(*lock));
}

/* May sleep: a spinlock that is held is a finding, too */
void mutex_lock(struct mutex *lock)
{
	fuzz_check(!atomic_long_read(&lock->owner),
		   "deadlock: a mutex is taken twice");
	fuzz_check(!nr_locks, "a mutex is taken under a spinlock");
	atomic_long_set(&lock->owner, 1);
}

void mutex_unlock(struct mutex *lock)
{
	fuzz_check(atomic_long_read(&lock->owner),
		   "a mutex is released that is not held");
	atomic_long_set(&lock->owner, 0);
}

void rtnl_lock(void)
{
	fuzz_check(!rtnl, "deadlock: rtnl is taken twice");
	rtnl = true;
}

void rtnl_unlock(void)
{
	fuzz_check(rtnl, "rtnl is released that is not held");
	rtnl = false;
}

void __local_bh_enable_ip(unsigned long ip, unsigned int count)
{
	__preempt_count -= count;
}

void synchronize_net(void)
{
	fuzz_check(!nr_locks, "waits for RCU under a spinlock");
}

void fuzz_core_idle(void)
{
	fuzz_check(!nr_locks, "%u spinlocks are still held", nr_locks);
	fuzz_check(!rtnl, "rtnl is still held");
	fuzz_check(!__preempt_count, "BH is off, or preemption: %#x",
		   __preempt_count);
}

/* --- time ----------------------------------------------------------------- */

static void fuzz_sleep(u64 ns)
{
	fuzz_now += ns;
	jiffies = INITIAL_JIFFIES + fuzz_now / (NSEC_PER_SEC / HZ);
}

void usleep_range_state(unsigned long min, unsigned long max, unsigned int state)
{
	fuzz_check(!nr_locks, "sleeps under a spinlock");
	fuzz_sleep((fuzz_sleeps_long ? max : min) * NSEC_PER_USEC);
	if (fuzz_sleeping)
		fuzz_sleeping();
}

void msleep(unsigned int ms)
{
	fuzz_check(!nr_locks, "sleeps under a spinlock");
	fuzz_sleep((u64)ms * NSEC_PER_MSEC);
}

/* Of udelay(): microseconds by 2^32 / 10^6 */
void __const_udelay(unsigned long loops)
{
	fuzz_sleep(loops * 1000 / 4295);
}

ktime_t ktime_get(void)
{
	return fuzz_now;
}

u64 sched_clock(void)
{
	return fuzz_now;
}

/* --- work ----------------------------------------------------------------- */

#define FUZZ_WORKS	8

static struct work_struct *works[FUZZ_WORKS];
static char queue_of_works;
struct workqueue_struct *system_wq = (void *)&queue_of_works;

bool queue_work_on(int cpu, struct workqueue_struct *wq,
		   struct work_struct *work)
{
	unsigned int i, empty = FUZZ_WORKS;

	for (i = 0; i < FUZZ_WORKS; i++) {
		if (works[i] == work)
			return false;
		if (!works[i])
			empty = i;
	}
	fuzz_check(empty < FUZZ_WORKS, "more works than the driver has");
	works[empty] = work;
	return true;
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq,
			   struct delayed_work *work, unsigned long delay)
{
	return queue_work_on(cpu, wq, &work->work);
}

bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq,
			 struct delayed_work *work, unsigned long delay)
{
	return !queue_work_on(cpu, wq, &work->work);
}

bool cancel_work_sync(struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < FUZZ_WORKS; i++)
		if (works[i] == work) {
			works[i] = NULL;
			return true;
		}
	return false;
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	return cancel_work_sync(&work->work);
}

/* A work that queues itself again, as the watchdog does, runs once */
bool fuzz_run_work(void)
{
	struct work_struct *now[FUZZ_WORKS];
	bool any = false;
	unsigned int i;

	memcpy(now, works, sizeof(now));
	for (i = 0; i < FUZZ_WORKS; i++)
		if (now[i] && cancel_work_sync(now[i])) {
			now[i]->func(now[i]);
			any = true;
		}
	return any;
}

void delayed_work_timer_fn(struct timer_list *timer)
{
}

void init_timer_key(struct timer_list *timer, void (*func)(struct timer_list *),
		    unsigned int flags, const char *name,
		    struct lock_class_key *key)
{
}

/* --- NAPI ----------------------------------------------------------------- */

void netif_napi_add_weight(struct net_device *dev, struct napi_struct *napi,
			   int (*poll)(struct napi_struct *, int), int weight)
{
	napi->dev = dev;
	napi->poll = poll;
	napi->weight = weight;
	napi->state = BIT(NAPI_STATE_SCHED);
}

void napi_enable(struct napi_struct *n)
{
	fuzz_check(test_and_clear_bit(NAPI_STATE_SCHED, &n->state),
		   "a NAPI is enabled twice");
	clear_bit(NAPI_STATE_MISSED, &n->state);
	clear_bit(NAPI_STATE_DISABLE, &n->state);
}

void napi_disable(struct napi_struct *n)
{
	fuzz_check(!test_bit(NAPI_STATE_DISABLE, &n->state),
		   "a NAPI is disabled twice");
	set_bit(NAPI_STATE_DISABLE, &n->state);
	set_bit(NAPI_STATE_SCHED, &n->state);
	clear_bit(NAPI_STATE_MISSED, &n->state);
}

bool napi_schedule_prep(struct napi_struct *n)
{
	return !test_and_set_bit(NAPI_STATE_SCHED, &n->state);
}

void __napi_schedule(struct napi_struct *n)
{
	set_bit(NAPI_STATE_MISSED, &n->state);	/* here: it is on a list */
}

void __napi_schedule_irqoff(struct napi_struct *n)
{
	__napi_schedule(n);
}

bool napi_complete_done(struct napi_struct *n, int work_done)
{
	clear_bit(NAPI_STATE_MISSED, &n->state);
	clear_bit(NAPI_STATE_SCHED, &n->state);
	return true;
}

/* Enabled, and not being polled already */
bool fuzz_napi_can_poll(const struct napi_struct *napi)
{
	return !test_bit(NAPI_STATE_SCHED, &napi->state) ||
	       test_bit(NAPI_STATE_MISSED, &napi->state);
}

/* As the softirq does, whether it was asked for or not. Budget 0 is netpoll's */
unsigned int fuzz_napi_poll(struct napi_struct *napi, int budget)
{
	int done;

	if (budget && napi_schedule_prep(napi))
		__napi_schedule(napi);
	__preempt_count += SOFTIRQ_OFFSET;
	done = napi->poll(napi, budget);
	__preempt_count -= SOFTIRQ_OFFSET;
	fuzz_check(done >= 0 && done <= budget, "%d done of a budget of %d",
		   done, budget);
	/* Called again, or complete */
	fuzz_check(!budget || (done == budget) ==
		   !!test_bit(NAPI_STATE_SCHED, &napi->state),
		   "%d done of a budget of %d, and the poll is %s", done, budget,
		   done == budget ? "complete" : "not complete");
	return done;
}

irq_handler_t fuzz_irq;
void *fuzz_irq_data;

int request_threaded_irq(unsigned int irq, irq_handler_t handler,
			 irq_handler_t thread, unsigned long flags,
			 const char *name, void *data)
{
	if (fuzz_fails(&fuzz_fail.kmalloc))
		return -EBUSY;
	fuzz_check(!fuzz_irq, "an interrupt is requested twice");
	fuzz_irq = handler;
	fuzz_irq_data = data;
	return 0;
}

const void *free_irq(unsigned int irq, void *data)
{
	fuzz_check(fuzz_irq_data == data, "an interrupt is freed that is not held");
	fuzz_irq = NULL;
	fuzz_irq_data = NULL;
	return NULL;
}

void synchronize_irq(unsigned int irq)
{
}

/* --- the log -------------------------------------------------------------- */

static void fuzz_message(const char *format)
{
	fuzz_messages++;
	if (verbose)
		dprintf(2, "log: %s", format);
}

int _printk(const char *format, ...)
{
	fuzz_message(format);
	return 0;
}

#define FUZZ_PRINTER(name, device)					\
void name(device, const char *format, ...)				\
{									\
	fuzz_message(format);						\
}

FUZZ_PRINTER(netdev_err, const struct net_device *dev)
FUZZ_PRINTER(netdev_warn, const struct net_device *dev)
FUZZ_PRINTER(netdev_info, const struct net_device *dev)
FUZZ_PRINTER(_dev_err, const struct device *dev)
FUZZ_PRINTER(_dev_warn, const struct device *dev)

int dev_err_probe(const struct device *dev, int err, const char *format, ...)
{
	fuzz_message(format);
	return err;
}

void __warn_printk(const char *format, ...)
{
	dprintf(2, "\nWARN: %s\n", format);
}

int ___ratelimit(struct ratelimit_state *rs, const char *func)
{
	return 1;
}

int net_ratelimit(void)
{
	return 1;
}

void xdp_warn(const char *msg, const char *func, const int line)
{
	fuzz_bug("%s", msg);
}

void do_trace_netlink_extack(const char *msg)
{
}

/* --- what has no place of its own ----------------------------------------- */

void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type t)
{
	fuzz_bug("a reference count is wrong");
}

ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size);

	if (len == size)
		len--;
	memcpy(to, from, len);
	to[len] = 0;
	return len;
}

void get_random_bytes(void *buf, size_t len)
{
	memset(buf, 0x42, len);
}

__sum16 csum_ipv6_magic(const struct in6_addr *saddr,
			const struct in6_addr *daddr, __u32 len, __u8 proto,
			__wsum sum)
{
	return csum_fold(sum);
}

void bitmap_to_arr32(u32 *buf, const unsigned long *bitmap, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < DIV_ROUND_UP(nbits, 32); i++)
		buf[i] = bitmap[i / 2] >> (i % 2 * 32);
}

void __module_get(struct module *module)
{
}

void module_put(struct module *module)
{
}

void fuzz_core_start(void)
{
	verbose = getenv("FUZZ_LOG");
	fuzz_check(!fuzz_irq, "an interrupt is left");
	fuzz_now = 0;
	fuzz_messages = 0;
	memset(works, 0, sizeof(works));
}
