import { ok, type Result } from '../../../base/result.ts';
import { filesOf } from '../../../filetree/compare/files-of.ts';
import { validateTree } from '../../../filetree/validate-tree.ts';
import { localProvider, type Refusal } from '../../../local-provider/local-provider.ts';
import type { StateImage } from '../../../model/checkpoint/capture.ts';
import type { ProviderIo } from '../../../ports/provider.ts';
import { applyService } from './apply-service.ts';
import { readService, serviceScope } from './read-service.ts';
import { serviceByHand } from './service-by-hand.ts';
import { serviceChanges, servicePlan } from './service-changes.ts';
import { serviceSpec, type ServiceSpec } from './service-spec.ts';

/**
 * Whether a service runs and whether it starts with the host, with the unit files and settings it
 * does so by. It is supervised by commands, or by systemd where that runs the host. Files that
 * are named here belong under no `files` state: two states of one file contradict each other.
 */
export const serviceProvider = localProvider<ServiceSpec>({
  kind: 'service',
  carriesTraffic: false,
  specSchema: serviceSpec,
  scope: { more: ['environment', 'unitFiles'], same: ['unit', 'user'] },
  disruption: () => 'restart',
  changes: serviceChanges,
  byHand: serviceByHand,
  plan: servicePlan,
  traits: () => ({ exactness: 'semantic' }),
  refusal,
  look: readService,
  validate,
  apply: applyService,
});

async function refusal({ unit, user }: ServiceSpec): Promise<Refusal | undefined> {
  if (unit === undefined || user || process.geteuid?.() === 0) return undefined;
  const why = `user ${process.geteuid?.()} may not start and stop ${unit}: systemd lets only root`;
  return { notRestorableBecause: why, lacks: { access: 'root' } };
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
