import { atRandom } from './at-random.ts';

/** Packets leave twice at random: nftables copies them, which needs no netem. */
export const duplicate = atRandom({
  name: 'duplicate',
  summary: 'packets that leave the device leave it twice at random',
  words: (device) => `leave ${device} leave it twice`,
  table: (device, chance) => ({
    table: `netdev lab_duplicate_${device}`,
    hook: `egress device "${device}" priority 0`,
    rule: `${chance} dup to "${device}"`,
  }),
});
