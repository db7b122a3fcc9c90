-- What is left of the raw contacts without some people: as if they had not been in any event.
-- The size of an event loses them too, and no answer points at what has gone.
WITH marked AS (
  SELECT r.*, CASE WHEN s.value IS NULL AND t.value IS NULL THEN 0 ELSE 1 END AS gone,
         CASE WHEN r.event IS NOT NULL THEN r.event ELSE concat('=', r.source) END AS of_event
  FROM {raw} r
  LEFT JOIN {hidden} s ON r.source = s.value
  LEFT JOIN {hidden} t ON r.target = t.value
),
members AS (
  SELECT m.of_event, m.channel, m.time, m.source AS member FROM marked m
  JOIN {hidden} h ON m.source = h.value WHERE m.gone = 1
  UNION
  SELECT m.of_event, m.channel, m.time, m.target AS member FROM marked m
  JOIN {hidden} h ON m.target = h.value WHERE m.gone = 1
),
fewer AS (
  SELECT of_event, channel, time, count(*) AS n FROM members GROUP BY of_event, channel, time
),
left_over AS (
  SELECT DISTINCT event FROM marked WHERE gone = 0 AND event IS NOT NULL
),
lost AS (
  SELECT DISTINCT m.event FROM marked m LEFT JOIN left_over l ON m.event = l.event
  WHERE m.gone = 1 AND l.event IS NULL
)
SELECT
  m.file, m.record, m.source, m.target, m.time, m.channel, m.event,
  cast(greatest(m.size - coalesce(f.n, 0), 2) AS bigint) AS size, m.directed, m.role,
  CASE WHEN x.event IS NULL THEN m.reply_to END AS reply_to, m.origin
FROM marked m
LEFT JOIN fewer f ON m.of_event = f.of_event AND m.channel = f.channel AND m.time = f.time
LEFT JOIN lost x ON m.reply_to = x.event
WHERE m.gone = 0
