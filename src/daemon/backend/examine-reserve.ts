import type { Finding, Problem } from '../../api/contract.ts';
import type { LastgoodError } from '../../base/error.ts';
import { mebibytes } from '../../base/mebibytes.ts';
import type { Reserve } from '../../base/reserve.ts';
import type { Core } from '../core.ts';
import type { HostReserve } from '../host/hosts.ts';
import { standingOr } from '../host/tell-reserve.ts';
import { evidenceFloorBytes, standingOf, type ReserveStanding } from '../recovery-reserve.ts';

interface Parts {
  readonly reserve: Reserve;
  readonly folder: Pick<Core['folder'], 'root'>;
  readonly hostReserves: () => Promise<readonly HostReserve[]>;
}

/** A reserve of which is known how it stands. */
interface Share {
  /** Of the core, of the host runner of this machine, of that of `hosts`. */
  readonly whose: string;
  readonly standing: ReserveStanding;
}

/** One that does not say how it stands. */
interface Silent {
  readonly whose: string;
  readonly error: LastgoodError;
}

const CORE = 'core';
const RUNNER = 'host runner';

/** What helps where our own reserve cannot be looked at. */
const OWN_MEND = 'let the daemon read and write its data directory';

/** Whether the room for recovery is set aside; one that is just growing is no reason to worry. */
export async function examineReserves(parts: Parts): Promise<readonly Finding[]> {
  const { shares, silent } = await ask(parts);
  const onDisk = shares.map(({ whose, standing }): Finding => {
    const base = { area: 'disk', subject: subjectOf(whose) };
    const { wantedBytes, neededBytes } = standing;
    if (wantedBytes === 0) return { ...base, ok: true, seen: 'none: storage.recoveryReserve' };
    const beside = shares.filter((other) => other.standing.device === standing.device);
    if (neededBytes === 0 || !isShort(beside)) {
      const seen = `${heldWords([{ whose, standing }])} are set aside`;
      return { ...base, ok: true, seen: whose === CORE ? `${seen}; ${floor(standing)}` : seen };
    }
    const seen = shortWords([{ whose, standing }]);
    return { ...base, ok: false, seen, mend: mendOf(parts, beside) };
  });
  const mute = silent.map(({ whose, error }): Finding => {
    const base = { area: 'disk', subject: subjectOf(whose), ok: false, seen: error.detail };
    return { ...base, mend: whose === CORE ? OWN_MEND : error.entry.hint };
  });
  return [...onDisk, ...mute];
}

/** The same for `status`: only what is wrong, once for each disk. */
export async function reserveProblems(parts: Parts): Promise<readonly Problem[]> {
  const { shares, silent } = await ask(parts);
  const disks = Map.groupBy(shares, ({ standing }) => standing.device).values();
  const short = [...disks].flatMap((beside): readonly Problem[] =>
    isShort(beside) ? [{ what: shortWords(beside), mend: mendOf(parts, beside) }] : [],
  );
  // That a host runner does not answer is told as such; our own disk is told nowhere else.
  const own = silent.filter(({ whose }) => whose === CORE);
  return [...short, ...own.map(({ error }) => ({ what: error.detail, mend: OWN_MEND }))];
}

async function ask({ reserve, hostReserves }: Parts) {
  const ofHosts = (await hostReserves()).map(({ host, told }) => ({
    whose: host === undefined ? RUNNER : `host ${host}`,
    told,
  }));
  const all = [{ whose: CORE, told: standingOr(() => standingOf(reserve)) }, ...ofHosts];
  return {
    shares: all.flatMap(({ whose, told }): readonly Share[] =>
      told.ok ? [{ whose, standing: told.value }] : [],
    ),
    silent: all.flatMap(({ whose, told }): readonly Silent[] =>
      told.ok ? [] : [{ whose, error: told.error }],
    ),
  };
}

function subjectOf(whose: string): string {
  if (whose === CORE) return 'recovery reserve';
  return whose === RUNNER ? 'recovery reserve of the host runner' : `recovery reserve of ${whose}`;
}

/** All of one disk grow by what is free on it: each alone might fit where together they do not. */
function isShort(beside: readonly Share[]): boolean {
  const free = Math.min(...beside.map(({ standing }) => standing.freeBytes));
  return free < sum(beside, 'neededBytes');
}

function heldWords(beside: readonly Share[]): string {
  return `${mebibytes(sum(beside, 'heldBytes'))} of ${mebibytes(sum(beside, 'wantedBytes'))} MiB`;
}

function shortWords(beside: readonly Share[]): string {
  const each = beside.map((share) => `${share.whose} ${heldWords([share])}`).join(', ');
  const split = beside.length > 1 ? ` (${each})` : '';
  const free = Math.min(...beside.map(({ standing }) => standing.freeBytes));
  return (
    `${heldWords(beside)} are set aside for recovery${split}; ${mebibytes(free)} MiB are free, ` +
    `and the reserve needs ${mebibytes(sum(beside, 'neededBytes'))} MiB to be whole`
  );
}

/** Only of the disk of the data is it said where that is: a host's folder is its own. */
function mendOf({ folder }: Parts, beside: readonly Share[]): string {
  const has = 'a rollback has no more than what is set aside and what is free';
  if (beside.every(({ whose }) => whose !== CORE)) {
    const names = beside.map(({ whose }) => whose).join(', ');
    return `free space on the disk of the folder of ${names}; until then ${has}`;
  }
  const until = `until then no evidence is stored, and ${has}`;
  return `free space on the disk of ${folder.root}; ${until}`;
}

function floor(standing: ReserveStanding): string {
  const bytes = mebibytes(evidenceFloorBytes(standing));
  return `with less than ${bytes} MiB free beside it no evidence is stored`;
}

function sum(shares: readonly Share[], what: 'heldBytes' | 'wantedBytes' | 'neededBytes'): number {
  return shares.reduce((total, { standing }) => total + standing[what], 0);
}
