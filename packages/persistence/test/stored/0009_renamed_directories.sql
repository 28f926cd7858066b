-- Rows that need schema 0009_renamed_directories, beside those of the schemas before it. All of it is made up.
UPDATE sendit.batches SET renamed_to = 'LATE-BUT-RENAMED' WHERE id = 8;
