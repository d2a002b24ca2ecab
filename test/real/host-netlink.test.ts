import assert from 'node:assert/strict';
import { it } from 'node:test';
import { textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { TwoRunners } from '../scenarios/hosts/two-runners.ts';
import { hostProgram } from './host-program.ts';

const sources = '[ { name: fw-net, kind: netlink, host: fw, component: firewall } ]';

it("changes of a host's network are told, also those its runner was away for", async (t) => {
  if (process.getuid?.() !== 0) return t.skip('SKIPPED: network namespaces need root');
  if (hostProgram(t, 'rtmon', 'iproute2') === undefined) return;
  const two = await TwoRunners.make(t, sources);
  let firewall = await two.runner('fw');
  await two.daemon();
  const sourceRuns = () =>
    until('the source runs', async () => {
      const { printed } = await two.run(['sources']);
      return JSON.stringify(printed).includes('"state":"running"') ? true : undefined;
    });
  const bodies = async (...words: readonly string[]): Promise<readonly string[]> => {
    const { printed, complaint } = await two.run(['events', ...words]);
    return [...printed.map((record) => textAt(record, 'body')), complaint];
  };
  const told = (text: string) =>
    until(
      text,
      () => bodies('--component', 'firewall'),
      (all) => all.includes(text),
    );
  await sourceRuns();
  two.inside('fw', 'ip', 'link', 'add', 'ge1', 'type', 'veth', 'peer', 'name', 'ge2');
  two.inside('fw', 'ip', 'link', 'set', 'ge1', 'up');
  two.inside('fw', 'ip', 'address', 'add', '10.9.1.1/24', 'dev', 'ge1');
  two.inside('r1', 'ip', 'link', 'add', 'xe1', 'type', 'veth', 'peer', 'name', 'xe2');
  await told('address 10.9.1.1/24 was added to ge1');

  await two.end(firewall, 'SIGKILL');
  await until('it is missed', async () => {
    const { printed } = await two.run(['sources']);
    return /rtmon on fw ended: .*LG_RUNTIME_HOST_DOWN/.test(JSON.stringify(printed))
      ? true
      : undefined;
  });
  two.inside('fw', 'ip', 'address', 'del', '10.9.1.1/24', 'dev', 'ge1');
  firewall = await two.runner('fw');
  await sourceRuns();
  await told('address 10.9.1.1/24 was removed from ge1');
  assert.doesNotMatch((await bodies()).join('\n'), /xe1/, 'the other host is not listened to');
  await two.end(firewall, 'SIGTERM');
});
