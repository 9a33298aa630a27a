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
