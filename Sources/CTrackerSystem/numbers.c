#include "CTrackerSystem.h"

#include <stdio.h>

int tracker_print_number(char *text, size_t size, double value, int precision, int is_scientific) {
  return snprintf(text, size, is_scientific ? "%.*e" : "%.*f", precision, value);
}
