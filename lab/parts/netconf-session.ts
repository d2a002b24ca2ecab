import { spawn } from 'node:child_process';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Command } from '../stage/thing.ts';

/** Ends each message of NETCONF 1.0. */
const endMark = ']]>]]>';

/** A local device answers in milliseconds; SSH needs a second under load. */
const answerTimeoutMs = 15_000;

/**
 * netconfd treats one message at each read. When two arrive at once the second waits for more to
 * come, and white space between messages is enough.
 */
const nudgeEveryMs = 100;

const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
const namespace = 'xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"';
const capability = '<capability>urn:ietf:params:netconf:base:1.0</capability>';
const hello = `<hello ${namespace}><capabilities>${capability}</capabilities></hello>`;

/**
 * Runs `command` as the way to a NETCONF server, sends one operation after both hellos, and
 * resolves with the answer to it.
 */
export async function askNetconf(command: Command, operation: string): Promise<string> {
  const [program, ...args] = command;
  const child = spawn(program, args, { timeout: answerTimeoutMs, killSignal: 'SIGKILL' });
  const send = (message: string): void => {
    // netconfd takes no message without the declaration.
    child.stdin.write(`${declaration}\n${message}${endMark}\n`);
  };
  let received = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.on('error', () => undefined);
  let nudge: NodeJS.Timeout | undefined;
  const answered = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const before = received.split(endMark).length;
      received += text;
      const messages = received.split(endMark);
      if (before === 1 && messages.length > 1) {
        send(hello);
        send(`<rpc ${namespace} message-id="1">${operation}</rpc>`);
        nudge = setInterval(() => child.stdin.write('\n'), nudgeEveryMs);
      }
      const [, reply] = messages;
      if (messages.length > 2 && reply !== undefined) resolve(reply);
    });
    child.once('error', reject);
    child.once('close', () => {
      reject(new LabFailure(`NETCONF: no answer to ${operation}: ${errors.trim()}`));
    });
  });
  return answered.finally(() => {
    clearInterval(nudge);
    child.kill();
  });
}
