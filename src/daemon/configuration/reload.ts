import type { ApiServer } from '../../api/server/start-server.ts';
import type { TokenRegister } from '../../api/access/token-register.ts';
import type { Json } from '../../base/canonical-json.ts';
import { heldOtherwise } from './held-otherwise.ts';
import { rememberConfig } from './config-memory.ts';
import type { EvidenceSettings } from '../evidence/settings.ts';
import type { Serving } from '../serving.ts';
import type { StartedCore } from '../start-core.ts';
import type { Notices } from '../notices/start-notices.ts';

/** What the evidence process is started with, as of now. */
export function evidenceSettings(
  { folder, live, level }: Serving,
  tokens: TokenRegister,
): EvidenceSettings {
  const { text, file } = live.loaded;
  return {
    dataRoot: folder.root,
    keyFile: folder.key,
    configText: text,
    configFile: file ?? 'the defaults',
    logLevel: level,
    senders: tokens.grants().map((grant) => ({ ...grant })),
  };
}

/**
 * Takes over the configuration as it is now, certificates included. A mistake in it is told in
 * `status` and leaves the one before in force; what it cannot change while it runs is told too.
 */
export async function reload(
  serving: Serving,
  started: StartedCore,
  notices: Notices,
  server: ApiServer,
  tokens: TokenRegister,
): Promise<void> {
  const { live, log, stores, clock, options } = serving;
  const { evidence } = started.core;
  const done = await live.reload(async (next) => {
    const watched = started.replaceInventory(next.config);
    if (!watched.ok) return watched;
    const told = notices.replace(next.config.notify);
    if (!told.ok) return told;
    const settings: Json = JSON.parse(JSON.stringify(evidenceSettings(serving, tokens)));
    const configured = await evidence.configure(settings);
    // A process that is down reads the settings anew when it is started again.
    const isDown = !configured.ok && configured.error.code === 'LG_RUNTIME_EVIDENCE_DOWN';
    return configured.ok || isDown ? rememberConfig(stores.control, next, clock) : configured;
  });
  server.reloadTls();
  if (!done.ok) {
    log.error('ConfigReloadedError', { code: done.error.code, why: done.error.detail });
    return;
  }
  const file = live.loaded.file ?? 'the defaults';
  log.info('ConfigReloaded', { file });
  // Whoever sent the signal gets no other answer, whatever the log level is.
  options.note(`reloaded       ${file}`);
  const problems = [...live.problems(), ...heldOtherwise(started.core)];
  for (const { what, mend } of problems) options.note(`warning        ${what}: ${mend}`);
}
