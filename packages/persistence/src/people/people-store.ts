import type { AccessQuery, AccessRow, ApiToken, Page, User } from '@sendit/api';
import type { AccessEvent, Role } from '@sendit/model';
import { and, asc, eq, gt, lt, or, sql } from 'drizzle-orm';
import type { Connection, Queries } from '../engine/connection.ts';
import { accessEvents, apiTokens, sessions, users } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';
import { readPage } from '../views/keyset.ts';

/** Who is there, as a session or a token says. */
export interface Recognized {
  readonly name: string;
  readonly role: Role;
}

/** A session as it begins; `role` counts where `name` is no account's. */
export interface NewSession extends Recognized {
  /** SHA-256 of what the browser has, in hex. */
  readonly digest: string;
  readonly isAccount: boolean;
}

/** Something at the door, as it is written. */
export interface Noted {
  readonly event: AccessEvent;
  readonly by: string;
  readonly about?: string;
  readonly address?: string | null;
}

/** Accounts, sessions, tokens, and what happened with them. What changes one of them is on record in the same transaction. */
export interface PeopleStore {
  listUsers(): Promise<readonly User[]>;
  /** The hash of its password too; undefined where there is no such account. */
  findUser(name: string): Promise<(Recognized & { readonly passwordHash: string }) | undefined>;
  /** Undefined where the name is taken. */
  addUser(asked: Recognized & { readonly passwordHash: string; readonly by: string }): Promise<User | undefined>;
  /** Another password ends every session of the account. Undefined where there is no such account. */
  changeUser(asked: {
    readonly name: string;
    readonly role?: Role | undefined;
    readonly passwordHash?: string | undefined;
    readonly by: string;
  }): Promise<User | undefined>;
  /** With its sessions; false where there is no such account. */
  removeUser(asked: { readonly name: string; readonly by: string }): Promise<boolean>;
  listTokens(): Promise<readonly ApiToken[]>;
  /** Undefined where the name is taken; that of an expired one is free. */
  createToken(
    asked: Recognized & { readonly digest: string; readonly expiresAt: string; readonly by: string },
  ): Promise<ApiToken | undefined>;
  revokeToken(asked: { readonly name: string; readonly by: string }): Promise<boolean>;
  /** The one with this digest, while it has not expired; notes that it was used. */
  findToken(digest: string): Promise<Recognized | undefined>;
  openSession(session: NewSession): Promise<void>;
  /** While it lasts: 12 hours after its last use, a week at most. Notes its use. */
  findSession(digest: string): Promise<Recognized | undefined>;
  closeSession(digest: string): Promise<void>;
  note(noted: Noted): Promise<void>;
  listAccess(query: AccessQuery): Promise<Page<AccessRow>>;
}

/** Written at most so often: each request would be a write. */
const isLongAgo = (column: typeof sessions.seenAt | typeof apiTokens.lastUsedAt) =>
  or(sql`${column} is null`, sql`${column} < now() - interval '1 minute'`);

const lasts = and(
  gt(sessions.seenAt, sql`now() - interval '12 hours'`),
  gt(sessions.createdAt, sql`now() - interval '7 days'`),
);

/** The people of a database. */
export function toPeopleStore(connection: Connection): PeopleStore {
  return {
    listUsers: () =>
      connection.run((db) =>
        selectUsers(db)
          .orderBy(asc(users.name))
          .then((rows) => rows.map(toUser)),
      ),
    findUser: (name) =>
      connection.run(async (db) => {
        const { passwordHash, role } = users;
        const [found] = await db.select({ name: users.name, passwordHash, role }).from(users).where(isNamed(name));
        return found;
      }),
    addUser: ({ by, name, passwordHash, role }) =>
      connection.transaction(async (tx) => {
        const made = await tx
          .insert(users)
          .values({ name: toStoredText(name), role, passwordHash })
          .onConflictDoNothing()
          .returning({ id: users.id });
        if (made.length === 0) return undefined;
        await write(tx, { event: 'user-added', by, about: `${name}: ${role}` });
        return await readUser(tx, name);
      }),
    changeUser: ({ by, name, passwordHash, role }) =>
      connection.transaction(async (tx) => {
        const changes = { ...(role && { role }), ...(passwordHash && { passwordHash }) };
        const before = await readUser(tx, name);
        if (before === undefined || Object.keys(changes).length === 0) return before;
        const [changed] = await tx.update(users).set(changes).where(isNamed(name)).returning({ id: users.id });
        if (changed === undefined) return undefined;
        if (passwordHash !== undefined) await tx.delete(sessions).where(eq(sessions.userId, changed.id));
        const what = [
          ...(role === undefined ? [] : [role]),
          ...(passwordHash === undefined ? [] : ['another password']),
        ];
        await write(tx, { event: 'user-changed', by, about: `${name}: ${what.join(', ')}` });
        return await readUser(tx, name);
      }),
    removeUser: ({ by, name }) =>
      connection.transaction(async (tx) => {
        const gone = await tx.delete(users).where(isNamed(name)).returning({ id: users.id });
        if (gone.length > 0) await write(tx, { event: 'user-removed', by, about: name });
        return gone.length > 0;
      }),
    listTokens: () =>
      connection.run(async (db) => (await db.select().from(apiTokens).orderBy(asc(apiTokens.name))).map(toToken)),
    createToken: ({ by, digest, expiresAt, name, role }) =>
      connection.transaction(async (tx) => {
        const stored = toStoredText(name);
        await tx.delete(apiTokens).where(and(eq(apiTokens.name, stored), lt(apiTokens.expiresAt, sql`now()`)));
        const [made] = await tx
          .insert(apiTokens)
          .values({ name: stored, role, digest, createdBy: toStoredText(by), expiresAt: new Date(expiresAt) })
          .onConflictDoNothing()
          .returning();
        if (made === undefined) return undefined;
        await write(tx, { event: 'token-created', by, about: `${name}: ${role}, until ${expiresAt}` });
        return toToken(made);
      }),
    revokeToken: ({ by, name }) =>
      connection.transaction(async (tx) => {
        const gone = await tx
          .delete(apiTokens)
          .where(eq(apiTokens.name, toStoredText(name)))
          .returning({ id: apiTokens.id });
        if (gone.length > 0) await write(tx, { event: 'token-revoked', by, about: name });
        return gone.length > 0;
      }),
    findToken: (digest) =>
      connection.run(async (db) => {
        const { lastUsedAt, name, role } = apiTokens;
        const isIt = and(eq(apiTokens.digest, digest), gt(apiTokens.expiresAt, sql`now()`));
        const [found] = await db.select({ name, role }).from(apiTokens).where(isIt);
        if (found !== undefined) {
          await db
            .update(apiTokens)
            .set({ lastUsedAt: sql`now()` })
            .where(and(isIt, isLongAgo(lastUsedAt)));
        }
        return found;
      }),
    openSession: ({ digest, isAccount, name, role }) =>
      connection.transaction(async (tx) => {
        const stored = toStoredText(name);
        await tx.delete(sessions).where(sql`not (${lasts})`);
        const [account] = isAccount ? await tx.select({ id: users.id }).from(users).where(isNamed(name)) : [];
        // It was removed just now: there is nobody to be signed in.
        if (isAccount && account === undefined) return;
        await tx.insert(sessions).values({ digest, userId: account?.id ?? null, name: stored, role });
      }),
    findSession: (digest) =>
      connection.run(async (db) => {
        const isIt = and(eq(sessions.digest, digest), lasts);
        const [found] = await db
          .select({ name: sessions.name, own: sessions.role, role: users.role })
          .from(sessions)
          .leftJoin(users, eq(users.id, sessions.userId))
          .where(isIt);
        if (found === undefined) return undefined;
        await db
          .update(sessions)
          .set({ seenAt: sql`now()` })
          .where(and(isIt, isLongAgo(sessions.seenAt)));
        return { name: found.name, role: found.role ?? found.own };
      }),
    closeSession: (digest) =>
      connection.run(async (db) => {
        await db.delete(sessions).where(eq(sessions.digest, digest));
      }),
    note: (noted) => connection.run((db) => write(db, noted)),
    listAccess: (query) => connection.run((db) => listAccess(db, query)),
  };
}

const isNamed = (name: string) => eq(users.name, toStoredText(name));

function selectUsers(db: Queries) {
  const lastSeenAt = sql<
    string | null
  >`(select to_char(max(s.seen_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from sendit.sessions s where s.user_id = "sendit"."users"."id")`;
  return db
    .select({ name: users.name, role: users.role, createdAt: users.createdAt, lastSeenAt })
    .from(users)
    .$dynamic();
}

async function readUser(db: Queries, name: string): Promise<User | undefined> {
  const [row] = await selectUsers(db).where(isNamed(name));
  return row === undefined ? undefined : toUser(row);
}

function toUser(row: { name: string; role: Role; createdAt: Date; lastSeenAt: string | null }): User {
  return { ...row, createdAt: row.createdAt.toISOString() };
}

function toToken(row: typeof apiTokens.$inferSelect): ApiToken {
  const { createdAt, createdBy, expiresAt, lastUsedAt, name, role } = row;
  return {
    name,
    role,
    createdBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

async function write(db: Queries, { about = '', address = null, by, event }: Noted): Promise<void> {
  await db.insert(accessEvents).values({ event, by: toStoredText(by), about: toStoredText(about), address });
}

async function listAccess(db: Queries, query: AccessQuery): Promise<Page<AccessRow>> {
  const which = query.event === undefined ? undefined : eq(accessEvents.event, query.event);
  return await readPage<typeof accessEvents.$inferSelect, AccessRow>(query, {
    name: 'access',
    keys: [{ column: accessEvents.id, order: 'desc', type: 'bigint' }],
    keyOf: ({ id }) => [id],
    select: async ({ where, orderBy, limit }) =>
      await db
        .select()
        .from(accessEvents)
        .where(and(which, where))
        .orderBy(...orderBy)
        .limit(limit),
    count: async () => await db.$count(accessEvents, which),
    toItem: (row) => ({ ...row, id: String(row.id), at: row.at.toISOString() }),
  });
}
