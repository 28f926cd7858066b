import { SenditError } from '@sendit/model';
import { useQuery } from '@tanstack/react-query';
import { api } from './client.ts';

const ASK_AGAIN_MS = 30_000;

/** Whether names are kept from this visitor: they are for who has the token of the installation. */
export function useIsAnonymous(): boolean {
  const { data } = useQuery({
    queryKey: ['access'],
    queryFn: readAccess,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (state.data === 'anonymous' ? ASK_AGAIN_MS : false),
  });
  return data === 'anonymous';
}

async function readAccess(): Promise<'known' | 'anonymous'> {
  try {
    await api.listWorkers();
    return 'known';
  } catch (error) {
    if (error instanceof SenditError && error.code === 'unauthorized') return 'anonymous';
    throw error;
  }
}
