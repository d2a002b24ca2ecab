/** An example a section of `docs/operate/configuration.md`; a test holds them to `config check`. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  version: 'version: 1',
  listen: `
listen:
  ui: 127.0.0.1:7433
  otlpHttp: 127.0.0.1:4318
  syslogUdp: false
`,
  sources: `
sources:
  - { name: host, kind: host, interval: 10s, thresholds: { filesystem: { warn: 0.8 } } }
  - { name: journal, kind: journald, since: 1h }
  - { name: shop, kind: file, paths: ["/srv/shop/*.log"], component: checkout }
`,
  rules: `
rules:
  otlp:
    - { name: cache, match: { component: cache, maxSeverity: 9 }, do: count, every: 60s }
  syslog:
    - { name: retries, match: { text: connection refused }, do: dedupe, window: 10s }
`,
  hosts: `
hosts:
  - name: fw                     # ip netns; its runner: lastgood host --name fw
    socket: /run/lastgood-fw/host.sock
`,
  components: `
components:
  - name: checkout
    kind: application
    dependsOn: [payment]
    requires: { logs: [application], events: [deployment.completed] }
    state:
      - { provider: files, paths: [/srv/shop/etc] }
      - { provider: deployment, current: /srv/shop/current }
      - { provider: service, unit: shop.service }
    health:
      - { http: "http://127.0.0.1:8080/healthz" }
      - { command: [/srv/shop/bin/self-test], timeout: 5s }
  - name: payment
    health: [ { tcp: "127.0.0.1:5432" } ]
`,
  triggers: `
triggers:
  - { name: errors, signal: log-rate, component: checkout, above: 2, window: 10s, for: 5s }
  - { name: failing, signal: error-ratio, above: 0.05, minCount: 20, window: 30s }
  - { name: slow, signal: span-latency, quantile: 0.95, above: 800ms }
  - { name: killed, signal: event, event: process.oom_killed, then: [incident, notify] }
  - { name: target-down, signal: alert, match: { alertname: TargetDown } }
`,
  checkpoints: `
checkpoints:
  schedule: 15m
  soak: 30m
  keep: { last: 100, within: 30d }
`,
  rollback: `
rollback:
  confirmTimeout: 10m
  onSilence: revert
  gate: { samples: 5, interval: 2s }
`,
  freeze: `
freeze:
  - name: black-friday
    from: "2026-11-27T00:00:00Z"
    to: "2026-11-28T00:00:00Z"
    components: [checkout]
components:
  - name: checkout
`,
  storage: `
storage:
  retention: 30d
  keep:
    - { kind: [metric, span], for: 7d }
    - { component: checkout, for: 90d }
  maxBytes: 50GB
`,
  access: `
access:
  tls: { cert: /etc/lastgood/cert.pem, key: /etc/lastgood/key.pem }
  hosts: [lastgood.example.com]
  senders: [10.0.0.0/8]
`,
  notify: `
notify:
  - { kind: webhook, url: "https://chat.example.com/hooks/ops", secret: env:NOTICE_SECRET }
`,
  redact: `
redact:
  attributes: [http.request.header.authorization, user.email]
`,
};
