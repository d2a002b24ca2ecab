import { readFileSync } from 'node:fs';
import { startHost } from './provider-host.ts';

/** One look at a state in a process of its own: `observe-child.ts DATA ORDER.json`. */
const [data = '', file = ''] = process.argv.slice(2);
const { state } = JSON.parse(readFileSync(file, 'utf8'));
const host = await startHost(data);
await host.client.observe(state);
process.exit(0);
