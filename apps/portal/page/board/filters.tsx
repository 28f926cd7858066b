import { toRootLabels } from '@sendit/model';
import { useEffect, useRef } from 'react';
import { useLive } from '../live/live-store.ts';
import type { Stage } from '../units/stage.ts';
import { toVisible } from '../words/visible.ts';
import { BOARD, STAGES } from '../words/words.ts';
import type { BoardFilter } from './board-filter.ts';
import styles from './filters.module.css';

const OFFERED: readonly Stage[] = [
  'arriving',
  'held',
  'queued',
  'importing',
  'late',
  'failed',
  'quarantined',
  'done',
  'empty',
];

/** Search, stage and watch path. */
export function Filters(props: {
  readonly filter: BoardFilter;
  readonly onFilter: (filter: BoardFilter) => void;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}) {
  const { filter, onFilter, search, onSearch } = props;
  const field = useRef<HTMLInputElement>(null);
  useSlashKey(field);
  const { stage: chosen, root, ...rest } = filter;
  const ofRoot = root === undefined ? {} : { root };
  const ofStage = chosen === undefined ? {} : { stage: chosen };
  return (
    <div className={styles['filters']}>
      <h1>{BOARD.title}</h1>
      <input
        ref={field}
        type="search"
        className={styles['search']}
        aria-label={BOARD.search}
        placeholder={BOARD.searchHint}
        value={search}
        maxLength={4096}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onSearch(event.target.value)}
      />
      <Roots
        chosen={root}
        onChoose={(name) => onFilter({ ...rest, ...ofStage, ...(name === '' ? {} : { root: name }) })}
      />
      <div role="group" aria-label={BOARD.filters} className={styles['chips']}>
        <Chip isOn={chosen === undefined} onChoose={() => onFilter({ ...rest, ...ofRoot })} words={BOARD.all} />
        {OFFERED.map((stage) => (
          <Chip
            key={stage}
            isOn={chosen === stage}
            onChoose={() => onFilter({ ...rest, ...ofRoot, stage })}
            words={STAGES[stage]}
          />
        ))}
      </div>
    </div>
  );
}

function Chip(props: { readonly isOn: boolean; readonly onChoose: () => void; readonly words: string }) {
  const { isOn, onChoose, words } = props;
  return (
    <button type="button" className={styles['chip']} aria-pressed={isOn} onClick={onChoose}>
      {words}
    </button>
  );
}

function Roots({
  chosen,
  onChoose,
}: {
  readonly chosen: string | undefined;
  readonly onChoose: (name: string) => void;
}) {
  const { status } = useLive();
  const roots = status?.roots ?? [];
  if (roots.length < 2 && chosen === undefined) return null;
  const labels = toRootLabels(roots);
  const names = new Set([...roots.map(({ name }) => name), ...(chosen === undefined ? [] : [chosen])]);
  return (
    <select
      className={styles['roots']}
      aria-label={BOARD.root}
      value={chosen ?? ''}
      onChange={(event) => onChoose(event.target.value)}
    >
      <option value="">{BOARD.allPaths}</option>
      {[...names].map((name) => (
        <option key={name} value={name}>
          {toVisible(labels.get(name) ?? name)}
        </option>
      ))}
    </select>
  );
}

/** `/` goes to the search, as in many lists. */
function useSlashKey(field: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [field]);
}
