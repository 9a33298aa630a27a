// What every processor of the architecture can do: SSE2 on x86-64, NEON on arm64.
#define VARIANT tracker_variant_baseline
#define WIDTH 2
#if defined(__aarch64__)
#define ROWS 8
#else
#define ROWS 4
#endif
#define PANEL 3
#include "Variant/variant.h"
