import type { Diagnosis } from '@sendit/runtime/doctor';
import { printable } from '@sendit/daemon';

/** One line for each, what to do below it, and the sum. */
export function renderDiagnoses(diagnoses: readonly Diagnosis[]): string {
  const width = Math.max(...diagnoses.map(({ check }) => check.length));
  const lines = diagnoses.flatMap(({ check, fix, found, state, subject }) => {
    const about = subject === null || found.startsWith(subject) ? found : `${subject}: ${found}`;
    const line = `${state.padEnd('warning'.length)}  ${check.padEnd(width)}  ${printable(about)}`;
    return fix === null ? [line] : [line, `${' '.repeat('warning'.length + width + 4)}→ ${printable(fix)}`];
  });
  return [...lines, '', toSum(diagnoses)].join('\n');
}

function toSum(diagnoses: readonly Diagnosis[]): string {
  const count = (wanted: Diagnosis['state']): number => diagnoses.filter(({ state }) => state === wanted).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (errors + warnings === 0) return `All is well: ${diagnoses.length} things were looked at.`;
  const words = [errors > 0 ? toWords(errors, 'error') : '', warnings > 0 ? toWords(warnings, 'warning') : ''];
  return `To mend: ${words.filter((word) => word !== '').join(' and ')}.`;
}

function toWords(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
