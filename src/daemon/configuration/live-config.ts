import { err, ok, type Result } from '../../base/result.ts';
import type { AdapterSchemas } from '../../config/adapter-problems.ts';
import type { Config } from '../../config/schema.ts';
import type { Problem } from '../../api/contract.ts';
import { findConfigFile } from '../../config/find-config-file.ts';
import { readConfigFile, type LoadedConfig } from './config-file.ts';

/** What can be taken over only by starting anew, by the name people know it by. */
const FIXED: readonly { readonly name: string; readonly of: (config: Config) => unknown }[] = [
  { name: 'listen.ui', of: ({ listen }) => listen.ui },
  { name: 'access.tls', of: ({ access }) => access.tls },
  { name: 'access.hosts', of: ({ access }) => access.hosts },
  { name: 'hosts', of: ({ hosts }) => hosts },
  {
    name: 'storage.sealEvery, storage.memory and storage.uidWindow',
    of: ({ storage: { sealEvery, memory, uidWindow } }) => ({ sealEvery, memory, uidWindow }),
  },
];

/** The configuration in force, and how it is read again. */
export class LiveConfig {
  readonly #named: string | undefined;
  readonly #adapters: AdapterSchemas;
  /** What to restart where a process that is root allows only what it read when it started. */
  readonly #stateKeeper: string | undefined;
  readonly #first: Config;
  #loaded: LoadedConfig;
  #problems: readonly Problem[] = [];

  constructor(
    loaded: LoadedConfig,
    setting: {
      readonly named: string | undefined;
      readonly adapters: AdapterSchemas;
      readonly stateKeeper: string | undefined;
    },
  ) {
    this.#loaded = loaded;
    this.#first = loaded.config;
    this.#named = setting.named;
    this.#adapters = setting.adapters;
    this.#stateKeeper = setting.stateKeeper;
  }

  get loaded(): LoadedConfig {
    return this.#loaded;
  }

  get config(): Config {
    return this.#loaded.config;
  }

  /** What came of the last reading again; [] when all of it is in force. */
  problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Reads the file again and has it taken over; a failure leaves everything as it was. */
  async reload(takeOver: (next: LoadedConfig) => Promise<Result<unknown>>): Promise<Result<void>> {
    const before = this.#loaded;
    const read = readConfigFile(findConfigFile(this.#named, process.cwd()), this.#adapters);
    if (!read.ok) return this.#refuse(read.error);
    const later = this.#needRestart(read.value.config);
    const { config } = read.value;
    const components = this.#areStatesNew(config) ? this.#first.components : config.components;
    this.#loaded = { ...read.value, config: { ...config, components } };
    const taken = await takeOver(this.#loaded);
    if (!taken.ok) {
      this.#loaded = before;
      // Some of it may be in force by now. What fails here was in force a moment ago.
      await takeOver(before);
      return this.#refuse(taken.error);
    }
    this.#problems = later.map(({ name, restart }) => ({
      what: `${name} changed in ${this.#loaded.file ?? 'the defaults'}, and is not in force yet`,
      mend: `restart ${restart}; everything else was taken over`,
    }));
    return ok(undefined);
  }

  #needRestart(next: Config): readonly { readonly name: string; readonly restart: string }[] {
    const fixed = FIXED.filter(({ of }) => isOther(of(this.#first), of(next)));
    const found = fixed.map(({ name }) => ({ name, restart: 'the daemon' }));
    const restart = this.#stateKeeper;
    if (restart === undefined || !this.#areStatesNew(next)) return found;
    return [...found, { name: 'components', restart }];
  }

  /** What the host process may touch was laid down before the daemon gave root up. */
  #areStatesNew(next: Config): boolean {
    const touched = ({ components }: Config): unknown =>
      components?.map(({ name, host, state, health, reach }) => ({
        name,
        host,
        state,
        health,
        reach,
      }));
    return this.#stateKeeper !== undefined && isOther(touched(this.#first), touched(next));
  }

  #refuse<Failure extends { readonly detail: string }>(error: Failure): Result<never, Failure> {
    const what = 'the configuration was not taken over, the one before is in force';
    this.#problems = [{ what, mend: error.detail }];
    return err(error);
  }
}

function isOther(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
