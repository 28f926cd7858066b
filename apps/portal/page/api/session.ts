import { parseErrorBody } from '@sendit/api/client';
import { type Role, SenditError } from '@sendit/model';
import { toAddress } from './client.ts';

/** Who is signed in here, and how one can. */
export interface Session {
  readonly who: {
    /** For the audit; null where the caller says who it is. */
    readonly name: string | null;
    readonly role: Role;
    readonly kind: 'local' | 'link' | 'account' | 'token';
  } | null;
  readonly ways: { readonly password: boolean };
}

/** Who is signed in, by the cookies of this browser. */
export async function readSession(): Promise<Session> {
  return (await send('GET')) as Session;
}

/** @throws SenditError `unauthorized` for a wrong name or password, `too-many-attempts` */
export async function signIn(name: string, password: string): Promise<void> {
  await send('POST', JSON.stringify({ name, password }));
}

/** Signs this browser out. */
export async function signOut(): Promise<void> {
  await send('DELETE');
}

async function send(method: string, body?: string): Promise<unknown> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(toAddress('api/session'), { method, headers, ...(body !== undefined && { body }) });
  if (response.status === 204) return undefined;
  const answer: unknown = await response.json().catch(() => undefined);
  const error = parseErrorBody(answer);
  if (error !== undefined) throw error;
  if (!response.ok) throw new SenditError(`Expected an answer, got HTTP ${response.status}.`, { code: 'internal' });
  return answer;
}
