-- title: Bars of seconds
-- form: bar
SELECT coalesce(name, 'run ' || id), duration_seconds FROM runs WHERE duration_seconds IS NOT NULL ORDER BY 2 DESC LIMIT 5
