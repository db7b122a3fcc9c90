-- One row a pair and day on which they had contact: all that the return of a tie rests on. The fact of
-- connecting has a row of its own, marked, for it is no contact that comes again.
SELECT
  least(source, target) AS a, greatest(source, target) AS b, day,
  CASE WHEN channel = '{connection}' THEN 1 ELSE 0 END AS fact, count(*) AS n
FROM {contacts}
GROUP BY
  least(source, target), greatest(source, target), day,
  CASE WHEN channel = '{connection}' THEN 1 ELSE 0 END
