import { z } from 'zod';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { AdapterSchemas } from '../../config/adapter-problems.ts';
import { loadConfig } from '../../config/load.ts';
import { renderProblem } from '../../config/problem.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import type { LoadedConfig } from './config-file.ts';

const STREAM = 'config';

const entrySchema = z.object({
  at: z.string(),
  file: z.string().exactOptional(),
  text: z.string(),
});

/**
 * Keeps the configuration the daemon runs with in the control store, encrypted as everything there,
 * so that `restore` needs the data directory and the key alone. Written only when it changed.
 */
export async function rememberConfig(
  store: ControlStore,
  { file, text }: LoadedConfig,
  clock: Clock,
): Promise<Result<void>> {
  const read = await store.read(STREAM);
  if (!read.ok) return read;
  const last = read.value.at(-1);
  const known = entrySchema.safeParse(last?.entry);
  if (known.success && known.data.text === text && known.data.file === file) return ok(undefined);
  const entry = { at: toRfc3339(clock.now()), text, ...(file === undefined ? {} : { file }) };
  const written = await store.append(STREAM, last?.version ?? 0, [entry]);
  return written.ok ? ok(undefined) : written;
}

/** The configuration the daemon ran with last; undefined when none ever ran here. */
export async function rememberedConfig(
  store: ControlStore,
  adapters: AdapterSchemas,
): Promise<Result<LoadedConfig | undefined>> {
  const read = await store.read(STREAM);
  if (!read.ok) return read;
  const known = entrySchema.safeParse(read.value.at(-1)?.entry);
  if (!known.success) return ok(undefined);
  const { file, text, at } = known.data;
  const named = `${file ?? 'the defaults'} as the daemon last read it`;
  const loaded = loadConfig(text, named, adapters);
  if (loaded.ok) return ok({ config: loaded.value, text, file: named, rememberedAt: at });
  const detail = loaded.error.map(renderProblem).join('\n  ');
  return err(lgError('LG_CONFIG_INVALID', detail));
}
