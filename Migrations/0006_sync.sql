-- What two stores need to agree: when people changed what they may change, what they took away, and what was replaced.

-- When a run was moved to another experiment, and when it was archived or brought back; NULL if never, or before this.
ALTER TABLE run ADD COLUMN moved_at INTEGER;
ALTER TABLE run ADD COLUMN filed_at INTEGER;

-- When a parameter was given after the run's start, and a tag to an experiment; NULL if at its start, or before this.
ALTER TABLE parameter ADD COLUMN set_at INTEGER;
ALTER TABLE experiment_tag ADD COLUMN set_at INTEGER;

-- Runs that people deleted: a sync does not bring them back.
CREATE TABLE removed_run (
  uuid TEXT NOT NULL PRIMARY KEY,
  removed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Names that experiments no longer have: `became` is the new one, and NULL where the experiment was deleted. An experiment
-- that got the name later is another.
CREATE TABLE removed_experiment (
  name TEXT NOT NULL PRIMARY KEY,
  became TEXT,
  removed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a newer value from another store replaced here. `field` is `note`, `name`, `experiment`, `archived`, `tags.KEY`,
-- `params.KEY`, `metrics.KEY` (at `step`) or `artifacts.NAME`, whose value is the SHA-256 of the content that `blob_id` keeps.
-- The times are those at which the values were given, NULL if that is not known.
CREATE TABLE replaced_value (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  field TEXT NOT NULL,
  step INTEGER,
  value ANY,
  set_at INTEGER,
  kept_value ANY,
  kept_set_at INTEGER,
  blob_id INTEGER REFERENCES blob (id),
  source TEXT NOT NULL,
  replaced_at INTEGER NOT NULL
) STRICT;

CREATE INDEX replaced_value_by_run ON replaced_value (run_id);
CREATE INDEX replaced_value_by_blob ON replaced_value (blob_id) WHERE blob_id IS NOT NULL;

CREATE VIEW replaced_values AS
SELECT
  run_id, field, step, value,
  strftime('%Y-%m-%dT%H:%M:%fZ', set_at / 1000.0, 'unixepoch') AS set_at,
  kept_value,
  strftime('%Y-%m-%dT%H:%M:%fZ', kept_set_at / 1000.0, 'unixepoch') AS kept_set_at,
  source,
  strftime('%Y-%m-%dT%H:%M:%fZ', replaced_at / 1000.0, 'unixepoch') AS replaced_at
FROM replaced_value;
