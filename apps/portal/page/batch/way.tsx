import type { BatchDetail } from '@sendit/api';
import { toClockTime, toCount, toDuration, toFullTime } from '../words/format.ts';
import { UNIT, WHY } from '../words/words.ts';
import { Steps, type Step } from './steps.tsx';

/** How a batch came from its seal to where it is, with the time that each step took. */
export function Way({ batch }: { readonly batch: BatchDetail }) {
  return <Steps steps={toSteps(batch)} />;
}

function toSteps(batch: BatchDetail): readonly Step[] {
  const { createdAt, startedAt, finishedAt, times, actionList } = batch;
  const done = actionList.filter(({ state }) => state === 'done').length;
  const isHanded = done === actionList.length;
  const lastDone = actionList
    .flatMap((one) => (one.finishedAt === null ? [] : [one.finishedAt]))
    .toSorted()
    .at(-1);
  const filesPerS = times?.filesPerS ?? null;
  const rate = filesPerS === null ? '' : `, ${WHY.rate(toCount(Math.round(filesPerS)))}`;
  return [
    { name: UNIT.sealed, state: 'done', words: toClockTime(Date.parse(createdAt)), title: toFullTime(createdAt) },
    toStep(UNIT.importBegan, createdAt, startedAt),
    {
      ...toStep(UNIT.imported, startedAt ?? createdAt, finishedAt, rate),
      ...(startedAt !== null && finishedAt === null ? { state: 'now' as const } : {}),
    },
    actionList.length === 0
      ? { name: UNIT.handedOn, state: 'none', words: UNIT.noActions }
      : {
          name: UNIT.handedOn,
          state: isHanded ? 'done' : actionList.some(({ state }) => state === 'failed') ? 'failed' : 'now',
          words: `${UNIT.ofActions(done, actionList.length)}${isHanded && lastDone !== undefined && finishedAt !== null ? `, ${toAfter(finishedAt, lastDone)}` : ''}`,
        },
  ];
}

function toStep(name: string, before: string, at: string | null, more = ''): Step {
  if (at === null) return { name, state: 'none', words: UNIT.never };
  return { name, state: 'done', words: `${toAfter(before, at)}${more}`, title: toFullTime(at) };
}

function toAfter(before: string, at: string): string {
  return UNIT.after(toDuration(Date.parse(at) - Date.parse(before)));
}
