import { isLoopback } from '../../base/loopback.ts';
import type { FoundProblem, OpenListenerCode } from '../problem.ts';
import type { Config } from '../schema.ts';

/** Listeners that take access tokens; whether there are tokens only a data directory can tell. */
const TOKEN_LISTENERS = ['ui', 'otlpHttp', 'otlpGrpc'] as const;

/** Listeners of a protocol without tokens. */
const SENDER_LISTENERS = ['syslogUdp', 'syslogTcp', 'syslogTls'] as const;

/** Listeners that anybody may reach, or that cannot work as they stand. */
export function listenerProblems(config: Config): readonly FoundProblem[] {
  return [...withoutCertificate(config), ...openListeners(config)];
}

/** A listener that cannot work as it stands is told before anything starts. */
function withoutCertificate({ listen, access }: Config): readonly FoundProblem[] {
  const { syslogTls } = listen;
  if (syslogTls === undefined || syslogTls === false || access.tls !== undefined) return [];
  const message = 'syslog over TLS needs a certificate: name cert and key in access.tls';
  return [{ path: ['listen', 'syslogTls'], message }];
}

function openListeners({ listen, access }: Config): readonly FoundProblem[] {
  const found: FoundProblem[] = [];
  const check = (
    name: keyof Config['listen'],
    refusal: OpenListenerCode,
    isGuarded: boolean,
    message: string,
  ): void => {
    const at = listen[name];
    if (at === undefined || at === false || isGuarded || isLoopback(at.host)) return;
    found.push({ path: ['listen', name], refusal, message, value: `${at.host}:${at.port}` });
  };
  for (const name of TOKEN_LISTENERS) {
    const message =
      'others reach this address, which needs TLS: name cert and key in access.tls, or listen ' +
      'on 127.0.0.1';
    check(name, 'LG_ACCESS_LISTENER_OPEN', access.tls !== undefined, message);
  }
  for (const name of SENDER_LISTENERS) {
    const byCertificate = name === 'syslogTls' && access.tls?.ca !== undefined;
    const message =
      'others reach this address: name the networks of the senders in access.senders, or listen ' +
      'on 127.0.0.1';
    const isGuarded = byCertificate || access.senders.length > 0;
    check(name, 'LG_ACCESS_SENDERS_OPEN', isGuarded, message);
  }
  return found;
}
