/**
 * Replaces the passwords of a URL, in its authority and in its query, by `***`; works on what is not quite a URL too. Hides
 * rather too much: an `@` inside a password does not end it.
 */
export function redactUrl(url: string): string {
  return url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)?([^:/@?#]*):(.*)@/is, '$1$2:***@')
    .replace(/([?&][^=&#]*(?:password|secret|token)[^=&#]*=)[^&#]*/gi, '$1***');
}
