import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { loadConfig } from './load.ts';
import { renderProblem } from './problem.ts';

const adapters = {
  sources: new Map([['file', z.strictObject({ paths: z.array(z.string()) })]]),
  providers: new Map([
    [
      'files',
      z.strictObject({ paths: z.array(z.string()).min(1), restart: z.string().optional() }),
    ],
  ]),
};

function problemsOf(text: string): readonly string[] {
  const loaded = loadConfig(text, 'f', adapters);
  return loaded.ok ? [] : loaded.error.map(renderProblem);
}

for (const [what, text, expected] of [
  [
    'a setting in other letters',
    'components: [{name: a, dependson: [b]}]',
    'f:1:24: components[0].dependson: there is no such setting; did you mean dependsOn?',
  ],
  [
    'a section with a slip of the pen',
    'compnents: []',
    'f:1:1: compnents: there is no such setting; did you mean components?',
  ],
  [
    "a slip of the pen in a provider's settings",
    'components: [{name: a, state: [{provider: files, paths: [/etc/a], restrat: x}]}]',
    'f:1:67: components[0].state[0].restrat: there is no such setting; did you mean restart?',
  ],
  [
    'a provider with a slip of the pen',
    'components: [{name: a, state: [{provider: fils}]}]',
    'f:1:43: components[0].state[0].provider: there is none of this name; did you mean files?; ' +
      'known: files (it is "fils")',
  ],
  [
    'off for false',
    'checkpoints: {schedule: off}',
    'f:1:25: checkpoints.schedule: write false to switch it off: YAML 1.2 reads this word as a ' +
      'text (it is "off")',
  ],
  [
    'a listener that is none',
    'listen: {otlpHttp: no}',
    'f:1:20: listen.otlpHttp: write false to switch it off: YAML 1.2 reads this word as a text ' +
      '(it is "no")',
  ],
  [
    'a number for a size that may be false',
    'storage: {recoveryReserve: 10}',
    'f:1:28: storage.recoveryReserve: write false or a text such as 64MiB (it is 10)',
  ],
  [
    'true where only false may stand',
    'storage: {recoveryReserve: true}',
    'f:1:28: storage.recoveryReserve: write false or a text such as 64MiB (it is true)',
  ],
  [
    'a list for a size that may be false',
    'storage: {recoveryReserve: [64MiB]}',
    'f:1:11: storage.recoveryReserve: write false or a text such as 64MiB',
  ],
  [
    'a port for a listener',
    'listen: {otlpHttp: 4318}',
    'f:1:20: listen.otlpHttp: write false or a text such as 127.0.0.1:7433 (it is 4318)',
  ],
  [
    'a size that is none',
    'storage: {recoveryReserve: 10x}',
    'f:1:28: storage.recoveryReserve: write a size as 64MiB or 1GB, or false for none; at least ' +
      '1MB (it is "10x")',
  ],
  [
    'a kind that is none',
    'components: [{name: a, kind: datbase}]',
    /^f:1:30: components\[0\]\.kind: write one of .*; did you mean database\? \(it is "datbase"\)$/,
  ],
  [
    'a trigger on nothing there is',
    'triggers: [{name: t, signal: log-rat, above: 1}]',
    /^f:1:30: triggers\[0\]\.signal: write one of log-rate, .*; did you mean log-rate\?/,
  ],
  [
    'a text for a list',
    'components: [{name: a, dependsOn: b}]',
    'f:1:35: components[0].dependsOn: write a list: [one, two] (it is "b")',
  ],
  [
    'no name',
    'components: [{kind: database}]',
    'f:1:14: components[0].name: it is missing: write a text',
  ],
  [
    'too few',
    'rollback: {gate: {samples: 0}}',
    'f:1:28: rollback.gate.samples: write 1 or more (it is 0)',
  ],
  [
    'too few paths of a provider',
    'components: [{name: a, state: [{provider: files, paths: []}]}]',
    'f:1:50: components[0].state[0].paths: write 1 entry or more',
  ],
  [
    'an address of a notifier',
    'notify: [{kind: webhook, url: "ops.example"}]',
    'f:1:31: notify[0].url: write an address as https://host.example:8080/path',
  ],
] as const) {
  test(`${what} is told in plain words, with what to write`, () => {
    const [first = 'no problem'] = problemsOf(text);
    if (typeof expected === 'string') assert.equal(first, expected);
    else assert.match(first, expected);
  });
}

test('what cannot be read does not hide what else is wrong', () => {
  const text = `components:
  - { name: a, dependsOn: [b], kid: server }
  - { name: c, state: [{ provider: files }] }
checkpoints: { soak: 10 }
triggers: [{ name: t, signal: log-rate, component: x, above: 1 }]`;
  const places = problemsOf(text).map((problem) => problem.split(' ').slice(0, 2).join(' '));
  assert.deepEqual(places, [
    'f:2:32: components[0].kid:',
    'f:4:22: checkpoints.soak:',
    'f:3:24: components[1].state[0].paths:',
    'f:2:28: components[0].dependsOn[0]:',
    'f:5:52: triggers[0].component:',
  ]);
});

test('what is missing only because something else cannot be read is not blamed', () => {
  const whole = 'triggers: [{name: t, signal: log-rate, component: a, above: 1}]';
  for (const broken of ['compnents: [{name: a}]', 'components: [{name: 5}]']) {
    const loaded = loadConfig(`${broken}\n${whole}`, 'f', adapters);
    assert.ok(!loaded.ok);
    assert.equal(loaded.error.length, 1, broken);
    assert.equal(
      loaded.error[0]?.hidesMore,
      true,
      `${broken}: and it is told that more may follow`,
    );
  }
});
