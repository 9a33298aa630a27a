-- Housekeeping: what refers to a content is found by an index, a check knows its moment, and a run need
-- not belong to a process.

CREATE INDEX gradient_check_by_analytic ON gradient_check (analytic_blob_id)
  WHERE analytic_blob_id IS NOT NULL;
CREATE INDEX gradient_check_by_numerical ON gradient_check (numerical_blob_id)
  WHERE numerical_blob_id IS NOT NULL;
CREATE INDEX gradient_check_by_parameters ON gradient_check (parameters_blob_id)
  WHERE parameters_blob_id IS NOT NULL;
CREATE INDEX run_by_dataset ON run (dataset_id) WHERE dataset_id IS NOT NULL;

-- NULL in checks of schema 1. The end of a crashed run is the last moment it is known to have lived.
ALTER TABLE gradient_check ADD COLUMN created_at INTEGER;

-- A run that a script writes command by command has no process: its pid is 0, which here is NULL.
DROP VIEW runs;
CREATE VIEW runs AS
SELECT
  run.id, run.uuid, experiment.name AS experiment, run.name, run.status, run.error, run.outcome,
  strftime('%Y-%m-%dT%H:%M:%fZ', run.started_at / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', run.ended_at / 1000.0, 'unixepoch') AS ended_at,
  (run.ended_at - run.started_at) / 1000.0 AS duration_seconds,
  run.archived_at IS NOT NULL AS archived, run.note,
  dataset.name AS dataset, dataset.sha256 AS dataset_sha256, dataset.row_count AS dataset_rows,
  dataset.feature_count AS dataset_features, dataset.class_count AS dataset_classes,
  run.program, run.git_commit, run.git_dirty, run.host, run.user, nullif(run.pid, 0) AS pid,
  run.command
FROM run
JOIN experiment ON experiment.id = run.experiment_id
LEFT JOIN dataset ON dataset.id = run.dataset_id;
