import { test } from 'node:test';
import { netconfProvider } from '../../../src/adapters/providers/netconf/provider.ts';
import { hold, SECRET, stuckIn } from '../../conformance/hold-provider.ts';
import { NetconfPlace, netconfLacks, replaced } from './netconf-place.ts';

const lacks = netconfLacks();

if (lacks !== undefined) {
  test('provider netconf', (t) => t.skip(`SKIPPED: ${lacks}`));
} else {
  hold('netconf', {
    provider: netconfProvider,
    stride: 2,
    secret: SECRET,
    // A change of it is messages to the device; nothing is written here.
    needsDisk: false,
    spec: (root) => new NetconfPlace(root).spec,
    stuck: (root) => ({ spec: { command: stuckIn(root) }, method: 'observe' }),
    meddle: (root) => new NetconfPlace(root).tell(...replaced('by-a-colleague')),
    begin: (root) => new NetconfPlace(root).start(),
    shape: (root, form) =>
      new NetconfPlace(root).tell(...replaced(`in-${form}`, `${SECRET}-${form}`)),
    wentBack: (root) => new NetconfPlace(root).wentBack(),
    end: (root) => new NetconfPlace(root).cutPower(),
  });
}
