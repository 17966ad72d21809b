SELECT name
FROM mill
WHERE speed > 3
ORDER BY name;
