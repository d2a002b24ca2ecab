import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { at, listAt, textAt } from './json.ts';
import { lastgoodYaml } from './lastgood-yaml.ts';

test('the configuration holds every service, even when paths hold quotes and spaces', () => {
  const root = '/tmp/it\'s a "shop"';
  const ports = { payment: 1, catalog: 2, checkout: 3, gateway: 4 };
  const layout = { root, ports, otlpUrl: 'http://127.0.0.1:5' };
  const restart = (service: string): readonly string[] => ['node', `${root}/ctl`, service];
  const config: unknown = parse(lastgoodYaml(layout, { ui: 6, otlpHttp: 5 }, restart));

  assert.equal(textAt(config, 'listen', 'otlpHttp'), '127.0.0.1:5');
  const components = listAt(config, 'components');
  const names = components.map((component) => textAt(component, 'name'));
  assert.deepEqual(names, ['payment', 'catalog', 'checkout', 'gateway']);
  assert.deepEqual(at(components, 2, 'dependsOn'), ['catalog', 'payment']);
  assert.deepEqual(at(components, 2, 'state', 1), {
    provider: 'deployment',
    current: `${root}/checkout/current`,
    restart: ['node', `${root}/ctl`, 'checkout'],
  });
});
