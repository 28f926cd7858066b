import type { Configuration } from '@sendit/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { configuration } from '../api/queries.ts';
import { Asked } from '../ui/asked.tsx';
import { Section } from '../ui/card.tsx';
import { Choice } from '../ui/choice.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Name } from '../ui/text.tsx';
import { CONFIGURATION } from '../words/words.ts';
import styles from './configuration-view.module.css';
import { DryRunForm } from './dry-run.tsx';

type Setting = Configuration['settings'][number];

const COLUMNS: readonly Column<Setting>[] = [
  { head: CONFIGURATION.setting, isMain: true, cell: ({ path }) => <code>{path}</code> },
  { head: CONFIGURATION.value, cell: ({ value }) => <Name>{value === null ? '–' : String(value)}</Name> },
  { head: CONFIGURATION.source, cell: ({ source }) => <Name>{source}</Name> },
];

const SHOWN = [
  [undefined, CONFIGURATION.given],
  ['all', CONFIGURATION.all],
] as const;

/** Settings in force with their sources, each watch path's rules in words, and the dry run of another quiet time on past batches. */
export function ConfigurationView() {
  const query = useQuery(configuration);
  const [shown, setShown] = useState<string>();
  return (
    <>
      <h1>{CONFIGURATION.title}</h1>
      <Asked query={query}>
        {({ settings, watchPaths }) => (
          <>
            <Section title={CONFIGURATION.rules}>
              {watchPaths.map(({ folder, name, rules }) => (
                <div key={name} className={styles['path']}>
                  <h3>
                    <Name>{name}</Name>
                  </h3>
                  <p className={styles['folder']}>
                    <Name>{folder}</Name>
                  </p>
                  <ol className={styles['rules']}>
                    {rules.map((rule) => (
                      <li key={rule}>
                        <Name>{rule}</Name>
                      </li>
                    ))}
                  </ol>
                </div>
              ))}
            </Section>
            <DryRunForm roots={watchPaths.map(({ name }) => name)} />
            <Section
              title={CONFIGURATION.settings}
              aside={<Choice label={CONFIGURATION.shown} options={SHOWN} chosen={shown} onChoose={setShown} />}
            >
              <DataTable
                label={CONFIGURATION.settings}
                columns={COLUMNS}
                rows={settings.filter(({ source }) => shown === 'all' || source !== 'default')}
                toKey={({ path }) => path}
              />
            </Section>
          </>
        )}
      </Asked>
    </>
  );
}
