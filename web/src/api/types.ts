import type { RouteAnswer } from '../../../src/api/contract.ts';

/** The nouns of the API by the names the pages use; all come from the contract. */
export type Checkpoint = RouteAnswer<'checkpointShow'>;
export type CheckpointStatus = Checkpoint['status'];
export type Change = RouteAnswer<'checkpointDiff'>['changes'][number];
export type Incident = RouteAnswer<'incidentShow'>;
export type IncidentBrief = RouteAnswer<'incidentList'>['incidents'][number];
export type Suspect = Incident['suspects'][number];
export type Signal = Incident['signals'][number];
export type TimelineRecord = RouteAnswer<'timeline'>['records'][number];
export type RecordKind = TimelineRecord['kind'];
export type DensityBucket = RouteAnswer<'timelineDensity'>['buckets'][number];
export type Plan = RouteAnswer<'planShow'>;
export type Run = RouteAnswer<'runShow'>;
export type Principal = RouteAnswer<'principalList'>['principals'][number];
export type Session = RouteAnswer<'sessionShow'>;
export type RunState = Run['state'];
export type Status = RouteAnswer<'status'>;
export type Source = RouteAnswer<'sourceList'>['sources'][number];
/** A name that is no component. */
export type Unresolved = RouteAnswer<'coverageList'>['unresolved'][number];
export type Component = RouteAnswer<'componentList'>['components'][number];
export type Trigger = RouteAnswer<'triggerList'>['triggers'][number];
