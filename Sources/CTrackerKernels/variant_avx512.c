#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define VARIANT tracker_variant_avx512
#define WIDTH 8
#define ROWS 8
#define PANEL 3
#include "Variant/variant.h"
#pragma clang attribute pop
#endif
