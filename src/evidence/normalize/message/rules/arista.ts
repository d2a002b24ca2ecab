import { INTERFACE, type MnemonicRules, PEER } from '../message-rule.ts';
import { CONFIGURED, LINE_PROTOCOL, NOTIFICATIONS } from './cisco.ts';

/** Arista EOS, whose agents sign their messages. Source: "Arista EOS System Message Guide". */
export const ARISTA: MnemonicRules = {
  'LINEPROTO-UPDOWN': LINE_PROTOCOL,
  'SYS-CONFIG_I': CONFIGURED,
  'SYS-CONFIG_E': [
    {
      text: new RegExp(
        String.raw`^Enter configuration mode from \S{1,64} by (?<user>[^\s,]{1,64})(?: on ` +
          String.raw`(?<terminal>[\w./:-]{1,64})(?: \((?<source>[\da-fA-F.:]{2,45})\))?)?`,
      ),
      event: 'config.session.started',
    },
  ],
  'SYS-SYSTEM_RESTARTED': [{ text: /^System restarted/, event: 'host.started' }],
  'BGP-ADJCHANGE': [
    {
      text: new RegExp(
        String.raw`^peer ${PEER} \((?:VRF (?<vrf>\S{1,64}) )?AS (?<as>\d{1,10})\) old state ` +
          String.raw`(?<from>\w{1,16}) event (?<why>\w{1,40}) new state (?<to>\w{1,16})`,
      ),
      event: 'network.neighbor.state_changed',
      means: { protocol: 'bgp' },
    },
  ],
  'BGP-NOTIFICATION': NOTIFICATIONS,
  'BFD-STATE_CHANGE': [
    {
      text: new RegExp(
        String.raw`^peer \(vrf:(?<vrf>[^,]{1,64}), ip:${PEER}, intf:${INTERFACE},[^)]{0,120}\) ` +
          String.raw`changed state from (?<from>\w{1,16}) to (?<to>\w{1,16})(?: diag ` +
          String.raw`(?<why>.{1,60}))?`,
      ),
      event: 'network.neighbor.state_changed',
      means: { protocol: 'bfd' },
    },
  ],
  'ISIS-ISIS_ADJCHG': [
    {
      text: new RegExp(
        String.raw`^(?<level>L[12]) Neighbor State Change for SystemID (?<name>[\w.-]{1,64}) on ` +
          String.raw`${INTERFACE} to (?<to>\w{1,16})(?:: (?<why>.{1,120}))?`,
      ),
      event: 'network.neighbor.state_changed',
      means: { protocol: 'isis' },
    },
  ],
  'AGENT-INITIALIZED': [
    {
      text: /^Agent '(?<program>[^']{1,64})' initialized; pid=(?<pid>\d{1,10})/,
      event: 'process.started',
    },
  ],
  'PROCMGR-PROCESS_RESTART': [
    {
      text: /^Restarting '(?<program>[^']{1,64})' .{0,60}\(it had PID=(?<pid>\d{1,10})\)/,
      event: 'process.restarted',
    },
  ],
};
