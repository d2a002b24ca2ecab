import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { XmlElement } from './element.ts';
import { parseXml } from './parse-xml.ts';
import { escapeXml, writeXml } from './write-xml.ts';

test('the same configuration reads the same, however a device writes it', () => {
  const plain = `<device xmlns="urn:d"><name>a &amp; b</name><port><mtu>9000</mtu></port></device>`;
  const dressed = `<?xml version="1.0"?>
    <!-- of a router --><x:device xmlns:x='urn:d' x:changed="now">
      <x:name><![CDATA[a & b]]></x:name>
      <x:port   ><x:mtu>&#57;0&#x30;0</x:mtu></x:port>
    </x:device>`;
  assert.equal(writeXml(parseXml(dressed)), writeXml(parseXml(plain)));
  const lines = ['<device xmlns="urn:d">', '  <name>a &amp; b</name>', '  <port>'];
  const more = ['    <mtu>9000</mtu>', '  </port>', '</device>', ''];
  assert.equal(writeXml(parseXml(plain)), [...lines, ...more].join('\n'));
});

test('a prefix that a value uses keeps its meaning, wherever it was declared', () => {
  const sent =
    '<a xmlns="urn:a" xmlns:t="urn:types" xmlns:u="urn:unused"><type>t:ethernet</type></a>';
  const kept = '<a xmlns="urn:a">\n  <type xmlns:t="urn:types">t:ethernet</type>\n</a>\n';
  assert.equal(writeXml(parseXml(sent)), kept);
  assert.equal(writeXml(parseXml(kept)), kept);
});

test('what a hostile device may send is refused in words, without what it sent', () => {
  const bomb = '<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>';
  for (const [sent, why] of [
    [bomb, /document type/],
    ['<a>&secret;</a>', /entity/],
    ['<a>&#0;</a>', /character/],
    ['<a>&#xD800;</a>', /character/],
    ['<a>'.repeat(300), /deeper than 200/],
    ['<a><b></a></b>', /closes a in b/],
    ['<a>text<b/></a>', /mixes text/],
    ['<a/><b/>', /two roots/],
    ['<p:a/>', /stands for nothing/],
    ['<a', /no tag/],
    ['<a><![CDATA[x', /never comes/],
    ['', /ends within nothing/],
  ] as const) {
    assert.throws(() => parseXml(sent), { name: 'SyntaxError', message: why });
    assert.throws(
      () => parseXml(sent),
      (thrown: Error) => !thrown.message.includes('secret'),
    );
  }
});

test('any configuration is the same after it was written and read', () => {
  const name = fc.stringMatching(/^[A-Za-z_][\w-]{0,8}$/);
  const text = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((said) => said.trim() !== '' && !/[\0-\u0008\u000B\u000C\u000E-\u001F]/.test(said));
  const { tree } = fc.letrec<{ readonly tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.tuple(name, text).map(([tag, said]) => `<${tag}>${escapeXml(said)}</${tag}>`),
      fc
        .tuple(name, fc.array(tie('tree'), { maxLength: 4 }))
        .map(([tag, inner]) => `<${tag}>${inner.join('')}</${tag}>`),
    ),
  }));
  fc.assert(
    fc.property(tree, (xml) => {
      const read = parseXml(`<top xmlns="urn:t">${xml}</top>`);
      const again = parseXml(writeXml(read));
      assert.deepEqual(bare(again), bare(read));
      assert.equal(writeXml(again), writeXml(read));
    }),
  );
});

test('noise is either read or refused, and never anything else', () => {
  const noise = fc.array(
    fc.constantFrom('<', '>', '/', 'a', ' ', '&', ';', '=', '"', '!', '[', '-'),
  );
  fc.assert(
    fc.property(noise, (parts) => {
      try {
        parseXml(parts.join(''));
      } catch (thrown) {
        assert.ok(thrown instanceof SyntaxError, String(thrown));
      }
    }),
  );
});

test('a million small elements are refused before they fill the memory', () => {
  assert.throws(() => parseXml(`<top>${'<a/>'.repeat(1_000_000)}</top>`), RangeError);
});

function bare({ name, namespace, children, text }: XmlElement): object {
  return { name, namespace, text, children: children.map(bare) };
}
