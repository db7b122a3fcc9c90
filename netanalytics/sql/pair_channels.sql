-- Which channels carried each pair.
SELECT DISTINCT least(source, target) AS a, greatest(source, target) AS b, channel
FROM {contacts}
ORDER BY a, b, channel
