/** The arguments that stand for a configuration; none where there is one. */
export function toDataArguments(place: {
  readonly root: string;
  readonly own: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly names: readonly string[];
}): readonly string[];
