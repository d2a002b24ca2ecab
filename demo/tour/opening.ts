import { listAt, textAt } from './json.ts';
import { untilHealthy } from './shop-health.ts';
import type { StageSet } from './stage.ts';
import { waitFor } from './wait-for.ts';

/** A checkpoint is taken at once and good after a soak of three seconds, when health holds. */
const firstGoodTimeoutMs = 40_000;

/** Opens the shop, starts lastgood and the customers, and waits for a first good checkpoint. */
export async function opening(set: StageSet): Promise<void> {
  const { screen, daemon } = set;
  screen.plain('lastgood, the guided tour: a small shop, three kinds of trouble, two minutes.');
  screen.now('opening the shop');
  await set.startShop();
  screen.say('good', 'the shop is open: gateway → checkout → catalog, payment (four processes)');
  screen.now('starting lastgood');
  await daemon.start();
  screen.say('good', `lastgood watches it: ${daemon.url()}`);
  set.startCustomers();

  screen.now('waiting for the first good checkpoint');
  const since = Date.now();
  const id = await waitFor('a first checkpoint becomes good', firstGoodTimeoutMs, async () => {
    const document = await daemon.get('checkpoints');
    const all = Array.isArray(document) ? document : listAt(document, 'checkpoints');
    const good = all.find((one) => ['good', 'proven'].includes(textAt(one, 'status')));
    return good === undefined ? undefined : textAt(good, 'id');
  });
  const seconds = ((Date.now() - since) / 1000).toFixed(1);
  screen.say('good', `checkpoint ${id} became good after ${seconds} s, by evidence`);
  await untilHealthy(set);
  screen.now('letting the shop trade, so that there is a normal to compare with');
  await new Promise((resolve) => setTimeout(resolve, baselineMs));
}

/** What is unusual shows only against what is usual: about two hundred orders of it. */
const baselineMs = 10_000;
