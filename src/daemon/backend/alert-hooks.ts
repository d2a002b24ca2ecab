import { requireComponents } from '../../api/access/permission.ts';
import type { ApiBackend } from '../../api/backend.ts';
import type { Json } from '../../base/canonical-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { parseRfc3339, type TimeNs } from '../../base/time.ts';
import { aliasesOf } from '../../config/inventory.ts';
import { createEntityResolver } from '../../evidence/align/resolve-entity.ts';
import type { ExternalAlert } from '../../evidence/normalize/alert/external-alert.ts';
import { readAlertmanager } from '../../evidence/normalize/alert/read-alertmanager.ts';
import { nagiosAlert } from '../../evidence/normalize/alert/read-nagios.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Principal } from '../../model/access/principal.ts';
import type { Core } from '../core.ts';
import { alertRecord } from '../evidence/alert-record.ts';

type AlertCall = 'hookAlertmanager' | 'hookGrafana' | 'hookNagios';

/** Alerts of other systems become records of the timeline before we answer; 200 means durable. */
export function alertHookCalls(core: Core): Pick<ApiBackend, AlertCall> {
  return {
    hookAlertmanager: ({ principal }, input) => tell(core, principal, 'alertmanager', input),
    hookGrafana: ({ principal }, input) => tell(core, principal, 'grafana', input),
    hookNagios({ principal }, { time, since, ...call }) {
      const alert = nagiosAlert({ ...call, timeNs: timeOf(time), sinceNs: timeOf(since) });
      return keep(core, principal, [alert]);
    },
  };
}

async function tell(
  core: Core,
  principal: Principal,
  system: string,
  input: unknown,
): Promise<Result<{ readonly accepted: number }>> {
  const document: Json = JSON.parse(JSON.stringify(input));
  const read = readAlertmanager(document, system);
  if (!read.ok) return err(lgError('LG_API_REQUEST_INVALID', read.error));
  return keep(core, principal, read.value);
}

async function keep(
  core: Core,
  principal: Principal,
  alerts: readonly ExternalAlert[],
): Promise<Result<{ readonly accepted: number }>> {
  const known = new Set(core.inventory().components.map(({ name }) => name));
  const aliases = aliasesOf(core.config());
  const isKnown = (name: string): boolean => known.has(name) || aliases.has(name);
  const records = alerts.map((alert) => alertRecord(alert, isKnown));
  const resolve = createEntityResolver(aliases);
  const components = records.map(({ resource, source }) => resolve(resource).component ?? source);
  const allowed = requireComponents(principal, 'ingest', components);
  if (!allowed.ok) return allowed;
  if (records.length === 0) return ok({ accepted: 0 });
  const told = await core.evidence.record(records);
  return told.ok ? ok({ accepted: records.length }) : told;
}

function timeOf(text: string | undefined): TimeNs | undefined {
  return text === undefined ? undefined : parseRfc3339(text);
}
