import type { Result } from '../../base/result.ts';
import type { HealthProbe } from '../../model/component/component.ts';
import type { GuardName } from '../../model/run/plan.ts';
import type { TriggerState } from '../../model/incident/trigger.ts';
import type { ProbeColor, ProbeSample } from '../../model/health/verdict.ts';
import { askProbe, checkName, type RunCommand } from '../../recovery/gate/probe.ts';
import { RedLately } from '../../recovery/gate/red-lately.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Inventory } from './inventory.ts';

/** What health is read from. */
export interface HealthParts {
  readonly inventory: () => Inventory;
  /** What the triggers see now; an error while the evidence process is away. */
  readonly triggers: () => Promise<Result<readonly TriggerState[]>>;
  /** Runs commands on the host of a name; undefined: on this machine. */
  readonly runOn: (host: string | undefined) => RunCommand;
  readonly clock: Pick<Clock, 'uptimeMs'>;
}

/** The check that a trigger is, on one component. */
export function triggerCheck(trigger: string, component: string): string {
  return `trigger ${trigger} on ${component}`;
}

/**
 * Asks health checks and triggers: for checkpoints, for the gate of a rollback, for diagnosis.
 * Where `ready` is given, who was red lately and hangs is waited for no longer than for that.
 */
export class Health {
  readonly #parts: HealthParts;
  readonly #redLately: RedLately;

  constructor(parts: HealthParts, redLately = new RedLately(parts.clock)) {
    this.#parts = parts;
    this.#redLately = redLately;
  }

  /** The same, by what another inventory says of the checks. */
  by(inventory: Inventory): Health {
    return new Health({ ...this.#parts, inventory: () => inventory }, this.#redLately);
  }

  /** Names of the health checks of components. */
  checksOf(components: readonly string[]): readonly GuardName[] {
    return this.#namesOf(this.#probesOf(components));
  }

  /** Those that may guard a rollback: what depends on others than us cannot take it back. */
  guardsOf(components: readonly string[]): readonly GuardName[] {
    return this.#namesOf(this.#probesOf(components).filter(({ probe }) => probe.external !== true));
  }

  /** Names of the `reach` probes of components. */
  reachOf(components: readonly string[]): readonly GuardName[] {
    return this.#namesOf(this.#reachProbesOf(components));
  }

  /**
   * Asks exactly these `reach` probes, each over a connection of its own; what is not configured
   * any more is `unknown`. A component's own host proves little of the way to it, so commands run
   * here unless they name a host.
   */
  async reach(probes: readonly GuardName[]): Promise<readonly ProbeSample[]> {
    const known = this.#reachProbesOf(probes.map(({ component }) => component));
    return Promise.all(
      probes.map(async ({ check, component }): Promise<ProbeSample> => {
        const found = known.find((one) => checkName(one.component, one.probe) === check);
        if (found === undefined) {
          return { check, component, color: 'unknown', seen: 'it is not configured any more' };
        }
        const host = found.probe.kind === 'command' ? found.probe.host : undefined;
        return askProbe(component, found.probe, this.#parts.runOn(host));
      }),
    );
  }

  /** Every health check and every trigger that has data, of the named components or of all. */
  async sample(
    components?: readonly string[],
    ready?: Promise<unknown>,
  ): Promise<readonly ProbeSample[]> {
    const names = components ?? this.#parts.inventory().components.map(({ name }) => name);
    const [probes, triggers] = await Promise.all([this.probe(names, ready), this.fromTriggers()]);
    const mine = triggers.filter(({ component }) => components?.includes(component) ?? true);
    return [...probes, ...mine];
  }

  /** What the triggers that have data say, each on its component. */
  async fromTriggers(): Promise<readonly ProbeSample[]> {
    const samples = await this.#triggerSamples();
    return samples.flatMap(({ sample, hasData }) => (hasData ? [sample] : []));
  }

  /** The health checks of components, without triggers. */
  probe(components: readonly string[], ready?: Promise<unknown>): Promise<readonly ProbeSample[]> {
    return Promise.all(
      this.#probesOf(components).map(({ component, probe }) => {
        const asked = this.#ask(component, probe);
        if (ready === undefined) return asked;
        return this.#redLately.answerOf(checkName(component, probe), asked, ready);
      }),
    );
  }

  /** One round of exactly these checks; what has no answer is `unknown`. */
  async round(
    checks: readonly GuardName[],
    ready?: Promise<unknown>,
  ): Promise<readonly ProbeSample[]> {
    const components = [...new Set(checks.map(({ component }) => component))];
    const [probes, triggers] = await Promise.all([
      this.probe(components, ready),
      this.#triggerSamples(),
    ]);
    const byCheck = new Map(
      [...probes, ...triggers.map(({ sample }) => sample)].map((s) => [s.check, s]),
    );
    return checks.map(
      ({ check, component }): ProbeSample =>
        byCheck.get(check) ?? {
          check,
          component,
          color: 'unknown',
          seen: 'nothing answers for it',
        },
    );
  }

  async #ask(component: string, probe: HealthProbe): Promise<ProbeSample> {
    const run = this.#parts.runOn(this.#hostOf(component, probe));
    const sample = await askProbe(component, probe, run);
    this.#redLately.note(sample);
    return sample;
  }

  #namesOf(probes: readonly { component: string; probe: HealthProbe }[]): readonly GuardName[] {
    return probes.map(({ component, probe }) => ({
      component,
      check: checkName(component, probe),
    }));
  }

  #hostOf(component: string, probe: HealthProbe): string | undefined {
    const own = probe.kind === 'command' ? probe.host : undefined;
    return own ?? this.#parts.inventory().hostOf(component);
  }

  #probesOf(components: readonly string[]) {
    return this.#parts
      .inventory()
      .components.filter(({ name }) => components.includes(name))
      .flatMap(({ name, health }) => health.map((probe) => ({ component: name, probe })));
  }

  #reachProbesOf(components: readonly string[]) {
    return this.#parts
      .inventory()
      .components.filter(({ name }) => components.includes(name))
      .flatMap(({ name, reach = [] }) => reach.map((probe) => ({ component: name, probe })));
  }

  async #triggerSamples(): Promise<
    readonly { readonly sample: ProbeSample; readonly hasData: boolean }[]
  > {
    const states = await this.#parts.triggers();
    if (!states.ok) return [];
    return states.value.flatMap((state) => {
      if (state.component === undefined) return [];
      const check = triggerCheck(state.name, state.component);
      const { component, explanation: seen } = state;
      const sample = { check, component, color: COLORS[state.state], seen };
      return [{ sample, hasData: state.state !== 'no-data' }];
    });
  }
}

/** A pending trigger sees trouble that has not lasted long enough: neither is certain. */
const COLORS: Readonly<Record<TriggerState['state'], ProbeColor>> = {
  quiet: 'green',
  firing: 'red',
  pending: 'unknown',
  'no-data': 'unknown',
};
