import type { SeenChange } from './diagnosis-input.ts';

/** A change that nothing compared: somebody told of it. */
export interface ToldChange {
  readonly component: string;
  /** The provider that looks after what such an event changes: how often such changes hurt. */
  readonly provider: string;
  /** The event's name, as `config.changed`. */
  readonly name: string;
  /** By the clock of the component, RFC 3339. */
  readonly at: string;
  /** What, by whom and when, for people. */
  readonly words: string;
}

/** Such a change among those that were seen: it has an instant and no content. */
export function toldChange({ component, provider, name, at, words }: ToldChange): SeenChange {
  return {
    change: {
      state: `${component}/${provider}`,
      component,
      path: name,
      words,
      op: 'update',
      secret: false,
      reversible: 'yes',
      disruption: 'none',
    },
    notBefore: at,
    notAfter: at,
    stampedBy: component,
  };
}
