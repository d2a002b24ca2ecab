import * as fs from 'node:fs';
import { fromUtf8 } from '../../../base/bytes.ts';
import { systemCode } from '../../../base/error.ts';
import type { Breather } from '../../../filetree/file-access.ts';
import type { ProviderIo } from '../../../ports/provider.ts';
import type { HostSpec } from './host-spec.ts';
import type { SectionFindings } from './section.ts';

/** What the readers of sections look at the host with. */
export interface HostAccess {
  readonly spec: HostSpec;
  readonly io: ProviderIo;
  /** A capture stores contents, an observation only hashes them. */
  readonly store: boolean;
  readonly breather: Breather;
}

/** Reads one section. Throws Node's errors when it cannot be read at all. */
export type ReadSection = (host: HostAccess) => Promise<SectionFindings>;

/** Tools answer in milliseconds; one that waits for a dead service must not hold up the rest. */
const TOOL_MS = 2_000;

/** Files of the system beyond this are none of those we know. */
const TEXT_BYTES_MAX = 32 * 1024 * 1024;

/** The text of a small file of the system; files of /proc tell no size beforehand. */
export function readText(path: string): string {
  const text = fs.readFileSync(path, 'utf8');
  if (text.length > TEXT_BYTES_MAX) throw new Error(`${path} is larger than 32 MiB`);
  return text;
}

/** As `readText`; undefined when there is no such file or it may not be read. */
export function readTextIfAny(path: string): string | undefined {
  try {
    return readText(path);
  } catch {
    return undefined;
  }
}

/** What a tool printed, or why it did not: not installed, too slow, failed. */
export async function askTool(
  { io }: HostAccess,
  command: readonly string[],
): Promise<{ readonly text: string } | { readonly why: string }> {
  const ran = await io.run(command, { timeoutMs: TOOL_MS });
  const name = command[0] ?? '';
  if (!ran.ok) {
    const isMissing = systemCode(ran.error.cause) === 'ENOENT';
    return { why: isMissing ? `${name} is not installed` : ran.error.detail };
  }
  const { exitCode, stdout, stderr } = ran.value;
  if (exitCode === 0) return { text: fromUtf8(stdout) };
  const said = (stderr.trim().split('\n')[0] ?? '').replace(/\.$/, '');
  return { why: `${name} exited ${exitCode}${said === '' ? '' : `: ${said.slice(0, 200)}`}` };
}
