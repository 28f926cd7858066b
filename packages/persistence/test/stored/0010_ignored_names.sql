-- Rows that need schema 0010_ignored_names, beside those of the schemas before it. All of it is made up.
UPDATE sendit.roots SET ignored_names = '["*.bak"]' WHERE id = 1;
