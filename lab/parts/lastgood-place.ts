import { join } from 'node:path';

/** The folder of the daemon's part. */
const lastgoodFolder = (stageFolder: string): string => join(stageFolder, 'lastgood');

/** The token with which monitoring systems may send alerts, and nothing else. */
export const ingestTokenFile = (stageFolder: string): string =>
  join(lastgoodFolder(stageFolder), 'ingest.token');

/** The daemon's configuration and its data. */
export const configFile = (stageFolder: string): string =>
  join(lastgoodFolder(stageFolder), 'lastgood.yaml');
export const dataFolder = (stageFolder: string): string =>
  join(lastgoodFolder(stageFolder), 'data');
