-- The contacts that make ties, with people as numbers in the order of their ids.
SELECT
  l.time, s.code AS source, t.code AS target, l.channel, l.event, l.size, l.directed, l.reply_to, l.role,
  cast(floor(cast(l.time AS double) / 8.64e10) AS bigint) AS day
FROM ({log}) AS l
JOIN {ids} s ON l.source = s.id
JOIN {ids} t ON l.target = t.id
