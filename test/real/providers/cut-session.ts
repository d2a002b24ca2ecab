import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

// Between us and a device, `node cut-session.ts FILE COMMAND…`: FILE holds how many of our messages
// may still pass. The first one too many is lost, or with `losesAnswer` it is delivered and its
// answer is lost; either way the session is gone.
const [file = '', program = '', ...words] = process.argv.slice(2);
const device = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
let isCut = false;
let unread = '';
process.stdin.on('data', (bytes: Buffer) => {
  unread = (unread + bytes.toString('latin1')).slice(-100_000);
  const ended = unread.split(/\]\]>\]\]>|\n##\n/);
  unread = ended.pop() ?? '';
  const { left, losesAnswer } = JSON.parse(readFileSync(file, 'utf8'));
  const rest = left - ended.length;
  writeFileSync(file, JSON.stringify({ left: rest, losesAnswer }));
  isCut = rest < 0;
  if (isCut && losesAnswer !== true) end();
  else device.stdin.write(bytes);
});
process.stdin.on('end', () => device.stdin.end());
device.stdout.on('data', (bytes: Buffer) => {
  if (isCut) end();
  else process.stdout.write(bytes);
});
device.on('exit', () => process.exit(0));

function end(): void {
  device.kill('SIGKILL');
  process.exit(1);
}
