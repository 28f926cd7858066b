import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Stage } from '../units/stage.ts';
import { StagePill } from '../ui/pill.tsx';
import { Name } from '../ui/text.tsx';
import { UNIT } from '../words/words.ts';
import styles from './unit-head.module.css';

/** Name and stage of a unit, the facts below, what may be done beside them. */
export function UnitHead(props: {
  readonly name: string;
  readonly root: string;
  readonly stage: Stage;
  readonly facts: readonly string[];
  readonly children: ReactNode;
}) {
  const { name, root, stage, facts, children } = props;
  return (
    <header className={styles['head']}>
      <div>
        <Link to="/board" search={{}} className={styles['back']}>
          ← {UNIT.back}
        </Link>
        <h1>
          <Name>{name}</Name> <StagePill stage={stage} />
        </h1>
        <p>
          <Name>{root}</Name>
          {facts.map((fact) => ` · ${fact}`)}
        </p>
      </div>
      {children}
    </header>
  );
}
