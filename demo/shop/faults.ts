import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { settingsText } from '../../shop/deploy-service.ts';
import { configFile } from '../../shop/layout.ts';
import { switchRelease } from '../../shop/release.ts';
import { callSupervisor } from '../../shop/supervisor-call.ts';
import type { DemoLayout, ServiceName } from './layout.ts';

/** Takes a fault back, as a person would who knows what was done. */
export type Undo = () => Promise<void>;

/** Deploys a release: the `current` link is switched in one rename and the service restarted. */
export async function deployRelease(
  layout: DemoLayout,
  service: ServiceName,
  version: string,
  before = 'v1',
): Promise<Undo> {
  const switchTo = async (wanted: string): Promise<void> => {
    switchRelease(layout.root, service, wanted);
    await callSupervisor(layout.root, { command: 'restart', service });
  };
  await switchTo(version);
  return () => switchTo(before);
}

/** Changes settings in a service's configuration file, in one rename; it reads them at once. */
export function changeSettings(
  layout: DemoLayout,
  service: ServiceName,
  changes: Readonly<Record<string, string | number>>,
): Undo {
  const file = configFile(layout.root, service);
  const before = readFileSync(file, 'utf8');
  const replace = (text: string): void => {
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, text);
    renameSync(fresh, file);
  };
  replace(settingsText({ ...JSON.parse(before), ...changes }));
  return async () => replace(before);
}

/** Kills a service as the out-of-memory killer would. Its supervisor leaves it dead. */
export async function killService(layout: DemoLayout, service: ServiceName): Promise<Undo> {
  const states = await callSupervisor(layout.root, { command: 'status' });
  const pid = states.get(service);
  if (pid === undefined) throw new Error(`${service} does not run, it cannot be killed`);
  process.kill(pid, 'SIGKILL');
  return async () => {
    await callSupervisor(layout.root, { command: 'restart', service });
  };
}

/** Round two's mistake: prices move to thousandths of a cent, payment's limit by too little. */
export const halfDoneMigration = {
  catalog: { priceUnit: 'millicent' },
  payment: { amountMax: 500_000 },
} as const;
