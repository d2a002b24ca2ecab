import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import { writeConfig } from '../stage/written-config.ts';

/** What curl says when nothing answers at all: a drop, where a refusal would be 7. */
const curlTimedOut = 28;

/** The edge firewall: nftables in namespace fw. */
export const firewall: Part = {
  name: 'firewall',
  summary: 'edge firewall (nftables) between client and routers',
  needs: ['namespaces'],
  unprivileged: true,
  programs: [
    { command: 'nft', debianPackage: 'nftables' },
    { command: 'curl', debianPackage: 'curl' },
  ],
  start: async (stage) => {
    stage.claim({ kind: 'rules', namespace: stage.namespace('fw') });
    const file = writeConfig(join(stage.partFolder(), 'edge.nft'), 'edge.nft');
    const input = `flush ruleset\ninclude "${file}"\n`;
    await stage.run(['nft', '-f', '-'], { namespace: 'fw', input });
  },
  check: async (stage) => {
    await stage.run(['ping', '-q', '-c', '1', '-W', '2', '10.0.1.2'], { namespace: 'cli' });
    const closed = ['curl', '-s', '--connect-timeout', '0.5', 'http://10.0.1.2:23'] as const;
    const { code } = await stage.attempt([...closed], { namespace: 'cli' });
    if (code === curlTimedOut) return 'passes a ping, drops a connection to port 23';
    throw new LabFailure(`fw: port 23 of r1 not dropped for the client (curl exit ${code})`);
  },
};
