import { atRandom } from './at-random.ts';

/** Packets vanish at random, by a rule of the firewall. */
export const loss = atRandom({
  name: 'loss',
  summary: 'packets that arrive at the device are dropped at random',
  words: (device) => `arrive at ${device} are lost`,
  table: (device, chance) => ({
    table: `inet lab_loss_${device}`,
    hook: 'prerouting priority -500',
    rule: `iifname "${device}" ${chance} drop`,
  }),
});
