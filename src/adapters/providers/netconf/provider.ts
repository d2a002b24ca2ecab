import { shellQuote } from '../../../base/shell-quote.ts';
import { join } from 'node:path';
import { ok, type Result } from '../../../base/result.ts';
import { differingItems } from '../../../filetree/compare/tree-changes.ts';
import type { StateImage, StateItem } from '../../../model/checkpoint/capture.ts';
import type { Change } from '../../../model/checkpoint/change.ts';
import type { StateSpec } from '../../../model/component/component.ts';
import type { TargetIdentity } from '../../../model/component/target-identity.ts';
import type {
  Observation,
  Provider,
  ProviderCapabilities,
  ProposedStep,
  ProviderIo,
} from '../../../ports/provider.ts';
import { applyConfig, validateConfig } from './apply-config.ts';
import { imageOf, readDatastore } from './datastore.ts';
import { can, type Hello } from './hello.ts';
import { isOwned, nameOf, netconfSpec, type NetconfSpec } from './netconf-spec.ts';
import { startupDrift } from './operations.ts';
import { confirmedCommitTimer } from './revert-timer.ts';
import { inSession, type Session } from './session.ts';
import { childOf } from './xml/element.ts';

/** Neighbors whose settings change lose their session; what else stops, only the device knows. */
const DISRUPTION = 'reload';

/**
 * The configuration of a network device that speaks NETCONF (RFC 6241), one item a top-level node.
 * It is changed by one commit, and the device itself goes back unless the run is confirmed.
 */
export const netconfProvider: Provider<NetconfSpec> = {
  kind: 'netconf',
  version: 1,
  specSchema: netconfSpec,
  scope: { allIfAbsent: ['nodes'] },
  isMachine: false,
  carriesTraffic: true,
  related: () => [],
  writers: () => [],
  diff: netconfChanges,
  byHand: (spec, image, folder) => byHand(spec, image.items, folder),
  plan: netconfPlan,
  capabilities: (spec, io) => inSession(spec, io, (session) => capabilities(spec, session)),
  identify: (spec, io) => inSession(spec, io, (session) => identify(spec, session)),
  observe: (spec, io) => look(spec, io, false),
  capture: (spec, io) => look(spec, io, true),
  validate: validateConfig,
  apply: applyConfig,
  timer: confirmedCommitTimer,
};

/** What a device must be able to do to be restored, and what that is for. */
const NEEDED = [
  ['candidate:1.0', 'has no candidate configuration to prepare a change in'],
  ['confirmed-commit:1.1', 'cannot take a commit back by itself once its session is over'],
] as const;

async function capabilities(
  spec: NetconfSpec,
  session: Session,
): Promise<Result<ProviderCapabilities>> {
  const { hello } = session;
  const missing = NEEDED.find(([name]) => !can(hello, name));
  const drift = await startupDrift(spec, session);
  if (!drift.ok) return drift;
  return ok({
    atomic: 'all',
    idempotent: true,
    exactness: 'semantic',
    partial: true,
    offline: true,
    dataBearing: false,
    disruption: DISRUPTION,
    validateOnTarget: can(hello, 'validate:1.1'),
    confirm: missing === undefined ? 'native' : 'none',
    confirmSurvives: missing === undefined ? survives(hello, drift.value) : [],
    restorable: missing === undefined,
    ...(missing === undefined ? {} : { notRestorableBecause: `${nameOf(spec)} ${missing[1]}` }),
  });
}

/**
 * A restart goes back to what the device starts with. That is where it was only if that was saved,
 * and only where we know that a commit does not save by itself.
 */
function survives(hello: Hello, drift: readonly string[]): ProviderCapabilities['confirmSurvives'] {
  const isSaved = can(hello, 'startup:1.0') && drift.length === 0;
  return isSaved ? ['session', 'daemon', 'reboot'] : ['session', 'daemon'];
}

/** When the server began is the nearest thing to a boot that NETCONF tells (RFC 6022). */
const STARTED =
  '<get><filter type="subtree">' +
  '<netconf-state xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring">' +
  '<statistics><netconf-start-time/></statistics></netconf-state></filter></get>';

async function identify(spec: NetconfSpec, session: Session): Promise<Result<TargetIdentity>> {
  const answer = await session.try(STARTED);
  if (!answer.ok) return answer;
  const path = ['data', 'netconf-state', 'statistics', 'netconf-start-time'];
  const reply = answer.value.kind === 'answered' ? answer.value.reply : undefined;
  const found = path.reduce((at, name) => at && childOf(at, name), reply);
  return ok({ host: nameOf(spec), bootId: found?.text.trim() ?? 'not told' });
}

function look(spec: NetconfSpec, io: ProviderIo, store: boolean): Promise<Result<Observation>> {
  return inSession(spec, io, async (session) => {
    const running = await readDatastore('running', spec, session);
    if (!running.ok) return running;
    const image = await imageOf(running.value, spec, store, io);
    if (!image.ok) return image;
    // Comparing the datastores reads both, and a run looks often.
    const drift = store ? await startupDrift(spec, session, running.value) : ok([]);
    if (!drift.ok) return drift;
    const others = [...running.value.keys()].filter((path) => !isOwned(spec, path));
    const excluded = others.map((path) => `${path}: not named under nodes`);
    const words = drift.value.map((path) => `${path} would be another one after a restart`);
    return ok({
      image: image.value,
      unreadable: [],
      coverage: { included: (spec.nodes ?? ['every node']).map(runningWords), excluded },
      ...(words.length === 0 ? {} : { drift: words }),
    });
  });
}

function runningWords(node: string): string {
  return `running configuration: ${node}`;
}

function netconfChanges(state: StateSpec, from: StateImage, to: StateImage): readonly Change[] {
  return differingItems(from, to).map((pair) => ({
    state: state.id,
    component: state.component,
    path: pair.path,
    op: pair.from === undefined ? 'create' : pair.to === undefined ? 'delete' : 'update',
    ...(pair.from === undefined ? {} : { before: contentWords(pair.from) }),
    ...(pair.to === undefined ? {} : { after: contentWords(pair.to) }),
    secret: pair.from?.secret === true || pair.to?.secret === true,
    reversible: 'yes',
    disruption: DISRUPTION,
  }));
}

/** Two contents may be as long as each other: the digits tell them apart. */
function contentWords({ size = 0, content, secret }: StateItem): string {
  if (secret === true) return 'secret content';
  return `${size} bytes (${content?.[0]?.slice(0, 8) ?? 'none'})`;
}

function netconfPlan(spec: NetconfSpec, now: StateImage, to: StateImage): readonly ProposedStep[] {
  const pairs = differingItems(now, to);
  if (pairs.length === 0) return [];
  const edits = pairs.map(
    ({ path, to: wanted }) =>
      `# edit-config on the candidate: ${wanted === undefined ? 'delete' : 'replace'} ${path}`,
  );
  const commands = [
    ...edits,
    `# commit on ${nameOf(spec)}, taken back by the device itself unless confirmed`,
    '# once confirmed: copy-config from running to startup, where it has one',
  ];
  return [{ paths: pairs.map(({ path }) => path), commands, disruption: DISRUPTION }];
}

function byHand(
  spec: NetconfSpec | undefined,
  items: readonly StateItem[],
  folder: string,
): readonly string[] {
  const device = spec === undefined ? 'the device' : nameOf(spec);
  return items
    .filter(({ content }) => content !== undefined)
    .map(({ path }) => `# on ${device}: replace by edit-config ${fileOf(folder, path)}; commit`);
}

function fileOf(folder: string, path: string): string {
  return shellQuote(join(folder, path));
}
