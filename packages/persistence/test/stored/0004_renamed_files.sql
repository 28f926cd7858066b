-- Rows that need schema 0004_renamed_files, beside those of the schemas before it. All of it is made up.
INSERT INTO sendit.directories (root_id, relative_path, outcome, reason, since, arrival, identity, renamed_files) VALUES
  (1, 'RENAMED-EMPTY', 'waiting', 'it has no file', '2026-11-23 10:00:00+00', 'renamed', '1:5:6', 0);
