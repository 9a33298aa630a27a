-- title: Where the time went
-- form: bar
-- note: Seconds of all runs of each optimiser, from their start to their end.
-- after: effects
SELECT coalesce(parameters.value, 'recorded programs') AS optimizer, round(sum(runs.duration_seconds), 3) AS seconds
FROM runs LEFT JOIN parameters ON parameters.run_id = runs.id AND parameters.key = 'optimizer'
WHERE runs.id IN (SELECT value FROM json_each(:runs)) AND runs.duration_seconds IS NOT NULL
GROUP BY 1 HAVING count(*) < (SELECT count(*) FROM json_each(:runs)) ORDER BY 2 DESC
