#ifndef SHA256_H
#define SHA256_H

#include "CTrackerHash.h"

#include <stdbool.h>

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS PUB 180-4, 4.2.2).
extern const uint32_t tracker_sha256_constants[64];

#if defined(__x86_64__)
/// Whether the processor has instructions for SHA-256.
bool tracker_sha256_has_instructions(void);
/// Takes blocks of 64 bytes with them.
void tracker_sha256_instructions(uint32_t state[8], const uint8_t *blocks, size_t count);
#endif

#endif
