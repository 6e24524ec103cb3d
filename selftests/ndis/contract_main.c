// SPDX-License-Identifier: GPL-2.0-only
/*
 * ndis_test_contract.ko: the NDIS contract row by row; CONTRACT.md lists the
 * numbers. This file runs each case's body everywhere that it may be called.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "contract.h"

#define CPUS	2	/* at once */
#define TURNS	8	/* of a body on each of them */

struct runner {
	struct ktap *t;
	struct env env;
	contract_fn body;
	unsigned int flags;
	unsigned int number;
	atomic_t *missing;		/* runners that are not there yet */
	struct work_struct work;
	struct tasklet_struct tasklet;
	struct completion ran;
};

static struct runner runners[CPUS];
static struct env envs[2];		/* normal, verify mode */

/* --- pools as a miniport makes them ---------------------------------------------- */

NDIS_HANDLE contract_nbl_pool(BOOLEAN alloc_nb, USHORT context_size,
			      ULONG data_size, bool verify)
{
	NET_BUFFER_LIST_POOL_PARAMETERS p = { };

	p.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	p.Header.Revision = NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_2;
	p.Header.Size = NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_2;
	p.ProtocolId = NDIS_PROTOCOL_ID_DEFAULT;
	p.fAllocateNetBuffer = alloc_nb;
	p.ContextSize = context_size;
	p.PoolTag = CONTRACT_TAG;
	p.DataSize = data_size;
	p.Flags = verify ? NET_BUFFER_LIST_POOL_FLAG_VERIFY : 0;
	return NdisAllocateNetBufferListPool(NULL, &p);
}

NDIS_HANDLE contract_nb_pool(ULONG data_size, bool verify)
{
	NET_BUFFER_POOL_PARAMETERS p = { };

	p.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	p.Header.Revision = NET_BUFFER_POOL_PARAMETERS_REVISION_2;
	p.Header.Size = NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_2;
	p.PoolTag = CONTRACT_TAG;
	p.DataSize = data_size;
	p.Flags = verify ? NET_BUFFER_POOL_FLAG_VERIFY : 0;
	return NdisAllocateNetBufferPool(NULL, &p);
}

static void env_destroy(struct env *e)
{
	NdisFreeNetBufferPool(e->nb_data);
	NdisFreeNetBufferPool(e->nb);
	NdisFreeNetBufferListPool(e->list_space);
	NdisFreeNetBufferListPool(e->list_data);
	NdisFreeNetBufferListPool(e->list_nb);
	NdisFreeNetBufferListPool(e->list);
	memset(e, 0, sizeof(*e));
}

static bool env_create(struct env *e, bool verify)
{
	e->verify = verify;
	e->list = contract_nbl_pool(FALSE, 0, 0, verify);
	e->list_nb = contract_nbl_pool(TRUE, 0, 0, verify);
	e->list_data = contract_nbl_pool(TRUE, 0, CONTRACT_DATA, verify);
	e->list_space = contract_nbl_pool(TRUE, CONTRACT_SPACE, 0, verify);
	e->nb = contract_nb_pool(0, verify);
	e->nb_data = contract_nb_pool(CONTRACT_DATA, verify);
	if (e->list && e->list_nb && e->list_data && e->list_space && e->nb &&
	    e->nb_data)
		return true;
	env_destroy(e);
	return false;
}

/* --- where a body runs ------------------------------------------------------------ */

static void run_tasklet(struct tasklet_struct *tasklet)
{
	struct runner *r = from_tasklet(r, tasklet, tasklet);

	ktap_expect(r->t, in_serving_softirq());
	r->body(r->t, &r->env);
	complete(&r->ran);
}

static void run_softirq(struct runner *r)
{
	reinit_completion(&r->ran);
	tasklet_schedule(&r->tasklet);
	wait_for_completion(&r->ran);
}

/* One of CPUS works, each on its own CPU: process and softirq take turns */
static void run_work(struct work_struct *work)
{
	struct runner *r = container_of(work, struct runner, work);
	unsigned int i;

	atomic_dec(r->missing);
	while (atomic_read(r->missing) > 0)
		cond_resched();

	for (i = 0; i < TURNS && !ktap_failed(r->t); i++) {
		if ((i + r->number) % 2 && !(r->flags & CONTRACT_SLEEPS))
			run_softirq(r);
		else
			r->body(r->t, &r->env);
	}
}

static void run_on_cpus(struct ktap *t)
{
	unsigned int i = 0, cpu;
	atomic_t missing = ATOMIC_INIT(CPUS);

	cpus_read_lock();
	if (num_online_cpus() < CPUS) {
		ktap_fail(t, __FILE__, __LINE__, "this machine has one CPU");
		goto out;
	}
	for_each_online_cpu(cpu) {
		runners[i].missing = &missing;
		runners[i].env.shared = true;
		queue_work_on(cpu, system_highpri_wq, &runners[i].work);
		if (++i == CPUS)
			break;
	}
	for (i = 0; i < CPUS; i++)
		flush_work(&runners[i].work);
out:
	cpus_read_unlock();
}

static bool failed_in(struct ktap *t, const char *where, bool verify)
{
	if (!ktap_failed(t))
		return false;
	ktap_diag(t, "%s, pools in %s mode", where,
		  verify ? "verify" : "normal");
	return true;
}

/* Return: whether all went well; else the report says where it did not */
static bool run_everywhere(struct ktap *t, const struct env *e)
{
	struct runner *r = &runners[0];

	r->body(t, &r->env);
	if (failed_in(t, "in process context", e->verify))
		return false;
	if (!(r->flags & CONTRACT_SLEEPS)) {
		run_softirq(r);
		if (failed_in(t, "in softirq", e->verify))
			return false;
	}
	run_on_cpus(t);
	return !failed_in(t, "on two CPUs", e->verify);
}

static void nothing_left(struct ktap *t, const struct env *e, u64 outstanding)
{
	unsigned int i;

	ktap_expect_eq(t, ndis_pool_live(e->list), 0);
	ktap_expect_eq(t, ndis_pool_live(e->list_nb), 0);
	ktap_expect_eq(t, ndis_pool_live(e->list_data), 0);
	ktap_expect_eq(t, ndis_pool_live(e->list_space), 0);
	ktap_expect_eq(t, ndis_pool_live(e->nb), 0);
	ktap_expect_eq(t, ndis_pool_live(e->nb_data), 0);
	/* A pool that was freed with lists out goes on its own, a little later */
	for (i = 0; i < 100 && ndis_outstanding() != outstanding; i++)
		msleep(20);
	ktap_expect_eq(t, ndis_outstanding(), outstanding);
}

/**
 * contract_run() - run a case's body in every context, in both modes
 * @t: test
 * @body: the case
 * @flags: CONTRACT_*
 */
void contract_run(struct ktap *t, contract_fn body, unsigned int flags)
{
	unsigned int mode, i;

	for (mode = 0; mode < ARRAY_SIZE(envs) && !ktap_failed(t); mode++) {
		u64 outstanding = ndis_outstanding();
		u64 reports = ndis_stat("verify_reports");

		for (i = 0; i < CPUS; i++) {
			u8 *mem = runners[i].env.mem;

			runners[i].t = t;
			runners[i].body = body;
			runners[i].flags = flags;
			runners[i].env = envs[mode];
			runners[i].env.mem = mem;
		}
		if (!run_everywhere(t, &envs[mode]))
			return;
		nothing_left(t, &envs[mode], outstanding);
		if (!(flags & CONTRACT_MISUSE))
			ktap_expect_eq(t, ndis_stat("verify_reports"), reports);
		failed_in(t, "afterwards", mode);
	}
}

/* --- the module ---------------------------------------------------------------------- */

static const struct contract_section * const sections[] = {
	&contract_pools, &contract_alloc, &contract_state, &contract_move,
	&contract_lists, &contract_view, &contract_context, &contract_derive,
	&contract_mdl, &contract_meta, &contract_helpers, &contract_verify,
	&contract_bad,
};

static struct ktap *report;

static struct ktap_case *all_cases(unsigned int *count)
{
	struct ktap_case *cases;
	unsigned int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(sections); i++)
		n += sections[i]->count;
	cases = kcalloc(n, sizeof(*cases), GFP_KERNEL);
	*count = n;
	if (!cases)
		return NULL;
	for (n = 0, i = 0; i < ARRAY_SIZE(sections); i++) {
		memcpy(&cases[n], sections[i]->cases,
		       sections[i]->count * sizeof(*cases));
		n += sections[i]->count;
	}
	return cases;
}

static void contract_free(void)
{
	unsigned int i;

	env_destroy(&envs[1]);
	env_destroy(&envs[0]);
	for (i = 0; i < CPUS; i++) {
		tasklet_kill(&runners[i].tasklet);
		free_pages((unsigned long)runners[i].env.mem,
			   get_order(CONTRACT_MEM));
	}
}

static int __init contract_init(void)
{
	struct ktap_case *cases;
	unsigned int i, count;

	contract_helpers_init();
	for (i = 0; i < CPUS; i++) {
		runners[i].number = i;
		INIT_WORK(&runners[i].work, run_work);
		tasklet_setup(&runners[i].tasklet, run_tasklet);
		init_completion(&runners[i].ran);
		runners[i].env.mem = (u8 *)__get_free_pages(GFP_KERNEL,
							    get_order(CONTRACT_MEM));
	}
	report = ERR_PTR(-ENOMEM);
	cases = all_cases(&count);
	if (cases && runners[0].env.mem && runners[1].env.mem &&
	    env_create(&envs[0], false) && env_create(&envs[1], true))
		report = ktap_run(KBUILD_MODNAME, cases, count);
	contract_free();
	kfree(cases);
	return PTR_ERR_OR_ZERO(report);
}

static void __exit contract_exit(void)
{
	ktap_release(report);
}

module_init(contract_init);
module_exit(contract_exit);

MODULE_DESCRIPTION("Tests of ndis.ko: the NDIS contract, row by row");
MODULE_LICENSE("GPL");
