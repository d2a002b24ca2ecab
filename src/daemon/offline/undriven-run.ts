import { access } from 'node:fs/promises';
import { openKeyFile } from '../../adapters/keyrings/file/file-keyring.ts';
import { realDisk } from '../../base/disk.ts';
import { messageOf, systemCode } from '../../base/error.ts';
import { fromUnixMs, toRfc3339 } from '../../base/time.ts';
import type { DataFolder } from '../../config/data-folder.ts';
import type { UndrivenRun } from '../../model/run/undriven.ts';
import {
  deadManFolder,
  openRunFolders,
  runFolderName,
  type Outcome,
  type Report,
  type RunFolder,
} from '../../runner/deadman/run-folder.ts';
import { isAlive } from '../../runner/process-table.ts';

/**
 * What the dead-man of a run on this host has done by now, from its own folder; changes nothing.
 * One of another host, or whose folder is not ours to read, is `unknown`.
 */
export async function lookAtDeadMan(
  { host, key }: Pick<DataFolder, 'host' | 'key'>,
  run: string,
): Promise<Omit<UndrivenRun, 'journalAt'>> {
  const all = deadManFolder(host);
  const unknown = (why: string) => ({ deadMan: 'unknown', why }) as const;
  try {
    // Opening them makes what is missing, and here nothing may be made.
    await access(`${all}/key.json`);
    const keyring = await openKeyFile(key);
    if (!keyring.ok) return unknown(keyring.error.detail);
    const open = await openRunFolders(realDisk, host, keyring.value);
    return await tellFolder(open(runFolderName(run)), run);
  } catch (thrown) {
    const code = systemCode(thrown);
    if (code === 'ENOENT') return unknown(`no dead-man of ${run} on this host`);
    return unknown(code === 'EACCES' ? `${all} is not yours to read` : messageOf(thrown));
  }
}

async function tellFolder(at: RunFolder, run: string): Promise<Omit<UndrivenRun, 'journalAt'>> {
  const file = await at.readRun();
  if (file === undefined) return { deadMan: 'unknown', why: `no dead-man of ${run} on this host` };
  const report = await at.readReport();
  if (report !== undefined) return { deadMan: 'reverted', found: foundBy(report) };
  const end = await at.readEnd();
  if (end === 'disarmed') return { deadMan: 'unknown', why: 'its dead-man was disarmed' };
  const armed = await at.readArmed();
  const isRunning = armed !== undefined && isAlive(armed);
  if (!isRunning) return { deadMan: 'gone' };
  if (end === 'fired') return { deadMan: 'reverting' };
  const { set, afterMs } = file.deadline;
  return { deadMan: 'watching', revertsAt: toRfc3339(fromUnixMs(set.wallMs + afterMs)) };
}

/** A state that a newer run holds was left to that one. */
const AT: Readonly<Record<Outcome, 'before' | 'foreign' | 'unknown'>> = {
  before: 'before',
  foreign: 'foreign',
  superseded: 'unknown',
  unknown: 'unknown',
};

function foundBy(report: Report): NonNullable<UndrivenRun['found']> {
  return Object.entries(report).map(([state, outcome]) => ({ state, at: AT[outcome] }));
}
