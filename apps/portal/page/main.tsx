import './style/tokens.css';
import './style/base.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { type ErrorCode, SenditError } from '@sendit/model';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startLive } from './live/live-store.ts';
import { router } from './router.tsx';

/** Asked again, the answer would be the same. */
const FINAL: ReadonlySet<ErrorCode> = new Set(['bad-arguments', 'not-found', 'refused', 'unauthorized']);

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The live feed says when something changed.
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && !(error instanceof SenditError && FINAL.has(error.code)),
    },
  },
});

const root = document.getElementById('page');
if (root === null) throw new TypeError('Expected an element with the id page.');
startLive(queries);
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
