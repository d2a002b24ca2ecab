import { changeSettings, killService } from '../shop/faults.ts';
import { callSupervisor } from '../../shop/supervisor-call.ts';
import { closeIncident, incidentIds, newIncident, showIncident } from './incident.ts';
import { listAt } from './json.ts';
import { untilBroken, untilHealthy } from './shop-health.ts';
import type { Stage } from './stage.ts';
import { claim } from './wait-for.ts';

/**
 * A process dies beside an innocent change of configuration. Going back would undo the innocent
 * change and heal nothing; the right answer is to say so and to restart payment.
 */
export async function roundThreeDeadProcess(stage: Stage): Promise<void> {
  const { screen, layout } = stage;
  screen.chapter('Round 3 of 3', 'A process dies, and a change stands innocently beside it');
  const known = await incidentIds(stage);
  const runsBefore = await runCount(stage);
  const brokenAt = Date.now();
  screen.say('act', 'somebody turns up the log level of catalog; then payment is killed (kill -9)');
  changeSettings(layout, 'catalog', { logLevel: 'debug' });
  const restartPayment = await killService(layout, 'payment');
  const [id] = await Promise.all([newIncident(stage, known), untilBroken(stage, brokenAt)]);
  const story = await showIncident(stage, id, ['payment']);
  claim(story.helps === 'no', `a rollback will not help, but lastgood says ${story.helps}`);
  claim(
    /restart payment/i.test(story.why),
    `lastgood does not say what would help: ${JSON.stringify(story.why)}`,
  );
  claim(story.checkpoint === '', `lastgood offers a rollback to ${story.checkpoint}`);
  claim((await runCount(stage)) === runsBefore, 'lastgood started a rollback nobody asked for');
  screen.say('good', 'no rollback is offered, and none was started');

  const states = await callSupervisor(layout.root, { command: 'status' });
  claim(states.get('payment') === undefined, 'payment came back before anybody restarted it');
  screen.say('act', 'shopctl restart payment');
  await restartPayment();
  await untilHealthy(stage);
  await closeIncident(stage, id, 'restarted payment');
}

async function runCount(stage: Stage): Promise<number> {
  const document = await stage.daemon.get('runs');
  return Array.isArray(document) ? document.length : listAt(document, 'runs').length;
}
