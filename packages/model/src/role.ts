/**
 * What a person or a script may do in an installation, each beside what the one before it may:
 *
 * viewer    sees everything but patients' names, birth dates and ids
 * operator  acts: releases, holds, queues again …, and has what is masked shown, for a reason
 * admin     decides who may come: accounts, tokens, and what happened at the door
 */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

/** One word of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** Whether a role may do what is for another one. */
export function mayActAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** What is kept of who came and of who may come. */
export const ACCESS_EVENTS = [
  'signed-in',
  'sign-in-failed',
  'locked-out',
  'signed-out',
  'user-added',
  'user-changed',
  'user-removed',
  'token-created',
  'token-revoked',
] as const;

/** One word of {@link ACCESS_EVENTS}. */
export type AccessEvent = (typeof ACCESS_EVENTS)[number];
