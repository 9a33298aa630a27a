-- title: Dots by status
-- form: scatter
SELECT id, coalesce(duration_seconds, 0), status FROM runs
