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
