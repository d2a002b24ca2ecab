import type { JsonObject } from '../../../base/canonical-json.ts';
import { SEVERITY } from '../../../model/record/severity.ts';

/** What a message of the kernel tells, by the name of the device-event vocabulary. */
export interface KernelEvent {
  readonly eventName: string;
  /** At least this, whatever priority the kernel gave. */
  readonly severity: number;
  /** The process that it is about. */
  readonly attributes: JsonObject;
}

/** `Out of memory: Killed process 7 (web)`, and the same of a control group. */
const OOM_KILLED = /^(?:Memory cgroup out|Out) of memory[^:]{0,80}: Killed process (\d+) \((.*?)\)/;

/** A signal that nobody caught: `web[7]: segfault at 0 ip …`, `traps: web[7] trap …`. */
const CRASHED =
  /^(?:traps: )?(.{1,64}?)\[(\d+)\]:? (?:segfault at |general protection|trap |bad frame in )/;

/** The event that a message tells; believed of the kernel alone, as root may log what it likes. */
export function kernelEvent(text: string): KernelEvent | undefined {
  const killed = OOM_KILLED.exec(text);
  if (killed !== null) {
    const attributes = processOf(killed[1], killed[2]);
    return { eventName: 'process.oom_killed', severity: SEVERITY.critical, attributes };
  }
  const crashed = CRASHED.exec(text);
  if (crashed === null) return undefined;
  const attributes = processOf(crashed[2], crashed[1]);
  return { eventName: 'process.crashed', severity: SEVERITY.error, attributes };
}

function processOf(pid: string | undefined, name = ''): JsonObject {
  return { 'process.pid': pid ?? '', 'process.executable.name': name };
}

/** Who is going to be killed for want of memory, and the control group that it is of. */
export interface OomVictim {
  readonly pid: string;
  readonly group: string;
}

const VICTIM = /^oom-kill:.*,task_memcg=(\/.*),task=.*,pid=(\d+),uid=\d+$/;

/** The victim that the kernel names in the message before it kills. */
export function oomVictim(text: string): OomVictim | undefined {
  const match = VICTIM.exec(text);
  return match === null ? undefined : { group: match[1] ?? '', pid: match[2] ?? '' };
}

/** The unit of a control group, as the journal's records name their service; else undefined. */
export function unitOfGroup(group: string): string | undefined {
  return /([^/]+)\.(?:service|scope)(?:\/.*)?$/.exec(group)?.[1];
}
