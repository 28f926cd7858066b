-- Rows that need schema 0007_cut_files_and_words, beside those of the schemas before it. All of it is made up.
INSERT INTO sendit.stated_studies (batch_id, study_id, words) VALUES (8, 1, '{"patientId": "made up"}');
INSERT INTO sendit.stated_series (batch_id, series_id, words) VALUES (8, 1, '{"modality": "MR"}');
