import { readFileSync, statSync } from 'node:fs';

/** A flat set of settings, as in `etc/<service>.json`. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** Looking at the file more often than this buys nothing at twenty orders a second. */
const lookEveryMs = 50;

/**
 * Settings that follow their file: the file is looked at when asked and read again when its inode,
 * size or time changed, so an edit works without a restart. A file that is gone or malformed leaves
 * the last good settings in force and is reported once per version through `onError`.
 */
export function liveConfig(
  file: string,
  onChange: (settings: Settings) => void,
  onError: (error: unknown) => void,
): () => Settings {
  let settings: Settings = parse(readFileSync(file, 'utf8'), file);
  let version = versionOf(file);
  let lookedAt = Date.now();
  return () => {
    const now = Date.now();
    if (now - lookedAt < lookEveryMs) return settings;
    lookedAt = now;
    const seen = versionOf(file);
    if (seen === version) return settings;
    version = seen;
    try {
      settings = parse(readFileSync(file, 'utf8'), file);
      onChange(settings);
    } catch (error) {
      onError(error);
    }
    return settings;
  };
}

/** Reads a number; throws with the name when the file does not hold one. */
export function numberSetting(settings: Settings, name: string): number {
  const value = settings[name];
  if (typeof value !== 'number') throw new Error(`setting ${name} is not a number: ${value}`);
  return value;
}

/** Reads a text; throws with the name when the file does not hold one. */
export function textSetting(settings: Settings, name: string): string {
  const value = settings[name];
  if (typeof value !== 'string') throw new Error(`setting ${name} is not a text: ${value}`);
  return value;
}

function versionOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.ino}:${stat.size}:${stat.mtimeMs}` : 'absent';
}

function parse(text: string, file: string): Settings {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new Error(`${file} does not hold a JSON object`);
  }
  const settings: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(parsed)) {
    const known = ['string', 'number', 'boolean'].includes(typeof value);
    if (!known) throw new Error(`${file}: ${name} is neither text, number nor boolean`);
    settings[name] = value;
  }
  return settings;
}
