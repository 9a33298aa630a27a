// A few threads that wait for work. They are made on first use and stay until the process ends.
//
// Work is offered, not given: a thread that does not wake up in time finds its offer withdrawn, so that
// a busy machine, or a process that was forked and has no such threads, costs nothing. Whoever waits looks
// for some 100 µs, for as long as it takes to begin the next evaluation of a small network, and then sleeps:
// beside other programs the one that is waited for may need this processor.

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "workspace.h"

enum { MOST_WORKERS = MOST_SHARES - 1 };
/// How often a thread looks for what it waits for before it goes to sleep: some 100 µs.
enum { LOOKS_BEFORE_SLEEP = 5000 };
enum { IDLE, OFFERED, TAKEN };

typedef struct {
  atomic_int state;
  /// Whether the worker sleeps until it is offered work, and the owner of the work until it is done.
  atomic_bool sleeps, is_awaited;
  pthread_mutex_t mutex;
  pthread_cond_t offered, done;
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

/// Waits until the state is, or is no more, `state`; `sleeps` says meanwhile that a signal is needed.
static void await(Worker *worker, int state, bool is_wanted, atomic_bool *sleeps,
                  pthread_cond_t *signal) {
  for (int look = 0; look < LOOKS_BEFORE_SLEEP; look++) {
    if ((atomic_load(&worker->state) == state) == is_wanted) return;
    pause_briefly();
  }
  pthread_mutex_lock(&worker->mutex);
  atomic_store(sleeps, true);
  while ((atomic_load(&worker->state) == state) != is_wanted)
    pthread_cond_wait(signal, &worker->mutex);
  atomic_store(sleeps, false);
  pthread_mutex_unlock(&worker->mutex);
}

/// Changes the state and wakes who sleeps until then.
static void announce(Worker *worker, int state, atomic_bool *sleeps, pthread_cond_t *signal) {
  atomic_store(&worker->state, state);
  if (!atomic_load(sleeps)) return;
  pthread_mutex_lock(&worker->mutex);
  pthread_cond_signal(signal);
  pthread_mutex_unlock(&worker->mutex);
}

static void *work(void *argument) {
  Worker *worker = argument;
  for (;;) {
    await(worker, OFFERED, true, &worker->sleeps, &worker->offered);
    int expected = OFFERED;
    if (atomic_compare_exchange_strong(&worker->state, &expected, TAKEN)) {
      do_shares(worker->number);
      announce(worker, IDLE, &worker->is_awaited, &worker->done);
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
    pthread_cond_init(&worker->done, NULL);
    worker->number = worker_count + 1;
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, worker) != 0) break;
    pthread_detach(thread);
    worker_count++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void withdraw_or_await(Worker *worker) {
  int expected = OFFERED;
  if (atomic_compare_exchange_strong(&worker->state, &expected, IDLE)) return;
  await(worker, TAKEN, false, &worker->is_awaited, &worker->done);
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
  for (int index = 0; index < helpers; index++) {
    Worker *worker = &workers[index];
    announce(worker, OFFERED, &worker->sleeps, &worker->offered);
  }
  do_shares(0);
  for (int index = 0; index < helpers; index++) withdraw_or_await(&workers[index]);
  pthread_mutex_unlock(&ownership);
}
