-- Rows that need schema 0002_mounts, beside those of the schemas before it. All of it is made up.
INSERT INTO sendit.roots (id, name, path, mount, other_mount, created_at) OVERRIDING SYSTEM VALUE VALUES
  (2, 'share', '/mnt/share',
   '{"fsType": "nfs4", "source": "nas:/export", "root": "/", "uuid": null, "topInode": null}',
   '{"fsType": "ext4", "source": "/dev/vda", "root": "/mnt/share", "uuid": null, "topInode": "2 1700000000"}',
   '2026-11-22 10:00:00+00');
SELECT setval('sendit.roots_id_seq', 2);
