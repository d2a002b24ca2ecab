import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../stage/stage.ts';
import type { Command } from '../stage/thing.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';

/** An SSH server with one thing behind it. */
export type SshServer = {
  readonly namespace: string;
  readonly address: string;
  readonly port: number;
  /** What it is for, in the words of its written configuration. */
  readonly purpose: string;
  /** The lines of sshd_config that say what a login gets. */
  readonly behind: string;
};

/** The programs a part with an SSH server needs beside its own. */
export const sshPrograms = [
  { command: 'sshd', debianPackage: 'openssh-server' },
  { command: 'ssh', debianPackage: 'openssh-client' },
] as const;

/** sshd listens within tenths of a second. */
const startTimeoutMs = 5_000;

/**
 * Starts an SSH server with keys of its own in the part's folder: `client_key` opens it for root,
 * `known_hosts` knows it.
 */
export async function startSshServer(stage: Stage, server: SshServer): Promise<void> {
  const folder = stage.partFolder();
  const { address, port, purpose, behind } = server;
  for (const key of ['host_key', 'client_key']) {
    const type = ['-t', 'ed25519', '-N', '', '-C', 'lastgood-lab'];
    await stage.run(['ssh-keygen', '-q', ...type, '-f', join(folder, key)]);
  }
  copyFileSync(join(folder, 'client_key.pub'), join(folder, 'authorized_keys'));
  const config = writeConfig(join(folder, 'sshd_config'), 'sshd.conf', {
    folder,
    address,
    port: String(port),
    purpose,
    behind,
  });
  // sshd wants this folder, which elsewhere its unit makes; it stays empty and is everybody's.
  await stage.run(['mkdir', '-p', '/run/sshd']);
  const command: Command = ['/usr/sbin/sshd', '-D', '-e', '-f', config];
  await stage.launch({ name: 'sshd', namespace: server.namespace, command });
  const hosts = await waitUntil(`SSH server for ${purpose}`, startTimeoutMs, async () => {
    const scan = ['ssh-keyscan', '-T', '1', '-t', 'ed25519', '-p', String(port), address] as const;
    const found = await stage.run([...scan], { namespace: server.namespace });
    return found === '' ? undefined : found;
  });
  await stage.run(['tee', join(folder, 'known_hosts')], { input: hosts });
}

/** The command that logs in by the keys of a part's folder; words of what to run may follow. */
export function sshCommand(
  folder: string,
  { address, port }: SshServer,
  ...flags: string[]
): Command {
  const option = (text: string): readonly string[] => ['-o', text];
  return [
    'ssh',
    '-F',
    'none',
    '-i',
    join(folder, 'client_key'),
    ...option(`UserKnownHostsFile=${join(folder, 'known_hosts')}`),
    ...option('BatchMode=yes'),
    ...option('ConnectTimeout=5'),
    '-p',
    String(port),
    ...flags,
    `root@${address}`,
  ];
}
