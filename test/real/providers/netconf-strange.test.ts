import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { netconfSpec } from '../../../src/adapters/providers/netconf/netconf-spec.ts';
import { inSession } from '../../../src/adapters/providers/netconf/session.ts';
import { hostClock } from '../../../src/daemon/host-clock.ts';
import { converse } from '../../../src/runner/converse.ts';

const NAMESPACE = 'urn:ietf:params:xml:ns:netconf:base:1.0';
const READING = '<get-config><source><running/></source></get-config>';

/** Who comes to it was bounded by nothing: all answers together may take longer still. */
const LIMIT = { timeout: 60_000 };

/** Longer than a test may last: nobody answers for want of time. */
const PATIENT = '10m';

/** A line of shell that greets as a device of these versions of NETCONF. */
function greeting(...versions: readonly string[]): string {
  const listed = versions.map(
    (version) => `<capability>urn:ietf:params:netconf:base:${version}</capability>`,
  );
  const capabilities = `<capabilities>${listed.join('')}</capabilities>`;
  return `printf '%s' '<hello xmlns="${NAMESPACE}">${capabilities}</hello>]]>]]>'`;
}

/** What is told of a device that is this shell script, asked for its configuration once. */
async function complaintOf(script: string, timeout: string): Promise<string> {
  const { signal } = new AbortController();
  const setting = { env: { PATH: process.env['PATH'] ?? '' }, signal };
  const ended = await inSession(
    netconfSpec.parse({ command: ['sh', '-c', script, 'device'], timeout }),
    {
      clock: hostClock(),
      signal,
      converse: (command, options, talk) => converse(command, options, setting, talk),
    },
    (session) => session.ask('reading', READING),
  );
  assert.ok(!ended.ok);
  const { code, detail } = ended.error;
  return `${code} ${detail.slice(detail.lastIndexOf(' device: ') + ' device: '.length)}`;
}

test(
  'who never answers is left at the deadline, though what it started keeps its pipes',
  LIMIT,
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'lastgood-netconf-'));
    t.after(() => rm(folder, { recursive: true }));
    const note = join(folder, 'pid');
    const stays = `setsid sh -c 'echo $$ >${note}; exec sleep 3001' &`;
    const noted = `while ! [ -s ${note} ]; do sleep 0.1; done`;
    const told = await complaintOf(`${stays} ${noted}; ${greeting('1.0')}; cat >&2`, '4s');
    assert.equal(told, 'LG_PROVIDER_TIMEOUT said nothing within 4000 ms');
    // Still there, so nobody waited for it; it is killed by its number.
    process.kill(Number(await readFile(note, 'utf8')), 'SIGKILL');
  },
);

test('who answers byte by byte has no more time than others', LIMIT, async () => {
  const drips = 'while printf x; do sleep 0.2; done';
  const told = await complaintOf(`${greeting('1.0')}; ${drips}`, '2s');
  assert.match(told, /^LG_PROVIDER_TIMEOUT \d+ bytes and no end of an answer within 2000 ms$/);
});

test(
  'a flood is ended at once, before it fills the memory, however it is framed',
  LIMIT,
  async () => {
    const flood = 'tr "\\0" x </dev/zero';
    const told = 'of more than 33554432 bytes';
    assert.equal(
      await complaintOf(flood, PATIENT),
      'LG_PROVIDER_DEVICE_SPEECH instead of a hello, a message, or chunk of one, ' +
        'of more than 4194304 bytes',
    );
    assert.match(
      await complaintOf(`${greeting('1.0')}; ${flood}`, PATIENT),
      new RegExp(`^LG_PROVIDER_TOO_LARGE .*${told}$`),
    );
    const chunks = String.raw`echo; yes "$(printf '#1000\n%01000d' 0)"`;
    assert.match(
      await complaintOf(`${greeting('1.1')}; ${chunks}`, PATIENT),
      new RegExp(`^LG_PROVIDER_TOO_LARGE .*${told}$`),
    );
  },
);

test('who speaks something else is told by what it said, without its secrets', LIMIT, async () => {
  const banner = String.raw`printf 'Welcome!\033\npassword: hunter2\n'; cat >&2`;
  assert.equal(
    await complaintOf(banner, '2s'),
    'LG_PROVIDER_DEVICE_SPEECH no hello of NETCONF within 2000 ms, after 28 bytes beginning ' +
      '“Welcome! password: <hidden>”',
  );
});

test('a hello without a version of NETCONF is refused at once', LIMIT, async () => {
  assert.equal(
    await complaintOf(`${greeting('7.0')}; cat >&2`, PATIENT),
    'LG_PROVIDER_DEVICE_SPEECH its hello names no base:1.0 and no base:1.1',
  );
});
