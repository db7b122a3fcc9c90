-- Who starts, who answers and after how long, where the source says which event answers which.
-- A reaction is neither: it has no time of its own in most sources.
WITH written AS (
  SELECT DISTINCT event, source, time FROM {contacts} WHERE directed
),
answers AS (
  SELECT r.source, r.target, r.time, r.event, max(w.time) AS asked
  FROM {contacts} r
  JOIN written w ON r.reply_to = w.event AND r.target = w.source AND w.time <= r.time
  WHERE r.directed AND coalesce(r.role, '') <> 'reaction'
  GROUP BY r.source, r.target, r.time, r.event
),
timed AS (
  SELECT
    least(source, target) AS a, greatest(source, target) AS b,
    CASE WHEN source < target THEN 1 ELSE 0 END AS forward,
    cast(time - asked AS double) / 3.6e9 AS hours
  FROM answers
),
answered AS (
  SELECT
    a, b,
    cast(sum(forward) AS bigint) AS answered_forward,
    cast(sum(1 - forward) AS bigint) AS answered_back,
    median(CASE WHEN forward = 1 THEN hours END) AS answer_hours_forward,
    median(CASE WHEN forward = 0 THEN hours END) AS answer_hours_back
  FROM timed
  GROUP BY a, b
),
started AS (
  SELECT
    least(source, target) AS a, greatest(source, target) AS b,
    cast(sum(CASE WHEN source < target THEN 1 ELSE 0 END) AS bigint) AS started_forward,
    cast(sum(CASE WHEN source < target THEN 0 ELSE 1 END) AS bigint) AS started_back
  FROM {contacts}
  WHERE directed AND reply_to IS NULL AND coalesce(role, '') <> 'reaction'
  GROUP BY a, b
)
SELECT
  coalesce(s.a, r.a) AS a,
  coalesce(s.b, r.b) AS b,
  coalesce(s.started_forward, 0) AS started_forward,
  coalesce(s.started_back, 0) AS started_back,
  coalesce(r.answered_forward, 0) AS answered_forward,
  coalesce(r.answered_back, 0) AS answered_back,
  r.answer_hours_forward AS answer_hours_forward,
  r.answer_hours_back AS answer_hours_back
FROM started s
FULL OUTER JOIN answered r ON s.a = r.a AND s.b = r.b
ORDER BY a, b
