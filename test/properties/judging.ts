import { engine, gate, lost, plan, run, way } from './proofs.ts';
import type { Property } from './property.ts';

const REQUEST = 'src/recovery/rollback/step/request.ts';
const TOKEN = 'src/recovery/rollback/step/run-token.ts';
const JUDGE = 'src/recovery/gate/judge-gate.ts';
const REACH = 'src/recovery/rollback/step/reach.ts';
const AWAIT = 'src/recovery/rollback/step/await-confirm.ts';

/** What must be seen before it is decided whether the target stays. */
export const JUDGING: readonly Property[] = [
  {
    number: 18,
    name: 'State and health are separate gates',
    sentence: 'Read again and equal, *and* checks green for N rounds.',
    safeguards: [
      {
        does: 'every state is read again before a check is asked',
        file: 'src/recovery/rollback/step/verify.ts',
        line: 'if (wrong !== undefined || moved !== undefined) {',
        without: 'if (moved !== undefined) {',
        proof: engine('a state that is not as wanted after its last step turns the run back'),
      },
      {
        does: 'one green round is none',
        file: JUDGE,
        line: 'const isEnough = rounds.length >= input.samples;',
        without: 'const isEnough = rounds.length > 0;',
        proof: gate('one green round is not enough when two are asked for'),
      },
    ],
  },
  {
    number: 19,
    name: 'Guards and goals',
    sentence:
      'A guard was green and must not turn red: red for as many rounds in a row as passing ' +
      'takes, it turns the run back at once. A goal was red and must turn green: the ' +
      "incident's triggers, and each health check that is red when the plan is made. What was " +
      'red before and is no goal cannot fail the run and is listed; no data is inconclusive, ' +
      'never good. An undo has no goal, and what was red in P does not guard the way back to it.',
    safeguards: [
      {
        does: 'what was red before is listed, not judged',
        file: JUDGE,
        line: "before.get(name) === 'red' && !goals.has(name)",
        without: "before.get(name) === 'unknown' && !goals.has(name)",
        proof: gate('a guard that was red before cannot fail the run and is listed'),
      },
      {
        does: 'a check last seen green is always asked anew for the baseline',
        file: 'src/recovery/gate/red-lately.ts',
        line: "if (sample.color === 'red') this.#known.set(",
        without: 'this.#known.set(',
        proof: {
          file: 'src/recovery/gate/red-lately.test.ts',
          test: 'who was green, was never asked or was red too long ago is always waited for',
        },
      },
      {
        does: 'no data is not green',
        file: JUDGE,
        line: 'round.get(name) === color',
        without: "round.get(name) !== 'red'",
        proof: gate('no data is never good, whatever the other checks say'),
      },
      {
        does: 'what was green and is red for N rounds turns the run back, without waiting on',
        file: 'src/recovery/rollback/step/verify.ts',
        line: "if (judgement.kind === 'failed') return harmed(next, judgement, at);",
        without: '',
        proof: lost(
          'a guard that is red from the start turns the run back by the rule of the gate',
        ),
      },
      {
        does: 'also while it is watched whether silence may keep it',
        file: AWAIT,
        line: "if (judgement.kind === 'failed') return harmed(next, judgement, at);",
        without: '',
        proof: lost('what was healed and then loses a guard goes back before the deadline'),
      },
      {
        does: 'and while a person decides',
        file: AWAIT,
        line: 'if (machine.record.plan.content.checks.length === 0) return',
        without: 'if (!mayKeep(machine)) return',
        proof: lost(
          'a guard that turns red while a person decides is shown, and turns the run back',
        ),
      },
      {
        does: 'a rollback that did not heal says so',
        file: 'src/recovery/rollback/step/verify.ts',
        line: 'isUnhealed ? { ...decision, unhealed: true } : decision',
        without: 'decision',
        proof: run('a rollback that does not heal goes back and says that it did not help'),
      },
      {
        does: 'what a person keeps beside a goal that is red again is not called healed',
        file: 'src/recovery/rollback/step/rounds.ts',
        line: "if (because === 'goal-not-green') return { unhealed: true, though };",
        without: '',
        proof: lost('who decides is told of a goal that is red again, and decides all the same'),
      },
    ],
  },
  {
    number: 20,
    name: 'Confirming proves reachability',
    sentence:
      "With the run's token, and a nonce fetched over a connection opened after the change. What " +
      'carries traffic (network device, firewall, nftables, routes, FRR, NETCONF) was reached ' +
      'by its `reach` probes over new connections, or whoever confirms comes from another ' +
      'machine; silence keeps nothing that was not reached.',
    safeguards: [
      {
        does: 'a nonce from before the change is refused',
        file: REQUEST,
        line: 'if (nonce !== undefined && !equalDigests(nonce, healthy.nonce)) {',
        without: "if (nonce === '') {",
        proof: run('a wrong token, a wrong nonce and a second decision are refused'),
      },
      {
        does: 'so is a wrong token',
        file: TOKEN,
        line: 'if (!equalDigests(given, tokenHash)) return',
        without: "if (given === '') return",
        proof: run('a wrong token, a wrong nonce and a second decision are refused'),
      },
      {
        does: 'without a token only what began by itself is confirmed, by whoever may',
        file: TOKEN,
        line: 'if (requestedBy === AUTOMATIC && by !== AUTOMATIC) return undefined;',
        without: "if (requestedBy !== '') return undefined;",
        proof: {
          file: 'test/scenarios/confirm-by-itself.test.ts',
          test: 'without a token only a run that began by itself is confirmed, by somebody',
        },
      },
      {
        does: 'a probe that does not answer refuses the confirm',
        file: REACH,
        line: "if (sample?.color !== 'green') return",
        without: 'if (sample === undefined) return',
        proof: way('a confirm is refused until the reach probe answers over a new connection'),
      },
      {
        does: 'without a probe, a confirm from this machine counts for nothing',
        file: REACH,
        line: "if (via === 'loopback' && unproved.length > 0) {",
        without: "if (via === 'console' && unproved.length > 0) {",
        proof: way('without a probe only a confirm from another machine proves anything'),
      },
      {
        does: 'silence asks the probes, too',
        file: AWAIT,
        line: 'if (probes.length === 0) return keep(machine, at);',
        without: 'if (probes.length >= 0) return keep(machine, at);',
        proof: way('silence never keeps what was not reached after the change'),
      },
      {
        does: 'what carries traffic demands the proof, whether or not a probe is named',
        file: 'src/recovery/plan/reach-demands.ts',
        line: 'if (named.length === 0 && !carries) return [];',
        without: 'if (named.length === 0) return [];',
        proof: plan('what carries traffic is never kept by silence without a reach probe'),
      },
    ],
    limit:
      '`lastgood restore`, where no daemon runs, takes the word at its terminal of a component ' +
      'that carries traffic and names no probe.',
  },
];
