import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueCertificate, shopCertificate } from '../parts/certificate.ts';
import { nginxCheck } from '../parts/nginx.ts';
import { ownClock, setClock } from '../stage/own-clock.ts';
import type { Fault } from './fault.ts';
import { pushFile } from './push-file.ts';
import { requirePart } from './require-part.ts';

/** Signed for one day, so long ago by the signer's clock. */
const signedAt = '-30d\n';

/** The front door shows a certificate that ran out weeks ago, signed by whom everybody trusts. */
export const expiredCert: Fault = {
  name: 'expired-cert',
  usage: '',
  summary: "the shop's certificate is replaced by one that has run out",
  options: [],
  plan: async (call) => {
    requirePart(call, 'nginx');
    const { stage } = call;
    const clockFile = join(stage.partFolder(), 'signer.clock');
    const expired = join(stage.partFolder(), 'expired.pem');
    const past = ownClock(clockFile);
    setClock(clockFile, signedAt);
    await stage.run([...past, ...issueCertificate(stage, expired, '1')]);
    return pushFile(call, {
      part: 'nginx',
      file: shopCertificate(stage),
      breakText: () => readFileSync(expired, 'utf8'),
      check: nginxCheck(stage),
      reload: 'SIGHUP',
      what: 'nginx shows a certificate that has run out',
    });
  },
};
