-- What was known of each pair when day {at} began: sums over contact days, in whole units so that
-- they are the same in any order. Blocks are stretches of seven days, counted back from {at}.
WITH ordered AS (
  SELECT
    a, b, day, n,
    cast(floor(cast({at} - 1 - day AS double) / 7e0) AS bigint) AS block,
    day - lag(day) OVER (PARTITION BY a, b ORDER BY day) AS gap,
    cast({at} - day AS double) AS age,
    lag(day) OVER (PARTITION BY a, b ORDER BY day) AS earlier
  FROM {pair_days}
  WHERE day < {at}
),
marked AS (
  SELECT
    a, b, day, n, block, gap, age,
    CASE WHEN earlier IS NULL
           OR cast(floor(cast({at} - 1 - earlier AS double) / 7e0) AS bigint) <> block
         THEN 1 ELSE 0 END AS new_block
  FROM ordered
)
SELECT
  a, b,
  cast(sum(n) AS bigint) AS n,
  count(*) AS days,
  {at} - max(day) AS idle,
  {at} - min(day) AS known,
  max(day) - min(day) AS first_to_last,
  coalesce(max(gap), 0) AS longest,
  cast(median(gap) AS double) AS median,
  cast(coalesce(sum(gap * gap), 0) AS double) AS gap_squares,
  cast(sum(new_block * cast(round({unit} / cast(1 + block AS double)) AS bigint)) AS double)
    AS weeks,
  cast(sum(CASE WHEN block < 8 THEN new_block ELSE 0 END) AS bigint) AS recent_weeks,
  cast(sum(n * cast(round({unit} * pow(2e0, -age / 30e0)) AS bigint)) AS double) AS contacts_30,
  cast(sum(n * cast(round({unit} * pow(2e0, -age / 90e0)) AS bigint)) AS double) AS contacts_90,
  cast(sum(n * cast(round({unit} * pow(2e0, -age / 180e0)) AS bigint)) AS double) AS contacts_180,
  cast(sum(cast(round({unit} * pow(2e0, -age / 15e0)) AS bigint)) AS double) AS days_15,
  cast(sum(cast(round({unit} * pow(2e0, -age / 30e0)) AS bigint)) AS double) AS days_30,
  cast(sum(cast(round({unit} / (1e0 + age)) AS bigint)) AS double) AS kernel
FROM marked
GROUP BY a, b
ORDER BY a, b
