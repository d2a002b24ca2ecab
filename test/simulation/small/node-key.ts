import { hash } from 'node:crypto';

import { actorOf, type Actor, type Node } from './node.ts';

/** Words for people: nothing is decided by them. */
const WORDS_ONLY = new Set(['plan', 'at', 'why', 'commands', 'report', 'byHand', 'text', 'title']);

/**
 * The identity of nodes: two are one when nothing that decides differs. Parts are remembered by
 * object, because most of a node is shared with the one before.
 */
export function nodeKeys(): (node: Node) => string {
  const known = new WeakMap<object, string>();
  const text = (part: object): string => {
    const found = known.get(part);
    if (found !== undefined) return found;
    const made = JSON.stringify(part, (key, value: unknown) =>
      // Fencing tokens matter only in comparison with the newest, which the world part carries.
      WORDS_ONLY.has(key) ? undefined : value,
    );
    known.set(part, made);
    return made;
  };
  const ofActor = ({ machine, acting, answered }: Actor, durable: Node['durable']): string[] => {
    const parts: string[] = [];
    if (machine !== undefined) {
      const { record, acts, doing, ...memory } = machine;
      // An entry that was kept from the disk makes memory and journal differ.
      if (record !== durable) parts.push(text(record));
      parts.push(JSON.stringify(memory), doing === undefined ? '' : text(doing.stage));
      // Numbers of acts only tell whether an answer is still awaited.
      const awaited = (id: number | undefined): string => String(id === undefined || id - acts);
      parts.push(awaited(doing?.id), awaited(acting?.id), awaited(answered?.id));
    }
    parts.push(acting === undefined ? '' : text(acting.act));
    parts.push(answered === undefined ? '' : text(answered.result));
    return parts;
  };
  return ({ machine, acting, answered, overtaken, durable, world, ...rest }) => {
    const newest = actorOf(machine, acting, answered);
    const parts = [text(durable), text(world), JSON.stringify(rest), ...ofActor(newest, durable)];
    if (overtaken !== undefined) parts.push('beside', ...ofActor(overtaken, durable));
    return hash('sha1', parts.join('\n'), 'base64');
  };
}
