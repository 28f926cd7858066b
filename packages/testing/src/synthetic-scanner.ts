import type { SyntheticAttributes } from './synthetic-attributes.ts';
import { toSyntheticElements } from './synthetic-attributes.ts';
import type { SyntheticElement } from './synthetic-element.ts';

/** Standard elements that scanners write around those that a reader wants: group, element, VR, value. */
const STANDARD: readonly (readonly [number, string, string])[] = [
  [0x0008_0012, 'DA', '20240102'],
  [0x0008_0013, 'TM', '101512.000'],
  [0x0008_0021, 'DA', '20240102'],
  [0x0008_0022, 'DA', '20240102'],
  [0x0008_0023, 'DA', '20240102'],
  [0x0008_0031, 'TM', '101501.000'],
  [0x0008_0032, 'TM', '101502.000'],
  [0x0008_0033, 'TM', '101503.000'],
  [0x0008_0080, 'LO', 'SYNTHETIC HOSPITAL'],
  [0x0008_0081, 'ST', 'SYNTHETIC STREET 1'],
  [0x0008_1010, 'SH', 'SYNCT01'],
  [0x0008_1040, 'LO', 'RADIOLOGY'],
  [0x0008_1050, 'PN', 'SYNTHETIC^PHYSICIAN'],
  [0x0008_1070, 'PN', 'SYNTHETIC^OPERATOR'],
  [0x0008_1090, 'LO', 'SYNTHETIC SCANNER 64'],
  [0x0010_1010, 'AS', '054Y'],
  [0x0010_1030, 'DS', '80'],
  [0x0010_4000, 'LT', 'SYNTHETIC COMMENT'],
  [0x0018_0022, 'CS', 'HELICAL MODE'],
  [0x0018_0060, 'DS', '120'],
  [0x0018_0090, 'DS', '500.000000'],
  [0x0018_1020, 'LO', 'syn_release_1.0'],
  [0x0018_1100, 'DS', '360.000000'],
  [0x0018_1110, 'DS', '949.075012'],
  [0x0018_1111, 'DS', '541.000000'],
  [0x0018_1120, 'DS', '0.000000'],
  [0x0018_1130, 'DS', '137.500000'],
  [0x0018_1140, 'CS', 'CW'],
  [0x0018_1150, 'IS', '570'],
  [0x0018_1151, 'IS', '380'],
  [0x0018_1152, 'IS', '216'],
  [0x0018_1160, 'SH', 'BODY FILTER'],
  [0x0018_1170, 'IS', '45600'],
  [0x0018_1190, 'DS', '1.200000'],
  [0x0018_1210, 'SH', 'STANDARD'],
  [0x0018_5100, 'CS', 'FFS'],
  [0x0020_1040, 'LO', 'SN'],
  [0x0028_0120, 'SS', ''],
  [0x0040_0244, 'DA', '20240102'],
  [0x0040_0245, 'TM', '101501'],
];

/** Private groups as vendors fill them: a creator and this many short values each. */
const PRIVATE_GROUPS = [
  [0x0009, 14],
  [0x0019, 40],
  [0x0021, 14],
  [0x0023, 6],
  [0x0027, 18],
  [0x0043, 24],
] as const;

/**
 * A header as long as scanners write it, about 200 top-level elements in 6 KB with sequences and private groups, around the given attributes;
 * for measurements, where a short header would flatter every reader.
 */
export function toScannerElements(attributes: SyntheticAttributes): SyntheticElement[] {
  const given = toSyntheticElements(attributes);
  const known = new Set(given.map(({ tag }) => tag));
  const reference = [
    { tag: 0x0008_1150, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.2' },
    { tag: 0x0008_1155, vr: 'UI', value: '2.25.329800735698586629295641978511506172918' },
  ];
  const sequences = [0x0008_1111, 0x0008_1140, 0x0040_0275].map((tag) => ({
    tag,
    vr: 'SQ',
    value: [reference, reference],
  }));
  const standard = STANDARD.map(([tag, vr, value]) => ({ tag, vr, value }));
  const filling = [...standard, ...sequences, ...PRIVATE_GROUPS.flatMap(([group, count]) => toPrivate(group, count))];
  return [...given, ...filling.filter(({ tag }) => !known.has(tag))].toSorted((a, b) => a.tag - b.tag);
}

function toPrivate(group: number, count: number): SyntheticElement[] {
  const base = group * 0x1_0000;
  const values = Array.from({ length: count }, (_, index) => {
    const tag = base + 0x1001 + index;
    if (index % 4 === 0) return { tag, vr: 'LO', value: `PRIVATE VALUE ${index}` };
    if (index % 4 === 1) return { tag, vr: 'DS', value: `${index * 1.5}\\0\\${index}` };
    return {
      tag,
      vr: index % 4 === 2 ? 'SS' : 'SL',
      value: index % 4 === 2 ? '\u0001\u0000' : '\u0001\u0000\u0000\u0000',
    };
  });
  return [{ tag: base + 0x10, vr: 'LO', value: `SYNTHETIC_${group.toString(16)}` }, ...values];
}
