import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { componentsOf, triggersOf } from './inventory.ts';
import { loadConfig } from './load.ts';
import { renderProblem } from './problem.ts';

const adapters = {
  sources: new Map<string, z.ZodType>([
    ['file', z.strictObject({ paths: z.array(z.string()) })],
    ['netlink', z.strictObject({ host: z.string() })],
  ]),
  providers: new Map([['files', z.strictObject({ paths: z.array(z.string()) })]]),
};

function problemsOf(text: string): readonly string[] {
  const loaded = loadConfig(text, 'lastgood.yaml', adapters);
  return loaded.ok ? [] : loaded.error.map(renderProblem);
}

test('an empty file is a valid configuration with every default', () => {
  const loaded = loadConfig('', 'lastgood.yaml', adapters);
  assert.ok(loaded.ok);
  assert.deepEqual(loaded.value.listen.ui, { host: '127.0.0.1', port: 7433 });
  assert.equal(loaded.value.checkpoints.soak, 30 * 60_000);
  assert.equal(loaded.value.rollback.onSilence, 'keep-if-healed');
});

test('no rollback begins by itself unless the configuration names its component', () => {
  const loaded = loadConfig('', 'lastgood.yaml', adapters);
  assert.ok(loaded.ok);
  assert.equal(loaded.value.rollback.automatic, false);
  const of = (automatic: string): string =>
    problemsOf(`components: [ { name: shop } ]\nrollback: { automatic: ${automatic} }`).join('\n');
  assert.equal(of('false'), '');
  assert.equal(of('{ components: [shop] }'), '');
  assert.match(of('true'), /:2:24: rollback\.automatic: write false or whose: .* \(it is true\)/);
  assert.match(of('{}'), /rollback\.automatic/);
  assert.match(of('{ components: [] }'), /rollback\.automatic\.components/);
  assert.match(of('{ components: ["*"] }'), /rollback\.automatic\.components\[0\]/);
  assert.match(of('{ components: [till] }'), /no component of this name; known: shop/);
  assert.match(of('{ components: [shop], confidence: 0.3 }'), /confidence/);
  assert.match(of('{ components: [shop], delay: 1s }'), /write 5s to 10m/);
  const windows = (window: string): string => of(`{ components: [shop], windows: [ ${window} ] }`);
  assert.equal(windows('{ days: [mon], from: "09:00", to: "17:00", timeZone: Europe/Zurich }'), '');
  assert.match(windows('{ from: "22:00", to: "06:00" }'), /over midnight takes two windows/);
  assert.match(windows('{ from: "9:00", to: "17:00" }'), /write a time of day as "09:00"/);
  assert.match(windows('{ from: "09:00", to: "17:00", timeZone: Mars }'), /write a time zone/);
});

test('components and triggers become inventory and rules', () => {
  const text = `
version: 1
components:
  - name: checkout
    dependsOn: [payment]
    state: [ { provider: files, paths: [/etc/a] }, { provider: files, paths: [/etc/b] } ]
    health: [ { http: "http://127.0.0.1:8080/healthz", expect: 200 }, { tcp: "[::1]:80" } ]
  - { name: payment, kind: application }
triggers: [ { name: errors, signal: log-rate, component: checkout, window: 10s, above: 2 } ]
`;
  const loaded = loadConfig(text, 'lastgood.yaml', adapters);
  assert.ok(loaded.ok);
  const [checkout] = componentsOf(loaded.value);
  assert.deepEqual(
    checkout?.state.map((s) => s.id),
    ['checkout/files', 'checkout/files#2'],
  );
  assert.deepEqual(checkout?.health[1], { kind: 'tcp', address: '::1', port: 80, timeoutMs: 2000 });
  const [errors] = triggersOf(loaded.value);
  assert.ok(errors?.signal === 'log-rate');
  assert.equal(errors.clearAt, 1.6);
  assert.deepEqual(errors.actions, ['checkpoint', 'incident', 'notify']);
});

for (const [what, text, expected] of [
  ['broken YAML', 'listen: {ui: "a\n', /^lastgood\.yaml:\d+:\d+: /],
  [
    'an unknown setting',
    'listen:\n  uii: false\n',
    /^lastgood\.yaml:2:3: listen\.uii: there is no/,
  ],
  ['a bad port', 'listen:\n  ui: localhost\n', /^lastgood\.yaml:2:7: listen\.ui: .*"localhost"/],
  [
    'the listener of the command line switched off',
    'listen:\n  ui: false\n',
    /^lastgood\.yaml:2:7: listen\.ui: .*cannot be switched off.*127\.0\.0\.1:0/,
  ],
  [
    'a duration without its unit',
    'rollback: {confirmTimeout: 600}',
    /:1:28: rollback\.confirmTimeout: .*as 600s/,
  ],
  ['a bad duration', 'checkpoints:\n  soak: 10 minutes\n', /:2:9: checkpoints\.soak: .*10 minutes/],
  [
    'an unknown provider',
    'components:\n  - name: a\n    state:\n      - provider: fils\n',
    /:4:19: .*known: files/,
  ],
  [
    'bad provider settings',
    'components: [{name: a, state: [{provider: files, paths: 3}]}]',
    /:1:57: .*paths/,
  ],
  [
    'a missing dependency',
    'components:\n  - name: a\n    dependsOn: [b]\n',
    /:3:17: .*no component/,
  ],
  [
    'one alias for two components',
    'components:\n  - {name: a, aliases: [x]}\n  - {name: b, aliases: [X]}\n',
    /:3:25: components\[1\]\.aliases\[0\]: a has this name already/,
  ],
  [
    'an alias that is a component',
    'components:\n  - {name: a}\n  - {name: b, aliases: [a]}\n',
    /:3:25: .*a has this name already/,
  ],
  [
    'a listener that others reach, without TLS',
    'listen: {ui: "0.0.0.0:25999"}',
    /:1:14: listen\.ui: others reach .* TLS.*"0\.0\.0\.0:25999"/,
  ],
  [
    'syslog from anybody',
    'listen: {syslogUdp: "0.0.0.0:25514"}',
    /:1:21: listen\.syslogUdp: .*access\.senders/,
  ],
  [
    'components that stand on each other',
    'components:\n  - {name: a, dependsOn: [b]}\n  - {name: b, dependsOn: [a]}\n',
    /:3:27: components\[1\]\.dependsOn\[0\]: a circle has no first: a → b → a/,
  ],
  [
    'a path with two owners',
    `components:
  - {name: a, state: [{provider: files, paths: [/etc/a]}]}
  - {name: b, state: [{provider: files, paths: [/etc/b, /etc/a/]}]}`,
    /:3:57: .*paths\[1\]: a owns this path already/,
  ],
  [
    'a path within the path of another',
    `components:
  - {name: a, state: [{provider: files, paths: [/etc/a/b]}]}
  - {name: b, state: [{provider: files, paths: [/etc/a]}]}`,
    /:3:49: .*paths\[0\]: it holds \/etc\/a\/b, which a owns; exclude that here/,
  ],
  [
    'a freeze that ends before it begins',
    'freeze: [{name: b, from: 2026-01-02T00:00:00Z, to: 2026-01-01T00:00:00Z}]',
    /:1:52: freeze\[0\]\.to: it ends before it begins/,
  ],
  [
    'a signal that clears above where it fires',
    'triggers: [{name: t, signal: log-rate, above: 2, clearAt: 3}]',
    /:1:59: triggers\[0\]\.clearAt: it clears at more than it fires above \(2\)/,
  ],
  [
    'a window of no time',
    'triggers: [{name: t, signal: log-rate, above: 2, window: 0s}]',
    /:1:58: triggers\[0\]\.window: in no time nothing is counted/,
  ],
  [
    'a component on a host that is not there',
    'hosts: [{name: fw, socket: /run/fw.sock}]\ncomponents: [{name: a, host: r1}]',
    /:2:30: components\[0\]\.host: no host of this name.*"r1"/,
  ],
  [
    'a check on a host that is not there',
    'components: [{name: a, health: [{command: [a], host: r1}]}]',
    /:1:54: components\[0\]\.health\[0\]\.host: no host of this name.*"r1"/,
  ],
  [
    'a source on a host that is not there',
    'sources: [{name: net, kind: netlink, host: r1}]',
    /:1:44: sources\[0\]\.host: no host of this name.*"r1"/,
  ],
  [
    'a port that is none',
    "components: [{name: a, reach: [{tcp: 'h:99999'}]}]",
    /:1:38: components\[0\]\.reach\[0\]\.tcp: write a port of 1 to 65535 \(it is "h:99999"\)/,
  ],
  [
    'a check of port 0',
    "components: [{name: a, health: [{tcp: 'h:0'}]}]",
    /:1:39: components\[0\]\.health\[0\]\.tcp: write a port of 1 to 65535 \(it is "h:0"\)/,
  ],
  [
    'a writer whose unit is no text',
    'components: [{name: a, writers: [{unit: 5}]}]',
    /:1:41: components\[0\]\.writers\[0\]\.unit: write a text \(it is 5\)$/,
  ],
  [
    'hooks that may stand still for ever, as they were written',
    'components: [{name: a, quiesce: {freeze: [a], thaw: [b], limit: 99999d}}]',
    /:1:65: components\[0\]\.quiesce\.limit: write 1s to 10m \(it is "99999d"\)/,
  ],
  [
    'a deadline in which nobody can answer',
    'rollback: {confirmTimeout: 1ms}',
    /:1:28: rollback\.confirmTimeout: write 10s or more: .* \(it is "1ms"\)/,
  ],
  [
    'batches for which there is no time',
    'rollback: {confirmTimeout: 60s, batches: {soak: 5m}}',
    /:1:49: rollback\.batches\.soak: .*soak 5m.*\(1m\).*confirmTimeout: \d+s or more/,
  ],
  [
    'batches for which there is no time in an hour',
    'rollback: {confirmTimeout: 1h, batches: {soak: 1h}}',
    /:1:48: rollback\.batches\.soak: .*soak 1h.*\(1h\).* write less soak/,
  ],
  [
    'a deadline that nobody waits for',
    'rollback: {confirmTimeout: 2h}',
    /:1:28: rollback\.confirmTimeout: write 1h or less: .* \(it is "2h"\)/,
  ],
  [
    'two hosts of one name',
    'hosts: [{name: a, socket: /run/a.sock}, {name: a, socket: /run/b.sock}]',
    /:1:48: hosts\[1\]\.name: this name is used twice.*"a"/,
  ],
  [
    'two hosts at one socket',
    'hosts: [{name: a, socket: /run/a.sock}, {name: b, socket: /run//a.sock}]',
    /:1:59: hosts\[1\]\.socket: a has this socket already/,
  ],
  [
    'a socket that is named from wherever the daemon starts',
    'hosts: [{name: a, socket: a.sock}]',
    /:1:27: hosts\[0\]\.socket: write the absolute path/,
  ],
  [
    'a trigger on nothing',
    `components: [{name: a}]
triggers: [{name: t, signal: log-rate, component: b, above: 1}]`,
    /:2:51: triggers\[0\]\.component: no component of this name.*"b"/,
  ],
  ['evidence kept for no time', 'storage: {retention: 0s}', /:1:22: storage\.retention: .*1m/],
  [
    'another time for everything',
    'storage: {keep: [{for: 7d}]}',
    /:1:18: storage\.keep\[0\]: name a kind or a component/,
  ],
  [
    'a time for a kind that is none',
    'storage: {keep: [{kind: metrics, for: 7d}]}',
    /:1:25: storage\.keep\[0\]\.kind: .*"metrics"/,
  ],
  [
    'a time that an earlier one hides',
    'storage:\n  keep:\n    - {kind: [metric, log], for: 7d}\n    - {kind: log, for: 9d}',
    /:4:7: storage\.keep\[1\]: storage\.keep\[0\] matches all of this first/,
  ],
  ['a size without a unit', 'storage: {maxBytes: "5000"}', /:1:21: storage\.maxBytes: .*20GB/],
  ['too small a disk', 'storage: {maxBytes: 1MB}', /:1:21: storage\.maxBytes: .*at least 100MB/],
  ['a name used twice', 'components: [{name: a}, {name: a}]', /:1:32: .*used twice/],
  ['a list where a map belongs', '- a\n', /^lastgood\.yaml:1:1: /],
  [
    'a secret in clear',
    'notify: [{kind: webhook, url: "http://a.b/", secret: hunter}]',
    /env:NAME/,
  ],
  [
    'a group of what is not there',
    `components: [{name: a, state: [{provider: files, paths: [/etc/a]}]}]
checkpoints: {groups: [{name: g, members: [a/files, b]}]}`,
    /:2:53: checkpoints\.groups\[0\]\.members\[1\]: no component or state of this name.*"b"/,
  ],
  [
    'a group of what has no state',
    `components: [{name: a, state: [{provider: files, paths: [/etc/a]}]}, {name: b}]
checkpoints: {groups: [{name: g, members: [a, b]}]}`,
    /members\[1\]: it has no state, so nothing of it could travel/,
  ],
  [
    'a freeze window over nothing',
    `components: [{name: a}]
freeze: [{name: b, from: 2026-01-01T00:00:00Z, to: 2026-01-02T00:00:00Z, components: [x]}]`,
    /nothing would be frozen/,
  ],
] as const) {
  test(`${what} is reported with file, line, column and the fix`, () => {
    const problems = problemsOf(text);
    assert.match(problems[0] ?? 'no problem', expected);
  });
}

test('a password in the address of a check is refused, and repeated nowhere', () => {
  for (const checks of ['health: [{http: URL}]', 'reach: [{http: URL}]', 'reach: URL']) {
    const text = `components: [{name: a, ${checks.replace('URL', "'http://user:hunter2@h/'")}}]`;
    const loaded = loadConfig(text, 'lastgood.yaml', adapters);
    assert.ok(!loaded.ok, checks);
    assert.equal(loaded.error[0]?.code, 'LG_CONFIG_SECRET_IN_CLEAR', checks);
    assert.doesNotMatch(loaded.error.map(renderProblem).join(), /hunter2/);
  }
});

test('short deadlines are fine where a rollback is one batch', () => {
  const one = 'components: [{name: a, state: [{provider: files, paths: [/etc/a]}]}, {name: b}]';
  assert.deepEqual(problemsOf(`${one}\nrollback: {confirmTimeout: 10s}`), []);
  const all = 'batches: {canary: 0, size: all}';
  assert.deepEqual(problemsOf(`rollback: {confirmTimeout: 10s, ${all}}`), []);
});

test("a path within another one is nobody's concern where the outer one leaves it out", () => {
  for (const glob of ['/etc/a/b', 'b', '/etc/a/*']) {
    const text = `components:
  - {name: a, state: [{provider: tree, paths: [/etc/a], exclude: ["${glob}"]}]}
  - {name: b, state: [{provider: files, paths: [/etc/a/b/c]}]}`;
    const tree = z.strictObject({ paths: z.array(z.string()), exclude: z.array(z.string()) });
    const providers = new Map([...adapters.providers, ['tree', tree] as const]);
    const loaded = loadConfig(text, 'lastgood.yaml', { ...adapters, providers });
    assert.ok(loaded.ok, `with ${glob}`);
  }
});

test('a path has an owner on each host', () => {
  const text = `hosts: [{name: fw, socket: /run/fw.sock}]
components:
  - {name: a, state: [{provider: files, paths: [/etc/a]}]}
  - {name: b, host: fw, state: [{provider: files, paths: [/etc/a]}]}`;
  assert.deepEqual(problemsOf(text), []);
});

test('the hooks of a component are told by its name', () => {
  const loaded = loadConfig(
    `components:
  - name: shop
    quiesce: { freeze: [stop], thaw: [go] }
    state: [{ provider: files, paths: [/etc/shop] }]`,
    'lastgood.yaml',
    adapters,
  );
  assert.ok(loaded.ok);
  assert.equal(componentsOf(loaded.value)[0]?.state[0]?.quiesce?.name, 'hooks of shop');
});

test('all problems of a file are reported at once', () => {
  assert.equal(
    problemsOf('checkpoints: {soak: x, schedule: y}\nrollback: {gate: {samples: 0}}').length,
    3,
  );
});

test('rules are about errors only where they say so, and need something to be about', () => {
  const loaded = loadConfig(
    `
sources:
  - name: app
    kind: file
    paths: [/a]
    rules: [ { name: health, match: { text: GET /healthz }, do: drop } ]
rules:
  otlp:
    - { name: noise, match: { component: cache }, do: count }
    - { name: refused, match: { minSeverity: 17 }, do: dedupe, window: 30s }
`,
    'lastgood.yaml',
    adapters,
  );
  assert.ok(loaded.ok);
  const match = { text: 'GET /healthz', minSeverity: 0, maxSeverity: 16 };
  assert.deepEqual(loaded.value.sources?.[0]?.rules, [{ name: 'health', match, do: 'drop' }]);
  assert.deepEqual(
    loaded.value.rules['otlp']?.map((rule) => [rule.do, rule.match.maxSeverity]),
    [
      ['count', 16],
      ['dedupe', 24],
    ],
  );
  const wrong = `
sources: []
rules:
  otlp:
    - { name: all, match: {}, do: drop }
    - { name: long, match: { text: a }, do: count, every: 2d }
    - { name: none, match: { minSeverity: 9, maxSeverity: 5 }, do: drop }
    - { name: none, match: { text: b, colour: red }, do: drop }
`;
  assert.deepEqual(
    problemsOf(wrong).map((problem) =>
      problem.replace(/ \(it is .*/, '').replace('component or maxSeverity', 'component …'),
    ),
    [
      'lastgood.yaml:5:20: rules.otlp[0].match: name what it is about, such as text, component …',
      'lastgood.yaml:6:59: rules.otlp[1].every: write 1s to 1h',
      'lastgood.yaml:7:21: rules.otlp[2].match: minSeverity is above maxSeverity',
      'lastgood.yaml:8:39: rules.otlp[3].match.colour: there is no such setting',
    ],
  );
  assert.match(
    problemsOf('sources: []\nrules: { otpl: [] }\n').join(),
    /rules\.otpl: there is no source of this name or kind/,
  );
});
