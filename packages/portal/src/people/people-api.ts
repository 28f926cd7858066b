import { randomBytes } from 'node:crypto';
import type { AccessQuery, AccessRow, ApiToken, Page, SenditApi, User } from '@sendit/api';
import { type AccessEvent, type Role, SenditError } from '@sendit/model';
import { toDigest } from './digest.ts';
import { hashPassword } from './passwords.ts';

interface Named {
  readonly name: string;
  readonly role: Role;
}

/** Accounts, sessions and tokens, as the portal needs them; the database has them. */
export interface People {
  listUsers(): Promise<readonly User[]>;
  findUser(name: string): Promise<(Named & { readonly passwordHash: string }) | undefined>;
  addUser(asked: Named & { readonly passwordHash: string; readonly by: string }): Promise<User | undefined>;
  changeUser(asked: {
    readonly name: string;
    readonly role?: Role | undefined;
    readonly passwordHash?: string | undefined;
    readonly by: string;
  }): Promise<User | undefined>;
  removeUser(asked: { readonly name: string; readonly by: string }): Promise<boolean>;
  listTokens(): Promise<readonly ApiToken[]>;
  createToken(
    asked: Named & { readonly digest: string; readonly expiresAt: string; readonly by: string },
  ): Promise<ApiToken | undefined>;
  revokeToken(asked: { readonly name: string; readonly by: string }): Promise<boolean>;
  findToken(digest: string): Promise<Named | undefined>;
  openSession(session: Named & { readonly digest: string; readonly isAccount: boolean }): Promise<void>;
  findSession(digest: string): Promise<Named | undefined>;
  closeSession(digest: string): Promise<void>;
  note(noted: {
    readonly event: AccessEvent;
    readonly by: string;
    readonly about?: string;
    readonly address?: string | null;
  }): Promise<void>;
  listAccess(query: AccessQuery): Promise<Page<AccessRow>>;
}

/** Before each token of a script: whoever finds one knows what it opens. */
export const TOKEN_PREFIX = 'sendit_';

/** The operations about who may come. */
export function createPeopleApi(people: People) {
  const api: Pick<
    SenditApi,
    'listUsers' | 'addUser' | 'changeUser' | 'removeUser' | 'listTokens' | 'createToken' | 'revokeToken' | 'listAccess'
  > = {
    listUsers: async () => toPage(await people.listUsers()),
    addUser: async ({ by, name, password, role }) =>
      (await people.addUser({ by, name, role, passwordHash: await hashPassword(password) })) ?? refuse(name),
    changeUser: async ({ by, name, password, role }) => {
      const passwordHash = password === undefined ? undefined : await hashPassword(password);
      return (await people.changeUser({ by, name, role, passwordHash })) ?? miss('account', 'user');
    },
    removeUser: async ({ by, name }) => ((await people.removeUser({ by, name })) ? { name } : miss('account', 'user')),
    listTokens: async () => toPage(await people.listTokens()),
    createToken: async ({ by, expiresAt, name, role }) => {
      if (Date.parse(expiresAt) <= Date.now()) {
        throw new SenditError('Expected a time to come as the end of the token.', { code: 'bad-arguments' });
      }
      const token = `${TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
      const made = await people.createToken({ by, expiresAt, name, role, digest: toDigest(token) });
      return made === undefined ? refuse(name) : { ...made, token };
    },
    revokeToken: async ({ by, name }) => ((await people.revokeToken({ by, name })) ? { name } : miss('token', 'token')),
    listAccess: (query) => people.listAccess(query),
  };
  return api;
}

function toPage<T>(results: readonly T[]): Page<T> {
  return { count: results.length, next: null, previous: null, results };
}

function refuse(name: string): never {
  throw new SenditError(`Expected a new name, ${JSON.stringify(name)} is there already.`, {
    code: 'refused',
    hint: 'Choose another name, or remove the one that has it.',
  });
}

function miss(what: string, topic: string): never {
  throw new SenditError(`There is no ${what} of this name.`, {
    code: 'not-found',
    hint: `\`sendit ${topic} list\` lists them.`,
  });
}
