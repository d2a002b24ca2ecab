import { statSync } from 'node:fs';
import type { Settings } from '../../shop/deploy-service.ts';
import { readObject } from '../../shop/layout.ts';

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
  let settings: Settings = readSettings(file);
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
      settings = readSettings(file);
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

function readSettings(file: string): Settings {
  const settings: Record<string, string | number | boolean> = {};
  for (const [name, value] of readObject(file)) {
    const isText = typeof value === 'string';
    if (!isText && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new Error(`${file}: ${name} is neither text, number nor boolean`);
    }
    settings[name] = value;
  }
  return settings;
}
