import { SenditError } from '@sendit/model';
import { useQuery } from '@tanstack/react-query';
import { stageCounts } from './queries.ts';

/** What the API answers to who has not shown the token of the installation. */
function isUnauthorized(error: Error | null): boolean {
  return error instanceof SenditError && (error.code as string) === 'unauthorized';
}

/** Whether names are kept from this visitor: they are for who has the token. */
export function useIsAnonymous(): boolean {
  return isUnauthorized(useQuery(stageCounts).error);
}
