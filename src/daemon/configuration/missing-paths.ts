import * as fs from 'node:fs';
import { systemCode } from '../../base/error.ts';
import { counted } from '../../base/counted.ts';
import type { Config } from '../../config/schema.ts';

/** Settings of states whose files must be there to be captured; of others some may yet come. */
const NEEDED = ['paths', 'current', 'config'] as const;

/** More lines would hide what else is told; who moved a folder sees it by the first few. */
const NOTES_MAX = 20;

/**
 * Paths of this machine that a configuration names and that are not there, one sentence each. It is
 * no error: a program may write its log later, and a release may be yet to come.
 */
export function missingPaths({ sources = [], components = [], access }: Config): readonly string[] {
  const logs = sources
    .filter(({ kind }) => kind === 'file')
    .flatMap((source) => texts(source['paths']).map((path) => ({ who: source.name, path })));
  const states = components
    .filter(({ host }) => host === undefined)
    .flatMap(({ name, state }) => state.flatMap((one) => named(`${name}/${one.provider}`, one)));
  const { cert, key, ca } = access.tls ?? {};
  const tls = texts([cert, key, ca]).map((path) => ({ who: 'access.tls', path }));
  const missing = [
    ...logs.filter(({ path }) => isMissing(path)).map(note('nothing is read of it until it is')),
    ...states.filter(({ path }) => isMissing(path)).map(note('nothing of it can be captured')),
    ...tls.filter(({ path }) => isMissing(path)).map(note('the listeners need it')),
  ];
  const rest = missing.length - NOTES_MAX;
  const more =
    rest > 0 ? [`${counted(rest, 'further path')} ${rest === 1 ? 'is' : 'are'} missing`] : [];
  return [...missing.slice(0, NOTES_MAX), ...more];
}

const note =
  (effect: string) =>
  ({ who, path }: { readonly who: string; readonly path: string }): string =>
    `${who}: ${isPattern(path) ? `nothing matches ${path}` : `${path} is not there`}; ${effect}`;

function named(
  who: string,
  state: Readonly<Record<string, unknown>>,
): readonly { readonly who: string; readonly path: string }[] {
  return NEEDED.flatMap((key) => texts(state[key])).map((path) => ({ who, path }));
}

/** Words of commands and other things may stand there, too: only absolute paths are looked for. */
function texts(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === 'string').filter((one) => one.startsWith('/'));
}

function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** What may not be looked at may well be there. */
function isMissing(path: string): boolean {
  if (isPattern(path)) return fs.globSync(path).length === 0;
  try {
    fs.statSync(path);
    return false;
  } catch (thrown) {
    const code = systemCode(thrown);
    return code === 'ENOENT' || code === 'ENOTDIR';
  }
}
