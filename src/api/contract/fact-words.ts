import { assertUnreachable } from '../../base/assert.ts';
import { counted } from '../../base/counted.ts';
import type { CheckpointFact } from '../../model/checkpoint/checkpoint.ts';

/** One fact of what is known of a checkpoint, in the words of the command line and the pages. */
export function factWords(fact: CheckpointFact): string {
  switch (fact.kind) {
    case 'sealed': {
      const { captures, consistency } = fact.manifest;
      return `sealed with ${counted(captures.length, 'state')}, level ${consistency}`;
    }
    case 'read-back':
      return `read back: ${fact.ok ? 'every byte is there' : fact.why}`;
    case 'soak-sample':
      return `health while soaking: ${fact.verdict}`;
    case 'soak-ended':
      return `soak ended ${fact.healthy ? 'healthy' : 'unhealthy'}: ${fact.why}`;
    case 'incident':
      return `incident ${fact.incident} points at ${fact.state ?? 'a state'} that it holds`;
    case 'incident-cleared':
      return `incident ${fact.incident} no longer points at it`;
    case 'restored':
      return `${partWords(fact.states)} in place after ${fact.run}: ${healedWords(fact.healed)}`;
    case 'bad-candidate':
      return `bad candidate: going back to it in ${fact.run} harmed: ${fact.why}`;
    case 'pinned':
      return `pinned by ${fact.actor}: ${fact.reason}`;
    case 'unpinned':
      return `unpinned by ${fact.actor}`;
    case 'forgotten':
      return `forgotten by ${fact.actor}`;
    default:
      return assertUnreachable(fact);
  }
}

function partWords(states: readonly string[] | undefined): string {
  return states === undefined || states.length === 0 ? 'a part of it' : states.join(', ');
}

function healedWords(healed: boolean): string {
  return healed ? 'it healed' : 'it did not heal';
}
