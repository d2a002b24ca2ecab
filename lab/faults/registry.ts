import { badPush } from './bad-push.ts';
import { blackhole } from './blackhole.ts';
import { clock } from './clock.ts';
import { connections } from './connections.ts';
import { conntrack } from './conntrack.ts';
import { cpu } from './cpu.ts';
import { crash } from './crash.ts';
import { diskFull } from './disk-full.ts';
import { duplicate } from './duplicate.ts';
import { expiredCert } from './expired-cert.ts';
import type { Fault } from './fault.ts';
import { latency } from './latency.ts';
import { linkDown } from './link-down.ts';
import { loss } from './loss.ts';
import { memory } from './memory.ts';
import { mtu } from './mtu.ts';
import { rabbitAlarm } from './rabbit-alarm.ts';
import { redisMemory } from './redis-memory.ts';
import { reorder } from './reorder.ts';
import { sqlLock } from './sql-lock.ts';
import { stop } from './stop.ts';

/** Every fault of the lab. */
export const faults: readonly Fault[] = [
  latency,
  loss,
  duplicate,
  reorder,
  linkDown,
  mtu,
  blackhole,
  conntrack,
  diskFull,
  memory,
  cpu,
  clock,
  stop,
  crash,
  sqlLock,
  connections,
  redisMemory,
  rabbitAlarm,
  expiredCert,
  badPush,
];
