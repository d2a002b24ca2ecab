import { COMPANION, moveCompanion } from './companion.ts';
import { endWatch, fireWatch, putBackNext } from './dead-man.ts';
import { sinceArmed } from './judge-entry.ts';
import { crashed, isOver, overtaken, type Move, type Node, type Sabotage } from './node.ts';
import { outcomesOf } from './acts.ts';
import type { SmallSetup } from './setup.ts';
import { DEVICE_TICKS, PLAN_TICKS, rebooted, settings, ticked } from './small-clock.ts';
import { fire } from './small-world.ts';

/** Clocks, timers, third parties, losses and crashes: what comes from outside at any instant. */
export function outside(node: Node, setup: SmallSetup, sabotage: Sabotage): readonly Move[] {
  if (isOver(node, setup)) return [];
  return [
    ...clocks(node, setup),
    ...timers(node, setup),
    ...others(node, setup),
    ...ghosts(node, setup, sabotage),
    ...deaths(node, setup),
  ];
}

function clocks(node: Node, setup: SmallSetup): readonly Move[] {
  const { clock, durable } = node;
  const isPlanned = durable.phase === 'AWAITING_APPROVAL' && clock.ticks < PLAN_TICKS;
  const isRunning =
    durable.deadline !== undefined && sinceArmed(node) < DEVICE_TICKS + node.world.longer;
  if (!isPlanned && !isRunning) return [];
  const next: Move = [`tick ${clock.ticks + 1}`, { ...node, clock: ticked(clock) }];
  if (setup.withClocks !== true) return [next];
  const set = settings(clock).map(([label, to]): Move => [label, { ...node, clock: to }]);
  return [next, ...set];
}

function timers(node: Node, setup: SmallSetup): readonly Move[] {
  const { world } = node;
  const found: Move[] = [];
  const isDue = sinceArmed(node) >= DEVICE_TICKS + world.longer || setup.earlyTimer === true;
  if (isDue) {
    for (const state of world.armed) {
      found.push([`timer of ${state} fires`, { ...node, world: fire(world, state) }]);
    }
  }
  if (isDue && world.watch.phase === 'armed') {
    found.push(['the dead-man fires', { ...node, world: fireWatch(world) }]);
  }
  if (world.watch.left.length > 0) {
    found.push(['the dead-man puts back', { ...node, world: putBackNext(world) }]);
  }
  return found;
}

function others(node: Node, setup: SmallSetup): readonly Move[] {
  const { world } = node;
  const found: Move[] = [];
  if (node.foreign < setup.foreign) {
    const foreign = node.foreign + 1;
    for (const { name } of setup.states) {
      const words = { ...world.words, [name]: 'ext' as const };
      found.push([`third party changes ${name}`, { ...node, foreign, world: { ...world, words } }]);
    }
    if (setup.withCompanion === true) {
      const moved = { ...node, foreign, world: moveCompanion(world) };
      found.push([`third party changes ${COMPANION}`, moved]);
    }
  }
  if (setup.losesP === true && world.hasP && !world.lostP) {
    found.push(['P is lost', { ...node, world: { ...world, lostP: true } }]);
  }
  return found;
}

/** What a dead daemon had sent is done after all. */
function ghosts(node: Node, setup: SmallSetup, sabotage: Sabotage): readonly Move[] {
  const { ghost, ...world } = node.world;
  if (ghost === undefined) return [];
  const ways = (sabotage.outcomes ?? outcomesOf)(ghost, world, setup, node);
  return ways.map((way): Move => [`late: ${way.label}`, { ...node, world: way.world }]);
}

function deaths(node: Node, setup: SmallSetup): readonly Move[] {
  if (node.machine === undefined) return [];
  const found: Move[] = [];
  if (setup.withOvertaking === true && node.overtakes === 0) {
    found.push(['stopped, and overtaken by another daemon', overtaken(node)]);
  }
  if (node.crashes >= setup.crashes) return found;
  const dead = crashed(node);
  found.push(['crash', dead]);
  if (setup.withClocks === true && node.clock.boots === 0) {
    const { ghost: _, ...world } = dead.world;
    const up = { ...dead, clock: rebooted(node.clock), world: endWatch(world) };
    found.push(['the machine is restarted', up]);
  }
  return found;
}
