import { dirname } from 'node:path';
import { configFile, currentLink, serviceUrl } from '../../shop/layout.ts';
import { serviceNames } from '../shop/layout.ts';
import type { DemoPlace, ServiceName } from '../shop/layout.ts';

/** The ports of 127.0.0.1 the tour chose for the daemon. */
export type DaemonPorts = { readonly ui: number; readonly otlpHttp: number };

const dependsOn: Readonly<Record<ServiceName, readonly ServiceName[]>> = {
  gateway: ['checkout'],
  checkout: ['catalog', 'payment'],
  catalog: [],
  payment: [],
};

/**
 * The `lastgood.yaml` of the shop: four components with the files and the deployment lastgood may
 * restore, health probes, and triggers; and, since a tour should not take a day, a schedule and a
 * soak of seconds. Scalars are written as JSON, which is YAML, so any path is quoted right.
 */
export function lastgoodYaml(
  layout: DemoPlace,
  ports: DaemonPorts,
  restart: (service: ServiceName) => readonly string[],
): string {
  const components = serviceNames.map((name) => component(layout, name, restart(name)));
  return `# Written by the guided tour for its small shop.
version: 1
listen:
  ui: 127.0.0.1:${ports.ui}
  otlpHttp: 127.0.0.1:${ports.otlpHttp}
  otlpGrpc: false
  syslogUdp: false
  syslogTcp: false
  syslogTls: false
sources: []
components:
${components.join('\n')}
triggers:
  - { name: checkout-errors, signal: log-rate, component: checkout, minSeverity: 17,
      window: 5s, above: 2, for: 1s, then: [checkpoint, incident] }
  - { name: gateway-failures, signal: error-ratio, component: gateway,
      window: 5s, above: 0.2, for: 1s, then: [checkpoint, incident] }
  - { name: gateway-slow, signal: span-latency, component: gateway, quantile: 0.95,
      window: 5s, above: 800ms, for: 2s, then: [incident] }
checkpoints: { schedule: 6s, soak: 3s }
rollback:
  confirmTimeout: 60s
  onSilence: keep-if-healed
  gate: { samples: 3, interval: 500ms }
  automatic: false
notify: []
`;
}

function component(layout: DemoPlace, name: ServiceName, restart: readonly string[]): string {
  const json = (value: unknown): string => JSON.stringify(value);
  const current = currentLink(layout.root, name);
  return `  - name: ${name}
    kind: application
    dependsOn: ${json(dependsOn[name])}
    requires: { logs: [application], traces: [application] }
    state:
      - { provider: files, paths: ${json([dirname(configFile(layout.root, name))])} }
      - { provider: deployment, current: ${json(current)}, restart: ${json(restart)} }
    health:
      - { http: ${json(`${serviceUrl(layout, name)}/healthz`)}, expect: 200 }`;
}
