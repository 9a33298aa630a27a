// How many threads a training has: what was asked for, else the processors that this process may use.

#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "workspace.h"

/// What `tracker_set_thread_count` was given; 0 until then.
static atomic_int thread_count;

#if defined(__linux__)

enum { LONGEST_PATH = 4096 };

/// The numbers of a file with one or two of them, -1 where there is none or a word such as max.
static void read_numbers(const char *path, double *first, double *second) {
  *first = *second = -1;
  FILE *file = fopen(path, "re");
  if (!file) return;
  if (fscanf(file, "%lf", first) != 1) *first = -1;
  else if (fscanf(file, "%lf", second) != 1) *second = -1;
  fclose(file);
}

/// The processors that one control group of version 2 or 1 grants, or `most` where it sets no limit.
static double granted(const char *folder, int version, double most) {
  char path[LONGEST_PATH + 32];
  double quota, period, unused;
  if (version == 2) {
    snprintf(path, sizeof path, "%s/cpu.max", folder);
    read_numbers(path, &quota, &period);
  } else {
    snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
    read_numbers(path, &quota, &unused);
    snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
    read_numbers(path, &period, &unused);
  }
  return quota > 0 && period > 0 && quota / period < most ? quota / period : most;
}

/// The least that a group and those above it grant. `path` is changed.
static double granted_along(const char *root, char *path, int version, double most) {
  char folder[LONGEST_PATH];
  for (;;) {
    int length = snprintf(folder, sizeof folder, "%s%s", root, path);
    if (length > 0 && length < LONGEST_PATH) most = granted(folder, version, most);
    char *slash = strrchr(path, '/');
    if (!slash || !*path) return most;
    *slash = 0;
  }
}

/// Whether `controllers`, separated by commas, name the processor's.
static bool names_processor(char *controllers) {
  char *rest = NULL;
  for (char *name = strtok_r(controllers, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
    if (strcmp(name, "cpu") == 0) return true;
  return false;
}

/// What the control groups of this process grant, at most `most`: each line of /proc/self/cgroup is
/// hierarchy:controllers:path, with 0 and no controllers for version 2.
static double granted_by_groups(double most) {
  FILE *file = fopen("/proc/self/cgroup", "re");
  if (!file) return most;
  char line[LONGEST_PATH];
  while (fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = 0;
    char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!path) continue;
    controllers++;
    *path++ = 0;
    if (strcmp(line, "0") == 0 && !*controllers)
      most = granted_along("/sys/fs/cgroup", path, 2, most);
    else if (names_processor(controllers))
      most = granted_along("/sys/fs/cgroup/cpu", path, 1, most);
  }
  fclose(file);
  return most;
}

static double usable_processors(void) {
  cpu_set_t usable;
  double count = sched_getaffinity(0, sizeof usable, &usable) == 0
                     ? CPU_COUNT(&usable)
                     : (double)sysconf(_SC_NPROCESSORS_ONLN);
  return granted_by_groups(count);
}

#else

static double usable_processors(void) { return (double)sysconf(_SC_NPROCESSORS_ONLN); }

#endif

int32_t tracker_processor_count(void) {
  double count = usable_processors();
  // A group that grants one and a half keeps two threads busier than one.
  int32_t whole = count < MOST_SHARES ? (int32_t)count : MOST_SHARES;
  if (whole < count && whole < MOST_SHARES) whole++;
  return whole < 1 ? 1 : whole;
}

void tracker_set_thread_count(int32_t count) {
  atomic_store(&thread_count, count < 1 ? 1 : count > MOST_SHARES ? MOST_SHARES : count);
}

int32_t tracker_thread_count(void) {
  int32_t count = atomic_load(&thread_count);
  return count > 0 ? count : tracker_processor_count();
}
