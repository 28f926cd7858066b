import { scryptSync } from 'node:crypto';
import type { AccessEvent, Role } from '@sendit/model';

/** A hash as good as another, in a millisecond. */
export function toCheapHash(password: string): string {
  const salt = Buffer.alloc(16, 1);
  const encode = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  const hash = scryptSync(password, salt, 32, { N: 16, r: 1, p: 1 });
  return `$scrypt$ln=4,r=1,p=1$${encode(salt)}$${encode(hash)}`;
}

interface Named {
  name: string;
  role: Role;
}

interface Account extends Named {
  passwordHash: string;
}

interface By {
  readonly by: string;
}

interface Change {
  readonly name: string;
  readonly role?: Role | undefined;
  readonly passwordHash?: string | undefined;
}

interface NewToken extends Named {
  readonly digest: string;
  readonly expiresAt: string;
}

/** Accounts, sessions and tokens in memory, open to a test's hands. */
export function createFakePeople() {
  const accounts = new Map<string, Account>();
  const tokens = new Map<string, { name: string; role: Role }>();
  const sessions = new Map<string, { name: string; role: Role; isAccount: boolean }>();
  const events: { event: AccessEvent; by: string }[] = [];
  const at = '2025-03-01T10:00:00.000Z';
  const toUser = ({ name, role }: Account) => ({ name, role, createdAt: at, lastSeenAt: null });
  const people = {
    listUsers: async () => [...accounts.values()].map(toUser),
    findUser: async (name: string) => accounts.get(name),
    addUser: async ({ name, passwordHash, role }: Account & By) => {
      if (accounts.has(name)) return undefined;
      accounts.set(name, { name, passwordHash, role });
      return toUser({ name, passwordHash, role });
    },
    changeUser: async ({ name, passwordHash, role }: Change & By) => {
      const account = accounts.get(name);
      if (account === undefined) return undefined;
      Object.assign(account, { ...(role && { role }), ...(passwordHash && { passwordHash }) });
      return toUser(account);
    },
    removeUser: async ({ name }: { readonly name: string }) => accounts.delete(name),
    listTokens: async () => [],
    createToken: async ({ by, digest, expiresAt, name, role }: NewToken & By) => {
      tokens.set(digest, { name, role });
      return { name, role, createdBy: by, createdAt: at, expiresAt, lastUsedAt: null };
    },
    revokeToken: async ({ name }: { readonly name: string }) =>
      [...tokens].some(([digest, one]) => one.name === name && tokens.delete(digest)),
    findToken: async (digest: string) => tokens.get(digest),
    openSession: async ({ digest, ...session }: Named & { digest: string; isAccount: boolean }) =>
      void sessions.set(digest, session),
    findSession: async (digest: string) => {
      const session = sessions.get(digest);
      if (session === undefined) return undefined;
      return session.isAccount ? accounts.get(session.name) : session;
    },
    closeSession: async (digest: string) => void sessions.delete(digest),
    note: async ({ by, event }: { readonly by: string; readonly event: AccessEvent }) =>
      void events.push({ by, event }),
    listAccess: async () => ({ count: 0, next: null, previous: null, results: [] }),
  };
  return { people, accounts, events, sessions };
}
