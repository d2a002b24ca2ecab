import type { JsonObject } from '../../../base/canonical-json.ts';
import type { Programs } from '../../../base/programs.ts';
import type { TimeNs } from '../../../base/time.ts';
import type { Entity } from '../../../model/component/entity.ts';
import type { Normalizer } from '../../../ports/normalizer.ts';

/** What the composition root gives. */
export interface KmsgSourceParts {
  /** What writes the kernel's log, and where it runs. */
  readonly command: readonly string[];
  readonly programs: Programs;
  /** Makes the normalizer of live messages, told what the wall clock showed at an uptime. */
  readonly normalizerOf: (
    source: string,
    at: (uptimeUs: bigint) => TimeNs | undefined,
  ) => Normalizer;
  /** CLOCK_MONOTONIC of this host, microseconds. */
  readonly monotonicUs: () => number;
  /** This host, of which gaps are told. */
  readonly resource: JsonObject;
  readonly entity: Entity;
  /** The journald source that tells what the kernel says, if there is one. */
  readonly journal: string | undefined;
  /** Nobody asked for it by name: where it cannot be read it is off, and nothing is wrong. */
  readonly isFound: boolean;
}
