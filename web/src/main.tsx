import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/api-error.ts';
import { App } from './app.tsx';
import { createServerClock, ServerClockContext } from './time/server-clock.ts';
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/rows.css';
import './style/toggles.css';

/** One retry hides a dropped packet; a clear answer of the daemon is not asked for twice. */
const mayRetry = (failures: number, error: Error): boolean =>
  failures < 1 && error instanceof ApiError && (error.status === 0 || error.status >= 500);

/**
 * A refused answer means that the session ended, by its age for one. Asking who this is takes the
 * whole page away at once, so that nothing goes on asking and being refused.
 */
const queryCache = new QueryCache({
  onError: (error, { queryKey }) => {
    const isRefused = error instanceof ApiError && error.status === 401;
    if (isRefused && queryKey[0] !== 'sessionShow') {
      void client.resetQueries({ queryKey: ['sessionShow'] });
    }
  },
});

const client: QueryClient = new QueryClient({
  queryCache,
  defaultOptions: {
    queries: { retry: mayRetry, retryDelay: 400, staleTime: 1_000, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

const serverClock = createServerClock();

const root = document.getElementById('root');
if (root === null) throw new Error('broken invariant: index.html has no element "root"');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <ServerClockContext value={serverClock}>
        <App />
      </ServerClockContext>
    </QueryClientProvider>
  </StrictMode>,
);
