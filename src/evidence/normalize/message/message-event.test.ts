import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { EVENT_SORTS } from './event-sorts.ts';
import { messageEvent } from './message-event.ts';
import { ARISTA } from './rules/arista.ts';
import { ASA } from './rules/asa.ts';
import { CISCO, NEXUS } from './rules/cisco.ts';
import { FRR } from './rules/frr.ts';
import { JUNOS } from './rules/junos.ts';
import { KERNEL, LINUX } from './rules/linux.ts';
import { SERVERS } from './rules/servers.ts';

const PROGRAMS = [...JUNOS, ...FRR, KERNEL, ...LINUX, ...SERVERS];
const RULES = [
  ...[CISCO, NEXUS, ARISTA, ASA].flatMap((table) => Object.values(table).flat()),
  ...PROGRAMS.flatMap(({ rules }) => rules),
];

/** `program | message => event severity, what it is of`, the program `-` where there is none. */
const TOLD = readFileSync(new URL('testdata/told.txt', import.meta.url), 'utf8');

/** What speaks of such messages and is none. */
const QUOTED: readonly (readonly [string | undefined, string])[] = [
  ['sshd', '%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down'],
  [undefined, 'saw %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down'],
  [undefined, '"%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down"'],
  ['web', 'RPD_OSPF_NBRDOWN: OSPF neighbor 10.0.0.1 (realm ospf-v2 ge-0/0/0.0 area 0.0.0.0) …'],
  ['bgpd', '[Event] the peer said %ADJCHANGE: neighbor 192.0.2.1 in vrf default Down x'],
  ['haproxy', '127.0.0.1:1 [20/Nov/2026:23:28:07] fe shop/a "GET /Server shop/a is DOWN HTTP/1.1"'],
  ['postgres', "1 [1] LOG:  statement: select 'LOG:  received promote request'"],
  ['postgres', '1 [1] ERROR:  syntax LOG:  all server processes terminated; reinitializing'],
  ['nginx', '[error] 1#1: *3 open() "[notice] 1#1: signal 1 (SIGHUP) received, reconfiguring"'],
  ['web', 'eth0: Lost carrier'],
];

describe('messages of devices and servers', () => {
  for (const line of TOLD.trim().split('\n')) {
    const [, program = '', text = '', expected = ''] = /^(\S+) \| (.*) => (.*)$/.exec(line) ?? [];
    test(`${program}: ${text.slice(0, 60)} tells ${expected}`, () => {
      const event = messageEvent(program === '-' ? undefined : program, text);
      if (expected === 'nothing') return assert.equal(event, undefined);
      const [name, severity, ...said] = expected.split(' ');
      assert.deepEqual([event?.eventName, String(event?.severity)], [name, severity]);
      const values = Object.values(event?.attributes ?? {}).map(String);
      for (const one of said) assert.ok(values.includes(one), `${one} in ${values.join(', ')}`);
    });
  }

  test('a config change by a person names who made it and from where', () => {
    const text = '%SYS-5-CONFIG_I: Configured from console by maria on vty1 (198.51.100.7)';
    assert.deepEqual(messageEvent(undefined, text)?.attributes, {
      'change.actor': 'maria',
      'change.source': 'vty1',
      'config.object': 'console',
      'os.name': 'ios',
      'source.address': '198.51.100.7',
      'user.name': 'maria',
    });
  });

  test('a line that only quotes one tells nothing', () => {
    for (const [program, text] of QUOTED)
      assert.equal(messageEvent(program, text), undefined, text);
  });

  test('names only events whose severity and states are known', () => {
    for (const { event } of RULES) assert.ok(event in EVENT_SORTS, event);
  });

  test('no rule repeats anything without end, so that no message can stop the reading', () => {
    assert.ok(RULES.length > 80);
    for (const { text } of RULES) {
      // Outside of a class, `*`, `+` and `{n,}` repeat without end.
      const plain = text.source.replaceAll(/\\./g, '.').replaceAll(/\[[^\]]*\]/g, 'x');
      assert.doesNotMatch(plain, /[*+]|\{\d+,\}/, text.source);
      assert.ok(plain.startsWith('^'), text.source);
    }
  });

  test('whatever stands behind the beginning of a message, an answer comes', () => {
    const programs = PROGRAMS.flatMap(({ programs: names }) => names);
    const starts = TOLD.split('\n').map((line) => /\| (.{0,40})/.exec(line)?.[1] ?? '');
    fc.assert(
      fc.property(
        fc.constantFrom(undefined, ...programs),
        fc.constantFrom(...starts, ...RULES.flatMap(({ starts: one, has }) => one ?? has ?? [])),
        fc.oneof(
          fc.string({ maxLength: 2000 }),
          fc.string({ unit: fc.constantFrom(...'ab1.: /()[]=-%'), maxLength: 3000 }),
        ),
        (program, start, rest) => {
          const event = messageEvent(program, start + rest);
          if (event !== undefined) assert.ok(event.eventName in EVENT_SORTS);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
