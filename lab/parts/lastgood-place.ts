import { join } from 'node:path';

/** The one executable of the product. */
export const executable = join(import.meta.dirname, '..', '..', 'bin', 'lastgood');

/** The configuration that the daemon and its host runners share. */
export const configFile = (stageFolder: string): string =>
  join(stageFolder, 'runners', 'lastgood.yaml');

/** The daemon's data directory. */
export const dataFolder = (stageFolder: string): string => join(stageFolder, 'lastgood', 'data');

/** The token with which monitoring systems may send alerts, and nothing else. */
export const ingestTokenFile = (stageFolder: string): string =>
  join(stageFolder, 'lastgood', 'ingest.token');
