import { BlockList, isIP, isIPv6 } from 'node:net';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { isLoopback } from '../../base/loopback.ts';

/** A listener of a protocol that knows no tokens, as it would be opened. */
export interface SenderPlan {
  /** The member of `listen`, such as `syslogUdp`. */
  readonly name: string;
  /** The address to listen on. */
  readonly address: string;
  /** `access.senders`: networks in CIDR notation, or single addresses. */
  readonly senders: readonly string[];
  /** Whether senders must show a certificate of our authority. */
  readonly hasAuthority: boolean;
}

/**
 * The refusal rule of listeners without tokens: one that others can reach names the networks of its
 * senders or demands their certificates, or the daemon does not start (LG_ACCESS_SENDERS_OPEN).
 */
export function senderPolicy(plan: SenderPlan): Result<void> {
  if (isLoopback(plan.address) || plan.hasAuthority || plan.senders.length > 0) {
    return ok(undefined);
  }
  const seen = `listen.${plan.name} is ${plan.address}, which others reach`;
  return err(lgError('LG_ACCESS_SENDERS_OPEN', `${seen}, and access.senders names nobody`));
}

/**
 * Makes the function that says whether an address may send without a certificate. This machine
 * always may: who runs programs here needs no network.
 */
export function createSenderList(senders: readonly string[]): (address: string) => boolean {
  const networks = new BlockList();
  for (const sender of senders) {
    const [address = '', prefix] = sender.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    const bits = prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix);
    networks.addSubnet(address, bits, family);
  }
  return (address) => {
    if (isLoopback(address)) return true;
    // A link-local address names its interface behind a percent sign.
    const bare = address.split('%', 1)[0] ?? address;
    const version = isIP(bare);
    return version !== 0 && networks.check(bare, version === 6 ? 'ipv6' : 'ipv4');
  };
}
