import { mayActAs, type Role } from '@sendit/model';
import { useQuery } from '@tanstack/react-query';
import { readSession, type Session } from './session.ts';

const ASK_AGAIN_MS = 30_000;

/** Who is signed in here; undefined until it is known. */
export function useSession(): Session | undefined {
  const { data } = useQuery({
    queryKey: ['access'],
    queryFn: readSession,
    staleTime: ASK_AGAIN_MS,
    refetchInterval: ASK_AGAIN_MS,
  });
  return data;
}

/** Whether names are kept from this visitor: they are for who is signed in. */
export function useIsAnonymous(): boolean {
  return useSession()?.who === null;
}

/** Whether who is signed in may do what is for this role; the server refuses it all the same. */
export function useMay(needed: Role): boolean {
  const who = useSession()?.who;
  return who !== undefined && who !== null && mayActAs(who.role, needed);
}
