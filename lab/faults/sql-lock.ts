import { postgresSocket, psql } from '../parts/postgres.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import { waitUntil } from '../stage/wait-until.ts';
import type { Fault } from './fault.ts';
import { requirePart } from './require-part.ts';

/** By this the session that holds the lock is known, whoever ends it. */
const sessionName = 'lab-sql-lock';
const lockTimeoutMs = 10_000;
/** A database that does not run holds no lock. */
const endUnlessDead = '"$@" || ! pg_isready -q -h "$0"';

/** A session holds a table so that nobody else may even read it. */
export const sqlLock: Fault = {
  name: 'sql-lock',
  usage: '[--table orders]',
  summary: "a session locks a table of the shop's database and keeps it",
  options: ['table'],
  plan: async (call) => {
    requirePart(call, 'postgres');
    const { stage, option } = call;
    const table = option('table') ?? 'orders';
    if (!/^[a-z_]+$/.test(table)) throw new LabFailure(`--table ${table}: want a table's name`);
    const ofSession = `application_name = '${sessionName}'`;
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${ofSession}`;
    const held =
      'SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)' +
      ` WHERE ${ofSession} AND mode = 'AccessExclusiveLock' AND granted`;
    const socket = postgresSocket(stage.folder);
    const ended = psql(stage, 'shop', end);
    return {
      what: `a session holds table ${table}`,
      undo: [{ kind: 'command', command: ['sh', '-c', endUnlessDead, socket, ...ended] }],
      make: async () => {
        const lock = `BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(86400)`;
        const command = psql(stage, 'shop', lock);
        await stage.launch({ name: 'sql-lock', command, environment: { PGAPPNAME: sessionName } });
        await waitUntil(`lock on ${table}`, lockTimeoutMs, async () =>
          (await stage.run(psql(stage, 'shop', held))).trim() === '' ? undefined : true,
        );
      },
    };
  },
};
