const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Parts of a query that hold no secret. */
const HARMLESS =
  /^(?:sslmode|sslrootcert|sslcert|sslkey|application_name|connect_timeout|target_session_attrs|family|db|host|port|user)$/i;

const HIDDEN = '***';

/**
 * A server's URL as it may be shown: what is, or could be, a secret is `***`. It hides rather too much: whatever does not look like
 * a user, a host, a database or a harmless option is hidden, so that a malformed URL gives nothing away either.
 */
export function redactUrl(url: string): string {
  const scheme = SCHEME.exec(url)?.[0] ?? '';
  const rest = url.slice(scheme.length);
  // The last one: an `@` inside a password does not end it.
  const at = rest.lastIndexOf('@');
  const userInfo = at === -1 ? '' : `${redactUserInfo(rest.slice(0, at), scheme)}@`;
  return `${scheme}${userInfo}${redactPlace(rest.slice(at + 1))}`;
}

/**
 * With or without its scheme, up to the last `@` of the line: a password may hold a space; and a word that begins otherwise than with a
 * scheme and has `://` in it. Files' URLs are left: stacks are full of them.
 */
const URL_IN_TEXT = new RegExp(
  [
    String.raw`(?<![^\s'"\x60=])(?!file:|node:)[^\s'"\x60=(]*[:?/][^\s'"\x60]*:\/\/[^\s'"\x60]*(?:.*@[^\s'"\x60]*)?`,
    String.raw`(?<![\w+.:/-])(?!file:|node:)(?:[a-z][a-z0-9+.-]*:)?\/\/(?:.*@)?[^\s'"\x60]*`,
    String.raw`(?<![^\s'"\x60=])(?!file:|node:)[^\s'"\x60=(]*:[^\s]*@[^\s'"\x60]*`,
  ].join('|'),
  'gi',
);

/** A text, such as another program's message, with every URL in it redacted. */
export function redactUrlsIn(text: string): string {
  return text.replaceAll(URL_IN_TEXT, redactUrl);
}

function redactUserInfo(text: string, scheme: string): string {
  const colon = text.indexOf(':');
  const user = colon === -1 ? text : text.slice(0, colon);
  // A lone word before the `@` of Redis is most likely its password.
  const isLone = colon === -1 && /^rediss?:/i.test(scheme);
  const shown = /^[\w.+-]*$/.test(user) && !isLone ? user : HIDDEN;
  return colon === -1 ? shown : `${shown}:${HIDDEN}`;
}

function redactPlace(text: string): string {
  const [, hosts = '', path = '', query, fragment] = /^([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(text) ?? [];
  if (!isHosts(hosts)) return HIDDEN;
  const database = /^\/?[\w.+-]*$/.test(path) ? path : `/${HIDDEN}`;
  return `${hosts}${database}${redactQuery(query)}${fragment === undefined ? '' : `#${HIDDEN}`}`;
}

/** `one,two:5433` or `[::1]:6379`: a port is digits, so that a password without its host is not taken for one. */
function isHosts(text: string): boolean {
  return text.split(',').every((host) => /^(?:[\w.-]*|\[[0-9a-f:.]*\])(?::\d{1,5})?$/i.test(host));
}

function redactQuery(query: string | undefined): string {
  if (query === undefined) return '';
  const shown = query
    .slice(1)
    .split('&')
    .map((part) => {
      const [name = '', ...value] = part.split('=');
      if (/^\w*(?:password|secret|token)$/i.test(name)) return `${name}=${HIDDEN}`;
      if (!HARMLESS.test(name)) return HIDDEN;
      return value.length === 0 ? name : part;
    });
  return `?${shown.join('&')}`;
}
