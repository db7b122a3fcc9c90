-- How much each pair was reached by the same messages in the year before day {at}.
SELECT
  a, b,
  cast(sum(cast(round(
    cast(weight AS double) * pow(2e0, -cast({at} - day AS double) / 30e0)
  ) AS bigint)) AS double) AS shared_30
FROM {shared_days}
WHERE day < {at} AND day >= {at} - 365
GROUP BY a, b
ORDER BY a, b
