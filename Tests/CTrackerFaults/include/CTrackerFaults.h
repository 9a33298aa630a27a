#ifndef TRACKER_FAULTS_H
#define TRACKER_FAULTS_H

/// A layer between SQLite and the disk (https://sqlite.org/vfs.html) that lets chosen operations fail, on
/// files whose path contains "faulty" alone.

/// What a failing operation answers.
typedef enum { TRACKER_FAULT_IO = 0, TRACKER_FAULT_FULL = 1 } TrackerFaultKind;

/// Puts the layer in the default's place. May be called more than once.
int tracker_faults_install(void);
/// From now on operation number `first` (1, 2, …) fails, and all after it where `persists` is set. A write
/// that fails may have written half.
void tracker_faults_arm(long first, int persists, TrackerFaultKind kind);
/// From now on nothing fails.
void tracker_faults_disarm(void);
/// How many operations there were since the layer was armed: writes, syncs, truncations, and the making of
/// shared memory and files.
long tracker_faults_count(void);
/// How many of them failed.
long tracker_faults_failed(void);

#endif
