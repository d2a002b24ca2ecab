import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { apkPackages, dpkgPackages, rpmPackages } from './packages.ts';

const DPKG = `Package: openssl
Status: install ok installed
Architecture: amd64
Version: 3.0.15-1~deb12u1
Description: Secure Sockets Layer toolkit
 Package: not-a-field
Conffiles:
 /etc/ssl/openssl.cnf 0123

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0

Package: linux-image
Status: hold ok installed
Architecture: amd64
Version: 6.1.112-1
`;

test('dpkg: what is installed, with its version; what was removed is not told', () => {
  const told = dpkgPackages(DPKG).map(({ path, attributes }) => [path, attributes['version']]);
  assert.deepEqual(told, [
    ['packages/openssl:amd64', '3.0.15-1~deb12u1'],
    ['packages/linux-image:amd64', '6.1.112-1'],
  ]);
  assert.equal(dpkgPackages(DPKG)[1]?.attributes['held'], true);
});

test('apk and rpm are read the same way', () => {
  const apk = 'C:Q1abc=\nP:busybox\nV:1.36.1-r29\nA:x86_64\n\nP:musl\nV:1.2.5-r0\nA:x86_64\n';
  assert.deepEqual(
    apkPackages(apk).map(({ path }) => path),
    ['packages/busybox:x86_64', 'packages/musl:x86_64'],
  );
  const rpm = 'bash\t0:5.2.26-3.fc40\tx86_64\nopenssl\t1:3.2.1-2.fc40\tx86_64\n';
  const versions = rpmPackages(rpm).map(({ attributes }) => attributes['version']);
  assert.deepEqual(versions, ['5.2.26-3.fc40', '1:3.2.1-2.fc40']);
});

test('a damaged list is read as far as it goes, and never throws', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(DPKG.length), (noise, at) => {
      dpkgPackages(DPKG.slice(0, at) + noise + DPKG.slice(at));
      apkPackages(noise);
      rpmPackages(noise);
    }),
  );
});
