import { fromUnixMs, type TimeNs } from '../../../base/time.ts';
import type { Normalized, NormalizerFactory } from '../../../ports/normalizer.ts';
import { LineStream, type StreamLine } from '../line-stream.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { addAlert } from './add-alert.ts';
import { NAGIOS_STATES, nagiosAlert, type NagiosCall } from './read-nagios.ts';

/** `[1795217345] SERVICE ALERT: host;service;CRITICAL;HARD;3;output`. */
const LOG_LINE = /^\[(\d{1,12})\] (?:(SERVICE|HOST) (ALERT|NOTIFICATION): )?(.*)$/;
/** A variable of an event handler's or a notification command's environment. */
const VARIABLE = /^NAGIOS_(\w+)=(.*)$/;
/** Nagios sets about 200 variables a call. */
const VARIABLES_MAX = 2_000;
/** The last variables that a call is read from; what comes after them is the next call. */
const FIRST_AGAIN = 'ADMINEMAIL';

/**
 * The format `nagios`: lines of nagios.log, and the environments of event handlers and notification
 * commands as `env` prints them (sorted, or with an empty line between calls).
 */
export const nagiosNormalizer: NormalizerFactory = (context) => {
  const lines = new LineStream();
  let variables = new Map<string, string>();

  const endCall = (parts: NormalizedParts): void => {
    if (variables.size === 0) return;
    const call = callOf(variables);
    const seen = `${variables.size} NAGIOS_ variables`;
    if (call === undefined) parts.reject('they name no host with a known state', seen);
    else addAlert(nagiosAlert(call), context, parts.rows);
    variables = new Map();
  };
  const take = ({ text }: StreamLine, parts: NormalizedParts): void => {
    const [, name, value] = VARIABLE.exec(text) ?? [];
    if (name !== undefined && value !== undefined) {
      if (name === FIRST_AGAIN || variables.size >= VARIABLES_MAX) endCall(parts);
      variables.set(name, value);
      return;
    }
    // Other variables of the same environment stand between ours.
    if (/^\w+=/.test(text)) return;
    endCall(parts);
    if (text.trim() === '') return;
    const [, seconds, subject, verb, rest = ''] = LOG_LINE.exec(text) ?? [];
    if (seconds === undefined) parts.reject('it is no line of nagios.log', text);
    else if (subject === undefined) addRemark(rest, seconds, parts);
    else addLogged(text, { seconds, subject, verb, rest }, parts);
  };
  const addRemark = (text: string, seconds: string, parts: NormalizedParts): void => {
    const resource = { 'service.name': 'nagios' };
    const observedNs = context.observedNs();
    parts.rows.add({
      kind: 'log',
      source: context.source,
      ...context.resolve(resource),
      resource: JSON.stringify(resource),
      timeNs: timeOf(seconds),
      observedNs,
      body: text,
    });
  };
  const addLogged = (text: string, logged: Logged, parts: NormalizedParts): void => {
    const call = loggedCall(logged);
    if (call === undefined) parts.reject('its state is not known', text);
    else addAlert(nagiosAlert(call), context, parts.rows);
  };
  const normalize = (found: readonly StreamLine[], isEnd: boolean): Normalized => {
    const parts = new NormalizedParts();
    for (const line of found) take(line, parts);
    if (isEnd) endCall(parts);
    return parts.done();
  };
  return {
    push: (bytes) => normalize(lines.push(bytes), false),
    end: () => normalize(lines.end(), true),
  };
};

interface Logged {
  readonly seconds: string;
  readonly subject: string;
  readonly verb: string | undefined;
  readonly rest: string;
}

/** `host[;service];state;type;attempt;output`; a notification begins with the contact. */
function loggedCall({ seconds, subject, verb, rest }: Logged): NagiosCall | undefined {
  const fields = rest.split(';');
  if (verb === 'NOTIFICATION') fields.shift();
  const host = fields.shift() ?? '';
  const service = subject === 'SERVICE' ? fields.shift() : undefined;
  const said = fields.shift() ?? '';
  // A notification may say `ACKNOWLEDGEMENT (CRITICAL)`.
  const [, type, inner] = /^(\w+) \((\w+)\)$/.exec(said) ?? [];
  const state = stateOf(inner ?? said);
  if (host === '' || state === undefined) return undefined;
  const isAlert = verb === 'ALERT';
  const stateType = isAlert ? fields.shift() : 'HARD';
  const attempt = isAlert ? fields.shift() : undefined;
  if (!isAlert) fields.shift();
  const timeNs = timeOf(seconds);
  return { host, service, state, stateType, attempt, type, output: fields.join(';'), timeNs };
}

function callOf(variables: ReadonlyMap<string, string>): NagiosCall | undefined {
  const get = (name: string): string | undefined => {
    const value = variables.get(name);
    return value === undefined || value === '' ? undefined : value;
  };
  const host = get('HOSTNAME');
  const service = get('SERVICEDESC');
  const kind = service === undefined ? 'HOST' : 'SERVICE';
  const state = stateOf(get(`${kind}STATE`) ?? '');
  if (host === undefined || state === undefined) return undefined;
  return {
    host,
    service,
    state,
    stateType: get(`${kind}STATETYPE`),
    attempt: get(`${kind}ATTEMPT`),
    type: get('NOTIFICATIONTYPE'),
    output: get(`${kind}OUTPUT`),
    component: get('_SERVICECOMPONENT') ?? get('_HOSTCOMPONENT'),
    sinceNs: timeOf(get(`LAST${kind}STATECHANGE`)),
    timeNs: timeOf(get('TIMET')),
  };
}

function stateOf(text: string): NagiosCall['state'] | undefined {
  return NAGIOS_STATES.find((state) => state === text);
}

/** Nagios writes whole Unix seconds, 0 for "never". */
function timeOf(seconds: string | undefined): TimeNs | undefined {
  const at = Number(seconds);
  return Number.isSafeInteger(at) && at > 0 ? fromUnixMs(at * 1000) : undefined;
}
