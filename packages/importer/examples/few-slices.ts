// A check of one's own: a series of CT or MR with fewer than ten images is worth a look. In the configuration:
//
//   worker: { checks: ['./few-slices.ts#fewSlices'] },
//   findings: { 'own-few-slices': 'info' }    // how bad it is, as for the codes of sendit
import { defineCheck } from '@sendit/importer';

const FEWEST = 10;

export const fewSlices = defineCheck('own-few-slices', ({ series, instances }) => {
  const counts = new Map<number, number>();
  for (const { series: at } of instances) counts.set(at, (counts.get(at) ?? 0) + 1);
  return series.flatMap(({ modality }, at) => {
    const count = counts.get(at) ?? 0;
    if ((modality !== 'CT' && modality !== 'MR') || count >= FEWEST) return [];
    const first = instances.find((instance) => instance.series === at);
    return [{ path: first?.path, message: `The series of this file has ${count} images, fewer than ${FEWEST}.` }];
  });
});
