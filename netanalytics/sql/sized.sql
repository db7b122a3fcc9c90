-- Every raw contact with the people in its event, the pair in its order, and why it is dropped.
-- An event that the source names may be spread over files; rows without one share an event
-- when source, time and channel are equal.
WITH readable AS (
  SELECT *
  FROM {raw}
  WHERE time IS NOT NULL AND source IS NOT NULL AND target IS NOT NULL AND source <> target
),
members AS (
  SELECT event, channel, time, source AS member FROM readable WHERE event IS NOT NULL
  UNION
  SELECT event, channel, time, target AS member FROM readable WHERE event IS NOT NULL
),
named AS (
  SELECT event, channel, time, count(*) AS people FROM members GROUP BY event, channel, time
),
unnamed AS (
  SELECT source, channel, time, count(DISTINCT target) + 1 AS people
  FROM readable WHERE event IS NULL GROUP BY source, channel, time
)
SELECT
  r.file, r.record, r.time, r.directed, r.channel, r.role, r.reply_to, r.origin,
  CASE WHEN r.directed THEN r.source ELSE least(r.source, r.target) END AS source,
  CASE WHEN r.directed THEN r.target ELSE greatest(r.source, r.target) END AS target,
  CASE WHEN r.event IS NOT NULL THEN r.event
       ELSE concat(r.channel, ' ', cast(r.time AS string), ' ', r.source) END AS event,
  cast(greatest(coalesce(r.size, 2), coalesce(n.people, u.people, 2)) AS bigint) AS size,
  CASE WHEN r.time IS NULL THEN 1
       WHEN r.source IS NULL OR r.target IS NULL THEN 2
       WHEN r.source = r.target THEN 3
       ELSE 0 END AS fault
FROM {raw} r
LEFT JOIN named n ON r.event = n.event AND r.channel = n.channel AND r.time = n.time
LEFT JOIN unnamed u
  ON r.event IS NULL AND r.source = u.source AND r.channel = u.channel AND r.time = u.time
