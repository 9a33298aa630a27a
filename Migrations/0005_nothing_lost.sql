-- What tells that runs go on, when people changed what they may change, and what clients over a network tell.

-- Which byte of which file beside the store the process has locked that makes the run (DEVICE:INODE:BYTE): the system
-- drops the lock with the process, also with one of another pid namespace, whose number means nothing here.
ALTER TABLE run ADD COLUMN sign_of_life TEXT;
ALTER TABLE sweep ADD COLUMN sign_of_life TEXT;

-- When tags, notes and names were given, so that an import of a run that is here already knows what is newer; NULL if
-- that was before. A tag that was removed must not come back.
ALTER TABLE tag ADD COLUMN set_at INTEGER;
ALTER TABLE run ADD COLUMN noted_at INTEGER;
ALTER TABLE run ADD COLUMN renamed_at INTEGER;

CREATE TABLE removed_tag (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  removed_at INTEGER NOT NULL,
  PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;

-- Experiments as clients over a network know them. One of before has no times. `artifact_location` is where clients put
-- the artifacts of its runs themselves; where it is NULL they are kept in this store. One that was deleted keeps its runs.
ALTER TABLE experiment ADD COLUMN artifact_location TEXT;
ALTER TABLE experiment ADD COLUMN created_at INTEGER;
ALTER TABLE experiment ADD COLUMN updated_at INTEGER;
ALTER TABLE experiment ADD COLUMN deleted_at INTEGER;

CREATE TABLE experiment_tag (
  experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (experiment_id, key)
) STRICT, WITHOUT ROWID;

-- A parameter that came as a text is kept as the number or truth value that it means; the text itself stands here where
-- the value does not give it back letter by letter, such as `1e-3`.
ALTER TABLE parameter ADD COLUMN written TEXT;

-- When a client was last heard of, for a run whose process is elsewhere; NULL for all others.
ALTER TABLE run ADD COLUMN heard_at INTEGER;

-- Data that runs were given, as their clients describe it.
CREATE TABLE input_dataset (
  id INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  source_type TEXT NOT NULL,
  source TEXT NOT NULL,
  schema TEXT,
  profile TEXT,
  UNIQUE (experiment_id, name, digest)
) STRICT;

CREATE TABLE run_input (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  dataset_id INTEGER NOT NULL REFERENCES input_dataset (id) ON DELETE CASCADE,
  PRIMARY KEY (run_id, dataset_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_input_by_dataset ON run_input (dataset_id);

CREATE TABLE run_input_tag (
  run_id INTEGER NOT NULL,
  dataset_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, dataset_id, key),
  FOREIGN KEY (run_id, dataset_id) REFERENCES run_input (run_id, dataset_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Models that runs made or were given. `source_run` is what the client said, and need not be a run of this store.
CREATE TABLE logged_model (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  model_type TEXT NOT NULL,
  source_run TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('unspecified', 'pending', 'ready', 'failed')),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;

CREATE INDEX logged_model_by_experiment ON logged_model (experiment_id);

CREATE TABLE logged_model_parameter (
  model_id INTEGER NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE logged_model_tag (
  model_id INTEGER NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model_id, key)
) STRICT, WITHOUT ROWID;

-- The points of a run that are about a model, and on what data. NULL is NaN; `time` is in milliseconds since 1970.
CREATE TABLE logged_model_metric (
  id INTEGER PRIMARY KEY,
  model_id INTEGER NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  step INTEGER NOT NULL,
  time INTEGER NOT NULL,
  value ANY,
  dataset_name TEXT,
  dataset_digest TEXT
) STRICT;

CREATE INDEX logged_model_metric_by_model ON logged_model_metric (model_id, key);
CREATE INDEX logged_model_metric_by_run ON logged_model_metric (run_id);

CREATE TABLE logged_model_artifact (
  model_id INTEGER NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  blob_id INTEGER NOT NULL REFERENCES blob (id),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (model_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX logged_model_artifact_by_blob ON logged_model_artifact (blob_id);

CREATE TABLE run_model (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  model_id INTEGER NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('input', 'output')),
  step INTEGER NOT NULL,
  PRIMARY KEY (run_id, model_id, role, step)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_model_by_model ON run_model (model_id);

CREATE VIEW experiments AS
SELECT
  id, name, artifact_location,
  strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS created_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch') AS updated_at,
  deleted_at IS NOT NULL AS deleted
FROM experiment;

CREATE VIEW run_inputs AS
SELECT
  run_input.run_id, input_dataset.name, input_dataset.digest, input_dataset.source_type, input_dataset.source,
  (SELECT value FROM run_input_tag
    WHERE run_input_tag.run_id = run_input.run_id AND run_input_tag.dataset_id = run_input.dataset_id
    AND key = 'mlflow.data.context') AS context
FROM run_input
JOIN input_dataset ON input_dataset.id = run_input.dataset_id;

CREATE VIEW logged_models AS
SELECT
  logged_model.uuid AS id, experiment.name AS experiment, logged_model.name, model_type, source_run, status,
  strftime('%Y-%m-%dT%H:%M:%fZ', logged_model.created_at / 1000.0, 'unixepoch') AS created_at
FROM logged_model
JOIN experiment ON experiment.id = logged_model.experiment_id
WHERE logged_model.deleted_at IS NULL;
