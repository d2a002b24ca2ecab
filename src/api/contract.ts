import type { z } from 'zod';
import { ACCESS_ROUTES } from './contract/access.ts';
import { CHECKPOINT_ROUTES } from './contract/checkpoints.ts';
import { HOOK_ROUTES } from './contract/hooks.ts';
import { INCIDENT_ROUTES } from './contract/incidents.ts';
import { PLAN_ROUTES } from './contract/plans.ts';
import { ROLLBACK_ROUTES } from './contract/rollbacks.ts';
import { SYSTEM_ROUTES } from './contract/system.ts';
import { TIMELINE_ROUTES } from './contract/timeline.ts';

export { API_ROOT, type Route } from './contract/route.ts';
export { timelineFilterOf, timelineQueryOf, TIMELINE_PAGE_MAX } from './contract/timeline.ts';
export { planView } from './contract/plans.ts';
export type { DensityView, FeaturesView } from './contract/timeline.ts';
export type {
  AuditVerdict,
  BackupReport,
  PrincipalView,
  SessionView,
  TokenCreated,
  TokenView,
} from './contract/access.ts';
export type {
  CheckpointCheck,
  CheckpointDiff,
  CheckpointExplanation,
  ExportEntry,
  ForgetReport,
} from './contract/checkpoints.ts';
export type { AlertReceipt, ChangeReceipt } from './contract/hooks.ts';
export type { IncidentSummary, IncidentView } from './contract/incidents.ts';
export type { PlanObstacle, PlanView } from './contract/plans.ts';
export type { RunStarted } from './contract/runs.ts';
export type { HoldView } from '../model/run/hold.ts';
export type { StreamEvent } from './contract/stream.ts';
export type { CheckView, ComponentView, CoverageView, RequiredView } from './contract/inventory.ts';
export type {
  AnnouncedView,
  CheckpointBrief,
  HealthView,
  Problem,
  StandingView,
  StatusView,
} from './contract/status.ts';
export type { DoctorReport, Finding } from './contract/system.ts';

/**
 * Every call of the API, by name. The server, the typed client, the command line, the web UI and
 * the OpenAPI document are all made from this table. Beside it stand `GET stream` (server-sent
 * events of `StreamEvent`) and `GET /metrics` (Prometheus text).
 */
export const ROUTES = {
  ...SYSTEM_ROUTES,
  ...TIMELINE_ROUTES,
  ...CHECKPOINT_ROUTES,
  ...INCIDENT_ROUTES,
  ...PLAN_ROUTES,
  ...ROLLBACK_ROUTES,
  ...ACCESS_ROUTES,
  ...HOOK_ROUTES,
};

/** The name of a call. */
export type RouteName = keyof typeof ROUTES;

/** What a caller gives to a call, before defaults and parsing. */
export type RouteCall<Name extends RouteName> = z.input<(typeof ROUTES)[Name]['input']>;

/** What the backend gets of a call, parsed and with defaults. */
export type RouteInput<Name extends RouteName> = z.output<(typeof ROUTES)[Name]['input']>;

/** What a call answers; for `checkpointExport` one line of the answer. */
export type RouteAnswer<Name extends RouteName> = z.output<(typeof ROUTES)[Name]['answer']>;

/** An error as the API answers it: RFC 9457, with our code and what to do. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The stable code, `LG_AREA_WHAT`. */
  readonly code: string;
  readonly hint: string;
}
