-- One row a pair and day on which they had contact: all that the return of a tie rests on.
SELECT least(source, target) AS a, greatest(source, target) AS b, day, count(*) AS n
FROM {contacts}
GROUP BY least(source, target), greatest(source, target), day
