import { join } from 'node:path';
import type { Part } from '../stage/part.ts';
import type { Stage, RunOptions } from '../stage/stage.ts';
import type { Command } from '../stage/thing.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { inDc } from './data-center.ts';

/** Debian keeps the programs of each version apart, outside the search path. */
const programs = '/usr/lib/postgresql/15/bin';
const startTimeoutMs = 15_000;
/** A second and a half of work, twenty times that on a machine that has other things to do. */
const createTimeoutMs = 60_000;
/** PostgreSQL refuses to run as root; the cluster and its log are this user's. */
const asOwner: RunOptions = { ...inDc, user: 'postgres' };

/** The shop's database: PostgreSQL with a cluster of its own and a log of JSON lines. */
export const postgres: Part = {
  name: 'postgres',
  summary: 'PostgreSQL 15 with its own cluster in the data center',
  needs: ['namespaces'],
  programs: [
    { command: `${programs}/postgres`, debianPackage: 'postgresql-15' },
    { command: 'psql', debianPackage: 'postgresql-client-15' },
  ],
  start: async (stage) => {
    const folder = stage.partFolder();
    for (const name of ['data', 'log', 'run', 'etc']) stage.partFolder(name);
    const configFile = join(folder, 'etc', 'postgresql.conf');
    writeConfig(configFile, 'postgresql.conf', { folder });
    await stage.run(['chown', '-R', 'postgres:postgres', folder]);
    const data = join(folder, 'data');
    await stage.run(
      // A cluster that is new can be made again; only what it stores later must be safe.
      [
        `${programs}/initdb`,
        '-D',
        data,
        '-U',
        'lab',
        '-A',
        'trust',
        '-E',
        'UTF8',
        '--no-locale',
        '-N',
      ],
      { ...asOwner, timeoutMs: createTimeoutMs },
    );
    await stage.launch({
      ...asOwner,
      name: 'postgres',
      command: [`${programs}/postgres`, '-c', `config_file=${configFile}`],
      directory: data,
    });
    await waitUntil('PostgreSQL accepts', startTimeoutMs, async () => {
      await stage.run(psql(stage, 'postgres', 'SELECT 1'), asOwner);
      return true;
    });
    await stage.run(psql(stage, 'postgres', 'CREATE DATABASE shop'), asOwner);
  },
  check: async (stage) => {
    const sql = `BEGIN; CREATE TEMP TABLE seen AS SELECT version() AS words;
      SELECT words FROM seen; ROLLBACK`;
    const said = await stage.run(psql(stage, 'shop', sql), asOwner);
    const version = /PostgreSQL \S+/.exec(said)?.[0] ?? said.trim();
    return `${version} stores and returns a row`;
  },
  // Killed the hard way its workers would outlive it by a moment, in sessions of their own.
  stop: async (stage) => {
    const data = join(stage.partFolder(), 'data');
    await stage.run([`${programs}/pg_ctl`, '-D', data, '-m', 'immediate', 'stop'], asOwner);
  },
};

/** The folder of PostgreSQL's Unix socket: reachable from every namespace. */
export const postgresSocket = (stageFolder: string): string => join(stageFolder, 'postgres', 'run');

/** A command that runs SQL in a database of the stage and prints rows without decoration. */
export function psql(stage: Pick<Stage, 'folder'>, database: string, sql: string): Command {
  const where = ['-h', postgresSocket(stage.folder), '-U', 'lab', '-d', database];
  return ['psql', ...where, '-v', 'ON_ERROR_STOP=1', '-qAtX', '-c', sql];
}
