#ifndef TRACKER_SQLITE_SHIM_H
#define TRACKER_SQLITE_SHIM_H

#include <sqlite3.h>

#endif
