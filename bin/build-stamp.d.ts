/** See `build-stamp.js`: JavaScript, because the launcher loads it before any type is stripped. */
export function isBuildFresh(packageRoot: string): boolean;
export function sourceStamp(packageRoot: string): string;
export function stampFile(packageRoot: string): string;
