import { canonicalJson } from '../../../src/base/canonical-json.ts';
import { sha256 } from '../../../src/base/hash.ts';
import {
  fingerprintOf,
  stateImage,
  type BlobHash,
  type StateImage,
} from '../../../src/model/checkpoint/capture.ts';
import type { StateTraits } from '../../../src/model/run/run-journal.ts';
import { mergeItems } from '../../../src/recovery/plan/merge-items.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** One state on a host, with everything that ever happened to it. */
export interface HostState {
  readonly id: string;
  readonly component: string;
  readonly traits: StateTraits;
  /** One step for all items, or one for each. */
  readonly isOneStep: boolean;
  readonly original: StateImage;
  readonly target: StateImage;
  image: StateImage;
  /** Items somebody else wrote, and when. */
  readonly foreign: Map<string, number>;
  observedAt: number;
  /** The largest fencing token seen. */
  fence: number;
  /** The largest that was told, with the answer that nothing older is done any more. */
  told: number;
  /** The apply under way, which a new token waits for. */
  busy: Promise<unknown>;
  /** Nobody answers here before that. */
  awayUntil: number;
  /** Nothing can be applied any more. */
  broken: boolean;
  /** The device's own timer: when it fires and what it goes back to. */
  timer?: { readonly run: string; fires: number; readonly before: BlobHash };
  fired: boolean;
}

/** The hosts: what is there whether or not a daemon lives. */
export class Hosts {
  readonly states: readonly HostState[];
  readonly blobs = new Map<BlobHash, StateImage>();
  /** The images of each P, by checkpoint and state. */
  readonly taken = new Map<string, ReadonlyMap<string, StateImage>>();
  /** Blobs that the vault cannot give any more; devices and dead-men have copies of their own. */
  readonly lost = new Set<BlobHash>();
  /** Writers that stand still, by their state: for which run. */
  readonly paused = new Map<string, { readonly run: string; untilMs: number }>();
  /** Whoever comes with an old token is refused. */
  heedTokens = true;
  /** Whoever writes several items looks at each right before its turn. */
  lookAtItems = true;
  /** Restarts of the machine: what was under way there is not done any more. */
  boots = 0;
  /** Changes made on behalf of lastgood. */
  mutations = 0;

  constructor(random: Random) {
    const count = random.between(1, 5);
    this.states = Array.from({ length: count }, (_, at) => this.#make(`c${at}`, random));
  }

  find(id: string): HostState {
    const state = this.states.find((one) => one.id === id);
    if (state === undefined) throw new Error(`no state ${id}`);
    return state;
  }

  /** Keeps an image and answers its address. */
  keep(image: StateImage): BlobHash {
    const hash = sha256(canonicalJson(image)) as BlobHash;
    this.blobs.set(hash, image);
    return hash;
  }

  /** Takes P of some states. */
  take(checkpoint: string, states: readonly string[]): void {
    const images = states.map((id) => [id, this.find(id).image] as const);
    this.taken.set(checkpoint, new Map(images));
  }

  /** Somebody stands still for a run; a process apart lets him go on when his time is up. */
  pause(run: string, writer: string, seconds: number, clock: VirtualClock): void {
    this.paused.set(writer, { run, untilMs: 0 });
    this.pauseLonger(run, writer, seconds, clock);
  }

  /** He is given at least so long from now; one who is not paused stays so. */
  pauseLonger(run: string, writer: string, seconds: number, clock: VirtualClock): void {
    const one = this.paused.get(writer);
    if (one?.run !== run) return;
    one.untilMs = Math.max(one.untilMs, clock.trueMs + seconds * 1000);
    clock.after(seconds * 1000, () => clock.trueMs >= one.untilMs && this.resume(run, writer));
  }

  resume(run: string, writer: string): void {
    if (this.paused.get(writer)?.run === run) this.paused.delete(writer);
  }

  /** Every P is damaged in the vault. */
  loseTaken(): void {
    for (const images of this.taken.values()) {
      for (const image of images.values()) this.lost.add(this.keep(image));
    }
  }

  /** Somebody else writes one item. */
  disturb(state: HostState, random: Random, now: number, at?: string): void {
    const known = state.image.items.map((item) => item.path);
    const path = at ?? random.pick(known.concat('stranger'));
    const item = { path, attributes: { text: `foreign ${random.between(0, 1e9)}` } };
    state.image = mergeItems(state.image, stateImage([item]), [path]);
    state.foreign.set(path, now);
  }

  #make(component: string, random: Random): HostState {
    const confirm = random.pick(['native', 'supervisor', 'supervisor', 'none'] as const);
    const target = imageOf(random);
    let original = imageOf(random);
    while (fingerprintOf(original) === fingerprintOf(target)) original = imageOf(random);
    this.keep(original);
    this.keep(target);
    return {
      id: `${component}/files`,
      component,
      traits: {
        atomic: random.pick(['all', 'per-item', 'none'] as const),
        idempotent: random.chance(0.7),
        confirm,
      },
      isOneStep: random.chance(0.5),
      original,
      target,
      image: original,
      foreign: new Map(),
      observedAt: -1,
      fence: 0,
      told: 0,
      busy: Promise.resolve(),
      awayUntil: 0,
      broken: false,
      fired: false,
    };
  }
}

function imageOf(random: Random): StateImage {
  const paths = ['a', 'b', 'c', 'd'].slice(0, random.between(1, 4));
  return stateImage(
    paths.map((path) => ({ path, attributes: { text: String(random.between(0, 3)) } })),
  );
}

/** Paths whose items differ. */
export function differingPaths(from: StateImage, to: StateImage): readonly string[] {
  const textOf = (image: StateImage, path: string): string =>
    canonicalJson(image.items.find((item) => item.path === path) ?? null);
  const paths = new Set([...from.items, ...to.items].map(({ path }) => path));
  return [...paths].toSorted().filter((path) => textOf(from, path) !== textOf(to, path));
}
