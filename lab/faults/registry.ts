import { badPush } from './bad-push.ts';
import { blackhole } from './blackhole.ts';
import { clock } from './clock.ts';
import { cpu } from './cpu.ts';
import { crash } from './crash.ts';
import { diskFull } from './disk-full.ts';
import { expiredCert } from './expired-cert.ts';
import type { Fault } from './fault.ts';
import { latency } from './latency.ts';
import { linkDown } from './link-down.ts';
import { loss } from './loss.ts';
import { memory } from './memory.ts';
import { mtu } from './mtu.ts';
import { sqlLock } from './sql-lock.ts';
import { stop } from './stop.ts';

/** Every fault of the lab. */
export const faults: readonly Fault[] = [
  latency,
  loss,
  linkDown,
  mtu,
  blackhole,
  diskFull,
  memory,
  cpu,
  clock,
  stop,
  crash,
  sqlLock,
  expiredCert,
  badPush,
];
