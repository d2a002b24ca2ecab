import { readFileSync } from 'node:fs';
import { startHost } from './provider-host.ts';

/** One apply in a process of its own: `apply-child.ts DATA ORDER.json`; prints how it ended. */
const [data = '', file = ''] = process.argv.slice(2);
const { state, order } = JSON.parse(readFileSync(file, 'utf8'));
const host = await startHost(data);
const arm: unknown = Reflect.get(globalThis, 'armStrike');
if (typeof arm === 'function') arm();
const ended = await host.client.apply(state, order);
process.stdout.write(JSON.stringify(ended.ok ? ended.value : { kind: ended.error.code }));
process.exit(0);
