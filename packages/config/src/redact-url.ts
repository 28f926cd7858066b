/**
 * Replaces the passwords of a URL, in its authority and in its query, by `***`; works on what is not quite a URL too. Hides
 * rather too much: an `@` inside a password does not end it.
 */
export function redactUrl(url: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0] ?? '';
  const rest = url
    .slice(scheme.length)
    .replace(/^([^:/@?#]*):(.*)@/s, '$1:***@')
    .replace(/([?&][^=&#]*(?:password|secret|token)[^=&#]*=)[^&#]*/gi, '$1***');
  return `${scheme}${rest}`;
}
