-- The longest pause of each channel between two days on which it held anything.
WITH days AS (
  SELECT DISTINCT channel, cast(floor(cast(time AS double) / 8.64e10) AS bigint) AS day
  FROM ({log}) AS log
  WHERE time <= {as_of}
),
gaps AS (
  SELECT channel, day, day - lag(day) OVER (PARTITION BY channel ORDER BY day) AS gap FROM days
)
SELECT channel, max(day) AS last_day, coalesce(max(gap), 0) AS longest_gap
FROM gaps
GROUP BY channel
ORDER BY channel
