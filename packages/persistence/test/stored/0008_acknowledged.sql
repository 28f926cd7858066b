-- Rows that need schema 0008_acknowledged, beside those of the schemas before it. All of it is made up.
UPDATE sendit.batches SET acknowledged = 'late:b' WHERE id = 8;
