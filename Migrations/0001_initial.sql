-- The first schema: experiments, runs, parameters, metrics, gradient checks, artifacts.
-- Tables are ours and may change with a later migration; the views at the end are for everybody.
-- README.md beside this file documents both.

CREATE TABLE migration (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at INTEGER NOT NULL,
  program TEXT NOT NULL
) STRICT;

CREATE TABLE experiment (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE dataset (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  feature_count INTEGER NOT NULL,
  class_count INTEGER NOT NULL,
  UNIQUE (sha256, name, row_count, feature_count, class_count)
) STRICT;

-- AUTOINCREMENT: the number of a deleted run is never given to another.
CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE,
  experiment_id INTEGER NOT NULL REFERENCES experiment (id),
  name TEXT,
  status TEXT NOT NULL
    CHECK (status IN ('running', 'finished', 'failed', 'interrupted', 'crashed')),
  error TEXT,
  outcome TEXT,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  archived_at INTEGER,
  note TEXT,
  dataset_id INTEGER REFERENCES dataset (id),
  program TEXT NOT NULL,
  git_commit TEXT,
  git_dirty INTEGER CHECK (git_dirty IN (0, 1)),
  host TEXT NOT NULL,
  user TEXT NOT NULL,
  machine_id TEXT,
  boot_id TEXT,
  pid_namespace TEXT,
  pid INTEGER NOT NULL,
  process_start INTEGER,
  command TEXT NOT NULL
) STRICT;

CREATE INDEX run_by_experiment ON run (experiment_id);
CREATE INDEX run_by_name ON run (name) WHERE name IS NOT NULL;
CREATE INDEX run_still_running ON run (id) WHERE status = 'running';

-- The value is an INTEGER, a REAL or a TEXT as it was given; a NULL of kind 'real' is NaN.
CREATE TABLE parameter (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('integer', 'real', 'text', 'boolean')),
  value ANY,
  PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;

-- One row a run and metric, kept up to date in the transaction of each point, so that a list of runs
-- reads no points. A value is a REAL; NULL is NaN. ANY, not REAL: a REAL column loses the sign of −0.
CREATE TABLE metric_series (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  point_count INTEGER NOT NULL,
  first_value ANY,
  last_value ANY,
  min_value ANY,
  max_value ANY,
  last_step INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  UNIQUE (run_id, key)
) STRICT;

-- Clustered by series and step: a curve is read in one sweep. `elapsed` is milliseconds since the
-- run's start, which takes half the room of a moment; `nth` counts several values at one step.
CREATE TABLE metric_point (
  series_id INTEGER NOT NULL REFERENCES metric_series (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  value ANY,
  elapsed INTEGER NOT NULL,
  PRIMARY KEY (series_id, step, nth)
) STRICT, WITHOUT ROWID;

-- Content by its SHA-256: equal contents are kept once.
CREATE TABLE blob (
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  content BLOB NOT NULL
) STRICT;

CREATE TABLE artifact (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  blob_id INTEGER NOT NULL REFERENCES blob (id),
  created_at INTEGER NOT NULL,
  UNIQUE (run_id, name)
) STRICT;

CREATE INDEX artifact_by_blob ON artifact (blob_id);

-- The vectors are blobs of little-endian float64.
CREATE TABLE gradient_check (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  moment TEXT NOT NULL,
  method TEXT NOT NULL,
  epsilon REAL NOT NULL,
  tolerance REAL NOT NULL,
  relative_tolerance REAL NOT NULL,
  passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
  seconds REAL NOT NULL,
  cost REAL,
  analytic_blob_id INTEGER REFERENCES blob (id),
  numerical_blob_id INTEGER REFERENCES blob (id),
  parameters_blob_id INTEGER REFERENCES blob (id)
) STRICT;

CREATE INDEX gradient_check_by_run ON gradient_check (run_id);

-- `position` orders the blocks; a NULL difference is NaN.
CREATE TABLE gradient_check_block (
  check_id INTEGER NOT NULL REFERENCES gradient_check (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  part TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  column_count INTEGER NOT NULL,
  checked_count INTEGER NOT NULL,
  failed_count INTEGER NOT NULL,
  max_absolute_difference REAL,
  max_relative_difference REAL,
  worst_row INTEGER,
  worst_column INTEGER,
  worst_analytic REAL,
  worst_numerical REAL,
  PRIMARY KEY (check_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE gradient_check_entry (
  check_id INTEGER NOT NULL REFERENCES gradient_check (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  block TEXT NOT NULL,
  row INTEGER NOT NULL,
  column INTEGER NOT NULL,
  analytic REAL,
  numerical REAL,
  PRIMARY KEY (check_id, position)
) STRICT, WITHOUT ROWID;

-- The views: names and columns that stay.

CREATE VIEW runs AS
SELECT
  run.id, run.uuid, experiment.name AS experiment, run.name, run.status, run.error, run.outcome,
  strftime('%Y-%m-%dT%H:%M:%fZ', run.started_at / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', run.ended_at / 1000.0, 'unixepoch') AS ended_at,
  (run.ended_at - run.started_at) / 1000.0 AS duration_seconds,
  run.archived_at IS NOT NULL AS archived, run.note,
  dataset.name AS dataset, dataset.sha256 AS dataset_sha256, dataset.row_count AS dataset_rows,
  dataset.feature_count AS dataset_features, dataset.class_count AS dataset_classes,
  run.program, run.git_commit, run.git_dirty, run.host, run.user, run.pid, run.command
FROM run
JOIN experiment ON experiment.id = run.experiment_id
LEFT JOIN dataset ON dataset.id = run.dataset_id;

CREATE VIEW parameters AS
SELECT run_id, key, kind, value FROM parameter;

CREATE VIEW tags AS
SELECT run_id, key, value FROM tag;

CREATE VIEW metrics AS
SELECT
  run_id, key, point_count AS count, first_value AS first, last_value AS last, min_value AS min,
  max_value AS max, last_step
FROM metric_series;

CREATE VIEW metric_points AS
SELECT
  metric_series.run_id, metric_series.key, metric_point.step, metric_point.value,
  strftime('%Y-%m-%dT%H:%M:%fZ', (run.started_at + metric_point.elapsed) / 1000.0, 'unixepoch')
    AS time
FROM metric_series
JOIN run ON run.id = metric_series.run_id
JOIN metric_point ON metric_point.series_id = metric_series.id;

CREATE VIEW gradient_checks AS
SELECT
  gradient_check.id, run_id, step, moment, method, epsilon, tolerance, relative_tolerance, passed,
  seconds, cost, sum(checked_count) AS checked_count, sum(failed_count) AS failed_count,
  max(max_absolute_difference) AS max_absolute_difference,
  max(max_relative_difference) AS max_relative_difference
FROM gradient_check
JOIN gradient_check_block ON gradient_check_block.check_id = gradient_check.id
GROUP BY gradient_check.id;

CREATE VIEW gradient_check_blocks AS
SELECT
  check_id, gradient_check.run_id, name, part, row_count AS rows, column_count AS columns,
  checked_count, failed_count, max_absolute_difference, max_relative_difference, worst_row,
  worst_column, worst_analytic, worst_numerical
FROM gradient_check_block
JOIN gradient_check ON gradient_check.id = gradient_check_block.check_id;

CREATE VIEW artifacts AS
SELECT
  artifact.run_id, artifact.name, artifact.kind, lower(hex(blob.sha256)) AS sha256,
  length(blob.content) AS byte_count,
  strftime('%Y-%m-%dT%H:%M:%fZ', artifact.created_at / 1000.0, 'unixepoch') AS created_at
FROM artifact
JOIN blob ON blob.id = artifact.blob_id;
