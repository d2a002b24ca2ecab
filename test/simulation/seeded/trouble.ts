import type { SeededDeadMan } from './dead-man.ts';
import type { FaultyStore } from './faulty-store.ts';
import type { WorldFaults } from './faulty-world.ts';
import type { Hosts } from './hosts.ts';
import { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What trouble befalls. */
export interface Troubled {
  readonly hosts: Hosts;
  readonly clock: VirtualClock;
  readonly man: SeededDeadMan;
  readonly store: FaultyStore;
  /** Of the daemon: it dies, it is stopped for so long, writing is put on hold. */
  crash(): void;
  stop(ms: number): void;
  hold(): void;
  /** It is stopped for so long, and another daemon takes its runs over meanwhile. */
  overtake(ms: number): void;
  cancel(): void;
  /** Somebody else starts a run of the same states. */
  intrude(): void;
  /** Nothing happens any more. */
  isOver(): boolean;
}

/** Sets the chances of absences apart, so that what else happens in a life stays as it is. */
const ABSENCES = 1_000_000_007;

const OVERTAKING = 1_000_000_021;
const MEDDLING = 1_000_000_033;

/** How unreliable a world is: in half of them a fault does not occur at all. */
export function seededFaults(random: Random, wildness: number): WorldFaults {
  const rare = (often: number): number =>
    random.chance(0.5) ? 0 : wildness * often * random.next();
  return {
    unreadable: rare(0.1),
    failClean: rare(0.3),
    tear: rare(0.5),
    loseAnswer: rare(0.3),
    lie: rare(0.2),
    hang: rare(0.2),
    late: rare(0.1),
    breakForGood: rare(0.1),
    noise: rare(0.4),
    heals: random.chance(0.7),
    harms: random.chance(0.2) ? random.between(0, 4) : undefined,
  };
}

/** Somebody who writes in the middle of our writes; by chances of his own. */
export function seededMeddling(seed: number, wildness: number): Pick<WorldFaults, 'meddle'> {
  const random = new Random(seed + MEDDLING);
  return random.chance(0.3 * wildness) ? { meddle: random.next() } : {};
}

/** Third parties, clocks, holds, restarts, losses and people, each at some random time. */
export function planTrouble(random: Random, wildness: number, on: Troubled): void {
  const { hosts, clock } = on;
  const later = (probability: number, call: () => void): void => {
    const spread = random.pick([3_000, 30_000, 700_000]);
    if (random.chance(probability * wildness)) {
      clock.after(random.between(0, spread), () => !on.isOver() && call());
    }
  };
  for (const state of hosts.states) {
    later(0.1, () => hosts.disturb(state, random, clock.trueMs));
  }
  later(0.15, () => clock.jump(random.between(-7_200_000, 7_200_000)));
  later(0.15, () => on.crash());
  later(0.05, () => {
    on.crash();
    on.man.endWithBoot();
    hosts.boots += 1;
    clock.reboot();
  });
  later(0.15, () => on.stop(random.pick([5_000, 60_000, 900_000])));
  later(0.1, () => on.hold());
  later(0.05, () => hosts.loseTaken());
  later(0.2, () => on.intrude());
  later(0.4, () => on.cancel());
}

/** A daemon that sleeps while another drives its runs, and wakes up; by chances of its own. */
export function planOvertaking(seed: number, wildness: number, on: Troubled): void {
  const random = new Random(seed + OVERTAKING);
  if (!random.chance(0.5 * wildness)) return;
  const ms = random.pick([50, 500, 5_000, 60_000, 900_000]);
  const call = (): void => {
    if (!on.isOver()) on.overtake(ms);
  };
  if (random.chance(0.8)) on.store.interruption = { after: random.between(2, 16), call };
  else on.clock.after(random.between(0, random.pick([300, 3_000, 30_000, 700_000])), call);
}

/** Hosts that go away for a moment, a minute or hours; by chances of their own. */
export function planAbsences(seed: number, wildness: number, { hosts, clock }: Troubled): void {
  const random = new Random(seed + ABSENCES);
  for (const state of hosts.states) {
    if (!random.chance(0.3 * wildness)) continue;
    const ms = random.pick([2_000, 60_000, 10_800_000]);
    clock.after(random.between(0, random.pick([3_000, 30_000, 700_000])), () => {
      state.awayUntil = clock.trueMs + ms;
    });
  }
}
