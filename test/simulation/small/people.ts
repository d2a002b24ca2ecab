import type { RunEvent } from '../../../src/recovery/rollback/step/event.ts';
import type { Node } from './node.ts';
import type { SmallSetup } from './setup.ts';
import { MORE_TICKS, TICK_MS } from './small-clock.ts';

/** A request, and the node it finds. */
export type Asked = readonly [string, RunEvent, Node];

/** What people and the clock's alarm ask for. */
export function people(node: Node, setup: SmallSetup): readonly Asked[] {
  const found: Asked[] = [];
  const { phase, healthy, decided } = node.durable;
  if (phase === 'AWAITING_APPROVAL') found.push(...words(node));
  if (phase === 'AWAITING_CONFIRM') {
    const confirm = {
      kind: 'confirm',
      ask: 1,
      by: 'ann',
      tokenHash: 'token',
      nonce: healthy?.nonce ?? '',
      via: 'network',
    } as const;
    if (setup.withMoreTime === true && node.durable.told === undefined) {
      const seconds = (MORE_TICKS * TICK_MS) / 1000;
      const more = { kind: 'extend', ask: 1, by: 'ann', tokenHash: 'token', seconds } as const;
      found.push(['ask for more time', more, node]);
    }
    found.push(['confirm', confirm, node], ['alarm', { kind: 'tick' }, node]);
  }
  if (phase === 'NEEDS_OPERATOR') found.push(...operator(node));
  if (decided === undefined && phase !== 'ABORTED') {
    found.push(['cancel', { kind: 'cancel', ask: 1, by: 'ann' }, node]);
  }
  if (setup.withHold) {
    const on = !node.held;
    found.push([`hold ${on ? 'on' : 'off'}`, { kind: 'hold', on }, { ...node, held: on }]);
  }
  return found;
}

/** The right word, that of who looked at another plan, that of who asked, and no. */
function words(node: Node): readonly Asked[] {
  const { planHash } = node.durable.plan;
  const word = { kind: 'approve', ask: 1, planHash } as const;
  const other = { ...word, by: 'carl', planHash: 'another' };
  const no = { kind: 'reject', ask: 1, by: 'bob', reason: 'no' } as const;
  return [
    ['approve', { ...word, by: 'bob' }, node],
    ['approve another plan', other, node],
    ['approve what one asked for', { ...word, by: 'ann' }, node],
    ['reject', no, node],
    ['alarm', { kind: 'tick' }, node],
  ];
}

/** Whoever was called mends what was broken and tries again, or leaves all as it is. */
function operator(node: Node): readonly Asked[] {
  const { broken: _, ...world } = node.world;
  const mended = { ...node, resumes: node.resumes + 1, world: { ...world, isStuck: false } };
  const release = { kind: 'release', ask: 1, by: 'ann', reason: 'seen' } as const;
  return [
    ['resume', { kind: 'resume', ask: 1, by: 'ann' }, mended],
    ['release', release, node],
  ];
}
