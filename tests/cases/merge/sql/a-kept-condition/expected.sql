SELECT name, color
FROM mill
WHERE speed > 3
-- <pdd-keep>
  AND color = 'red'
-- </pdd-keep>
ORDER BY name;
