-- One row a pair. Strengths add up as integers, scaled at the tie's own last contact, so that the
-- sum is the same for any order of rows and any number of threads.
WITH pairs AS (
  SELECT
    least(source, target) AS a, greatest(source, target) AS b, time, size,
    CASE WHEN directed AND source < target THEN 1 ELSE 0 END AS forward,
    CASE WHEN directed AND source > target THEN 1 ELSE 0 END AS back
  FROM {contacts}
),
lasts AS (
  SELECT a, b, max(time) AS last FROM pairs GROUP BY a, b
),
weighed AS (
  SELECT
    p.a, p.b, p.time, p.forward, p.back,
    cast(round(
      pow(2e0, cast(p.time - l.last AS double) / {half_life}) / cast(p.size - 1 AS double) * {unit}
    ) AS bigint) AS weight
  FROM pairs p
  JOIN lasts l ON p.a = l.a AND p.b = l.b
)
SELECT
  a, b,
  count(*) AS n,
  cast(sum(forward) AS bigint) AS n_forward,
  cast(sum(back) AS bigint) AS n_back,
  min(time) AS first,
  max(time) AS last,
  cast(sum(weight) AS double) AS weight,
  cast(sum(weight * forward) AS double) AS weight_forward,
  cast(sum(weight * back) AS double) AS weight_back
FROM weighed
GROUP BY a, b
ORDER BY a, b
