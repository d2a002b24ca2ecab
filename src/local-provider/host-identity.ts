import { readFileSync, readlinkSync } from 'node:fs';
import * as os from 'node:os';
import { sha256 } from '../base/hash.ts';
import type { TargetIdentity } from '../model/component/target-identity.ts';
import type { ProviderIo } from '../ports/provider.ts';

/** As many digits as tell the machines of a company apart. */
const DIGITS = 12;

/**
 * Whose files these are: this machine, in this boot. Names are given twice, so the machine's own
 * id stands beside it, hashed as machine-id(5) asks for; clones share the id and differ in name.
 * Runners in network namespaces of one machine share all that: they differ by the name they were
 * started with, and by their namespace.
 */
export function hostIdentity(io: ProviderIo): TargetIdentity {
  const id = machineId();
  const machine = id === undefined ? os.hostname() : `${os.hostname()} (${id})`;
  const host = io.host === undefined ? machine : `${io.host} on ${machine}`;
  const network = networkNamespace();
  return { host, bootId: io.clock.bootId(), ...(network === undefined ? {} : { network }) };
}

/** `net:[4026531840]`; its number is given anew with every namespace. */
function networkNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/net');
  } catch {
    // A kernel without namespaces has one network.
    return undefined;
  }
}

function machineId(): string | undefined {
  try {
    const id = readFileSync('/etc/machine-id', 'utf8').trim();
    return id === '' ? undefined : sha256(`lastgood ${id}`).slice(0, DIGITS);
  } catch {
    // Many containers have none; then the name is all there is.
    return undefined;
  }
}
