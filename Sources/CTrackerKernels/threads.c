// A few threads that wait for work. They are made on first use and stay until the process ends.
//
// Work is offered, not given: a thread that does not wake up in time finds its offer withdrawn, so that
// a busy machine, or a process that was forked and has no such threads, costs nothing.

#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "workspace.h"

enum { MOST_WORKERS = MOST_SHARES - 1 };
/// How often a worker looks for new work before it goes to sleep: some 20 µs.
enum { LOOKS_BEFORE_SLEEP = 1000 };
enum { IDLE, OFFERED, TAKEN };

typedef struct {
  atomic_int state;
  atomic_bool sleeps;
  pthread_mutex_t mutex;
  pthread_cond_t offered;
  int number;
} Worker;

static Worker workers[MOST_WORKERS];
static int worker_count;
/// Held while work is done, so that work has one owner.
static pthread_mutex_t ownership = PTHREAD_MUTEX_INITIALIZER;

static struct {
  void (*body)(void *context, int share, int thread);
  void *context;
  int shares;
  atomic_int next;
} job;

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void do_shares(int thread) {
  for (;;) {
    int share = atomic_fetch_add(&job.next, 1);
    if (share >= job.shares) return;
    job.body(job.context, share, thread);
  }
}

static void *work(void *argument) {
  Worker *worker = argument;
  for (;;) {
    for (int look = 0; look < LOOKS_BEFORE_SLEEP && atomic_load(&worker->state) != OFFERED; look++)
      pause_briefly();
    if (atomic_load(&worker->state) != OFFERED) {
      pthread_mutex_lock(&worker->mutex);
      atomic_store(&worker->sleeps, true);
      while (atomic_load(&worker->state) != OFFERED)
        pthread_cond_wait(&worker->offered, &worker->mutex);
      atomic_store(&worker->sleeps, false);
      pthread_mutex_unlock(&worker->mutex);
    }
    int expected = OFFERED;
    if (atomic_compare_exchange_strong(&worker->state, &expected, TAKEN)) {
      do_shares(worker->number);
      atomic_store(&worker->state, IDLE);
    }
  }
  return NULL;
}

/// Starts workers up to `count`; where the system has no more threads, there are fewer.
static void start_workers(int count) {
  sigset_t all, before;
  sigfillset(&all);
  // Signals are the business of the threads that were there before.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (worker_count < count) {
    Worker *worker = &workers[worker_count];
    pthread_mutex_init(&worker->mutex, NULL);
    pthread_cond_init(&worker->offered, NULL);
    worker->number = worker_count + 1;
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, worker) != 0) break;
    pthread_detach(thread);
    worker_count++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void offer(Worker *worker) {
  atomic_store(&worker->state, OFFERED);
  if (atomic_load(&worker->sleeps)) {
    pthread_mutex_lock(&worker->mutex);
    pthread_cond_signal(&worker->offered);
    pthread_mutex_unlock(&worker->mutex);
  }
}

static void withdraw_or_await(Worker *worker) {
  int expected = OFFERED;
  if (atomic_compare_exchange_strong(&worker->state, &expected, IDLE)) return;
  for (int look = 0; atomic_load(&worker->state) == TAKEN; look++) {
    if (look < LOOKS_BEFORE_SLEEP) pause_briefly();
    else sched_yield();
  }
}

void tracker_parallel(int threads, int shares, void (*body)(void *context, int share, int thread),
                      void *context) {
  int helpers = (threads < shares ? threads : shares) - 1;
  if (helpers > MOST_WORKERS) helpers = MOST_WORKERS;
  // Where the workers are busy for another caller, this thread does it all.
  if (helpers < 1 || pthread_mutex_trylock(&ownership) != 0) {
    for (int share = 0; share < shares; share++) body(context, share, 0);
    return;
  }
  if (worker_count < helpers) start_workers(helpers);
  if (helpers > worker_count) helpers = worker_count;
  job.body = body;
  job.context = context;
  job.shares = shares;
  atomic_store(&job.next, 0);
  for (int index = 0; index < helpers; index++) offer(&workers[index]);
  do_shares(0);
  for (int index = 0; index < helpers; index++) withdraw_or_await(&workers[index]);
  pthread_mutex_unlock(&ownership);
}

int32_t tracker_processor_count(void) {
#if defined(__linux__)
  cpu_set_t usable;
  long count = sched_getaffinity(0, sizeof usable, &usable) == 0 ? CPU_COUNT(&usable)
                                                                 : sysconf(_SC_NPROCESSORS_ONLN);
#else
  long count = sysconf(_SC_NPROCESSORS_ONLN);
#endif
  return count < 1 ? 1 : count > MOST_SHARES ? MOST_SHARES : (int32_t)count;
}
