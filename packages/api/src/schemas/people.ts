import { ACCESS_EVENTS, ROLES } from '@sendit/model';
import { z } from 'zod';
import { by, oneOf, text, time } from '../fields.ts';
import { type Of, pageOf, paging } from '../page.ts';

const isoTime = z.iso.datetime();
const NAME = 'a name of 1 to 64 characters without `:`, spaces at its ends and invisible ones';
const PASSWORD = 'a password of 12 to 256 characters';

/** Name of an account or token; in lower case, and in one Unicode form, so that two that look alike are one. A `:` tells other kinds apart. */
export const userName = z
  .string(NAME)
  .transform((name) => name.normalize('NFKC').trim().toLowerCase())
  .pipe(z.string(NAME).regex(/^[^:\p{C}\p{Zl}\p{Zp}]{1,64}$/u, NAME));

const role = oneOf(ROLES);
const password = text(PASSWORD).min(12, PASSWORD);

export const signInRequest = z.strictObject({
  name: z.string('a name').max(256, 'a name'),
  password: z.string('a password').max(256, 'a password'),
});

/** A name and a password, as somebody typed them. */
export type SignInRequest = Of<typeof signInRequest>;

export const user = z
  .object({
    name: z.string(),
    role,
    createdAt: isoTime,
    lastSeenAt: isoTime.nullable().describe('Of its sessions; null where it has none.'),
  })
  .meta({ id: 'User', description: 'The account of a person.' });

/** The account of a person. */
export type User = Of<typeof user>;

export const userPage = pageOf(user, 'UserPage');

export const newUser = z.strictObject({ name: userName, role, password, by });

/** An account as it is asked for. */
export type NewUser = Of<typeof newUser>;

export const userChange = z.strictObject({ name: userName, role: role.optional(), password: password.optional(), by });

/** What is to be another of an account. */
export type UserChange = Of<typeof userChange>;

const apiToken = z
  .object({
    name: z.string(),
    role,
    createdBy: z.string(),
    createdAt: isoTime,
    expiresAt: isoTime,
    lastUsedAt: isoTime.nullable().describe('To the minute; null: never.'),
  })
  .meta({ id: 'ApiToken', description: 'A token of a script; what it is itself is told once, when it is made.' });

/** A token of a script, without itself. */
export type ApiToken = Of<typeof apiToken>;

export const tokenPage = pageOf(apiToken, 'ApiTokenPage');

export const newToken = z.strictObject({ name: userName, role, expiresAt: time, by });

/** A token as it is asked for. */
export type NewToken = Of<typeof newToken>;

export const tokenMade = apiToken
  .extend({ token: z.string().describe('For `Authorization: Bearer`; only its digest is kept.') })
  .meta({ id: 'ApiTokenMade' });

export const removal = z.strictObject({ name: userName, by });

export const removed = z.object({ name: z.string() });

const accessRow = z
  .object({
    id: z.string(),
    at: isoTime,
    event: z.enum(ACCESS_EVENTS),
    by: z
      .string()
      .describe('Who did it; empty where nobody knows. What was typed as the name of no account is not kept.'),
    about: z.string().describe('The account or token, and what it is now.'),
    address: z.string().nullable().describe('Where it was asked from; null: on the host.'),
  })
  .meta({ id: 'AccessRow', description: 'Something at the door, kept for ever.' });

/** Something at the door. */
export type AccessRow = Of<typeof accessRow>;

export const accessQuery = z.strictObject({ event: oneOf(ACCESS_EVENTS).optional(), ...paging });

/** Which of what happened at the door to list. */
export type AccessQuery = Of<typeof accessQuery>;

export const accessPage = pageOf(accessRow, 'AccessPage');
