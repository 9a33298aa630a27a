#ifndef TRACKER_HASH_H
#define TRACKER_HASH_H

#include <stddef.h>
#include <stdint.h>

/// The state of a SHA-256 while bytes come in.
typedef struct {
  uint32_t state[8];
  uint64_t byte_count;
  uint8_t block[64];
} TrackerSHA256;

/// Begins a digest.
void tracker_sha256_begin(TrackerSHA256 *digest);
/// Takes the next bytes.
void tracker_sha256_update(TrackerSHA256 *digest, const void *bytes, size_t count);
/// Ends the digest and writes its 32 bytes.
void tracker_sha256_finish(TrackerSHA256 *digest, uint8_t out[32]);
/// Takes blocks of 64 bytes into a state without instructions of one processor alone, to compare the others with.
void tracker_sha256_portable(uint32_t state[8], const uint8_t *blocks, size_t count);

#endif
