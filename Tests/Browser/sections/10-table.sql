-- title: Names <b>as they are</b>
-- note: Every run's own name & number.
SELECT id, name, '<script>alert(2)</script>' AS attack FROM runs ORDER BY id
