import { useState } from 'react';

const KEY = 'sendit.who';

/** Who acts here, remembered by this browser. */
export function useWho(): readonly [who: string, setWho: (who: string) => void] {
  const [who, setWho] = useState(() => localStorage.getItem(KEY) ?? '');
  return [
    who,
    (next) => {
      localStorage.setItem(KEY, next);
      setWho(next);
    },
  ];
}
