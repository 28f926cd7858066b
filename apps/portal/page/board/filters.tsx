import type { StageCounts } from '@sendit/api';
import { toRootLabels } from '@sendit/model';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { stageCounts } from '../api/queries.ts';
import { useLive } from '../live/live-store.ts';
import { LISTED_STAGES, type ListedStage } from '../units/stage.ts';
import { toCount } from '../words/format.ts';
import { toVisible } from '../words/visible.ts';
import { BOARD, STAGES } from '../words/words.ts';
import type { BoardFilter } from './board-filter.ts';
import styles from './filters.module.css';

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
  const { stage: chosen, attention, ...rest } = filter;
  const { root, ...unrooted } = filter;
  const { data: counts } = useQuery(stageCounts);
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
      <Roots chosen={root} onChoose={(name) => onFilter({ ...unrooted, ...(name === '' ? {} : { root: name }) })} />
      <div role="group" aria-label={BOARD.filters} className={styles['chips']}>
        <Chip
          isOn={chosen === undefined && attention === undefined}
          onChoose={() => onFilter(rest)}
          words={BOARD.all}
        />
        <Chip
          isOn={attention === true}
          onChoose={() => onFilter({ ...rest, attention: true })}
          words={BOARD.attention}
        />
        {LISTED_STAGES.map((stage) => (
          <Chip
            key={stage}
            isOn={chosen === stage}
            onChoose={() => onFilter({ ...rest, stage })}
            words={STAGES[stage]}
            count={counts === undefined || stage === 'done' ? undefined : counts[toCounted(stage)]}
          />
        ))}
      </div>
    </div>
  );
}

function toCounted(stage: Exclude<ListedStage, 'done'>): keyof StageCounts {
  return stage === 'handing-on' ? 'handingOn' : stage;
}

function Chip(props: {
  readonly isOn: boolean;
  readonly onChoose: () => void;
  readonly words: string;
  readonly count?: number | undefined;
}) {
  const { isOn, onChoose, words, count = 0 } = props;
  return (
    <button type="button" className={styles['chip']} aria-pressed={isOn} onClick={onChoose}>
      {words}
      {count === 0 ? null : <b>{toCount(count)}</b>}
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
