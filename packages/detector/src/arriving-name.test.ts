import { expect, test } from 'vitest';
import { isArrivingName, toRsyncTarget } from './arriving-name.ts';

const ARRIVING = {
  'our own': ['X.tmp', 'X.tmp1234', 'UP.TMP', '.tmp', '~IM0002.tmp'],
  rsync: [
    '.IM0002.dcm.Xa9Kz1',
    '.IM0002.abcdef',
    '.rsync-partial/IM0002.dcm',
    '.~tmp~/IM0002.dcm',
    '.rsync-partial',
    '.~tmp~',
  ],
  Nextcloud: ['.IM0002.dcm.~6d5f'],
  GIO: ['.goutputstream-0E45UX'],
  Syncthing: ['.syncthing.IM0002.dcm.tmp', '.syncthing.IM0002.dcm'],
  lftp: ['IM0002.dcm.lftp'],
  sftpgo: ['.sftpgo-upload.abc.IM0002.dcm'],
  Globus: ['.globus.IM0002.dcm'],
  Aspera: ['IM0002.dcm.aspx'],
  Safari: ['IM0002.dcm.download'],
  browsers: ['IM0002.dcm.part', 'IM0002.dcm.crdownload'],
  Unison: ['.unison.IM0002.dcm.8f3a.unison.tmp', '.unison.IM0002.dcm.8f3a'],
  'rclone, ownCloud and WinSCP': ['a.f81a2b3c.partial', 'a.ocTransferId1.part', 'a.filepart'],
};

test.each(Object.entries(ARRIVING))('unfinished names of %s are arriving, at any depth', (_tool, names) => {
  for (const name of names) {
    expect([name, isArrivingName(name)]).toEqual([name, true]);
    expect([name, isArrivingName(`a/b.c/${name}`)]).toEqual([name, true]);
  }
});

test('rsync says by its name which file it writes', () => {
  expect(toRsyncTarget('.IM0002.dcm.Xa9Kz1')).toBe('IM0002.dcm');
  expect(toRsyncTarget('a/b/.IM0002.Xa9Kz1')).toBe('a/b/IM0002');
  for (const other of ['IM0002.dcm', 'a/IM0002.dcm.part', '.IM0002.sha256', '.rsync-partial/IM0002']) {
    expect([other, toRsyncTarget(other)]).toEqual([other, undefined]);
  }
});

test('final names are not, hidden ones among them', () => {
  const names = [
    'IM0002.dcm',
    'IM0002',
    '1.2.840.113619',
    '.DS_Store',
    '._IM0002.dcm',
    '.hidden',
    '.x.sha256',
    '.x.backup',
  ];
  for (const name of [
    ...names,
    'a.tmpl.dcm',
    'party',
    'globus.dcm',
    'IM.abcdef',
    '.config/IM0002.dcm',
    'download/IM0002',
  ]) {
    expect([name, isArrivingName(name)]).toEqual([name, false]);
  }
});
