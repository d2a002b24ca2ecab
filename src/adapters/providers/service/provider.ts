import { ok, type Result } from '../../../base/result.ts';
import { hostIdentity } from '../../../filetree/host-identity.ts';
import { validateTree } from '../../../filetree/validate-tree.ts';
import type { StateImage } from '../../../model/capture.ts';
import type { Provider, ProviderCapabilities, ProviderIo } from '../../../ports/provider.ts';
import { applyService } from './apply-service.ts';
import { readService, serviceScope } from './read-service.ts';
import { serviceChanges, servicePlan } from './service-changes.ts';
import { filesOf } from './service-image.ts';
import { serviceSpec, type ServiceSpec } from './service-spec.ts';

/**
 * Whether a service runs and whether it starts with the host, with the unit files and settings it
 * does so by. It is supervised by commands, or by systemd where that runs the host. Files that
 * are named here belong under no `files` state: two states of one file contradict each other.
 */
export const serviceProvider: Provider<ServiceSpec> = {
  kind: 'service',
  version: 1,
  specSchema: serviceSpec,
  related: () => [],
  writers: () => [],
  diff: serviceChanges,
  plan: servicePlan,
  capabilities,
  identify: async (_spec, io) => ok(hostIdentity(io)),
  observe: (spec, io) => readService(spec, io, false),
  capture: (spec, io) => readService(spec, io, true),
  validate,
  apply: applyService,
};

async function capabilities(spec: ServiceSpec): Promise<Result<ProviderCapabilities>> {
  const why = whyNotRestorable(spec);
  return ok({
    atomic: 'per-item',
    idempotent: true,
    confirm: 'none',
    confirmSurvives: [],
    validateOnTarget: true,
    exactness: 'semantic',
    disruption: 'restart',
    partial: false,
    offline: true,
    dataBearing: false,
    restorable: why === undefined,
    ...(why === undefined ? {} : { notRestorableBecause: why, lacks: { access: 'root' } as const }),
  });
}

function whyNotRestorable({ unit, user }: ServiceSpec): string | undefined {
  if (unit === undefined || user || process.geteuid?.() === 0) return undefined;
  return `user ${process.geteuid?.()} may not start and stop ${unit}: systemd lets only root`;
}

async function validate(
  spec: ServiceSpec,
  desired: StateImage,
  io: ProviderIo,
): Promise<Result<readonly string[]>> {
  const now = await readService(spec, io, false);
  if (!now.ok) return now;
  const [is, will] = [filesOf(now.value.image), filesOf(desired)];
  return ok(await validateTree(serviceScope(spec), is, will, io));
}
