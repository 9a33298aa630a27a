// The files that the program carries inside itself, by C23's #embed: editing one rebuilds this file alone.
#pragma clang diagnostic ignored "-Wc23-extensions"

#include "CTrackerEmbedded.h"

#define EMBEDDED(name, array) {name, array, sizeof(array)}

static const unsigned char digits[] = {
#embed "Data/digits.csv"
};
const TrackerEmbeddedFile tracker_embedded_digits = EMBEDDED("digits.csv", digits);

static const unsigned char migration_0001[] = {
#embed "../../Migrations/0001_initial.sql"
};
const TrackerEmbeddedFile *tracker_embedded_migrations(size_t *count) {
  static const TrackerEmbeddedFile files[] = {
      EMBEDDED("0001_initial.sql", migration_0001),
  };
  *count = sizeof(files) / sizeof(files[0]);
  return files;
}

static const unsigned char report_html[] = {
#embed "../../Reports/report.html"
};
const TrackerEmbeddedFile tracker_embedded_report_files[] = {
    EMBEDDED("report.html", report_html),
};
const size_t tracker_embedded_report_file_count =
    sizeof(tracker_embedded_report_files) / sizeof(tracker_embedded_report_files[0]);
