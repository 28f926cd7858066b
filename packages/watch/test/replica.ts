import { lstatSync, readdirSync } from 'node:fs';
import { type FileEvent, IN } from '@sendit/model';

/** A tree rebuilt from events alone; `faults` are events that cannot be true of it. */
export interface Replica {
  /** Sorted; directories end in a slash. */
  paths(): string[];
  readonly faults: readonly string[];
}

export function openReplica(
  root: string,
  initial: readonly string[] = [],
): Replica & { apply(event: FileEvent): void } {
  const known = new Set(initial);
  const faults: string[] = [];
  /** Branches on their way, by the name they left. */
  const leaving = new Map<string, string[]>();
  const branch = (path: string): string[] =>
    [...known].filter((one) => one === path || one === `${path}/` || one.startsWith(`${path}/`));
  const remove = (path: string): string[] => {
    const gone = branch(path);
    for (const one of gone) known.delete(one);
    return gone;
  };
  const apply = ({ mask, pathname, dir, maskname, srcPathname }: FileEvent): void => {
    const path = pathname.slice(root.length + 1);
    const told = `${maskname} ${path}`;
    const parent = path.split('/').slice(0, -1).join('/');
    if (mask & IN.IN_Q_OVERFLOW) return;
    if (mask & (IN.IN_CREATE | IN.IN_MOVED_TO) && parent !== '' && !known.has(`${parent}/`)) {
      faults.push(`${told}: its directory is unknown`);
    }
    if (mask & IN.IN_CREATE) {
      if (branch(path).length > 0) faults.push(`${told}: told twice`);
      known.add(dir ? `${path}/` : path);
    } else if (mask & IN.IN_DELETE) {
      if (remove(path).length === 0) faults.push(`${told}: unknown`);
    } else if (mask & IN.IN_MOVED_FROM) {
      const gone = remove(path);
      if (gone.length === 0) faults.push(`${told}: unknown`);
      leaving.set(path, gone);
    } else if (mask & IN.IN_MOVED_TO) {
      remove(path);
      const from = srcPathname?.slice(root.length + 1);
      const moved = from === undefined ? undefined : leaving.get(from);
      if (from !== undefined && moved === undefined) faults.push(`${told}: from ${from}, which did not leave`);
      known.add(dir ? `${path}/` : path);
      for (const one of moved ?? []) known.add(path + one.slice(from?.length));
    }
  };
  return { apply, paths: () => [...known].toSorted(), faults };
}

/** Lists the disk in the form of {@link Replica.paths}. */
export function readTree(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => (lstatSync(`${root}/${path}`).isDirectory() ? `${path}/` : path))
    .toSorted();
}
