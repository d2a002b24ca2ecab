import { counted } from '../../base/counted.ts';
import type { Finding } from '../../api/contract.ts';
import type { ProviderCapabilities } from '../../ports/provider.ts';
import type { Core } from '../core.ts';

/**
 * Who takes an unconfirmed rollback back while the daemon is dead, and what may not happen to him
 * meanwhile. Nothing of it is wrong: a host without systemd or root can do no better.
 */
export async function examineTimers(core: Core): Promise<readonly Finding[]> {
  const timers = new Map<string, number>();
  for (const state of core.inventory().states) {
    const found = await core.client.capabilities(state);
    if (!found.ok || !found.value.restorable) continue;
    const words = timerWords(found.value);
    timers.set(words, (timers.get(words) ?? 0) + 1);
  }
  return [...timers].map(([words, states]) => ({
    area: 'rollback',
    subject: 'without the daemon',
    ok: true,
    seen: `${counted(states, 'state')}: ${words}`,
  }));
}

function timerWords({ confirm, confirmSurvives }: ProviderCapabilities): string {
  if (confirm === 'none')
    return 'nobody takes an unconfirmed run back before the daemon runs again';
  const who = confirm === 'native' ? "the target's own timer" : 'a dead-man on the host';
  if (confirmSurvives.includes('reboot')) return `${who} takes an unconfirmed run back, always`;
  if (confirmSurvives.includes('daemon')) {
    return `${who} takes an unconfirmed run back, unless the host is restarted`;
  }
  return `${who} takes an unconfirmed run back, unless the daemon's whole control group is ended`;
}
