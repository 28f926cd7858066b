import type { BatchDetail } from '@sendit/api';
import { toClockTime, toCount, toDuration, toFullTime } from '../words/format.ts';
import { UNIT, WHY } from '../words/words.ts';
import { Steps, type Step } from './steps.tsx';

/** How a batch came from its seal to where it is, with the time that each step took. */
export function Way({ batch }: { readonly batch: BatchDetail }) {
  return <Steps steps={batch.timeline.map((entry) => toStep(batch, entry))} />;
}

function toStep(batch: BatchDetail, { step, at, afterMs }: BatchDetail['timeline'][number]): Step {
  const name = UNIT.steps4[step];
  if (step === 'handed-on') return { name, ...toHandedOn(batch, afterMs) };
  if (at === null) {
    const isNow = step === 'imported' && batch.stage === 'importing';
    return { name, state: isNow ? 'now' : 'none', words: isNow ? UNIT.runs : UNIT.never };
  }
  const filesPerS = step === 'imported' ? (batch.times?.filesPerS ?? null) : null;
  const rate = filesPerS === null ? '' : `, ${WHY.rate(toCount(Math.round(filesPerS)))}`;
  const words = afterMs === null ? toClockTime(Date.parse(at)) : `${UNIT.after(toDuration(afterMs))}${rate}`;
  return { name, state: 'done', words, title: toFullTime(at) };
}

function toHandedOn({ actionList }: BatchDetail, afterMs: number | null): Pick<Step, 'state' | 'words'> {
  if (actionList.length === 0) return { state: 'none', words: UNIT.noActions };
  const done = actionList.filter(({ state }) => state === 'done').length;
  const words = UNIT.ofActions(done, actionList.length);
  if (done === actionList.length) {
    return { state: 'done', words: afterMs === null ? words : `${words}, ${UNIT.after(toDuration(afterMs))}` };
  }
  return { state: actionList.some(({ state }) => state === 'failed') ? 'failed' : 'now', words };
}
