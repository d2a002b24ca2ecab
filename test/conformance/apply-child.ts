import { readFileSync } from 'node:fs';
import type { ChildApply } from '../../src/testing/provider-subject.ts';
import { startHost } from './provider-host.ts';

/**
 * One apply in a process of its own: `apply-child.ts DATA ORDER.json`. Prints a line when it begins
 * and one that says how it ended.
 */
const [data = '', file = ''] = process.argv.slice(2);
const { state, order } = JSON.parse(readFileSync(file, 'utf8'));
const host = await startHost(data);
process.stdout.write('begins\n');
const arm: unknown = Reflect.get(globalThis, 'armStrike');
if (typeof arm === 'function') arm();
const beganMs = performance.now();
const applied = await host.client.apply(state, order);
const answer = {
  ended: applied.ok ? applied.value : { kind: applied.error.code },
  isStruck: Reflect.get(globalThis, 'isStruck') === true,
  tookMs: performance.now() - beganMs,
};
process.stdout.write(`${JSON.stringify(answer satisfies Record<keyof ChildApply, unknown>)}\n`);
process.exit(0);
