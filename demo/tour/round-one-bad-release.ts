import { readlinkSync } from 'node:fs';
import { callJson } from '../../shop/json-call.ts';
import { currentLink, serviceUrl } from '../../shop/layout.ts';
import { deployRelease } from '../shop/faults.ts';
import { closeIncident, incidentIds, newIncident, showIncident } from './incident.ts';
import { textAt } from './json.ts';
import { planRollback, rollBack } from './roll-back.ts';
import { untilBroken, untilHealthy } from './shop-health.ts';
import type { Stage } from './stage.ts';
import { claim } from './wait-for.ts';

/** A release with a bug in its code goes out; the rollback brings the one before back. */
export async function roundOneBadRelease(stage: Stage): Promise<void> {
  const { screen, layout } = stage;
  screen.chapter('Round 1 of 3', 'A bad release');
  const known = await incidentIds(stage);
  const brokenAt = Date.now();
  screen.say('act', 'the team deploys checkout v2; it fails for every order of just one thing');
  await deployRelease(layout, 'checkout', 'v2');
  const [id] = await Promise.all([newIncident(stage, known), untilBroken(stage, brokenAt)]);
  const story = await showIncident(stage, id, ['checkout']);
  claim(story.helps === 'yes', `a rollback would help, but lastgood says ${story.helps}`);

  const plan = await planRollback(stage);
  await rollBack(stage, plan);

  await untilHealthy(stage);
  const link = readlinkSync(currentLink(layout.root, 'checkout'));
  claim(link.endsWith('v1'), `checkout's current release is ${link}, not v1`);
  const url = `${serviceUrl(layout, 'checkout')}/healthz`;
  const health = await callJson(url, { method: 'GET', timeoutMs: 2_000 });
  const version = textAt(health.body, 'version');
  claim(version === 'v1', `the checkout that runs says it is ${version}, not v1`);
  screen.say('good', 'checkout runs v1 again');
  await closeIncident(stage, id, 'rolled back checkout to v1');
}
