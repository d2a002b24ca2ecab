import { fromUtf8 } from '../../base/bytes.ts';
import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { localPrograms, type Programs } from '../../base/programs.ts';
import { NTP_COMMANDS, type NtpReading } from '../../evidence/align/ntp/ntp-reading.ts';
import type { Clock } from '../../ports/clock.ts';

/**
 * NTP daemons ask their servers as often at most, and say nothing new in between. One that was
 * started with us, or a host that is not joined yet, needs some seconds: it is soon looked again.
 */
const LOOK_MS = { soon: 5_000, every: 64_000 } as const;
const SOON_LOOKS = 4;

/** The answer is one line, or a dozen of ntpq. */
const BYTES_MAX = 16 * 1024;

/** A daemon of the same host answers at once, or is not there. */
const ANSWER_MS = 5_000;

/** What watching NTP needs. */
export interface NtpParts {
  /** The configured hosts, as of now. */
  readonly hosts: () => readonly { readonly name: string }[];
  readonly programsOn: (host: string) => Programs;
  readonly clock: Clock;
  readonly log: Log;
  /** Told each reading; `host` is undefined for this machine. */
  readonly hear: (host: string | undefined, reading: NtpReading) => void;
}

/** Asks chrony or ntpd of this machine and of each host what they say of its clock. */
export function watchNtp({ hosts, programsOn, clock, log, hear }: NtpParts): () => void {
  const stopping = new AbortController();
  const look = async (): Promise<void> => {
    const all = [undefined, ...hosts().map(({ name }) => name)];
    await Promise.all(
      all.map(async (host) => {
        const programs = host === undefined ? localPrograms : programsOn(host);
        const found = await read(programs, stopping.signal);
        if (found !== undefined && !stopping.signal.aborted) hear(host, found);
      }),
    );
  };
  let cancel: () => void = () => undefined;
  const lookOn = async (looks: number): Promise<void> => {
    try {
      await look();
    } catch (error) {
      log.error('NtpReadError', { why: messageOf(error) });
    }
    if (!stopping.signal.aborted) wait(looks + 1);
  };
  const wait = (looks: number): void => {
    const ms = looks < SOON_LOOKS ? LOOK_MS.soon : LOOK_MS.every;
    cancel = clock.after(ms, () => void lookOn(looks));
  };
  wait(0);
  return () => {
    stopping.abort();
    cancel();
  };
}

/** What the first daemon that is there says; undefined where there is none, or nobody can ask. */
async function read(programs: Programs, signal: AbortSignal): Promise<NtpReading | undefined> {
  for (const command of NTP_COMMANDS) {
    const options = { bytesMax: BYTES_MAX, timeoutMs: ANSWER_MS, signal };
    // A host without the program, or out of reach, is the usual case and no failure.
    const answer = await programs.output(command.words, options).catch(() => undefined);
    const found = answer === undefined ? undefined : command.read(fromUtf8(answer));
    if (found !== undefined) return found;
  }
  return undefined;
}
