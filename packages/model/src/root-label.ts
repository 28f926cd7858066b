/** Display facts of a watch path. */
export interface LabelledRoot {
  readonly name: string;
  /** Its folder, or anything in it. */
  readonly path: string;
}

/**
 * A short label for each watch path, by its name: the last parts of its folder, as many as tell it from the others. A name that
 * somebody gave is its own label. For people only: a label changes with the others, the name is the identity.
 */
export function toRootLabels(roots: readonly LabelledRoot[]): ReadonlyMap<string, string> {
  const given = roots.filter((root) => !isDefaultName(root)).map(({ name }) => name);
  const folders = [...new Set(roots.filter(isDefaultName).map(({ name }) => name))];
  const labels = new Map(given.map((name) => [name, name]));
  for (const name of folders) {
    const parts = name.split('/');
    const isTaken = (label: string): boolean =>
      given.includes(label) || folders.some((other) => other !== name && `/${other}`.endsWith(`/${label}`));
    const lengths = parts.map((_, index) => parts.slice(parts.length - 1 - index).join('/'));
    labels.set(name, lengths.find((label) => !isTaken(label)) ?? name);
  }
  return labels;
}

/** Whether a watch path is named by its folder: the whole path without its first slash. */
function isDefaultName({ name, path }: LabelledRoot): boolean {
  return path === `/${name}` || path.startsWith(`/${name}/`);
}
