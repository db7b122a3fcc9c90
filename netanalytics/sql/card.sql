-- One row a file and fault: records of the source (a record with several recipients counts once,
-- as kept if one of them is) and contacts.
WITH records AS (
  SELECT file, record, min(fault) AS fault, count(*) AS contacts FROM ({log}) AS j GROUP BY file, record
)
SELECT 'record' AS unit, file, fault, count(*) AS n FROM records GROUP BY file, fault
UNION ALL
SELECT 'contact' AS unit, file, fault, count(*) AS n FROM ({log}) AS j GROUP BY file, fault
