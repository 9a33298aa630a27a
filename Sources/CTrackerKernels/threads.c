// A few threads that wait for work. They are made on first use and stay until the process ends.
//
// Work is offered, not given: a thread that does not wake up in time finds its offer withdrawn, so that
// a busy machine, or a process that was forked and has no such threads, costs nothing. Whoever waits looks
// for some 200 µs, for as long as it takes to begin the next evaluation of a small network, and then sleeps:
// beside other programs the one that is waited for may need this processor.

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "workspace.h"

enum { MOST_WORKERS = MOST_SHARES - 1 };
/// How often a thread looks for what it waits for before it goes to sleep: some 200 µs.
enum { LOOKS_BEFORE_SLEEP = 8000 };
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

/// Each thread begins with shares of its own, the same ones each time, as what they read and write is in its cache; then it
/// takes what others have left.
static struct {
  void (*body)(void *context, int share, int thread);
  void *context;
  int shares, threads;
  struct {
    _Alignas(64) atomic_int next;
  } own[MOST_SHARES];
} job;

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// The first of the shares of a thread; those of the next one begin where they end.
static int first_share(int thread) { return job.shares * thread / job.threads; }

static void do_shares(int thread) {
  for (int step = 0; step < job.threads; step++) {
    int owner = (thread + step) % job.threads, end = first_share(owner + 1);
    for (;;) {
      int share = atomic_fetch_add(&job.own[owner].next, 1);
      if (share >= end) break;
      job.body(job.context, share, thread);
    }
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

static void share_out(int threads, int shares, void (*body)(void *context, int share, int thread),
                      void *context, bool wakes) {
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
  job.threads = helpers + 1;
  for (int thread = 0; thread < job.threads; thread++)
    atomic_store(&job.own[thread].next, first_share(thread));
  for (int index = 0; index < helpers; index++) {
    Worker *worker = &workers[index];
    if (wakes || !atomic_load(&worker->sleeps))
      announce(worker, OFFERED, &worker->sleeps, &worker->offered);
  }
  do_shares(0);
  for (int index = 0; index < helpers; index++) withdraw_or_await(&workers[index]);
  pthread_mutex_unlock(&ownership);
}

void tracker_parallel(int threads, int shares, void (*body)(void *context, int share, int thread),
                      void *context) {
  share_out(threads, shares, body, context, true);
}

void tracker_parallel_briefly(int threads, int shares,
                              void (*body)(void *context, int share, int thread), void *context) {
  share_out(threads, shares, body, context, false);
}
