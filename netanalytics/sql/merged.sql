-- The same after several ids became one person: rows that are now equal are one contact, and an
-- event has as many people as there are.
WITH members AS (
  SELECT event, channel, time, source AS member FROM {contacts}
  UNION
  SELECT event, channel, time, target AS member FROM {contacts}
),
people AS (
  SELECT event, channel, time, count(*) AS people FROM members GROUP BY event, channel, time
),
listed AS (
  SELECT l.event, l.channel, l.time, count(DISTINCT p.id) AS ids
  FROM (
    SELECT event, channel, time, source AS id FROM ({log}) AS a
    UNION
    SELECT event, channel, time, target AS id FROM ({log}) AS b
  ) AS l
  JOIN {ids} p ON l.id = p.id
  GROUP BY l.event, l.channel, l.time
),
ordered AS (
  SELECT
    c.time, c.day, c.channel, c.event, c.directed, c.reply_to, c.role,
    CASE WHEN c.directed THEN c.source ELSE least(c.source, c.target) END AS source,
    CASE WHEN c.directed THEN c.target ELSE greatest(c.source, c.target) END AS target,
    greatest(2, c.size - (i.ids - p.people)) AS size
  FROM {contacts} c
  JOIN people p ON c.event = p.event AND c.channel = p.channel AND c.time = p.time
  JOIN listed i ON c.event = i.event AND c.channel = i.channel AND c.time = i.time
)
SELECT
  time, day, channel, event, size, directed, reply_to, role, source, target,
  row_number() OVER (
    PARTITION BY time, source, target, channel ORDER BY size, event, reply_to
  ) AS copy
FROM ordered
