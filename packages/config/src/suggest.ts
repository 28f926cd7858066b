import { distance as editDistance } from 'fastest-levenshtein';

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
