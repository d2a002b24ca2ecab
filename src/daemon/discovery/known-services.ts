import type { ComponentKind } from '../../model/component/component.ts';

/** What is known of a program that often runs on a host. */
export interface KnownService {
  /** Its names as a process. */
  readonly programs: readonly string[];
  readonly name: string;
  readonly kind: ComponentKind;
  /** The port it has unless told otherwise: names it where its process may not be looked at. */
  readonly port?: number;
  /** Where its configuration lies, on whichever distribution. */
  readonly config: readonly string[];
  readonly logs: readonly string[];
  /** It answers HTTP: a GET does no harm there. */
  readonly speaksHttp: boolean;
  /** There is a provider of its name, for one that was started with its usual pid file. */
  readonly pidFile?: string;
  /** Makes it read its configuration anew, where no systemd does. */
  readonly reload?: readonly string[];
  /** Asks it whether it is well; `PORT` stands for the port it listens on. */
  readonly ask?: readonly string[];
}

/** In the order they are looked for; what is not listed is told by its program and port. */
export const KNOWN_SERVICES: readonly KnownService[] = [
  {
    programs: ['nginx'],
    name: 'nginx',
    kind: 'application',
    config: ['/etc/nginx'],
    logs: ['/var/log/nginx/*.log'],
    speaksHttp: true,
    pidFile: '/run/nginx.pid',
    reload: ['nginx', '-s', 'reload'],
  },
  {
    programs: ['haproxy'],
    name: 'haproxy',
    kind: 'application',
    config: ['/etc/haproxy'],
    logs: ['/var/log/haproxy.log'],
    speaksHttp: true,
    pidFile: '/run/haproxy.pid',
  },
  {
    programs: ['apache2', 'httpd'],
    name: 'apache',
    kind: 'application',
    config: ['/etc/apache2', '/etc/httpd'],
    logs: ['/var/log/apache2/*.log', '/var/log/httpd/*log'],
    speaksHttp: true,
    reload: ['apachectl', 'graceful'],
  },
  {
    programs: ['caddy'],
    name: 'caddy',
    kind: 'application',
    config: ['/etc/caddy'],
    logs: ['/var/log/caddy/*.log'],
    speaksHttp: true,
  },
  {
    programs: ['postgres', 'postmaster'],
    name: 'postgres',
    port: 5432,
    kind: 'database',
    config: ['/etc/postgresql'],
    logs: ['/var/log/postgresql/*.log'],
    speaksHttp: false,
    ask: ['pg_isready', '-h', '127.0.0.1', '-p', 'PORT'],
  },
  {
    programs: ['mysqld', 'mariadbd'],
    name: 'mysql',
    port: 3306,
    kind: 'database',
    config: ['/etc/mysql', '/etc/my.cnf.d'],
    logs: ['/var/log/mysql/*.log'],
    speaksHttp: false,
  },
  {
    programs: ['mongod'],
    name: 'mongodb',
    port: 27017,
    kind: 'database',
    config: ['/etc/mongod.conf'],
    logs: ['/var/log/mongodb/*.log'],
    speaksHttp: false,
  },
  {
    programs: ['redis-server', 'valkey-server'],
    name: 'redis',
    port: 6379,
    kind: 'cache',
    config: ['/etc/redis', '/etc/valkey'],
    logs: ['/var/log/redis/*.log', '/var/log/valkey/*.log'],
    speaksHttp: false,
  },
  {
    programs: ['memcached'],
    name: 'memcached',
    port: 11211,
    kind: 'cache',
    config: ['/etc/memcached.conf'],
    logs: [],
    speaksHttp: false,
  },
  {
    programs: ['beam.smp'],
    name: 'rabbitmq',
    port: 5672,
    kind: 'queue',
    config: ['/etc/rabbitmq'],
    logs: ['/var/log/rabbitmq/*.log'],
    speaksHttp: false,
  },
  {
    programs: ['mosquitto'],
    name: 'mosquitto',
    port: 1883,
    kind: 'queue',
    config: ['/etc/mosquitto'],
    logs: ['/var/log/mosquitto/*.log'],
    speaksHttp: false,
  },
  {
    programs: ['named', 'unbound', 'dnsmasq'],
    name: 'dns',
    kind: 'application',
    config: ['/etc/bind', '/etc/unbound', '/etc/dnsmasq.d'],
    logs: [],
    speaksHttp: false,
  },
];

/** Where something of a known service may be found. */
export function knownPlaces({ config, pidFile }: KnownService): readonly string[] {
  return pidFile === undefined ? config : [...config, pidFile];
}

/** Stands for a program that may not be looked at: nothing true could be written of it. */
export const UNKNOWN_PROGRAM = 'unknown';

/** Programs that are no component of anybody's service, and that a stray GET would disturb. */
const NOT_OURS = new Set([
  UNKNOWN_PROGRAM,
  'sshd',
  'systemd',
  'systemd-resolve',
  'systemd-resolved',
  'rpcbind',
  'cupsd',
  'chronyd',
  'exim4',
  'master',
  'epmd',
  'containerd',
  'dockerd',
  'docker-proxy',
  'conmon',
]);

/** Whether a listening program is left out of the inventory. */
export function isLeftOut(program: string): boolean {
  return NOT_OURS.has(program);
}

/** The program that usually has a port, for ports whose own program may not be looked at. */
export function usualProgram(port: number): string | undefined {
  return KNOWN_SERVICES.find((known) => known.port === port)?.programs[0];
}

/** What is known of a program by its name as a process. */
export function knownService(program: string): KnownService | undefined {
  return KNOWN_SERVICES.find(({ programs }) => programs.includes(program));
}
