// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis_test_model.ko: random operations against a model (model.h), a thread on
 * each of two CPUs, one with its pools in normal and one in verify mode. The
 * report has the seeds; "seed=" does the same operations again.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "model.h"

#define THREADS		2
#define ALL_EVERY	512	/* operations between two looks at everything */

static unsigned long seed;
module_param(seed, ulong, 0444);
MODULE_PARM_DESC(seed, "of the first thread, the second has one more; 0: random");
static unsigned long ops = 1000000;
module_param(ops, ulong, 0444);
MODULE_PARM_DESC(ops, "operations, of both threads together");

enum model_verb {
	RETREAT, ADVANCE, LIST_MOVE, ADJUST, GET, COPY, TRIM, PUSH, POP, DERIVE,
	FREE, ALLOC, VERBS,
};

static const char * const verb_names[VERBS] = {
	"retreat", "advance", "list move", "adjust", "get", "copy", "trim",
	"context push", "context pop", "derive", "free", "alloc",
};

/* How often each is tried, in 64 */
static const u8 weights[VERBS] = { 14, 12, 4, 3, 8, 6, 3, 3, 3, 3, 4, 1 };

static struct model *models[THREADS];

/* --- report --------------------------------------------------------------------- */

void model_note(struct model *m, const char *name, const struct model_slot *s,
		const struct model_nb *n, u32 a, u32 b, u32 c)
{
	m->log[m->done % MODEL_LOG] = (struct model_op){
		name, s - m->slot, n ? n - s->nb : 0, a, b, c,
	};
}

void model_wrong(struct model *m, const char *fmt, ...)
{
	const struct model_op *op;
	char what[120];
	va_list args;
	u64 i;

	if (m->wrong)
		return;
	m->wrong = true;
	va_start(args, fmt);
	vscnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	ktap_fail(m->t, __FILE__, __LINE__,
		  "seed %llu, operation %llu, %s mode: %s", m->seed, m->done,
		  m->verify ? "verify" : "normal", what);
	for (i = m->done >= MODEL_LOG ? m->done - MODEL_LOG + 1 : 0;
	     i <= m->done; i++) {
		op = &m->log[i % MODEL_LOG];
		if (op->name)
			ktap_diag(m->t, "%llu: %s list %u.%u: %u %u %u", i,
				  op->name, op->slot, op->nb, op->a, op->b,
				  op->c);
	}
}

/* --- one operation --------------------------------------------------------------- */

static struct model_slot *empty_slot(struct model *m)
{
	unsigned int i;

	for (i = 0; i < MODEL_SLOTS; i++)
		if (m->slot[i].kind == MODEL_EMPTY)
			return &m->slot[i];
	return NULL;
}

static enum model_verb any_verb(struct model *m)
{
	u32 dice = model_dice(m, 64);
	enum model_verb verb = 0;

	while (dice >= weights[verb])
		dice -= weights[verb++];
	return verb;
}

/* What is not possible now becomes something that is */
static enum model_verb possible(struct model *m, struct model_slot *s,
				enum model_verb verb)
{
	bool writes = verb == COPY || verb == TRIM;
	bool pieces = s->kind == MODEL_FRAGMENT || s->kind == MODEL_REASSEMBLED;

	if (s->kind == MODEL_EMPTY)
		return ALLOC;
	if (verb == ALLOC || (verb == DERIVE && (pieces || !empty_slot(m))))
		return s->children ? GET : FREE;
	if (pieces && verb != PUSH && verb != POP && verb != FREE)
		return FREE;
	if (s->children && verb != DERIVE && verb != PUSH && verb != POP)
		return GET;
	if (s->parent && writes)
		return GET;
	return verb;
}

static void view_op(struct model *m, enum model_verb verb, struct model_slot *s)
{
	struct model_nb *n = &s->nb[model_dice(m, s->nr_nbs)];

	switch (verb) {
	case RETREAT:
		model_retreat(m, s, n);
		break;
	case ADVANCE:
		model_advance(m, s, n);
		break;
	case ADJUST:
		model_adjust(m, s, n);
		break;
	case GET:
		model_get(m, s, n);
		break;
	case COPY:
		model_copy(m, s, n);
		break;
	default:
		model_trim(m, s, n);
		break;
	}
}

static void one_op(struct model *m)
{
	struct model_slot *s = &m->slot[model_dice(m, MODEL_SLOTS)];
	enum model_verb verb = possible(m, s, any_verb(m));

	m->tally[verb]++;
	switch (verb) {
	case ALLOC:
		model_alloc(m, s);
		break;
	case FREE:
		if (s->children)
			return;
		model_free(m, s);
		break;
	case PUSH:
		model_context_push(m, s);
		break;
	case POP:
		model_context_pop(m, s);
		break;
	case LIST_MOVE:
		model_list_move(m, s);
		break;
	case DERIVE:
		model_derive(m, s, empty_slot(m));
		break;
	default:
		view_op(m, verb, s);
		break;
	}
	if (!m->wrong)
		model_check_slot(m, s);
}

/* --- a thread --------------------------------------------------------------------- */

static void free_all(struct model *m)
{
	bool left = true;
	unsigned int i;

	while (left && !m->wrong) {
		left = false;
		for (i = 0; i < MODEL_SLOTS; i++) {
			if (m->slot[i].kind == MODEL_EMPTY)
				continue;
			left = true;
			if (!m->slot[i].children)
				model_free(m, &m->slot[i]);
		}
	}
	model_check_all(m);
	for (i = 0; i < MODEL_POOLS && !m->wrong; i++)
		if (m->live[i])
			model_wrong(m, "model: pool %u is not empty", i);
}

static int model_thread(void *data)
{
	struct model *m = data;
	u64 count = ops / THREADS;

	for (m->done = 0; m->done < count && !m->wrong; m->done++) {
		one_op(m);
		if (m->done % ALL_EVERY == 0 && !m->wrong) {
			model_check_all(m);
			cond_resched();
		}
	}
	if (!m->wrong)
		free_all(m);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static NDIS_HANDLE list_pool(struct model *m, BOOLEAN nb, USHORT space,
			     ULONG data)
{
	NET_BUFFER_LIST_POOL_PARAMETERS p = {
		.Header = { NDIS_OBJECT_TYPE_DEFAULT, 2, 20 },
		.fAllocateNetBuffer = nb, .ContextSize = space,
		.PoolTag = MODEL_TAG, .DataSize = data,
		.Flags = m->verify ? NET_BUFFER_LIST_POOL_FLAG_VERIFY : 0,
	};

	return NdisAllocateNetBufferListPool(NULL, &p);
}

static NDIS_HANDLE nb_pool(struct model *m, ULONG data)
{
	NET_BUFFER_POOL_PARAMETERS p = {
		.Header = { NDIS_OBJECT_TYPE_DEFAULT, 2, 16 },
		.PoolTag = MODEL_TAG, .DataSize = data,
		.Flags = m->verify ? NET_BUFFER_POOL_FLAG_VERIFY : 0,
	};

	return NdisAllocateNetBufferPool(NULL, &p);
}

/* Bytes of the arrays, of what lies under chains, and of storage */
#define MODEL_MEM	(MODEL_SLOTS * MODEL_NBS * (MODEL_FLAT + MODEL_ROOM) + \
			 MODEL_STORAGE)

static void model_destroy(struct model *m)
{
	unsigned int i;

	if (!m)
		return;
	for (i = 0; i < MODEL_NB; i++)
		NdisFreeNetBufferListPool(m->pool[i]);
	for (; i < MODEL_POOLS; i++)
		NdisFreeNetBufferPool(m->pool[i]);
	vfree(m->storage);
	kvfree(m);
}

static struct model *model_create(struct ktap *t, unsigned int number)
{
	struct model *m = kvzalloc(sizeof(*m), GFP_KERNEL);
	unsigned int i, j;
	bool ok = m;
	u8 *mem;

	if (!m)
		return NULL;
	m->t = t;
	m->seed = seed + number;
	m->verify = number % 2;
	prandom_seed_state(&m->rnd, m->seed);
	m->pool[MODEL_LIST] = list_pool(m, FALSE, 0, 0);
	m->pool[MODEL_LIST_NB] = list_pool(m, TRUE, 0, 0);
	m->pool[MODEL_LIST_DATA] = list_pool(m, TRUE, 0, MODEL_DATA);
	m->pool[MODEL_LIST_SPACE] = list_pool(m, TRUE, MODEL_SPACE, 0);
	m->pool[MODEL_NB] = nb_pool(m, 0);
	m->pool[MODEL_NB_DATA] = nb_pool(m, MODEL_DATA);
	for (i = 0; i < MODEL_POOLS; i++)
		ok = ok && m->pool[i];
	m->storage = vzalloc(MODEL_MEM);
	if (!ok || !m->storage) {
		model_destroy(m);
		return NULL;
	}
	mem = m->storage + MODEL_STORAGE;
	for (i = 0; i < MODEL_SLOTS; i++) {
		for (j = 0; j < MODEL_NBS; j++) {
			m->slot[i].nb[j].flat = mem;
			m->slot[i].nb[j].mem = mem + MODEL_FLAT;
			mem += MODEL_FLAT + MODEL_ROOM;
		}
	}
	return m;
}

/* --- the cases ---------------------------------------------------------------------- */

static void test_model(struct ktap *t)
{
	u64 outstanding = ndis_outstanding(), reports;
	struct task_struct *task[THREADS] = { };
	unsigned int i, verb;
	u64 done = 0;

	reports = ndis_stat("verify_reports");
	for (i = 0; i < THREADS; i++) {
		models[i] = model_create(t, i);
		if (!ktap_expect(t, models[i]))
			goto out;
	}
	ktap_diag(t, "seed=%lu ops=%lu", seed, ops);
	for (i = 0; i < THREADS; i++) {
		task[i] = kthread_create(model_thread, models[i],
					 "ndis_model/%u", i);
		if (!ktap_expect(t, !IS_ERR(task[i]))) {
			task[i] = NULL;
			continue;
		}
		kthread_bind(task[i], i % num_online_cpus());
		wake_up_process(task[i]);
	}
	for (i = 0; i < THREADS; i++) {
		while (task[i] && READ_ONCE(models[i]->done) < ops / THREADS &&
		       !READ_ONCE(models[i]->wrong))
			msleep(20);
		if (task[i])
			kthread_stop(task[i]);
		done += models[i]->done;
	}
	for (verb = 0; verb < VERBS; verb++)
		ktap_diag(t, "%s: %llu", verb_names[verb],
			  models[0]->tally[verb] + models[1]->tally[verb]);
	ktap_diag(t, "%llu operations, seeds %llu and %llu", done,
		  models[0]->seed, models[1]->seed);
	ktap_expect_eq(t, done, ops / THREADS * THREADS);
out:
	for (i = 0; i < THREADS; i++)
		model_destroy(models[i]);
	if (ktap_failed(t))
		return;
	ktap_expect_eq(t, ndis_outstanding(), outstanding);
	ktap_expect_eq(t, ndis_stat("verify_reports"), reports);
}

static const struct ktap_case cases[] = {
	{ "random operations against a model of the data view", test_model },
};

static struct ktap *report;

static int __init model_init(void)
{
	if (!seed)
		seed = get_random_u32();
	report = ktap_run(KBUILD_MODNAME, cases, ARRAY_SIZE(cases));
	return PTR_ERR_OR_ZERO(report);
}

static void __exit model_exit(void)
{
	ktap_release(report);
}

module_init(model_init);
module_exit(model_exit);

MODULE_DESCRIPTION("Tests of ndis.ko: random operations against a model");
MODULE_LICENSE("GPL");
