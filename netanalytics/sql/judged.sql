-- Faults of every contact: 0 kept, 4 a repeat of another row, 5 one of a mass event.
-- Which of several equal rows stays rests on what they say, never on their order.
SELECT
  file, record, time, source, target, channel, event, size, directed, role, reply_to, origin,
  CASE WHEN fault > 0 THEN fault
       WHEN row_number() OVER (
         PARTITION BY fault, time, source, target, channel
         ORDER BY size, event, role, reply_to, origin, file, record
       ) > 1 THEN 4
       WHEN size > {largest_event} THEN 5
       ELSE 0 END AS fault
FROM ({log}) AS s
