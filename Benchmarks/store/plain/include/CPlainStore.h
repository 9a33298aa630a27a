#ifndef PLAIN_STORE_H
#define PLAIN_STORE_H

/// The peer: what a careful C program does on the same schema with the same settings, and nothing more.
/// Each function returns seconds, and ends the program on an error.

/// Appends `count` points to one new series in one transaction.
double plain_bulk(const char *path, long run, long count);
/// Appends `epochs` times `metrics` points, each epoch in a transaction of its own.
double plain_epochs(const char *path, long run, long epochs, int metrics);
/// Reads a series of `count` points into arrays; `sum` shows the work.
double plain_read(const char *path, long run, long count, double *sum);

#endif
