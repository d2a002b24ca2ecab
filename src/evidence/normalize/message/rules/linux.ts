import { LINUX_INTERFACE, type MessageRule, type ProgramRules } from '../message-rule.ts';

const link = (rule: Pick<MessageRule, 'has' | 'text' | 'means'>): MessageRule => ({
  event: 'network.interface.state_changed',
  ...rule,
});

/** What stands before the message where the kernel's own stamp was kept. */
const UPTIME = String.raw`^(?:\[ {0,6}\d{1,8}\.\d{6}\] )?`;

/** A packet that a rule logged (nf_log_syslog.c); `prefix` is the words of who wrote the rule. */
const PACKET =
  String.raw`IN=(?<interface>[\w.@-]{0,15}) OUT=[\w.@-]{0,15} (?:PHYSIN=\S{1,15} )?` +
  String.raw`(?:PHYSOUT=\S{1,15} )?(?:MAC=[\da-f:]{0,80} )?SRC=(?<source>[\da-fA-F.:]{2,45}) DST=` +
  String.raw`(?<destination>[\da-fA-F.:]{2,45}) .{0,160}?PROTO=(?<transport>\w{1,12})(?: SPT=` +
  String.raw`(?<sourcePort>\d{1,5}) DPT=(?<destinationPort>\d{1,5}))?`;

/**
 * Links and logged packets, as the kernel tells them. Source: the drivers' own words (the helper
 * `phy_print_status` and those of e1000e, igb, ixgbe, i40e, tg3, mlx5), bonding, nf_log_syslog.c.
 */
export const KERNEL: ProgramRules = {
  programs: ['kernel'],
  system: 'linux',
  isOfHost: true,
  rules: [
    // `r8169 0000:03:00.0 enp3s0: Link is Down`,
    // `igb 0000:01:00.0 eth0: igb: eth0 NIC Link is Down`
    link({
      has: 'Link is ',
      text: new RegExp(
        String.raw`${UPTIME}(?:\w[\w-]{0,20} [\w.:-]{1,24} )?${LINUX_INTERFACE}: (?:\w{1,16}: ` +
          String.raw`[\w.@-]{1,15} )?(?:NIC )?Link is (?<to>[Uu]p|[Dd]own)\b`,
      ),
    }),
    // `e1000e: eth0 NIC Link is Down`
    link({
      has: ' NIC Link is ',
      text: new RegExp(
        String.raw`${UPTIME}\w{1,16}: ${LINUX_INTERFACE} NIC Link is (?<to>[Uu]p|[Dd]own)\b`,
      ),
    }),
    // `mlx5_core 0000:01:00.0 ens1f0: Link down`
    link({
      has: ': Link ',
      text: new RegExp(
        String.raw`${UPTIME}\w[\w-]{0,20} [\da-f:.]{7,16} ${LINUX_INTERFACE}: Link (?<to>up|down)$`,
      ),
    }),
    link({
      has: 'link status definitely ',
      text: new RegExp(
        String.raw`${UPTIME}(?<parent>[\w.-]{1,15}): \(slave ${LINUX_INTERFACE}\): link status ` +
          String.raw`definitely (?<to>up|down)`,
      ),
    }),
    {
      has: ' SRC=',
      text: new RegExp(
        String.raw`${UPTIME}(?<rule>[^=]{0,120}?(?:DROP|drop|DENY|deny|denied|REJECT|reject|BLOCK` +
          String.raw`|block)[^=]{0,60}?)[ :]{0,2}${PACKET}`,
      ),
      event: 'network.connection.denied',
    },
    {
      has: ' SRC=',
      text: new RegExp(String.raw`${UPTIME}(?<rule>[^=]{0,120}?)[ :]{0,2}${PACKET}`),
      event: 'network.connection.logged',
    },
  ],
};

const VRRP = String.raw`^(?:VRRP_Instance)?\((?<group>[^)\s]{1,64})\) `;

/** What else on a Linux host tells of its network. */
export const LINUX: readonly ProgramRules[] = [
  {
    // Source: NetworkManager's nm-device.c; only what leaves or reaches "activated" counts.
    programs: ['NetworkManager'],
    system: 'linux',
    isOfHost: true,
    rules: [
      link({
        has: 'state change: activated -> ',
        text: new RegExp(
          String.raw`^(?:<\w{4,5}> {1,2}\[[\d.]{1,24}\] )?device \(${LINUX_INTERFACE}\): ` +
            String.raw`state change: activated -> ` +
            String.raw`(?:deactivating|disconnected|unavailable|unmanaged|failed|need-auth)\b` +
            String.raw`(?: \(reason '(?<why>[\w-]{1,48})')?`,
        ),
        means: { to: 'down', from: 'up' },
      }),
      link({
        has: '-> activated ',
        text: new RegExp(
          String.raw`^(?:<\w{4,5}> {1,2}\[[\d.]{1,24}\] )?device \(${LINUX_INTERFACE}\): ` +
            String.raw`state change: [\w-]{1,16} -> activated `,
        ),
        means: { to: 'up' },
      }),
    ],
  },
  {
    // Source: systemd's networkd-link.c.
    programs: ['systemd-networkd', 'systemd-network'],
    system: 'linux',
    isOfHost: true,
    rules: [
      link({
        text: new RegExp(`^${LINUX_INTERFACE}: Lost carrier$`),
        means: { to: 'down', from: 'up' },
      }),
      link({
        text: new RegExp(`^${LINUX_INTERFACE}: Gained carrier$`),
        means: { to: 'up', from: 'down' },
      }),
    ],
  },
  {
    // Source: keepalived's vrrp.c and check_api.c.
    programs: ['Keepalived_vrrp', 'Keepalived_healthcheckers', 'Keepalived', 'keepalived'],
    system: 'linux',
    isOfHost: true,
    rules: [
      {
        has: ' STATE',
        text: new RegExp(String.raw`${VRRP}[Ee]ntering (?<to>MASTER|BACKUP|FAULT) STATE`),
        event: 'network.redundancy.state_changed',
      },
      {
        starts: 'Removing service ',
        text: new RegExp(
          String.raw`^Removing service \[(?<server>[\w.:%-]{1,64})\](?<port>:[\w:]{1,16})? ` +
            String.raw`(?:from|to) VS \[?(?<backend>[\w.:%-]{1,64})`,
        ),
        event: 'service.state_changed',
        means: { to: 'down' },
      },
      {
        starts: 'Adding service ',
        text: new RegExp(
          String.raw`^Adding service \[(?<server>[\w.:%-]{1,64})\](?<port>:[\w:]{1,16})? to VS ` +
            String.raw`\[?(?<backend>[\w.:%-]{1,64})`,
        ),
        event: 'service.state_changed',
        means: { to: 'up' },
      },
    ],
  },
];
