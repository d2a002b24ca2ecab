import type { ErrorEntry } from '../../base/error.ts';
import { ACCESS_ERRORS } from './access.ts';
import { API_ERRORS } from './api.ts';
import { CHECKPOINT_ERRORS } from './checkpoint.ts';
import { CONFIG_ERRORS } from './config.ts';
import { INCIDENT_ERRORS } from './incident.ts';
import { INGEST_ERRORS } from './ingest.ts';
import { KEY_ERRORS } from './key.ts';
import { NOTIFY_ERRORS } from './notify.ts';
import { PROVIDER_ERRORS } from './provider.ts';
import { ROLLBACK_ERRORS } from './rollback.ts';
import { RUNTIME_ERRORS } from './runtime.ts';
import { STORE_ERRORS } from './store.ts';

/**
 * Every error the product can report. Codes are stable and a retired one is never used again;
 * `docs/errors.md` is generated from here and a test keeps both equal.
 */
export const CATALOGUE = {
  ...ACCESS_ERRORS,
  ...API_ERRORS,
  ...CHECKPOINT_ERRORS,
  ...CONFIG_ERRORS,
  ...INCIDENT_ERRORS,
  ...INGEST_ERRORS,
  ...KEY_ERRORS,
  ...NOTIFY_ERRORS,
  ...PROVIDER_ERRORS,
  ...ROLLBACK_ERRORS,
  ...RUNTIME_ERRORS,
  ...STORE_ERRORS,
} satisfies Readonly<Record<`LG_${string}`, ErrorEntry>>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof CATALOGUE;
