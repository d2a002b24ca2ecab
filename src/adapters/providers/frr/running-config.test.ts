import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { fileFor, firstDifference, readRunning, startFile } from './running-config.ts';

/** What vtysh of FRR 8.4.4 printed about a router of the lab, before and after a bad push. */
function printed(name: 'good' | 'bad'): string {
  return readFileSync(join(import.meta.dirname, 'testdata', `running-${name}.txt`), 'utf8');
}

test('a running router is told by its lines alone, without its version and its host’s name', () => {
  const good = readRunning(printed('good'));
  assert.equal(good?.daemons, 'bgpd ospfd staticd zebra');
  assert.deepEqual(good?.own, ['frr version 8.4.4', 'hostname vm']);
  assert.match(good?.text ?? '', /^frr defaults traditional\nlog file .*\n/);
  assert.match(good?.text ?? '', /\nno ipv6 forwarding\ninterface ge0\n ip ospf area 0\n/);
  assert.doesNotMatch(good?.text ?? '', /^\s*(!|end$|Building|hostname)/m);
});

test('the same configuration on another host or by another version is the same', () => {
  const elsewhere = printed('good').replace('hostname vm', 'hostname r1').replace('8.4.4', '9.1');
  assert.equal(readRunning(elsewhere)?.text, readRunning(printed('good'))?.text);
});

test('the first line that is not as it was is named', () => {
  const [good, bad] = [readRunning(printed('good')), readRunning(printed('bad'))];
  const words = 'line 12 is " ip ospf cost 65535", not " ip ospf cost 10"';
  assert.equal(firstDifference(bad?.text ?? '', good?.text ?? ''), words);
  assert.equal(firstDifference('a\nb\n', 'a\n'), 'line 2 is "b", not ""');
  assert.equal(firstDifference('a\n', 'a\n'), undefined);
});

test('a text that broke off, or that is no configuration, is refused', () => {
  const whole = printed('good');
  fc.assert(
    fc.property(fc.nat(whole.length - 6), fc.string(), (length, noise) => {
      assert.equal(readRunning(whole.slice(0, length)), undefined);
      assert.equal(readRunning(noise), undefined);
    }),
  );
});

test('what is read of a file for a router is the text that it was made of', () => {
  const line = fc.constantFrom('router bgp 1', ' neighbor 10.0.0.1 remote-as 2', 'exit', 'ip x y');
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const text = lines.map((one) => `${one}\n`).join('');
      const file = fileFor({ own: ['frr version 1', 'hostname here'] }, text);
      const shown = ` zebra\nCurrent configuration:\n!\n${file}!\nend\n`;
      assert.equal(readRunning(shown)?.text, text);
    }),
  );
});

test('a file that is silent about forwarding does not differ from what runs', () => {
  const running = { daemons: 'zebra', own: ['hostname a'], text: 'no ip forwarding\nip x y\n' };
  assert.equal(startFile(running, 'ip x y\n'), 'hostname a\nno ip forwarding\nip x y\n');
  assert.equal(startFile(running, 'ip forwarding\n'), 'hostname a\nip forwarding\n');
});
