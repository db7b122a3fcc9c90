-- What each origin and channel looked at: mass events count, somebody was looking then.
SELECT origin, channel, min(time) AS first, max(time) AS last, count(*) AS rows
FROM ({log}) AS r
WHERE time IS NOT NULL
GROUP BY origin, channel
ORDER BY origin, channel
