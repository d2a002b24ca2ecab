import { readFileSync } from 'node:fs';
import { createWebhookNotifier } from '../../adapters/notifiers/webhook/webhook-notifier.ts';
import type { Log } from '../../base/log.ts';
import { ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { Config } from '../../config/schema.ts';
import { resolveSecret } from '../../config/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Notice } from '../../ports/notifier.ts';
import { Delivery } from './delivery.ts';

/** Everybody who is told. */
export interface Notices {
  tell(notice: Omit<Notice, 'at'>): void;
  /** Tells others from now on; what is under way is still delivered. */
  replace(notify: Config['notify']): Result<void>;
  stop(): Promise<void>;
}

/** Opens a way to everybody `notify` names; secrets are resolved now, so a missing one shows. */
export function startNotices(
  notify: Config['notify'],
  env: NodeJS.ProcessEnv,
  clock: Clock,
  log: Log,
): Result<Notices> {
  const first = openWays(notify, env, log);
  if (!first.ok) return first;
  let ways = first.value;
  const leaving = new Set<Promise<void>>();
  return ok({
    tell: (notice) => {
      const stamped = { ...notice, at: toRfc3339(clock.now()) };
      for (const way of ways) way.send(stamped);
    },
    replace(next) {
      const opened = openWays(next, env, log);
      if (!opened.ok) return opened;
      const left = Promise.all(ways.map((way) => way.stop())).then(() => undefined);
      leaving.add(left);
      void left.then(() => leaving.delete(left));
      ways = opened.value;
      return ok(undefined);
    },
    async stop() {
      await Promise.all([...leaving, ...ways.map((way) => way.stop())]);
    },
  });
}

function openWays(
  notify: Config['notify'],
  env: NodeJS.ProcessEnv,
  log: Log,
): Result<readonly Delivery[]> {
  const sources = { env, readFile: (path: string) => readFileSync(path, 'utf8') };
  const ways: Delivery[] = [];
  for (const { url, secret } of notify) {
    const address = /^(env|file):/.test(url) ? resolveSecret(url, sources) : ok(url);
    if (!address.ok) return address;
    const key = secret === undefined ? undefined : resolveSecret(secret, sources);
    if (key !== undefined && !key.ok) return key;
    const notifier = createWebhookNotifier({
      url: address.value,
      ...(key === undefined ? {} : { secret: key.value }),
    });
    ways.push(new Delivery(notifier, log));
  }
  return ok(ways);
}
