/** The known word nearest to a misspelt one, case aside; undefined when none is near. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  const reach = Math.max(2, Math.floor(word.length / 2));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance <= reach && distance < name.length && distance < (best?.distance ?? Infinity))
      best = { name, distance };
  }
  return best?.name;
}

/** ` (did you mean IN_CREATE?)`, or nothing. */
export function toSuggestion(word: string, known: Iterable<string>): string {
  const name = suggest(word, known);
  return name === undefined ? '' : ` (did you mean ${name}?)`;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let line = 1; line <= left.length; line++) {
    const next = [line];
    for (let column = 1; column <= right.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (left[line - 1] === right[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
