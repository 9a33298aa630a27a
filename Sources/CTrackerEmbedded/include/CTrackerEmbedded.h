#ifndef TRACKER_EMBEDDED_H
#define TRACKER_EMBEDDED_H

#include <stddef.h>

/// A file of the source tree that the program carries inside itself.
typedef struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} TrackerEmbeddedFile;

/// The digits that scikit-learn ships, as CSV: 1,797 rows of 64 pixels (0…16) and the label; no header.
extern const TrackerEmbeddedFile tracker_embedded_digits;

/// The migrations in order: `Migrations/0001_….sql` and on.
const TrackerEmbeddedFile *tracker_embedded_migrations(size_t *count);

/// The report's templates, style, script and sections: everything under `Reports/` that a report is made of.
extern const TrackerEmbeddedFile tracker_embedded_report_files[];
extern const size_t tracker_embedded_report_file_count;
/// The file of that index: Swift cannot see arrays of unknown length.
const TrackerEmbeddedFile *tracker_embedded_report_file(size_t index);

#endif
