-- The rhythm of each pair: distinct days, longest and median pause, and the last day that ended a
-- pause long enough to speak of a return.
WITH days AS (
  SELECT DISTINCT least(source, target) AS a, greatest(source, target) AS b, day FROM {contacts}
),
gaps AS (
  SELECT a, b, day, day - lag(day) OVER (PARTITION BY a, b ORDER BY day) AS gap FROM days
)
SELECT
  a, b,
  count(*) AS days,
  cast(max(gap) AS double) AS longest_gap_days,
  cast(median(gap) AS double) AS median_gap_days,
  max(CASE WHEN gap >= {return_days} THEN day END) AS last_return
FROM gaps
GROUP BY a, b
ORDER BY a, b
