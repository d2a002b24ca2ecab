import { postgresSocket, psql } from '../parts/postgres.ts';
import { waitUntil } from '../stage/wait-until.ts';
import type { Fault } from './fault.ts';
import { requirePart } from './require-part.ts';

/** `max_connections` of the lab's PostgreSQL, and a few that stand in the queue. */
const sessions = '63';
const sessionName = 'lab-connections';
const takeTimeoutMs = 60_000;

/** So many clients that say nothing and stay, for they wait for words of a pipe, or come again. */
const takeAll =
  'sleep infinity | { exec 3<&0; for i in $(seq "$0"); do' +
  ' while :; do "$@" <&3 2>/dev/null; sleep 0.5; done & done; wait; }';

/**
 * Somebody keeps all connections of PostgreSQL: who has one goes on, a new one is refused with
 * "too many clients". Then those in use are ended, as when a pool is made anew.
 */
export const connections: Fault = {
  name: 'connections',
  usage: '',
  summary: 'PostgreSQL has no connection left: "sorry, too many clients already"',
  options: [],
  plan: async (call) => {
    requirePart(call, 'postgres');
    const { stage } = call;
    const client = ['psql', '-h', postgresSocket(stage.folder), '-U', 'lab', '-d', 'shop', '-qX'];
    return {
      what: 'somebody keeps all connections of PostgreSQL',
      undo: [{ kind: 'end', process: 'connections' }],
      make: async () => {
        await stage.launch({
          name: 'connections',
          command: ['sh', '-c', takeAll, sessions, ...client],
          environment: { PGAPPNAME: sessionName },
        });
        await waitUntil('the last connection is taken', takeTimeoutMs, async () => {
          const others = `application_name <> '${sessionName}' AND pid <> pg_backend_pid()`;
          const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND ${others}`;
          const { stderr } = await stage.attempt(psql(stage, 'shop', end));
          return stderr.includes('too many clients') ? true : undefined;
        });
      },
    };
  },
};
