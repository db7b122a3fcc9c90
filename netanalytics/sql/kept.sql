-- The log itself: one row is one person reaching another once.
SELECT time, source, target, channel, event, size, directed, role, reply_to, origin
FROM {judged}
WHERE fault = 0
