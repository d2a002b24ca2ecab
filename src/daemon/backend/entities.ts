import { aliasesOf } from '../../config/inventory.ts';
import { dependenciesOf } from '../../evidence/align/dependencies.ts';
import { unresolvedNames } from '../../evidence/align/unresolved-names.ts';
import type { Dependency } from '../../model/component/dependency.ts';
import type { UnresolvedName } from '../../model/component/unresolved-name.ts';
import type { Core } from '../core.ts';

/** Kinds of sources whose senders name themselves. */
const SELF_NAMING = new Set(['otlp']);

/** What records say of who sends and who needs whom, held against the inventory. */
export class Entities {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** None while the evidence process is away, which the status tells by itself. */
  async unresolved(): Promise<readonly UnresolvedName[]> {
    const { evidence, inventory, config } = this.#core;
    const [report, status] = await Promise.all([evidence.entities(), evidence.status()]);
    if (!report.ok) return [];
    const sources = status.ok ? status.value.sources : [];
    const kinds = new Map(sources.map(({ id, kind }) => [id, kind]));
    return unresolvedNames(report.value.names, {
      components: inventory().components,
      aliases: aliasesOf(config()),
      selfNaming: (source) => SELF_NAMING.has(kinds.get(source) ?? ''),
    });
  }

  async dependencies(): Promise<{
    readonly dependencies: readonly Dependency[];
    readonly seenSince?: string;
  }> {
    const { evidence, inventory, config } = this.#core;
    const report = await evidence.entities();
    const { components } = inventory();
    const seen = report.ok ? report.value.dependencies : [];
    const dependencies = dependenciesOf(components, seen, aliasesOf(config()));
    return report.ok ? { dependencies, seenSince: report.value.since } : { dependencies };
  }
}
