-- The contacts that make the rhythm of each pair: connecting counts only where there is nothing else.
SELECT * FROM (
  SELECT
    *,
    CASE WHEN channel = '{connection}' THEN 1 ELSE 0 END AS fact,
    min(CASE WHEN channel = '{connection}' THEN 1 ELSE 0 END)
      OVER (PARTITION BY least(source, target), greatest(source, target)) AS nothing_else
  FROM {contacts}
) AS marked
WHERE fact = nothing_else
