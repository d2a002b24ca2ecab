import { askNetconf } from './netconf-session.ts';

/**
 * `tell-netconf.ts OPERATION PROGRAM [WORD…]`: gives one operation to the NETCONF server that the
 * program leads to. Exits with 1 and the server's answer unless that is ok.
 */
const [operation = '', program = '', ...words] = process.argv.slice(2);
const answer = await askNetconf([program, ...words], operation);
if (!/<ok\/>/.test(answer)) {
  process.stderr.write(`${operation}: ${answer}\n`);
  process.exitCode = 1;
}
