import { useState } from 'react';
import { useSession } from '../api/use-access.ts';

const KEY = 'sendit.who';

/** Who acts here: as signed in, which is then not to be changed; else as remembered by this browser. */
export function useWho(): readonly [who: string, setWho: (who: string) => void, isKnown: boolean] {
  const signedIn = useSession()?.who?.name ?? undefined;
  const [who, setWho] = useState(() => localStorage.getItem(KEY) ?? '');
  return [
    signedIn ?? who,
    (next) => {
      localStorage.setItem(KEY, next);
      setWho(next);
    },
    signedIn !== undefined,
  ];
}
