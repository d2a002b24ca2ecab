import { join } from 'node:path';
import type { Stage } from '../stage/stage.ts';
import type { Command } from '../stage/thing.ts';
import { writeConfig } from '../stage/written-config.ts';
import { dcAddress } from './data-center.ts';

type StageFolder = Pick<Stage, 'folder'>;

/** A stage lives for hours; its certificates may live longer. */
const days = '30';

/** The certificate of the authority that everybody on the stage trusts. */
export const trustFile = ({ folder }: StageFolder): string => join(folder, 'nginx', 'trust.pem');

/** The certificate the shop shows its customers. */
export const shopCertificate = ({ folder }: StageFolder): string =>
  join(folder, 'nginx', 'etc', 'shop.pem');

/** Makes an authority of this stage alone, a key of the shop, and its certificate. */
export async function makeCertificates(stage: Stage): Promise<void> {
  writeConfig(settings(stage), 'openssl.cnf', { address: dcAddress });
  for (const key of [authorityKey(stage), shopKey(stage)]) {
    const curve = ['-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    await stage.run(['openssl', 'genpkey', '-algorithm', 'EC', ...curve, '-out', key]);
  }
  const own = ['-key', authorityKey(stage), '-extensions', 'authority', '-days', days];
  await stage.run([...request(stage), ...own, '-subj', '/CN=lab', '-out', trustFile(stage)]);
  await stage.run(issueCertificate(stage, shopCertificate(stage), days));
}

/** The command that has the authority sign a certificate of the shop's key, good from now on. */
export function issueCertificate(stage: StageFolder, file: string, forDays: string): Command {
  const by = ['-CA', trustFile(stage), '-CAkey', authorityKey(stage)];
  const what = ['-key', shopKey(stage), '-extensions', 'server', '-days', forDays];
  return [...request(stage), ...by, ...what, '-subj', '/CN=shop', '-out', file];
}

const request = (stage: StageFolder): Command => [
  'openssl',
  'req',
  '-x509',
  '-config',
  settings(stage),
];

const settings = ({ folder }: StageFolder): string => join(folder, 'nginx', 'openssl.cnf');
const authorityKey = ({ folder }: StageFolder): string => join(folder, 'nginx', 'authority.key');
const shopKey = ({ folder }: StageFolder): string => join(folder, 'nginx', 'etc', 'shop.key');
