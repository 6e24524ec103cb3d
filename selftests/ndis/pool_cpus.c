// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many CPUs. Pools for any access: a thread and a timer on every CPU, that is
 * process context interrupted by softirq, which free each other's objects.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/timer.h>

#include "pool_test.h"

#define KINDS		(NDIS_KIND_NB_DATA + 1)
#define BOXES		8
#define ROUNDS		4000	/* per CPU */
#define TIGHT		200	/* batches between two looks at the scheduler */
#define TIGHT_TURNS	100	/* per CPU and kind */

struct hammer {
	struct ktap *t;
	struct test_pool tp[KINDS];
	void *box[KINDS][BOXES];	/* on their way to another CPU */
	atomic_t stop;
	atomic_long_t objects;
};

struct hammer_cpu {
	struct hammer *h;
	struct task_struct *task;
	struct completion done;
	struct timer_list timer;
	struct rnd_state rnd;		/* the thread's */
	struct rnd_state softirq_rnd;	/* the timer's */
};

/* What its owner did to an object, chosen by dice */
static void use_object(struct test_pool *tp, void *obj, u32 dice)
{
	struct net_buffer_list *nbl = obj;
	u32 size = tp->state.data_size;

	switch (dice % 8) {
	case 0:
		test_obj_scribble(tp, obj);
		break;
	case 1:
		if (test_pool_has_lists(tp))
			ndis_nbl_set_vlan(nbl, dice >> 8);
		break;
	case 2:
		if (test_pool_has_lists(tp))
			ndis_nbl_set_checksum(nbl, NDIS_CSUM_TCP_OK);
		break;
	default:
		if (size)
			memset(ndis_nb_data(test_obj_nb(tp, obj)), dice, size);
		if (tp->state.kind == NDIS_KIND_LIST_NB_DATA)
			ndis_nbl_received(nbl, 1 + dice % size);
		break;
	}
}

static void *take_object(struct ktap *t, struct test_pool *tp, void *mark)
{
	void *obj = test_obj_alloc(tp);

	if (!obj)
		return NULL;
	test_obj_expect(t, tp, obj, "on many CPUs");
	*test_obj_next(tp, obj) = mark;
	return obj;
}

/* Its mark is still there: nobody else was given the same object */
static bool still_ours(struct ktap *t, struct test_pool *tp, void *obj,
		       void *mark)
{
	return ktap_expect_ptr(t, *test_obj_next(tp, obj), mark);
}

static void hammer_round(struct hammer *h, struct rnd_state *rnd)
{
	u32 dice = prandom_u32_state(rnd);
	unsigned int kind = dice % KINDS, n = 1 + (dice >> 8) % BOXES, i;
	bool append = kind == NDIS_KIND_LIST_NB_DATA && n == 3;
	struct test_pool *tp = &h->tp[kind];
	void *obj[BOXES], *other;

	for (i = 0; i < n; i++) {
		obj[i] = take_object(h->t, tp, &obj[i]);
		if (!ktap_expect(h->t, obj[i]))
			break;
	}
	n = i;
	atomic_long_add(n, &h->objects);
	for (i = 0; i < n; i++) {
		still_ours(h->t, tp, obj[i], &obj[i]);
		/* An MDL that is to be appended must not be scribbled on */
		use_object(tp, obj[i], prandom_u32_state(rnd) | append);
	}
	if (append && n == 3) {
		ktap_expect_eq(h->t, ndis_nbl_append(obj[0], obj[1]), 0);
		ktap_expect_eq(h->t, ndis_nbl_append(obj[0], obj[2]), 0);
		n = 1;
	}
	for (i = 0; i < n; i++) {
		dice = prandom_u32_state(rnd);
		other = obj[i];
		if (dice & 1)
			other = xchg(&h->box[kind][dice >> 8 & (BOXES - 1)], other);
		if (other)
			test_obj_free(tp, other);
	}
}

/* All at the same pool, and nothing between but the mark: locks are missed */
static void hammer_tight(struct hammer *h, unsigned int kind)
{
	struct test_pool *tp = &h->tp[kind];
	void *obj[BOXES];
	unsigned int i, j;

	for (i = 0; i < TIGHT; i++) {
		for (j = 0; j < BOXES; j++) {
			obj[j] = test_obj_alloc(tp);
			if (obj[j])
				*test_obj_next(tp, obj[j]) = &obj[j];
		}
		for (j = 0; j < BOXES; j++) {
			if (!obj[j])
				continue;
			still_ours(h->t, tp, obj[j], &obj[j]);
			test_obj_free(tp, obj[j]);
		}
		if (ktap_failed(h->t))
			return;
	}
	atomic_long_add(TIGHT * BOXES, &h->objects);
}

static int hammer_thread(void *data)
{
	struct hammer_cpu *c = data;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		if (i & 1)
			local_bh_disable();
		hammer_round(c->h, &c->rnd);
		if (i & 1)
			local_bh_enable();
		cond_resched();
	}
	for (i = 0; i < KINDS * TIGHT_TURNS; i++) {
		hammer_tight(c->h, i / TIGHT_TURNS);
		cond_resched();
	}
	complete(&c->done);
	return 0;
}

static void hammer_timer(struct timer_list *timer)
{
	struct hammer_cpu *c = container_of(timer, struct hammer_cpu, timer);
	unsigned int i;

	for (i = 0; i < 16; i++)
		hammer_round(c->h, &c->softirq_rnd);
	if (!atomic_read(&c->h->stop))
		mod_timer(timer, jiffies + 1);
}

static void hammer_start(struct ktap *t, struct hammer_cpu *c, struct hammer *h,
			 unsigned int cpu)
{
	c->h = h;
	init_completion(&c->done);
	prandom_seed_state(&c->rnd, 1 + cpu);
	prandom_seed_state(&c->softirq_rnd, 1000 + cpu);
	timer_setup(&c->timer, hammer_timer, TIMER_PINNED);
	c->task = kthread_create(hammer_thread, c, "ndis_test/%u", cpu);
	if (!ktap_expect(t, !IS_ERR(c->task)))
		return;
	get_task_struct(c->task);
	kthread_bind(c->task, cpu);
	c->timer.expires = jiffies + 1;
	add_timer_on(&c->timer, cpu);
	wake_up_process(c->task);
}

static void hammer_wait(struct hammer_cpu *c)
{
	if (!c->h || IS_ERR(c->task))
		return;
	wait_for_completion(&c->done);
	kthread_stop(c->task);
	put_task_struct(c->task);
}

void test_cpus_any(struct ktap *t)
{
	struct hammer *h = kzalloc(sizeof(*h), GFP_KERNEL);
	unsigned int cpu, i, box, kinds = 0;
	struct hammer_cpu *cpus;

	cpus = kcalloc(nr_cpu_ids, sizeof(*cpus), GFP_KERNEL);
	if (!ktap_expect(t, h && cpus))
		goto out;
	h->t = t;
	for (; kinds < KINDS; kinds++) {
		struct ndis_pool_params params = {
			.context_size = kinds < NDIS_KIND_NB ? 16 : 0,
			.cache_pages = 16,
		};

		if (!test_pool_create(t, &h->tp[kinds], kinds, &params))
			goto out_pools;
	}

	for_each_online_cpu(cpu)
		hammer_start(t, &cpus[cpu], h, cpu);
	for_each_possible_cpu(cpu)
		hammer_wait(&cpus[cpu]);
	/* A timer that saw no stop arms itself again, but only once */
	atomic_set(&h->stop, 1);
	for_each_possible_cpu(cpu)
		if (cpus[cpu].h)
			timer_delete_sync(&cpus[cpu].timer);

	for (i = 0; i < KINDS; i++)
		for (box = 0; box < BOXES; box++)
			if (h->box[i][box])
				test_obj_free(&h->tp[i], h->box[i][box]);
	ktap_diag(t, "%u CPUs, %ld objects", num_online_cpus(),
		  atomic_long_read(&h->objects));
	ktap_expect(t, atomic_long_read(&h->objects) >= ROUNDS);
out_pools:
	while (kinds--)
		test_pool_destroy(t, &h->tp[kinds]);
out:
	kfree(cpus);
	kfree(h);
}
