#include "CTrackerSystem.h"

// Says which C library this is, too.
#include <stdlib.h>

static int argument_count;
static char **arguments;

#if defined(__GLIBC__) || defined(__APPLE__)
// Constructors get what main gets. Swift reads the words from /proc, which may be hidden.
__attribute__((constructor)) static void keep_arguments(int count, char **words) {
  argument_count = count;
  arguments = words;
}
#endif

int tracker_argument_count(void) { return argument_count; }
char **tracker_arguments(void) { return arguments; }
