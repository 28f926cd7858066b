-- Rows as schema 0000_initial had them. All of it is made up. Frozen: later schemas bring rows of their own.
INSERT INTO sendit.roots (id, name, path, created_at) OVERRIDING SYSTEM VALUE VALUES
  (1, 'data', '/data', '2026-11-20 08:33:18+00');
INSERT INTO sendit.batches (id, root_id, unit, relative_path, generation, path, name, status, grade, files, bytes, manifest_digest, is_delta, vanished_at, late_changes, missing_since, accepts_missing, digest, digest_algorithm, attempts, reason, listing_ms, reading_ms, hashing_ms, studies, series, instances, findings, created_at, started_at, finished_at) OVERRIDING SYSTEM VALUE VALUES
  (1, 1, 'directory', 'DONE', 1, '/data/DONE', 'DONE', 'DONE', 'renamed', 2, 10000000000, 'a', false, NULL, 0, NULL, false, 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'xxh128', 1, NULL, 1, 20, 3, 1, 1, 2, 1, '2026-11-20 08:33:18+00', '2026-11-20 08:33:18+00', '2026-11-20 08:33:18+00'),
  (2, 1, 'directory', 'CONFLICT', 1, '/data/CONFLICT', 'CONFLICT', 'DONE', 'renamed', 2, 10000000000, 'a', false, NULL, 0, NULL, false, 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'xxh128', 1, NULL, 1, 20, 3, 1, 1, 2, 3, '2026-11-20 08:33:18+00', '2026-11-20 08:33:18+00', '2026-11-20 08:33:18+00'),
  (4, 1, 'directory', 'FAILED', 1, '/data/FAILED', 'FAILED', 'ERROR', 'renamed', 2, 10000000000, 'a', false, NULL, 0, NULL, false, 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'xxh128', 1, 'Several study dates: 20240101, 20250101.', 1, 20, 3, 0, 0, 0, 1, '2026-11-20 08:33:18+00', '2026-11-20 08:33:18+00', '2026-11-20 08:33:18+00'),
  (5, 1, 'directory', 'RUNNING', 1, '/data/RUNNING', 'RUNNING', 'PROCESSING', 'renamed', 2, 10000000000, 'a', false, NULL, 0, NULL, false, NULL, NULL, 1, NULL, NULL, NULL, NULL, 0, 0, 0, 0, '2026-11-20 08:33:18+00', '2026-11-20 08:33:19+00', NULL),
  (3, 1, 'directory', 'EMPTY', 1, '/data/EMPTY', 'EMPTY', 'EMPTY', 'renamed', 2, 10000000000, 'a', false, '2026-11-20 10:00:00+00', 0, NULL, false, NULL, NULL, 1, NULL, 1, 20, 3, 0, 0, 0, 1, '2026-11-20 08:33:18+00', '2026-11-20 08:33:18+00', '2026-11-20 08:33:18+00'),
  (6, 1, 'directory', 'WAITING', 1, '/data/WAITING', 'WAITING', 'HELD', 'renamed', 2, 10000000000, 'a', false, NULL, 0, '2026-11-20 10:00:00+00', false, NULL, NULL, 0, 'ENOENT', NULL, NULL, NULL, 0, 0, 0, 0, '2026-11-20 08:33:19+00', NULL, NULL);
INSERT INTO sendit.manifest_parts (batch_id, part, entries) VALUES
  (1, 0, '[["1.dcm", 5000000000, "1700000000123456789", "1"], ["2.dcm", 5000000000, "1700000000123456789", "2"]]'),
  (2, 0, '[["1.dcm", 5000000000, "1700000000123456789", "1"], ["2.dcm", 5000000000, "1700000000123456789", "2"]]'),
  (3, 0, '[["1.dcm", 5000000000, "1700000000123456789", "1"], ["2.dcm", 5000000000, "1700000000123456789", "2"]]'),
  (4, 0, '[["1.dcm", 5000000000, "1700000000123456789", "1"], ["2.dcm", 5000000000, "1700000000123456789", "2"]]'),
  (5, 0, '[["1.dcm", 5000000000, "1700000000123456789", "1"], ["2.dcm", 5000000000, "1700000000123456789", "2"]]'),
  (6, 0, '[["1.dcm", 5000000000, "1700000000123456789", "1"], ["2.dcm", 5000000000, "1700000000123456789", "2"]]');
INSERT INTO sendit.directories (root_id, relative_path, outcome, reason, since, arrival, identity, decision, decided_by, decided_because, decided_at) VALUES
  (1, 'NOTED', 'hold', 'it has no file', '2026-11-20 10:00:00+00', 'created', '1:2:3', 'HELD', 'me', 'Wait.', '2026-11-20 10:00:00+00');
INSERT INTO sendit.audit (id, root_id, relative_path, at, by, decision, from_state, to_state, reason) OVERRIDING SYSTEM VALUE VALUES
  (1, 1, 'NOTED', '2026-11-20 10:00:00+00', 'me', 'hold', 'WAITING', 'HELD', 'Wait.');
INSERT INTO sendit.actions (id, batch_id, "position", name, kind, state, attempts) VALUES
  ('130fc19d-f0a0-4438-bc91-7a5ce04597ba', 1, 1, 'exec-1', 'exec', 'pending', 1);
INSERT INTO sendit.outbox (id, kind, batch_id, action_id, root_id, due_at, created_at) VALUES
  ('915c1e0f-b8d2-4325-935b-5950ba6f9bf2', 'import-dicomdir', 5, NULL, NULL, '2026-11-20 08:33:19+00', '2026-11-20 08:33:18+00'),
  ('a0e29317-d870-44f5-b877-d83c4835dd09', 'import-dicomdir', 6, NULL, NULL, '2026-11-20 08:33:19+00', '2026-11-20 08:33:19+00'),
  ('e900cfcb-8068-4163-a26b-6516b661c61c', 'hand-on', 1, '130fc19d-f0a0-4438-bc91-7a5ce04597ba', 1, '2026-11-20 08:33:19+00', '2026-11-20 08:33:19+00');
INSERT INTO sendit.studies (id, study_instance_uid, study_date, study_time, study_id, accession_number, study_description, patient_id, patient_name, patient_birth_date, patient_sex, created_at) OVERRIDING SYSTEM VALUE VALUES
  (1, '2.25.1', '20240131', '101500', 'SYN1', 'SYN1', 'SYNTHETIC STUDY', 'SYN-0001', 'SYNTHETIC^ONE', '19700101', 'O', '2026-11-20 08:33:18+00');
INSERT INTO sendit.series (id, study_id, series_instance_uid, modality, series_number, series_description, body_part_examined, created_at) OVERRIDING SYSTEM VALUE VALUES
  (1, 1, '2.25.11', 'CT', 1, 'SYNTHETIC CT', 'CHEST', '2026-11-20 08:33:18+00');
INSERT INTO sendit.instances (batch_id, sop_instance_uid, series_id, sop_class_uid, transfer_syntax_uid, instance_number, path, bytes, digest, digest_algorithm, attributes, standing) VALUES
  (1, '2.25.111', 1, '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2.1', 1, '2.25.111.dcm', 5000000000, '99999999999999999999999999999999', 'xxh128', '{"KVP": "120"}', 'first'),
  (1, '2.25.112', 1, '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2.1', 1, '2.25.112.dcm', 5000000000, '99999999999999999999999999999999', 'xxh128', '{"KVP": "120"}', 'first'),
  (2, '2.25.113', 1, '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2.1', 1, '2.25.113.dcm', 5000000000, '99999999999999999999999999999999', 'xxh128', '{"KVP": "120"}', 'first'),
  (2, '2.25.112', 1, '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2.1', 1, '2.25.112.dcm', 5000000000, '99999999999999999999999999999999', 'xxh128', '{"KVP": "120"}', 'duplicate');
INSERT INTO sendit.quarantined_files (batch_id, sop_instance_uid, path, bytes, digest, digest_algorithm, other_batch_id) VALUES
  (2, '2.25.111', '2.25.111.dcm', 5000000000, '88888888888888888888888888888888', 'xxh128', 1);
INSERT INTO sendit.staged_instances (batch_id, attempt, series, sop_instance_uid, path, bytes) VALUES
  (5, 1, 0, '2.25.114', '1.dcm', 5);
INSERT INTO sendit.findings (id, batch_id, code, severity, path, message) OVERRIDING SYSTEM VALUE VALUES
  (1, 1, 'not-dicom', 'warning', 'README', 'Not a DICOM file.'),
  (2, 2, 'not-dicom', 'warning', 'README', 'Not a DICOM file.'),
  (3, 2, 'duplicate-across-batches', 'info', '2.25.112.dcm', 'The instance was imported before by another batch, with the same size and digest; it counts there. Batch 1.'),
  (4, 2, 'instance-conflict', 'warning', '2.25.111.dcm', 'The instance was imported before by another batch, with other bytes; this file is quarantined. Batch 1.'),
  (5, 3, 'not-dicom', 'warning', 'README', 'Not a DICOM file.'),
  (6, 4, 'study-dates-differ', 'error', NULL, 'Several study dates.');
SELECT setval('sendit.audit_id_seq', 1);
SELECT setval('sendit.batches_id_seq', 6);
SELECT setval('sendit.findings_id_seq', 6);
SELECT setval('sendit.roots_id_seq', 1);
SELECT setval('sendit.series_id_seq', 3);
SELECT setval('sendit.studies_id_seq', 3);
