-- Contacts a month and channel, and how many people had them; months come from a table of days.
WITH placed AS (
  SELECT d.month, l.channel, l.source, l.target
  FROM ({log}) AS l
  JOIN {days} d ON cast(floor(cast(l.time AS double) / 8.64e10) AS bigint) = d.day
),
members AS (
  SELECT month, channel, source AS person FROM placed
  UNION
  SELECT month, channel, target AS person FROM placed
),
people AS (
  SELECT month, channel, count(*) AS people FROM members GROUP BY month, channel
),
contacts AS (
  SELECT month, channel, count(*) AS contacts FROM placed GROUP BY month, channel
)
SELECT c.month, c.channel, c.contacts, p.people
FROM contacts c
JOIN people p ON c.month = p.month AND c.channel = p.channel
ORDER BY c.month, c.channel
