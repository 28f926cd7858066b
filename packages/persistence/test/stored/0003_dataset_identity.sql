-- Rows that need schema 0003_dataset_identity, beside those of the schemas before it. All of it is made up.
INSERT INTO sendit.instances (batch_id, sop_instance_uid, series_id, path, bytes, digest, digest_algorithm, dataset_bytes, is_whole) VALUES
  (1, '2.25.119', 1, '2.25.119.dcm', 5000, '77777777777777777777777777777777', 'xxh128', 4600, true);
INSERT INTO sendit.staged_instances (batch_id, attempt, series, sop_instance_uid, path, bytes, dataset_bytes, is_whole) VALUES
  (5, 1, 0, '2.25.118', '2.dcm', 5, 4, false);
