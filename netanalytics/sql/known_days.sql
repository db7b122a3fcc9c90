-- The days that make the rhythm of each pair when day {at} begins: the day of connecting counts only
-- where there was nothing else until then.
SELECT a, b, day, n FROM (
  SELECT a, b, day, n, fact, min(fact) OVER (PARTITION BY a, b) AS nothing_else
  FROM {pair_days}
  WHERE day < {at}
) AS marked
WHERE fact = nothing_else
