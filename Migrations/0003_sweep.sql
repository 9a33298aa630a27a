-- Sweeps: many runs under one record, so that one that was stopped at any time goes on where it was.

-- The process is what a run's is: it tells a sweep that goes on from one that crashed. AUTOINCREMENT: its
-- number names the experiment of its runs, and is never given to another.
CREATE TABLE sweep (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL
    CHECK (status IN ('running', 'finished', 'failed', 'interrupted', 'crashed')),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  command TEXT NOT NULL,
  directory TEXT NOT NULL,
  sampler TEXT NOT NULL,
  sampler_seed INTEGER NOT NULL,
  trial_count INTEGER NOT NULL,
  pruner TEXT,
  least_epochs INTEGER NOT NULL,
  objective TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('minimize', 'maximize')),
  host TEXT NOT NULL,
  machine_id TEXT,
  boot_id TEXT,
  pid_namespace TEXT,
  pid INTEGER NOT NULL,
  process_start INTEGER
) STRICT;

-- The options of `run` as they were typed, in their order; a flag has no value.
CREATE TABLE sweep_option (
  sweep_id INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT,
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;

-- A trial begins in one transaction with its run, and what became of it is the run's status: nothing is written
-- twice that could disagree. `pruned` says that the sweep ended the run early. A trial whose run is deleted goes
-- along, and is run again when the sweep is resumed.
CREATE TABLE sweep_trial (
  sweep_id INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  run_id INTEGER NOT NULL UNIQUE REFERENCES run (id) ON DELETE CASCADE,
  pruned INTEGER NOT NULL DEFAULT 0 CHECK (pruned IN (0, 1)),
  PRIMARY KEY (sweep_id, number)
) STRICT, WITHOUT ROWID;

-- What a trial was given of the options that the sweep varies, as it is typed.
CREATE TABLE sweep_trial_value (
  sweep_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (sweep_id, number, name),
  FOREIGN KEY (sweep_id, number) REFERENCES sweep_trial (sweep_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE VIEW sweeps AS
SELECT
  id, uuid, status,
  strftime('%Y-%m-%dT%H:%M:%fZ', started_at / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', ended_at / 1000.0, 'unixepoch') AS ended_at,
  command, sampler, sampler_seed, trial_count, pruner, objective, direction
FROM sweep;

CREATE VIEW sweep_options AS
SELECT sweep_id, position, name, value FROM sweep_option;

CREATE VIEW sweep_trials AS
SELECT
  sweep_trial.sweep_id, sweep_trial.number, sweep_trial.run_id,
  CASE WHEN sweep_trial.pruned THEN 'pruned' ELSE run.status END AS status,
  metric_series.last_value AS value
FROM sweep_trial
JOIN sweep ON sweep.id = sweep_trial.sweep_id
JOIN run ON run.id = sweep_trial.run_id
LEFT JOIN metric_series
  ON metric_series.run_id = sweep_trial.run_id AND metric_series.key = sweep.objective;

CREATE VIEW sweep_values AS
SELECT sweep_id, number, name, value FROM sweep_trial_value;
