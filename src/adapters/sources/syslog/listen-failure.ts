import { messageOf, systemCode } from '../../../base/error.ts';
import { err, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { printPlace } from './listener-parts.ts';
import type { SyslogSpec } from './syslog-spec.ts';

/** Why a listener could not start, in words for a person. */
export function listenFailure(what: string, spec: SyslogSpec, error: unknown): Result<never> {
  const where = `${what} on ${printPlace(spec.address, spec.port)}`;
  if (systemCode(error) === 'EADDRINUSE') {
    return err(lgError('LG_RUNTIME_PORT_TAKEN', where, error));
  }
  return err(lgError('LG_INGEST_SOURCE_UNREADABLE', `${where}: ${messageOf(error)}`, error));
}
