-- Rows that need schema 0006_placed_actions, beside those of the schemas before it. All of it is made up.
INSERT INTO sendit.actions (id, batch_id, "position", name, kind, state, attempts, placed_at) VALUES
  ('4a5f1fc0-7a43-4f0e-9d1a-0f1b3c9c5d11', 8, 1, 'move', 'move', 'running', 2, '2026-11-25 10:00:00+00');
INSERT INTO sendit.outbox (id, kind, batch_id, action_id, root_id, due_at, created_at) VALUES
  ('5b6f1fc0-7a43-4f0e-9d1a-0f1b3c9c5d12', 'hand-on', 8, '4a5f1fc0-7a43-4f0e-9d1a-0f1b3c9c5d11', 1, '2026-11-25 10:00:00+00', '2026-11-25 09:00:00+00');
