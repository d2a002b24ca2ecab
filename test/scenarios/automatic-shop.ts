import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { silentLog } from '../../src/base/log.ts';
import { err, ok, unwrap } from '../../src/base/result.ts';
import { toRfc3339 } from '../../src/base/time.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { Automatic } from '../../src/daemon/automatic/automatic.ts';
import type { AutomaticCore } from '../../src/daemon/automatic/automatic-core.ts';
import type { CheckpointStatus } from '../../src/model/checkpoint/checkpoint.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import type { Incident } from '../../src/model/incident/incident.ts';
import type { Plan, PlanContent } from '../../src/model/run/plan.ts';
import { planHash } from '../../src/recovery/plan/make-plan.ts';
import type { ProviderCapabilities } from '../../src/ports/provider.ts';
import { viewOf } from '../../src/recovery/checkpoint/testdata/manifest.ts';
import type { Notice } from '../../src/ports/notifier.ts';
import { Incidents } from '../../src/recovery/incident/incidents.ts';
import { PlanShelf } from '../../src/recovery/plan/plan-shelf.ts';
import { CalmShop } from './calm-shop.ts';

const DELAY_MS = 60_000;

/** A target that can take anything, and takes it back by a timer of its own. */
const CAPABILITIES: ProviderCapabilities = {
  atomic: 'all',
  idempotent: true,
  confirm: 'supervisor',
  confirmSurvives: ['session', 'daemon'],
  validateOnTarget: false,
  exactness: 'bytes',
  disruption: 'none',
  partial: true,
  offline: true,
  dataBearing: false,
  restorable: true,
};

function configOf(components: readonly string[]): Config {
  const automatic =
    components.length === 0 ? 'false' : `{ components: [${components.join(', ')}] }`;
  const text = [
    ...(components.length === 0 ? [] : ['components:']),
    ...components.map((name) => `  - { name: ${name} }`),
    `rollback: { automatic: ${automatic} }`,
  ].join('\n');
  const loaded = loadConfig(text, 'lastgood.yaml', { sources: new Map(), providers: new Map() });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

/** A shop whose first component is to blame and may go back by itself; time passes by hand. */
export class AutomaticShop {
  readonly shop = new CalmShop();
  readonly said: Omit<Notice, 'at'>[] = [];
  readonly off: string;
  /** The hold that is on. */
  on: AutomaticCore['hold']['on'];
  frozen: string | undefined;
  /** Whose changes may be taken back; [] switches it off. */
  components: readonly string[];
  /** How the target stands. */
  status: CheckpointStatus = 'good';
  /** Why no target answers. */
  away: string | undefined;
  /** Happens while a target is asked what it can do. */
  meanwhile: () => Promise<unknown> = async () => undefined;
  incidents: Incidents;
  automatic: Automatic;
  incident = '';

  constructor(t: TestContext) {
    const folder = mkdtempSync(join(tmpdir(), 'lastgood-automatic-'));
    t.after(() => rmSync(folder, { recursive: true }));
    this.off = join(folder, 'automatic.off');
    this.components = [...new Set(this.shop.hosts.states.map(({ component }) => component))];
    this.incidents = this.#incidents();
    this.automatic = this.#automatic();
  }

  /** Opens an incident of `c0` and announces that it goes back. */
  async announce(): Promise<void> {
    await this.open();
    await this.look();
    const { automatic } = this.seen();
    assert.deepEqual(automatic?.reasons ?? [], []);
    assert.ok(automatic?.announced !== undefined, 'it was announced');
  }

  look(): Promise<void> {
    return this.shop.wait(this.automatic.look());
  }

  /** Looks once more when the delay is over. */
  async due(): Promise<void> {
    this.shop.clock.trueMs += DELAY_MS;
    await this.look();
  }

  /** Another process in place of this one. */
  async boot(): Promise<void> {
    this.shop.boot();
    this.incidents = this.#incidents();
    unwrap(await this.incidents.load());
    this.automatic = this.#automatic();
  }

  seen(): Incident {
    return unwrap(this.incidents.get(this.incident)).incident;
  }

  async runs(): Promise<number> {
    return unwrap(await this.shop.daemon.list()).length;
  }

  #incidents(): Incidents {
    const { shop } = this;
    return new Incidents({
      store: shop.store.forProcess(() => true),
      clock: shop.clock.forProcess(() => true),
      random: (length) => shop.random.bytes(length),
      log: silentLog,
      tell: () => undefined,
      links: () => [],
      onTrouble: () => undefined,
    });
  }

  /** The trouble of the incident is over. */
  async clear(): Promise<void> {
    await this.#signal('cleared', 'c0');
  }

  async #signal(phase: 'raised' | 'cleared', component: string): Promise<string> {
    const at = toRfc3339(this.shop.clock.forProcess(() => true).now());
    const numbers = { value: 2, limit: 1, reason: 'errors', actions: ['incident'] } as const;
    const signal = { id: `sig_${component}`, phase, trigger: 'errors', component } as const;
    unwrap(
      await this.incidents.signal(
        { ...signal, ...numbers, at, firstBadAt: at },
        async () => undefined,
      ),
    );
    return at;
  }

  /** Opens an incident, of `c0` where no other is named, that a change of `c0` is to blame for. */
  async open(component = 'c0'): Promise<void> {
    const at = await this.#signal('raised', component);
    const opened = this.incidents.open().find(({ components }) => components.includes(component));
    const id = opened?.id ?? '';
    this.incident = id;
    const suspect = { rank: 1, component: 'c0', kind: 'change', score: 0.9 } as const;
    const diagnosis = {
      incident: { from: at, to: at },
      suspects: [{ ...suspect, verdict: 'LIKELY', resource: 'c0/files:a.conf', reasons: [] }],
      rollback: { helps: 'yes', why: 'c0 changed', checkpoint: 'cp_good' },
      elapsedMs: 1,
    } as const;
    unwrap(
      await this.incidents.change(id, (_story, now) =>
        ok({ kind: 'diagnosed', at: now, diagnosis }),
      ),
    );
  }

  /** The plan of the calm shop, as one for this incident that nothing speaks against. */
  #plan(): Plan {
    const made = this.shop.plan();
    const change = { component: 'c0', state: 'c0/files', path: 'a.conf', op: 'update' } as const;
    const content: PlanContent = {
      ...made.content,
      risks: [],
      changes: [{ ...change, secret: false, reversible: 'yes', disruption: 'none' }],
      checks: [
        { role: 'goal', check: 'trigger errors on c0', component: 'c0' },
        { role: 'guard', check: 'c0: up', component: 'c0' },
      ],
    };
    const by = { requestedBy: 'automatic', incident: this.incident };
    return { ...made, content, planHash: planHash(content), ...by };
  }

  #automatic(): Automatic {
    const { shop, said } = this;
    const store = shop.store.forProcess(() => true);
    const core: AutomaticCore = {
      clock: shop.clock.forProcess(() => true),
      log: silentLog,
      incidents: this.incidents,
      plans: new PlanShelf(store, silentLog),
      rollbacks: shop.daemon,
      config: () => configOf(this.components),
      folder: { automaticOff: this.off },
      requireNotFrozen: () =>
        this.frozen === undefined ? ok(undefined) : err(lgError('LG_ROLLBACK_FROZEN', this.frozen)),
      hold: this,
      planner: {
        plan: async () => ok(this.#plan()),
        foreseeRun: () => undefined,
      },
      client: {
        capabilities: async () => {
          await this.meanwhile();
          return this.away === undefined
            ? ok(CAPABILITIES)
            : err(lgError('LG_RUNTIME_DEADLINE', this.away));
        },
      },
      health: {
        round: async () => [
          { check: 'trigger errors on c0', component: 'c0', color: 'red', seen: 'fires' },
          { check: 'c0: up', component: 'c0', color: 'green', seen: 'exit 0' },
        ],
      },
      checkpoints: { catalogue: { view: () => ok(viewOf('cp_good', this.status, {})) } },
      inventory: () => ({
        state: (id) => ok({ id, component: 'c0', provider: 'files', spec: {} }),
      }),
    };
    return new Automatic({
      core,
      tell: (notice) => void said.push(notice),
      audit: async () => ok(undefined),
    });
  }
}
