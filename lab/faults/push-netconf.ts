import { join } from 'node:path';
import { askNetconf } from '../parts/netconf-session.ts';
import { wayToDevice } from '../parts/netconf.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Command } from '../stage/thing.ts';
import type { FaultCall, FaultPlan } from './fault.ts';
import { requirePart } from './require-part.ts';

const program = join(import.meta.dirname, '..', 'parts', 'tell-netconf.ts');
const commit = '<commit/>';
const broken =
  '<device xmlns="urn:lg:device"><interface><name>ge2</name><enabled>false</enabled>' +
  '<mtu>576</mtu></interface></device>';

/** The interface of sw1 to the shop is shut; its old configuration, committed, is the undo. */
export async function pushNetconf(call: FaultCall): Promise<FaultPlan> {
  requirePart(call, 'netconf');
  const { stage } = call;
  const way = wayToDevice(stage);
  const read = '<get-config><source><running/></source></get-config>';
  const found = /<device [^>]*>(?:.|\n)*<\/device>/.exec(await askNetconf(way, read));
  if (found === null) throw new LabFailure('sw1 tells no configuration of its own');
  const tell = (operation: string): Command => [process.execPath, program, operation, ...way];
  return {
    what: 'sw1 was pushed ge2 shut, with an MTU of 576; customers do not notice',
    undo: [
      { kind: 'command', command: tell(editing(asItWas(found[0]))) },
      { kind: 'command', command: tell(commit) },
    ],
    make: async () => {
      await stage.run(tell(editing(broken)));
      await stage.run(tell(commit));
    },
  };
}

function editing(device: string): string {
  return `<edit-config><target><candidate/></target><config>${device}</config></edit-config>`;
}

/** What came since goes with it. */
function asItWas(device: string): string {
  const replacing = 'xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="replace"';
  return device.replaceAll(/>\s+</g, '><').replace('<device ', `<device ${replacing} `);
}
