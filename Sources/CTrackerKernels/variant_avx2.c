#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define VARIANT tracker_variant_avx2
#define WIDTH 4
#define ROWS 4
#define PANEL 3
#include "Variant/variant.h"
#pragma clang attribute pop
#endif
