-- Tags that were taken off experiments and models stay off after a sync, as those of runs do; and whether a series holds NaN is
-- known without reading it.

-- When a tag was given to a model; NULL if that was before. When tags were taken off experiments and models.
ALTER TABLE logged_model_tag ADD COLUMN set_at INTEGER;

CREATE TABLE removed_experiment_tag (
  experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  removed_at INTEGER NOT NULL,
  PRIMARY KEY (experiment_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE removed_model_tag (
  model_id INTEGER NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  removed_at INTEGER NOT NULL,
  PRIMARY KEY (model_id, key)
) STRICT, WITHOUT ROWID;

-- Least and greatest values of a series leave NaN out. It is rare: the index is next to nothing.
CREATE INDEX metric_point_nan ON metric_point (series_id) WHERE value IS NULL;
