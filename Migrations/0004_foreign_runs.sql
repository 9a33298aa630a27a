-- Runs of any program: what was noticed while they went on.

-- An alert is what a condition, a rule or a person had to say. A run that is resumed from an earlier step loses
-- those that came after it, as it loses its points.
CREATE TABLE alert (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
  step INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX alert_by_run ON alert (run_id);

CREATE VIEW alerts AS
SELECT
  id, run_id, title, text, level, step,
  strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS created_at
FROM alert;

-- What is known of a check of foreign code. `layout` is what `tracker check --layout` reads; `costs` are J at the same
-- parameters again and again, little-endian float64; the types are those of the vectors where they come from, such
-- as `float32`; the second quotients are taken with `second_epsilon`.
ALTER TABLE gradient_check ADD COLUMN layout TEXT;
ALTER TABLE gradient_check ADD COLUMN example_count INTEGER;
ALTER TABLE gradient_check ADD COLUMN lambda REAL;
ALTER TABLE gradient_check ADD COLUMN activation TEXT;
ALTER TABLE gradient_check ADD COLUMN cost_form TEXT;
ALTER TABLE gradient_check ADD COLUMN costs BLOB;
ALTER TABLE gradient_check ADD COLUMN analytic_type TEXT;
ALTER TABLE gradient_check ADD COLUMN numerical_type TEXT;
ALTER TABLE gradient_check ADD COLUMN parameters_type TEXT;
ALTER TABLE gradient_check ADD COLUMN second_epsilon REAL;
ALTER TABLE gradient_check ADD COLUMN second_numerical_blob_id INTEGER REFERENCES blob (id);

CREATE INDEX gradient_check_by_second_numerical ON gradient_check (second_numerical_blob_id)
WHERE second_numerical_blob_id IS NOT NULL;

-- Why a run ended, by name, beside the sentence for people: an optimiser's reason (gradientTolerance, costTolerance,
-- lineSearchFailed, precisionLoss, unbounded, nonFiniteCost, nonFiniteGradient, evaluationLimit), the training's
-- (epochLimit, patience, stopped), a sweep's (pruned), or another program's own; NULL where nobody said.
ALTER TABLE run ADD COLUMN stop_reason TEXT;

-- The sentences that programs before this wrote, once and for all.
UPDATE run SET stop_reason = CASE
  WHEN outcome = 'Converged: the gradient is as small as asked for.' THEN 'gradientTolerance'
  WHEN outcome = 'Converged: the cost hardly falls any more.' THEN 'costTolerance'
  WHEN outcome LIKE 'The line search failed: %' THEN 'lineSearchFailed'
  WHEN outcome = 'What is left to gain is lost in the rounding of the cost.' THEN 'precisionLoss'
  WHEN outcome = 'The cost falls without end along the search direction.' THEN 'unbounded'
  WHEN outcome = 'The cost is not a finite number.' THEN 'nonFiniteCost'
  WHEN outcome = 'The gradient holds NaN or infinity.' THEN 'nonFiniteGradient'
  WHEN outcome = 'All evaluations that were allowed are used up.' THEN 'evaluationLimit'
  WHEN outcome LIKE 'All % epochs are done.' THEN 'epochLimit'
  WHEN outcome LIKE 'The held-out cost was best at epoch %' THEN 'patience'
  WHEN outcome LIKE 'Stopped after % epochs.' THEN 'stopped'
  WHEN outcome LIKE 'Pruned: %' THEN 'pruned'
END
WHERE program LIKE 'tracker %';

DROP VIEW runs;
CREATE VIEW runs AS
SELECT
  run.id, run.uuid, experiment.name AS experiment, run.name, run.status, run.error, run.outcome,
  run.stop_reason,
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

-- By key and value: which keys there are is found without going through all runs, and so are the runs that a
-- condition is true of. A metric's values change with each point, and are not in its index.
CREATE INDEX parameter_by_key ON parameter (key, value);
CREATE INDEX tag_by_key ON tag (key, value);
CREATE INDEX metric_series_by_key ON metric_series (key);
