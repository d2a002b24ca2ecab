import { lgError } from '../model/errors/lg-error.ts';
import { err, ok, type Result } from '../base/result.ts';

/** Where secrets are looked up; an argument so that loading stays testable. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

/** Resolves `env:NAME` or `file:PATH` (trailing line ends cut). The value never enters an error. */
export function resolveSecret(reference: string, sources: SecretSources): Result<string> {
  if (reference.startsWith('env:')) {
    const value = sources.env[reference.slice(4)];
    if (value !== undefined && value !== '') return ok(value);
    return err(lgError('LG_CONFIG_INVALID', `the secret ${reference} is not set`));
  }
  try {
    return ok(sources.readFile(reference.slice(5)).replace(/[\r\n]+$/, ''));
  } catch (cause) {
    return err(lgError('LG_CONFIG_UNREADABLE', `the secret ${reference} cannot be read`, cause));
  }
}
