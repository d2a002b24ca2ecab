import type { ItemPair } from '../../../filetree/compare/tree-changes.ts';
import { sameContent } from '../../../model/checkpoint/same-item.ts';
import type { JsonObject } from '../../../base/canonical-json.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { hideSecrets } from '../../../model/checkpoint/secret-text.ts';

/** One change as a person would tell it: `package openssl 3.0.11 → 3.0.15`. */
export function changeWords({ path, from, to }: ItemPair): string {
  const item = to ?? from;
  if (item === undefined) return path;
  const name = nameOf(item);
  if (from === undefined) return hideSecrets(`${name} ${beginning(item)}`.trim());
  if (to === undefined) return hideSecrets(`${name} ${ending(item)}`.trim());
  if (path === 'kernel/boot id') return 'the machine was rebooted';
  return hideSecrets(`${name} ${difference(from, to)}`);
}

function nameOf({ path, attributes }: StateItem): string {
  const text = (key: string): string => textOf(attributes, key);
  switch (attributes['type']) {
    case 'package':
      return `package ${text('name')}`;
    case 'unit':
      return `service ${text('name')}`;
    case 'process':
      return `program ${text('name')} (arguments ${text('arguments')})`;
    case 'port':
      return `port ${text('port')}/${text('protocol')}`;
    case 'user':
    case 'group':
      return `${text('type')} ${text('name')}`;
    case 'route':
      return `route to ${text('to')}${text('table') === 'main' ? '' : ` (table ${text('table')})`}`;
    case 'rule':
      return `routing rule ${text('priority')}`;
    case 'link':
      return text('section') === 'links' ? `link ${text('name')}` : path;
    case 'address':
      return `address ${text('address')} of ${text('link')}`;
    case 'mount':
      return `mount ${path.slice(path.indexOf('/') + 1)}`;
    case 'kernel':
    case 'time':
    case 'setting':
      return text('name');
    default:
      return path;
  }
}

/** What is said of an item that is new. */
function beginning({ attributes }: StateItem): string {
  const text = (key: string): string => textOf(attributes, key);
  switch (attributes['type']) {
    case 'package':
      return `${text('version')} installed`;
    case 'unit':
      return `is new: ${text('state')}`;
    case 'process':
      return 'is running (new)';
    case 'port':
      return `listening on ${text('address')} (new, ${programText(attributes)})`;
    case 'user':
      return `is new (uid ${text('uid')}, ${text('shell')})`;
    case 'link':
      return text('section') === 'links'
        ? `is new (${text('state')})`
        : `-> ${text('target')} (new)`;
    case 'route':
      return `is new (${routeText(attributes)})`;
    case 'rule':
      return `is new (${text('words')})`;
    case 'mount':
      return `is new (${text('kind')} from ${text('device')})`;
    case 'kernel':
    case 'time':
    case 'setting':
      return `is new: ${text('value')}`;
    case 'private':
      return 'is new (private: its content is never read)';
    default:
      return 'is new';
  }
}

/** What is said of an item that is gone. */
function ending({ attributes }: StateItem): string {
  const text = (key: string): string => textOf(attributes, key);
  switch (attributes['type']) {
    case 'package':
      return `removed (was ${text('version')})`;
    case 'unit':
      return `is gone (was ${text('state')})`;
    case 'process':
      return 'is no longer running';
    case 'port':
      return `no longer listening on ${text('address')} (was ${programText(attributes)})`;
    case 'route':
      return `is gone (was ${routeText(attributes)})`;
    case 'mount':
      return 'is not mounted any more';
    default:
      return 'is gone';
  }
}

function programText(attributes: JsonObject): string {
  return textOf(attributes, 'program') || `of user ${textOf(attributes, 'uid')}`;
}

function routeText(attributes: JsonObject): string {
  const words = ['gateway', 'via', 'hops', 'dev', 'kind'].flatMap((key) => {
    const text = textOf(attributes, key);
    return text === ''
      ? []
      : [key === 'gateway' ? `via ${text}` : key === 'dev' ? `dev ${text}` : text];
  });
  return words.join(' ') || 'unreachable';
}

/** Members whose one value is the whole story of an item. */
const TELLING = new Set(['value', 'version', 'state', 'target', 'program']);

function difference(from: StateItem, to: StateItem): string {
  const type = textOf(to.attributes, 'type');
  if (type !== textOf(from.attributes, 'type')) {
    return `was a ${typeWord(from)}, is a ${typeWord(to)}`;
  }
  const keys = [...new Set([...Object.keys(from.attributes), ...Object.keys(to.attributes)])];
  const words = keys.toSorted().flatMap((key) => {
    const [was, is] = [textOf(from.attributes, key), textOf(to.attributes, key)];
    if (was === is || key === 'size' || key === 'changedAt') return [];
    if (key === 'members') return [memberWords(was, is)];
    const change = `${was || 'none'} → ${is || 'none'}`;
    return [TELLING.has(key) ? change : `${key} ${change}`];
  });
  if (isWritten(from, to)) words.unshift(writtenWords(to));
  return words.join(', ') || 'changed';
}

function isWritten(from: StateItem, to: StateItem): boolean {
  const differs = (key: string): boolean =>
    textOf(from.attributes, key) !== textOf(to.attributes, key);
  return !sameContent(from, to) || differs('changedAt') || differs('size');
}

function writtenWords({ attributes }: StateItem): string {
  const at = textOf(attributes, 'changedAt').slice(0, 19);
  if (textOf(attributes, 'type') === 'private') {
    return `was written at ${at}Z (private: its content is never read)`;
  }
  return at === '' ? 'changed' : `was written at ${at}Z`;
}

function memberWords(was: string, is: string): string {
  const [old, now] = [was, is].map((list) => list.split(',').filter((name) => name !== ''));
  const came = (now ?? []).filter((name) => old?.includes(name) === false);
  const went = (old ?? []).filter((name) => now?.includes(name) === false);
  return [...came.map((name) => `+${name}`), ...went.map((name) => `−${name}`)].join(' ');
}

function typeWord({ attributes }: StateItem): string {
  const type = textOf(attributes, 'type');
  return type === 'private' || type === 'large' ? `${type} file` : type;
}

function textOf(attributes: JsonObject, key: string): string {
  const value = attributes[key];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
