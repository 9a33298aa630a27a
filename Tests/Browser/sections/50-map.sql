-- title: Map of counts
-- form: heat map
SELECT status, experiment, count(*) FROM runs GROUP BY 1, 2
