#include "CPlainStore.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void check(int status, sqlite3 *db) {
  if (status == SQLITE_OK || status == SQLITE_DONE || status == SQLITE_ROW) return;
  fprintf(stderr, "%s\n", sqlite3_errmsg(db));
  exit(1);
}

static sqlite3 *open_store(const char *path) {
  sqlite3 *db;
  check(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL), db);
  sqlite3_busy_timeout(db, 15000);
  check(sqlite3_exec(db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON",
                     NULL, NULL, NULL),
        db);
  return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
  sqlite3_stmt *statement;
  check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), db);
  return statement;
}

static void run(sqlite3 *db, sqlite3_stmt *statement) {
  check(sqlite3_step(statement), db);
  sqlite3_reset(statement);
}

typedef struct {
  long id, count, last_step;
  double first, last, min, max;
} Series;

static Series new_series(sqlite3 *db, long run_id, const char *key) {
  sqlite3_stmt *insert = prepare(
      db,
      "INSERT INTO metric_series (run_id, key, point_count, last_step, last_at) VALUES (?, ?, 0, 0, 0)");
  sqlite3_bind_int64(insert, 1, run_id);
  sqlite3_bind_text(insert, 2, key, -1, SQLITE_TRANSIENT);
  run(db, insert);
  sqlite3_finalize(insert);
  return (Series){.id = sqlite3_last_insert_rowid(db), .min = INFINITY, .max = -INFINITY};
}

static const char *const insert_point =
    "INSERT INTO metric_point (series_id, step, nth, value, elapsed) VALUES (?, ?, ?, ?, ?)";
static const char *const update_series =
    "UPDATE metric_series SET point_count = ?, first_value = ?, last_value = ?, min_value = ?,"
    " max_value = ?, last_step = ?, last_at = ? WHERE id = ?";

static void append(sqlite3 *db, sqlite3_stmt *insert, Series *series, long step, double value) {
  sqlite3_bind_int64(insert, 1, series->id);
  sqlite3_bind_int64(insert, 2, step);
  sqlite3_bind_int64(insert, 3, 0);
  sqlite3_bind_double(insert, 4, value);
  sqlite3_bind_int64(insert, 5, 10 * step);
  run(db, insert);
  if (series->count++ == 0) series->first = value;
  series->last = value;
  series->last_step = step;
  if (value < series->min) series->min = value;
  if (value > series->max) series->max = value;
}

static void sum_up(sqlite3 *db, sqlite3_stmt *update, const Series *series) {
  sqlite3_bind_int64(update, 1, series->count);
  sqlite3_bind_double(update, 2, series->first);
  sqlite3_bind_double(update, 3, series->last);
  sqlite3_bind_double(update, 4, series->min);
  sqlite3_bind_double(update, 5, series->max);
  sqlite3_bind_int64(update, 6, series->last_step);
  sqlite3_bind_int64(update, 7, 1700000000000 + series->last_step);
  sqlite3_bind_int64(update, 8, series->id);
  run(db, update);
}

double plain_bulk(const char *path, long run_id, long count) {
  sqlite3 *db = open_store(path);
  double start = now();
  check(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), db);
  Series series = new_series(db, run_id, "cost");
  sqlite3_stmt *insert = prepare(db, insert_point), *update = prepare(db, update_series);
  for (long step = 0; step < count; step++) append(db, insert, &series, step, 1 / (double)(step + 1));
  sum_up(db, update, &series);
  check(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db);
  double seconds = now() - start;
  sqlite3_finalize(insert);
  sqlite3_finalize(update);
  sqlite3_close(db);
  return seconds;
}

double plain_epochs(const char *path, long run_id, long epochs, int metrics) {
  sqlite3 *db = open_store(path);
  Series *series = calloc((size_t)metrics, sizeof *series);
  check(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), db);
  for (int metric = 0; metric < metrics; metric++) {
    char key[32];
    snprintf(key, sizeof key, "metric%d", metric);
    series[metric] = new_series(db, run_id, key);
  }
  check(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db);
  sqlite3_stmt *insert = prepare(db, insert_point), *update = prepare(db, update_series);
  sqlite3_stmt *begin = prepare(db, "BEGIN IMMEDIATE"), *commit = prepare(db, "COMMIT");
  double start = now();
  for (long step = 0; step < epochs; step++) {
    run(db, begin);
    for (int metric = 0; metric < metrics; metric++)
      append(db, insert, &series[metric], step, (double)metric / (double)(step + 1));
    for (int metric = 0; metric < metrics; metric++) sum_up(db, update, &series[metric]);
    run(db, commit);
  }
  double seconds = now() - start;
  sqlite3_stmt *all[] = {insert, update, begin, commit};
  for (int index = 0; index < 4; index++) sqlite3_finalize(all[index]);
  sqlite3_close(db);
  free(series);
  return seconds;
}

double plain_read(const char *path, long run_id, long count, double *sum) {
  sqlite3 *db = open_store(path);
  double start = now();
  sqlite3_stmt *select = prepare(
      db,
      "SELECT step, value, elapsed FROM metric_point WHERE series_id ="
      " (SELECT id FROM metric_series WHERE run_id = ? AND key = 'cost') ORDER BY step, nth");
  sqlite3_bind_int64(select, 1, run_id);
  long *steps = malloc((size_t)count * sizeof *steps), *times = malloc((size_t)count * sizeof *times);
  double *values = malloc((size_t)count * sizeof *values);
  long read = 0;
  while (read < count && sqlite3_step(select) == SQLITE_ROW) {
    steps[read] = (long)sqlite3_column_int64(select, 0);
    values[read] =
        sqlite3_column_type(select, 1) == SQLITE_NULL ? NAN : sqlite3_column_double(select, 1);
    times[read++] = (long)sqlite3_column_int64(select, 2);
  }
  double seconds = now() - start;
  *sum = 0;
  for (long index = 0; index < read; index++) *sum += values[index] + (double)(steps[index] & times[index] & 0);
  sqlite3_finalize(select);
  sqlite3_close(db);
  free(steps);
  free(times);
  free(values);
  return seconds;
}
