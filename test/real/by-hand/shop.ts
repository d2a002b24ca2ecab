import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { FrrPlace } from '../../place/frr-place.ts';
import { until } from '../../place/until.ts';
import { byHand } from '../providers/own-network.ts';

/** What of the shop may be good or bad, in the files and in what runs. */
type Form = 'good' | 'bad';

/** A shop of one state of each provider, all of it below one folder. */
export class Shop {
  readonly folder: string;
  readonly frr: FrrPlace;
  readonly #web: number;
  readonly #front: number;

  constructor(folder: string, web: number, front: number) {
    this.folder = folder;
    this.frr = new FrrPlace(join(folder, 'frr'));
    this.#web = web;
    this.#front = front;
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** Below, `#` is the shop's folder. */
  yaml(ui: number, otlp: number): string {
    return `version: 1
listen: { ui: "127.0.0.1:${ui}", otlpHttp: "127.0.0.1:${otlp}", otlpGrpc: false,
  syslogUdp: false, syslogTcp: false }
sources: []
components:
  - name: shop
    state:
      - { provider: files, paths: ["#/files"] }
      - { provider: deployment, current: "#/app/current", releases: "#/app/releases" }
      - { provider: service, start: [sh, "#/app/ctl", start], stop: [sh, "#/app/ctl", stop],
          status: [sh, "#/app/ctl", status] }
      - { provider: nginx, paths: ["#/nginx"], config: "#/nginx/nginx.conf", prefix: "#/tmp",
          pidFile: "#/nginx.pid" }
      - { provider: haproxy, paths: ["#/haproxy"], config: ["#/haproxy/haproxy.cfg"],
          pidFile: "#/haproxy.pid", socket: "#/haproxy.sock" }
      - { provider: nftables, tables: ["inet edge"], persistent: ["#/nftables.conf"] }
      - { provider: routes, links: [ge0], persistent: [] }
      - { provider: sysctl, keys: [net.ipv4.ip_forward, net.ipv4.conf.ge0.*], persistent: [] }
      - { provider: frr, pathspace: ${this.frr.name}, persistent: ["#/frr/etc"] }
checkpoints: { schedule: false }
`.replaceAll('#', this.folder);
  }

  async make(): Promise<void> {
    for (const name of ['files', 'app/releases', 'nginx', 'haproxy', 'tmp', 'frr']) {
      await fs.mkdir(this.path(name), { recursive: true });
    }
    await fs.writeFile(this.path('app/ctl'), CONTROL);
    byHand(`ip link set lo up; ip link add ge0 type veth peer name ge1
ip link set ge0 up; ip link set ge1 up; ip address add 10.0.0.1/24 dev ge0`);
    await this.frr.start();
    await this.#write('good');
    byHand(`sh ${this.path('app/ctl')} start
nginx -p ${this.path('tmp')} -e ${this.path('log')} -c ${this.path('nginx/nginx.conf')}
haproxy -W -D -f ${this.path('haproxy/haproxy.cfg')} -p ${this.path('haproxy.pid')}`);
    await this.#loaded('good');
    byHand(`ip route add 10.20.0.0/24 via 10.0.0.2 proto static
ip route add 10.21.0.0/24 via 10.0.0.2 proto static
ip route append 10.21.0.0/24 via 10.0.0.3 proto static
ip rule add pref 77 from 10.20.0.0/24 lookup main
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.ge0.rp_filter=1`);
    this.#setServer('weight 7');
  }

  /** Everything is otherwise, as a bad release and a bad colleague leave it. */
  async spoil(): Promise<void> {
    await this.#write('bad');
    byHand(`sh ${this.path('app/ctl')} stop
kill -HUP $(cat ${this.path('nginx.pid')}); kill -USR2 $(cat ${this.path('haproxy.pid')})
ip route replace blackhole 10.20.0.0/24; ip route del 10.20.0.0/24 via 10.0.0.2 2>&1 || true
ip route del 10.21.0.0/24 via 10.0.0.2; ip route append 10.21.0.0/24 via 10.0.0.2 proto static
ip rule del pref 77; ip address del 10.0.0.1/24 dev ge0
sysctl -qw net.ipv4.ip_forward=0 net.ipv4.conf.ge0.rp_filter=0`);
    await this.#loaded('bad');
  }

  /** All that counts, as tools that are not ours tell it. */
  look(): string {
    const told = (program: string, ...words: readonly string[]): string =>
      execFileSync(program, words).toString();
    const files = ['files/shop.conf', 'app/current/version', 'nginx/nginx.conf'];
    return [
      told('cat', ...files.map((path) => this.path(path))),
      told('readlink', this.path('app/current')),
      told('stat', '-c', '%a %u %g', this.path('files/shop.conf')),
      `service ${spawnSync('sh', [this.path('app/ctl'), 'status']).status}\n`,
      told('curl', '-s', `http://127.0.0.1:${this.#web}/`),
      told('curl', '-s', `http://127.0.0.1:${this.#front}/`),
      this.#askServers(),
      told('nft', '-s', 'list', 'ruleset'),
      told('ip', '-o', 'address', 'show', 'dev', 'ge0'),
      told('ip', 'route', 'show', '10.20.0.0/24'),
      told('ip', 'route', 'show', '10.21.0.0/24'),
      told('ip', 'rule', 'show'),
      told('sysctl', 'net.ipv4.ip_forward', 'net.ipv4.conf.ge0.rp_filter'),
      this.frr.vtysh(['-c', 'show running-config']).stdout,
      told('cat', this.path('frr/etc/frr.conf')),
    ].join('\n');
  }

  async end(): Promise<void> {
    for (const name of ['nginx', 'haproxy', 'app/service']) {
      spawnSync('sh', ['-c', `kill $(cat ${this.path(`${name}.pid`)})`]);
    }
    await this.frr.end();
  }

  async #write(form: Form): Promise<void> {
    const isGood = form === 'good';
    await fs.writeFile(this.path('files/shop.conf'), `${form}\n`);
    await fs.chmod(this.path('files/shop.conf'), isGood ? 0o640 : 0o666);
    await fs.mkdir(this.path('app/releases', form), { recursive: true });
    await fs.writeFile(this.path('app/releases', form, 'version'), `${form}\n`);
    // What a clean-up takes away is in the checkpoint.
    if (!isGood) await fs.rm(this.path('app/releases/good'), { recursive: true });
    byHand(`ln -sfn releases/${form} ${this.path('app/current')}`);
    const web = this.#web;
    await fs.writeFile(this.path('nginx/nginx.conf'), nginxText(this.folder, web, form));
    await fs.writeFile(this.path('haproxy/haproxy.cfg'), this.#haproxyText(form));
    const verdict = isGood ? 'accept' : 'drop';
    const table = `table inet edge {\n chain out {\n ${OTHERS}\n }\n}\n`;
    await fs.writeFile(this.path('nftables.conf'), table.replace('VERDICT', verdict));
    byHand(`nft delete table inet edge 2> /dev/null || true; nft -f ${this.path('nftables.conf')}`);
    const [way, other] = isGood ? ['10.9.0.2', 'blackhole'] : ['blackhole', '10.9.0.2'];
    const lines = ['router bgp 65001', ` neighbor 10.9.0.2 remote-as ${isGood ? 65_002 : 65_009}`];
    await fs.writeFile(this.path('frr/etc/frr.conf'), `ip route 10.8.0.0/24 ${way}\n`);
    this.frr.tell([`no ip route 10.8.0.0/24 ${other}`, `ip route 10.8.0.0/24 ${way}`, ...lines]);
  }

  #haproxyText(form: Form): string {
    return `global
  stats socket ${this.path('haproxy.sock')} level admin
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
frontend front
  bind 127.0.0.1:${this.#front}
  http-request return status 200 content-type text/plain string "front ${form}" if TRUE
  default_backend shop
backend shop
  server one 127.0.0.1:${this.#web}
`;
  }

  async #loaded(form: Form): Promise<void> {
    await until(`the shop is ${form}`, async () => {
      const seen = [this.#web, this.#front].map((port) =>
        spawnSync('curl', ['-s', `http://127.0.0.1:${port}/`]).stdout.toString(),
      );
      return seen.every((text) => text.includes(form)) ? true : undefined;
    });
  }

  #setServer(words: string): void {
    byHand(`echo 'set server shop/one ${words}' | socat - ${this.path('haproxy.sock')}`);
  }

  #askServers(): string {
    const socket = this.path('haproxy.sock');
    const show = `echo 'show servers state' | socat - ${socket} | cut -d' ' -f4,8`;
    return execFileSync('sh', ['-c', show]).toString();
  }
}

const OTHERS = 'type filter hook output priority 0; policy accept; tcp dport 9 VERDICT';

const CONTROL = `pid=$(dirname "$0")/service.pid
case $1 in
start) sleep 600 > /dev/null 2>&1 & echo $! > "$pid" ;;
stop) kill "$(cat "$pid")" && rm "$pid" ;;
status) [ -e "$pid" ] && kill -0 "$(cat "$pid")" 2> /dev/null || exit 3 ;;
esac
`;

function nginxText(folder: string, port: number, form: Form): string {
  return `pid ${folder}/nginx.pid;
error_log ${folder}/log;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${folder}/tmp/body;
  proxy_temp_path ${folder}/tmp/proxy;
  fastcgi_temp_path ${folder}/tmp/fastcgi;
  uwsgi_temp_path ${folder}/tmp/uwsgi;
  scgi_temp_path ${folder}/tmp/scgi;
  server { listen 127.0.0.1:${port}; location / { return 200 "web ${form}"; } }
}
`;
}
