#include "CTrackerFaults.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

static sqlite3_vfs *disk;
static atomic_long count, failed, first_failing;
static atomic_int persists, kind, armed;

typedef struct {
  sqlite3_file base;
  int is_faulty;
  sqlite3_file *real;
} File;

static sqlite3_file *real_of(sqlite3_file *file) { return ((File *)file)->real; }

// Whether this operation fails.
static int fails(sqlite3_file *file) {
  if ((file && !((File *)file)->is_faulty) || !atomic_load(&armed)) return 0;
  long number = atomic_fetch_add(&count, 1) + 1;
  long first = atomic_load(&first_failing);
  int does = number == first || (number > first && atomic_load(&persists));
  if (does) atomic_fetch_add(&failed, 1);
  return does;
}

static int answer(int otherwise) {
  return atomic_load(&kind) == TRACKER_FAULT_FULL ? SQLITE_FULL : otherwise;
}

static int file_close(sqlite3_file *f) {
  return real_of(f)->pMethods ? real_of(f)->pMethods->xClose(real_of(f)) : SQLITE_OK;
}
static int file_read(sqlite3_file *f, void *bytes, int n, sqlite3_int64 at) {
  return real_of(f)->pMethods->xRead(real_of(f), bytes, n, at);
}
static int file_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at) {
  if (fails(f)) {
    // Torn: half of it is there.
    real_of(f)->pMethods->xWrite(real_of(f), bytes, n / 2, at);
    return answer(SQLITE_IOERR_WRITE);
  }
  return real_of(f)->pMethods->xWrite(real_of(f), bytes, n, at);
}
static int file_truncate(sqlite3_file *f, sqlite3_int64 size) {
  if (fails(f)) return answer(SQLITE_IOERR_TRUNCATE);
  return real_of(f)->pMethods->xTruncate(real_of(f), size);
}
static int file_sync(sqlite3_file *f, int flags) {
  if (fails(f)) return answer(SQLITE_IOERR_FSYNC);
  return real_of(f)->pMethods->xSync(real_of(f), flags);
}
static int file_size(sqlite3_file *f, sqlite3_int64 *size) {
  return real_of(f)->pMethods->xFileSize(real_of(f), size);
}
static int file_lock(sqlite3_file *f, int level) {
  return real_of(f)->pMethods->xLock(real_of(f), level);
}
static int file_unlock(sqlite3_file *f, int level) {
  return real_of(f)->pMethods->xUnlock(real_of(f), level);
}
static int file_reserved(sqlite3_file *f, int *out) {
  return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}
static int file_control(sqlite3_file *f, int op, void *arg) {
  return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}
static int file_sector(sqlite3_file *f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); }
static int file_traits(sqlite3_file *f) {
  return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}
static int file_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
  if (extend && fails(f)) return answer(SQLITE_IOERR_SHMSIZE);
  return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}
static int file_shm_lock(sqlite3_file *f, int offset, int n, int flags) {
  return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}
static void file_shm_barrier(sqlite3_file *f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); }
static int file_shm_unmap(sqlite3_file *f, int delete_it) {
  return real_of(f)->pMethods->xShmUnmap(real_of(f), delete_it);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
  (void)vfs;
  File *self = (File *)file;
  memset(self, 0, sizeof *self);
  self->real = (sqlite3_file *)(self + 1);
  self->is_faulty = name && strstr(name, "faulty") != NULL;
  if (self->is_faulty && (flags & SQLITE_OPEN_CREATE) && fails(file)) return answer(SQLITE_CANTOPEN);
  int status = disk->xOpen(disk, name, self->real, flags, out);
  if (status == SQLITE_OK) self->base.pMethods = &methods;
  return status;
}

int tracker_faults_install(void) {
  static sqlite3_vfs layer;
  if (disk) return SQLITE_OK;
  disk = sqlite3_vfs_find(NULL);
  layer = *disk;
  layer.zName = "tracker-faults";
  layer.szOsFile = (int)sizeof(File) + disk->szOsFile;
  layer.xOpen = vfs_open;
  layer.pNext = NULL;
  return sqlite3_vfs_register(&layer, 1);
}

void tracker_faults_arm(long first, int does_persist, TrackerFaultKind fault) {
  atomic_store(&count, 0);
  atomic_store(&failed, 0);
  atomic_store(&first_failing, first);
  atomic_store(&persists, does_persist);
  atomic_store(&kind, (int)fault);
  atomic_store(&armed, 1);
}
void tracker_faults_disarm(void) { atomic_store(&armed, 0); }
long tracker_faults_count(void) { return atomic_load(&count); }
long tracker_faults_failed(void) { return atomic_load(&failed); }
