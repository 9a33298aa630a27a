-- title: Lines of cost
-- form: line
SELECT step, value, run_id FROM metric_points WHERE key = 'cost' AND run_id <= 3
