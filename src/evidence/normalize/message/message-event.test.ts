import assert from 'node:assert/strict';
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
const TOLD = `
- | %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down => network.interface.state_changed 17 GigabitEthernet0/1 down ios
- | %LINK-SP-3-UPDOWN: Interface GigabitEthernet1/1, changed state to up => network.interface.state_changed 9 GigabitEthernet1/1 up ios
- | %LINK-5-CHANGED: Interface Vlan7, changed state to administratively down => network.interface.state_changed 10 Vlan7 down ios
- | %LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel3, changed state to down => network.interface.state_changed 17 Tunnel3 down ios
- | %BGP-5-ADJCHANGE: neighbor 192.0.2.1 Up => network.neighbor.state_changed 9 192.0.2.1 up bgp
- | %BGP-5-ADJCHANGE: neighbor 192.0.2.1 vpn vrf BLUE Down Peer closed the session => network.neighbor.state_changed 17 192.0.2.1 down BLUE
- | %BGP-5-ADJCHANGE:  bgp-65000 [811] (default) neighbor 192.0.2.9 Down - holdtimer expired error => network.neighbor.state_changed 17 192.0.2.9 down nxos
- | %OSPF-5-ADJCHG: Process 7, Nbr 192.0.2.3 on Ethernet0/1 from FULL to DOWN, Neighbor Down: Dead timer expired => network.neighbor.state_changed 17 192.0.2.3 down full ospf
- | %OSPF-5-ADJCHG: Process 7, Nbr 192.0.2.3 on Ethernet0/1 from EXSTART to DOWN, Neighbor Down: Interface down or detached => network.neighbor.state_changed 9 192.0.2.3
- | %DUAL-5-NBRCHANGE: EIGRP-IPv4 100: Neighbor 192.0.2.4 (Tunnel1) is down: holding time expired => network.neighbor.state_changed 17 192.0.2.4 eigrp Tunnel1
- | %SYS-5-CONFIG_I: Configured from console by maria on vty1 (198.51.100.7) => config.changed 10 maria 198.51.100.7 vty1
- | %SYS-5-RESTART: System restarted -- => host.started 9
- | %HSRP-5-STATECHANGE: Vlan10 Grp 1 state Standby -> Active => network.redundancy.state_changed 13 Vlan10 active standby
- | %ETHPORT-5-IF_DOWN_ADMIN_DOWN: Interface Ethernet1/4 is down (Administratively down) => network.interface.state_changed 10 Ethernet1/4 nxos
- | %ASA-4-106023: Deny udp src outside:192.0.2.66/53 dst inside:198.51.100.1/99 by access-group "from_outside" [0x0, 0x0] => network.connection.denied 13 192.0.2.66 from_outside udp
- | %ASA-5-111010: User 'maria', running 'CLI' from IP 198.51.100.7, executed 'no access-list x' => config.changed 10 maria
- | %ASA-6-302014: Teardown TCP connection 7 for outside:192.0.2.1/443 to inside:198.51.100.5/5 duration 0:00:01 bytes 1 TCP FINs => nothing
ifmgr | %PKT_INFRA-LINK-3-UPDOWN : Interface GigabitEthernet0/0/0/0, changed state to Down => network.interface.state_changed 17 GigabitEthernet0/0/0/0 down iosxr
config | %MGBL-CONFIG-6-DB_COMMIT : Configuration committed by user 'maria'. Use 'show configuration commit changes 1000000009' to view the changes. => config.changed 10 maria iosxr
Ebra | %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet5 (to the shop), changed state to down => network.interface.state_changed 17 Ethernet5 eos
mib2d | SNMP_TRAP_LINK_DOWN: ifIndex 531, ifAdminStatus up(1), ifOperStatus down(2), ifName xe-0/1/0 => network.interface.state_changed 17 xe-0/1/0 531 junos
rpd | RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 192.0.2.1 (External AS 64500) changed state from Established to Idle (event HoldTime) (instance master) => network.neighbor.state_changed 17 192.0.2.1 idle established 64500 HoldTime
rpd | RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 192.0.2.1 (External AS 64500) changed state from Active to Connect (event Start) (instance master) => network.neighbor.state_changed 9 connect
mgd | UI_COMMIT: User 'maria' requested 'commit' operation (comment: none) => config.changed 10 maria junos
bgpd | %ADJCHANGE: neighbor 192.0.2.1(r2) in vrf default Down BGP Notification send => network.neighbor.state_changed 17 192.0.2.1 r2 down linux
bgpd | [PXVXG-TFNNT] %ADJCHANGE: neighbor 10.77.0.1(ra) in vrf default Down BGP Notification send => network.neighbor.state_changed 17 10.77.0.1 ra
bgpd | [HZN6M-XRM1G] %NOTIFICATION: sent to neighbor 10.77.0.1 4/0 (Hold Timer Expired) 0 bytes  => network.neighbor.reset 13 10.77.0.1
ospfd | [Y05P2-YJVXY] AdjChg: Nbr 1.1.1.1, NbrIP 10.0.13.1 (default) on ge2:10.0.13.2: Full -> Deleted (KillNbr) => network.neighbor.state_changed 17 10.0.13.1 ge2 deleted full
kernel | e1000e 0000:00:1f.6 eno1: NIC Link is Down => network.interface.state_changed 17 eno1 down
kernel | bond0: (slave eth1): link status definitely down, disabling slave => network.interface.state_changed 17 eth1 bond0
kernel | IN_DROP: IN=wan0 OUT= MAC= SRC=192.0.2.9 DST=198.51.100.1 LEN=60 TOS=0x00 TTL=64 ID=1 DF PROTO=TCP SPT=4444 DPT=22 SYN => network.connection.denied 13 IN_DROP 192.0.2.9 tcp
kernel | seen: IN=wan0 OUT=lan0 SRC=192.0.2.9 DST=198.51.100.1 LEN=60 PROTO=UDP SPT=1 DPT=53 => network.connection.logged 9 seen udp
systemd-networkd | eth0: Lost carrier => network.interface.state_changed 17 eth0 down
Keepalived_vrrp | (VI_1) Entering FAULT STATE => network.redundancy.state_changed 17 VI_1 fault
haproxy | Backup Server shop/b is UP, reason: Layer7 check passed, code: 200 => service.state_changed 9 shop b up
nginx | 2026/11/20 23:28:11 [alert] 845#845: worker process 846 exited on signal 11 (core dumped) => process.crashed 17 846 11
postgres | 2026-11-20 23:23:59.016 UTC [19] LOG:  server process (PID 77) was terminated by signal 9: Killed => process.crashed 17 77 9
redis-server | MASTER MODE enabled (failover request from 'id=1 addr=127.0.0.1:1') => service.state_changed 13 primary
rabbitmq | [warning] <0.123.0> memory resource limit alarm set on node rabbit@a. => memory.threshold_crossed 18 rabbit@a
`;

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
