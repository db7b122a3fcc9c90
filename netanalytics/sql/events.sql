-- Every contact with the number of its event: rows that share an event happened together. Numbers
-- and order rest on what the rows say, never on where they stood.
SELECT
  dense_rank() OVER (ORDER BY time, channel, event) - 1 AS number,
  least(source, target) AS a, greatest(source, target) AS b, time, size
FROM {contacts}
ORDER BY number, a, b, size
