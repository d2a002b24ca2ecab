import { renameSync, existsSync, writeFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { ADAPTER_SCHEMAS, SOURCE_SCHEMAS } from '../../adapters/registry.ts';
import { messageOf } from '../../base/error.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { loadConfig } from '../../config/load.ts';
import { renderProblem } from '../../config/problem.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { draftInventory } from '../discovery/draft-inventory.ts';
import { lookAround } from '../discovery/look-around.ts';
import { writeConfig } from '../discovery/write-config.ts';

/** What `init` is asked for. */
export interface InitOptions {
  /** Absent: ./lastgood.yaml. */
  readonly file: string | undefined;
  readonly force: boolean;
  /** Only answers the text. */
  readonly dryRun: boolean;
  /** Of the daemon that will read the configuration. */
  readonly dataRoot: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** What `init` found and wrote. */
export interface InitReport {
  readonly file: string;
  readonly written: boolean;
  readonly components: readonly { readonly name: string; readonly why: string }[];
  /** Logs that are there but could not be read, and what could not be looked at. */
  readonly remarks: readonly string[];
  readonly text: string;
}

/**
 * Writes a configuration from what runs on this host. LG_CONFIG_EXISTS where there is one already;
 * LG_CONFIG_UNREADABLE where the file cannot be written.
 */
export async function initConfig(options: InitOptions): Promise<Result<InitReport>> {
  const file = resolve(options.file ?? 'lastgood.yaml');
  if (!options.dryRun && !options.force && existsSync(file)) {
    return err(lgError('LG_CONFIG_EXISTS', file));
  }
  const facts = await lookAround(options.env, options.dataRoot, options.signal);
  const components = draftInventory(facts);
  const text = writeConfig({ facts, components, sourceKinds: new Set(SOURCE_SCHEMAS.keys()) });
  const valid = loadConfig(text, file, ADAPTER_SCHEMAS);
  if (!valid.ok) {
    const why = valid.error.map(renderProblem).join('; ');
    throw new Error(`broken invariant: init wrote an invalid configuration: ${why}`);
  }
  if (!options.dryRun) {
    const kept = writeWhole(file, text, options.force);
    if (!kept.ok) return kept;
  }
  const refused = facts.logs.flatMap(({ path, refusal }) =>
    refusal === undefined ? [] : [`${path} is not read: ${refusal}`],
  );
  const { journalRefusal } = facts;
  const journal =
    journalRefusal === undefined ? [] : [`the journal is not read: ${journalRefusal}`];
  return ok({
    file,
    written: !options.dryRun,
    components: components.map(({ name, why }) => ({ name, why: why[0] ?? '' })),
    remarks: [...facts.remarks, ...journal, ...refused],
    text,
  });
}

/** Whole or not at all; without force a file that came meanwhile is left alone, too. */
function writeWhole(file: string, text: string, force: boolean): Result<void> {
  const fresh = `${file}.new-${process.pid}`;
  try {
    if (!force) {
      writeFileSync(file, text, { flag: 'wx', mode: 0o644 });
      return ok(undefined);
    }
    writeFileSync(fresh, text, { flag: 'wx', mode: 0o644 });
    renameSync(fresh, file);
    return ok(undefined);
  } catch (cause) {
    rmSync(fresh, { force: true });
    return err(lgError('LG_CONFIG_UNREADABLE', `${file}: ${messageOf(cause)}`, cause));
  }
}
