-- Rows that need schema 0001_findings_and_acceptance, beside those of the schemas before it. All of it is made up.
UPDATE sendit.roots SET finding_policy = '{"not-dicom": "info"}' WHERE id = 1;
INSERT INTO sendit.batches (id, root_id, relative_path, generation, path, name, status, grade, files, bytes, manifest_digest, reason, attempts, unreadable_since, read_retries, accepted_at, created_at) OVERRIDING SYSTEM VALUE VALUES
  (7, 1, 'UNREADABLE', 1, '/data/UNREADABLE', 'UNREADABLE', 'HELD', 'quiet', 2, 10000000000, 'a', 'EACCES', 5, '2026-11-21 10:00:00+00', 2, '2026-11-21 11:00:00+00', '2026-11-21 09:00:00+00');
INSERT INTO sendit.manifest_parts (batch_id, part, entries) VALUES
  (7, 0, '[["1.dcm", 5000000000, "1700000000123456789", "1"], ["2.dcm", 5000000000, "1700000000123456789", "2"]]');
INSERT INTO sendit.outbox (id, kind, batch_id, due_at, created_at) VALUES
  ('0c3a4b1e-6a53-4a0f-8d3f-6d0a1f1f9d11', 'import-dicomdir', 7, '2026-11-21 10:00:00+00', '2026-11-21 09:00:00+00');
SELECT setval('sendit.batches_id_seq', 7);
