/**
 * One message that tells an event, as data. Where a device numbers or names its messages (Cisco's
 * `%LINK-3-UPDOWN`, Junos' `UI_COMMIT`), the name finds the rule; what a program only words is
 * found by the program and by letters that each such message begins with or holds.
 */
export interface MessageRule {
  /** The beginning of the message, or, as `has`, letters that stand in it: tested before `text`. */
  readonly starts?: string;
  readonly has?: string;
  /**
   * The message from its first letter on, bounded everywhere; behind its mnemonic, where the rule
   * is found by that. Its named groups are keys of `ATTRIBUTE_NAMES`, `to` and `from` are states.
   */
  readonly text: RegExp;
  /** A name of `EVENT_SORTS`. */
  readonly event: string;
  /** What the message means without saying so, by the same keys as the groups. */
  readonly means?: Readonly<Record<string, string>>;
  /** Where the sort of event alone does not say how severe it is. */
  readonly severity?: number;
}

/** Rules of the messages that some programs write. */
export interface ProgramRules {
  /** As syslog's APP-NAME or the name of the executable says. */
  readonly programs: readonly string[];
  /** `os.name` where only one system has such programs. */
  readonly system?: string;
  /** The messages are of the machine that the program runs on: a router, not its daemon. */
  readonly isOfHost: boolean;
  /** Letters one of which begins each of them, where their other messages are many. */
  readonly begins?: string;
  readonly rules: readonly MessageRule[];
}

/** Rules by `FACILITY-MNEMONIC`, the severity between them and the slot behind left out. */
export type MnemonicRules = Readonly<Record<string, readonly MessageRule[]>>;

/** The name of an interface, of at most what SNMP's ifName may hold and is ever seen. */
export const INTERFACE = String.raw`(?<interface>[\w./:@-]{1,64})`;

/** The address of a neighbor. */
export const PEER = String.raw`(?<peer>[\da-fA-F.:]{2,45}(?:%[\w.-]{1,15})?)`;

/** The name of a network interface of Linux has at most 15 characters. */
export const LINUX_INTERFACE = String.raw`(?<interface>[\w.@-]{1,15})`;
