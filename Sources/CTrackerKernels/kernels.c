#include "CTrackerKernels.h"
