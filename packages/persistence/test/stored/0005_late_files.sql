-- Rows that need schema 0005_late_files, beside those of the schemas before it. All of it is made up.
INSERT INTO sendit.batches (id, root_id, relative_path, generation, path, name, status, grade, files, bytes, manifest_digest, late_digest, late_changes, ignored_digest, amend_since, attempts, created_at) OVERRIDING SYSTEM VALUE VALUES
  (8, 1, 'LATE', 1, '/data/LATE', 'LATE', 'DONE', 'quiet', 1, 5, 'a', 'b', 1, 'b', '2026-11-24 11:00:00+00', 1, '2026-11-24 09:00:00+00');
INSERT INTO sendit.manifest_parts (batch_id, part, entries) VALUES (8, 0, '[["1.dcm", 5, "1700000000123456789", "1"]]');
SELECT setval('sendit.batches_id_seq', 8);
