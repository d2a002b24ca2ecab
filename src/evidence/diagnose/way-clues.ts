import { type Clue } from './clue.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { logClues } from './service-clues.ts';
import { standsOn } from './stands-on.ts';
import { list } from './wording.ts';

/** Words of who asked and heard nothing; a server that gives up itself says something else. */
const HEARD_NOTHING = new RegExp(
  [
    'no answer|ETIMEDOUT|ESOCKETTIMEDOUT|EHOSTUNREACH|socket hang up|i/o timeout|read timeout',
    'context deadline exceeded|connect(?:ion)? (?:attempt )?timed? ?out|no response from',
  ].join('|'),
  'i',
);

/** It may be any of those on the way, so it is half as much of each. */
const WAY_WEIGHT = 0.6;

/** What speaks against a server this much may be why nobody hears of it. */
const TROUBLE_MIN = 0.25;

/** Kinds of clues that say nothing of how a component answers. */
const ASIDE: ReadonlySet<Clue['kind']> = new Set(['shortage']);

/**
 * Clues against what lies between: somebody hears nothing of servers that nothing speaks against,
 * and routers or firewalls pass on what they say to each other. Which of those it is the silence
 * does not tell; a red check or a change among them does.
 */
export function wayClues(input: DiagnosisInput, others: readonly Clue[]): readonly Clue[] {
  return logClues(input.evidence)
    .filter(({ text }) => HEARD_NOTHING.test(text))
    .flatMap((clue): readonly Clue[] => {
      const beneath = [...standsOn(input, clue.component)];
      const devices = beneath.filter((name) => input.passive.includes(name));
      const servers = beneath.filter((name) => !input.passive.includes(name));
      if (devices.length === 0 || !servers.some((name) => isSeenWell(input, name))) return [];
      if (servers.some((name) => isTroubled(others, name))) return [];
      const text =
        `${clue.component} hears nothing of servers that nothing speaks against; between them ` +
        `${devices.length === 1 ? 'is' : 'are'} ${list(devices)}: ${clue.text}`;
      return devices.map((component) => ({
        ...clue,
        component,
        kind: 'unreachable',
        score: clue.score * WAY_WEIGHT,
        text,
      }));
    });
}

/** Somebody else was answered by it just now. */
function isSeenWell({ probes, evidence }: DiagnosisInput, name: string): boolean {
  if (probes.some(({ component, color }) => component === name && color === 'green')) return true;
  return evidence.operations.some(
    ({ component, during }) => component === name && during.calls > during.errors,
  );
}

function isTroubled(clues: readonly Clue[], name: string): boolean {
  return clues.some(
    ({ component, kind, score }) => component === name && score >= TROUBLE_MIN && !ASIDE.has(kind),
  );
}
