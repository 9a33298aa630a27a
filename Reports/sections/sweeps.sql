-- title: Sweeps
-- note: Many runs under one record; tracker sweep --resume goes on with one that was stopped.
-- after: effects
SELECT sweeps.id AS sweep, sweeps.status, sweeps.sampler, sweeps.pruner, sweeps.objective, sweeps.direction,
  count(*) AS runs, sweeps.trial_count AS trials, sweeps.command
FROM sweeps JOIN sweep_trials ON sweep_trials.sweep_id = sweeps.id
WHERE sweep_trials.run_id IN (SELECT value FROM json_each(:runs))
GROUP BY sweeps.id ORDER BY sweeps.id
