import type { Part } from '../stage/part.ts';
import { alertmanager } from './alertmanager.ts';
import { customers } from './customers.ts';
import { firewall } from './firewall.ts';
import { haproxy } from './haproxy.ts';
import { nagios } from './nagios.ts';
import { lastgood } from './lastgood.ts';
import { namespaces } from './namespaces.ts';
import { nodeExporter } from './node-exporter.ts';
import { postgres } from './postgres.ts';
import { prometheus } from './prometheus.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { nginx } from './nginx.ts';
import { netconf } from './netconf.ts';
import { routers } from './routers.ts';
import { runners } from './runners.ts';
import { services } from './services.ts';
import { snmp } from './snmp.ts';
import { sshCli } from './ssh-cli.ts';
import { window } from './window.ts';

/** Every part of the lab, each after those it needs. */
export const registry: readonly Part[] = [
  namespaces,
  firewall,
  snmp,
  routers,
  netconf,
  sshCli,
  postgres,
  redis,
  rabbitmq,
  haproxy,
  nginx,
  services,
  nodeExporter,
  prometheus,
  alertmanager,
  nagios,
  customers,
  runners,
  lastgood,
  window,
];
