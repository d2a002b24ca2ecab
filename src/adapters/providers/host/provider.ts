import { ok } from '../../../base/result.ts';
import { hostIdentity } from '../../../local-provider/host-identity.ts';
import type { Provider, ProviderCapabilities } from '../../../ports/provider.ts';
import { hostChanges } from './host-changes.ts';
import { hostSpec, type HostSpec } from './host-spec.ts';
import { lookAtHost } from './look-at-host.ts';

/** Why nothing of it is ever written. */
const COMPARE_ONLY =
  'provider host only compares: it tells what changed on this machine and writes nothing; ' +
  'name what shall be restorable under state (files, deployment, command, …)';

const CAPABILITIES: ProviderCapabilities = {
  atomic: 'none',
  idempotent: true,
  confirm: 'none',
  confirmSurvives: [],
  validateOnTarget: false,
  exactness: 'semantic',
  disruption: 'none',
  partial: true,
  offline: true,
  dataBearing: false,
  restorable: false,
  notRestorableBecause: COMPARE_ONLY,
  comparesOnly: true,
};

/**
 * A whole machine, compared only: packages, services, ports, files, accounts, network, kernel
 * settings, as far as everybody may read them. It answers "what changed on this box since …" and
 * is never a target of a rollback.
 */
export const hostProvider: Provider<HostSpec> = {
  kind: 'host',
  version: 1,
  specSchema: hostSpec,
  scope: {},
  isMachine: true,
  carriesTraffic: false,
  related: () => [],
  writers: () => [],
  diff: hostChanges,
  byHand: () => [`# ${COMPARE_ONLY}`],
  plan: () => [],
  capabilities: async () => ok(CAPABILITIES),
  identify: async (_spec, io) => ok(hostIdentity(io)),
  observe: async (spec, io) => ok(await lookAtHost(spec, io, false)),
  capture: async (spec, io) => ok(await lookAtHost(spec, io, true)),
  validate: async () => ok([COMPARE_ONLY]),
  apply: async () => ok({ kind: 'failed-clean', why: COMPARE_ONLY }),
};
