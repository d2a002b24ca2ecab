import type { DraftComponent, DraftState } from './draft-inventory.ts';
import type { HostFacts, SeenLog } from './host-facts.ts';

/** What a configuration is written of. */
export interface DraftConfig {
  readonly facts: HostFacts;
  readonly components: readonly DraftComponent[];
  /** Kinds of sources this version has. */
  readonly sourceKinds: ReadonlySet<string>;
}

/**
 * Writes a commented configuration. Lines that begin with `#` and a space are remarks; those with
 * `#` and no space are examples that are valid once that sign is taken away.
 */
export function writeConfig(draft: DraftConfig): string {
  return [
    ...header(draft.facts),
    ...sources(draft),
    '',
    '# The inventory: what runs here, what of it can be restored, how it says that it is well.',
    'components:',
    ...draft.components.flatMap(componentLines),
    ...examples(draft.components),
    '',
  ].join('\n');
}

function header({ host, remarks }: HostFacts): readonly string[] {
  return [
    `# lastgood on ${host}: written by \`lastgood init\` from what it found there.`,
    '#',
    '# Check it with `lastgood config check`, start with `lastgood up`, look with',
    '# `lastgood status`. Lines that begin with # and no space are examples: take the # away to',
    '# use them. Every setting has a default; `lastgood config schema` lists them all.',
    ...(remarks.length === 0 ? [] : ['#', '# What could not be looked at:']),
    ...remarks.map((remark) => `#   ${oneLine(remark)}`),
    'version: 1',
    '',
    '# Where it listens: the UI and the API, and what applications send. Only this machine reaches',
    '# the loopback address; any other one demands access.tls.',
    '#listen: { ui: 127.0.0.1:7433, otlpHttp: 127.0.0.1:4318, syslogUdp: false }',
    '',
  ];
}

function sources({ facts, sourceKinds }: DraftConfig): readonly string[] {
  const readable = facts.logs.filter(({ refusal }) => refusal === undefined);
  const refused = facts.logs.filter(({ refusal }) => refusal !== undefined);
  const lines: string[] = [];
  if (sourceKinds.has('host')) {
    lines.push('  # CPU, memory, disks, network of this machine, and events when they run short.');
    lines.push('  - { name: host, kind: host }');
  }
  if (sourceKinds.has('netlink') && facts.tools.has('rtmon')) {
    lines.push('  # Links, addresses and routes as they change.');
    lines.push('  - { name: netlink, kind: netlink }');
  }
  if (sourceKinds.has('journald') && facts.hasJournal) {
    lines.push('  # The journal of this machine, from an hour ago on, then as it is written.');
    if (facts.journalRefusal !== undefined) {
      lines.push(`  # Not read as it is: ${oneLine(facts.journalRefusal)}`);
    }
    lines.push('  - { name: journal, kind: journald }');
  }
  if (sourceKinds.has('kmsg') && facts.hasKernelLog) {
    lines.push(
      '  # What the kernel says, which no journal or file tells here; only root reads it.',
    );
    lines.push('  - { name: kernel, kind: kmsg }');
  }
  if (sourceKinds.has('file')) lines.push(...bySource(readable).flatMap(logLines));
  const head = ['# What is read, beside what is sent to the listeners.'];
  const body = lines.length === 0 ? ['sources: []'] : ['sources:', ...lines];
  const withheld = refused.map(({ path, refusal }) => `  # ${path} is not read: ${refusal ?? ''}`);
  return [...head, ...body, ...withheld];
}

/** Logs by the source they are read by. */
function bySource(logs: readonly SeenLog[]): readonly (readonly SeenLog[])[] {
  const groups = new Map<string, SeenLog[]>();
  for (const log of logs) groups.set(log.source, [...(groups.get(log.source) ?? []), log]);
  return [...groups.values()];
}

function logLines(logs: readonly SeenLog[]): readonly string[] {
  const [first] = logs;
  if (first === undefined) return [];
  const { source, component, service } = first;
  const whose =
    component !== undefined
      ? `, component: ${text(component)}`
      : service !== undefined
        ? `, service: ${text(service)}`
        : '';
  const paths = list(logs.map(({ path }) => path));
  return [
    `  # ${oneLine(`Logs of ${component ?? service ?? 'the system'}`)}.`,
    `  - { name: ${text(source)}, kind: file, paths: ${paths}${whose} }`,
  ];
}

function componentLines(component: DraftComponent): readonly string[] {
  const { name, kind, why, dependsOn, state, health } = component;
  return [
    ...why.map((line) => `  # ${oneLine(line)}`),
    `  - name: ${text(name)}`,
    `    kind: ${kind}`,
    ...(dependsOn.length === 0 ? [] : [`    dependsOn: ${list(dependsOn)}`]),
    ...(state.length === 0 ? [] : ['    state:']),
    ...state.map((one) => `      - ${stateText(one)}`),
    ...(health.length === 0 ? [] : ['    health:']),
    ...health.map((check) => `      - ${stateText(check)}`),
  ];
}

function stateText(members: DraftState | Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(members).map(([key, value]) =>
    Array.isArray(value)
      ? `${key}: ${list(value.map(String))}`
      : `${key}: ${typeof value === 'number' ? value : text(String(value))}`,
  );
  return `{ ${parts.join(', ')} }`;
}

function examples(components: readonly DraftComponent[]): readonly string[] {
  const name = text(components[1]?.name ?? components[0]?.name ?? 'service');
  return [
    '',
    '# When to be alarmed. A trigger takes a checkpoint, opens an incident and tells whom `notify`',
    '# names. above: records a second.',
    '#triggers:',
    `#- { name: errors, signal: log-rate, component: ${name}, window: 10s, above: 2 }`,
    `#- { name: failing, signal: error-ratio, component: ${name}, window: 30s, above: 0.05 }`,
    '',
    '# Checkpoints by the clock; one becomes good when health holds for the soak.',
    '#checkpoints: { schedule: 15m, soak: 30m }',
    '',
    '# No rollback begins by itself. Without a word it goes back, or stays where it healed.',
    '#rollback: { confirmTimeout: 600s, onSilence: keep-if-healed }',
    '',
    '# Who is told. Secrets stand elsewhere: env:NAME or file:/path.',
    '#notify:',
    '#- { kind: webhook, name: on-call, url: env:HOOK_URL, secret: env:HOOK_SECRET }',
  ];
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(', ')}]`;
}

/** A scalar that means the same text in YAML whatever stands in it. */
function text(value: string): string {
  const isPlain = /^[A-Za-z/][A-Za-z0-9._/@-]*$/.test(value);
  const isWord = /^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return isPlain && !isWord ? value : JSON.stringify(value);
}

/** Names of programs and images come from outside: none of them may end a comment. */
function oneLine(remark: string): string {
  return remark.replaceAll(/\p{Cc}+/gu, ' ');
}
