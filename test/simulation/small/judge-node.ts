import { isTerminal } from '../../../src/model/run/run.ts';
import type { Act } from '../../../src/recovery/rollback/step/act.ts';
import { isWatchOver } from './dead-man.ts';
import { deadlineTicks } from './judge-entry.ts';
import type { Node } from './node.ts';
import type { Word } from './setup.ts';
import { DEVICE_TICKS } from './small-clock.ts';
import { guilty, wordOf, type SmallWorld } from './small-world.ts';

/** The journal's part of what must be true at the instant something is changed. */
export function guilt(node: Node, act: Act, world: SmallWorld): SmallWorld {
  // What the host refuses changes nothing.
  if (act.kind !== 'apply' || world === node.world) return world;
  const { open, decided } = node.durable;
  const sins: string[] = [];
  const isIntended = open.some(({ id }) => id === act.step.id);
  if (!isIntended) sins.push('mutation without a durable intent');
  if (node.crashes > 0 && decided === undefined) sins.push('forward after a crash');
  return guilty(world, ...sins);
}

/** Every sentence that must never be true of anything that can be reached. */
export function judgeNode(node: Node): readonly string[] {
  const { world, durable } = node;
  const found = [...world.sins, ...judgeSilence(node), ...judgeReach(node), ...judgeDeadline(node)];
  if (!isTerminal(durable.phase)) return found;
  const words = Object.entries(world.words);
  const all = (...allowed: readonly Word[]): boolean =>
    words.every(([, word]) => allowed.includes(word));
  const isForeign = node.foreign > 0;
  switch (durable.phase) {
    case 'COMMITTED':
      if (!all('tgt', ...(isForeign ? (['ext'] as const) : []))) {
        found.push('COMMITTED but state is not the target');
      }
      break;
    case 'REVERTED':
      if (!all('pre', 'ext')) found.push('REVERTED but state is not the pre-rollback state');
      break;
    case 'ABORTED':
      if (!all('pre', 'ext')) found.push('ABORTED but something was changed');
      break;
    case 'NEEDS_OPERATOR':
      found.push(...judgeOperator(node));
      break;
    default:
      break;
  }
  const isTimed = world.armed.length > 0 || !isWatchOver(world);
  if (isTimed && !isTimerTold(node)) found.push(`${durable.phase} with a timer left`);
  if (world.paused) found.push(`${durable.phase} with a writer left paused`);
  if (durable.phase !== 'NEEDS_OPERATOR' && world.locked && node.machine !== undefined) {
    found.push(`${durable.phase} with a lock left`);
  }
  return found;
}

/** Who still waits must not be overtaken by a timer that was never told of the later deadline. */
function judgeDeadline(node: Node): readonly string[] {
  const { world, durable } = node;
  const isTimed = world.armed.length > 0 || world.watch.phase === 'armed';
  if (durable.phase !== 'AWAITING_CONFIRM' || !isTimed) return [];
  const isShort = deadlineTicks(node) >= DEVICE_TICKS + world.longer;
  return isShort ? ['a run waits longer than its timers'] : [];
}

/** What could not be taken away is said, so that nobody builds on it. */
function isTimerTold({ durable }: Node): boolean {
  return durable.ended?.byHand.some((line) => line.includes('timer')) === true;
}

/** The engine confirms by itself only what was asked to be kept, was sick and is healed now. */
function judgeSilence({ durable, world }: Node): readonly string[] {
  const { decided, plan, healthy } = durable;
  if (decided?.decision !== 'CONFIRM' || decided.by !== 'lastgood') return [];
  if (durable.phase !== 'COMMITTING') return [];
  const mayKeep = plan.content.onSilence === 'keep-if-healed' && healthy?.healed === true;
  return mayKeep && world.goal === 'green' ? [] : ['kept by silence what is not healed'];
}

/** Nothing is kept whose way was not seen to be open at the last look. */
function judgeReach({ durable, world }: Node): readonly string[] {
  const { decided, plan } = durable;
  if (plan.content.reach === undefined || decided?.decision !== 'CONFIRM') return [];
  return world.reached === 'green' ? [] : ['confirmed without having reached what was changed'];
}

const AT: Readonly<Record<Exclude<Word, 'ext'>, string>> = {
  pre: 'before',
  mid: 'torn',
  tgt: 'target',
  torn: 'torn',
};

function judgeOperator(node: Node): readonly string[] {
  const { world, durable } = node;
  const found: string[] = [];
  const isReleased = durable.released !== undefined;
  if (!world.locked && !isReleased) found.push('NEEDS_OPERATOR without quarantine lock');
  if (world.locked && isReleased) found.push('released with a lock left');
  if (!world.hasP) found.push('NEEDS_OPERATOR without pre-rollback checkpoint');
  // A person is only called when something really is beyond the engine.
  const isBroken = world.broken !== undefined || world.wasTorn || world.lostP || world.isStuck;
  // One that was overtaken and wrote first all the same is heard by no host.
  const isBeyond = node.foreign > 0 || node.overtakes > 0 || isBroken;
  if (!isBeyond) found.push('NEEDS_OPERATOR without need');
  for (const { state, at } of durable.ended?.progress ?? []) {
    const word = wordOf(world, state);
    // Without P nobody can tell; and somebody else, or a timer, may change it afterwards.
    const isOpen = word === 'ext' || isTimerTold(node) || (world.lostP && at === 'unknown');
    if (!isOpen && at !== AT[word]) found.push('NEEDS_OPERATOR with a wrong map');
  }
  if (durable.ended?.progress.length !== Object.keys(world.words).length) {
    found.push('NEEDS_OPERATOR with an incomplete map');
  }
  return found;
}
