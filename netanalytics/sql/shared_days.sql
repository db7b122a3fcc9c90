-- Pairs with contact of their own that were both reached by one message, a day: each message counts
-- one over its recipients, in whole units so that the sum is the same in any order.
WITH reached AS (
  SELECT DISTINCT event, channel, source, time, day, target, size
  FROM {contacts}
  WHERE directed AND size > 2
),
tied AS (
  SELECT DISTINCT a, b FROM {pair_days}
)
SELECT
  x.target AS a, y.target AS b, x.day AS day,
  cast(sum(cast(round({unit} / cast(x.size - 1 AS double)) AS bigint)) AS bigint) AS weight
FROM reached x
JOIN reached y
  ON x.event = y.event AND x.channel = y.channel AND x.source = y.source AND x.time = y.time
  AND x.target < y.target
JOIN tied p ON x.target = p.a AND y.target = p.b
GROUP BY x.target, y.target, x.day
