import * as fs from 'node:fs';
import * as os from 'node:os';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { hideSecrets } from '../../../model/checkpoint/secret-text.ts';
import { accountItems } from './accounts.ts';
import {
  askTool,
  readText,
  readTextIfAny,
  type HostAccess,
  type ReadSection,
} from './host-access.ts';
import { mountItems, mountTable } from './mounts.ts';
import { ipAnswer, linkItems, routeItems, ruleItems } from './network.ts';
import { apkPackages, dpkgPackages, RPM_QUERY, rpmPackages } from './packages.ts';
import { sectionItem, type SectionFindings } from './section.ts';

/** Version, command line and boot: what only a reboot changes. */
export const readKernel: ReadSection = async ({ io }) => {
  const commandLine = hideSecrets((readTextIfAny('/proc/cmdline') ?? '').trim());
  const item = (name: string, value: string): StateItem =>
    sectionItem('kernel', name, { type: 'kernel', name, value });
  return found([
    item('kernel', `${os.release()} ${os.machine()}`),
    item('kernel build', os.version()),
    item('kernel command line', commandLine),
    item('boot id', io.clock.bootId()),
    item('host name', os.hostname()),
    item('operating system', systemName()),
  ]);
};

function systemName(): string {
  const release = readTextIfAny('/etc/os-release') ?? '';
  return /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(release)?.[1] ?? 'unknown';
}

/** Installed packages of whichever systems keep a list here. */
export const readPackages: ReadSection = async (host) => {
  const dpkg = readTextIfAny('/var/lib/dpkg/status');
  const apk = readTextIfAny('/lib/apk/db/installed') ?? readTextIfAny('/usr/lib/apk/db/installed');
  const hasRpm = ['/var/lib/rpm', '/usr/lib/sysimage/rpm'].some((path) => fs.existsSync(path));
  const rpm = hasRpm ? await askTool(host, RPM_QUERY) : { text: '' };
  await host.breather.breathe();
  if ('why' in rpm && dpkg === undefined) return unread('packages', rpm.why);
  const items = [
    ...dpkgPackages(dpkg ?? ''),
    ...apkPackages(apk ?? ''),
    ...rpmPackages('text' in rpm ? rpm.text : ''),
  ];
  if (items.length > 0) return found(items);
  return unread('packages', 'no list of dpkg, rpm or apk is here');
};

/** Users and groups, never a password field. */
export const readAccounts: ReadSection = async () =>
  found(accountItems(readText('/etc/passwd'), readText('/etc/group')));

/** File systems that are there to stay. */
export const readMounts: ReadSection = async () => {
  const table = mountTable(readTextIfAny);
  if (table === undefined) return unread('mounts', '/proc has no mountinfo');
  const items = mountItems(table);
  return { ...found(items), excluded: ['mounts of containers and sessions'] };
};

/** Links and addresses. */
export const readLinks: ReadSection = async (host) => {
  const answer = await askIp(host, ['address']);
  if ('why' in answer) return unread('links', answer.why);
  return { ...found(linkItems(answer.list)), excluded: ['links of containers (veth and such)'] };
};

/** A table of the whole Internet is for the provider of the routing daemon. */
const ROUTES_MAX = 10_000;

/** Routes of every table and policy rules, both families. */
export const readRoutes: ReadSection = async (host) => {
  const items: StateItem[] = [];
  for (const family of ['v4', 'v6'] as const) {
    const option = family === 'v4' ? '-4' : '-6';
    const routes = await askIp(host, [option, 'route', 'show', 'table', 'all']);
    if ('why' in routes) {
      if (family === 'v6') continue;
      return unread('routes', routes.why);
    }
    if (routes.list.length > ROUTES_MAX) {
      return unread('routes', `${routes.list.length} routes are more than ${ROUTES_MAX}`);
    }
    items.push(...routeItems(family, routes.list));
    const rules = await askIp(host, [option, 'rule']);
    if ('list' in rules) items.push(...ruleItems(family, rules.list));
  }
  return { ...found(items), excluded: ['routes that the kernel derives from addresses'] };
};

async function askIp(host: HostAccess, words: readonly string[]) {
  const answer = await askTool(host, ['ip', '-j', ...words]);
  if ('why' in answer) return { why: `${answer.why}; install iproute2` };
  const list = ipAnswer(answer.text);
  return list === undefined ? { why: 'ip prints no JSON; iproute2 4.14 does' } : { list };
}

/** Time zone, clock source, and whether somebody keeps the clock right. */
export const readTime: ReadSection = async (host) => {
  const item = (name: string, value: string): StateItem =>
    sectionItem('time', name, { type: 'time', name, value });
  const items = [item('time zone', timeZone())];
  const source = '/sys/devices/system/clocksource/clocksource0/current_clocksource';
  const clock = readTextIfAny(source)?.trim();
  if (clock !== undefined) items.push(item('clock source', clock));
  const systemd = await askTool(host, ['timedatectl', 'show', '-p', 'NTPSynchronized']);
  if ('text' in systemd) {
    const value = systemd.text.trim().split('=')[1] ?? 'unknown';
    return found([...items, item('synchronized', value)]);
  }
  const chrony = await askTool(host, ['chronyc', '-c', 'tracking']);
  if ('text' in chrony) {
    const leap = chrony.text.trim().split(',').at(-1) ?? 'unknown';
    return found([...items, item('synchronized', leap === 'Normal' ? 'yes' : leap)]);
  }
  const why = `whether the clock is synchronized: ${systemd.why}; ${chrony.why}`;
  return { ...found(items), excluded: [why] };
};

function timeZone(): string {
  try {
    return fs.readlinkSync('/etc/localtime').replace(/^.*zoneinfo\//, '');
  } catch {
    return readTextIfAny('/etc/timezone')?.trim() ?? 'UTC';
  }
}

function found(items: readonly StateItem[]): SectionFindings {
  return { items, unreadable: [], excluded: [] };
}

function unread(path: string, why: string): SectionFindings {
  return { items: [], unreadable: [{ path, why }], excluded: [] };
}
