import type { Json, JsonObject } from '../../../base/canonical-json.ts';
import { SEVERITY } from '../../../model/record/severity.ts';
import { ATTRIBUTE_NAMES, EVENT_SORTS, NUMBERS } from './event-sorts.ts';
import type { MessageRule, MnemonicRules, ProgramRules } from './message-rule.ts';
import { ARISTA } from './rules/arista.ts';
import { ASA } from './rules/asa.ts';
import { CISCO, NEXUS } from './rules/cisco.ts';
import { FRR } from './rules/frr.ts';
import { JUNOS } from './rules/junos.ts';
import { KERNEL, LINUX } from './rules/linux.ts';
import { SERVERS } from './rules/servers.ts';

/** What a message tells, by the names of the device-event vocabulary. */
export interface MessageEvent {
  readonly eventName: string;
  readonly severity: number;
  readonly attributes: JsonObject;
  /** It is of the machine rather than of the program that wrote it down. */
  readonly isOfHost: boolean;
}

const BY_PROGRAM: ReadonlyMap<string, readonly ProgramRules[]> = Map.groupBy(
  [...JUNOS, ...FRR, KERNEL, ...LINUX, ...SERVERS].flatMap((set) =>
    set.programs.map((program) => ({ ...set, programs: [program] })),
  ),
  ({ programs }) => programs[0] ?? '',
);

const PERCENT = 0x25;

/** What each event begins with stands within this; patterns never see more. */
const TEXT_CHARS = 1_000;

/** `%LINK-3-UPDOWN: `, of IOS XR with its category before the facility. */
const MNEMONIC = new RegExp(
  String.raw`^%(?:(?<category>[A-Z][A-Z0-9_]{1,30})-)?(?<facility>[A-Z][A-Z0-9_]` +
    String.raw`{1,40})-[0-7]-(?<mnemonic>[A-Z0-9_]{2,60}) ?: {0,2}`,
);

/** A chassis has its slot behind the facility: `%LINK-SP-3-UPDOWN`. */
const SLOT = /^(?:SP|STBY|SW\d{1,2}|DFC\d{1,2})$/;

/** Whether messages of a program may tell events without a mnemonic. */
export function hasRules(program: string | undefined): boolean {
  return program !== undefined && BY_PROGRAM.has(program);
}

/** Whether a text begins as the messages of devices do that number or name them. */
export function hasMnemonic(text: string, at = 0): boolean {
  return text.charCodeAt(at) === PERCENT;
}

/**
 * The event that a message tells; undefined for all others. `program` is who wrote it, `text` what
 * it wrote: only a message that is one from its first letter on is believed, because logs quote
 * each other. Devices that name no program write mnemonics; so do EOS' agents, whose names begin
 * with a capital, and IOS XR's processes, by their categories.
 */
export function messageEvent(program: string | undefined, text: string): MessageEvent | undefined {
  const sets = program === undefined ? undefined : BY_PROGRAM.get(program);
  if (sets === undefined && !hasMnemonic(text)) return undefined;
  const head = text.length > TEXT_CHARS ? text.slice(0, TEXT_CHARS) : text;
  for (const set of sets ?? []) {
    if (set.begins?.includes(text.charAt(0)) === false) continue;
    for (const rule of set.rules) {
      const event = tryRule(rule, head, set.system, set.isOfHost);
      if (event !== undefined) return event;
    }
  }
  return hasMnemonic(head) ? mnemonicEvent(program, head) : undefined;
}

function mnemonicEvent(program: string | undefined, text: string): MessageEvent | undefined {
  const found = MNEMONIC.exec(text);
  const { category: before, facility: last = '', mnemonic = '' } = found?.groups ?? {};
  const [category, facility] =
    before !== undefined && SLOT.test(last) ? [undefined, before] : [before, last];
  if (found === null || !speaksSo(program, category)) return undefined;
  const key = `${facility}-${mnemonic}`;
  const behind = text.slice(found[0].length);
  for (const [system, rules] of tablesOf(program, category, facility)) {
    for (const rule of rulesOf(rules, key)) {
      const event = tryRule(rule, behind, system, true);
      if (event !== undefined) return event;
    }
  }
  return undefined;
}

/** Whether a program of this name writes mnemonics of this sort. */
function speaksSo(program: string | undefined, category: string | undefined): boolean {
  return program === undefined || category !== undefined || /^[A-Z]/.test(program);
}

/** Whose messages these may be: the tables to look into, and the system that they then are of. */
function tablesOf(
  program: string | undefined,
  category: string | undefined,
  facility: string,
): readonly (readonly [system: string, rules: MnemonicRules])[] {
  if (facility === 'ASA' || facility === 'FTD') return [[facility.toLowerCase(), ASA]];
  if (category !== undefined) return [['iosxr', CISCO]];
  if (program !== undefined) return [['eos', ARISTA]];
  return [
    ['nxos', NEXUS],
    ['ios', CISCO],
  ];
}

/** Nexus gives each reason of a link that is down a mnemonic of its own: `IF_DOWN_LINK_FAILURE`. */
function rulesOf(rules: MnemonicRules, key: string): readonly MessageRule[] {
  if (key.startsWith('ETHPORT-IF_DOWN_')) return rules['ETHPORT-IF_DOWN'] ?? [];
  return rules[key.replace(/^FTD-/, 'ASA-')] ?? [];
}

function tryRule(
  rule: MessageRule,
  text: string,
  system: string | undefined,
  isOfHost: boolean,
): MessageEvent | undefined {
  const { starts, has } = rule;
  if (starts !== undefined && !text.startsWith(starts)) return undefined;
  if (has !== undefined && !text.includes(has)) return undefined;
  const found = rule.text.exec(text);
  if (found === null) return undefined;
  const said: Record<string, string> = { ...rule.means };
  for (const [name, value] of Object.entries(found.groups ?? {})) {
    if (value !== undefined && value !== '') said[name] = value.trim();
  }
  const { severity = severityOf(rule.event, said) } = rule;
  return { eventName: rule.event, severity, attributes: named(rule.event, said, system), isOfHost };
}

function severityOf(event: string, said: Readonly<Record<string, string>>): number {
  const { severity, good, severities } = EVENT_SORTS[event] ?? { severity: SEVERITY.info };
  const [to, from] = [said['to']?.toLowerCase(), said['from']?.toLowerCase()];
  if (to === undefined) return severity;
  if (good?.has(to) === true) return SEVERITY.info;
  // Somebody wanted it so.
  if (said['admin'] === 'down') return SEVERITY.notice;
  if (good !== undefined && from !== undefined && !good.has(from)) return SEVERITY.info;
  return severities?.[to] ?? severity;
}

function named(
  event: string,
  said: Readonly<Record<string, string>>,
  system: string | undefined,
): JsonObject {
  const { state = ['', ''] } = EVENT_SORTS[event] ?? {};
  const attributes: Record<string, Json> = {};
  for (const [name, value] of Object.entries(said)) {
    if (name === 'to') attributes[state[0]] = value.toLowerCase();
    else if (name === 'from') attributes[state[1]] = value.toLowerCase();
    else attributes[ATTRIBUTE_NAMES[name] ?? name] = typed(name, value);
  }
  if (said['user'] !== undefined && event.startsWith('config.')) {
    attributes['change.actor'] = said['user'];
  }
  if (system !== undefined) attributes['os.name'] = system;
  return attributes;
}

function typed(name: string, value: string): Json {
  if (name === 'transport') return value.toLowerCase();
  return NUMBERS.has(name) && /^\d{1,10}$/.test(value) ? Number(value) : value;
}
