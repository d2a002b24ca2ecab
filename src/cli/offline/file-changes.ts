import { timeNs, toRfc3339 } from '../../base/time.ts';
import { attributeText } from '../../evidence/detect/memory/attribute-text.ts';
import type { SeenChange } from '../../evidence/diagnose/diagnosis-input.ts';
import { toldChange } from '../../evidence/diagnose/told-change.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import { componentOf } from './row-component.ts';

/** Events that say that something was made otherwise, by whomever. */
const CHANGE = /^deployment\.|(?:^|[._])(?:changed|reloaded|rolled_back)$/;

/** How something stands is no change that anybody made. */
const STATE = /state_changed$/;

/** Which provider looks after what such an event changes: it says how often such changes hurt. */
const PROVIDERS: readonly (readonly [prefix: string, provider: string])[] = [
  ['deployment.', 'deployment'],
  ['config.', 'files'],
  ['firewall.', 'nftables'],
  ['network.', 'routes'],
];

/** As much of a message as a sentence takes. */
const TEXT_CHARS = 200;

/** Whether an event of this name tells a change. */
export function isChange(name: string): boolean {
  return CHANGE.test(name) && !STATE.test(name);
}

/** A change as an event tells it: what, by whom, when by the clock of who told it. */
export function changeOf(batch: RecordBatch, row: number, name: string, atNs: bigint): SeenChange {
  const attributes = batch.attributes[row] ?? '';
  const component = componentOf(batch, row);
  const at = toRfc3339(timeNs(atNs));
  const text = (key: string): string | undefined => attributeText(attributes, key);
  const version = text('service.version') ?? text('deployment.name');
  const actor = text('change.actor') ?? text('user.name');
  const summary = text('change.summary') ?? batch.body[row] ?? '';
  const words = [
    name,
    ...(version === undefined ? [] : [version]),
    ...(actor === undefined ? [] : [`by ${actor}`]),
    `at ${at.slice(11, 19)} UTC`,
  ].join(' ');
  const what = summary.replaceAll(/\s+/g, ' ').slice(0, TEXT_CHARS);
  const provider = PROVIDERS.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'event';
  const told = what === '' ? words : `${words} (${what})`;
  return toldChange({ component, provider, name, at, words: told });
}
