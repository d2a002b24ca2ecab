import type { JsonObject } from '../../base/canonical-json.ts';

/** Whom a resource stands for, as `evidence/align` resolves it. */
export interface Entity {
  /** Our component: service.name, else host, device or pod. */
  readonly component?: string | undefined;
  readonly host?: string | undefined;
  readonly service?: string | undefined;
  /** The clock that stamps the records of this resource. */
  readonly clock?: string | undefined;
}

/** Resolves the attributes of a resource. Pure; normalizers take it as an argument. */
export type ResolveEntity = (resource: JsonObject) => Entity;
