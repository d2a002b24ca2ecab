import { instantOf } from '../../src/ports/clock.ts';
import type { StateTraits } from '../../src/model/run/run-journal.ts';
import type { RunState } from '../../src/model/run/run.ts';
import type { RunWorld } from '../../src/model/run/run-world.ts';
import { CalmShop } from '../scenarios/calm-shop.ts';

/** What the engine had done to the world, in order, as the world saw it. */
export interface Witnessed {
  readonly shop: CalmShop;
  readonly seen: string[];
  /** What was hinted about timers: that they will be armed, or will not. */
  readonly hinted: string[];
  /** Seconds the timers were armed for. */
  readonly armedFor: number[];
  /** When they fire, milliseconds on the wall clock. */
  readonly firesAt: number[];
}

/** A shop that writes down what is done to it; `more` replaces parts of its world. */
export function witnessed(
  traits: Partial<StateTraits> = {},
  more: (world: RunWorld, shop: CalmShop) => Partial<RunWorld> = () => ({}),
): Witnessed {
  const shop = new CalmShop();
  const seen: string[] = [];
  const hinted: string[] = [];
  const armedFor: number[] = [];
  const firesAt: number[] = [];
  for (const state of shop.hosts.states) {
    Object.assign(state, { traits: { ...state.traits, ...traits } });
  }
  shop.change = (plain) => {
    const world = { ...plain, ...more(plain, shop) };
    return {
      ...world,
      async pause(...order) {
        seen.push('pause');
        return world.pause(...order);
      },
      async resume(...order) {
        seen.push('resume');
        return world.resume(...order);
      },
      async takeBefore(run, states, limit) {
        seen.push('P');
        return world.takeBefore(run, states, limit);
      },
      async apply(by, step, limit, target) {
        const journal = JSON.stringify(shop.store.entries(`run/${by.run}`));
        const isIntended = journal.includes(`"kind":"intent"`) && journal.includes(step.expects);
        seen.push(`${isIntended ? 'apply' : 'apply without intent'} ${step.state}`);
        return world.apply(by, step, limit, target);
      },
      deadMan: {
        ...world.deadMan,
        expect: () => void hinted.push('expect'),
        forgo: () => void hinted.push('forgo'),
        async arm(by, order) {
          seen.push('arm');
          armedFor.push(order.seconds);
          firesAt.push(instantOf(shop.clock.forProcess(() => true)).wallMs + order.seconds * 1000);
          return world.deadMan.arm(by, order);
        },
      },
    };
  };
  shop.boot();
  return { shop, seen, hinted, armedFor, firesAt };
}

/** The writer of a shop's first state. */
export function cron(shop: CalmShop): Pick<RunWorld, 'writers'> {
  const state = shop.hosts.states[0]?.id ?? '';
  return {
    writers: () => [{ state, name: 'cron', freeze: ['stop'], unfreeze: ['start'] }],
  };
}

/** Brings a run to one of its ends. */
export async function endIn(shop: CalmShop, end: RunState): Promise<void> {
  const { run, token } = await shop.start();
  if (end === 'ABORTED') {
    await shop.wait(shop.daemon.cancel(run, 'ann'));
  } else if (end === 'COMMITTED') {
    const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
    await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann'));
  }
  await shop.reach(run, end);
}
