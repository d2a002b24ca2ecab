import { z } from 'zod';
import { COMPONENT_KINDS } from '../../model/component/component.ts';
import type { Dependency } from '../../model/component/dependency.ts';
import type { UnresolvedName } from '../../model/component/unresolved-name.ts';
import { DEPENDENCY_ORIGINS } from '../../model/evidence/entity-report.ts';
import type { CheckState } from '../../model/health/check-state.ts';
import { probeColor } from './checkpoint.ts';
import { describes } from './route.ts';
import { instantText } from './words.ts';

const texts = z.array(z.string());

/** Who needs whom. */
export const dependency = describes<Dependency>()(
  z.object({
    from: z.string(),
    to: z.string(),
    declared: z.boolean(),
    seen: z.array(
      z.object({
        origin: z.enum(DEPENDENCY_ORIGINS),
        count: z.number(),
        since: instantText,
        lastAt: instantText,
      }),
    ),
    gap: z.enum(['never seen', 'not declared']).exactOptional(),
  }),
);

/** A name that is in no inventory. */
export const unresolvedName = describes<UnresolvedName>()(
  z.object({
    name: z.string(),
    records: z.number(),
    since: instantText,
    lastAt: instantText,
    sources: texts,
    proposal: z.object({ component: z.string(), why: z.string() }).exactOptional(),
    mixed: texts.exactOptional(),
    mend: z.string(),
  }),
);

/** How a declared health check stands, and which triggers could open an incident for it. */
export interface CheckView extends CheckState {
  /** Names of the triggers on its component; a health check alone opens no incident. */
  readonly watchedBy: readonly string[];
}

/** As JSON. */
export const checkView = describes<CheckView>()(
  z.object({
    check: z.string(),
    component: z.string(),
    color: probeColor,
    seen: z.string(),
    since: instantText.exactOptional(),
    lastAt: instantText.exactOptional(),
    newest: z.object({ color: probeColor, seen: z.string() }).exactOptional(),
    watchedBy: texts,
  }),
);

/** A node of the inventory, as the API shows it: settings of providers may hold secrets. */
export interface ComponentView {
  readonly name: string;
  readonly kind: (typeof COMPONENT_KINDS)[number];
  /** Its other names. */
  readonly aliases: readonly string[];
  readonly dependsOn: readonly string[];
  /** What is captured: `StateSpec.id`s. */
  readonly state: readonly string[];
  /** Its health checks in words. */
  readonly health: readonly string[];
  /** How these checks stand. */
  readonly checks: readonly CheckView[];
  readonly lastRecordAt?: string;
}

/** As JSON. */
export const componentView = describes<ComponentView>()(
  z.object({
    name: z.string(),
    kind: z.enum(COMPONENT_KINDS),
    aliases: texts,
    dependsOn: texts,
    state: texts,
    health: texts,
    checks: z.array(checkView),
    lastRecordAt: instantText.exactOptional(),
  }),
);

/** One thing that a component must send. */
export interface RequiredView {
  readonly what: string;
  /** When the newest of it came; absent where none ever did. */
  readonly lastAt?: string;
  /** Since when it is missing: its newest record, or the start of the daemon where none came. */
  readonly missingSince?: string;
}

/** What a component is required to send and restore, and what of it is missing. */
export interface CoverageView {
  readonly component: string;
  readonly present: readonly string[];
  /** `logs: application`, `state: no provider`, `health: no check`. */
  readonly missing: readonly string[];
  /** What it is required to send. */
  readonly required: readonly RequiredView[];
}

/** As JSON. */
export const coverageView = describes<CoverageView>()(
  z.object({
    component: z.string(),
    present: texts,
    missing: texts,
    required: z.array(
      z.object({
        what: z.string(),
        lastAt: instantText.exactOptional(),
        missingSince: instantText.exactOptional(),
      }),
    ),
  }),
);
