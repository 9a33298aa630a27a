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
static const unsigned char migration_0002[] = {
#embed "../../Migrations/0002_housekeeping.sql"
};
static const unsigned char migration_0003[] = {
#embed "../../Migrations/0003_sweep.sql"
};
static const unsigned char migration_0004[] = {
#embed "../../Migrations/0004_foreign_runs.sql"
};
static const unsigned char migration_0005[] = {
#embed "../../Migrations/0005_nothing_lost.sql"
};
static const unsigned char migration_0006[] = {
#embed "../../Migrations/0006_sync.sql"
};
static const unsigned char migration_0007[] = {
#embed "../../Migrations/0007_pieces.sql"
};
static const unsigned char migration_0008[] = {
#embed "../../Migrations/0008_removed_tags.sql"
};
const TrackerEmbeddedFile *tracker_embedded_migrations(size_t *count) {
  static const TrackerEmbeddedFile files[] = {
      EMBEDDED("0001_initial.sql", migration_0001),
      EMBEDDED("0002_housekeeping.sql", migration_0002),
      EMBEDDED("0003_sweep.sql", migration_0003),
      EMBEDDED("0004_foreign_runs.sql", migration_0004),
      EMBEDDED("0005_nothing_lost.sql", migration_0005),
      EMBEDDED("0006_sync.sql", migration_0006),
      EMBEDDED("0007_pieces.sql", migration_0007),
      EMBEDDED("0008_removed_tags.sql", migration_0008),
  };
  *count = sizeof(files) / sizeof(files[0]);
  return files;
}

static const unsigned char report_html[] = {
#embed "../../Reports/report.html"
};
static const unsigned char report_css[] = {
#embed "../../Reports/report.css"
};
static const unsigned char script_page[] = {
#embed "../../Reports/script/01-page.js"
};
static const unsigned char script_runs[] = {
#embed "../../Reports/script/02-runs.js"
};
static const unsigned char script_words[] = {
#embed "../../Reports/script/03-words.js"
};
static const unsigned char script_fields[] = {
#embed "../../Reports/script/04-fields.js"
};
static const unsigned char script_conditions[] = {
#embed "../../Reports/script/05-conditions.js"
};
static const unsigned char script_tables[] = {
#embed "../../Reports/script/06-tables.js"
};
static const unsigned char script_curves[] = {
#embed "../../Reports/script/07-curves.js"
};
static const unsigned char script_axes[] = {
#embed "../../Reports/script/08-axes.js"
};
static const unsigned char script_reading[] = {
#embed "../../Reports/script/09-reading.js"
};
static const unsigned char script_charts[] = {
#embed "../../Reports/script/10-charts.js"
};
static const unsigned char script_tools[] = {
#embed "../../Reports/script/11-tools.js"
};
static const unsigned char script_effects[] = {
#embed "../../Reports/script/12-effects.js"
};
static const unsigned char script_address[] = {
#embed "../../Reports/script/13-address.js"
};
static const unsigned char script_details[] = {
#embed "../../Reports/script/14-details.js"
};
static const unsigned char live_css[] = {
#embed "../../Reports/live/live.css"
};
static const unsigned char live_js[] = {
#embed "../../Reports/live/live.js"
};
static const unsigned char live_run[] = {
#embed "../../Reports/live/live-run.mustache"
};
static const unsigned char live_sections[] = {
#embed "../../Reports/live/live-sections.mustache"
};
static const unsigned char section_checks[] = {
#embed "../../Reports/sections/checks.mustache"
};
static const unsigned char section_curves[] = {
#embed "../../Reports/sections/curves.mustache"
};
static const unsigned char section_details[] = {
#embed "../../Reports/sections/details.mustache"
};
static const unsigned char section_differences[] = {
#embed "../../Reports/sections/differences.mustache"
};
static const unsigned char section_effects[] = {
#embed "../../Reports/sections/effects.mustache"
};
static const unsigned char section_groups[] = {
#embed "../../Reports/sections/groups.mustache"
};
static const unsigned char section_overview[] = {
#embed "../../Reports/sections/overview.mustache"
};
static const unsigned char section_query[] = {
#embed "../../Reports/sections/query.mustache"
};
static const unsigned char section_reproduction[] = {
#embed "../../Reports/sections/reproduction.mustache"
};
static const unsigned char section_runs[] = {
#embed "../../Reports/sections/runs.mustache"
};
static const unsigned char section_sweeps_sql[] = {
#embed "../../Reports/sections/sweeps.sql"
};
static const unsigned char section_time_sql[] = {
#embed "../../Reports/sections/time.sql"
};
static const unsigned char part_axes[] = {
#embed "../../Reports/parts/axes.mustache"
};
static const unsigned char part_bars[] = {
#embed "../../Reports/parts/bars.mustache"
};
static const unsigned char part_data[] = {
#embed "../../Reports/parts/data.mustache"
};
static const unsigned char part_facts[] = {
#embed "../../Reports/parts/facts.mustache"
};
static const unsigned char part_heat_map[] = {
#embed "../../Reports/parts/heat-map.mustache"
};
static const unsigned char part_intervals[] = {
#embed "../../Reports/parts/intervals.mustache"
};
static const unsigned char part_legend[] = {
#embed "../../Reports/parts/legend.mustache"
};
static const unsigned char part_line_chart[] = {
#embed "../../Reports/parts/line-chart.mustache"
};
static const unsigned char part_metric_chart[] = {
#embed "../../Reports/parts/metric-chart.mustache"
};
static const unsigned char part_network[] = {
#embed "../../Reports/parts/network.mustache"
};
static const unsigned char part_ranked[] = {
#embed "../../Reports/parts/ranked.mustache"
};
static const unsigned char part_ridgeline[] = {
#embed "../../Reports/parts/ridgeline.mustache"
};
static const unsigned char part_scatter[] = {
#embed "../../Reports/parts/scatter.mustache"
};
static const unsigned char part_run[] = {
#embed "../../Reports/parts/run.mustache"
};
static const unsigned char part_section[] = {
#embed "../../Reports/parts/section.mustache"
};
static const unsigned char part_table[] = {
#embed "../../Reports/parts/table.mustache"
};
const TrackerEmbeddedFile tracker_embedded_report_files[] = {
    EMBEDDED("report.html", report_html),
    EMBEDDED("report.css", report_css),
    EMBEDDED("script/01-page.js", script_page),
    EMBEDDED("script/02-runs.js", script_runs),
    EMBEDDED("script/03-words.js", script_words),
    EMBEDDED("script/04-fields.js", script_fields),
    EMBEDDED("script/05-conditions.js", script_conditions),
    EMBEDDED("script/06-tables.js", script_tables),
    EMBEDDED("script/07-curves.js", script_curves),
    EMBEDDED("script/08-axes.js", script_axes),
    EMBEDDED("script/09-reading.js", script_reading),
    EMBEDDED("script/10-charts.js", script_charts),
    EMBEDDED("script/11-tools.js", script_tools),
    EMBEDDED("script/12-effects.js", script_effects),
    EMBEDDED("script/13-address.js", script_address),
    EMBEDDED("script/14-details.js", script_details),
    EMBEDDED("live/live.css", live_css),
    EMBEDDED("live/live.js", live_js),
    EMBEDDED("live/live-run.mustache", live_run),
    EMBEDDED("live/live-sections.mustache", live_sections),
    EMBEDDED("sections/checks.mustache", section_checks),
    EMBEDDED("sections/curves.mustache", section_curves),
    EMBEDDED("sections/details.mustache", section_details),
    EMBEDDED("sections/differences.mustache", section_differences),
    EMBEDDED("sections/effects.mustache", section_effects),
    EMBEDDED("sections/groups.mustache", section_groups),
    EMBEDDED("sections/overview.mustache", section_overview),
    EMBEDDED("sections/query.mustache", section_query),
    EMBEDDED("sections/reproduction.mustache", section_reproduction),
    EMBEDDED("sections/runs.mustache", section_runs),
    EMBEDDED("sections/sweeps.sql", section_sweeps_sql),
    EMBEDDED("sections/time.sql", section_time_sql),
    EMBEDDED("parts/axes.mustache", part_axes),
    EMBEDDED("parts/bars.mustache", part_bars),
    EMBEDDED("parts/data.mustache", part_data),
    EMBEDDED("parts/facts.mustache", part_facts),
    EMBEDDED("parts/heat-map.mustache", part_heat_map),
    EMBEDDED("parts/intervals.mustache", part_intervals),
    EMBEDDED("parts/legend.mustache", part_legend),
    EMBEDDED("parts/line-chart.mustache", part_line_chart),
    EMBEDDED("parts/metric-chart.mustache", part_metric_chart),
    EMBEDDED("parts/network.mustache", part_network),
    EMBEDDED("parts/ranked.mustache", part_ranked),
    EMBEDDED("parts/ridgeline.mustache", part_ridgeline),
    EMBEDDED("parts/scatter.mustache", part_scatter),
    EMBEDDED("parts/run.mustache", part_run),
    EMBEDDED("parts/section.mustache", part_section),
    EMBEDDED("parts/table.mustache", part_table),
};
const size_t tracker_embedded_report_file_count =
    sizeof(tracker_embedded_report_files) / sizeof(tracker_embedded_report_files[0]);
const TrackerEmbeddedFile *tracker_embedded_report_file(size_t index) {
  return &tracker_embedded_report_files[index];
}
